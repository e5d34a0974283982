"""Issues that tickets are linked to: which touch most, closing one, and who is owed a word then (SUP-11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fleettui.domain.tickets import linked_issues
from fleettui.domain.tickets.linked_issues import LinkedIssue, Outcome, OwedWord, issue_id
from fleettui.workspace.collections import CUSTOMERS, ISSUES, TICKETS
from fleettui.workspace.session import CONNECT, Session

if TYPE_CHECKING:
    from fleettui.domain.tickets.issue_ranking import RankedIssue
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.tickets.issue_orders import IssueOrders

FIXED_MESSAGE = "issue-fixed"
"""The text for whoever is owed a word."""


class Owed(NamedTuple):
    """A customer who is owed a word. `ticket` is where the conversation goes on; `word` names the one that waited."""

    issue: LinkedIssue
    word: OwedWord
    ticket: Ticket


class Issues:
    """What a person can do with issues; the service closes them, too, where GitHub says so."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    @cached_property
    def orders(self) -> IssueOrders:
        """New issues that the service opens."""
        from fleettui.workspace.tickets.issue_orders import IssueOrders

        return IssueOrders(self._session)

    def of_service(self) -> Issues:
        """As the service has them: what it does is in no person's undo."""
        return Issues(replace(self._session, id=CONNECT, request=""))

    # -- reading

    def all(self, *, archived: bool = False) -> list[RankedIssue]:
        """Every issue that tickets are linked to, the one that touches most on top; closed ones last. `archived`: the tickets of
        the archive count, too."""
        return self.ranked(self._store.all(TICKETS, archived=archived))

    def ranked(self, tickets: list[Ticket]) -> list[RankedIssue]:
        """Those of these tickets."""
        from fleettui.domain.tickets import sla
        from fleettui.domain.tickets.issue_ranking import ranked  # late: Today ranks nothing

        customers = {customer.id: customer for customer in self._store.all(CUSTOMERS)}
        return ranked(tickets, customers, self.documents(), sla.tiers(self._session.policy.handbook.sla))

    def documents(self) -> Mapping[str, LinkedIssue]:
        """Those that were closed once, by their ids."""
        return {issue.id: issue for issue in self._store.all(ISSUES)}

    def ticket(self, id_: str) -> Ticket | None:
        return self._store.get(TICKETS, id_)

    def of(self, ticket: Ticket) -> LinkedIssue | None:
        """The issue of a ticket, where it was closed once."""
        return self._store.get(ISSUES, issue_id(ticket.issue)) if ticket.issue else None

    def owed(self) -> Iterator[Owed]:
        """Who is owed a word now, each ticket once. The archive is read only for who had a promise: a ticket that was not
        resolved when the issue was closed was resolved since, if it is there."""
        waiting = [issue for issue in self._store.all(ISSUES) if issue.is_closed and issue.unsettled]
        unarchived = {row.id for row in self._store.rows(TICKETS)} if waiting else set()
        for issue in waiting:
            seen: set[str] = set()
            for word in issue.unsettled:
                ticket = self._going_on(word.ticket) if word.promised or word.ticket in unarchived else None
                if ticket and ticket.id not in seen and linked_issues.is_owed(issue, word, ticket):
                    seen.add(ticket.id)
                    yield Owed(issue, word, ticket)

    def owed_for(self, ticket: str) -> Owed | None:
        """The word that is owed on that ticket."""
        return next((owed for owed in self.owed() if owed.ticket.id == ticket), None)

    def followed(self) -> dict[str, str]:
        """The issues that somebody waits for, by their ids: the link of each."""
        linked = [row.id for row in self._store.rows(TICKETS) if row.issue]
        return linked_issues.followed(self._store.bodies(TICKETS, linked).values())

    def find(self, typed: str) -> str:
        """The id of the issue that somebody means: by its number, its short name or its link."""
        policy = self._session.policy.handbook.tickets.issue
        links = [issue.link for issue in self._store.all(ISSUES)]
        links += [ticket.issue for ticket in self._store.all(TICKETS, archived=True) if ticket.issue]
        return linked_issues.named(typed, links, policy.repository)

    # -- changing

    def close(self, typed: str, *, outcome: Outcome = "done", why: str = "", by: str = "") -> LinkedIssue:
        """Whoever waits for it is owed a word from now on. `by`: who closed it, where that is nobody of ours."""
        return self.close_known(self.find(typed), outcome=outcome, why=why, by=by)

    def close_known(self, id_: str, *, outcome: Outcome = "done", why: str = "", by: str = "") -> LinkedIssue:
        """As `close`, by its id."""
        tickets = self._store.all(TICKETS, archived=True)
        link = next(
            (ticket.issue for ticket in tickets if ticket.issue and issue_id(ticket.issue) == id_), ""
        )
        owed, now, who = linked_issues.waiting(id_, tickets), self._session.now(), by or self._session.login

        def close(issue: LinkedIssue | None) -> LinkedIssue:
            known = link or (issue.link if issue else id_)
            return linked_issues.closed(issue, known, owed, now, who, outcome, why)

        return self._change(id_, close, "issues.close", why)

    def reopen(self, typed: str, *, why: str = "", by: str = "") -> LinkedIssue:
        """Nobody is owed a word any more, until it is closed again."""
        return self.reopen_known(self.find(typed), why=why, by=by)

    def reopen_known(self, id_: str, *, why: str = "", by: str = "") -> LinkedIssue:
        who = by or self._session.login
        return self._change(
            id_, lambda issue: linked_issues.reopened(issue, id_, who, why), "issues.reopen", why
        )

    def settle(self, ticket: str) -> LinkedIssue:
        """The customer of that ticket knows: nobody has to tell them."""
        owed = self.owed_for(ticket)
        if owed is None:
            raise linked_issues.nothing_owed(ticket)
        word = owed.word.ticket
        return self._change(owed.issue.id, lambda issue: linked_issues.settled(issue, word), "issues.settle")

    # -- inside

    def _going_on(self, id_: str) -> Ticket | None:
        ticket, seen = self._store.get(TICKETS, id_), set[str]()
        while ticket is not None and ticket.merged_into and ticket.id not in seen:
            seen.add(ticket.id)
            ticket = self._store.get(TICKETS, ticket.merged_into)
        return ticket

    def _change(
        self, id_: str, edit: Callable[[LinkedIssue | None], LinkedIssue], verb: str, why: str = ""
    ) -> LinkedIssue:
        changed = self._store.change(ISSUES, id_, edit, self._session.stamp(verb, why))
        assert changed is not None, "an issue is never removed"  # noqa: S101
        return changed
