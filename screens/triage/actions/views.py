"""Which tickets are listed: another view, a search kept as a view, the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from screens.commands.effective import key_of

if TYPE_CHECKING:
    from fleettui.domain.views import View
    from screens.commands.host import Host
    from screens.dialogs.form import Values
    from screens.triage.listing import QueueListing


class ListScreen(Protocol):
    """The screen, as far as its views ask it."""

    def fill(self) -> None: ...

    def show_view(self) -> None:
        """Only the line above the list."""

    def show_other_time(self) -> None:
        """Everything: the queue of another moment is listed now."""

    def filter_text(self) -> str: ...

    def clear_filter(self) -> None: ...


class TicketViews:
    def __init__(self, host: Host, listing: QueueListing, screen: ListScreen) -> None:
        self._host, self._listing, self._screen = host, listing, screen

    def do_views(self) -> None:
        from screens.triage.choices import ChoicePicker, Choices

        def go(key: str | None) -> None:
            if key is not None:
                self.go_to(key)

        self._host.push_screen(ChoicePicker("which view?", Choices(self._host.workspace).views), go)

    def go_to(self, key: str) -> None:
        self._listing.view_key = key
        self._screen.fill()

    def do_next_view(self) -> None:
        self._listing.go_by(1)
        self._screen.fill()

    def do_last_view(self) -> None:
        self._listing.go_by(-1)
        self._screen.fill()

    def do_keep_view(self) -> None:
        from screens.dialogs.form import Form, FormField

        views = self._host.workspace.views
        search = f"{self._listing.view.search} {self._screen.filter_text()}".strip()
        fields = [
            FormField("name", "Name", hint="what it is called"),
            FormField("search", "Search", search),
            FormField("for", "For", "team", choices=(("team", "everybody"), ("me", "nobody else sees it"))),
        ]

        def save(typed: Values) -> View:
            mine = typed.get("for", "team") == "me"
            return views.save("triage", typed.get("name", ""), typed.get("search", search), mine=mine)

        def saved(view: View) -> None:
            self._screen.clear_filter()
            self.go_to(view.key)
            self._host.say(
                f"“{view.name}” is a view of yours alone now."
                if view.mine
                else f"“{view.name}” is a view for everybody now. {key_of('app.undo')} takes it back."
            )

        self._host.push_screen(
            Form("Keep this as a view", fields, about="ticket view", save=save, saved=saved)
        )

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
