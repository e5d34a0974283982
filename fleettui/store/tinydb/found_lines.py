"""One document of a file, or its history, found by the line on which it stands: the rest is not parsed."""

from __future__ import annotations

import re

import msgspec

from fleettui.store.tinydb import table_file


def find_document(content: bytes, id_: str) -> tuple[int, bytes] | None:
    """The number and JSON of one document."""
    try:
        return _find_row(content, b'{"id":' + msgspec.json.encode(id_))
    except UnicodeEncodeError:  # half a character, which no file can hold
        return None


def find_history(content: bytes, id_: str) -> bytes | None:
    row = _find_row(content, _beginning(id_))
    return row[1] if row else None


def in_our_form(id_: str, row: bytes) -> bytes:
    """An encoded HistoryRow that can be found by its line: another program may have laid it out anew."""
    if row.startswith(_beginning(id_)) and b"\n" not in row:
        return row
    return msgspec.json.encode(table_file.decode_row(row))


def _beginning(id_: str) -> bytes:
    return b'{"of":' + msgspec.json.encode(id_)


def _find_row(content: bytes, beginning: bytes) -> tuple[int, bytes] | None:
    """A plain search first: it is many times faster than a pattern, and the same words may also stand inside a text."""
    at = -1
    while (at := content.find(beginning, at + 1)) >= 0:
        start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
        number = re.fullmatch(rb'"(\d+)":', content[start:at])
        if number:
            return int(number[1]), content[at:end].rstrip(b",")
    return None
