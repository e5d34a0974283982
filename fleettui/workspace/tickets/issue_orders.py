"""New issues that the service opens, where a person asks for it (SUP-11). The order is kept like any other text that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.delivery.letters import Letter
from fleettui.domain.delivery.states import queued
from fleettui.domain.tickets.fields import with_issue
from fleettui.domain.tickets.issues import LONGEST_BODY
from fleettui.errors import Refused
from fleettui.workspace.collections import LETTERS, TICKETS
from fleettui.workspace.session import CONNECT, Session

if TYPE_CHECKING:
    from fleettui.domain.tickets.issues import IssueDraft
    from fleettui.domain.tickets.model import Ticket

ROOM_FOR_MARK = 100
"""Characters that the service adds, so that it recognises the issue as its own."""


class IssueOrders:
    """For people, who ask for a new issue, and for the service, which writes down where it is."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    @property
    def are_taken(self) -> bool:
        """Whether the policy has new issues opened by the service; else there is a link to open."""
        return self._session.policy.handbook.connections.github.opens_issues

    def open(self, ticket: Ticket, draft: IssueDraft, *, private: bool = False) -> Letter:
        """It leaves after the time in which undo takes it back, and its link comes onto the ticket by itself."""
        self.refuse(ticket)
        if len(draft.body) > LONGEST_BODY - ROOM_FOR_MARK:
            raise Refused(
                f"the text has {len(draft.body):,} characters, too many for GitHub; put the long part into a file of the issue",
                field="body",
            )
        handbook, now = self._session.policy.handbook, self._session.now()
        leaves_at = now + handbook.connections.undo_time
        delivery = queued("github", (handbook.tickets.issue.repository,), leaves_at)

        def make(id_: str) -> Letter:
            self._refuse_second(
                ticket
            )  # inside the lock: somebody else may have asked for it since we looked
            return Letter(
                id=id_,
                about=ticket.id,
                subject=draft.title,
                body=draft.body,
                customer=ticket.customer_id,
                by=self._session.login,
                at=now,
                delivery=delivery,
                labels=draft.labels,
                private=private,
            )

        return self._store.add(LETTERS, make, self._session.stamp("letters.write"))

    def refuse(self, ticket: Ticket) -> None:
        """Refuses where the policy does not say so, and where there is an issue, or soon will be."""
        if not self.are_taken:
            raise Refused("new issues are opened by their link here (connections.json, `github.issues`)")
        if ticket.issue:
            raise Refused(f"{ticket.id} has an issue already: {ticket.issue}")
        self._refuse_second(ticket)

    def _refuse_second(self, ticket: Ticket) -> None:
        waiting = self.waiting(ticket.id)
        if waiting is not None:
            raise Refused(f"{ticket.id}: a new issue is on its way already ({waiting.id})")

    def waiting(self, ticket: str) -> Letter | None:
        """The new issue of that ticket that is not open yet, or whose link is not on the ticket yet."""
        letters = (
            letter for letter in self._store.all(LETTERS) if letter.is_issue and letter.about == ticket
        )
        return next((letter for letter in letters if letter.delivery.is_open or letter.is_to_link), None)

    def to_link(self) -> list[Letter]:
        """Those that are open by now, and whose tickets do not say so yet."""
        return [letter for letter in self._store.all(LETTERS) if letter.is_to_link]

    def link(self, letter: Letter) -> None:
        """Write its link down on the ticket, once: who takes it off later is not overruled. Of the service."""
        service = replace(self._session, id=CONNECT, request="")
        policy, now = self._session.policy.handbook.tickets, self._session.now()
        ticket, link = self._store.get(TICKETS, letter.about), letter.delivery.external
        if ticket is not None and not ticket.issue:
            service.edit(
                TICKETS,
                ticket.id,
                lambda fresh: (
                    fresh if fresh.issue else with_issue(fresh, link, policy, now, private=letter.private)
                ),
                "tickets.issue",
            )
        service.edit(LETTERS, letter.id, lambda fresh: replace(fresh, linked=True), "letters.linked")
