"""Text ready to be drawn: harmless, without stacked accents, wrapped. All of it plain, never markup."""

from __future__ import annotations

from functools import lru_cache

from fleettui.text import cleaning
from fleettui.text.cleaning import width_of, without_stacked_accents


@lru_cache(maxsize=2048)  # what a few screens show; each new text of a day comes in here
def one_line(text: str) -> str:
    """Harmless, on one line, no more than a line can hold."""
    return without_stacked_accents(cleaning.line(text))


def clean(text: str) -> str:
    """Harmless, with its lines as they are."""
    return without_stacked_accents(cleaning.clean(text))


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
