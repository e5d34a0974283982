"""fleettui intake: Slack events and e-mail on standard input. docs/intake.md has the lines for cron and the mail server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import WrongUsage
from fleettui.intake.slack import payloads
from fleettui.workspace.intake.outcomes import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    slack = subcommands.add(
        "slack", _slack, "Slack event payloads: one JSON value, an array, or one value a line"
    )
    slack.add_argument(
        "--flag", action="store_true", help="staff flag these threads: a ticket at any hour (SUP-1)"
    )
    mail = subcommands.add("mail", _mail, "one e-mail (RFC 5322), or an mbox")
    mail.add_argument(
        "--flag", action="store_true", help="staff hand these over: a ticket, whoever wrote them (SUP-1)"
    )


def _slack(options: argparse.Namespace, context: Context) -> None:
    content = sys.stdin.buffer.read(payloads.MOST_BYTES + 1)
    if len(content) > payloads.MOST_BYTES:
        raise WrongUsage(f"standard input: more than {payloads.MOST_BYTES:,} bytes at once; send it in parts")
    values = payloads.read(content)
    if values and all(isinstance(value, payloads.Broken) for value in values):
        raise WrongUsage(f"standard input: {values[0].why}")
    _print_outcomes(options, context.workspace.intake.slack(values, flag=options.flag), len(values))


def _mail(options: argparse.Namespace, context: Context) -> None:
    from fleettui.intake.mail.mailbox import messages

    source: IO[bytes] = sys.stdin.buffer
    _print_outcomes(options, context.workspace.intake.mail(messages(source), flag=options.flag), None)


def _print_outcomes(options: argparse.Namespace, outcomes: Iterator[Outcome], of: int | None) -> None:
    """With --json one array; otherwise an object a line, each as soon as it is done."""
    done = []
    try:
        for outcome in _with_progress(outcomes, of):
            if options.json:
                done.append(outcome)
            else:
                _print_line(outcome)
    finally:
        # Even if the disk is full by now: an answer that is recorded on its ticket has to be posted.
        if options.json:
            print_json(done)


def _print_line(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def _with_progress(outcomes: Iterable[Outcome], of: int | None) -> Iterator[Outcome]:
    if not sys.stderr.isatty():
        yield from outcomes
        return
    for number, outcome in enumerate(outcomes, 1):
        yield outcome
        sys.stderr.write(f"\r{number:,}{f' of {of:,}' if of else ''} taken in")
        sys.stderr.flush()
    sys.stderr.write("\n")
