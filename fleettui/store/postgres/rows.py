"""What the server keeps beside each document of a collection that has rows, and how a row is read from there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store import sums
from fleettui.store.narrowing import hay_of
from fleettui.store.protocol import Collection, RowCollection

T = TypeVar("T", bound=Document)
R = TypeVar("R")

COLUMNS = ("customer_id", "assignee")
"""The facts by which the server narrows."""
NO_TEXT = "\uffff"
"""In place of a sign that the server cannot keep."""
SELECTED = """r.id, case when r.version = %(version)s then r.facts::text end,
case when r.version <> %(version)s then (
    select d.body::text from document d where (d.collection, d.id) = (r.collection, r.id)
) end"""


class _Kept(msgspec.Struct, frozen=True):
    """One of the objects that `keep_rows` takes."""

    id: str
    version: str
    facts: str
    """As JSON: the server takes a sign that it cannot keep as it is written there."""
    customer_id: str | None
    assignee: str | None
    opened: datetime | None
    hay: str
    keys: Sequence[str]


def version_of(collection: RowCollection[Any, Any]) -> str:
    fields = " ".join(collection.row.type.__struct_fields__)
    return f"{collection.row.version} {sums.of(fields.encode())}"


def kept(collection: Collection[T], documents: Iterable[T]) -> str | None:
    """For the server; None where the collection has no rows."""
    if not isinstance(collection, RowCollection):
        return None
    made = [_kept(collection, document) for document in documents]
    return msgspec.json.encode(made).decode()


def _kept(collection: RowCollection[T, Any], document: T) -> _Kept:
    row = collection.row.of(document)
    return _Kept(
        document.id,
        version_of(collection),
        msgspec.json.encode(row).decode(),
        _column(row, "customer_id"),
        _column(row, "assignee"),
        collection.row.opened(row),
        kept_text(hay_of(collection.row.words(document))),
        [key for key in collection.keys(document) if "\0" not in key],
    )


def _column(row: Any, name: str) -> str | None:
    value = getattr(row, name, None)
    return kept_text(value) if isinstance(value, str) else None


def kept_text(text: str) -> str:
    """As the server can keep it."""
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which no document has
        return 2 * NO_TEXT
    return text.replace("\0", NO_TEXT)


class RowReader(Generic[T, R]):
    """Makes rows of what `SELECTED` gives."""

    def __init__(self, collection: RowCollection[T, R]) -> None:
        self.version, self._of = version_of(collection), collection.row.of
        self._row = msgspec.json.Decoder(collection.row.type).decode
        self._document = msgspec.json.Decoder(collection.type).decode

    def read(self, facts: str | None, body: str | None) -> R | None:
        """None where the document was removed in that moment."""
        if facts is not None:
            row: R = self._row(facts)
            return row
        return None if body is None else self._of(self._document(body))
