"""The systemd unit of the service."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def unit(place: str, folders: Iterable[Path], account: str, group: str, command: str | None = None) -> str:
    """`folders`: what it writes. Ready to be written to /etc/systemd/system/fleettui-connect.service."""
    command = command or str(Path(sys.argv[0]).absolute())
    return f"""\
# systemctl edit adds what is particular to this machine. Secrets: a file for each, readable by root alone.
[Unit]
Description=fleettui connections of {place}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={account}
Group={group}
UMask=0007
ExecStart={_quoted(command)} connect --home {_quoted(place)}
WatchdogSec=90
Restart=always
RestartSec=5
TimeoutStopSec=10
KillMode=mixed
# Uncomment what you use:
#LoadCredential=smtp-password:/etc/fleettui/smtp-password
#LoadCredential=imap-password:/etc/fleettui/imap-password
#LoadCredential=slack-bot-token:/etc/fleettui/slack-bot-token
#LoadCredential=slack-app-token:/etc/fleettui/slack-app-token
#LoadCredential=github-token:/etc/fleettui/github-token
# It writes in the workspace, and nowhere else. With "sendmail" in connections.json set NoNewPrivileges=no, and add the
# mail program's own folder to ReadWritePaths.
ProtectSystem=strict
ReadWritePaths={" ".join(_quoted(str(folder)) for folder in folders)}
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=no
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def _quoted(text: str) -> str:
    r"""A word of a systemd command: % begins a specifier, and \ an escape."""
    text = text.replace("%", "%%")
    if not set(text) & set(" \"'\\$;"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$") + '"'
