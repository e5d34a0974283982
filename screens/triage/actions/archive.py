"""The archive: taken into the list, and out of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.triage.listing import QueueListing
    from screens.widgets.rows import Rows


class ListScreen(Protocol):
    """The screen, as far as its lists ask it."""

    @property
    def rows(self) -> Rows[str]: ...

    def fill(self) -> None: ...

    def show_view(self) -> None:
        """Only the line above the list."""

    def show_other_time(self) -> None:
        """Everything: the queue of another moment is listed now."""


class TicketArchive:
    def __init__(self, host: Host, listing: QueueListing, screen: ListScreen) -> None:
        self._host, self._listing, self._screen = host, listing, screen

    def do_archive(self) -> None:
        """Adds it to the list or takes it away. It is read in the writing thread."""
        if self._listing.with_archive:
            self._listing.with_archive = False
            self._host.workspace.queue.forget_archive()
            self._screen.fill()
        else:
            self._read_archive(self.add_archive)

    def search_archive(self) -> None:
        """It was asked for something else than before: it is read in the writing thread, and listed again."""
        self._read_archive(self._screen.fill)

    def _read_archive(self, then: Callable[[], None]) -> None:
        if self._listing.is_reading_archive:
            return

        def read(_: None) -> None:
            self._listing.is_reading_archive = False
            then()
            self._prepare_search()

        self._listing.is_reading_archive = True
        self._screen.show_view()
        self._host.write(self._listing.reading(), read, self._archive_failed)

    def _prepare_search(self) -> None:
        self._host.run_worker(
            partial(self._host.workspace.queue.prepare_search, archived=True),
            group="prepare search",
            thread=True,
            exit_on_error=False,
        )

    def _archive_failed(self, error: Exception) -> None:
        self._listing.is_reading_archive = False
        self._screen.show_view()
        self._host.report(error, "reading the archive")

    def go_to(self, id_: str) -> None:
        """With the archive in the list. `links` had it read already, so that the next key is meant for that ticket."""
        if self._shows(id_):
            return
        self._host.read(partial(self._read_for, id_), lambda _: self._go_to(id_), self._archive_failed)

    def _read_for(self, id_: str) -> None:
        self._host.workspace.queue.have_at_hand(id_)

    def _go_to(self, id_: str) -> None:
        if not self._shows(id_):
            self._host.say(f"There is no ticket {id_}.", "warning")

    def _shows(self, id_: str) -> bool:
        """Whether it is in the list, with the archive as far as that was read."""
        if not self._listing.has_archived(id_):
            return False
        self.add_archive()
        return self._screen.rows.go_to(id_)

    def add_archive(self) -> None:
        """At once: it was read before."""
        self._listing.with_archive = True
        self._screen.fill()
