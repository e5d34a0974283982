"""The inbox: what concerns me, newest first, with what I have not seen on top; Enter goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import events, on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from fleettui.time.wording import moment
from screens.commands.catalogue import bindings
from screens.commands.command import ANYWHERE
from screens.dialogs.dialog import Dialog
from screens.shell.links import THING_OF, reveal
from screens.terminal.text import one_line, wrap
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from screens.widgets.sections import section

if TYPE_CHECKING:
    from fleettui.domain.events.model import Event
    from fleettui.workspace.inbox.actions import Inbox
    from fleettui.workspace.inbox.results import Item
    from screens.commands.host import Host
    from screens.shell.alarm import Alarm

COLUMNS = (Column("text", width=24, grow=1), Column("at", width=12, hide=1))
READING = "Reading the inbox…"
EMPTY = "Nothing concerned you in the last two weeks. What others give you, or ask of you, comes here."
NEW, SEEN = "●", "·"
URGENT = ("breaching", "breached", "p0")
BELOW_LINES = 2


class Place(NamedTuple):
    """Where a row leads: for `links.reveal`."""

    kind: str
    id: str


class Shown(NamedTuple):
    """All that the inbox shows."""

    items: Sequence[Item]
    following: Sequence[tuple[str, str]]
    """Ids of tickets and customers, with their names."""


class InboxDialog(Dialog[Place | None]):
    """Dismissed with where to go, or with None."""

    BINDINGS = [*bindings("inbox"), *bindings(ANYWHERE, on="app.", only="app.inbox")]
    CSS_PATH = Path(__file__).with_name("inbox.tcss")

    def __init__(self, alarm: Alarm) -> None:
        super().__init__()
        self._alarm = alarm
        self._events: dict[str, Event] = {}
        self._unseen: set[str] = set()
        self._following: set[str] = set()

    def compose(self) -> Iterable[Widget]:
        with Vertical(id="inbox"):
            yield Static("Inbox", id="inbox-title", markup=False)
            yield Rows(COLUMNS, empty=READING)
            yield Static("", id="inbox-below", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.app.clear_notifications()
        self._rows.focus()
        self._alarm.open_inbox(self.renew)

    def on_unmount(self) -> None:
        self._alarm.close_inbox()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_below)

    @property
    def _rows(self) -> Rows[str]:
        return self.query_one(Rows)

    # What it shows

    def renew(self) -> None:
        """As it is now."""
        self._alarm.ask(self._read, self._show)

    def _read(self, inbox: Inbox) -> Shown:
        """All of it, in the thread that may wait for the disk."""
        return Shown(inbox.items(), [(id_, self._name_of(id_)) for id_ in inbox.following()])

    def _name_of(self, id_: str) -> str:
        workspace = self._alarm.workspace
        ticket, customer = workspace.tickets.get(id_), workspace.customers.get(id_)
        return one_line(f"{id_} {ticket.subject}" if ticket else customer.shown if customer else id_)

    def _show(self, shown: Shown) -> None:
        if self not in self.app.screen_stack:
            return  # closed meanwhile
        self._rows.empty = EMPTY
        self._events = {item.event.key: item.event for item in shown.items}
        self._unseen = {item.event.key for item in shown.items if not item.seen}
        self._following = {id_ for id_, _ in shown.following}
        number = len(self._unseen)
        self.query_one("#inbox-title", Static).update(f"Inbox · {number} new" if number else "Inbox")
        self._rows.show(
            [
                *section("new", [self._row(item) for item in shown.items if not item.seen], "New for you"),
                *section("seen", [self._row(item) for item in shown.items if item.seen], "Seen"),
                *section("followed", [Row(id_, (name,)) for id_, name in shown.following], "You follow"),
            ]
        )
        self._show_below()

    def _row(self, item: Item) -> Row[str]:
        workspace = self.fleettui.workspace
        event = item.event
        at = moment(event.at, workspace.now(), workspace.zone)
        if item.seen:
            return Row(event.key, (f"{SEEN} {one_line(event.text)}", (at, "")), style="muted")
        style = "bad" if event.kind in URGENT else ""
        return Row(event.key, ((f"{NEW} {one_line(event.text)}", style), (at, "muted")))

    @on(Rows.Moved)
    def _show_below(self) -> None:
        """The whole text of the row under the cursor: a line of the list may be too short for it."""
        event = self._event
        width = max(20, self.app.size.width - 6)
        lines = wrap(one_line(event.text), width)[:BELOW_LINES] if event else []
        self.query_one("#inbox-below", Static).update("\n".join(lines))

    @property
    def _event(self) -> Event | None:
        return self._events.get(self._rows.key or "")

    # Commands

    @on(Rows.Opened)
    def _go(self) -> None:
        key, event = self._rows.key or "", self._event
        if event is None:
            self.dismiss(Place("ticket" if key.startswith("T-") else "customer", key))
            return
        self._see([event.key])
        self.dismiss(place_of(event))

    def do_seen(self) -> None:
        event = self._event
        if event is None or event.key not in self._unseen:
            self.fleettui.say("This is not new: there is nothing to mark.")
            return
        self._rows.do_down()
        self._see([event.key])

    def do_all(self) -> None:
        if not self._unseen:
            self.fleettui.say("You have seen everything.")
            return
        self._see(None)

    def _see(self, keys: Sequence[str] | None) -> None:
        def seen(_: object) -> None:
            self.renew()  # the counts may be as before, where nothing was counted yet
            self._alarm.look()

        self._alarm.ask(lambda inbox: inbox.see(keys), seen)

    def do_follow(self) -> None:
        from screens.shell.following import follow_words, turn_following

        event, key = self._event, self._rows.key or ""
        id_ = event.id if event else key
        if not id_ or (event and event.collection != "tickets"):
            self.fleettui.say("Tickets and customers can be followed; this is neither.")
            return

        def done(follows: bool) -> None:
            self.fleettui.say(follow_words(id_, id_, follows=follows))
            self.renew()

        self._alarm.ask(lambda inbox: turn_following(inbox, id_), done)

    async def do_settings(self) -> None:
        from screens.dialogs.inbox_settings import open_settings

        await open_settings(self.fleettui)

    def do_close(self) -> None:
        self.dismiss(None)


def turn(host: Host, alarm: Alarm) -> None:
    """Open it, or close it where it is open."""
    if isinstance(host.screen, InboxDialog):
        host.screen.do_close()
    elif not host.screen.is_modal:

        async def go_there(place: Place | None) -> None:
            if place is not None:
                await reveal(host, place.kind, place.id)

        host.push_screen(InboxDialog(alarm), go_there)


def place_of(event: Event) -> Place:
    """Of who is on call the person is shown whose turn it is."""
    is_rota = event.collection == "rota" and event.logins
    return Place(THING_OF.get(event.collection, ""), event.logins[0] if is_rota else event.id)
