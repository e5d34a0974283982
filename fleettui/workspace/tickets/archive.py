"""Archived tickets, as far as somebody asks for them: the newest that a search finds. What was written in them is read when
somebody looks at one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from fleettui.domain.searching.language import TEXT, Search
from fleettui.domain.tickets import search as ticket_search
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import Ticket, TicketRow
from fleettui.domain.tickets.row import row_of
from fleettui.domain.tickets.search import TicketContext
from fleettui.store.protocol import Narrow, Store
from fleettui.workspace.collections import CUSTOMERS, TICKETS
from fleettui.workspace.tickets.narrowing import narrowed
from fleettui.workspace.tickets.order import QueueOrder

LOOKED_AT = 20_000
"""So many are looked at for them, where the store cannot tell which of them fit."""
ANSWERS = 6
"""So many are kept: of the list, and of the last letters of a search."""
AT_ONCE, OF_ALL = 2000, 20_000
"""So many rows come at once, and where all of them are wanted."""
MADE = 10_000
"""So many entries are kept."""
BODIES = 500
"""So many are read together, to look for words in them."""


class ArchiveAnswer(msgspec.Struct, frozen=True):
    """What was found, and whether there may be more of it; how many archived tickets there are, where that was counted."""

    entries: Sequence[QueueEntry]
    looked_at: int
    is_whole: bool
    is_full: bool = False
    of: int = 0

    @property
    def note(self) -> str:
        """What a list says that does not have all of it."""
        if self.is_whole:
            return ""
        number, words = (
            (len(self.entries), "the newest") if self.is_full else (self.looked_at, "in the newest")
        )
        return f"{words} {number:,} of {self.of:,}; more letters narrow it"


NOTHING = ArchiveAnswer((), 0, is_whole=True)


class ArchiveQuestion(msgspec.Struct, frozen=True):
    """`rest` is what the store cannot tell, `wanted` the whole search; `most` of the answer are enough."""

    narrow: Narrow
    rest: Search
    wanted: Search
    most: int | None
    department: bool

    @property
    def key(self) -> object:
        return (
            self.narrow.needles,
            tuple(sorted(self.narrow.among.items())),
            self.rest,
            self.most,
            self.department,
        )


class TicketArchive:
    """The last answers hold until a ticket enters or leaves the archive, or changes there."""

    def __init__(self, store: Store, order: QueueOrder) -> None:
        self._store, self._order, self._make = store, order, order.entry
        self._terms, self._turn = order.terms, threading.Lock()
        self._answers: dict[object, ArchiveAnswer] = {}
        self._made: dict[str, QueueEntry] = {}
        """For the next letters, which find many of the same."""
        self._unarchived: frozenset[str] = frozenset()
        self._wanted: dict[str, TicketRow] = {}
        """Those that somebody went to."""

    def question(self, wanted: Search, context: TicketContext, most: int | None) -> ArchiveQuestion:
        narrow, rest = narrowed(wanted, context, self._store.all(CUSTOMERS))
        return ArchiveQuestion(narrow, rest, wanted, most, wanted.asks_for(("department",)))

    def known(self, question: ArchiveQuestion) -> ArchiveAnswer | None:
        """The answer, where nobody has to read anything for it."""
        is_old = self._terms is not self._order.terms
        if is_old or not self._unarchived <= {row.id for row in self._store.rows(TICKETS)}:
            self._answers, self._made, self._terms = {}, {}, self._order.terms
        return self._answers.get(question.key)

    def answer(
        self,
        question: ArchiveQuestion,
        context: TicketContext,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> ArchiveAnswer:
        """Slow where it is not known: an app calls it beside its event loop."""
        with self._turn:  # a letter that was overtaken while it waited asks for nothing
            return NOTHING if is_cancelled() else self._answer(question, context, is_cancelled)

    def _answer(
        self, question: ArchiveQuestion, context: TicketContext, is_cancelled: Callable[[], bool]
    ) -> ArchiveAnswer:
        known = self.known(question)
        if known is not None:
            return known
        unarchived = frozenset(row.id for row in self._store.rows(TICKETS))
        answer = self._read(question, context, unarchived, is_cancelled)
        if not is_cancelled():
            if self._unarchived != unarchived:
                self._answers, self._unarchived = {}, unarchived
            self._answers[question.key] = answer
            while len(self._answers) > ANSWERS:
                self._answers.pop(next(iter(self._answers)), None)
        return answer

    def _read(
        self,
        question: ArchiveQuestion,
        context: TicketContext,
        unarchived: frozenset[str],
        is_cancelled: Callable[[], bool],
    ) -> ArchiveAnswer:
        fitting = self._fitting(list(self._wanted.values()), replace(question, rest=question.wanted), context)
        first = {entry.ticket.id for entry in fitting}
        most, looked_at, after = question.most, 0, ""
        at_once = OF_ALL if most is None else AT_ONCE
        while not is_cancelled():
            rows = self._store.select(TICKETS, replace(question.narrow, after=after), at_once)
            looked_at += len(rows)
            old = [row for row in rows if row.id not in unarchived and row.id not in first]
            fitting += self._fitting(old, question, context)
            if len(rows) < at_once:
                is_whole = most is None or len(fitting) <= most
                return self._answered(fitting, most, looked_at, is_whole=is_whole, unarchived=unarchived)
            if most is not None and (len(fitting) >= most or looked_at >= LOOKED_AT):
                return self._answered(fitting, most, looked_at, is_whole=False, unarchived=unarchived)
            after = rows[-1].id
        return NOTHING

    def _answered(
        self,
        fitting: Sequence[QueueEntry],
        most: int | None,
        looked_at: int,
        *,
        is_whole: bool,
        unarchived: frozenset[str],
    ) -> ArchiveAnswer:
        of = 0 if is_whole else self._store.count(TICKETS) - len(unarchived)
        is_full = most is not None and len(fitting) >= most
        return ArchiveAnswer(fitting[:most], looked_at, is_whole, is_full, of)

    def _fitting(
        self, rows: Sequence[TicketRow], question: ArchiveQuestion, context: TicketContext
    ) -> list[QueueEntry]:
        """Judged as everywhere; where words are looked for that the store could not, the tickets are read, some at a time."""
        reads = any(term.field in TEXT for term in question.rest.terms)
        wanted: list[QueueEntry] = []
        at_once = BODIES if reads else OF_ALL
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            bodies = self._store.several(TICKETS, {row.id for row in some}) if reads else {}
            entries = [self._make(row, bodies.get) if reads else self._entry(row) for row in some]
            asked = [entry for entry in entries if entry.ticket.is_for_department is question.department]
            context.having = None
            matching = ticket_search.find(question.rest, asked, context)
            wanted += [self._entry(entry.ticket) for entry in matching] if reads else matching
        return wanted

    def _entry(self, row: TicketRow) -> QueueEntry:
        known = self._made.get(row.id)
        if known is None or known.ticket is not row:
            if len(self._made) >= MADE:
                self._made = {}
            known = self._made[row.id] = self._make(row)
        return known

    def want(self, ticket: Ticket) -> None:
        """Somebody goes to it: it is listed, however old it is."""
        self._wanted[ticket.id] = row_of(ticket)
        self._answers = {}

    def forget(self) -> None:
        self._answers, self._wanted, self._made = {}, {}, {}


class ArchiveLook:
    """One question, asked when a query is run."""

    def __init__(
        self, archive: TicketArchive, order: QueueOrder, question: ArchiveQuestion, context: TicketContext
    ) -> None:
        self._archive, self._order = archive, order
        self._question, self._context = question, context

    @property
    def is_known(self) -> bool:
        return self._archive.known(self._question) is not None

    def __call__(
        self, here: Sequence[QueueEntry], is_cancelled: Callable[[], bool]
    ) -> tuple[Sequence[QueueEntry], str]:
        answer = self._archive.answer(self._question, self._context, is_cancelled)
        return self._order.with_archived(here, answer.entries), answer.note
