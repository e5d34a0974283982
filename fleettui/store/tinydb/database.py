"""A workspace as a TinyDB database, for a team's own scripts: TinyDB's tables and queries over the store.

    with fleettui.tinydb("/srv/fleettui") as db:
        db.table("tickets").update({"priority": "P1"}, where("id") == "T-1042")

What is read is the newest state, journal included. What is written goes through the store: under the collection's lock, checked
by the type of the document, recorded in its history and on disk when the call returns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import msgspec
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document as Row
from tinydb.table import Table

from fleettui.documents import Document, readable
from fleettui.errors import Refused
from fleettui.store.protocol import Collection, Stamp
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.store import TinyDBStore, Version
from fleettui.store.tinydb.table_file import TableFile

Storage.register(TableFile)

Fields = dict[str, Any]
INSERT, UPDATE, REMOVE = "script.insert", "script.update", "script.remove"


def _json_of(document: Document) -> bytes:
    """As a file has it, but with every field: a file leaves out what is empty, and a query could not ask for that."""
    return msgspec.json.encode(msgspec.structs.asdict(document))


def _is_same(row: Fields, document: Document) -> bool:
    """To a file: Python takes 1 and True for equal."""
    try:
        return msgspec.json.encode(row) == _json_of(document)
    except (msgspec.MsgspecError, TypeError, ValueError):  # a value that no file can hold
        return False


class LiveRows(Mapping[str, Fields]):
    """The rows of one table at the moment of the first question; each is made when it is asked for."""

    def __init__(self, load: Callable[[], LoadedCollection[Any]]) -> None:
        self._load = load

    @cached_property
    def _documents(self) -> dict[str, Document]:
        loaded = self._load()
        return {str(loaded.keys[id_]): document for id_, document in loaded.documents.items()}

    def __getitem__(self, number: str) -> Fields:
        fields: Fields = msgspec.json.decode(_json_of(self._documents[number]))
        return fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


@dataclass
class Transaction:
    """The lock of a collection, from reading its table to writing it."""

    store: TinyDBStore
    loaded: LoadedCollection[Any]
    numbers: list[int] = field(default_factory=list)
    """Given to new rows."""
    updating: bool = False

    @contextlib.contextmanager
    def update(self) -> Iterator[None]:
        """One at a time: an inner one would change what the outer one has read."""
        if self.updating:
            raise Refused(
                f"{self.loaded.collection.name}: a function given to update() changes its row only."
            )
        self.updating = True
        try:
            yield
        finally:
            self.updating = False
            self.numbers.clear()

    def next_number(self) -> int:
        """The number of one more new row."""
        self.numbers.append(self.loaded.meta.next + len(self.numbers))
        return self.numbers[-1]

    def write(self, rows: Mapping[str, Fields], stamp: Callable[[str], Stamp]) -> None:
        """Put into the store what differs between `rows` and the collection."""
        loaded = self.loaded
        documents = {str(loaded.keys[id_]): document for id_, document in loaded.documents.items()}
        removed: list[Version[Any]] = [
            Version(document.id, None) for number, document in documents.items() if number not in rows
        ]
        changed = [
            self._changed(documents[number], row)
            for number, row in rows.items()
            if number in documents and not _is_same(row, documents[number])
        ]
        new = [self._new(int(number), row) for number, row in rows.items() if number not in documents]
        verb = INSERT if new else REMOVE if removed else UPDATE
        self.store.put(loaded, [*removed, *changed, *new], stamp(verb))

    def _changed(self, document: Document, row: Fields) -> Version[Any]:
        """A row that was read earlier and is written back tells by its `rev` what its writer has seen."""
        id_, rev = document.id, row.get("rev")
        if row.get("id") != id_:
            raise Refused(f"{id_}: field id: cannot be changed.")
        if not isinstance(rev, int) or not 0 < rev <= document.rev:
            raise Refused(f"{id_}: field rev: is counted by the workspace; leave it as it was read.")
        return Version(id_, self._built(id_, row), None if rev == document.rev else rev)

    def _new(self, number: int, row: Fields) -> Version[Any]:
        collection = self.loaded.collection
        if number not in self.numbers:
            raise Refused(
                f"{collection.name}: there is no document {number}. "
                "A new one gets its number from the workspace: insert a dict, without doc_id."
            )
        id_ = row.get("id")
        if not collection.prefix:
            self._refuse_known(id_)
        elif id_ is not None:
            raise Refused(
                f"{collection.name}: there is no {id_}. A new one gets its id from the workspace: leave id out."
            )
        else:
            id_ = f"{collection.prefix}-{number}"
        return Version(str(id_), self._built(str(id_), row))

    def _refuse_known(self, id_: Any) -> None:
        collection = self.loaded.collection
        if not isinstance(id_, str) or not id_:
            raise Refused(f"{collection.name}: field id: is missing; give the new document one.")
        if id_ in self.loaded.documents or self.store.get(collection, id_) is not None:
            raise Refused(f"{collection.name}: there is {id_} already.")
        if self.loaded.knows(id_):
            raise Refused(f"{collection.name}: {id_} was removed; `fleettui undo {id_}` brings it back.")

    def _built(self, id_: str, row: Fields) -> Any:
        """Through JSON, as it will be read back."""
        try:
            content = msgspec.json.encode({**row, "id": id_, "rev": 0})
            document = msgspec.json.decode(content, type=self.loaded.collection.type)
        except msgspec.ValidationError as error:
            raise Refused(f"{id_}: {readable(error)}.") from None
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise Refused(f"{id_}: {error}. A document holds only what JSON can express.") from None
        _refuse_naive(id_, "", document)
        return document


def _refuse_naive(id_: str, path: str, value: Any) -> None:
    """A time without a zone can be read, but not compared: it would stop whoever works with the document."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise Refused(f"{id_}: field {path}: has no time zone; write it as 2026-03-09T16:00:00+00:00.")
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        value = value.items()
    elif isinstance(value, (list, tuple)):
        value = enumerate(value)
    else:
        return
    for key, inner in value:
        _refuse_naive(id_, f"{path}.{key}" if path else str(key), inner)


class WorkspaceStorage(Storage):
    """All collections as tables. `stamp` says who writes, and when, for a verb."""

    def __init__(
        self, store: TinyDBStore, collections: Sequence[Collection[Any]], stamp: Callable[[str], Stamp]
    ) -> None:
        self.store, self._stamp = store, stamp
        self._collections = {collection.name: collection for collection in collections}
        self._transactions: dict[str, Transaction] = {}

    def collection(self, name: str) -> Collection[Any]:
        """By the name of its table; refused when there is none."""
        if name not in self._collections:
            raise Refused(
                f"There is no table {name!r} in this workspace. Name one, as in "
                f'db.table("people"): {", ".join(sorted(self._collections))}.'
            )
        return self._collections[name]

    def read(self) -> dict[str, Any]:
        return {name: LiveRows(self._loading(name)) for name in self._collections}

    def _loading(self, name: str) -> Callable[[], LoadedCollection[Any]]:
        return lambda: self.store.fresh(self._collections[name])

    def version(self, name: str) -> object:
        """Another one after every change of that table, whoever made it."""
        return self.store.fresh(self._collections[name]).version

    @contextlib.contextmanager
    def transaction(self, name: str) -> Iterator[Transaction]:
        """Nobody else writes to the table meanwhile. An inner one belongs to the outer one."""
        running = self._transactions.get(name)
        if running is not None:
            yield running
            return
        with self.store.writing(self.collection(name)) as loaded:
            self._transactions[name] = Transaction(self.store, loaded)
            try:
                yield self._transactions[name]
            finally:
                del self._transactions[name]

    def write(self, data: dict[str, Any]) -> None:
        """What Table._update_table hands over: all tables, and one of them with rows of its own."""
        rewritten = {name: rows for name, rows in data.items() if not isinstance(rows, LiveRows)}
        if not rewritten or not rewritten.keys() <= self._transactions.keys():
            raise Refused(
                "A workspace's tables are not dropped or written as a whole; change their documents."
            )
        for name, rows in rewritten.items():
            self._transactions[name].write(rows, self._stamp)

    def close(self) -> None:
        self.store.close()


class WorkspaceTable(Table):
    """TinyDB's table, with three differences: an update holds the lock from reading to writing, numbers of new documents are
    the store's, and a query's cache ends with anybody's change."""

    _storage: WorkspaceStorage

    def __init__(
        self,
        storage: WorkspaceStorage,
        name: str,
        cache_size: int = Table.default_query_cache_capacity,
        persist_empty: bool = False,
    ) -> None:
        storage.collection(name)
        super().__init__(storage, name, cache_size)
        self._cached_version: object = None

    def search(self, cond: QueryLike) -> list[Row]:
        version = self._storage.version(self.name)
        if version != self._cached_version:
            self.clear_cache()
            self._cached_version = version
        return super().search(cond)

    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple([document])[0]  # which gives the number under the lock

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        with self._storage.transaction(self.name):
            return super().upsert(document, cond)

    def truncate(self) -> NoReturn:
        raise Refused(f"{self.name}: is not emptied at once; remove(...) the documents that you mean.")

    def _update_table(self, updater: Callable[[dict[int, Any]], None]) -> None:
        with self._storage.transaction(self.name) as transaction, transaction.update():
            super()._update_table(updater)

    def _get_next_id(self) -> int:
        with self._storage.transaction(self.name) as transaction:
            return transaction.next_number()


class WorkspaceDatabase(TinyDB):
    """TinyDB over a whole workspace: `fleettui.tinydb` opens one."""

    table_class: type[Table] = WorkspaceTable

    def __init__(
        self, store: TinyDBStore, collections: Sequence[Collection[Any]], stamp: Callable[[str], Stamp]
    ) -> None:
        super().__init__(store, collections, stamp, storage=WorkspaceStorage)
        self._home = store.home

    def __repr__(self) -> str:
        return f"<WorkspaceDatabase {self._home}>"
