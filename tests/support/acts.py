"""What a person does all day, as keys: characters, and the names that both Textual and `tests/support/terminal.py` know.

Each act begins wherever the one before has ended and ends on one of the seven screens, with nothing open over it.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from screens.shell.typeahead import KeysInOrder

Keys = tuple[str, ...]

LOST = 2.0
"""Seconds after which the answer to a key went with what it closed."""

ACTS: dict[str, Keys] = {
    "screens": tuple("1234567"),
    "moving": ("4", "j", "j", "G", "k", "g"),
    "detail page": ("4", "j", "enter", "j", "escape", "k"),
    "filter": ("4", "/", *"ceres", "enter", "escape"),
    "search": ("4", "/", *"is:open", "escape"),
    "palette": ("ctrl+p", *"tick", "escape"),
    "help": ("?", "j", "escape"),
    "inbox": ("b", "j", "k", "escape"),
    "inbox settings": ("b", "e", "escape", "escape"),
    "picker": ("4", "a", *"in", "escape"),
    "views": ("4", "v", "down", "escape"),
    "form of a ticket": ("4", "e", "escape"),
    "form of a new ticket": ("4", "n", *"ce", "escape"),
    "form of a ritual": ("2", "n", "escape"),
    "form of a call": ("3", "n", "escape"),
    "form of a customer": ("7", "n", "escape"),
    "form of a person": ("6", "j", "j", "e", "escape"),
    "note": ("4", "c", *"hi", "backspace", "backspace", "escape"),
    "composer": ("4", "r", *"hi", "backspace", "backspace", "escape"),
    "template": ("4", "r", "ctrl+t", "escape", "escape"),
    "explanation": ("4", "x", "escape"),
    "copied text": ("4", "enter", "y", "escape"),
    "copied dialog": ("4", "E", "escape", "escape"),
    "tick": ("2", " ", "u", "escape"),
    "marks": ("4", "g", " ", "g", " "),
    "priority": ("4", "p", "escape"),
    "theme": ("T", "T", "T"),
    "refusal": ("1", "g", "E", "E"),
}


async def press(pilot: Pilot[Any], keys: Keys) -> None:
    """As somebody types who waits for nothing: the app takes the keys in order. Returns when the last is answered."""
    app = cast("KeysInOrder", pilot.app)
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))
    await pilot.pause()
    end = time.monotonic() + LOST
    while app._waiting or (app._under_way is not None and time.monotonic() < end):
        await asyncio.sleep(0.002)
    await pilot.pause()
