"""The files that `fleettui admin setup` writes. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

COMMAND = "/usr/local/bin/fleettui"
COPY = "rsync --archive --rsh 'ssh -o BatchMode=yes'"
BACKUPS = "whole-*.zip"
"""The names that `fleettui backup` gives. Other files in that folder are never removed."""
KEPT_DAYS = 30
"""After which a backup elsewhere is removed."""


def with_values(text: str, values: dict[str, Any]) -> str:
    """The configuration with these values at its top; every other line stays as it is."""
    for key, value in values.items():
        line = f"{key} = {json.dumps(value)}"
        table = re.search(r"(?m)^[ \t]*\[", text)
        end = table.start() if table else len(text)
        at = re.search(rf"(?m)^[ \t]*{key}[ \t]*=.*$", text[:end])
        text = text[: at.start()] + line + text[at.end() :] if at else f"{line}\n{text}"
    return text


def service(what: str, account: str, lines: list[str]) -> str:
    """A unit that runs once and ends, as the intake's account."""
    return "\n".join(
        [
            "[Unit]",
            f"Description=fleettui: {what}",
            "",
            "[Service]",
            "Type=oneshot",
            f"User={account}",
            "UMask=0077",
            "NoNewPrivileges=true",
            "PrivateTmp=true",
            "ProtectSystem=full",
            *lines,
            "",
        ]
    )


def timer(what: str, when: str, unit: str = "") -> str:
    return "\n".join(
        [
            "[Unit]",
            f"Description=fleettui: {what}",
            "",
            "[Timer]",
            f"OnCalendar={when}",
            *(["Persistent=true"] if when != "minutely" else ["AccuracySec=1s"]),
            *([f"Unit={unit}"] if unit else []),
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        ]
    )


def backup_lines(folder: str, remote: str) -> list[str]:
    """The commands of a backup, after one another; the copy on another host keeps what is removed here."""
    lines = [f"{COMMAND} backup --files --to {folder} --json"]
    if remote:
        lines.append(f"{COPY} {folder}/ {remote}/")
    lines.append(f"find {folder} -maxdepth 1 -name '{BACKUPS}' -mtime +{KEPT_DAYS} -delete")
    return lines


def units(account: str, spool: str, folder: str, remote: str) -> dict[str, str]:
    """Name and content of each unit. A command of a unit is no shell line: systemd splits it itself."""
    intake = f"ExecStart={COMMAND} intake %i --spool {spool}/%i"
    by_name = {
        "fleettui-intake@.service": service("messages that wait (%i)", account, [intake]),
        "fleettui-intake@.timer": timer("messages that wait (%i)", "minutely"),
        "fleettui-doctor.service": service("looks for damage", account, [f"ExecStart={COMMAND} doctor"]),
        "fleettui-doctor.timer": timer("looks for damage", "*-*-* 05:15:00"),
    }
    if folder:
        commands = [f"ExecStart={line}" for line in backup_lines(folder, remote)]
        by_name["fleettui-backup.service"] = service("a backup elsewhere", account, commands)
        by_name["fleettui-backup.timer"] = timer("a backup elsewhere", "*-*-* 03:15:00")
    return by_name


def remembered(text: str) -> dict[str, str]:
    """What an earlier run was asked for, from the units or the lines for cron that it wrote."""
    patterns = {
        "account": r"(?m)^User=(\S+)|^\* \* \* \* \*  (\S+)",
        "spool": r" --spool (\S+)/(?:%i|slack)",
        "remote": r"--rsh '[^']*' \S+ (\S+:\S+?)/(?:$|\s)",
        "folder": r" backup --files --to (\S+)",
    }
    matches = {name: re.search(pattern, text) for name, pattern in patterns.items()}
    values = {name: next(filter(None, match.groups())) for name, match in matches.items() if match}
    folder = values.pop("folder", "")
    return {"backups": values.pop("remote", folder), **values}


TIMERS = ("fleettui-intake@slack.timer", "fleettui-intake@mail.timer", "fleettui-doctor.timer")


def cron(account: str, spool: str, folder: str, remote: str) -> str:
    """The same for cron, where there is no systemd. Cron knows hardly any PATH, sends what is printed by mail, and reads % as the
    end of a line."""
    rows = [
        "# Written by `fleettui admin setup`.",
        "PATH=/usr/local/bin:/usr/bin:/bin",
        "MAILTO=root",  # the account's own mail may be the intake's
        f"* * * * *  {account}  fleettui intake slack --spool {spool}/slack >/dev/null",
        f"* * * * *  {account}  fleettui intake mail --spool {spool}/mail >/dev/null",
        f"15 5 * * *  {account}  fleettui doctor --json >/dev/null || fleettui doctor",
    ]
    if folder:
        rows.append(f"15 3 * * *  {account}  ({' && '.join(backup_lines(folder, remote))}) >/dev/null")
    return "\n".join(rows) + "\n"
