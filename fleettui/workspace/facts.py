"""What the work itself shows, wherever somebody asks for it: when we were in touch with a customer (GTM-9), which calls were
held, which playbooks were carried through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from fleettui.documents import Document
from fleettui.domain.calls.model import HeldCall, held_call
from fleettui.domain.playbooks.runs import CarriedOut, carried_out
from fleettui.store.protocol import Collection, RowCollection, Store
from fleettui.workspace.collections import CALLS, RUNS, TICKETS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.customers.in_touch import LastContact, Touch
    from fleettui.domain.customers.model import Customer, Opportunity
    from fleettui.domain.tickets.model import Ticket

T = TypeVar("T", bound=Document)
F = TypeVar("F")


class _Known(NamedTuple, Generic[F]):
    listed: object
    """The document, or its row."""
    fact: F | None
    is_finished: bool


class Remembered(Generic[T, F]):
    """One small fact for each document of a collection, by its id, kept until the document changes: what every row of a list
    asks for must not cost a walk over all documents. A document of which `fact_of` says nothing has none."""

    def __init__(
        self,
        store: Store,
        collection: Collection[T],
        fact_of: Callable[[T], F | None],
        is_left_for_later: Callable[[], bool],
    ) -> None:
        """`is_left_for_later`: asked where the archive is to be read. If it is, `read_past` follows in another thread."""
        self._store, self._collection, self._fact_of = store, collection, fact_of
        self._is_left_for_later = is_left_for_later
        self._listed: list[Any] = []
        self._unarchived: dict[str, _Known[F]] = {}
        self._archived: dict[str, F] = {}
        self._reaches_to = self._wanted = date.max
        self._facts: Mapping[str, F] | None = None
        self._changing = Lock()

    def since(self, day: date) -> Mapping[str, F]:
        """Of all that was finished on that day or later, and of all that is open. The same object while nothing changes.

        The archive is read once, as far back as it was ever asked for; where that is left for later, its facts are missing
        until then."""
        if day < self._reaches_to:
            self._wanted = min(day, self._wanted)
            if not self._is_left_for_later():
                self.read_past()
        with self._changing:
            return self._up_to_date()

    def read_past(self) -> bool:
        """Read the archive as far back as it was asked for; whether that brought anything."""
        day = self._wanted
        if day >= self._reaches_to:
            return False
        with self._changing:
            # What leaves from now on for the archive is noticed there.
            self._up_to_date()
            unarchived = frozenset(self._unarchived)
        # Who asks for more than before goes back step by step, a period at a time: then it is read to its beginning, once.
        first = self._reaches_to == date.max
        every = self._store.all(self._collection, archived=True, since=day if first else None)
        facts = (
            (document.id, self._fact_of(document)) for document in every if document.id not in unarchived
        )
        news = {id_: fact for id_, fact in facts if fact is not None}
        with self._changing:
            self._archived |= news
            self._reaches_to = day if first else date.min
            self._facts = None
        return bool(news)

    def _up_to_date(self) -> Mapping[str, F]:
        listed, facts = self._listed_now(), self._facts
        if facts is None or listed != self._listed:
            self._look_again(listed)
            facts = self._facts = self._together()
        return facts

    def _listed_now(self) -> list[Any]:
        """The documents, or their rows: each is another object as soon as it has changed."""
        collection = self._collection
        return (
            self._store.rows(collection)
            if isinstance(collection, RowCollection)
            else self._store.all(collection)
        )

    def _look_again(self, listed: list[Any]) -> None:
        known = self._unarchived
        fresh = [each.id for each in listed if each.id not in known or known[each.id].listed is not each]
        documents = self._store.bodies(self._collection, fresh)
        now: dict[str, _Known[F]] = {}
        for each in listed:
            document = documents.get(each.id)
            if document is not None:
                is_finished = self._collection.finished(document) is not None
                now[each.id] = _Known(each, self._fact_of(document), is_finished)
            elif each.id in known:
                now[each.id] = known[each.id]
        # What was finished and is gone went to the archive; what was open was taken back.
        self._archived |= {
            id_: kept.fact
            for id_, kept in known.items()
            if id_ not in now and kept.fact is not None and kept.is_finished
        }
        self._listed, self._unarchived = listed, now

    def _together(self) -> dict[str, F]:
        archived = {id_: fact for id_, fact in self._archived.items() if id_ not in self._unarchived}
        return archived | {id_: kept.fact for id_, kept in self._unarchived.items() if kept.fact is not None}


class Facts:
    """Read from tickets, calls and runs; each is kept until its document changes."""

    def __init__(self, session: Session, is_left_for_later: Callable[[], bool] = lambda: False) -> None:
        """`is_left_for_later`: asked where the archive is to be read. An app says yes on its event loop, and then calls
        `read_past` beside it."""
        self._session, self._is_left_for_later = session, is_left_for_later
        self._calls = Remembered(session.store, CALLS, held_call, is_left_for_later)
        self._runs = Remembered(session.store, RUNS, carried_out, is_left_for_later)
        self._asked_for: list[Remembered[Any, Any]] = [self._calls, self._runs]
        self._newest: tuple[Mapping[str, Touch], Mapping[str, HeldCall], dict[str, LastContact]] | None = None

    @cached_property
    def _touches(self) -> Remembered[Ticket, Touch]:
        from fleettui.domain.tickets.contact import newest_touch  # late: Today does without

        made = Remembered(self._session.store, TICKETS, newest_touch, self._is_left_for_later)
        self._asked_for.append(made)
        return made

    def held_calls(self, since: date) -> Mapping[str, HeldCall]:
        """Calls with customers that took place on that day or later, by their ids."""
        return self._calls.since(since)

    def carried_out(self, since: date) -> Mapping[str, CarriedOut]:
        """Playbooks that were finished on that day or later, by the ids of their runs."""
        return self._runs.since(since)

    def last_contact(self, customer: Customer, opportunity: Opportunity | None = None) -> LastContact | None:
        """GTM-9, of one customer; a list asks for `at_work` once."""
        from fleettui.domain.customers.in_touch import last_contact

        return last_contact(customer, self.at_work().get(customer.id), opportunity)

    def read_past(self) -> bool:
        """Read from the archive what was left for later; whether that brought anything."""
        news = [asked_for.read_past() for asked_for in self._asked_for]
        return any(news)

    def at_work(self) -> Mapping[str, LastContact]:
        """By the ids of customers, the newest contact that tickets and calls show."""
        from fleettui.domain.customers.in_touch import LastContact, Touch

        policy = self._session.policy
        gtm = policy.handbook.gtm
        back = max(gtm.contact.read_days, gtm.quiet_days + 1)
        oldest = self._session.today() - timedelta(days=back)
        touches, calls = self._touches.since(oldest), self._calls.since(oldest)
        known = self._newest
        if known is None or known[0] is not touches or known[1] is not calls:
            held = [Touch(call.customer, call.start, "call", call.id) for call in calls.values()]
            newest: dict[str, Touch] = {}
            for touch in (*touches.values(), *held):
                if touch.customer not in newest or touch.at > newest[touch.customer].at:
                    newest[touch.customer] = touch
            days = {
                customer: LastContact(touch.at.astimezone(policy.zone).date(), touch.how, touch.id)
                for customer, touch in newest.items()
            }
            known = self._newest = (touches, calls, days)
        return known[2]
