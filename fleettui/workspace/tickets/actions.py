"""Actions on tickets. Reading the queue is in `queue.py`, what helps to answer in `support.py`.

Several `ids` are one change: all or none, and one undo reverts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from fleettui.domain.customers.model import Customer, with_contact
from fleettui.domain.tickets import fields as ticket_fields
from fleettui.domain.tickets import lifecycle
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.answers import counted, recorded
from fleettui.domain.tickets.merging import refuse_across
from fleettui.domain.tickets.messages import NewMessage, Overtaken, noted, written_at
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.own_words import NotAnswered
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.workspace.collections import CUSTOMERS, PEOPLE, TICKETS
from fleettui.workspace.session import editing_existing
from fleettui.workspace.tickets.arrivals import Arrivals, Ids
from fleettui.workspace.tickets.sending import with_order


class Tickets(Arrivals):
    """What a person can do with tickets."""

    # -- what goes out

    def reply(
        self,
        id_: str,
        body: str,
        *,
        since: int | None = None,
        wait: bool = False,
        at: datetime | None = None,
        external: str = "",
        copy: bool = False,
    ) -> Ticket:
        """Record our answer, with the order to send it where the policy says so. With `copy`, or where it was given before or
        elsewhere (`at`, `external`), it is only recorded.

        `since` is the revision on which the draft was begun: refused (`Overtaken`) if somebody answered or the customer wrote
        after it. Without it, an answer to a merged ticket goes to the ticket that it was merged into."""
        when = written_at(at, self._session.now())
        answer = NewMessage(at=when, by=self._session.login, direction="out", body=body, external=external)
        ticket = self.find(id_)
        if since is None:
            ticket = self.survivor(ticket)
        leaves = not (copy or at or external)

        def edit(fresh: Ticket) -> Ticket:
            whole = with_order(fresh, answer, self._session) if leaves else answer
            return recorded(fresh, whole, since=since, wait=wait)

        return self.edit(ticket.id, edit, "tickets.reply")[0]

    def reply_each(
        self,
        texts: Mapping[str, str],
        *,
        since: Mapping[str, int],
        wait: bool = False,
        at: datetime | None = None,
        copy: bool = False,
    ) -> list[Ticket]:
        """Record an answer to each of several tickets, by one change. `since` as for `reply`: if somebody answered one of them
        meanwhile, or it was merged, none is answered (`NotAnswered`), so that nothing is sent twice."""
        when = written_at(at, self._session.now())

        def answered(ticket: Ticket) -> Ticket:
            answer = NewMessage(at=when, by=self._session.login, direction="out", body=texts[ticket.id])
            answer = answer if copy or at else with_order(ticket, answer, self._session)
            return recorded(ticket, answer, since=since.get(ticket.id), wait=wait)

        refused: dict[str, Refused] = {}
        for id_ in texts:
            try:
                answered(self.find(id_))
            except Refused as error:
                refused[id_] = error
        if refused:
            raise NotAnswered(refused)
        try:
            return self.edit(list(texts), answered, "tickets.reply")
        except Overtaken as error:  # between our look and our change
            raise NotAnswered({error.id: error}) from None

    def note(self, ids: Ids, body: str) -> list[Ticket]:
        """Add a note for the team."""
        message = NewMessage(at=self._session.now(), by=self._session.login, direction="note", body=body)
        return self.edit(ids, lambda ticket: noted(ticket, message), "tickets.note")

    def count(self, id_: str, message: str = "") -> tuple[Ticket, str]:
        """A mail of ours that nothing proves counts as the answer after all (SUP-21): the ticket, and what was done in words.
        `message` is its key; else it is the newest."""
        words = ""
        names = {person.login: person.shown for person in self._store.all(PEOPLE)}

        def edit(ticket: Ticket) -> Ticket:
            nonlocal words
            after, note, repeated = counted(ticket, message)
            words = f"{names.get(note.by, note.by)}'s mail counts as the answer"
            if repeated is not None:
                recorded_by = names.get(repeated.by, repeated.by)
                words = f"{names.get(note.by, note.by)}'s mail is the answer that {recorded_by} has recorded"
            return after

        return self.edit(self.survivor(self.find(id_)).id, edit, "tickets.count")[0], words

    # -- the flow

    def assign(self, ids: Ids, login: str, *, seen: int | None = None) -> list[Ticket]:
        """Assign to somebody by login or name; "nobody" removes the assignee."""
        assignee = self._login(login)
        return self.edit(
            ids, lambda ticket: lifecycle.assigned(ticket, assignee), "tickets.assign", seen=seen
        )

    def take(self, ids: Ids, *, over: bool = False, seen: int | None = None) -> list[Ticket]:
        """Assign to me. A ticket of somebody else needs `over`."""
        me = self._session.login

        def mine(ticket: Ticket) -> Ticket:
            if ticket.assignee not in ("", me) and not over:
                raise Refused(
                    f"{ticket.id} is {ticket.assignee}'s; take it over on purpose, or leave it there"
                )
            return lifecycle.assigned(ticket, me)

        return self.edit(ids, mine, "tickets.take", seen=seen)

    def label(self, ids: Ids, add: Iterable[str] = (), drop: Iterable[str] = ()) -> list[Ticket]:
        added, dropped = tickets.labels_of(add, self._prefix), tickets.labels_of(drop)
        return self.edit(ids, lambda ticket: lifecycle.labelled(ticket, added, dropped), "tickets.label")

    def wait(self, ids: Ids) -> list[Ticket]:
        """We wait for the customer. An answer that is owed stays owed, until it is given or labelled as SUP-12 says."""
        return self.edit(ids, lifecycle.waiting, "tickets.wait")

    def snooze(self, ids: Ids, until: datetime) -> list[Ticket]:
        """Put it away until that moment, or until the customer writes."""
        now = self._session.now()
        return self.edit(ids, lambda ticket: lifecycle.snoozed(ticket, until, now), "tickets.snooze")

    def merge(self, ids: Ids, into: str, *, across: bool = False) -> tuple[list[Ticket], Ticket]:
        """Returns the tickets that were merged, and the one that continues; `into` may be one of `ids`. One change: undo
        separates them again. Tickets of different customers are merged only `across` customers (`AcrossCustomers`)."""
        named = [ids] if isinstance(ids, str) else ids
        stays = self.survivor(self.find(into)).id
        gone = [id_ for id_ in dict.fromkeys(self.find(id_).id for id_ in named) if id_ != stays]
        if not gone:
            raise Refused(f"{stays} cannot be merged into itself", field="into")
        context, now = self._edit_context(), self._session.now()

        def absorb(ticket: Ticket) -> Ticket:
            others = [self.find(id_) for id_ in gone]
            if not across:
                refuse_across(ticket, others, self._shown)
            for other in others:
                joined = lifecycle.absorbed(ticket, other, context.waiting_prefix)
                ticket = ticket_fields.with_higher_priority(joined, other, context)
            return self._with_checklists(ticket)

        edits = {stays: editing_existing(TICKETS, stays, absorb)} | {
            id_: editing_existing(TICKETS, id_, lambda ticket: lifecycle.merged(ticket, stays, now))
            for id_ in gone
        }
        done = self._store.change_many(TICKETS, edits, self._session.stamp("tickets.merge"))
        survivor, *merged = (ticket for ticket in done if ticket is not None)
        return merged, survivor

    def resolve(
        self,
        ids: Ids,
        *,
        documentation: str | None = None,
        summary: str | None = None,
        unanswered: bool = False,
    ) -> list[Ticket]:
        """`documentation` answers SUP-9: yes, no, or what to write; left out, it is asked again at the end of the week.
        `summary` is what was posted to the channel for a ticket that came by direct message (SUP-8). `unanswered`: also where
        the customer has no answer yet."""
        now, me = self._session.now(), self._session.login
        answer = lifecycle.documentation(documentation, now, me) if documentation else None

        def edit(ticket: Ticket) -> Ticket:
            if summary:
                ticket = replace(ticket, channel_summary=cleaning.clean(summary).strip())
            return lifecycle.resolved(ticket, now, answer, prefix=self._prefix, unanswered=unanswered)

        return self.edit(ids, edit, "tickets.resolve")

    def reopen(self, ids: Ids) -> list[Ticket]:
        return self.edit(ids, lifecycle.reopened, "tickets.reopen")

    def set(
        self, ids: Ids, fields: Mapping[str, Any], *, seen: int | None = None, why: str = ""
    ) -> list[Ticket]:
        """The fields of `fields.EDITABLE`, and the details of SUP-10 by their keys."""
        known, context = self._resolved(fields), self._edit_context()

        def edit(ticket: Ticket) -> Ticket:
            return self._with_checklists(ticket_fields.with_fields(ticket, known, context))

        named = self._newly_named(ids, str(known.get("contact") or ""))
        changed = self.edit(ids, edit, "tickets.set", seen=seen, why=why)
        for customer_id, slack_id in named.items():
            self._remember_contact(customer_id, slack_id, str(known["contact"]))
        return changed

    # -- inside

    def _shown(self, ticket: Ticket) -> str:
        """The customer, or their codename (SUP-13)."""
        listed = self._store.get(CUSTOMERS, ticket.customer_id) if ticket.customer_id else None
        return listed.shown if listed else ticket.customer

    def _newly_named(self, ids: Ids, contact: str) -> dict[str, str]:
        """Whose Slack id the contact that is typed now names, by the id of their customer."""
        from fleettui.domain.tickets.authors import unnamed_author  # late: only when a contact is typed

        named = {}
        for id_ in [ids] if isinstance(ids, str) else ids:
            ticket = self.find(id_)
            customer = self._store.get(CUSTOMERS, ticket.customer_id) if ticket.customer_id else None
            author = unnamed_author(ticket, customer.contacts) if customer and contact.strip() else ""
            if author:
                named[ticket.customer_id] = author
        return named

    def _remember_contact(self, customer_id: str, slack_id: str, name: str) -> None:
        """Typed once on a ticket, the name is known for all of the customer's tickets, and for what arrives later."""

        from fleettui.domain.customers.contacts import contact_of

        def edit(customer: Customer) -> Customer:
            known = contact_of(customer.contacts, name)
            return customer if known and known.slack else with_contact(customer, name, {"slack": slack_id})

        self._session.edit(CUSTOMERS, customer_id, edit, "customers.contact")

    def _edit_context(self) -> ticket_fields.EditContext:
        return ticket_fields.EditContext(
            policy=self._handbook.sla,
            levels=self._handbook.levels,
            details=self._handbook.details,
            now=self._session.now(),
            by=self._session.login,
            waiting_prefix=self._prefix,
        )

    def _resolved(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Names of people and customers become those of the lists, what is typed for a day becomes that day."""
        known = dict(fields)
        if "key_date" in known:
            from fleettui.time import typed

            known = typed.days_read(known, self._session.now(), self._handbook.zone, coming=("key_date",))
        if "assignee" in known:
            known["assignee"] = self._login(str(known["assignee"] or ""))
        if "customer" in known:
            listed = self._customer(str(known["customer"]))
            known["customer"] = listed.name if listed else known["customer"]
            known["customer_id"] = listed.id if listed else ""
        return known
