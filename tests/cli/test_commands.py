"""`fleettui commands --json`: every command as a schema, and examples that were given validate by it."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fleettui.cli.commands import COMMANDS
from fleettui.cli.parser import Parser
from fleettui.cli.schema import JSON_FIELDS, LISTS, schema
from fleettui.workspace.workspace import Workspace
from screens.commands.catalogue import COMMANDS as OF_SCREENS
from tests.cli.test_documentation import commands as of_parsers
from tests.cli.test_request_id import WRITING
from tests.support.command_line import InProcess

SCHEMA = {command["name"]: command for command in schema(COMMANDS)}
READING = {
    "tickets list": "tickets list --search P1 --all",
    "tickets show": "tickets show T-1001",
    "rituals list": "rituals list --all",
    "calls list": "calls list",
    "playbooks list": "playbooks list",
    "sla due": "sla due --tier Premium --priority P1 --at 2026-03-09T08:00",
    "doctor": "doctor",
    "today": "today",
    "history": "history --limit 3",
    "keys": "keys",
    "config": "config",
    "commands": "commands",
    "completion": "completion bash",
}


def parsed(example: str) -> tuple[str, dict[str, Any]]:
    """The name of the command, and its arguments as its parser reads them."""
    first, *rest = shlex.split(example)
    parser = Parser(prog=first)
    import_module(f"fleettui.cli.commands.{first}").arguments(parser)
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    name = f"{first} {rest[0]}" if below and rest and rest[0] in below[0].choices else first
    values = vars(parser.parse_args(rest))
    return name, {key: value for key, value in values.items() if value is not None and not callable(value)}


def examples() -> Iterator[str]:
    for lines in (*WRITING.values(), *READING.values()):
        yield from filter(None, (line.strip() for line in lines.split(";")))


def test_every_command_is_there() -> None:
    assert set(SCHEMA) == {name for name, _ in of_parsers()}


def test_every_command_of_the_screens_is_there(tmp_path: Any) -> None:
    listed = InProcess(tmp_path / "none").json("commands")["screens"]
    assert [row["id"] for row in listed] == [command.id for command in OF_SCREENS]
    assert all(row["help"] and row["title"] for row in listed)


def test_each_schema_of_arguments_is_one() -> None:
    for command in SCHEMA.values():
        Draft202012Validator.check_schema(command["arguments"])


@pytest.mark.parametrize("example", sorted(set(examples())))
def test_an_example_validates(example: str) -> None:
    name, values = parsed(example)
    known = SCHEMA[name]["arguments"]
    values = {key: value for key, value in values.items() if key in known["properties"]}
    Draft202012Validator(known).validate(values)


def test_a_wrong_argument_does_not_validate() -> None:
    validator = Draft202012Validator(SCHEMA["export"]["arguments"])
    assert not validator.is_valid({"folder": "out", "format": "yaml"})
    assert not validator.is_valid({"format": "csv"})
    assert not validator.is_valid({"folder": "out", "colour": "red"})


def test_what_writes_says_so() -> None:
    writes = {name for name, command in SCHEMA.items() if command["writes"]}
    assert writes >= set(WRITING)
    assert not writes & {"today", "tickets list", "tickets show", "doctor", "keys", "commands", "sla due"}


@pytest.mark.parametrize("name", sorted(READING))
def test_the_named_fields_are_in_the_json(made: Callable[..., Workspace], name: str) -> None:
    workspace = made(demo=True)
    workspace.close()
    printed = InProcess(workspace.home).json(*shlex.split(READING[name]))
    assert isinstance(printed, list) == (name in LISTS)
    for row in printed if isinstance(printed, list) else [printed]:
        assert row.keys() >= set(JSON_FIELDS[name])
