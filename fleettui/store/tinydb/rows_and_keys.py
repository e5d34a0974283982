"""What is known beside the documents of a collection: the row of each, and which one has a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from fleettui.documents import Document
from fleettui.store.protocol import Collection, RowCollection
from fleettui.store.tinydb import slim

T = TypeVar("T", bound=Document)


class RowsAndKeys(Generic[T]):
    """Made when somebody asks, and kept up from then on."""

    def __init__(self, collection: Collection[T]) -> None:
        self._collection = collection
        self._rows: dict[str, Any] | None = None
        self._by_key: dict[str, str] | None = None
        self._before: dict[str, Any] = {}

    def anew(self) -> RowsAndKeys[T]:
        """For documents that were all read again."""
        other = RowsAndKeys(self._collection)
        other._before = self._rows or self._before
        return other

    def begin_with(self, rows: Mapping[str, Any]) -> None:
        """These were read with them. A row is the same object as before where it is equal."""
        known, self._before = self._before, {}
        self._rows = {id_: known[id_] if known.get(id_) == row else row for id_, row in rows.items()}

    def rows(self, documents: Mapping[str, T]) -> dict[str, Any]:
        """By id."""
        if self._rows is None and isinstance(self._collection, RowCollection):
            self.begin_with(slim.rows_of(self._collection, documents))
        return self._rows or {}

    def keyed(self, documents: Mapping[str, T], keys: Iterable[str]) -> str | None:
        """The id of the document that has the first of these keys that any has; of several the oldest."""
        if self._by_key is None:
            by_key: dict[str, str] = {}
            for id_, its in slim.keys_in(self._collection, documents).items():
                for key in its:
                    by_key.setdefault(key, id_)
            self._by_key = by_key
        known = self._by_key
        return next((known[key] for key in keys if key in known), None)

    def put(self, id_: str, document: T, before: T | None) -> None:
        if self._rows is not None and isinstance(self._collection, RowCollection):
            self._rows[id_] = self._collection.row.of(document)
        if self._by_key is None:
            return
        keys = self._collection.keys(document)
        if before is not None and set(self._collection.keys(before)) - set(keys):
            self._by_key = None  # another one may have them too
            return
        for key in keys:
            self._by_key.setdefault(key, id_)

    def take_out(self, id_: str) -> None:
        self._by_key = None
        if self._rows is not None:
            self._rows.pop(id_, None)
