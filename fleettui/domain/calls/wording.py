"""A call in words: the variables of its messages, and how its notes are called (CALL-2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import assistant_of, contacts_of, declined
from fleettui.domain.customers.policy import MEETING_BOOKING
from fleettui.time.wording import both_clocks

if TYPE_CHECKING:
    from fleettui.domain.calls.slots import Slot
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import Booking, ReachOut
    from fleettui.domain.team.people import Person


class CallContext(msgspec.Struct, frozen=True):
    """A call with all that its texts need."""

    call: Call
    customer: Customer | None
    me: Person
    ours: ZoneInfo
    booking: tuple[Booking, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def theirs(self) -> ZoneInfo:
        """The customer's zone."""
        return zone_of(self.call, self.customer, self.ours)


def zone_of(call: Call, customer: Customer | None, ours: ZoneInfo) -> ZoneInfo:
    """Where they are: as the list of customers says, else as the invite, else as we are."""
    name = (customer.zone if customer else "") or call.zone
    try:
        return ZoneInfo(name) if name else ours
    except (KeyError, ValueError, OSError):
        return ours


def greeting_name(context: CallContext) -> str:
    """Whom a message greets: by the first name; empty where none is known."""
    from fleettui.domain.customers.contacts import greeting_of  # late: only where a text is written

    contacts = context.customer.contacts if context.customer else ()
    return greeting_of(context.call.customer, contacts, context.call.company)


def address_in_invite(call: Call) -> str:
    """CALL-8 (b): the customer's address as the invite has it."""
    named = [attendee for attendee in call.theirs if attendee.invited and attendee.shown == call.customer]
    return next((attendee.email for attendee in (*named, *call.theirs)), "")


def phone_of(context: CallContext, kind: str = "") -> str:
    """A number of theirs, of this kind if one is given; empty if we know none."""
    people = contacts_of(context.call, context.customer)
    known = [
        *((contact.phone, contact.phone_kind) for contact in people),
        (context.call.phone, context.call.phone_kind),
    ]
    return next((phone for phone, of_kind in known if phone and (not kind or of_kind == kind)), "")


def variables(context: CallContext) -> dict[str, object]:
    """The values of all variables that a message about a call can have."""
    from fleettui.domain.customers.contacts import first_name

    call = context.call
    assistant = assistant_of(context.customer)
    return {
        "name": greeting_name(context),
        "company": call.company,
        "account": call.company,
        "call": call.title,
        "when": both_clocks(call.start, context.theirs, context.ours),
        "day": call.start.astimezone(context.ours).date().isoformat(),
        "attendees": [attendee.shown for attendee in call.attendees],
        "agenda": [document.title for document in call.documents],
        "join_link": call.join_url,
        "declined": declined(call),
        "me": context.me.shown,
        "phone": context.me.phone,
        "assistant": first_name(assistant.name) if assistant else "",
        "slots": [both_clocks(slot.start, context.theirs, context.ours) for slot in context.slots],
        "address": address_in_invite(call),
        "number": phone_of(context),
        "steps": [f"{step.what} ({step.owner}, until {step.due.isoformat()})" for step in call.next_steps],
        "link": next((booking.url for booking in context.booking if booking.key == MEETING_BOOKING), ""),
    }


def notes_variables(context: CallContext) -> dict[str, object]:
    """CALL-2: notes carry the customer's whole name, not the one they are greeted by."""
    return variables(context) | {"name": context.call.customer}


def reach_out_words(row: ReachOut, customer: Customer | None, name_of: dict[str, str]) -> str:
    """Who writes to such an account, with the names of those who do it for this customer."""
    owners = customer.owners if customer else {}

    def named(roles: Iterable[str]) -> str:
        return ", ".join(
            f"{role} ({name_of.get(owners[role], owners[role])})" if role in owners else role
            for role in roles
        )

    return named((row.role,)) + (f"; {row.note}" if row.note else "")
