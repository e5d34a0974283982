"""How a person has arranged each screen: kept for all their sessions on this box, beside the colours."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from fleettui import config

FILE = "layouts.json"
Turn = Literal["", "beside", "below"]
HALF = 50
VERY_WIDE = 180
"""From this many columns on, three tenths are enough for a page."""
LEAST, MOST, STEP = 20, 80, 5
"""Percent of the screen that the list may have; and by how much a key changes it."""


class Layout(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one screen. What was not chosen depends on the terminal's size."""

    turn: Turn = ""
    """Where the page stands when list and page are both seen."""
    zoomed: bool | None = None
    """Only one of them is seen."""
    beside: int = 0
    """Percent of the width that the list has; 0: by the terminal's width."""
    below: int = 0
    """Percent of the height that the list has; 0: half of it at most, and no more than it needs."""
    two_lines: bool | None = None
    """For each row of the list."""

    def part(self, turn: Turn, width: int) -> int:
        """The list's, in percent, on a terminal of that width."""
        by_width = 70 if width >= VERY_WIDE else 62
        part = self.below or HALF if turn == "below" else self.beside or by_width
        return min(MOST, max(LEAST, part))


Layouts = Mapping[str, Layout]
"""By the name of the screen."""


def layouts() -> dict[str, Layout]:
    """As they were kept; none where the file is missing or makes no sense."""
    try:
        content = (config.state_folder() / FILE).read_bytes()
        return msgspec.json.decode(content, type=dict[str, Layout])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def keep_layout(screen: str, layout: Layout) -> None:
    """For the next start. Another session may have kept other screens meanwhile."""
    with contextlib.suppress(OSError):
        folder = config.state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.encode(layouts() | {screen: layout})
        new = folder / f"{FILE}.new"
        new.write_bytes(content + b"\n")
        new.replace(folder / FILE)
