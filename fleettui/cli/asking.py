"""A question at the terminal, where somebody sits there who can answer it."""

from __future__ import annotations

import argparse
import sys

from fleettui.cli.ending import print_aside
from fleettui.errors import Refused
from fleettui.text.cleaning import harmless


def can_ask(options: argparse.Namespace) -> bool:
    """Not where the answer is for a program: scripts, pipes, cron jobs and --json."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not options.json


def want_yes(question: str) -> None:
    """Refuses unless the answer is yes."""
    if answer(f"{question} [y]es, anything else to leave it: ") not in ("y", "yes"):
        raise Refused("Nothing was done.")


def answer(question: str) -> str:
    """What is typed, in small letters; nothing at Ctrl+D, and where the question or the answer cannot get through. It is asked on
    stderr, so that stdout holds the result alone."""
    try:
        print(harmless(question), end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()
    except KeyboardInterrupt:
        print_aside("")
        raise
    except (OSError, ValueError):  # the terminal is gone, or what came is no text
        return ""
    if not typed.endswith("\n"):
        print_aside("")  # what follows gets a line of its own
    return typed.strip().lower()


def has_terminal() -> bool:
    """The app reads keys from the first of the three and draws on the last; the second is where its greeting would go. Of another
    thing than a terminal it would read the end over and over."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
