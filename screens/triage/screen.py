"""Triage: the queue, what breaches first on top; views of it, a search as one types; and the ticket beside it.

A row is made when it is first seen, so that a key costs what it shows and not what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from fleettui.errors import Refused
from screens.commands.catalogue import bindings
from screens.shell.board import FOLLOW_AFTER, Board
from screens.terminal.text import one_line
from screens.triage.actions.helps import TicketHelps
from screens.triage.rows import NONE_HERE, labels_in_words, level_sign, style_of
from screens.widgets.columns import Column
from screens.widgets.filter_line import FilterLine
from screens.widgets.lines import Span
from screens.widgets.one_line import OneLine
from screens.widgets.page import Page, Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.screen import Screen

    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.tickets.search import QueueEntry
    from fleettui.domain.tickets.views import QueueView
    from fleettui.workspace.workspace import Visitor

ALL = "all"
WITHOUT_TICKET = frozenset(
    f"triage.{verb}"
    for verb in ("create", "views", "next_view", "last_view", "keep_view", "archive", "next", "mark_all")
)
"""What can be done where the list is empty."""
URGENT_PRIORITIES = {"P0": "bad", "P1": "warn"}
TIER_SIGNS = 4
CUT_SUBJECT = 200


@runtime_checkable
class Renewed(Protocol):
    """What stands over the queue and shows a ticket of it."""

    def renew(self) -> None: ...


class TriageScreen(TicketHelps, Board):
    NAME = "triage"
    CONCERNS = frozenset({"tickets", "views", "customers", "people", "handbook", "presence"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("triage")
    COLUMNS = (
        Column("flags", width=2),
        Column("id", "Ticket", width=6),
        Column("left", "Left", width=12),
        Column("class", "Class", width=7),
        Column("customer", "Customer", width=10, grow=1),
        Column("subject", "Subject", width=15, grow=4),
        Column("assignee", "With", width=8, hide=1),
        Column("level", "Lv", width=2, hide=2),
        Column("words", "What it counts", width=40, hide=3),
    )
    EMPTY = (
        "Nothing is open here. Requests arrive by `fleettui intake`; C writes one down that came another way. "
        "v goes to another view."
    )

    class Looked(Message):
        """It is written down that I have a ticket before me."""

    def __init__(self) -> None:
        super().__init__()
        self._view, self._archived, self._whole = ALL, False, False
        self._reading = False
        """The archive, beside the event loop."""
        self._found: dict[str, QueueEntry] = {}
        self._rows: dict[str, Row] = {}
        """Without cells; each is made when it is seen."""
        self._others: dict[str, list[Visitor]] = {}
        self._opened: str | None = None
        self._meant: list[str] = []
        """What the command was about that ran last."""
        self._passed: dict[str, int] = {}
        self._problems: tuple[str, ...] = ()
        self._telling: Timer | None = None

    # The list

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield OneLine(id="view")
                yield Rows(self.COLUMNS, empty=self.EMPTY, match=self._match, fill=self._row)
                yield OneLine(id="told")
            yield Page()

    def fill(self) -> None:
        self._others = self._who_looks_where()
        super().fill()
        self._show_view()
        for screen in self.app.screen_stack:
            if (
                isinstance(screen, Renewed) and screen.is_mounted
            ):  # one that is only coming will look by itself
                screen.renew()

    def rows_now(self) -> Sequence[Row]:
        try:
            queue = self.workspace.queue.queue(self._view, archived=self._archived)
        except Refused:
            self._view = ALL  # somebody took the view away
            queue = self.workspace.queue.queue(ALL, archived=self._archived)
        self._found = {one.ticket.id: one for one in queue.entries}
        self._problems = queue.problems
        known = self._rows
        self._rows = {id_: known.get(id_) or Row(id_, ()) for id_ in self._found}
        return list(self._rows.values())

    def _match(self, query: str, rows: Sequence[Row]) -> Sequence[Row]:
        """The queue's own search."""
        queue = self.workspace.queue.queue(self._view, query, archived=self._archived)
        self._problems = queue.problems
        known = self._rows
        try:
            return [known[one.ticket.id] for one in queue.entries]
        except KeyError:  # a search for resolved ones finds more than the list has
            self._found |= {one.ticket.id: one for one in queue.entries}
            return [Row(one.ticket.id, ()) for one in queue.entries]

    def _row(self, bare: Row) -> Row:
        """What is to be seen of a ticket."""
        found = self._found[bare.key]
        row = self.workspace.queue.row(found)
        style = style_of(row.state)
        me = self.workspace.me.login
        subject = row.subject[:CUT_SUBJECT]
        return Row(
            row.id,
            (
                (self._flags(row.id, row.unread), "warn"),
                (row.id, "muted"),
                (f"{row.glyph} {row.left}", style),
                (f"{row.priority} {row.tier[:TIER_SIGNS]}", URGENT_PRIORITIES.get(row.priority, "")),
                row.customer,
                (subject, "strong") if row.unread else subject,
                ("you" if row.assignee == me else row.assignee or "–", "muted"),
                (level_sign(self.workspace.handbook.levels, found.ticket), "muted"),
                (row.words, "muted"),
            ),
        )

    def _flags(self, id_: str, unread: bool) -> str:
        """✎ somebody answers it, ◉ somebody looks at it; • it has news for me."""
        others = self._others.get(id_, ())
        there = "✎" if any(one.typing for one in others) else "◉" if others else " "
        return f"{there}{'•' if unread else ' '}"

    def _who_looks_where(self) -> dict[str, list[Visitor]]:
        found: dict[str, list[Visitor]] = {}
        for session in self.workspace.presence.here():
            if session.looking_at:
                found.setdefault(session.looking_at, []).append(session)
        return found

    def minute(self) -> None:
        """Clocks have gone on; what slept may be awake."""
        self.refill()

    # What stands above and below it

    @on(Rows.Counted)
    def _show_view(self) -> None:
        view, count = self._view_now(), self.rows.count
        beyond = not view.search and self.rows.finds_more
        marked = len(self.rows.marked)
        hidden = marked - len(self.rows.marked_shown)
        if not any(line.value for line in self.query(FilterLine)):
            self._problems = ()
        spans: list[Span] = [
            ("Found" if beyond else view.name, "heading"),
            (f"  {count:,} ticket{'s' if count != 1 else ''}", ""),
        ]
        spans += [(" · archive too", "warn")] if self._archived else []
        spans += [(" · reading the archive …", "warn")] if self._reading else []
        spans += [(f" · {marked} marked", "marked")] if marked else []
        spans += [(f", {hidden} of them hidden", "warn")] if hidden else []
        spans += [(f" · {one_line(problem)}", "warn") for problem in self._problems[:1]]
        self.query_one("#view", OneLine).show(spans)

    def _view_now(self) -> QueueView:
        views = self.workspace.queue.views()
        return next((view for view in views if view.key == self._view), views[0])

    @on(Rows.Moved)
    def _tell_soon(self) -> None:
        if self._telling is not None:
            self._telling.stop()
        self._telling = self.set_timer(FOLLOW_AFTER, self._show_told)

    def _show_told(self) -> None:
        found = self._found.get(self.rows.key or "")
        if found is None:
            self.query_one("#told", OneLine).show([])
            return
        row = self.workspace.queue.row(found)
        others = ", ".join(
            f"{'✎' if one.typing else '◉'} {one_line(one.name)}" for one in self._others.get(row.id, ())
        )
        spans: list[Span] = [(f"{row.glyph} {one_line(row.words)}", style_of(row.state))]
        spans += [(f"  {others}", "warn")] if others else []
        spans += [(f"  {one_line(labels_in_words(row.labels))}", "muted")] if row.labels else []
        self.query_one("#told", OneLine).show(spans)

    # The ticket

    @property
    def _key(self) -> str | None:
        """What is open stays open, though it may have left the list."""
        return self._opened if self.is_open and self._opened else self.rows.key

    def tell(self) -> None:
        self._show_told()
        if not (self.is_wide or self.is_open):
            return
        key = self._key
        self.page.show(self.page_of(key) if key is not None else (), same=key == self._told)
        self._told = key

    def page_of(self, key: str) -> Sequence[Para]:
        found = self._ticket(key)
        if found is None:
            return [Para(f"{key} is gone: its making was taken back.", "muted")]
        from screens.triage import page as telling  # after the list is to be seen

        return telling.page(self.workspace, found, self._others.get(key, ()), self._whole)

    def _ticket(self, id_: str) -> Ticket | None:
        known = self.workspace.tickets.get(id_)
        return known or (self._found[id_].ticket if id_ in self._found else None)

    @on(Rows.Opened)
    def _look(self, event: Rows.Opened) -> None:
        self._opened, self._whole = event.row.key, False
        ticket = self._ticket(event.row.key)
        if ticket is None:
            return

        def look() -> None:
            self.workspace.queue.look(ticket)
            self.post_message(self.Looked())

        self.fleettui.write_quietly(look)

    @on(Looked)
    def _no_longer_unread(self) -> None:
        self.rows.refill_cells()

    @on(Page.Left)
    def _forget_opened(self) -> None:
        self._opened = None

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_open and self._opened:
            self.fleettui.present(self.NAME, self._opened)

    def to_copy(self) -> str:
        found = self._ticket(self._key or "")
        return self.text_of(found) if found else ""

    def customer_here(self) -> str:
        found = self._ticket(self._key or "")
        return found.customer_id if found else ""

    # What commands are about

    def targets(self) -> list[str]:
        """An open ticket is what one reads: marks count only in the list, and only those that can be seen there."""
        marked = [] if self.is_open else self.rows.marked_shown
        self._meant = marked or ([self._key] if self._key is not None else [])
        return self._meant

    def here(self) -> Ticket:
        if self._key is None:
            raise Refused(NONE_HERE)
        self._meant = [self._key]
        return self.workspace.tickets.find(self._key)

    def acted(self) -> None:
        if not self.is_open:
            self.rows.clear_marks()

    def open_over(self, screen: Screen[Any], then: Callable[[Any], None] | None = None) -> None:
        """A list to choose from covers the queue: it says what is chosen for."""
        from screens.dialogs.picker import Picker

        if isinstance(screen, Picker):
            screen.about = self._meant_in_words()
        super().open_over(screen, then)

    def _meant_in_words(self) -> str:
        if len(self._meant) != 1:
            return f"{len(self._meant)} tickets: {', '.join(self._meant)}"
        found = self._ticket(self._meant[0])
        return f"{self._meant[0]} · {found.subject}" if found else self._meant[0]

    def why_not(self, command_id: str) -> str | None:
        if command_id.startswith("triage.") and command_id not in WITHOUT_TICKET and not self.targets():
            return NONE_HERE
        return None

    # Going about

    def do_next(self) -> None:
        queue = self.workspace.queue
        if self.is_open and self._opened:
            self._passed[self._opened] = self.here().rev
        skip = {id_ for id_, rev in self._passed.items() if self._rev(id_) == rev}
        found = queue.next(skip)
        if found is None and skip:
            self._passed = {}  # once round: those that were passed come again
            found = queue.next([self._opened] if self._opened else [])
        if found is None:
            self.fleettui.say("Nothing wants an answer that nobody else has open.")
            return
        self.reveal(found.ticket.id)
        self.rows.do_open()

    def _rev(self, id_: str) -> int:
        found = self.workspace.tickets.get(id_)
        return found.rev if found else -1

    def reveal(self, id_: str, step: str = "") -> None:
        """The cursor on it; filter and view give way, as far as they must."""
        self._opened = None
        if self.rows.go_to(id_):
            return
        for give_way in (self._no_filter, self._every_ticket, self._archive_too):
            give_way()
            if self.rows.go_to(id_):
                return
        self.fleettui.say(f"There is no ticket {id_}.", "warning")

    def _no_filter(self) -> None:
        for line in self.query(FilterLine):
            line.do_clear()

    def _every_ticket(self) -> None:
        self._go_to_view(ALL)

    def _archive_too(self) -> None:
        """At once, though it may take a moment: the next key is meant for the ticket that was gone to."""
        self._archived = True
        self.fill()

    def _go_to_view(self, key: str) -> None:
        self._view = key
        self.fill()

    def do_views(self) -> None:
        from screens.triage.choices import Choice

        def go(key: str | None) -> None:
            if key is not None:
                self._go_to_view(key)

        self.fleettui.push_screen(Choice("which view?", self.choices.views), go)

    def do_next_view(self, by: int = 1) -> None:
        keys = [view.key for view in self.workspace.queue.views()]
        at = keys.index(self._view) if self._view in keys else 0
        self._go_to_view(keys[(at + by) % len(keys)])

    def do_last_view(self) -> None:
        self.do_next_view(-1)

    def do_keep_view(self) -> None:
        from screens.dialogs.form import Form, FormField, Values

        view, typed = self._view_now(), "".join(line.value for line in self.query(FilterLine))
        search = f"{view.search} {typed}".strip()
        fields = [
            FormField("name", "Name", hint="what the team calls it"),
            FormField("search", "Search", search),
        ]

        def save(values: Values) -> QueueView:
            return self.workspace.queue.save_view(values.get("name", ""), values.get("search", search))

        def saved(made: QueueView) -> None:
            self._no_filter()
            self._go_to_view(made.key)
            self.fleettui.say(f"“{made.name}” is a view for everybody now. u takes it back.")

        self.open_over(Form("Keep this as a view", fields, about="ticket view", save=save, saved=saved))

    def do_archive(self) -> None:
        if self._archived:
            self._archived = False
            self.workspace.queue.forget_archive()
            self.fill()
        elif not self._reading:
            self._reading = True
            self._show_view()
            self.fleettui.write(
                self.workspace.queue.read_archive, self._archive_is_read, self._archive_is_not
            )

    def _archive_is_read(self, _: None) -> None:
        self._reading, self._archived = False, True
        self.fill()

    def _archive_is_not(self, error: Exception) -> None:
        self._reading = False
        self._show_view()
        self.fleettui.report(error, "reading the archive")

    def do_older(self) -> None:
        self._whole = not self._whole
        self.tell()

    def do_mark(self) -> None:
        self.rows.toggle_mark()

    def do_mark_all(self) -> None:
        if self.rows.marked:
            self.rows.clear_marks()
        else:
            self.rows.mark_all()
