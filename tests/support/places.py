"""The places that documents can be kept in, for tests of what every store promises. A new kind of store is a row of `PLACES`: all
tests that take the fixture `place` or `store` (tests/store/conftest.py) run on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any, Protocol

from fleettui.store.postgres.store import PostgresStore
from fleettui.store.protocol import Store
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.edits_twice import EditsTwice
from tests.support.memory_store import MemoryStore
from tests.support.postgres_server import copied_schema, new_schema, remove_schema
from tests.support.things import NOW, THINGS, new_home

WRITES = ("add", "change", "change_many", "revert")


class Place(Protocol):
    """Documents in one place. Whatever `open` returns shows the same documents."""

    def open(self, user: str = "kathy") -> Any:
        """A store for somebody, as a process of its own would open it."""

    def sessions(self, store: Any) -> Sequence[Any]:
        """The open stores of which one, or each in turn, answers as `store`."""

    def copy(self) -> Place:
        """Another place with the same documents, which goes on by itself."""

    def remove(self) -> None:
        """Nothing of it is there any more; only what an open store has at hand."""


class Files:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self.home = new_home(folder)

    def open(self, user: str = "kathy") -> Any:
        return TinyDBStore(self.home, user)

    def sessions(self, store: Any) -> Sequence[Any]:
        return [store]

    def remove(self) -> None:
        rmtree(self.home)

    def copy(self) -> Files:
        other = object.__new__(type(self))
        number = len(list(self.home.parent.iterdir()))
        other.home = copytree(self.home, self.home.parent / f"copy-{number}" / "home")
        return other


class FilesOverTwoSessions(Files):
    """Each call goes to the other of two open stores."""

    def open(self, user: str = "kathy") -> Any:
        return _TwoSessions(TinyDBStore(self.home, user), TinyDBStore(self.home, "zay"))

    def sessions(self, store: Any) -> Sequence[Any]:
        sessions: Sequence[Any] = store.sessions
        return sessions


class FilesWrittenAnew(Files):
    """Each change is followed by a checkpoint."""

    def open(self, user: str = "kathy") -> Any:
        return _CheckpointedAtOnce(TinyDBStore(self.home, user))


class FilesEditedTwice(Files):
    """Each edit runs on an older state first."""

    def open(self, user: str = "kathy") -> Any:
        return EditsTwice(self.home, user)


class Slow:
    """The slow, obvious store: one for all that open it."""

    def __init__(self, folder: Path) -> None:
        self._store = MemoryStore()

    def open(self, user: str = "kathy") -> Any:
        return self._store

    def sessions(self, store: Any) -> Sequence[Any]:
        return [store]

    def remove(self) -> None:
        """It is in memory."""

    def copy(self) -> Slow:
        other = object.__new__(Slow)
        other._store = deepcopy(self._store)
        return other


_opened: list[PostgresStore] = []


def close_all() -> None:
    """Each has a connection of its own, and the server of the tests has two hundred."""
    while _opened:
        _opened.pop().close()


class Postgres:
    """A schema of a real server."""

    def __init__(self, folder: Path) -> None:
        self.address = new_schema()

    def open(self, user: str = "kathy") -> Any:
        _opened.append(PostgresStore(self.address, user, lambda: NOW))
        return _opened[-1]

    def sessions(self, store: Any) -> Sequence[Any]:
        return [store]

    def remove(self) -> None:
        remove_schema(self.address)

    def copy(self) -> Postgres:
        other = object.__new__(type(self))
        other.address = copied_schema(self.address)
        return other


class PostgresOverTwoSessions(Postgres):
    def open(self, user: str = "kathy") -> Any:
        return _TwoSessions(super().open(user), super().open("zay"))

    def sessions(self, store: Any) -> Sequence[Any]:
        sessions: Sequence[Any] = store.sessions
        return sessions


PLACES: dict[str, Callable[[Path], Place]] = {
    "files": Files,
    "files over two sessions": FilesOverTwoSessions,
    "files written anew": FilesWrittenAnew,
    "files edited twice": FilesEditedTwice,
    "slow": Slow,
    "postgres": Postgres,
    "postgres over two sessions": PostgresOverTwoSessions,
}


class _TwoSessions:
    """They never look before they write. What an edit asks goes to the one that runs it."""

    def __init__(self, *stores: Store) -> None:
        self.sessions = list(stores)
        self._is_editing = False

    def __getattr__(self, name: str) -> Any:
        if self._is_editing:
            return getattr(self.sessions[0], name)
        self.sessions.reverse()
        if name in WRITES:
            return self._writing(getattr(self.sessions[0], name))
        self.sessions[0].watch()
        return getattr(self.sessions[0], name)

    def _writing(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._is_editing = True
            try:
                return write(*arguments, **named)
            finally:
                self._is_editing = False

        return call


class _CheckpointedAtOnce:
    def __init__(self, store: TinyDBStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._store, name)

        def call(*arguments: Any, **named: Any) -> Any:
            result = called(*arguments, **named)
            if name in WRITES:
                self._store.checkpoint(THINGS, NOW)
            return result

        return call
