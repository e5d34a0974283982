"""The widgets that stay as long as their screen, looked for once.

Textual remembers each answer of `query_one` together with the state of the DOM in which it was given: up to 1,024 for each
screen, 2 MB in the course of a day.
"""

from __future__ import annotations

from typing import Any, TypeVar

from textual.screen import Screen
from textual.widget import Widget

Part = TypeVar("Part", bound=Widget)


class Parts:
    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._known: dict[str, Widget] = {}

    def get(self, type_: type[Part], selector: str = "") -> Part:
        """The first of that type, or the one that the selector names."""
        name = selector or type_.__name__
        part = self._known.get(name)
        if not isinstance(part, type_) or not part.is_attached:
            part = self._screen.query_one(name, type_)
            self._known[name] = part
        return part
