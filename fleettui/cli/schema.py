"""Every command as a schema for programs: its arguments as a JSON Schema, whether it writes, how it ends, what its JSON has.

What its JSON has stands in `json_fields.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleettui.cli.description import Argument, CommandLineCommand, every_command
from fleettui.cli.json_fields import JSON_FIELDS, LINES, LISTS, SEVERAL

EXIT_CODES = {
    "0": "done",
    "1": "refused: a rule said no, there is no such thing, or what was checked has mistakes",
    "2": "wrong usage",
    "3": "the workspace cannot be used: missing, damaged, locked, not permitted, disk full",
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(commands: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each command that can be given."""
    return [command_as_json(command) for command in every_command(commands) if not command.groups]


def command_as_json(command: CommandLineCommand) -> dict[str, Any]:
    arguments = [argument for argument in command.arguments if "--help" not in argument.options]
    return {
        "name": command.words,
        "command": ["fleettui", *command.words.split()],
        "help": command.help,
        "usage": command.usage,
        "writes": command.writes,
        "arguments": {
            "$schema": DIALECT,
            "type": "object",
            "properties": {argument.name: _property(argument) for argument in arguments},
            "required": [argument.name for argument in arguments if argument.is_required],
            "additionalProperties": False,
        },
        "places": [argument.name for argument in arguments if not argument.options],
        "options": {
            argument.name: max(argument.options, key=len) for argument in arguments if argument.options
        },
        "exit_codes": list(EXIT_CODES),
        "json": _json(command.words),
    }


def _json(words: str) -> dict[str, Any] | None:
    """None where a command prints none."""
    if words not in JSON_FIELDS:
        return None
    return {
        "array": words in LISTS,
        "several": words in SEVERAL,
        "lines": words in LINES,
        "fields": list(JSON_FIELDS[words]),
    }


def _property(argument: Argument) -> dict[str, Any]:
    """`kind` says what a value is: a ticket, a person; validators leave it aside."""
    item: dict[str, Any] = {"type": argument.type}
    if argument.choices:
        item["enum"] = list(argument.choices)
    if argument.kind not in ("", "text"):
        item["kind"] = argument.kind
    if argument.fields:
        item["fields"] = list(argument.fields)
    if argument.repeats:
        item = {"type": "array", "items": item}
    if argument.help:
        item["description"] = argument.help
    if argument.default not in (None, "", [], False):
        item["default"] = argument.default
    return item
