"""Which columns a list shows, in which order they stand, and by what its rows are ordered: seen at once on the list behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from fleettui.domain.views import DOWN, LISTS, Way, order_of
from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from screens.widgets.sections import SectionKey, heading_row

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.shell.viewing import BoardViews

AS_IT_IS = ""
"""The order that the screen has by itself."""


class ColumnKey(Struct, frozen=True):
    name: str


class OrderKey(Struct, frozen=True):
    field: str


class GroupKey(Struct, frozen=True):
    """Whether rows with the same value stand below a heading."""


Key = ColumnKey | OrderKey | GroupKey | SectionKey


class ColumnsDialog(Dialog[None]):
    """Esc takes back what was changed."""

    BINDINGS = bindings("arrange")
    CSS_PATH = Path(__file__).with_name("columns.tcss")
    AUTO_FOCUS = ""

    def __init__(self, views: BoardViews) -> None:
        super().__init__()
        self._views, self._before = views, views.current.way
        self._was_changed = views.is_changed
        self._facts = LISTS[views.screen]
        chosen = self._before.columns or tuple(self._facts.columns)
        self._order = [*chosen, *(name for name in self._facts.columns if name not in chosen)]
        """All columns: those that are shown first, as they stand."""
        self._shown = set(chosen)

    def compose(self) -> Iterable[Widget]:
        rows = Rows[Key]((Column("name", width=24, grow=2), Column("about", width=10, grow=1)))
        rows.can_focus = False  # its keys would go before those of the dialog
        with Vertical(id="arranging"):
            yield rows
        yield Footer()

    def on_mount(self) -> None:
        self._rows.lead(True)
        self._rows.show(list(self._all_rows()))

    @property
    def _rows(self) -> Rows[Key]:
        return self.query_one(Rows)

    @property
    def _way(self) -> Way:
        return self._views.current.way

    def _all_rows(self) -> Iterator[Row[Key]]:
        facts, way = self._facts, self._way
        yield heading_row("Columns")
        for name in self._order:
            shown = name in self._shown
            about = "always there" if name == facts.main else ""
            yield Row(
                ColumnKey(name),
                (f"{'✓' if shown else '–'} {facts.columns[name]}", (about, "muted")),
                style="" if shown else "muted",
            )
        yield heading_row("Order of the rows")
        field, down = order_of(self._views.screen, way.order)
        for key, words in {AS_IT_IS: "as the screen has it", **facts.orders}.items():
            here = key == field
            about = ("last first" if down else "first first") if here and key else ""
            yield Row(OrderKey(key), (f"{'●' if here else '○'} {words}", (about, "accent")))
        grouped = "below a heading for each value" if way.grouped else "in one list"
        yield Row(GroupKey(), (f"{'✓' if way.grouped else '–'} groups", (grouped, "muted")))

    def _use(self, **changes: object) -> None:
        columns = tuple(name for name in self._order if name in self._shown)
        every = columns == tuple(self._facts.columns)
        way = replace(self._way, columns=() if every else columns, **changes)
        self._views.use(way)
        self._rows.show(list(self._all_rows()))

    # Commands

    def do_toggle(self) -> None:
        match self._rows.key:
            case ColumnKey(name=name):
                self._toggle_column(name)
            case OrderKey(field=field):
                self._order_by(field)
            case GroupKey():
                self._toggle_groups()

    def _toggle_column(self, name: str) -> None:
        if name == self._facts.main:
            self.fleettui.say("That is what people read: it is always there.", "warning")
            return
        self._shown.symmetric_difference_update({name})
        self._use()

    def _order_by(self, field: str) -> None:
        now, down = order_of(self._views.screen, self._way.order)
        if not field:
            self._use(order="", grouped=False)
            return
        self._use(order=f"{field} {DOWN}" if field == now and not down else field)

    def _toggle_groups(self) -> None:
        if not self._way.order:
            self.fleettui.say("Choose an order first: groups are made by it.", "warning")
            return
        self._use(grouped=not self._way.grouped)

    def do_earlier(self) -> None:
        self._move(-1)

    def do_later(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        key = self._rows.key
        if not isinstance(key, ColumnKey):
            self.fleettui.say("Only columns stand beside each other.", "warning")
            return
        place = self._order.index(key.name)
        other = place + by
        if 0 <= other < len(self._order):
            self._order[place], self._order[other] = self._order[other], self._order[place]
            self._use()
            self._rows.go_to(key)

    @on(Rows.Opened)
    def do_keep(self) -> None:
        self.dismiss()

    def do_close(self) -> None:
        self._views.use(self._before if self._was_changed else None)
        self.dismiss()

    def do_down(self) -> None:
        self._rows.do_down()

    def do_up(self) -> None:
        self._rows.do_up()


def choose_columns(host: Host, views: BoardViews) -> None:
    host.push_screen(ColumnsDialog(views))
