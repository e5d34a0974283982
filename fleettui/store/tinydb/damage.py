"""A file that cannot be understood, named as exactly as possible: file, line, document, field, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from fleettui.errors import Unusable
from fleettui.store.files import FORMAT
from fleettui.store.tinydb.sums import id_in


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
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _broken_text(path, content, error)
    for key, row in rows.items():
        try:
            msgspec.json.decode(row, type=row_type)
        except (msgspec.DecodeError, UnicodeDecodeError) as mistake:
            line = content.count(b"\n", 0, content.find(bytes(row))) + 1
            return Damaged(path, line, f"document {_id_in(row) or key}: {readable(mistake)}")
    return Damaged(path, 1, readable(error))


def _id_in(row: msgspec.Raw) -> str:
    try:
        document = msgspec.json.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return id_in(bytes(row))
    return str(document.get("id", "")) if isinstance(document, dict) else ""


def _broken_text(path: Path, content: bytes, error: Exception) -> Damaged:
    import json  # the standard parser tells where; only needed when something is wrong

    try:
        json.loads(content)
    except json.JSONDecodeError as mistake:
        return Damaged(path, mistake.lineno, f"not JSON at column {mistake.colno}: {mistake.msg.lower()}")
    except UnicodeDecodeError as mistake:
        return Damaged(path, content.count(b"\n", 0, mistake.start) + 1, "not UTF-8 text")
    return Damaged(path, 1, readable(error))


def readable(error: Exception) -> str:
    """msgspec says "Expected `int`, got `str` - at `$.rev`": the field first reads better."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    text = str(error).replace("`", "")
    what, _, field = text.partition(" - at $.")
    return f"field {field}: {what[:1].lower()}{what[1:]}" if field else what
