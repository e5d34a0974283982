"""What the commands share: the parser, the workspace that a command is about, and the reading of arguments.

argparse is kept: it loads in 2 ms where click needs 30, and `fleettui today` runs at every sign-in. `Parser` below adds
the little that it lacks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from fleettui import access, config
from fleettui.cli import ending
from fleettui.errors import Refused, WrongUsage
from fleettui.time.clock import Clock, clock_from

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fleettui.config import Address
    from fleettui.workspace.place import WorkspacePlace
    from fleettui.workspace.workspace import Workspace


class Context:
    """The workspace and the clock of a command; the workspace is opened when the command first asks for it."""

    def __init__(self, given_home: str | None, given_as: str = config.HOME_OPTION) -> None:
        """`given_as`: the option that named it."""
        self.given_home, self._given_as = given_home, given_as
        self._opened: Workspace | None = None
        self.in_app = False
        """Whether the workspace is opened for the app, which begins a session of its own."""
        self.is_plain = False
        """Whether the app is to be told instead of drawn."""
        self.has_shown_policy_troubles = False
        self.request = ""
        """Of a script that may repeat its command (`--request-id`)."""

    @cached_property
    def address(self) -> Address:
        return config.home(self.given_home, given_as=self._given_as)

    @cached_property
    def place(self) -> WorkspacePlace:
        from fleettui.workspace import place_at  # late: help and completion of words need none

        return place_at(self.address)

    @cached_property
    def clock(self) -> Clock:
        return clock_from()

    @property
    def workspace(self) -> Workspace:
        if self._opened is None:
            from fleettui.workspace.workspace import workspace_at

            self._opened = workspace_at(
                self.place, self.clock, None, in_app=self.in_app, request=self.request
            )
        return self._opened

    def is_made(self) -> bool:
        """Whether there is a workspace, without opening it."""
        return self.place.is_made()

    def refuse_stranger(self) -> None:
        """Who comes with a key of their own to an account that people share has to be on the roster, and active."""
        acting = access.current().acting
        if acting and not any(
            person.login == acting and person.active for person in self.workspace.people.all()
        ):
            raise Refused(f"{acting} is not, or no longer, on the roster of {self.place}", field="--as")

    def close(self) -> None:
        if self._opened is not None:
            self._warn_of_policy()
            self._opened.close()

    def _warn_of_policy(self) -> None:
        """Mistakes in what the command has read of the handbook: on stderr, where they disturb no script."""
        if self._opened is not None and not self.has_shown_policy_troubles:
            for trouble in self._opened.policy_troubles():
                ending.say(" ".join(trouble.split()))


RunCommand = Callable[[argparse.Namespace, Context], "int | None"]


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors of ours, without abbreviations, and with options between the arguments."""

    def __init__(self, *, wanted: str = "", **options: Any) -> None:
        """`wanted` is the subcommand that was typed: of no other is a parser made. Empty for all."""
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)
        self.wanted, self.lacks_wanted = wanted, False
        self._mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Options may stand between positional arguments, as people type them."""
        if self._mixing or any(action.nargs == argparse.PARSER for action in self._actions):
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            given, rest = self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False
        if access.current().restricted:
            from fleettui.cli import restricted

            restricted.refuse_options(self.prog, self._actions, given)
        return given, rest

    def refuse_unknown(self, word: str) -> None:
        """A word where only a subcommand can stand."""
        subcommands = next((action for action in self._actions if action.nargs == argparse.PARSER), None)
        if subcommands is not None and subcommands.required and word not in (subcommands.choices or ()):
            from fleettui.cli.other_words import no_such_word  # only a mistake needs it

            raise no_such_word(self.prog, word, list(subcommands.choices or ()))

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{message} (`{self.prog} --help` tells more)")


def add_common_options(
    parser: argparse.ArgumentParser, run: RunCommand, *, given_before: bool = False, reads: bool = False
) -> argparse.ArgumentParser:
    """The options of every command, and the function that does its work.

    `given_before`: they may stand before the subcommand too, and where they are left out nothing is overwritten.
    `reads`: it never changes anything, so there is nothing to be done twice.
    """
    json, home = (argparse.SUPPRESS, argparse.SUPPRESS) if given_before else (False, None)
    parser.add_argument("--json", action="store_true", default=json, help="one JSON value instead of text")
    parser.add_argument("--home", metavar="DIR", default=home, help="the workspace")
    if not reads:
        text = "of a script: the same command with the same id again changes nothing and answers the same"
        parser.add_argument("--request-id", metavar="ID", help=text)
    parser.set_defaults(run=run)
    return parser


PRIORITIES_HELP = (
    "P0: production is down for everybody; P1: badly degraded; P2: something cannot be done; P3: a question "
    "(the team's own words: fleettui sla table)"
)
"""SLA-10, for the help of an option: the policy is not read for it."""


def add_fields(parser: argparse.ArgumentParser, known: Iterable[str] = (), *, required: bool = False) -> None:
    """FIELD=VALUE, several; `assignments` reads them."""
    count, fields = "+" if required else "*", tuple(known)
    action = parser.add_argument("fields", nargs=count, metavar="FIELD=VALUE", help=", ".join(fields) or None)
    action.fields = fields  # type: ignore[attr-defined]  # for completion, and for programs


class _Unasked(argparse.ArgumentParser):
    """In the place of the parsers of all the subcommands that were not typed: it takes no notice of its arguments."""

    _nothing = argparse.Action([], "")

    def add_argument(self, *_: Any, **__: Any) -> argparse.Action:
        return self._nothing

    def add_mutually_exclusive_group(self, **_: Any) -> Any:
        return self


_UNASKED = _Unasked(add_help=False)


class Subcommands:
    """The second words of a command: `people list`, `people add`. Where not `required`, the command works alone too."""

    def __init__(self, parser: argparse.ArgumentParser, *, required: bool = True) -> None:
        self._required, self._parser = required, parser
        self.wanted = parser.wanted if isinstance(parser, Parser) else ""
        if isinstance(parser, Parser):
            parser.lacks_wanted = bool(self.wanted)
        self._choices = parser.add_subparsers(metavar="SUBCOMMAND", required=required, parser_class=Parser)

    @property
    def is_complete(self) -> bool:
        """Whether the one that was typed is among those that were added: then the modules of others need not be loaded."""
        return bool(self.wanted) and isinstance(self._parser, Parser) and not self._parser.lacks_wanted

    def add(self, name: str, run: RunCommand, help_: str, *, reads: bool = False) -> argparse.ArgumentParser:
        """The parser of a subcommand, with the options that all have."""
        if self.wanted and isinstance(self._parser, Parser):
            if name != self.wanted:
                return _UNASKED
            self._parser.lacks_wanted = False
        parser = self._choices.add_parser(name, help=help_, description=help_)
        return add_common_options(parser, run, given_before=not self._required, reads=reads)


def parser_of(name: str, about: str, words: Sequence[str], arguments: Callable[[Parser], object]) -> Parser:
    """The parser of a command. Where `words` begin with one of its subcommands, it knows that one alone: the others would take
    longer than the work of most."""
    wanted = words[0] if words and not words[0].startswith("-") else ""
    parser = Parser(prog=f"fleettui {name}", description=about, wanted=wanted)
    arguments(parser)
    if parser.lacks_wanted:  # an error, which names all that there are
        parser = Parser(prog=f"fleettui {name}", description=about)
        arguments(parser)
        parser.refuse_unknown(wanted)
    return parser


def instant(
    text: str, field: str, context: Context, *, past: bool = False, zone: ZoneInfo | None = None
) -> datetime:
    """A time as a person types it; without an offset it is meant in the workspace's zone."""
    from fleettui.time import typed

    here = zone or context.workspace.zone
    try:
        return typed.moment(text, field, context.clock(), here, past=past, day_start=typed.first_instant)
    except Refused as error:
        raise WrongUsage(error.text, field=field) from None


def day(text: str, field: str, context: Context, *, past: bool = False) -> date:
    """A day as a person types it, by the workspace's clocks."""
    from fleettui.time import typed

    try:
        return typed.day(text, field, context.clock(), context.workspace.zone, past=past)
    except Refused as error:
        raise WrongUsage(error.text, field=field) from None


def day_of(text: str | None, field: str, context: Context) -> date | None:
    """A day, also a past one. A time with an hour counts as its day in the workspace's zone."""
    if text is None:
        return None
    try:
        return day(text, field, context, past=True)
    except WrongUsage:
        return instant(text, field, context, past=True).astimezone(context.workspace.zone).date()


def assignments(words: Iterable[str]) -> dict[str, str]:
    """Arguments like FIELD=VALUE as a dict."""
    fields = {}
    for word in words:
        field, equals, value = word.partition("=")
        if not equals or not field:
            raise WrongUsage(f"{word!r}: write it like FIELD=VALUE")
        fields[field] = value
    return fields


def variables_given(words: Iterable[str]) -> dict[str, str]:
    """Arguments like NAME=TEXT for a message. What is given several times is as many lines: nothing that was typed is dropped."""
    lines: dict[str, list[str]] = {}
    for word in words:
        for name, text in assignments([word]).items():
            lines.setdefault(name, []).append(text)
    return {name: "\n".join(texts) for name, texts in lines.items()}


def body_text(given: str) -> str:
    """The text itself, or all of standard input for "-"."""
    if given != "-":
        return given
    from fleettui import named_files

    return named_files.read_input().decode("utf-8", "replace")
