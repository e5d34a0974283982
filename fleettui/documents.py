"""The base class of every document in the store."""

import msgspec

UNREADABLE = (ValueError, RecursionError)
"""What msgspec raises at content that is none of ours; the second where it is nested without end."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A subclass adds its fields and forbids unknown ones: a typing mistake in a file edited by hand is reported, not lost."""

    id: str
    rev: int = 0


NOT_UTF_8 = "not UTF-8 text"

LONGEST_NUMBER = 18
"""Digits. A longer one was written into a file by hand, and Python refuses to reckon with thousands of them."""


def number_in(id_: str) -> int | None:
    """That of an id like T-1042."""
    digits = id_.rpartition("-")[2]
    return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else None


def readable(error: Exception) -> str:
    """msgspec says "Expected `int`, got `str` - at `$.rev`": the field first reads better."""
    if isinstance(error, UnicodeDecodeError):
        return NOT_UTF_8
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    text = str(error).replace("`", "")
    what, _, field = text.partition(" - at $.")
    return f"field {field}: {what[:1].lower()}{what[1:]}" if field else what
