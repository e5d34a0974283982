"""fleettui connect: the service that sends what people are to read and takes in what they write, and how it stands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from fleettui.cli.output import print_json, print_result, print_table
from fleettui.cli.parser import Context, Subcommands, add_common_options
from fleettui.errors import Refused, Unusable, WrongUsage
from fleettui.workspace.connections import Connection

LIBRARIES = ("imap_tools", "slack_sdk", "websockets", "httpx", "caldav")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("--check", action="store_true", help="try each connection, and say what is wrong")
    parser.add_argument("--unit", action="store_true", help="print the systemd unit of the service")
    parser.set_defaults(lasts=True)
    subcommands = Subcommands(parser, required=False)
    subcommands.add("status", _status, "how each connection stands", reads=True)


def _run(options: argparse.Namespace, context: Context) -> int:
    if options.check and options.unit:
        raise WrongUsage("give --check or --unit, not both")
    if options.unit:
        return _unit(context)
    try:
        return _check(options, context) if options.check else _serve(options, context)
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in LIBRARIES:
            raise
        raise Unusable(
            f"The connections need {error.name}, which is not installed. Run: pip install 'fleettui[connect]'"
        ) from None


def _unit(context: Context) -> int:
    from fleettui.connect.unit import unit

    place = context.place
    sys.stdout.write(unit(str(place), place.written_folders(), *place.account()))
    return 0


def _check(options: argparse.Namespace, context: Context) -> int:
    from fleettui.connect.check import check_all

    done = []
    for checked in check_all(context.workspace):
        done.append(checked)
        if not options.json:
            print(f"{checked.name}: {'ok' if checked.ok else checked.why}", flush=True)
    if options.json:
        print_json(done)
    elif not done:
        print("Nothing is set up in handbook/connections.json.")
    return 0 if all(checked.ok for checked in done) else Refused.exit_code


def _serve(options: argparse.Namespace, context: Context) -> int:
    if options.json:
        raise WrongUsage("the service answers nothing; `fleettui connect status --json` says how it stands")
    from fleettui.connect.service import Service

    Service(context.workspace, _log).run()
    return 0


def _log(line: str) -> None:
    """For the journal of the system, which has the time of each line."""
    sys.stderr.write(f"fleettui connect: {line}\n")
    sys.stderr.flush()


def _status(options: argparse.Namespace, context: Context) -> int:
    workspace = context.workspace
    rows = workspace.connections.all()
    if options.json:
        print_json(rows)
        return 0
    if not rows:
        print_result(options, rows, "Nothing is set up in handbook/connections.json.")
        return 0
    print_table(("CONNECTION", "STATE", "LAST SUCCESS", "WAITING", "FAILED", "WHY"), _cells(rows, context))
    return 0


def _cells(rows: Sequence[Connection], context: Context) -> list[tuple[str, ...]]:
    from fleettui.time.wording import moment

    now, zone = context.workspace.now(), context.workspace.zone
    return [
        (
            row.name,
            row.state,
            moment(row.last_ok, now, zone) if row.last_ok else "",
            str(row.waiting or ""),
            str(row.failed or ""),
            row.why,
        )
        for row in rows
    ]
