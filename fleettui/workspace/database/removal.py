"""A workspace on PostgreSQL that moves somewhere else, or comes from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fleettui.store.postgres import leaving, notes

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.store.beside_documents import Noted
    from fleettui.store.postgres.link import Link


class DatabaseRemoval:
    """Implements `place.Removal`."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        with leaving.nobody_writes(self._link):
            yield

    def notes(self) -> tuple[list[Noted], list[str]]:
        return notes.everybodys(self._link), []

    def take_notes(self, noted: Iterable[Noted]) -> list[str]:
        notes.take_in(self._link, noted)
        return []

    def leave(self, address: Address) -> None:
        leaving.leave(self._link, str(address))
