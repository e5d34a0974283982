"""Signs as words. A screen reader says "black circle" for ●, and a Braille line has no cell for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from screens.terminal.text import one_line

DURATION = r"\d+ (?:d|h|min|m)\b(?: \d+ (?:h|min|m)\b)?"
LATE = re.compile(rf"[✗▲△●◦!◷○·→]?[z…]?\s*-({DURATION})")
LEFT = re.compile(rf"[▲△●◷○!·→]\s*({DURATION})")
GRID = re.compile(r"[■▪◆–□·]{3,}")
GRID_WORDS = {"■": "kept", "▪": "kept late", "◆": "covered", "–": "skipped", "□": "missed", "·": "open"}
WORDS = {"✓": "done", "✗": "problem", "○": "to do", "●": "new", "☎": "on call", "★": "champion"}
"""What a sign says where no word of its own follows it."""
SIGNS = re.compile(rf"([{''.join(WORDS)}])\s*([^\W\d_]+)?")
STATES = frozenset(
    [
        *(
            "away",
            "begin",
            "complete",
            "covered",
            "damaged",
            "declined",
            "done",
            "draft",
            "due",
            "here",
            "kept",
            "late",
        ),
        *(
            "left",
            "missed",
            "no",
            "not",
            "open",
            "ready",
            "retired",
            "skipped",
            "to",
            "until",
            "waiting",
            "yes",
        ),
    ]
)
"""Words that say what the sign before them says."""
ALONE = {"✎": "being answered", "◉": "open elsewhere", "•": "new", "✓": "done", "–": ""}
"""What signs say that stand alone in a cell."""
NEEDLESS = re.compile(r"[✗○]\s*(?=\d)")
"""Before a number, whose own words say it."""
SILENT = re.compile(r"[¶✎⚑▸◂▤▦▥✉≈◌◷◔◦△▲↻⊘↕└│─▌↑↓◆■▪□▰▱▏▎▍▋▊▉█▇▆▅▄▃▂▁◉•]+")
"""Signs that have their word beside them, and what is only drawn."""
BETWEEN = re.compile(r"\s+·\s+")
BEGINNING = re.compile(r"^(?:[·→?]|z(?= snoozed))\s+")
COLUMN = re.compile(r"(?<=\w) {2,}(?=\S)")
NUMBERS = re.compile(rf"-?{DURATION}|\d+:\d\d|\d+")
CELL_SIGNS = re.compile(r"[✎◉•✓–\s]+")


def spoken(text: str) -> str:
    """A text of the screens, for ears: signs as words, and columns apart by a colon."""
    line = one_line(COLUMN.sub(": ", text.strip(), count=1))
    line = GRID.sub(lambda grid: _grid_words(grid[0]), line)
    line = LATE.sub(r"\1 late", line)
    line = LEFT.sub(r"\1 left", line)
    line = NEEDLESS.sub("", line)
    line = SIGNS.sub(_sign_words, line)
    line = SILENT.sub(" ", line).strip()
    line = BEGINNING.sub("", line)
    line = BETWEEN.sub(", ", line)
    return " ".join(line.split()).rstrip(" ·")


def cell_words(text: str) -> str:
    """A cell of a row; empty where it only fills its column."""
    bare = one_line(text).strip()
    if bare and CELL_SIGNS.fullmatch(bare):
        return joined(ALONE[sign] for sign in bare if sign in ALONE)
    return spoken(bare)


def joined(parts: Iterable[str], by: str = ", ") -> str:
    """Those that say something."""
    return by.join(part for part in parts if part).replace(".,", ".")


def sentence(text: str) -> str:
    """With an end, so that a voice pauses there."""
    return text if text[-1:] in ".!?:;" else f"{text}."


def lasting(text: str) -> str:
    """A text without its numbers and times: what is left changes only when something happens, not when time goes by."""
    return NUMBERS.sub("#", text)


def _sign_words(match: re.Match[str]) -> str:
    sign, word = match[1], match[2] or ""
    if word.casefold() in STATES:
        return word
    return f"{WORDS[sign]}: {word}" if word else f"{WORDS[sign]} "


def _grid_words(grid: str) -> str:
    """■■▪ is "2 kept, kept late"."""
    runs = [(GRID_WORDS[sign], len(list(same))) for sign, same in groupby(grid)]
    return ", ".join(f"{count} {word}" if count > 1 else word for word, count in runs)
