"""Rituals: what the team does again and again, ticked in its row.

One list on a narrow terminal; a column for each rhythm where there is room. A ritual with boxes or steps unfolds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.rituals.actions.days import DayActions
from screens.rituals.actions.keeping import KeepActions
from screens.rituals.actions.several import ALONE, SeveralRituals
from screens.rituals.actions.ticking import TickActions
from screens.rituals.listing import Listing
from screens.rituals.page import person_page, ritual_page, unowed_page
from screens.rituals.row_keys import Key, RitualKey, ritual_id
from screens.rituals.rows import COLUMNS, RHYTHM_COLUMNS, SECTIONS, Part, cells_of
from screens.shell.board import Board
from screens.widgets.page import Page, Para
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow

COLUMNS_FROM = 140
"""From this many columns on, each rhythm has a list of its own."""
EMPTY = "Nothing is owed on this day. [rituals.earlier] and [rituals.later] go to other days, [rituals.add] adds a ritual."


class RhythmRows(Rows[Key]):
    """The list of one rhythm among others; left and right go to its neighbours."""

    BINDINGS = bindings("columns")

    def do_left(self) -> None:
        self.post_message(RitualsScreen.Sideways(-1))

    def do_right(self) -> None:
        self.post_message(RitualsScreen.Sideways(1))


class RitualsScreen(Board[Key]):
    NAME = "rituals"
    CONCERNS = frozenset(
        {
            "handbook",
            "people",
            "rituals",
            "ticks",
            "customers",
            "tickets",
            "calls",
            "runs",
            "retros",
            "rota",
            "views",
        }
    )
    CHANGES = frozenset({"rituals", "ticks", "views"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("rituals")
    ALONE = ALONE
    COLUMNS = COLUMNS
    EMPTY = EMPTY
    TURN = "below"  # four columns want the width

    class Sideways(Message):
        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self) -> None:
        super().__init__()
        keeping = KeepActions(self)
        self.actions = (keeping, TickActions(self), DayActions(self), SeveralRituals(self, keeping))
        self._day: date | None = None
        self._mine: bool | None = None
        """None: not chosen yet; then mine, if anything is."""
        self._unfolded: set[str] = set()
        self._listing: Listing | None = None
        """None until the first fill."""
        self._of_person = False
        self._column = 0
        """Which of the lists beside each other has the cursor that counts."""
        self._filtering = False
        self.searcher = lambda: self.workspace.searches.rituals
        self.document_of = lambda key: self.listing.owed_at(key) or self.listing.retired_at(key)

    # The shape

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield Rows(self.COLUMNS, empty=with_keys(EMPTY), match=self.matching())
            with Horizontal(id="columns"):
                for number in range(len(SECTIONS)):
                    yield RhythmRows(RHYTHM_COLUMNS, empty="Nothing.", id=f"column-{number}")
            yield Page()

    @property
    def in_columns(self) -> bool:
        return self.has_class("-columns")

    @property
    def columns(self) -> list[RhythmRows]:
        return list(self.query(RhythmRows))

    @property
    def rows(self) -> Rows[Key]:
        """The list with the cursor that counts."""
        return self.columns[self._column] if self.in_columns else self._single_list

    def lists(self) -> Sequence[Rows[Key]]:
        return self.columns if self.in_columns else [self._single_list]

    @property
    def _single_list(self) -> Rows[Key]:
        return self.parts.get(Rows, "#list Rows")

    def on_mount(self) -> None:
        self.lay_out(self.app.size)
        self._shape(self.app.size.width)
        super().on_mount()
        if self.in_columns:  # else the list has the focus by itself, and a key may be under way to it
            # Asked then, not now: keys that were typed ahead may have led to another column.
            self.call_after_refresh(lambda: self.rows.focus())

    def on_resize(self, event: events.Resize) -> None:
        self.lay_out(event.size)
        self._reshape()
        super().on_resize(event)

    def _shape(self, width: int) -> bool:
        """Whether it is another than before. While a filter is on there is one list, which looks in all of them; and where the
        page stands beside it."""
        before = self.in_columns
        in_parts = not (self._filtering or ("views" in vars(self) and self.views.is_own))
        wanted = width >= COLUMNS_FROM and in_parts and self.turn != "beside"
        self.set_class(wanted, "-columns")
        return before != self.in_columns

    def list_part(self) -> Widget:
        return self.parts.get(Widget, "#columns" if self.in_columns else "#list")

    def after_layout(self) -> None:
        self._reshape()
        self.share_room()
        super().after_layout()

    async def do_filter(self) -> None:
        self._filtering = True
        self._reshape()
        await super().do_filter()

    def _reshape(self) -> None:
        key = self.rows.key
        marked = [mark for rows in self.lists() for mark in rows.listing.marked]
        if self._shape(self.app.size.width):
            self.fill()
            self._go_to(key)
            for rows in self.lists():
                rows.set_marks(marked)
            # Asked then, not now: keys that were typed ahead may have led to another column.
            self.call_after_refresh(lambda: self.rows.focus())

    @on(Sideways)
    def _sideways(self, event: Sideways) -> None:
        order = [n for n, rows in enumerate(self.columns) if rows.row is not None]
        at = order.index(self._column) + event.by if self._column in order else 0
        if 0 <= at < len(order):
            self._choose_column(order[at])
            self.rows.focus()
            self.show_page()

    def on_descendant_focus(self) -> None:
        """Also the end of a filter: back in the list, and no line to type in is to be seen any more."""
        if self._filtering and self.focused is self.rows and not self.is_filtering:
            self._filtering = False
            self._reshape()
        if self.in_columns and self.focused in self.columns:
            self._choose_column(self.columns.index(self.focused))

    def _leave_empty_column(self) -> None:
        """Where the cursor counts there is a row, if there is one anywhere: else a key would act on nothing beside rows."""
        number = self._column
        if self.columns[number].row is None:
            number = next((n for n, rows in enumerate(self.columns) if rows.row is not None), number)
        had_focus = self.focused is self.columns[self._column]
        self._choose_column(number)
        if had_focus:
            self.rows.focus()

    def _choose_column(self, number: int) -> None:
        """Only one of them shows a cursor: that on which keys act."""
        self._column = number
        for other, rows in enumerate(self.columns):
            rows.stand_by(other != number)

    # The rows and their pages

    def fill(self) -> None:
        self._listing = None
        listing = self.listing
        self._mine = listing.mine
        self._shape(self.app.size.width)
        listed = self.listed(listing.rows())
        self._single_list.set_columns(self.COLUMNS, self.columns_shown)
        if self._single_list.listing.filter_text and not self.in_columns:
            from screens.shell.searching import fill_anew  # it is there since the first letter

            fill_anew(self._single_list, self.parts, listed)
        else:
            self._single_list.show(listed)
        for number, rows in enumerate(self.columns) if self.in_columns else ():
            rows.show(listing.section_rows(number))
        if self.in_columns:
            self._leave_empty_column()
        self.show_page()

    @property
    def listing(self) -> Listing:
        """What the rows are about."""
        if self._listing is None:
            self._listing = Listing(self.workspace, self._day, self._mine, self._unfolded)
        return self._listing

    def minute(self) -> None:
        """What falls due or late by itself."""
        self.listing.look_again()
        for rows in self.columns if self.in_columns else [self.rows]:
            keys = [key for key in rows.visible_keys() if isinstance(key, RitualKey)]
            visible: dict[Key, BoardRow] = {
                key: owed for key in keys if (owed := self.listing.owed_at(key)) is not None
            }
            rows.update_cells({key: cells_of(owed, self.workspace) for key, owed in visible.items()})

    def page_of(self, key: Key) -> Sequence[Para]:
        owed = self.listing.owed_at(key)
        if owed is None:
            ritual = self.listing.retired_at(key)
            return unowed_page(self.workspace, ritual, self.asked) if ritual else ()
        if self._of_person and owed.whose.owners:
            return person_page(self.workspace, owed.whose.owners[0], self.asked)
        return ritual_page(self.workspace, owed, self.asked)

    def looking_at(self, key: Key) -> str | None:
        return ritual_id(key) or None

    def key_of(self, id_: str) -> Key:
        return RitualKey(id_)

    # What the cursor is on

    def owed_here(self) -> BoardRow | None:
        return self.listing.owed_at(self.key)

    def part_here(self) -> Part | None:
        return self.listing.part_at(self.key)

    def ritual_here(self) -> Ritual | None:
        return self.workspace.rituals.get(ritual_id(self.key))

    @property
    def day(self) -> date | None:
        return self._day

    # Moving the cursor

    @property
    def view_shown(self) -> str:
        return self._day.isoformat() if self._day else ""

    def show_view_named(self, name: str) -> None:
        day = date.fromisoformat(name) if name else None
        self._day = None if day == self.workspace.rituals.today() else day
        self.fill()

    def go_to(self, id_: str) -> None:
        self._go_to(RitualKey(id_))

    def _go_to(self, key: Key | None) -> None:
        for number, rows in enumerate(self.columns if self.in_columns else [self.rows]):
            if key is not None and rows.go_to(key):
                if self.in_columns:
                    self._choose_column(number)
                return

    def go_on(self) -> None:
        """The cursor to the next row that wants a tick: further down, or in the columns to the right."""
        while True:
            before = self.rows.key
            self.rows.do_down()
            if self.rows.key == before:
                break
            if self.listing.waits_at(self.rows.key):
                return
        for number in range(self._column + 1, len(SECTIONS)) if self.in_columns else ():
            if self._go_to_waiting_in(number):
                return

    def _go_to_waiting_in(self, number: int) -> bool:
        rows = self.columns[number]
        rituals = [key for key in rows.visible_keys() if isinstance(key, RitualKey)]
        key = next((key for key in rituals if (owed := self.listing.owed_at(key)) and owed.waits), None)
        if key is None:
            return False
        self._choose_column(number)
        rows.focus()
        rows.go_to(key)
        return True

    def is_unfolded(self, id_: str) -> bool:
        return id_ in self._unfolded

    def unfold(self, id_: str, part: Part) -> None:
        if id_ not in self._unfolded:
            self._unfolded.add(id_)
            self.fill()
        self.rows.go_to(part.row_key)

    def fold(self, id_: str) -> None:
        self._unfolded.discard(id_)
        self.fill()
        self.go_to(id_)

    def reveal(self, id_: str, step: str = "") -> None:
        """Everybody's are shown if need be; `step` is the first day of a period."""
        day = date.fromisoformat(step) if step else None
        self._day = None if day == self.workspace.rituals.today() else day
        self.fill()
        key = RitualKey(id_)
        if self.listing.owed_at(key) is None:
            self._mine = False
            self.fill()
        if self.listing.owed_at(key) is None:
            self.fleettui.say(f"{id_} is not owed on this day.", "warning")
            return
        self._go_to(key)
        self.rows.focus()
        self.show_page()
        if not self.in_columns:
            self.rows.do_open()

    # Which day, and whose

    def do_mine(self) -> None:
        self._mine = not self._mine
        self.fill()
        self.fleettui.say("Only what is mine." if self._mine else "Everybody's.", seconds=2)

    def do_person(self) -> None:
        self._of_person = not self._of_person
        self.show_page()
        if not self.is_wide and not self.is_open:
            self.rows.do_open()
