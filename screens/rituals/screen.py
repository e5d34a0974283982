"""Rituals: what the team does again and again, ticked where it stands.

One list on a narrow terminal; a column for each rhythm where there is room. A ritual with boxes or steps unfolds; what is told
of one is in ritual_page.py, its forms in ritual_forms.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from fleettui.domain.rituals.status import FINISHED
from fleettui.errors import Refused
from screens.commands.catalogue import bindings
from screens.rituals.actions import RitualActs
from screens.rituals.page import person_page, ritual_page, unowed_page
from screens.rituals.rows import (
    COLUMNS,
    NARROW_COLUMNS,
    SECTIONS,
    Part,
    group,
    line_cells,
    line_row,
    narrow_row,
    part_rows,
    parts_of,
    section_of,
)
from screens.shell.board import Board
from screens.widgets.filter_line import FilterLine
from screens.widgets.page import Page, Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow

__all__ = ["RitualsScreen", "group"]

COLUMNS_FROM = 140
"""From this many columns on, each rhythm has a list of its own."""
EMPTY = "Nothing is owed on this day. [ and ] go to other days, a adds a ritual."


class RhythmRows(Rows):
    """The list of one rhythm among others; left and right go to its neighbours."""

    BINDINGS = bindings("columns")

    def do_left(self) -> None:
        self.post_message(RitualsScreen.Sideways(-1))

    def do_right(self) -> None:
        self.post_message(RitualsScreen.Sideways(1))


class RitualsScreen(RitualActs, Board):
    NAME = "rituals"
    CONCERNS = frozenset({"handbook", "people", "rituals", "ticks", "customers", "tickets", "retros", "rota"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("rituals")
    COLUMNS = COLUMNS
    EMPTY = EMPTY

    class Sideways(Message):
        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._mine: bool | None = None
        """None: not chosen yet; then mine, if anything is."""
        self._lines: dict[str, BoardRow] = {}
        self._retired: dict[str, Ritual] = {}
        self._unfolded: set[str] = set()
        self._parts: dict[str, Part] = {}
        self._of_person = False
        self._column = 0
        self._filtering = False

    # The shape

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield Rows(self.COLUMNS, empty=EMPTY)
            with Horizontal(id="columns"):
                for number in range(len(SECTIONS)):
                    yield RhythmRows(NARROW_COLUMNS, empty="Nothing.", id=f"column-{number}")
            yield Page()

    @property
    def in_columns(self) -> bool:
        return self.has_class("-columns")

    @property
    def columns(self) -> list[RhythmRows]:
        return list(self.query(RhythmRows))

    @property
    def rows(self) -> Rows:
        """The list with the cursor that counts."""
        return self.columns[self._column] if self.in_columns else self.query_one("#list Rows", Rows)

    def on_mount(self) -> None:
        self._shape(self.app.size.width)
        super().on_mount()
        if self.in_columns:  # else the list has the focus by itself, and a key may be under way to it
            # Asked then, not now: keys that were typed ahead may have led to another column.
            self.call_after_refresh(lambda: self.rows.focus())

    def on_resize(self, event: events.Resize) -> None:
        self._reshape()
        super().on_resize(event)

    def _shape(self, width: int) -> bool:
        """Whether it is another than before. While a filter is on there is one list: it looks in all of them."""
        before = self.in_columns
        self.set_class(width >= COLUMNS_FROM and not self._filtering, "-columns")
        return before != self.in_columns

    async def do_filter(self) -> None:
        self._filtering = True
        self._reshape()
        await super().do_filter()

    def _reshape(self) -> None:
        key = self.rows.key
        if self._shape(self.app.size.width):
            self.fill()
            self._go_to(key)
            # Asked then, not now: keys that were typed ahead may have led to another column.
            self.call_after_refresh(lambda: self.rows.focus())

    @on(Sideways)
    def _sideways(self, event: Sideways) -> None:
        order = [n for n, rows in enumerate(self.columns) if rows.row is not None]
        at = order.index(self._column) + event.by if self._column in order else 0
        if 0 <= at < len(order):
            self._column = order[at]
            self.rows.focus()
            self.show_page()

    def on_descendant_focus(self) -> None:
        """Also the end of a filter: back in the list, and no line to type in is to be seen any more."""
        if (
            self._filtering
            and self.focused is self.rows
            and not any(one.display for one in self.query(FilterLine))
        ):
            self._filtering = False
            self._reshape()
        if self.in_columns and self.focused in self.columns:
            self._column = self.columns.index(self.focused)

    # What stands there

    def fill(self) -> None:
        lines = self._take_in()
        self.query_one("#list Rows", Rows).show(self.rows_now())
        for number, rows in enumerate(self.columns) if self.in_columns else ():
            these = [line for line in lines if section_of(line.ritual) == number]
            rows.show(self._section(number, these, narrow_row))
        self.show_page()

    def _take_in(self) -> list[BoardRow]:
        verbs = self.workspace.rituals
        lines = verbs.board(self._day)
        mine = [line for line in lines if self.is_mine(line)]
        if self._mine is None:
            self._mine = bool(mine)
        lines = mine if self._mine else lines
        self._lines = {line.ritual.id: line for line in lines}
        owed = {line.ritual.id for line in lines}
        self._retired = {
            one.id: one for one in verbs.all(retired=True) if one.retired is not None and one.id not in owed
        }
        return lines

    def rows_now(self) -> Sequence[Row]:
        lines = list(self._lines.values())
        rows: list[Row] = []
        for number in range(len(SECTIONS)):
            these = [line for line in lines if section_of(line.ritual) == number]
            if these or (number == 0 and (lines or self._day)):  # the first heading says which day this is
                rows += self._section(number, these, line_row)
        if not self._mine:
            rows += group("Retired", [self._retired_row(one) for one in self._retired.values()])
        return rows

    def _retired_row(self, ritual: Ritual) -> Row:
        return Row(ritual.id, ("· retired", ritual.name, "", "", ritual.often), style="muted")

    def _section(
        self, number: int, lines: list[BoardRow], row: Callable[[BoardRow, RitualsScreen], Row]
    ) -> list[Row]:
        done = sum(line.state in FINISHED for line in lines)
        words = f"{SECTIONS[number]} · {f'{done} of {len(lines)}' if lines else 'none'}"
        if number == 0:
            words += f" · {self.scope_words()}"
        rows = [Row(f"heading {SECTIONS[number]}", (words,), heading=True)]
        for line in lines:
            rows.append(row(line, self))
            if line.ritual.id in self._unfolded:
                parts = parts_of(self.workspace, line)
                self._parts |= {part.row_key: part for part in parts}
                rows += part_rows(parts, narrow=self.in_columns)
        return rows

    def scope_words(self) -> str:
        day = self._day or self.workspace.rituals.today()
        when = "today" if self._day is None else f"{day:%a %-d %b %Y}"
        return f"{'mine' if self._mine else 'everybody'}, {when}"

    def is_mine(self, line: BoardRow) -> bool:
        return self.workspace.me.login in line.whose.doers

    def minute(self) -> None:
        """What falls due or late by itself."""
        lines = {line.ritual.id: line for line in self.workspace.rituals.board(self._day)}
        self._lines = {key: lines.get(key, line) for key, line in self._lines.items()}
        for rows in self.columns if self.in_columns else [self.rows]:
            seen = [key for key in rows.visible_keys() if key in self._lines]
            rows.update_cells({key: line_cells(self._lines[key], self, self.in_columns) for key in seen})

    def page_of(self, key: str) -> Sequence[Para]:
        line = self.line_of(key)
        if line is None:
            ritual = self._retired.get(key)
            return unowed_page(self.workspace, ritual) if ritual else ()
        if self._of_person and line.whose.owners:
            return person_page(self.workspace, line.whose.owners[0])
        return ritual_page(self.workspace, line)

    def line_of(self, key: str | None) -> BoardRow | None:
        return self._lines.get((key or "").partition("#")[0])

    def part_of(self, key: str | None) -> Part | None:
        return self._parts.get(key or "") if key and "#" in key else None

    @property
    def here(self) -> BoardRow:
        line = self.line_of(self.rows.key)
        if line is None:
            raise Refused("There is no ritual here.")
        return line

    @property
    def day(self) -> date | None:
        return self._day

    # Commands

    def _go_to(self, key: str | None) -> None:
        if key is None:
            return
        for number, rows in enumerate(self.columns if self.in_columns else [self.rows]):
            if rows.go_to(key):
                self._column = number if self.in_columns else self._column
                return

    def reveal(self, id_: str, step: str = "") -> None:
        """Asked for from elsewhere: the cursor on it, everybody's shown if need be; `step` is the first day of a period."""
        day = date.fromisoformat(step) if step else None
        self._day = None if day == self.workspace.rituals.today() else day
        self.fill()
        if id_ not in self._lines:
            self._mine = False
            self.fill()
        if id_ not in self._lines:
            self.fleettui.say(f"{id_} is not owed on this day.", "warning")
            return
        self._go_to(id_)
        self.rows.focus()
        self.show_page()
        if not self.in_columns:
            self.rows.do_open()

    def do_mine(self) -> None:
        self._mine = not self._mine
        self.fill()
        self.fleettui.say("Only what is mine." if self._mine else "Everybody's.", seconds=2)

    def do_earlier(self) -> None:
        self._to_day(-1)

    def do_later(self) -> None:
        self._to_day(1)

    def _to_day(self, by: int) -> None:
        today = self.workspace.rituals.today()
        day = (self._day or today) + timedelta(days=by)
        self._day = None if day == today else day
        self.fill()

    def do_now(self) -> None:
        self._day = None
        self.fill()

    def do_person(self) -> None:
        self._of_person = not self._of_person
        self.show_page()
        if not self.is_wide and not self.is_open:
            self.rows.do_open()
