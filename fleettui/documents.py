"""What everything that is kept has in common."""

from __future__ import annotations

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A subclass adds its fields and forbids unknown ones, so that a slip of a hand edit is named and not lost."""

    id: str
    rev: int = 0
