"""The base class of every document in the store."""

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A subclass adds its fields and forbids unknown ones: a typing mistake in a file edited by hand is reported, not lost."""

    id: str
    rev: int = 0
