"""fleettui intake: Slack events and e-mail, on standard input or in a folder. docs/intake.md has the lines for timers and the
mail server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgspec

from fleettui import config
from fleettui.cli.ending import say
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import FleettuiError, WrongUsage
from fleettui.intake.slack import payloads
from fleettui.text import cleaning
from fleettui.workspace.intake.outcomes import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    slack = subcommands.add(
        "slack", _slack, "Slack event payloads: one JSON value, an array, or one value a line"
    )
    slack.add_argument(
        "--flag", action="store_true", help="staff flag these threads: a ticket at any hour (SUP-1)"
    )
    _add_spool(slack)
    mail = subcommands.add("mail", _mail, "one e-mail (RFC 5322), or an mbox")
    mail.add_argument(
        "--flag", action="store_true", help="staff hand these over: a ticket, whoever wrote them (SUP-1)"
    )
    _add_spool(mail)


def _add_spool(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(resumes=True)
    parser.add_argument("--spool", metavar="DIR", help="take in the files of this folder, and remove them")
    parser.add_argument(
        "--pipe",
        action="store_true",
        help="with --spool: first keep standard input there; 0 as soon as it is kept, else 75: try again later",
    )


def _slack(options: argparse.Namespace, context: Context) -> None:
    if options.spool or options.pipe:
        return _from_spool(options, context, "slack_file", ".json")
    content = sys.stdin.buffer.read(payloads.MOST_BYTES + 1)
    if len(content) > payloads.MOST_BYTES:
        raise WrongUsage(f"standard input: more than {payloads.MOST_BYTES:,} bytes at once; send it in parts")
    values = payloads.read(content)
    if values and all(isinstance(value, payloads.Broken) for value in values):
        raise WrongUsage(f"standard input: {values[0].why}")
    return _print_outcomes(options, context.workspace.intake.slack(values, flag=options.flag), len(values))


def _mail(options: argparse.Namespace, context: Context) -> None:
    if options.spool or options.pipe:
        return _from_spool(options, context, "mail_file", ".eml")
    from fleettui.intake.mail.mailbox import messages

    source: IO[bytes] = sys.stdin.buffer
    return _print_outcomes(options, context.workspace.intake.mail(messages(source), flag=options.flag), None)


def _from_spool(options: argparse.Namespace, context: Context, reader: str, ending: str) -> None:
    from fleettui.workspace.intake.spool import Spool, TryLater

    if not options.spool:
        raise WrongUsage("say with --spool DIR where it is to be kept", field="--pipe")
    spool = Spool(Path(options.spool).expanduser().absolute(), config.login(), context.clock)
    if options.pipe:
        try:
            spool.put(sys.stdin.buffer, ending)
        except (FleettuiError, OSError) as error:
            raise TryLater(f"not kept, try again later: {error}") from None
    try:
        take = partial(getattr(context.workspace.intake, reader), flag=options.flag)
        _print_outcomes(options, _named(spool.take_in(take)), None)
    except Exception as error:
        if not options.pipe:
            raise
        say(f"it is kept in {spool.folder}, and not taken in yet: {' '.join(str(error).split())}")


def _named(outcomes: Iterator[tuple[str, Outcome]]) -> Iterator[Outcome]:
    """Each with the name of its file. What is refused is told on stderr too, so that cron sends it to somebody."""
    for name, outcome in outcomes:
        if outcome.error is True:
            say(f"{cleaning.line(name, 255)} is refused: {outcome.why}")
        yield msgspec.structs.replace(outcome, file=name)


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
