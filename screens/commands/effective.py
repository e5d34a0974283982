"""Which keys the commands have in this process: those of the catalogue, or those that the person has chosen.

What is written on a screen takes a command's key from here: `with_keys("[team.add] adds somebody.")`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from screens.commands.catalogue import BY_ID
from screens.commands.command import chord_word

NO_KEY = "Ctrl+P"
"""What is written for a command to which its person gave no key: the palette has it."""
COMMAND = re.compile(r"\[([a-z]+\.[a-z_]+)\]")

_chosen: dict[str, str] = {}


def use(keys: Mapping[str, str]) -> None:
    """From now on these commands have these keys; all others those of the catalogue."""
    _chosen.clear()
    _chosen.update(keys)


def keys_of(command_id: str) -> str:
    """By commas, as Textual writes them; empty where the command has none."""
    return _chosen.get(command_id, BY_ID[command_id].keys)


def key_of(command_id: str) -> str:
    """Its first key, as people write it."""
    keys = keys_of(command_id)
    return chord_word(keys.split(",")[0]) if keys else NO_KEY


def with_keys(text: str) -> str:
    """A text of ours in which `[team.add]` stands for the key of that command. Never give it what people wrote."""
    return COMMAND.sub(lambda match: key_of(match[1]), text)
