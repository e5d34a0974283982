"""Commands that a person adds: `[[command]]` in keys.toml, each a key that runs a program of theirs with the row.

Read here, and run by screens/shell/own_commands.py. A mistake in one of them is named and takes none of the others away.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from fleettui import access
from fleettui.domain.views import LISTS
from fleettui.errors import Refused
from fleettui.text.cleaning import line
from screens.commands.command import OWN, Command

SCREENS = tuple(LISTS)
HOWS = ("background", "suspended", "page")
INPUTS = ("row", "terminal")
SECONDS, MOST_SECONDS = 60, 3600
PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]*)\}")
NO_SLUG = re.compile(r"[^a-z0-9]+")
KNOWN = {"key", "title", "on", "run", "how", "input", "seconds", "footer"}

How = Literal["background", "suspended", "page"]


class OwnCommand(msgspec.Struct, frozen=True):
    """One of them, as it stands in the file."""

    id: str
    key: str
    title: str
    run: tuple[str, ...]
    on: tuple[str, ...] = ()
    """The screens where it works; empty: all of them."""
    how: str = "background"
    input: str = "row"
    """What the program reads: the row, or (suspended) the keyboard."""
    seconds: int = SECONDS
    footer: bool = False

    @property
    def command(self) -> Command:
        """As all other commands are declared."""
        where = f" On {', '.join(name.capitalize() for name in self.on)}." if self.on else ""
        return Command(
            self.id, self.title, f"Your own: runs {line(self.run[0], 60)}.{where}", self.key, self.footer
        )


class OwnCommands(msgspec.Struct, frozen=True):
    """What a file says."""

    commands: tuple[OwnCommand, ...] = ()
    troubles: tuple[str, ...] = ()
    """A line for each mistake."""


def own_commands(values: Mapping[str, Any]) -> OwnCommands:
    """The commands of the file's `[[command]]` tables."""
    tables = values.get("command", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return OwnCommands(troubles=("command: each begins with [[command]], in two brackets",))
    commands: list[OwnCommand] = []
    troubles: list[str] = []
    for number, table in enumerate(tables, start=1):
        wrong = list(_mistakes(table))
        name = line(str(table.get("title") or ""), 40) or f"number {number}"
        troubles += [f"[[command]] {name}: {mistake}" for mistake in wrong]
        if not wrong:
            commands.append(_command(table, {command.id for command in commands}))
    return OwnCommands(tuple(commands), tuple(troubles))


def _mistakes(table: Mapping[str, Any]) -> Iterable[str]:
    yield from (
        f"{key} is not known; there are {', '.join(sorted(KNOWN))}" for key in sorted(table.keys() - KNOWN)
    )
    for key in ("key", "title"):
        if not (isinstance(table.get(key), str) and line(table[key])):
            yield f'{key} is missing, like {key} = "{EXAMPLES[key]}"'
    yield from _wrong_program(table.get("run"))
    yield from _wrong_choice(table, "how", HOWS)
    yield from _wrong_choice(table, "input", INPUTS)
    if table.get("input") == "terminal" and table.get("how") != "suspended":
        yield 'input = "terminal" needs how = "suspended"'
    for screen in _screens(table):
        if screen not in SCREENS:
            yield f"on: there is no screen {line(str(screen), 40)}; there are {', '.join(SCREENS)}"
    seconds = table.get("seconds", SECONDS)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= MOST_SECONDS:
        yield f"seconds is a number from 1 to {MOST_SECONDS}"
    if not isinstance(table.get("footer", False), bool):
        yield "footer is true or false"


def _wrong_program(run: Any) -> Iterable[str]:
    if not (isinstance(run, list) and run and all(isinstance(part, str) for part in run) and run[0].strip()):
        yield 'run is the program and its arguments, like run = ["gh", "issue", "view", "--", "{issue}"]'
    elif PLACE.search(run[0]):
        yield f"the program itself ({line(run[0], 40)}) takes nothing from the row"
    elif any("\0" in part for part in run):
        yield "run cannot have a NUL character"


EXAMPLES = {"key": "X", "title": "in the browser"}


def _wrong_choice(table: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> Iterable[str]:
    if table.get(key, choices[0]) not in choices:
        yield f"{key} is {', '.join(choices[:-1])} or {choices[-1]}"


def _screens(table: Mapping[str, Any]) -> list[Any]:
    screens = table.get("on", [])
    return screens if isinstance(screens, list) else [screens]


def _command(table: Mapping[str, Any], taken: set[str]) -> OwnCommand:
    title = line(table["title"], 40)
    slug = NO_SLUG.sub("_", title.casefold()).strip("_") or "command"
    id_, number = f"{OWN}.{slug}", 2
    while id_ in taken:
        id_, number = f"{OWN}.{slug}_{number}", number + 1
    return OwnCommand(
        id_,
        table["key"].strip(),
        title,
        tuple(table["run"]),
        tuple(_screens(table)),
        table.get("how", "background"),
        table.get("input", "row"),
        table.get("seconds", SECONDS),
        table.get("footer", False),
    )


def why_not_trusted(file: Path, facts: os.stat_result) -> str:
    """Why nothing of this file is run; empty where only the person could have written it. `facts` are of the open file."""
    if access.current().restricted:
        return "own commands are off: this account starts no programs"
    for path, known in ((file, facts), (file.parent, file.parent.stat())):
        if known.st_uid != os.geteuid():
            return f"own commands are off: {path} is not yours"
        if known.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return f"own commands are off, since others can write to {path}: chmod go-w {path}"
    return ""


# What it is run with


def arguments(run: Iterable[str], row: Mapping[str, Any] | None) -> list[str]:
    """The program with fields of the row in the places that name them. What a field says was perhaps written by a customer: it
    is one argument or a part of one, and never an option, unless the person wrote the beginning of that argument or `--`."""
    made: list[str] = []
    is_over = False
    """No options come after a `--` of the person's own."""
    for part in run:
        argument = PLACE.sub(lambda match: _value(match, row), part).replace("\0", "")
        begins = PLACE.match(part)
        if begins and begins[1] and argument.startswith("-") and not is_over:
            raise Refused(
                f'{begins[0]} begins with “-” here, and the program would take it for an option: put "--" before it in keys.toml'
            )
        made.append(argument)
        is_over = is_over or part == "--"
    return made


def _value(match: re.Match[str], row: Mapping[str, Any] | None) -> str:
    if match[1] is None:
        return match[0][0]
    if row is None:
        raise Refused("there is no row here to take anything from")
    value: Any = row
    for name in match[1].split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise Refused(f"the row has no {match[1]}; it has {', '.join(map(str, row))}")
        value = value[name]
    return _as_text(value)


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(part, str | int | float) for part in value):
            return ",".join(map(str, value))
        case _:
            return msgspec.json.encode(value).decode()
