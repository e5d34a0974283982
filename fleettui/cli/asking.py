"""A question at the terminal, where somebody sits there who can answer it."""

from __future__ import annotations

import argparse
import sys

from fleettui.errors import Refused


def can_ask(options: argparse.Namespace) -> bool:
    """Not where the answer is for a program: scripts, pipes, cron jobs and --json."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not options.json


def want_yes(question: str) -> None:
    """Refuses unless the answer is yes. It is asked on stderr, so that stdout holds the result alone."""
    print(f"{question} [y]es, anything else to leave it: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Nothing was done.")
