"""Who plays which role in a run that begins, or in a text of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.domain.playbooks.runs import roles_in
from fleettui.domain.team.roles import ANYBODY, RoleAssignment
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People


class Casting:
    """Of whoever is at work here."""

    def __init__(self, session: Session, people: People, oncall: OnCall) -> None:
        self._session, self._people, self._oncall = session, people, oncall

    def players(self, playbook: Playbook, customer: Customer | None) -> dict[str, str]:
        """Role to login, as a run begins."""
        assignment = self.assignment(customer)
        players = assignment.of(roles_in(playbook.checklist))
        return {**players, ANYBODY: assignment.responsible(playbook.dri)}

    def assignment(self, customer: Customer | None) -> RoleAssignment:
        """Who has which role for a customer."""
        handbook = self._session.policy.handbook
        first = next(
            (row.role for row in handbook.gtm.reach_out if customer and row.kind == customer.kind), ""
        )
        return RoleAssignment(
            handbook.roles,
            self._people.all(),
            starter=self._people.me,
            customer=customer,
            group=handbook.groups.of(customer.hosts) if customer else None,
            first_writer=first,
            on_call=self._oncall.person(),
        )
