"""Rituals that are done by writing a text (RIT-5, RIT-7, RIT-8, RIT-10): drafted from what the workspace holds.

Nothing is sent: the text is changed, copied, and kept as a draft of whoever writes it; whoever ticks may give it as proof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.rituals.model import Ritual
from fleettui.errors import FleettuiError, Refused
from fleettui.text import cleaning
from fleettui.text.gaps import gap, gaps_in
from fleettui.text.mentions import defused
from fleettui.time import wording
from fleettui.time.zones import start_of_day
from fleettui.workspace.collections import CALLS, TICKETS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.customers.model import Customer, Opportunity
    from fleettui.domain.tickets.model import Ticket
    from fleettui.store.beside_documents import Drafts
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.rituals.actions import Rituals
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.tickets.issues import Issues
    from fleettui.workspace.tickets.queue import Queue

MESSAGES = {
    "customer-voice": "ritual-customer-voice",
    "request-backlog": "ritual-request-backlog",
    "feature-requests": "ritual-feature-requests",
    "release-announcements": "release-announcement",
}
"""The message that each ritual is, by the ritual's key."""
OUTAGES = ("P0", "P1")
MOST_ROWS = 60
LONGEST_LIST = 4_000
"""Characters: a text has four lists at most."""
A_DAY = timedelta(days=1)

Given = dict[str, object]


def is_text(ritual: Ritual) -> bool:
    """Whether it is done by writing a text."""
    return ritual.key in MESSAGES


class RitualText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of one period, drafted; `asked` is for whoever writes it, and stands in no text."""

    ritual: str
    name: str
    period: str
    """The id of the period's record."""
    message: str
    text: str
    gaps: tuple[str, ...]
    """What is still to be filled in, as it stands in the text."""
    goes_to: str = ""
    asked: tuple[str, ...] = ()
    draft: str | None = None
    """What I have made of it."""

    @property
    def current(self) -> str:
        """My draft, or else the text."""
        return self.text if self.draft is None else self.draft


class Span(msgspec.Struct, frozen=True):
    """The days that a text is about: the period, and no less than one of its length back from today."""

    first: date
    last: date
    since: datetime
    until: datetime

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until

    @property
    def words(self) -> str:
        return f"{wording.day(self.first)} to {wording.day(self.last)}"


class RitualTexts:
    """Drafts the texts, and keeps what somebody makes of them."""

    def __init__(
        self,
        session: Session,
        rituals: Rituals,
        queue: Queue,
        customers: Customers,
        facts: Facts,
        drafts: Drafts,
        issues: Issues,
    ) -> None:
        self._session, self._rituals, self._queue, self._issues = session, rituals, queue, issues
        self._customers, self._facts, self._drafts = customers, facts, drafts
        self._drafters: dict[str, Callable[[Span], tuple[Given, tuple[str, ...]]]] = {
            "customer-voice": self._customer_voice,
            "request-backlog": self._request_backlog,
            "feature-requests": self._feature_requests,
            "release-announcements": self._release,
        }

    def of(self, name: str, on: date | None = None) -> RitualText:
        """The text of a ritual, by id or name, for the period of that day."""
        ritual = self._rituals.find(name)
        why_not = self.why_none(ritual.id)
        if why_not:
            raise Refused(why_not)
        row = self._rituals.row(ritual.id, on)
        if row is None:
            raise Refused(f"{ritual.name} is not owed on that day")
        given, asked = self._drafters[ritual.key](self._span(row))
        message = MESSAGES[ritual.key]
        text = self._written(message, given)
        goes_to = self._session.policy.handbook.renderer.message(message).by
        return RitualText(
            ritual=ritual.id,
            name=ritual.name,
            period=row.id,
            message=message,
            text=text,
            gaps=gaps_in(text),
            goes_to=ritual.channel or goes_to,
            asked=asked,
            draft=self.draft(row.id),
        )

    def why_none(self, id_: str) -> str | None:
        """A sentence where the ritual is done without a text; None where there is one."""
        ritual = self._rituals.get(id_)
        if ritual is not None and is_text(ritual):
            return None
        names = [other.name for other in self._rituals.all() if is_text(other)]
        these = f"These have: {', '.join(names)}." if names else "No ritual here has."
        return f"{ritual.name if ritual else id_} has no text of its own. {these}"

    def _written(self, message: str, given: Given) -> str:
        """What nobody knows yet is left as a gap to be filled in."""
        writer = self._session.policy.handbook.renderer
        missing = writer.missing(message, given)
        gaps = {variable.name: gap(variable.name, variable.meaning) for variable in missing}
        listed = {variable.name for variable in missing if variable.list}
        return writer.render(
            message, given | {name: [text] if name in listed else text for name, text in gaps.items()}
        )

    def _span(self, row: BoardRow) -> Span:
        today, zone = self._session.today(), self._session.policy.zone
        last = min(row.period.last, today)
        length = row.period.last - row.period.first + A_DAY
        first = min(row.period.first, last - length)
        return Span(first, last, start_of_day(first, zone), start_of_day(last + A_DAY, zone))

    # -- drafts

    def draft_name(self, period: str) -> str:
        return f"ritual text {period}"

    def draft(self, period: str) -> str | None:
        """What I have made of the text of that period; None where nothing is kept."""
        try:
            kept = json.loads(self._drafts.get(self.draft_name(period)) or "{}")
            return str(kept["typed"]["text"])
        except (ValueError, TypeError, KeyError, FleettuiError):
            return None

    def keep(self, period: str, text: str) -> None:
        self._drafts.keep(self.draft_name(period), json.dumps({"typed": {"text": text}, "was": {}}))

    def drop(self, period: str) -> None:
        self._drafts.drop(self.draft_name(period))

    def offer(self, about: str, text: str) -> None:
        """As the proof in the form of that draft, unless something is typed there already."""
        if self._drafts.get(about) is None:
            self._drafts.keep(about, json.dumps({"typed": {"evidence": text}, "was": {}}))

    # -- RIT-5

    def _customer_voice(self, span: Span) -> tuple[Given, tuple[str, ...]]:
        tickets = self._tickets(span)
        by_customer: dict[str, list[Ticket]] = {}
        for ticket in tickets:
            by_customer.setdefault(ticket.customer_id, []).append(ticket)
        calls: dict[str, list[Call]] = {}
        for call in self._session.store.all(CALLS, archived=True, since=span.first):
            if span.holds(call.start) and not call.internal:
                calls.setdefault(call.account, []).append(call)
        paying = {customer.id for customer in self._customers.commercial()}
        key = [
            customer
            for customer in self._customers.by_priority()
            # Who pays, and with whom something is open: a proof of concept.
            if customer.id in paying or any(deal.state == "open" for deal in customer.opportunities)
        ]
        opened = [ticket for ticket in tickets if span.holds(ticket.opened_at)]
        voices = (
            self._voice(customer, by_customer.get(customer.id, []), calls.get(customer.id, []))
            for customer in key
        )
        given: Given = {
            "days": span.words,
            "customers": _bounded(voices),
            "opportunities": _bounded(
                self._opportunity(customer, deal)
                for customer in key
                for deal in customer.opportunities
                if deal.state == "open"
            ),
            "outages": _bounded(self._outage(ticket) for ticket in opened if ticket.priority in OUTAGES),
            "community": _bounded(
                f"{ticket.id} {self._asker(ticket)}, {ticket.way or 'written down'}: {ticket.subject}"
                for ticket in opened
                if ticket.customer_id not in paying and ticket.priority not in OUTAGES
            ),
        }
        return given, ()

    def _voice(self, customer: Customer, tickets: Iterable[Ticket], calls: Iterable[Call]) -> str:
        now = self._session.now()
        unresolved = [ticket for ticket in tickets if ticket.status != "resolved"]
        debts = (self._queue.debt(ticket) for ticket in unresolved)
        late = sum(owed is not None and owed.due is not None and owed.due < now for owed in debts)
        parts = [f"{len(unresolved)} open" + (f", {late} late" if late else "")] if unresolved else []
        parts += [words for call in calls if (words := self._call(call))]
        contact = self._facts.last_contact(customer)
        if contact is None:
            parts.append("no contact known")
        else:
            parts.append(f"last in touch {wording.day(contact.day)} ({contact.words})")
        return f"{customer.shown} ({customer.tier}): {'; '.join(parts)}"

    def _call(self, call: Call) -> str:
        """Held or missed, and when; empty for what is still to come."""
        day = wording.day(call.start.astimezone(self._session.policy.zone).date())
        if call.ended == "held":
            return f"call held {day}"
        return f"call missed {day}" if call.missed_at is not None else ""

    def _opportunity(self, customer: Customer, deal: Opportunity) -> str:
        parts = [f"{deal.amount:,}"] if deal.amount else []
        due = f", by {wording.day(deal.next_step_due)}" if deal.next_step_due else ""
        parts.append(f"next: {deal.next_step}{due}" if deal.next_step else "no next step")
        contact = self._facts.last_contact(customer, deal)
        quiet = contact.days_ago(self._session.today()) if contact else None
        if quiet is None or quiet >= self._session.policy.handbook.gtm.quiet_days:
            parts.append("no contact known" if quiet is None else f"{quiet} days quiet")
        return f"{customer.shown}: {deal.name}, {'; '.join(parts)}"

    def _outage(self, ticket: Ticket) -> str:
        state = f"resolved {self._day(ticket.resolved_at)}" if ticket.resolved_at else "not resolved yet"
        return f"{ticket.priority} {ticket.id} {self._asker(ticket)}: {ticket.subject}, {state}"

    # -- RIT-7, RIT-8

    def _request_backlog(self, span: Span) -> tuple[Given, tuple[str, ...]]:
        requests = self._requests(span)
        given: Given = {
            "days": span.words,
            "ranked": self._ranked(requests),
            "incomplete": _bounded(self._backlog(ticket) for ticket in requests if self._lacks(ticket)),
            "complete": _bounded(self._backlog(ticket) for ticket in requests if not self._lacks(ticket)),
        }
        return given, ()

    def _ranked(self, requests: list[Ticket]) -> list[str]:
        """The issues by how many they touch."""
        from fleettui.workspace.rituals.issue_texts import wanted_rows

        return _bounded(wanted_rows(self._issues.ranked(requests)))

    def _backlog(self, ticket: Ticket) -> str:
        parts = [f"{ticket.id} {self._asker(ticket)}: {ticket.subject}"]
        parts += [ticket.issue] if ticket.issue else []
        parts.append(f"needed by {wording.day(ticket.key_date)}" if ticket.key_date else "no key date")
        lacks = self._lacks(ticket)
        return "; ".join(parts) + (f". Missing: {', '.join(lacks)}" if lacks else "")

    def _feature_requests(self, span: Span) -> tuple[Given, tuple[str, ...]]:
        requests = self._requests(span)
        ready = [ticket for ticket in requests if not self._lacks(ticket)]
        given: Given = {
            "days": span.words,
            "ranked": self._ranked(requests),
            "dated": _bounded(
                f"By {wording.day(ticket.key_date)}: {self._request(ticket)}"
                for ticket in ready
                if ticket.key_date
            ),
            "undated": _bounded(self._request(ticket) for ticket in ready if not ticket.key_date),
            "incomplete": _bounded(self._backlog(ticket) for ticket in requests if self._lacks(ticket)),
        }
        return given, ()

    def _request(self, ticket: Ticket) -> str:
        return f"{ticket.subject} ({self._asker(ticket)}, {ticket.tier}): {ticket.issue}"

    def _requests(self, span: Span) -> list[Ticket]:
        """What customers ask of the product: labelled so, or with an issue; what was resolved in these days, too. The first key
        date first."""
        label = self._session.policy.handbook.labels.customer_request.name
        requests = [
            ticket
            for ticket in self._tickets(span)
            if (label in ticket.labels or ticket.issue)
            and (ticket.status != "resolved" or span.holds(ticket.resolved_at))
        ]
        return sorted(requests, key=lambda ticket: (ticket.key_date or date.max, ticket.id))

    def _lacks(self, ticket: Ticket) -> list[str]:
        from fleettui.domain.tickets.details import missing

        details = missing(ticket, self._session.policy.handbook.details, required=True)
        return [detail.label for detail in details] + ([] if ticket.issue else ["an issue"])

    # -- RIT-10

    def _release(self, span: Span) -> tuple[Given, tuple[str, ...]]:
        """The text goes to customers: it has the public issues that were closed or resolved, what touched most first, and
        nobody's name."""
        from fleettui.workspace.rituals.issue_texts import by_issue, is_fixed

        tickets = [
            ticket
            for ticket in self._tickets(span)
            if ticket.status != "resolved" or span.holds(ticket.resolved_at)
        ]
        linked = by_issue(tickets)
        rows = self._issues.ranked(tickets)
        fixed = [row for row in rows if is_fixed(row, linked[row.id], span.holds)]
        public = [row.link for row in fixed if not row.is_private]
        given: Given = {
            "fixes": [*public[:MOST_ROWS], gap("fixes", "What else it fixes")],
            "link": gap("link", "The release notes"),
        }
        asked = [
            f"{'resolved' if row in fixed else 'not resolved'}: {self._askers(row.link, linked[row.id])}"
            for row in sorted(rows, key=lambda row: row not in fixed)
        ]
        return given, tuple(asked[:MOST_ROWS])

    def _askers(self, issue: str, tickets: Iterable[Ticket]) -> str:
        return f"{issue} {', '.join(f'{self._asker(ticket)} ({ticket.id})' for ticket in tickets)}"

    # -- what they share

    def _tickets(self, span: Span) -> list[Ticket]:
        every = self._session.store.all(TICKETS, archived=True, since=span.first)
        counted = [ticket for ticket in every if not ticket.merged_into and not ticket.is_for_department]
        return sorted(counted, key=lambda ticket: (ticket.opened_at, ticket.id))

    def _asker(self, ticket: Ticket) -> str:
        """Who asks; an anonymous customer by the codename (SUP-13)."""
        customer = self._customers.get(ticket.customer_id) if ticket.customer_id else None
        return customer.shown if customer else ticket.customer

    def _day(self, at: datetime) -> str:
        return wording.day(at.astimezone(self._session.policy.zone).date())


def _bounded(rows: Iterable[str]) -> list[str]:
    """Each in one line, without anything that Slack would take for a mention; what is too much is counted."""
    every = [defused(cleaning.line(row)) for row in rows]
    shown: list[str] = []
    for row in every:
        if len(shown) == MOST_ROWS or sum(map(len, shown)) > LONGEST_LIST:
            break
        shown.append(row)
    more = len(every) - len(shown)
    return [*shown, f"and {more} more"] if more else shown
