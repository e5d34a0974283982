"""A workspace in a folder that moves somewhere else, or comes from there."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from fleettui.store.personal import all_notes
from fleettui.store.tinydb import backup, switch
from fleettui.workspace.collections import KEPT

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.store.beside_documents import Noted
    from fleettui.store.tinydb.store import TinyDBStore


class FolderRemoval:
    """Implements `place.Removal`."""

    def __init__(self, store: TinyDBStore, login: str) -> None:
        self._store, self._login = store, login

    def standing_still(self) -> AbstractContextManager[None]:
        return backup.everything_locked(self._store, KEPT)

    def notes(self) -> tuple[list[Noted], list[str]]:
        return all_notes.read(self._store.home)

    def take_notes(self, noted: Iterable[Noted]) -> list[str]:
        return all_notes.write(self._store.home, self._store.modes, self._login, noted)

    def leave(self, address: Address) -> None:
        switch.leave(self._store.home, str(address), self._store.modes)
