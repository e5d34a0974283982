"""Gaps in a text: places that a person is still to fill in, as ‹question: what you ask›."""

from __future__ import annotations

import re
from collections.abc import Sequence

OPENING, CLOSING = "‹", "›"
GAP = re.compile(f"{OPENING}[^{OPENING}{CLOSING}\n]{{1,200}}{CLOSING}")


def gaps_in(text: str) -> tuple[str, ...]:
    """Each once, in the order of the text."""
    return tuple(dict.fromkeys(GAP.findall(text)))


def gap_names(gaps: Sequence[str]) -> str:
    """What is to be filled in, in words."""
    return ", ".join(gap.strip(OPENING + CLOSING).partition(":")[0] for gap in gaps)


def gap(name: str, meaning: str, longest: int = 60) -> str:
    """‹question: what you ask›."""
    words = meaning.replace(OPENING, "").replace(CLOSING, "")[:longest].strip()
    shown = name.replace("_", " ")
    return f"{OPENING}{shown}: {words}{CLOSING}" if words else f"{OPENING}{shown}{CLOSING}"
