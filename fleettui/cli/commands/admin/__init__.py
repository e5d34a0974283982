"""fleettui admin: for whoever looks after the box. docs/administration.md has the same by hand."""

from __future__ import annotations

import argparse
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from fleettui.cli.commands.admin.machine import Machine
    from fleettui.cli.commands.admin.plan import Wishes


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    setup = subcommands.add(
        "setup",
        _setup,
        "configuration, folder, group, accounts, timers and backups of this machine: shows each, asks once, proves each",
        reads=True,  # a second time it finds that all is there
    )
    setup.add_argument("--dry-run", action="store_true", help="only show what would be done")
    setup.add_argument("--yes", action="store_true", help="do it without asking")
    setup.add_argument("--root", metavar="DIR", help="write into this image of a machine instead")
    setup.add_argument("--group", help="who may work in it; as it is, or customer-team, when left out")
    setup.add_argument(
        "--member", action="append", default=[], metavar="LOGIN", help="an account of the team; several times"
    )
    setup.add_argument("--account", metavar="LOGIN", help="runs intake, backups and doctor; fleettui-intake")
    setup.add_argument("--spool", metavar="DIR", help="where messages wait; /var/spool/fleettui")
    setup.add_argument(
        "--restrict",
        action="append",
        default=[],
        metavar="LOGIN",
        help="this account can only use fleettui; several times",
    )
    setup.add_argument(
        "--share",
        action="append",
        default=[],
        metavar="LOGIN",
        help="this account is used by several people, each with a key of their own; several times",
    )
    setup.add_argument(
        "--backups", metavar="DIR", help="on another disk, or HOST:DIR on another host (by rsync and ssh)"
    )


def _setup(options: argparse.Namespace, context: Context) -> int:
    from fleettui.cli.asking import can_ask, want_yes
    from fleettui.cli.commands.admin.machine import Machine
    from fleettui.cli.commands.admin.plan import plan
    from fleettui.cli.commands.admin.run import do, prove, show

    root = Path(options.root).absolute() if options.root else Path("/")
    machine = Machine(root)
    if not (machine.is_root or machine.is_image or options.dry_run):
        raise Refused(
            "it writes to /etc and makes accounts: run it as root (sudo fleettui admin setup ...), or look with --dry-run"
        )
    why_not = "" if machine.is_image or options.dry_run else machine.why_not_for_others()
    if why_not:
        raise Refused(
            f"{why_not}: install fleettui in /opt with the system's Python (docs/administration.md)"
        )
    wishes = _wishes(options, context, machine)
    steps = plan(wishes, machine)
    if not options.json:
        show(steps, machine)
    ahead = [step for step in steps if not step.is_done and machine.can_do(step)]
    if options.dry_run:
        return _print(options, steps, [], 0)
    if ahead and not options.yes:
        if not can_ask(options):
            raise Refused("nothing was done: say --yes, or look with --dry-run")
        want_yes(f"Do these {len(ahead)}?")
    do(ahead, machine, quiet=options.json)
    proofs = prove(steps, machine, quiet=options.json)
    return _print(options, steps, proofs, Refused.exit_code if any(not proof.ok for proof in proofs) else 0)


def _print(options: argparse.Namespace, steps: list[Any], proofs: list[Any], code: int) -> int:
    if options.json:
        rows = [{"what": s.what, "why": s.why, "shown": s.shown, "already": s.is_done} for s in steps]
        print_json(
            {"dry_run": options.dry_run, "steps": rows, "proofs": [proof._asdict() for proof in proofs]}
        )
    return code


def _wishes(options: argparse.Namespace, context: Context, machine: Machine) -> Wishes:
    """What an earlier run was asked for stays, where nothing else is said: never somebody's own folder, never another group."""
    from fleettui.cli.commands.admin.plan import CRON, UNITS, Wishes
    from fleettui.cli.commands.admin.texts import remembered

    given = context.given_home
    home = _absolute(given, "--home") if given else machine.configured_home() or Path("/srv/fleettui")
    place = machine.place(home)
    written = (CRON, UNITS / "fleettui-intake@.service", UNITS / "fleettui-backup.service")
    before = remembered("\n".join(machine.text(path) or "" for path in written))
    return Wishes(
        home=home,
        group=options.group or (place.group if place and place.mode & stat.S_ISGID else "customer-team"),
        members=tuple(dict.fromkeys(options.member)),
        account=options.account or before.get("account", "fleettui-intake"),
        spool=_absolute(options.spool or before.get("spool", "/var/spool/fleettui"), "--spool"),
        backups=options.backups or before["backups"],
        restricted=tuple(dict.fromkeys(options.restrict)),
        shared=tuple(dict.fromkeys(options.share)),
        program=machine.program,
    )


def _absolute(text: str, option: str) -> Path:
    path = Path(text)
    if not path.is_absolute() or any(ord(letter) < 0x20 or letter in "\"'%\\$ " for letter in text):
        raise WrongUsage("a folder from the root on, without spaces, quotes, %, $ and \\", field=option)
    return Path(os.path.normpath(path))
