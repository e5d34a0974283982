"""A file that cannot be understood, named as exactly as possible: file, line, document, field, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from fleettui.documents import NOT_UTF_8, UNREADABLE, readable
from fleettui.errors import Unusable
from fleettui.store.files import FORMAT
from fleettui.store.sums import id_in


class Damaged(Unusable):
    """The file is left as it is."""

    def __init__(self, path: Path, line: int, what: str, mend: str = "") -> None:
        self.path, self.line, self.what = path, line, what
        super().__init__(f"{path}, line {line}: {what}." + (f" To mend it: {mend}" if mend else ""))


class NewerFormat(Unusable):
    """A file that a later fleettui has written."""

    def __init__(self, path: Path, format_: int) -> None:
        super().__init__(
            f"{path}: is of format {format_}, this fleettui reads up to {FORMAT}. Update fleettui on this machine."
        )


class _Rows(msgspec.Struct):
    documents: dict[str, msgspec.Raw] = msgspec.field(name="_default")


def document_rows(content: bytes) -> Mapping[str, msgspec.Raw]:
    """The documents of a file, each still JSON."""
    return msgspec.json.decode(content, type=_Rows).documents


def diagnose(path: Path, content: bytes, row_type: type[Any], error: Exception) -> Damaged:
    """Find the line, the document and the field that a decoder stumbled over."""
    try:
        rows = document_rows(content)
    except UNREADABLE:
        return _broken_text(path, content, error)
    for key, row in rows.items():
        try:
            msgspec.json.decode(row, type=row_type)
        except UNREADABLE as mistake:
            at = content.find(bytes(row))
            if isinstance(mistake, UnicodeDecodeError):
                at += mistake.start  # another program may have laid out the file anew
            line = content.count(b"\n", 0, at) + 1
            return Damaged(path, line, f"document {id_in(bytes(row)) or key}: {readable(mistake)}")
    return not_text(path, content) or Damaged(path, 1, readable(error))


def not_text(path: Path, content: bytes) -> Damaged | None:
    """Damage that a parser may pass over, in what it does not read: where a file is not UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as mistake:
        return _damaged_at(path, content, mistake.start, NOT_UTF_8)
    return None


def _damaged_at(path: Path, content: bytes, at: int, what: str) -> Damaged:
    """With the document that the line speaks of, where it does."""
    line = content[content.rfind(b"\n", 0, at) + 1 :].partition(b"\n")[0]
    id_ = id_in(line) if line.startswith(b'"') else ""
    return Damaged(path, content.count(b"\n", 0, at) + 1, f"document {id_}: {what}" if id_ else what)


def _broken_text(path: Path, content: bytes, error: Exception) -> Damaged:
    import json  # the standard parser tells where; only needed when something is wrong

    if damaged := not_text(path, content):
        return damaged
    try:
        json.loads(content)
    except json.JSONDecodeError as mistake:
        at = len(mistake.doc[: mistake.pos].encode())
        return _damaged_at(path, content, at, f"not JSON at column {mistake.colno}: {mistake.msg.lower()}")
    return Damaged(path, 1, readable(error))
