"""What a playbook's step begins elsewhere: a call, a ticket, a ritual, an issue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Opens, StepView
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.rituals.actions import Rituals
    from fleettui.workspace.tickets.actions import Tickets


class StepOpener:
    """Begins what a step asks for in other parts of the work."""

    def __init__(
        self, session: Session, customers: Customers, calls: Calls, tickets: Tickets, rituals: Rituals
    ) -> None:
        self._session, self._customers = session, customers
        self._calls, self._tickets, self._rituals = calls, tickets, rituals

    def begin(self, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
        """The id of what was begun. `at`: the time of a call, where it is known."""
        if opens.kind == "call":
            return self._calls.new(self._company(run), at or self._proposed(), kind=opens.name).id
        if opens.kind == "ticket":
            return self._tickets.new(self._company(run), opens.name or step.label).id
        if opens.kind == "ritual":
            # The ritual exists for all customers already: the step only links to it.
            return self._rituals.find(opens.name).id
        # Issues are made in the team's tracker: the name of the template is kept, and the link becomes the step's proof.
        return opens.name

    def _company(self, run: PlaybookRun) -> str:
        customer = self._customers.get(run.customer) if run.customer else None
        return customer.name if customer else run.name

    def _proposed(self) -> datetime:
        """A first proposal, at a full step of the clock: so many business days ahead as the policy wants (CALL-8)."""
        slots, calendar = self._session.policy.handbook.calls.slots, self._session.policy.calendar
        step = timedelta(minutes=slots.step_minutes)
        if calendar.never_opens:
            return self._session.now() + timedelta(slots.from_business_days)
        earliest = calendar.forward_days(self._session.now(), slots.from_business_days).end
        opening = calendar.next_opening(earliest) if not calendar.is_open(earliest) else earliest
        over = (opening - datetime.min.replace(tzinfo=opening.tzinfo)) % step
        return opening + (step - over if over else timedelta())
