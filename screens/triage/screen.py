"""Triage: the queue with the most urgent ticket on top, its views, a search while typing, and the page of a ticket.

The cells of a row are made when the row is first seen, so that a key costs as much as it shows, however long the queue is. What
the keys do is in actions/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from fleettui.domain.agenda import FIXED, UNSENT
from fleettui.errors import Refused
from fleettui.workspace.tickets.drafts import DraftsOf, by_ticket
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.shell.board import FOLLOW_AFTER, Board
from screens.shell.following import Following
from screens.terminal.text import one_line
from screens.triage.actions.archive import TicketArchive
from screens.triage.actions.arrivals import TicketArrivals
from screens.triage.actions.checklists import TicketChecklists
from screens.triage.actions.deliveries import TicketDeliveries
from screens.triage.actions.files import TicketFileKeys
from screens.triage.actions.flow import TicketFlow
from screens.triage.actions.issue_list import IssueList
from screens.triage.actions.issues import TicketIssues
from screens.triage.actions.macros import TicketMacros
from screens.triage.actions.past import TicketPast
from screens.triage.actions.several import ALONE, SeveralTickets
from screens.triage.actions.tools import TicketTools
from screens.triage.actions.writing import TicketWriting
from screens.triage.listing import ALL, DEPARTMENT_VIEW, QueueListing
from screens.triage.rows import COLUMNS, EMPTY, status_line, ticket_row
from screens.widgets.filter_line import FilterLine
from screens.widgets.info_line import InfoLine
from screens.widgets.lines import Span
from screens.widgets.page import Page, Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from screens.widgets.view_line import ViewLine

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.presence import Visitor

NONE_HERE = "There is no ticket here. [triage.create] writes one down; [board.back] takes a filter away."
WITHOUT_TICKET = frozenset(
    f"triage.{verb}"
    for verb in [
        "create",
        "archive",
        "next",
        "past",
        "issues",
    ]
)
"""What can be done where the list is empty."""


@runtime_checkable
class Renewed(Protocol):
    """A dialog over the queue that shows a ticket of it."""

    def renew(self) -> None: ...


class TriageScreen(Board):
    NAME = "triage"
    CONCERNS = frozenset(
        {"tickets", "views", "issues", "letters", "customers", "people", "handbook", "presence"}
    )
    CHANGES = frozenset({"tickets", "views", "issues", "letters.write"})
    CSS_PATH = "screen.tcss"
    COLUMNS, EMPTY = COLUMNS, EMPTY
    BINDINGS = bindings("triage")
    ALONE = ALONE

    class Looked(Message):
        """It is recorded that I have seen a ticket."""

    def __init__(self) -> None:
        super().__init__()
        self._listing = QueueListing(self.workspace, self.views)
        self._archive = TicketArchive(self.fleettui, self._listing, self)
        self._past = TicketPast(self.fleettui, self._listing, self)
        tools = TicketTools(self.fleettui, self)
        self._writing = writing = TicketWriting(tools)
        self.actions = (
            self._past,
            self._archive,
            TicketFlow(tools, writing),
            writing,
            arrivals := TicketArrivals(tools),
            deliveries := TicketDeliveries(tools, arrivals.write_down),
            TicketIssues(tools, writing),
            IssueList(tools, self),
            TicketChecklists(tools),
            TicketFileKeys(tools),
            Following(self.fleettui, lambda: (self.here().id, self.here().id), self.marked),
            SeveralTickets(self),
            TicketMacros(writing),
        )
        self._deliveries = deliveries
        self.search_words = lambda: self.workspace.queue.search
        self.search_aside = self._listing.search_aside
        self.prepare_search = lambda: self.workspace.queue.prepare_search(archived=self._listing.with_archive)
        self.views.is_found_by_screen = True
        self.views.spans = self._around_views
        self.views.prepare = lambda _: self._listing.counting()
        self._countdown: Timer | None = None
        self._visitors: dict[str, list[Visitor]] = {}
        """Who else has a ticket open."""
        self._drafts: dict[str, DraftsOf] = {}
        """Mine alone, looked up once for all rows."""
        self._opened: str | None = None
        self._whole_timeline = False
        self._passed: dict[str, int] = {}
        """The tickets that `n` went on from, with the revision they had."""
        self._status_timer: Timer | None = None

    # The list

    def body(self) -> Iterable[Widget]:
        yield ViewLine()
        with Horizontal(id="board"):
            with Vertical(id="list"):
                yield Rows(
                    COLUMNS, empty=with_keys(EMPTY), match=self._listing.search, fill=self.safely(self._row)
                )
                yield InfoLine(id="status")
            yield Page()

    def fill(self) -> None:
        self._drafts = by_ticket(self.workspace.drafts)
        self._visitors = {}
        for visitor in self.workspace.presence.here():
            if visitor.looking_at and self._past.at is None:
                self._visitors.setdefault(visitor.looking_at, []).append(visitor)
        super().fill()
        self.show_view()
        for screen in self.app.screen_stack:
            # One that is not mounted yet will look by itself.
            if isinstance(screen, Renewed) and screen.is_mounted:
                screen.renew()

    def rows_now(self) -> Sequence[Row]:
        return self._listing.rows()

    def _row(self, bare: Row) -> Row:
        entry = self._listing.entry(bare.key)
        if entry is None:
            return bare
        self.workspace.queue.refuse_circle(entry.ticket)
        return ticket_row(
            self.workspace, entry, self._visitors_of(bare.key), self._past.at, self._drafts.get(bare.key)
        )

    def _visitors_of(self, id_: str) -> Sequence[Visitor]:
        return self._visitors.get(id_, ())

    def minute(self) -> None:
        """What was snoozed may be open again, and every clock has gone on."""
        self.refill()

    # What stands above and below it

    @on(Rows.Counted)
    def show_view(self) -> None:
        listing, rows = self._listing, self.rows
        self.views.finds_more = not listing.view.search and rows.listing.finds_more
        if not self.views.filter_text():
            listing.end_search()
        if listing.lacks_archive:
            self._archive.search_archive()
        self.views.show()

    def _around_views(self) -> tuple[Sequence[Span], Sequence[Span]]:
        """Stands on the line of the views, before and after them."""
        listing, rows = self._listing, self.rows
        marked = len(rows.listing.marked)
        hidden = marked - len(rows.listing.marked_shown)
        spans: list[Span] = []
        if listing.note or listing.with_archive:
            spans.append((f" · {listing.note or 'archive too'}", "warn"))
        spans += [(" · reading the archive …", "warn")] if listing.is_reading_archive else []
        spans += [(f" · {marked} marked", "marked")] if marked else []
        spans += [(f", {hidden} of them hidden", "warn")] if hidden else []
        spans += [(f" · {one_line(problem)}", "warn") for problem in listing.problems[:1]]
        return self._past.spans(), spans

    @on(Rows.Moved)
    def _show_status_soon(self) -> None:
        if self._status_timer is not None:
            self._status_timer.stop()
        self._status_timer = self.set_timer(FOLLOW_AFTER, self._show_status)

    def _show_status(self) -> None:
        entry = self._listing.entry(self.rows.key)
        visitors = self._visitors_of(entry.ticket.id) if entry else ()
        draft = self._drafts.get(entry.ticket.id) if entry else None
        spans = status_line(self.workspace, entry, visitors, self._past.at, draft) if entry else []
        self.parts.get(InfoLine, "#status").show(spans)

    # The ticket

    @property
    def key(self) -> str | None:
        """An open ticket stays open even when it has left the list."""
        return self._opened if self.is_open and self._opened else self.rows.key

    def show_page(self) -> None:
        self._show_status()
        super().show_page()
        if self._countdown is not None:
            self._countdown.stop()
            self._countdown = None
        if self._deliveries.count_down(self.ticket(self.key)):
            self._countdown = self.set_timer(1, self.show_page)

    def page_of(self, key: str) -> Sequence[Para]:
        ticket = self.ticket(key)
        if ticket is None:
            return [Para(f"{key} is gone: its making was taken back.", "muted")]
        from screens.triage.page import page, past_page  # after the list is shown

        if self._past.at is not None:
            return past_page(self.workspace, ticket, self._past.at, self._whole_timeline, asked=self.asked)
        draft = self._drafts.get(key)
        return page(
            self.workspace, ticket, self._visitors_of(key), self._whole_timeline, draft, asked=self.asked
        )

    @on(Rows.Opened)
    def _look(self, event: Rows.Opened) -> None:
        self._opened, self._whole_timeline = event.row.key, False
        ticket = self.ticket(event.row.key)
        if ticket is None or self._past.at is not None:
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

    @on(Page.Searched)
    def _show_whole_timeline(self) -> None:
        self._whole_timeline = True
        self.show_page()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_open and self._opened:
            self.fleettui.announce(self.NAME, self._opened)

    def to_copy(self) -> str:
        ticket = self.ticket(self.key)
        if ticket is None or self._past.at is not None:
            return super().to_copy()
        from screens.triage.page import conversation
        from screens.widgets.page import plain

        return plain(conversation(self.workspace, ticket))

    def customer_here(self) -> str:
        ticket = self.ticket(self.key)
        return ticket.customer_id if ticket else ""

    # Another moment

    def show_other_time(self) -> None:
        self.rows.set_marks()
        if self.is_open:
            self.rows.focus()
            self._opened = None
            self.remove_class("-open")
        self.fill()

    async def do_back(self) -> None:
        """Takes the filter away; where there is none, comes back from the past."""
        if self._past.at is not None and not self.views.filter_text():
            self._past.leave()
        else:
            await super().do_back()

    def looking_at(self, key: str) -> str | None:
        return key if self._past.at is None else None

    # What a key is about

    def targets(self) -> list[str]:
        """The open ticket; in the list the marked ones that no filter hides, else the one under the cursor."""
        marked = [] if self.is_open else self.rows.listing.marked_shown
        return marked or ([self.key] if self.key is not None else [])

    def here(self) -> Ticket:
        if self.key is None:
            raise Refused(with_keys(NONE_HERE))
        return self.workspace.tickets.find(self.key)

    def ticket(self, id_: str | None) -> Ticket | None:
        return self._listing.ticket(id_)

    def after_change(self) -> None:
        if not self.is_open:
            self.rows.set_marks()

    def why_not(self, command_id: str) -> str | None:
        if command_id.startswith("triage.") and command_id not in WITHOUT_TICKET and not self.targets():
            return with_keys(NONE_HERE)
        return None

    # Moving about

    def do_next(self) -> None:
        queue = self.workspace.queue
        if self.is_open and self._opened:
            self._passed[self._opened] = self.here().rev
        unchanged = {id_ for id_, rev in self._passed.items() if self._revision(id_) == rev}
        entry = queue.next(unchanged)
        if entry is None and unchanged:
            self._passed = {}  # once round: those that were passed come again
            entry = queue.next([self._opened] if self._opened else [])
        if entry is None:
            self.fleettui.say("Nothing wants an answer that nobody else has open.")
            return
        self.reveal(entry.ticket.id)
        self.rows.do_open()

    def _revision(self, id_: str) -> int:
        ticket = self.workspace.tickets.get(id_)
        return ticket.rev if ticket else -1

    def reveal(self, id_: str, step: str = "") -> None:
        """Put the cursor on it; filter and view are taken away and the archive is added, as far as that is needed. `step` names
        the view to show it in (without a ticket: the view to show), or is FIXED: then the customer is owed a word, and the
        text for it is opened."""
        self._opened = None
        if self._past.at is not None:
            self._past.leave()
        if step == FIXED:
            self.call_later(self._writing.tell_fixed, id_)
        elif step and step != UNSENT:
            self.views.go_to(step)
        if not id_ or self.rows.go_to(id_):
            return
        ticket = self.workspace.tickets.get(id_)
        view = DEPARTMENT_VIEW if ticket is not None and ticket.is_for_department else ALL
        show_all = partial(self.views.go_to, view)
        for give_way in (self.views.end_filter, show_all):
            give_way()
            if self.rows.go_to(id_):
                return
        self._archive.go_to(id_)

    def show_found(self, search: str) -> None:
        self.views.go_to(ALL)
        self.call_later(self._filter_by, search)

    async def _filter_by(self, search: str) -> None:
        await self.do_filter()
        for line in self.query(FilterLine):
            line.value = search
            await line.do_done()

    def do_older(self) -> None:
        self._whole_timeline = not self._whole_timeline
        self.show_page()
