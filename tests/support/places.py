"""The places that documents can be kept in, for tests of what every store promises. A new kind of store is a row of `PLACES`: all
tests that take the fixture `place` or `store` (tests/store/conftest.py) run on it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any, Protocol

from fleettui.store.tinydb.store import TinyDBStore
from tests.support.memory_store import MemoryStore
from tests.support.things import NOW, THINGS, new_home


class Place(Protocol):
    """Documents in one place. Whatever `open` returns shows the same documents."""

    def open(self, user: str = "kathy") -> Any:
        """A store for somebody, as a process of its own would open it."""

    def copy(self) -> Place:
        """Another place with the same documents, which goes on by itself."""


class Files:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self.home = new_home(folder)

    def open(self, user: str = "kathy") -> Any:
        return TinyDBStore(self.home, user)

    def copy(self) -> Files:
        other = object.__new__(type(self))
        number = len(list(self.home.parent.iterdir()))
        other.home = copytree(self.home, self.home.parent / f"copy-{number}" / "home")
        return other


class FilesOverTwoSessions(Files):
    """Each call goes to the other of two open stores."""

    def open(self, user: str = "kathy") -> Any:
        return _TwoSessions(TinyDBStore(self.home, user), TinyDBStore(self.home, "zay"))


class FilesWrittenAnew(Files):
    """Each change is followed by a checkpoint."""

    def open(self, user: str = "kathy") -> Any:
        return _CheckpointedAtOnce(TinyDBStore(self.home, user))


class Slow:
    """The slow, obvious store: one for all that open it."""

    def __init__(self, folder: Path) -> None:
        self._store = MemoryStore()

    def open(self, user: str = "kathy") -> Any:
        return self._store

    def copy(self) -> Slow:
        other = object.__new__(Slow)
        other._store = deepcopy(self._store)
        return other


PLACES: dict[str, Callable[[Path], Place]] = {
    "files": Files,
    "files over two sessions": FilesOverTwoSessions,
    "files written anew": FilesWrittenAnew,
    "slow": Slow,
}


class _TwoSessions:
    def __init__(self, *stores: TinyDBStore) -> None:
        self._turn = list(stores)

    def __getattr__(self, name: str) -> Any:
        self._turn.reverse()
        self._turn[0].watch()
        return getattr(self._turn[0], name)


class _CheckpointedAtOnce:
    def __init__(self, store: TinyDBStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._store, name)

        def call(*arguments: Any, **named: Any) -> Any:
            result = called(*arguments, **named)
            if name in ("add", "change", "change_many", "revert"):
                self._store.checkpoint(THINGS, NOW)
            return result

        return call
