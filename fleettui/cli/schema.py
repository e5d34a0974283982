"""Every command as a schema for programs: its arguments as a JSON Schema, whether it writes, how it ends, what its JSON has.

What is known of the JSON of a command stands here once; docs/cli.md explains it, and a test compares them with what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleettui.cli.description import Argument, CommandLineCommand, every_command

EXIT_CODES = {
    "0": "done",
    "1": "refused: a rule said no, there is no such thing, or what was checked has mistakes",
    "2": "wrong usage",
    "3": "the workspace cannot be used: missing, damaged, locked, not permitted, disk full",
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TICKET = (
    "id", "subject", "customer", "tier", "priority", "status", "assignee", "level", "channel", "thread",
    "labels", "owed_since", "due", "breached", "revision",
)  # fmt: skip
_RITUAL = ("id", "name", "dri", "frequency", "period", "due", "state", "count", "wanted", "streak")
_CALL = (
    "id",
    "customer",
    "company",
    "start",
    "end",
    "notes_title",
    "stage",
    "ready",
    "attendees",
    "join_url",
    "steps",
)
_RUN = ("id", "name", "customer", "steps", "done", "of")
JSON_FIELDS: Mapping[str, tuple[str, ...]] = {
    "tickets list": _TICKET,
    "tickets show": (*_TICKET, "messages", "history"),
    "rituals list": _RITUAL,
    "calls list": _CALL,
    "calls show": _CALL,
    "playbooks list": _RUN,
    "playbooks show": _RUN,
    "sla due": ("due", "target", "clock", "reason"),
    "businesstime add": ("end",),
    "businesstime between": ("minutes",),
    "doctor": ("ok", "findings"),
    "today": ("now", "open", "items", "unseen", "first_steps", "troubles"),
    "history": ("collection", "id", "revision", "at", "by", "verb", "changes"),
    "keys": ("file", "preset", "problems", "keys", "own"),
    "config": ("key", "value", "from", "what", "allowed", "form", "default", "variable", "can_be_set"),
    "commands": ("schema", "exit_codes", "commands", "screens"),
    "completion": ("shell", "script"),
}
"""What is in the JSON object that a command prints, or in each of its array; more is welcome."""
LISTS = frozenset({"tickets list", "rituals list", "calls list", "playbooks list", "history", "config"})
"""Those that print an array."""


def schema(commands: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each command that can be given."""
    return [command_as_json(command) for command in every_command(commands) if not command.groups]


def command_as_json(command: CommandLineCommand) -> dict[str, Any]:
    arguments = [argument for argument in command.arguments if "--help" not in argument.options]
    fields = JSON_FIELDS.get(command.words)
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
        "json": {"array": command.words in LISTS, "fields": list(fields)} if fields else None,
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
