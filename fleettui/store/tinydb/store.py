"""The store on TinyDB files that many processes write at once. A change: lock, read what others wrote, edit, append, fsync."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from fleettui.documents import Document
from fleettui.errors import Unusable
from fleettui.places import Place, in_workspace
from fleettui.store import files, locks
from fleettui.store.protocol import (
    AT_HAND,
    Collection,
    Commit,
    Editor,
    Entry,
    Happening,
    Kept,
    Narrow,
    RepeatedRequest,
    RowCollection,
    Stamp,
    keep_at_hand,
)
from fleettui.store.tinydb import checkpoint, past, slim
from fleettui.store.tinydb.appending import Appending, Sign, nobody_signs
from fleettui.store.tinydb.archive import ArchiveOf
from fleettui.store.tinydb.collection import LoadedCollection

if TYPE_CHECKING:
    from fleettui.store.tinydb.preparing import Located, Prepared
    from fleettui.store.tinydb.selecting import Selecting

T = TypeVar("T", bound=Document)
R = TypeVar("R")


class Version(msgspec.Struct, Generic[T], frozen=True):
    """What a document is to be; None removes it. `seen` is the revision that its writer looked at."""

    id: str
    document: T | None
    seen: int | None = None


class TinyDBStore:
    """Implements protocol.Store. `user` is named to others who wait for a lock of ours."""

    def __init__(
        self, home: Path, user: str, *, patience: float = locks.PATIENCE, sign: Sign = nobody_signs
    ) -> None:
        self.home, self.user, self.patience = home, user, patience
        self._place = in_workspace(home)  # as long as it is here, all of it is opened from there
        with files.os_errors_about(home):
            self.modes = files.Modes.of(home)
        self._collections: dict[str, LoadedCollection[Any]] = {}
        self._selections: dict[str, Selecting[Any, Any]] = {}
        # Two locks between threads, so that a reader never waits for a writer.
        self._loading, self._writing_here = threading.Lock(), threading.RLock()
        self._appending = Appending(self.modes, sign)
        self._locks: dict[str, tuple[Place, locks.Lock]] = {}
        self._archive = ArchiveOf(home, self.modes)
        self._restore_plan = self._place / "restore/plan.json"  # switch.py is only needed where there is one
        self._requested_here: set[tuple[str, str, int]] = set()

    # -- reading

    def load(self, collections: Iterable[Collection[Any]]) -> None:
        for collection in collections:
            with contextlib.suppress(Unusable):
                self._loaded(collection)

    def get(self, collection: Collection[T], id_: str) -> T | None:
        loaded = self._loaded(collection)
        at_hand = loaded.documents.get(id_) or loaded.past.get(id_)
        return at_hand or self.several(collection, {id_}).get(id_)

    def several(self, collection: Collection[T], ids: Set[str]) -> dict[str, T]:
        archive = self._selections.get(collection.name) or self._archive(collection)
        return past.documents(self._loaded(collection), archive, ids)

    def all(self, collection: Collection[T], *, archived: bool = False, since: date | None = None) -> list[T]:
        loaded = self._loaded(collection)
        unarchived = list(slim.several_in(loaded.documents, loaded.documents).values())
        if not archived or checkpoint.keeps_all_since(loaded, since):
            return unarchived
        known = loaded.ids_with_history()
        archive = self._archive(collection).all(since)
        old = [each.document for id_, each in archive.items() if id_ not in known]
        keep_at_hand(loaded.past, old[-AT_HAND:])
        return unarchived + old

    def rows(self, collection: RowCollection[T, R]) -> list[R]:
        loaded = self._loaded(collection)
        return list(loaded.beside.rows(loaded.documents).values())

    def select(self, collection: RowCollection[T, R], narrow: Narrow, limit: int) -> list[R]:
        return self._selecting(collection).select(narrow, limit)

    def prepare_select(self, collection: RowCollection[Any, Any]) -> None:
        self._selecting(collection).prepare()

    def count(self, collection: RowCollection[Any, Any]) -> int:
        return self._selecting(collection).count()

    def _selecting(self, collection: RowCollection[T, R]) -> Selecting[T, R]:
        """Made when somebody searches the archive."""
        from fleettui.store.tinydb.selecting import Selecting  # late: few do

        loaded, archive = self._loaded(collection), self._archive(collection)
        with self._loading:
            return self._selections.setdefault(collection.name, Selecting(loaded, archive, collection))

    def bodies(self, collection: Collection[T], ids: Iterable[str]) -> dict[str, T]:
        return slim.several_in(self._loaded(collection).documents, ids)

    def keyed(self, collection: Collection[T], keys: Iterable[str]) -> str | None:
        loaded = self._loaded(collection)
        return loaded.beside.keyed(loaded.documents, keys)

    def history(self, collection: Collection[T], id_: str) -> list[Entry]:
        loaded = self._loaded(collection)
        archived = past.archived(loaded, self._archive(collection), id_)
        return archived.history if archived else loaded.history(id_)

    def histories(self, collection: Collection[T], ids: Set[str]) -> dict[str, list[Entry]]:
        unarchived = {
            id_: entries for id_, entries in self._loaded(collection).histories(ids).items() if entries
        }
        missing = ids - unarchived.keys()
        return {**self._archive(collection).histories(missing), **unarchived} if missing else unarchived

    def find_history(
        self, collections: Iterable[Collection[Any]], id_: str
    ) -> tuple[Collection[Any], list[Entry]] | None:
        return past.find_history([(self._loaded(each), self._archive(each)) for each in collections], id_)

    def everything(self, collection: Collection[T]) -> Iterator[Kept[T]]:
        return past.everything(self.fresh(collection), self._archive(collection))

    def take_in(self, collection: Collection[T], kept: Iterable[Kept[T]], now: datetime) -> None:
        from fleettui.store.tinydb.taking_in import take_in  # hardly ever needed

        with self.writing(collection) as loaded:
            take_in(loaded, kept, self.modes, now)

    def as_of(self, collection: Collection[T], when: datetime) -> list[T]:
        from fleettui.store import preparing  # late: few look back

        loaded = self._loaded(collection)
        present: dict[str, tuple[T | None, list[Entry]]] = {
            id_: (loaded.documents.get(id_), entries) for id_, entries in loaded.histories().items()
        }
        for id_, archived in self._archive(collection).all().items():
            present.setdefault(id_, (archived.document, archived.history))
        past = (
            preparing.as_of(collection, id_, current, [entry for entry in entries if entry.at > when])
            for id_, (current, entries) in present.items()
        )
        return [document for document in past if document is not None]

    def latest(
        self,
        collections: Iterable[Collection[Any]],
        limit: int,
        by: str | None = None,
        *,
        as_recorded: bool = False,
        archived: bool = False,
    ) -> list[Happening]:
        searched = [(self._loaded(collection), self._archive(collection)) for collection in collections]
        return past.latest(searched, limit, by, as_recorded=as_recorded, archived=archived)

    def whole_since(self, collections: Iterable[Collection[Any]]) -> datetime | None:
        since = [checkpoint.whole_since(self._loaded(collection)) for collection in collections]
        return max((at for at in since if at is not None), default=None)

    def together(self, collection: Collection[T], id_: str, rev: int) -> list[Happening]:
        parts = self._together(self._loaded(collection), id_, rev)
        return [Happening(collection.name, located.id, entry) for located, entry in parts]

    def finish_restore(self) -> None:
        """A restore that was killed half way is carried out before anything else is read or written."""
        if self._is_restore_pending():
            from fleettui.store.tinydb import switch

            switch.finish(self.home, self.user, self.modes, self.patience)

    def _is_restore_pending(self) -> bool:
        with files.os_errors_about(self._restore_plan):
            return not self._place.lacks("restore") and self._restore_plan.exists()

    def requested(self, collections: Iterable[Collection[Any]], request_id: str) -> list[Happening]:
        return [
            Happening(collection.name, id_, entry)
            for collection in collections
            for id_, entry in self.fresh(collection).requested(request_id)
        ]

    def since(
        self, cursor: str, collections: Iterable[Collection[Any]], limit: int | None = None
    ) -> list[Commit]:
        from fleettui.store.tinydb import feed  # late: a start asks for nothing of it

        self.finish_restore()
        return feed.since(cursor, [(self.fresh(each), self._archive(each)) for each in collections], limit)

    def cursor(self, collections: Iterable[Collection[Any]], at: datetime | None = None) -> str:
        from fleettui.store import cursors

        if at:
            return cursors.until(collections, at)
        return cursors.encoded({each.name: self.fresh(each).meta.recorded for each in collections})

    def watch(self) -> dict[str, set[str]]:
        self.finish_restore()
        news: dict[str, set[str]] = {}
        with self._writing_here:
            for name, loaded in list(self._collections.items()):
                loaded.follow()
                if loaded.changed:
                    news[name], loaded.changed = loaded.changed, set()
        return news

    def _loaded(self, collection: Collection[T]) -> LoadedCollection[T]:
        """Loaded at first use; after that `watch` and writes keep it fresh."""
        loaded = self._collections.get(collection.name)
        if loaded is None:
            with self._loading:
                loaded = self._collections.get(collection.name)
                if loaded is None:
                    self.finish_restore()
                    loaded = LoadedCollection(self.home, collection)
                    loaded.follow()
                    loaded.changed = set()
                    self._collections[collection.name] = loaded
        return cast(LoadedCollection[T], loaded)

    def fresh(self, collection: Collection[T]) -> LoadedCollection[T]:
        """A collection with what others wrote until now."""
        with self._writing_here:
            loaded = self._loaded(collection)
            loaded.follow()
            return loaded

    # -- writing

    def add(self, collection: Collection[T], make: Callable[[str], T], stamp: Stamp) -> T:
        from fleettui.store.tinydb.preparing import (  # late, as below: most commands only read
            Located,
            prepare,
        )

        with self.writing(collection) as loaded:
            id_ = f"{collection.prefix}-{loaded.meta.next}"
            prepared = prepare(loaded, Located(id_, None, list), make(id_), stamp)
            self._commit(loaded, [prepared], stamp)
            return loaded.documents[id_]

    def change(
        self, collection: Collection[T], id_: str, edit: Editor[T], stamp: Stamp, *, seen: int | None = None
    ) -> T | None:
        from fleettui.store.tinydb.preparing import prepare

        with self.writing(collection) as loaded:
            located = self._locate(loaded, id_)
            prepared = prepare(loaded, located, edit(located.document), stamp, seen=seen)
            if prepared is None:
                return located.document
            self._commit(loaded, [prepared], stamp)
            return prepared.document

    def change_many(
        self, collection: Collection[T], edits: Mapping[str, Editor[T]], stamp: Stamp
    ) -> list[T | None]:
        from fleettui.store.tinydb.preparing import prepare

        with self.writing(collection) as loaded:
            located = [self._locate(loaded, id_) for id_ in edits]
            edited = [(before, edits[before.id](before.document)) for before in located]
            self._commit(loaded, [prepare(loaded, before, new, stamp) for before, new in edited], stamp)
            return [new if new is None else loaded.documents[before.id] for before, new in edited]

    def revert(self, collection: Collection[T], id_: str, rev: int, stamp: Stamp) -> list[T | None]:
        from fleettui.store.tinydb.preparing import reverted

        with self.writing(collection) as loaded:
            taken_back = [
                reverted(loaded, located, target, stamp)
                for located, target in self._together(loaded, id_, rev)
            ]
            self._commit(loaded, taken_back, stamp)
            return [prepared.document for prepared in taken_back if prepared is not None]

    @contextlib.contextmanager
    def writing(self, collection: Collection[T]) -> Iterator[LoadedCollection[T]]:
        """The lock of a collection, and the collection as it is now."""
        with self._writing_here:
            name = collection.name
            if name not in self._locks:
                path = locks.path_of(self._place, name)
                self._locks[name] = path, locks.Lock(path, self.user, self.modes.file, self.patience)
            path, lock = self._locks[name]
            while True:
                with files.os_errors_about(path), lock:
                    # Under the lock: from here on nobody can decide on another restore of it.
                    if not self._is_restore_pending():
                        loaded = self._loaded(collection)
                        loaded.follow()
                        self._appending.refuse_cut(loaded)
                        yield loaded
                        return
                self.finish_restore()

    def put(self, loaded: LoadedCollection[T], versions: Iterable[Version[T]], stamp: Stamp) -> None:
        """For whoever has the lock of `writing`: all of these or none."""
        from fleettui.store.tinydb.preparing import prepare

        prepared = [
            prepare(loaded, self._locate(loaded, version.id), version.document, stamp, seen=version.seen)
            for version in versions
        ]
        self._commit(loaded, prepared, stamp)

    def _locate(self, loaded: LoadedCollection[T], id_: str) -> Located[T]:
        from fleettui.store.tinydb.preparing import Located

        archived = past.archived(loaded, self._archive(loaded.collection), id_)
        if archived is not None:
            return Located(id_, archived.document, lambda: archived.history, archived)
        return Located(id_, loaded.documents.get(id_), lambda: loaded.history(id_))

    def _commit(self, loaded: LoadedCollection[T], prepared: list[Prepared[T] | None], stamp: Stamp) -> None:
        changes = [(change.record, change.document) for change in prepared if change is not None]
        if not changes:
            return
        if stamp.request:
            _refuse_repeated(loaded, stamp.request, self._requested_here)
        self._appending.commit(loaded, changes, stamp.at)
        if stamp.request:
            name = loaded.collection.name
            self._requested_here |= {(name, record.id, record.entry.rev) for record, _ in changes}

    def close(self) -> None:
        with self._writing_here:
            self._appending.close()
            for _, lock in self._locks.values():
                lock.close()

    # -- undo

    def _together(self, loaded: LoadedCollection[T], id_: str, rev: int) -> list[tuple[Located[T], Entry]]:
        """The change asked for, and those that were made in one commit with it."""
        from fleettui.store.preparing import change_of

        located = self._locate(loaded, id_)
        target = change_of(located, rev)
        together = [(located, target)]
        if target.batch:
            for other, entries in past.changed_with(target, loaded, self._archive(loaded.collection)):
                entry = next((entry for entry in entries if entry.batch == target.batch), None)
                if entry and other != id_:
                    together.append((self._locate(loaded, other), entry))
        return together

    # -- checkpoints

    def checkpoint(self, collection: Collection[Any], now: datetime) -> None:
        with self.writing(collection) as loaded:
            checkpoint.write(loaded, self.modes, now)


def _refuse_repeated(
    loaded: LoadedCollection[Any], request: str, made_here: Set[tuple[str, str, int]]
) -> None:
    """A script may be so impatient that the same request runs twice at once. One command may make several changes."""
    name = loaded.collection.name
    for id_, entry in loaded.requested(request.partition(" ")[0]):
        if (name, id_, entry.rev) not in made_here:
            raise RepeatedRequest(request)
