"""The texts of a call, filled in: messages to copy, the title of the notes, other times to propose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.domain.calls import wording
from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import CallView
from fleettui.domain.calls.wording import CallContext
from fleettui.domain.messages import CALL_SLOTS
from fleettui.time.wording import both_clocks
from fleettui.workspace.collections import CALLS, CUSTOMERS, PEOPLE
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.slots import Proposal
    from fleettui.domain.customers.model import Customer
    from fleettui.policy.handbook import Handbook


class CallTexts:
    """Fills in the texts of calls."""

    def __init__(self, session: Session, view: Callable[[Call], CallView]) -> None:
        """`view` reads the state of a call's checklist."""
        self._session, self._store, self._view = session, session.store, view

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    def _customer(self, call: Call) -> Customer | None:
        return self._store.get(CUSTOMERS, call.account) if call.account else None

    def context(self, call: Call) -> CallContext:
        """What the texts are filled in with."""
        from fleettui.domain.team.people import stranger
        from fleettui.workspace.channels import with_channel_name

        handbook, login, customer = self._handbook, self._session.login, self._customer(call)
        customer = with_channel_name(customer, self._store) if customer else None
        me = self._store.get(PEOPLE, login) or stranger(login)
        return CallContext(call, customer, me, handbook.zone, handbook.channels.booking)

    def message(self, call: Call, name: str, **more: object) -> str:
        """One of the call's texts, filled in."""
        context, notes = self.context(call), self._handbook.calls.notes
        of_notes = name in (notes.title, notes.heading, notes.document)
        known = wording.notes_variables(context) if of_notes else wording.variables(context)
        if name == CALL_SLOTS and not more.get("slots"):
            known |= {"slots": self.slot_words(call, self.slots(call))}
        return self._handbook.renderer.render(name, {**known, **more})

    def of_step(self, call: Call, key: str) -> str:
        """The text that a step offers to copy; empty where it has none."""
        step = self._view(call).step(key)
        return self.message(call, step.step.text[0]) if step is not None and step.step.text else ""

    def notes_title(self, call: Call) -> str:
        return self.message(call, self._handbook.calls.notes.title)

    def notes_heading(self, call: Call) -> str:
        return self.message(call, self._handbook.calls.notes.heading)

    def reach_out(self, call: Call) -> str:
        """Who writes to them, for the kind of account (GTM-1); empty among ourselves, where nobody has to."""
        from fleettui.domain.customers.outreach import writer_of

        customer = self._customer(call)
        writer = None if customer is None or call.internal else writer_of(customer, self._handbook.gtm)
        if writer is None:
            return ""
        names = {person.login: person.shown for person in self._store.all(PEOPLE)}
        return wording.reach_out_words(writer, customer, names)

    # Other times

    def slots(self, call: Call) -> Proposal:
        """Free times to propose to the customer instead."""
        from fleettui.domain.calls import slots  # late: brings holidays
        from fleettui.time.holidays import year_by_year

        handbook, leader = self._handbook, self._store.get(PEOPLE, call.host)
        zone = wording.zone_of(call, self._customer(call), handbook.zone)
        ours = slots.leader_calendar(handbook.hours, year_by_year(handbook.holidays), leader)
        busy = slots.busy_times(self._store.all(CALLS), call, leader)
        request = slots.SlotRequest(call.minutes, call.start, self._session.now(), handbook.calls.slots)
        return slots.propose(ours, slots.their_calendar(zone.key, handbook.calls.slots), busy, request)

    def when(self, call: Call) -> str:
        """Its start, by their clock and ours."""
        context = self.context(call)
        return both_clocks(call.start, context.theirs, context.ours)

    def slot_words(self, call: Call, proposal: Proposal) -> list[str]:
        """The proposed times in words, by their clock and ours."""
        context = self.context(call)
        return [both_clocks(slot.start, context.theirs, context.ours) for slot in proposal.slots]

    def slots_file(self, call: Call) -> bytes:
        """The proposed times as a calendar file to attach."""
        from fleettui.intake.ical.writing import slots_file

        return slots_file(call, self.slots(call).slots, self._session.now())
