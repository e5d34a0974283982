"""Keys that are pressed one after the other: `g t`. A small state machine: what was pressed so far, and what the next key makes
of it. The keys that are known are those that answer now, so a chord begins only where it can end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NOTHING = ""


class Turn(NamedTuple):
    """What a key came to."""

    begun: str = NOTHING
    """The keys of the chord that is under way, by blanks; empty: none is."""
    press: str = NOTHING
    """The key, or the whole chord, to carry out now; empty: none."""


def turn(begun: str, key: str, known: Iterable[str]) -> Turn:
    """`known`: every key and chord that answers now. What no chord goes on with ends it, as Esc does, and does nothing."""
    now = f"{begun} {key}".strip()
    if not (begun and key == "escape"):
        if any(chord.startswith(f"{now} ") for chord in known):
            return Turn(begun=now)
        if not begun or now in known:
            return Turn(press=now)
    return Turn()


def follows(begun: str, chord: str) -> str:
    """What of the chord is still to be pressed; empty where it does not begin so."""
    return chord[len(begun) + 1 :] if begun and chord.startswith(f"{begun} ") else ""
