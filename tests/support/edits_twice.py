"""A store that runs every edit twice, as one on a network does: first on a state that is not the newest any more.

What it finds: an edit whose first run leaves something behind for the second, or for its caller.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Set
from typing import Any

import pytest

from fleettui.store import diff
from fleettui.store.protocol import Collection, Stamp
from fleettui.store.tinydb.store import TinyDBStore


class EditsTwice(TinyDBStore):
    """`get`, `several` and `all` show a first run the older state, too."""

    _seen_before: tuple[str, str, Any] | None = None
    """The collection and the document that look older now, and how."""

    def add(self, collection: Collection[Any], make: Any, stamp: Stamp) -> Any:
        taken = f"{collection.prefix}-{self.fresh(collection).meta.next - 1}"
        with self._on_the_state_before(collection):
            make(taken)
        return super().add(collection, make, stamp)

    def change(
        self, collection: Collection[Any], id_: str, edit: Any, stamp: Stamp, *, seen: int | None = None
    ) -> Any:
        self._try(collection, {id_: edit})
        return super().change(collection, id_, edit, stamp, seen=seen)

    def change_many(self, collection: Collection[Any], edits: Mapping[str, Any], stamp: Stamp) -> list[Any]:
        self._try(collection, edits)
        return super().change_many(collection, edits, stamp)

    def _try(self, collection: Collection[Any], edits: Mapping[str, Any]) -> None:
        self.fresh(collection)
        older = {id_: self._before_its_last_change(collection, id_) for id_ in edits}
        with self._on_the_state_before(collection):
            for id_, edit in edits.items():
                edit(older[id_])

    def _before_its_last_change(self, collection: Collection[Any], id_: str) -> Any:
        entries, now = super().history(collection, id_), super().get(collection, id_)
        if not entries:
            return None
        fields = diff.rewind(None if now is None else diff.fields_of(now), entries[-1:])
        return None if fields is None else diff.typed(collection.type, id_, entries[-1].rev - 1, fields)

    @contextlib.contextmanager
    def _on_the_state_before(self, collection: Collection[Any]) -> Iterator[None]:
        """Whatever is raised in it does not count."""
        newest = self.latest([collection], 1, as_recorded=True)
        if newest:
            id_ = newest[0].id
            self._seen_before = collection.name, id_, self._before_its_last_change(collection, id_)
        try:
            with contextlib.suppress(Exception):
                yield
        finally:
            self._seen_before = None

    def get(self, collection: Collection[Any], id_: str) -> Any:
        if self._seen_before is not None and self._seen_before[:2] == (collection.name, id_):
            return self._seen_before[2]
        return super().get(collection, id_)

    def several(self, collection: Collection[Any], ids: Set[str]) -> dict[str, Any]:
        return self._older(collection, super().several(collection, ids))

    def all(self, collection: Collection[Any], **which: Any) -> list[Any]:
        documents = super().all(collection, **which)
        return list(self._older(collection, {document.id: document for document in documents}).values())

    def _older(self, collection: Collection[Any], documents: dict[str, Any]) -> dict[str, Any]:
        if self._seen_before is not None and self._seen_before[0] == collection.name:
            _, id_, before = self._seen_before
            if before is None:
                documents.pop(id_, None)
            elif id_ in documents:
                documents[id_] = before
        return documents


def use_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each store that is opened from now on is such a one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("fleettui.") and vars(module).get("TinyDBStore") is TinyDBStore:
            monkeypatch.setattr(module, "TinyDBStore", EditsTwice)
