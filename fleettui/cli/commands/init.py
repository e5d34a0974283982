"""fleettui init: a new workspace; and the offer of one to somebody who has none."""

from __future__ import annotations

import argparse
import shlex
import sys

from fleettui import config
from fleettui.cli.asking import answer
from fleettui.cli.output import print_result, warn
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import Unusable, WrongUsage
from fleettui.workspace.creation import NewWorkspace, create


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("--demo", action="store_true", help="with an invented team at work in it")
    parser.add_argument(
        "--at", metavar="ADDRESS", help="where: a folder, postgresql://HOST/DATABASE, or service=NAME"
    )
    parser.add_argument("--name", metavar="TEXT", help="what the workspace is called")
    parser.add_argument(
        "--shared",
        metavar="GROUP",
        help="every member of this OS group can work in it, nobody else can read it",
    )


def _run(options: argparse.Namespace, context: Context) -> None:
    if options.at is not None:
        if options.home is not None:
            raise WrongUsage("name the workspace with --at or with --home, not with both", field="--at")
        context = Context(options.at, "--at")
    _make(context, demo=options.demo, group=options.shared, title=options.name or "")
    shared = f", shared with the group {options.shared}" if options.shared else ""
    print_result(
        options,
        {"home": str(context.place), "demo": options.demo, "shared": options.shared},
        f"Made a workspace in {context.place}{shared}. Open it with `{_opens_it(context)}`. "
        "`fleettui tour` teaches the keys in three minutes."
        f"{_next_commands(options, context)}",
    )


def _opens_it(context: Context) -> str:
    """Only the usual workspace is opened without its name."""
    is_usual = config.home(None) == context.address
    return "fleettui" if is_usual else f"fleettui --home {shlex.quote(str(context.place))}"


def _next_commands(options: argparse.Namespace, context: Context) -> str:
    """What to do first in an empty workspace; Today shows the same."""
    if options.demo or options.json:
        return ""
    steps = context.workspace.first_steps.all()
    lines = [f"\n  {step.title}:\n    {step.command}" for step in steps if not step.done]
    return "".join(["\nWhat comes next (`fleettui today` says what is left):", *lines]) if lines else ""


def _make(context: Context, *, demo: bool, group: str | None = None, title: str = "") -> None:
    from fleettui import demo as invented  # only a demo needs it

    fill = invented.fill if demo else None
    create(
        NewWorkspace(
            context.address, context.clock, config.login(), fill, group, config.full_name(), title=title
        )
    ).close()


def offer(context: Context) -> bool:
    """Offer to make a workspace; whether there is one now. Without a terminal it is an error that names the command."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Unusable(
            f"There is no workspace in {context.place}. Make one with `fleettui init`, or name another with --home."
        )
    warn(f"There is no workspace in {context.place} yet.")
    chosen = answer("Make one? [d]emo to look around, [e]mpty to begin, anything else to leave: ")
    if chosen[:1] not in ("d", "e"):
        warn("None was made. `fleettui init` makes one.")
        return False
    _make(context, demo=chosen.startswith("d"))
    return True
