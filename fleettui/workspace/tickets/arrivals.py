"""How tickets come in, are found and changed. What people do with them is in `actions.py`.

Several `ids` are one change: all or none, and one undo reverts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets import fields as ticket_fields
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.answers import repeated_automatic, with_team_answer
from fleettui.domain.tickets.arrivals import Arrival, Arrived, opened, refuse_no_subject
from fleettui.domain.tickets.messages import (
    NewMessage,
    cleaned,
    deleted,
    edited,
    has_message,
    noted,
    received,
    replied,
    written_at,
)
from fleettui.domain.tickets.model import Ticket, TicketRow
from fleettui.errors import Refused, all_checked
from fleettui.text import cleaning
from fleettui.workspace.channels import fitting
from fleettui.workspace.collections import CUSTOMERS, PEOPLE, TICKETS
from fleettui.workspace.session import Session, editing_existing, refuse_removed
from fleettui.workspace.tickets.threads import ArchivedThreads

if TYPE_CHECKING:
    from fleettui.domain.team.people import Person
    from fleettui.policy.handbook import Handbook
    from fleettui.workspace.tickets.file_keeper import FileKeeper

Ids = str | Sequence[str]
Edit = Callable[[Ticket], Ticket]

NOBODY = ("", "nobody", "none")


class _Taken(Exception):
    """Another session was first: it made the ticket `id` for this thread, or merged ours into it."""

    def __init__(self, id_: str) -> None:
        self.id = id_


class Arrivals:
    """Finding, opening and changing tickets; `Tickets` adds what people do with them."""

    def __init__(self, session: Session, keeper: FileKeeper) -> None:
        self._session, self._store, self._keeper = session, session.store, keeper
        self._archived = ArchivedThreads(lambda: self.all(archived=True))

    # -- reading

    def get(self, id_: str) -> Ticket | None:
        return self._store.get(TICKETS, id_)

    def find(self, typed: str) -> Ticket:
        """By id, as people say it: T-1042, t-1042, #1042 or 1042."""
        id_ = cleaning.line(typed, 40).upper().removeprefix("#")
        id_ = id_ if id_.startswith("T-") else f"T-{id_}"
        ticket = self.get(id_)
        if ticket is None:
            refuse_removed(self._store, TICKETS, id_)
            raise Refused(f"There is no ticket {cleaning.line(typed, 40)!r}.")
        return ticket

    def all(self, *, archived: bool = False) -> list[Ticket]:
        return self._store.all(TICKETS, archived=archived)

    def which(self, fits: Callable[[TicketRow], object]) -> list[Ticket]:
        """Those that are not archived and whose row fits: only these are read."""
        ids = [row.id for row in self._store.rows(TICKETS) if fits(row)]
        return list(self._store.bodies(TICKETS, ids).values())

    def archived_of(self, *keys: str) -> Ticket | None:
        """The ticket, archived or not, to whose conversation one of the keys belongs."""
        id_ = self._archived.find(keys, self._session.now())
        return self.get(id_) if id_ else None

    def as_of(self, when: datetime) -> list[Ticket]:
        """All tickets as they were at that moment."""
        return self._store.as_of(TICKETS, when)

    def survivor(self, ticket: Ticket) -> Ticket:
        """The ticket that continues a merged one; the ticket itself where it was not merged."""
        passed = {ticket.id}
        while ticket.merged_into:
            ticket = self.find(ticket.merged_into)
            if ticket.id in passed:
                ids = " and ".join(sorted(passed))
                raise Refused(
                    f"{ids} are merged into each other; `fleettui undo {ticket.id}` takes a merge back"
                )
            passed.add(ticket.id)
        return ticket

    # -- what comes in

    def new(
        self,
        customer: str,
        subject: str,
        *,
        body: str = "",
        tier: str = "",
        priority: str = "",
        at: datetime | str | None = None,
        by: str = "",
        **more: Any,
    ) -> Ticket:
        """Typed in by one of us. `more` are channel, thread, way, link, by_dm, labels, assignee. Without a body the subject is
        the message. A thread that has a ticket gets no second one. All that is wrong is said at once."""
        typed = {
            "customer": customer,
            "subject": subject or body,
            "priority": priority,
            "tier": tier,
            "at": at,
        }
        read = all_checked({**typed, "assignee": more.get("assignee", "")}, self._read_new)
        listed, when = read["customer"], read["at"]
        name = listed.name if listed else customer
        arrival = Arrival(
            thread=more.get("thread", ""), at=when, by=by or name, body=body or subject, subject=subject,
            customer=name, customer_id=listed.id if listed else "",
            tier=tier, priority=priority, channel=more.get("channel", ""), way=more.get("way", ""),
            link=more.get("link", ""), by_dm=more.get("by_dm", False),
        )  # fmt: skip
        try:
            return self._add(arrival, "tickets.new", more.get("labels", ()), read["assignee"])
        except _Taken as taken:
            raise Refused(
                f"{taken.id} is the ticket of this thread; add to that one", field="thread"
            ) from None

    def _read_new(self, field: str, value: Any) -> Any:
        """A field of a ticket that is typed in. An empty tier or priority is worked out."""
        policy, now = self._handbook.sla, self._session.now()
        if field == "at":
            if isinstance(value, str):
                from fleettui.time.typed import moment

                value = moment(value, field, now, self._handbook.zone, past=True) if value.strip() else None
            return written_at(value, now)
        if field in ("customer", "assignee"):
            return self._customer(value) if field == "customer" else self._login(value)
        if field == "subject":
            refuse_no_subject(value)
        elif value:
            named = sla.priority_named if field == "priority" else ticket_fields.tier_named
            named(policy, value)
        return value

    def arrive(self, arrival: Arrival) -> Arrived:
        """SUP-3: add a message to the ticket of its thread, or open one; the same message twice changes nothing. However many
        sessions take in a thread at once, it gets one ticket."""
        id_ = self._of_thread(arrival)
        if id_ is None:
            if not arrival.create:
                return Arrived(result="ignored", ticket=None, why="no ticket has this thread")
            try:
                made = self._add(arrival, "tickets.arrive")
                return Arrived(result="created", ticket=made, why="no ticket had this thread")
            except _Taken as taken:
                id_ = taken.id
        return self._append(id_, arrival)

    def arrive_at(self, id_: str, arrival: Arrival) -> Arrived:
        """The same for a ticket that is known otherwise than by its thread."""
        return self._append(id_, arrival)

    def alter(self, arrival: Arrival, *, gone: bool = False) -> Arrived:
        """The message `arrival.external` was edited, or with `gone` deleted, where it was written."""
        id_ = self._of_thread(arrival)
        if id_ is None:
            return Arrived(result="ignored", ticket=None, why="no ticket has this thread")
        before = self.survivor(self.find(id_))
        if not has_message(before, arrival.external):
            return Arrived(result="ignored", ticket=before, why="no ticket has this message")

        def edit(ticket: Ticket) -> Ticket:
            if gone:
                return deleted(ticket, arrival.external, arrival.at)
            return edited(ticket, arrival.external, arrival.body, arrival.at)

        after = self.edit([before.id], edit, "tickets.gone" if gone else "tickets.edited")[0]
        if after.rev == before.rev:
            return Arrived(result="ignored", ticket=after, why="it stands so already")
        return Arrived(result="appended", ticket=after, why="deletion recorded" if gone else "edit recorded")

    def received(self, id_: str, body: str, *, by: str = "", at: datetime | None = None) -> Ticket:
        """The customer wrote again. A message to a merged ticket goes to the one that continues it."""
        ticket = self.survivor(self.find(id_))
        author = by or ticket.contact or ticket.customer
        when = written_at(at, self._session.now())
        message = NewMessage(at=when, by=author, direction="in", body=body)
        prefix = self._prefix

        def edit(fresh: Ticket) -> Ticket:
            if fresh.merged_into:
                raise _Taken(fresh.merged_into)
            return received(fresh, message, prefix)

        try:
            return self.edit(ticket.id, edit, "tickets.received")[0]
        except _Taken as merged:
            # Merged between our look and our change.
            return self.received(merged.id, body, by=by, at=at)

    # -- changing

    def edit(
        self, ids: Ids, edit: Edit, verb: str, *, seen: int | None = None, why: str = ""
    ) -> list[Ticket]:
        """One change to all of `ids`."""
        wanted = [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))
        wanted = [self.find(id_).id for id_ in wanted]
        if len(wanted) == 1:
            return [self._session.edit(TICKETS, wanted[0], edit, verb, why, seen=seen)]
        edits = {id_: editing_existing(TICKETS, id_, edit) for id_ in wanted}
        done = self._store.change_many(TICKETS, edits, self._session.stamp(verb, why))
        return [ticket for ticket in done if ticket is not None]

    # -- inside

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    @property
    def _prefix(self) -> str:
        return self._handbook.labels.waiting_prefix

    def _of_thread(self, arrival: Arrival) -> str | None:
        keys = [tickets.thread_key(key) for key in (arrival.thread, *arrival.also, arrival.external)]
        id_ = self._store.keyed(TICKETS, keys)
        # The first message of a conversation cannot belong to an archived ticket.
        is_reply = bool(arrival.also) or arrival.thread != arrival.external
        if id_ is None and is_reply and any(keys):
            archived = self.archived_of(*keys)
            id_ = archived.id if archived else None
        return id_

    def _add(self, arrival: Arrival, verb: str, labels: Iterable[str] = (), assignee: str = "") -> Ticket:
        whole = self._with_files(self._completed(arrival))
        level = self._handbook.levels.of(whole.priority)
        kept_labels = tickets.labels_of(labels, self._prefix)
        keys = [tickets.thread_key(key) for key in (arrival.thread, *arrival.also, arrival.external)]

        def make(id_: str) -> Ticket:
            # Inside the lock, because another session may have made the ticket since we looked.
            taken = self._store.keyed(TICKETS, keys)
            if taken is not None:
                raise _Taken(taken)
            ticket = opened(
                id_,
                whole,
                level=level.key if level else "",
                assignee=assignee,
                labels=kept_labels,
                untriaged=not arrival.priority,
            )
            return self._with_checklists(ticket)

        return self._store.add(TICKETS, make, self._session.stamp(verb))

    def _completed(self, arrival: Arrival) -> Arrival:
        """The arrival with defaults for an empty subject, customer, tier and priority."""
        sla_policy = self._handbook.sla
        listed = self._store.get(CUSTOMERS, arrival.customer_id) if arrival.customer_id else None
        tier = arrival.tier or (listed.tier if listed else sla.tiers(sla_policy)[0])
        until_chosen = self._counts_until_chosen() if not arrival.priority else ""
        return replace(
            arrival,
            subject=arrival.subject or cleaning.line(arrival.body, 80),
            customer=listed.name if listed else arrival.customer,
            customer_id=listed.id if listed else "",
            tier=ticket_fields.tier_named(sla_policy, tier),
            priority=sla.priority_named(sla_policy, arrival.priority or until_chosen).key,
        )

    def _counts_until_chosen(self) -> str:
        """SUP-19: P3, also where a team has a priority below it."""
        priorities = [priority.key for priority in self._handbook.sla.priorities]
        named = self._handbook.triage.counts_as
        return named if named in priorities else priorities[-1]

    def _with_checklists(self, ticket: Ticket) -> Ticket:
        """P0: an emergency checklist opens with it."""
        return ticket_fields.with_checklists(ticket, self._handbook.tickets, self._session.now())

    def _with_files(self, arrival: Arrival) -> Arrival:
        """SUP-5. The files are on disk before a ticket names them."""
        if not arrival.incoming or arrival.attachments:
            return arrival
        return replace(arrival, attachments=self._keeper.keep(arrival.incoming))

    def _append(self, id_: str, arrival: Arrival) -> Arrived:
        known: list[str] = []
        before = self.survivor(self.find(id_))
        if not has_message(before, cleaned(arrival).external):
            arrival = self._with_files(arrival)

        def edit(ticket: Ticket) -> Ticket:
            if ticket.merged_into:
                raise _Taken(ticket.merged_into)
            after, why = self._with_arrival(ticket, arrival)
            known[:] = [why] if why else []
            return after

        try:
            after = self.edit([before.id], edit, "tickets.arrive")[0]
        except _Taken as taken:
            # Merged between our look and our change.
            return self._append(taken.id, arrival)
        if known:
            return Arrived(result="ignored", ticket=after, why=known[0])
        return Arrived(result="appended", ticket=after, why="the ticket of this thread")

    def _with_arrival(self, ticket: Ticket, arrival: Arrival) -> tuple[Ticket, str]:
        """The ticket with it, or why it is there already. Our own answer counts once, whatever it was typed in (SUP-21)."""
        if has_message(ticket, cleaned(arrival).external):
            return ticket, "this message is known already"
        if arrival.direction == "in":
            return received(ticket, arrival, self._prefix), ""
        if arrival.direction == "out" and arrival.automatic:
            return replied(ticket, arrival), ""
        if arrival.direction == "note":
            posted = repeated_automatic(ticket, arrival) if arrival.automatic else None
            return (
                (ticket, "the automatic answer is recorded already")
                if posted
                else (noted(ticket, arrival), "")
            )
        after, repeated = with_team_answer(ticket, arrival)
        return after, f"the answer of {repeated.by} is recorded already (SUP-21)" if repeated else ""

    def _customer(self, name: str) -> Customer | None:
        """The customer of the list whom the name fits; None for a name that nobody has, which is kept as it is."""
        if not cleaning.line(name):
            raise Refused("say whose ticket it is", field="customer")
        return fitting(self._store.all(CUSTOMERS), name)

    def _login(self, name: str) -> str:
        from fleettui.domain.team.people import matching

        wanted = cleaning.line(name, 100)
        if wanted.casefold() in NOBODY:
            return ""
        if wanted.casefold() in ("me", self._session.login.casefold()):
            return self._session.login
        roster: list[Person] = self._store.all(PEOPLE)
        person = matching(roster, wanted)
        if not person.active:
            raise Refused(
                f"{person.shown} is no longer on the team; choose somebody who is", field="assignee"
            )
        return person.login
