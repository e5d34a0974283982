"""Text on its way to the screen: cleaned, measured in cells, cut and wrapped. All of it plain, never markup.

Every widget that draws takes its text through here; the cleaning itself is fleettui.text's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fleettui.text import cleaning as outside

MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
TOWER = re.compile(f"([{MARKS}]{{4}})[{MARKS}]+")
"""More marks on one letter than any script has: they would paint over the lines above and below."""


@lru_cache(maxsize=8192)
def one_line(text: str) -> str:
    """Harmless, on one line, no more than a line can hold."""
    return _calm(outside.line(text))


def clean(text: str) -> str:
    """Harmless, with its lines as they are."""
    return _calm(outside.clean(text))


def _calm(text: str) -> str:
    return text if text.isascii() else TOWER.sub(r"\1", text)


def width_of(text: str) -> int:
    """How many cells the terminal gives it."""
    return outside.width(text)


def cut(text: str, width: int) -> str:
    """At most `width` cells; what is lost is said with an ellipsis. The text is clean already."""
    return text if width_of(text) <= width else outside.fit(text, width)


def fit(text: str, width: int, right: bool = False) -> str:
    """Exactly `width` cells. The text is clean already."""
    text = cut(text, width)
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def wrap(text: str, width: int) -> list[str]:
    """Harmless lines of at most `width` cells, broken at spaces where there are any; a line feed stays one."""
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines.extend(_wrapped(paragraph.replace("\t", "    "), max(2, width)))
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _chopped(word, width)
        lines.extend(full)
    return [*lines, line]


def _chopped(word: str, width: int) -> list[str]:
    """A word too long for a line, in pieces."""
    pieces = []
    while width_of(word) > width:
        size = width
        while size > 1 and width_of(word[:size]) > width:
            size -= 1
        pieces.append(word[:size])
        word = word[size:]
    return [*pieces, word]
