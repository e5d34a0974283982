"""What the value of an argument is: a ticket, a person, a file. Shells complete it by that, and programs read it."""

from __future__ import annotations

import argparse

TEXT, FILE, FOLDER = "text", "file", "folder"
IDS = {"tickets": "ticket", "rituals": "ritual", "calls": "call", "playbooks": "run", "message": "ticket"}
"""What ID means, by the first word of the command."""
THING = "thing"
"""Anything that has an id."""
IDS_OF_ANYTHING = ("history", "undo", "redo", "inbox seen", "outbox retry", "outbox drop", "outbox send")
VIEW = "view"
"""All of them; of one list with its name: view:triage."""
NAMES = {"views": VIEW, "customers": "customer", "playbooks start": "playbook", "message": "template"}
"""What NAME means."""
BY_METAVAR = {
    "PERSON": "person",
    "LOGIN": "person",
    "TICKET": "ticket",
    "INTO": "ticket",
    "TICKET|CUSTOMER": THING,
    "CHANNEL_ID": "channel",
    "LEVEL": "level",
    "LABEL": "label",
    "SCREEN": "screen",
    "FILE": FILE,
    "FILE.ics": FILE,
    "PATH": FILE,
    "PATH|-": FILE,
    "DIR": FOLDER,
}
BY_OPTION = {
    "--customer": "customer",
    "--tier": "tier",
    "--priority": "priority",
    "--template": "template",
    "--owner": "person",
    "--host": "person",
    "--screen": "screen",
}
LISTS_OF = {"tickets": "triage", "people": "team"}
"""Which list a command lists, where that is called otherwise."""
NEW = (
    "views save", "people add", "customers add", "channels add", "rituals add", "tickets new --thread", "admin setup",
    "tickets attach --name", "channels name", "--by", "--request-id", "--as",
)  # fmt: skip
"""Where a name is given that nobody has yet, or that is none of the workspace's."""
KINDS = frozenset({*IDS.values(), THING, *NAMES.values(), *BY_METAVAR.values(), *BY_OPTION.values()})


def kind_of(words: str, action: argparse.Action) -> str:
    """TEXT where nothing better is known."""
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    option = action.option_strings[0] if action.option_strings else ""
    first = words.partition(" ")[0]
    if option == "--view":
        return f"{VIEW}:{LISTS_OF.get(first, first)}"
    if option in BY_OPTION:
        return BY_OPTION[option]
    if metavar in (FILE.upper(), "DIR", "PATH|-", "FILE.ics"):
        return BY_METAVAR[metavar]
    if (
        option in NEW
        or f"{words} {option}" in NEW
        or (words in NEW and action.dest not in ("channel", "screen"))
    ):
        return TEXT
    if metavar == "ID":
        return THING if words in IDS_OF_ANYTHING else IDS.get(first, TEXT)
    if metavar == "NAME" and action.dest == "name":
        return NAMES.get(words) or NAMES.get(first, TEXT)
    return BY_METAVAR.get(metavar) or (f"{VIEW}:triage" if words == "tickets drop-view" else TEXT)
