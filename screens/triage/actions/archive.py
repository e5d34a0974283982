"""The archive: taken into the list, and out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.triage.listing import QueueListing


class ListScreen(Protocol):
    """The screen, as far as its lists ask it."""

    def fill(self) -> None: ...

    def show_view(self) -> None:
        """Only the line above the list."""

    def show_other_time(self) -> None:
        """Everything: the queue of another moment is listed now."""


class TicketArchive:
    def __init__(self, host: Host, listing: QueueListing, screen: ListScreen) -> None:
        self._host, self._listing, self._screen = host, listing, screen

    # The archive

    def do_archive(self) -> None:
        """Adds it to the list or takes it away. It is read in the writing thread."""
        if self._listing.with_archive:
            self._listing.with_archive = False
            self._host.workspace.queue.forget_archive()
            self._screen.fill()
        else:
            self._read_archive(self.add_archive)

    def search_archive(self) -> None:
        """`in:archive` was typed: it is read in the writing thread, and the search is made again."""
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
        self._host.write(self._host.workspace.queue.read_archive, read, self._archive_failed)

    def _prepare_search(self) -> None:
        self._host.run_worker(
            self._host.workspace.queue.prepare_search,
            group="prepare search",
            thread=True,
            exit_on_error=False,
        )

    def _archive_failed(self, error: Exception) -> None:
        self._listing.is_reading_archive = False
        self._screen.show_view()
        self._host.report(error, "reading the archive")

    def add_archive(self) -> None:
        """At once: the screen waits if it has to be read first."""
        self._listing.with_archive = True
        self._screen.fill()
