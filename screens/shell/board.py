"""What the seven screens have in common: header, footer, following changes; and a list with a page beside it.

A `Board` says which rows its list has and what the page of a row shows. Where they stand is in arranged.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from fleettui.errors import FleettuiError, Unusable
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.shell.arranged import Arranged
from screens.shell.asking import Asked
from screens.shell.marking import Marking
from screens.shell.parts import Parts
from screens.shell.revisited import Revisited
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.header import Header
from screens.widgets.page import Page, Para, plain
from screens.widgets.row import Aside, Filter, Key, Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.workspace.damaged import Identified
    from fleettui.workspace.searches import Searcher
    from screens.shell.searching import Words

D = TypeVar("D", bound="Identified")

FOLLOW_AFTER = 0.04
"""Seconds after the last key until the page beside the list is drawn: a held-down j sends only the list."""


class Board(Revisited, Arranged, Marking, Generic[Key]):
    """One of the seven screens. Where its rows are not named by strings: `Board[CallKey | StepKey]`. `NAME` is that of the
    screen, and of its scope of commands."""

    CONCERNS: ClassVar[frozenset[str]] = frozenset()
    """The collections whose changes are to be seen here; also "handbook" and "presence"."""
    CHANGES: ClassVar[frozenset[str]] = frozenset()
    """The collections that are changed here, and single actions on others: undo of anything else asks first."""
    BINDINGS = bindings("board")
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    INSIDE_COLUMNS: ClassVar[tuple[Column, ...]] = ()
    """Of what is listed instead, inside of a row."""
    EMPTY: ClassVar[str] = "Nothing here yet."

    def __init__(self) -> None:
        super().__init__(name=self.NAME)
        self.stale = True
        self.parts, self.asked = Parts(self), Asked(self)
        self._page_key: Key | None = None
        """Of the row whose page is shown."""
        self._following: Timer | None = None
        self._times_of: datetime | None = None
        """The minute of which the times on the screen are."""
        self._has_banner = self._has_countdown = False
        self.searcher: Callable[[], Searcher[Any]] = lambda: self.workspace.searches.words
        """What the list is searched by; `document_of` is what the search knows of a row beside what it shows."""
        self.document_of: Callable[[Key], object | None] = lambda _: None
        self.search_words: Callable[[], Words] = lambda: self.searcher()
        self.search_aside: Callable[[str], Aside | None] = self._search_aside
        self.prepare_search: Callable[[], None] | None = None

    # What each screen decides

    def rows_now(self) -> Sequence[Row[Key]]:
        """The rows of the list."""
        return ()

    def matching(self) -> Filter[Key]:
        """What a search shows."""

        def find(typed: str, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
            from screens.shell import searching  # with the first letter

            return searching.find(typed, rows, self.searcher(), self.document_of)

        return find

    def _search_aside(self, typed: str) -> Aside | None:
        from screens.shell.searching import find_aside  # with the first letter

        return find_aside(typed, self.rows.listing.every, self.searcher(), self.document_of)

    def page_of(self, key: Key) -> Sequence[Para]:
        """The page of a row: all that is known of it."""
        return ()

    def looking_at(self, key: Key) -> str | None:
        """The id that others are shown as what I look at, when the row is open."""
        return key if isinstance(key, str) else None

    def key_of(self, id_: str) -> Key:
        """The key of the row of a document with that id."""
        return cast("Key", id_)

    def minute(self) -> None:
        """A minute has passed: only what tells the time is to be shown anew. The page is drawn after it."""

    def reveal(self, id_: str, step: str = "") -> None:
        """Put the cursor on the document that this screen shows; `step` is a part of it, or a day (of a ritual)."""

    def customer_here(self) -> str:
        """The id of the customer whom the row under the cursor is about; empty where there is none."""
        return ""

    # The shape

    def compose(self) -> Iterable[Widget]:
        yield Header(self.NAME)
        yield from self.body()
        yield Footer()

    def body(self) -> Iterable[Widget]:
        """What stands between header and footer."""
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield Rows(self.COLUMNS, empty=with_keys(self.EMPTY), match=self.matching())
            yield Page()

    @property
    def rows(self) -> Rows[Key]:
        """The list."""
        return self.parts.get(Rows)

    @property
    def key(self) -> Key | None:
        """Of the row under the cursor."""
        return self.rows.key

    @property
    def page(self) -> Page:
        """What stands beside the list, below it, or over it."""
        return self.parts.get(Page)

    @property
    def is_filtering(self) -> bool:
        """The line in which a filter is typed is to be seen."""
        return any(
            line.display for line in self.query("FilterLine")
        )  # its class only where something is searched

    def fill(self) -> None:
        """Show what the workspace has now."""
        rows = self.listed(self.rows_now())
        self.rows.set_columns(self.INSIDE_COLUMNS if self.inside else self.COLUMNS, self.columns_shown)
        if self.rows.listing.filter_text:
            from screens.shell.searching import fill_anew  # it is there since the first letter

            fill_anew(self.rows, self.parts, rows)
        else:
            self.rows.show(rows)
        self.show_page()

    def show_page(self) -> None:
        """Show the page of the row under the cursor at the right, or over the list; else what of the row is cut."""
        self.parts.get(Footer).update_way_back()
        if not (self.is_wide or self.is_open):
            if self.rows.size:
                from screens.shell.whole_row import show_whole_row  # after the first screen is shown

                show_whole_row(self, self.rows)
            return
        key = self.key
        self.asked.begin_page()
        paras = self._safe_page(key) if key is not None else ()
        self.page.show(paras, same=key == self._page_key)
        self._page_key = key

    # What is damaged takes nothing else away

    def rows_of(self, documents: Iterable[D], make: Callable[[D], Row[Key]]) -> Iterator[Row[Key]]:
        """A row for each document; of which none can be made stands there as damaged."""
        from screens.shell import damaged  # not for Today, which is first

        return damaged.rows_of(documents, make, self.key_of, self.workspace.now())

    def safely(self, fill: Callable[[Row[Key]], Row[Key]]) -> Callable[[Row[Key]], Row[Key]]:
        """The same, of a row that gets its cells when it is seen."""

        def filled(row: Row[Key]) -> Row[Key]:
            try:
                return fill(row)
            except Exception as error:
                from screens.shell import damaged  # seldom needed

                return damaged.instead_of(row, self.id_of(row.key), error, self.workspace.now())

        return filled

    def _safe_page(self, key: Key) -> Sequence[Para]:
        try:
            return list(self.page_of(key))
        except Unusable as error:  # for how long nobody knows: a colleague may mend it, or be at it
            from screens.shell import damaged  # seldom needed

            return damaged.unreadable_page(error)
        except FleettuiError:
            raise
        except Exception as error:
            from screens.shell import damaged  # seldom needed

            return damaged.damaged_page(self.id_of(key), error, self.workspace.now())

    def id_of(self, key: Key) -> str:
        return self.looking_at(key) or (key if isinstance(key, str) else "This row")

    def to_copy(self) -> str:
        """What `y` puts on the clipboard."""
        key = self.rows.key
        if key is None:
            return ""
        return plain(self.page_of(key))

    def shows(self, text: str) -> bool:
        """Whether the page that is to be seen has the whole text on it, scrolled or not."""
        if self.key is None or not (self.is_wide or self.is_open):
            return False
        page = plain(self.page_of(self.key))
        return all(line.strip() in page for line in text.splitlines())

    def came_back(self, ids: Sequence[str]) -> None:
        """Something is as it was before, by undo. The next key is meant for it, unless something else is open; of several,
        for the one under the cursor."""
        here = self.rows.key
        if not self.is_open and (here is None or self.id_of(here) not in ids):
            self.rows.go_to(self.key_of(ids[0]))

    # Following changes

    def on_mount(self) -> None:
        self.refill()

    def on_screen_resume(self) -> None:
        self.lay_out(self.app.size)
        self.show_header()
        if self.stale:
            self.refill()
        else:
            self.show_times()

    def show_times(self) -> None:
        """Everything that tells the time as of now. Called every minute, and when the screen is in front again: another screen
        was, or the computer slept."""
        minute = self._this_minute()
        if minute == self._times_of:
            return
        self._times_of = minute
        self.show_header()
        try:
            self.minute()
            self.show_page()
        except Exception as error:
            self.fleettui.report(error, f"showing {self.NAME}")

    def _this_minute(self) -> datetime:
        return self.workspace.now().replace(second=0, microsecond=0)

    def on_resize(self, event: events.Resize) -> None:
        self.lay_out(event.size)
        self.call_after_refresh(self.show_page)

    def after_layout(self) -> None:
        self.call_after_refresh(self.show_page)

    def refill(self) -> None:
        """Show everything anew; a mistake in there is reported and the app goes on."""
        self.stale = False
        self.asked.renew()
        self._times_of = self._this_minute()
        self.show_header()
        try:
            self.fill()
        except Exception as error:
            self.fleettui.report(error, f"showing {self.NAME}")
        if self.workspace.policy_troubles():  # found by what was read just now
            self.show_header()

    def show_header(self) -> None:
        """Who is here and what time it is, as of now; and below it mistakes in the handbook, while there are any."""
        line = self.fleettui.header_line()
        self.parts.get(Header).show(line)
        if line.troubles or self._has_banner:
            self._show_banner(line.troubles)
        if line.nearest or self._has_countdown:
            from screens.widgets.countdown import show_countdown  # seldom needed

            self._has_countdown = True
            show_countdown(self, line.nearest, self.workspace.now())

    def _show_banner(self, troubles: Sequence[str]) -> None:
        from screens.widgets.banner import Banner  # seldom needed

        if self._has_banner:
            self.parts.get(Banner).show(troubles)
        else:
            self._has_banner = True
            self.mount(Banner(troubles), after=self.parts.get(Header))

    # Open, back, filter

    @on(Rows.Moved)
    def _follow(self) -> None:
        if self._following is not None:
            self._following.stop()
        self._following = self.set_timer(FOLLOW_AFTER, self.show_page)

    @on(Rows.Opened)
    def _open(self, event: Rows.Opened) -> None:
        self.add_class("-open")
        self.show_page()
        self.page.focus()
        self.fleettui.announce(self.NAME, self.looking_at(event.row.key))

    @on(Page.Left)
    def _close(self) -> None:
        self.remove_class("-open")
        self.rows.focus()
        self.fleettui.announce(self.NAME)

    async def do_back(self) -> None:
        """Takes the filter away; where there is none, the marks."""
        if not self.is_filtering:
            self.take_marks_away()
        await self._filter_line(False)

    async def do_filter(self) -> None:
        if self.is_open:
            self._close()
        await self._filter_line(True)

    async def _filter_line(self, wanted: bool) -> None:
        if not (wanted or self.query("FilterLine")):
            return
        from screens.shell.searching import SearchGuide  # seldom needed
        from screens.widgets.filter_line import FilterLine

        line = next(iter(self.query(FilterLine)), None)
        if line is None and wanted:
            guide = SearchGuide(
                self.fleettui, self.NAME, self.search_words, self.search_aside, self.prepare_search
            )
            line = FilterLine(self.rows, guide)
            await self.query_one("#list").mount_all([line, line.offers], before=0)
        if line is not None and wanted:
            line.begin()
        elif line is not None:
            line.do_clear()
            self.parts.get(Footer).update_way_back()
        self.call_after_refresh(self.fit_list)
