"""What a command acts on: there, or a refusal."""

from __future__ import annotations

from typing import TypeVar

from fleettui.errors import Refused

T = TypeVar("T")


def needed(thing: T | None, refusal: str) -> T:
    """The thing; where there is none, the sentence that says so."""
    if thing is None:
        raise Refused(refusal)
    return thing
