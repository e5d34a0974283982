"""Today: what wants something of me now, by the time that is left; what comes next; the team's at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from fleettui.domain.agenda import UNSENT, FirstStep, Item
from screens.commands.catalogue import bindings
from screens.commands.effective import key_of, with_keys
from screens.shell import links
from screens.shell.acting import change
from screens.shell.board import Board
from screens.today.page import TodayPage
from screens.today.row_keys import DraftKey, FirstStepKey, HistoryKey, ItemKey, Key, UntriagedKey
from screens.today.rows import RECENT, TodayRows
from screens.widgets.columns import Column
from screens.widgets.page import Page, Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.happenings import HistoryLine


RECORDS = {"today.held": ("record",), "today.missed": ("record",), "today.moved": ("record", "rebook")}
"""The commands about a call that did not end as planned, and what an item must want for each."""


class TodayScreen(Board[Key]):
    NAME = "today"
    CONCERNS = frozenset(
        {
            "people",
            "presence",
            "handbook",
            "tickets",
            "issues",
            "calls",
            "rituals",
            "ticks",
            "runs",
            "customers",
            "rota",
            "views",
        }
    )
    CHANGES = frozenset({"ticks", "issues.settle", "views"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("today")
    ALONE = MappingProxyType(
        {
            "missed": "the ladder is gone up for one customer",
            "moved": "each call gets a time of its own",
            "text": "each has a text of its own",
        }
    )
    TURN = "below"  # its lines are sentences, and its pages are short
    COLUMNS = (
        Column("when", width=13),
        Column("what", width=26, grow=3, share=0.6),
        Column("about", width=8, grow=1, hide=1, second=True),
    )

    def __init__(self) -> None:
        super().__init__()
        self._listing: TodayRows | None = None
        """What the rows are about; None until the first fill."""
        self.searcher = lambda: self.workspace.searches.items
        self.document_of = self.item_at

    def rows_now(self) -> Sequence[Row[Key]]:
        read = partial(self.workspace.happenings.latest, RECENT)
        none: list[HistoryLine] = []
        lately = self.asked.of("lately", read, none, self.fill)
        self._listing = TodayRows(self.workspace, lately)
        return self._listing.rows()

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield Rows(
                    self.COLUMNS,
                    empty=with_keys(self.EMPTY),
                    match=self.matching(),
                    fill=self.safely(self._filled),
                )
            yield Page()

    def _filled(self, row: Row[Key]) -> Row[Key]:
        return self._listing.filled(row) if self._listing else row

    def minute(self) -> None:
        """Only lines that differ are drawn: time has moved on for all that has a time."""
        self.fill()

    def page_of(self, key: Key) -> Sequence[Para]:
        return list(TodayPage(self._listing).of(key)) if self._listing else ()

    def looking_at(self, key: Key) -> str | None:
        return None

    def id_of(self, key: Key) -> str:
        item = self.item_at(key)
        return item.id if item else super().id_of(key)

    # What the cursor is on

    def item_at(self, key: Key | None) -> Item | None:
        return self._listing.items.get(key) if self._listing and isinstance(key, ItemKey) else None

    def _first_step(self, key: Key | None) -> FirstStep | None:
        if self._listing is None or not isinstance(key, FirstStepKey):
            return None
        return self._listing.first_steps.get(key)

    def customer_here(self) -> str:
        match self.key:
            case ItemKey():
                item = self.item_at(self.key)
                return links.customer_of(self.workspace, item.id) if item else ""
            case HistoryKey(id=id_):
                return links.customer_of(self.workspace, id_)
            case _:
                return ""

    async def _open_draft(self, ticket: str) -> None:
        if ticket:
            await links.reveal(self.fleettui, "ticket", ticket)
            return
        await self.fleettui.go("triage")
        self.fleettui.say(with_keys("[triage.create] goes on with the request that you began."))

    # Commands

    @on(Rows.Opened)
    async def _open_item(self, event: Rows.Opened) -> None:
        """An item of the agenda is opened on the screen of its document; the rest beside or over the list."""
        item, first = self.item_at(event.row.key), self._first_step(event.row.key)
        if item is not None and item.kind in links.HOMES:
            event.prevent_default()
            await links.reveal(
                self.fleettui, self._home_of(item), item.id, "" if item.step == UNSENT else item.step
            )
        elif isinstance(event.row.key, UntriagedKey) and self._listing:
            event.prevent_default()
            await links.reveal(self.fleettui, "ticket", self._listing.untriaged[0], "untriaged")
        elif isinstance(event.row.key, DraftKey):
            event.prevent_default()
            await self._open_draft(event.row.key.ticket)
        elif first is not None:
            event.prevent_default()
            await self.fleettui.go(first.home)
            self.fleettui.say(with_keys(first.how), seconds=10)

    def _home_of(self, item: Item) -> str:
        """A next step is shown with its customer or with its call."""
        if item.kind != "next step":
            return item.kind
        return "customer" if self.workspace.customers.get(item.id) else "call"

    def why_not(self, command_id: str) -> str | None:
        if command_id == "today.tick":
            item = self.item_at(self.key)
            if item is None:
                return "Put the cursor on something that wants you."
            if item.does != "tick":
                return f"That is not done from here: {key_of('list.open')} opens it."
        if command_id in RECORDS:
            item = self.item_at(self.key)
            if item is None or item.does not in RECORDS[command_id]:
                return "That is for a call that is over and that nobody recorded."
        if command_id == "today.text":
            item = self.item_at(self.key)
            if item is None or item.kind != "ritual":
                return "Put the cursor on a ritual that is a text."
            return self.workspace.ritual_texts.why_none(item.id)
        steps = self.workspace.first_steps
        if command_id == "today.dismiss" and not steps.is_dismissed and not steps.all():
            return "There is no list of first steps here: all of them are done."
        return super().why_not(command_id)

    def do_dismiss(self) -> None:
        host = self.fleettui

        def show(is_gone: bool) -> None:
            self.rows.do_top()
            host.say(
                with_keys("The first steps are gone, for you. [today.dismiss] brings them back.")
                if is_gone
                else "The first steps are back."
            )

        host.write(self.workspace.first_steps.dismiss, show, keys_wait=True)

    def do_text(self) -> None:
        """RIT-5, RIT-7, RIT-8, RIT-10."""
        from screens.dialogs.ritual_text import open_text

        item = self.item_at(self.key)
        if item is not None:
            open_text(self.fleettui, item.id)

    # A call that nobody recorded

    def do_held(self) -> None:
        item, host = self.item_at(self.key), self.fleettui
        if item is not None:
            change(
                host,
                partial(self.workspace.calls.held, item.id),
                f"It took place. {key_of('app.undo')} takes it back.",
            )

    def do_missed(self) -> None:
        item, host = self.item_at(self.key), self.fleettui

        def show_ladder(call: Call) -> None:
            self.call_later(links.reveal, host, "call", call.id)

        if item is not None:
            missed = partial(self.workspace.calls.missed, item.id)
            host.write(missed, show_ladder, doing="missed", keys_wait=True)

    def do_moved(self) -> None:
        from screens.dialogs.another_time import AnotherTime  # late: brings forms and pickers

        item = self.item_at(self.key)
        if item is not None:
            AnotherTime(self.fleettui, self.workspace.calls.find(item.id)).ask()

    def do_tick(self) -> None:
        item, host = self.item_at(self.key), self.fleettui
        if item is not None:
            host.write(
                partial(self.workspace.agenda.do, item),
                lambda done: host.say(f"{done} {key_of('app.undo')} takes it back."),
                doing="doing it",
                keys_wait=True,
            )

    # All marked rows

    def all_tick(self) -> None:
        from screens.today.several import SeveralItems  # with the first marks

        SeveralItems(self).tick()

    def all_held(self) -> None:
        from screens.today.several import SeveralItems  # with the first marks

        SeveralItems(self).held()
