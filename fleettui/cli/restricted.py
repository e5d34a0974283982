"""What restricted accounts may give on the command line: these commands, and of the options that name files, these.

Both are lists of what somebody has looked at. What is new is refused until it stands here.
"""

from __future__ import annotations

import argparse

from fleettui.errors import Refused

COMMANDS = frozenset(
    {
        *("today", "tickets", "rituals", "calls", "playbooks", "customers", "people", "channels", "message"),
        "issues",
        "outbox",
        *("inbox", "follow", "keys", "views"),
        *("completion", "complete", "config", "commands"),
        *("intake", "report", "retro", "sla", "businesstime", "oncall", "history", "undo", "redo"),
        *("handbook", "doctor", "backup", "export"),
    }
)
OF_FILES = ("FILE", "DIR", "PATH")
"""How the value of an option is called that names a file or a folder, or how that begins."""
BY_NAMED_FILES = {
    ("fleettui calls import", "file"),
    ("fleettui calls slots", "ics"),
    ("fleettui calls missed", "ics"),
    ("fleettui calls moved", "ics"),
    ("fleettui rituals import", "file"),
    ("fleettui tickets attach", "path"),
    ("fleettui handbook check", "file"),
    ("fleettui businesstime add", "calendar"),
    ("fleettui businesstime between", "calendar"),
    ("fleettui export", "folder"),
}
"""Options that are read and written by `named_files`, which knows the exchange folder."""


def refuse_command(name: str) -> None:
    if name not in COMMANDS:
        raise Refused(f"`fleettui {name}` is not for this account, which is restricted to daily work")


def value_word(action: argparse.Action) -> str:
    """How help calls the value of an option or argument."""
    return action.metavar if isinstance(action.metavar, str) else action.dest.upper()


def names_files(action: argparse.Action) -> bool:
    return value_word(action).startswith(OF_FILES) and action.dest != "home"


def refuse_options(prog: str, actions: list[argparse.Action], given: argparse.Namespace) -> None:
    """The workspace's own (--home) is settled elsewhere."""
    for action in actions:
        is_given = getattr(given, action.dest, None) not in (None, action.default)
        if is_given and names_files(action) and (prog, action.dest) not in BY_NAMED_FILES:
            field = action.option_strings[0] if action.option_strings else value_word(action)
            raise Refused("this account is restricted, and cannot name that", field=field)
