"""`fleettui commands --json`: every command as a schema, and examples that were given validate by it."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fleettui.cli.commands import COMMANDS
from fleettui.cli.json_fields import JSON_FIELDS
from fleettui.cli.parser import Parser
from fleettui.cli.schema import schema
from screens.commands.catalogue import COMMANDS as OF_SCREENS
from tests.cli.test_documentation import commands as of_parsers
from tests.cli.test_request_id import WRITING
from tests.support.command_line import InProcess

SCHEMA = {command["name"]: command for command in schema(COMMANDS)}
VALIDATED = ("tickets list --search P1 --all", "rituals list --all", "history --limit 3", "completion bash")
NO_JSON = {"connect"}
"""Its --unit prints a file, and the service prints nothing."""


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
    for lines in (*WRITING.values(), *VALIDATED):
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


def test_every_command_that_prints_json_says_which_fields() -> None:
    assert set(SCHEMA) - set(JSON_FIELDS) == NO_JSON
    assert set(JSON_FIELDS) <= set(SCHEMA)
