"""What the commands share: the parser, the workspace they are told to use, how they print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from fleettui import config
from fleettui.errors import WrongUsage
from fleettui.time.clock import Clock, clock_from

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace


class Context:
    """The workspace is opened when a command first asks for it."""

    def __init__(self, given_home: str | None) -> None:
        self._given_home = given_home
        self._opened: Workspace | None = None

    @cached_property
    def home(self) -> Path:
        return config.home(self._given_home)

    @cached_property
    def clock(self) -> Clock:
        return clock_from()

    @property
    def workspace(self) -> Workspace:
        from fleettui.workspace.workspace import Workspace

        if self._opened is None:
            self._opened = Workspace.open(self.home, clock=self.clock)
        return self._opened

    def is_made(self) -> bool:
        from fleettui.workspace.marker import MARK

        return (self.home / MARK).exists()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


Run = Callable[[argparse.Namespace, Context], "int | None"]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as an error of ours."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)
        self._mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Options may stand between the words of a command, as people type them."""
        if self._mixing or any(action.nargs == argparse.PARSER for action in self._actions):
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{message} (`{self.prog} --help` tells more)")


def leaf(parser: argparse.ArgumentParser, run: Run) -> argparse.ArgumentParser:
    """What every command has that shows something."""
    parser.add_argument("--json", action="store_true", help="one JSON value instead of text")
    parser.add_argument("--home", metavar="DIR", default=None, help="the workspace")
    parser.set_defaults(run=run)
    return parser


class Subcommands:
    """The second words of a command: `people list`, `people add`."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._choices = parser.add_subparsers(metavar="VERB", required=True, parser_class=Parser)

    def add(self, name: str, run: Run, help_: str) -> argparse.ArgumentParser:
        return leaf(self._choices.add_parser(name, help=help_, description=help_), run)


def moment(text: str, field: str, zone: tzinfo) -> datetime:
    from fleettui.time.clock import parse_instant

    return parse_instant(text, field, zone)


def assignments(words: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE, several."""
    fields = {}
    for word in words:
        field, equals, value = word.partition("=")
        if not equals or not field:
            raise WrongUsage(f"{word!r}: write it like FIELD=VALUE")
        fields[field] = value
    return fields


def body_text(given: str) -> str:
    """The text itself, or all of standard input for "-"."""
    if given != "-":
        return given
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as what stands in them; a heading is only printed over something."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
