"""The command line as a value: every command with its arguments, read from the parsers.

The completion of shells, the man page and `fleettui commands` are made of it: they say what the parsers say.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from fleettui.cli.front_door import parser_before_command
from fleettui.cli.parser import Parser
from fleettui.cli.values import kind_of

OF_ALL = ("--help", "--json", "--home")
"""The options that every command has."""
REQUEST_ID = "--request-id"
WITHOUT_REQUEST_ID = frozenset(
    {"admin setup", "calls text", "connect", "config", "inbox seen", "inbox settings"}
)
"""Commands that write something, and take no id of a request."""


class Argument(NamedTuple):
    """What stands after a command: an option, or a word by its place."""

    name: str
    """How the parsed value is called."""
    options: tuple[str, ...]
    """How it is written; empty for a word by its place."""
    value: str
    """What its value is called in help; empty where an option takes none."""
    kind: str
    """What its value is (values.py)."""
    choices: tuple[str, ...]
    words: tuple[str, ...]
    """What it mostly is, where it may be more."""
    type: str
    default: object
    is_required: bool
    repeats: bool
    """Several values, or the option several times."""
    fields: tuple[str, ...]
    """Of FIELD=VALUE, the fields that there are."""
    help: str


class CommandLineCommand(NamedTuple):
    """A command that can be given."""

    words: str
    help: str
    usage: str
    writes: bool
    arguments: tuple[Argument, ...]
    groups: bool
    """Whether it only works with one of its subcommands."""

    @property
    def own(self) -> tuple[Argument, ...]:
        """Its arguments without those that all commands have."""
        return tuple(argument for argument in self.arguments if not {*argument.options} & {*OF_ALL, "-h"})


def every_command(commands: Mapping[str, str]) -> tuple[CommandLineCommand, ...]:
    """Of these first words, each before its subcommands."""
    return tuple(command for name, help_ in commands.items() for command in _commands_of(name, help_))


def first_options() -> tuple[Argument, ...]:
    """The options that stand before the command."""
    return tuple(_argument("", action) for action in parser_before_command({})._actions)


def _commands_of(name: str, help_: str) -> Iterator[CommandLineCommand]:
    parser = Parser(prog=f"fleettui {name}", description=help_)
    import_module(f"fleettui.cli.commands.{name}").arguments(parser)
    yield from _described(name, parser)


def _described(words: str, parser: argparse.ArgumentParser) -> Iterator[CommandLineCommand]:
    below: Mapping[str, argparse.ArgumentParser] = {}
    needs_word = False
    actions: list[argparse.Action] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            below, needs_word = action.choices, bool(action.required)
        else:
            actions.append(action)
    arguments = tuple(_argument(words, action) for action in actions)
    writes = any(REQUEST_ID in action.option_strings for action in actions) or words in WITHOUT_REQUEST_ID
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    yield CommandLineCommand(words, parser.description or "", usage, writes, arguments, needs_word)
    for word, subparser in below.items():
        yield from _described(f"{words} {word}", subparser)


def _argument(command: str, action: argparse.Action) -> Argument:
    takes_value = action.nargs != 0
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    choices = tuple(map(str, action.choices or ()))
    return Argument(
        name=action.dest,
        options=tuple(action.option_strings),
        value=metavar if takes_value else "",
        kind=kind_of(command, action) if takes_value else "",
        choices=choices,
        words=tuple(getattr(action, "words", ())),
        type=_type(action) if takes_value else "boolean",
        default=None if action.default is argparse.SUPPRESS or callable(action.default) else action.default,
        is_required=action.required,
        repeats=action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction),
        fields=tuple(getattr(action, "fields", ())),
        help=(action.help or "").replace("%%", "%"),
    )


def _type(action: argparse.Action) -> str:
    return "integer" if action.type is int else "number" if action.type is float else "string"
