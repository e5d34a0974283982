"""A call in words: how its notes are called (CALL-2), and what its messages are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import assistant_of, contacts_of
from fleettui.domain.customers.policy import MEETING_BOOKING
from fleettui.time.wording import both_clocks

if TYPE_CHECKING:
    from fleettui.domain.calls.slots import Slot
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import Booking, ReachOut
    from fleettui.domain.team.people import Person


@dataclass(frozen=True)
class CallContext:
    """A call with all that its words need."""

    call: Call
    customer: Customer | None
    me: Person
    ours: ZoneInfo
    booking: tuple[Booking, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def theirs(self) -> ZoneInfo:
        return zone_of(self.call, self.customer, self.ours)


def zone_of(call: Call, customer: Customer | None, ours: ZoneInfo) -> ZoneInfo:
    """Where they are: as the list of customers says, else as the invite, else as we are."""
    name = (customer.zone if customer else "") or call.zone
    try:
        return ZoneInfo(name) if name else ours
    except (KeyError, ValueError, OSError):
        return ours


def greeting_name(about: CallContext) -> str:
    """Whom a message greets: by the first name."""
    call = about.call
    return call.customer.split(" ")[0] if call.customer not in ("", call.company) else "there"


def address_in_invite(call: Call) -> str:
    """CALL-8 (b): the customer's address as the invite has it."""
    named = [attendee for attendee in call.theirs if attendee.invited and attendee.shown == call.customer]
    return next((attendee.email for attendee in (*named, *call.theirs)), "")


def phone_of(about: CallContext, kind: str = "") -> str:
    people = contacts_of(about.call, about.customer)
    fitting = (
        contact.phone for contact in people if contact.phone and (not kind or contact.phone_kind == kind)
    )
    return next(fitting, "")


def variables(about: CallContext) -> dict[str, object]:
    """Everything that a call's message may ask for; one that needs more names it."""
    call = about.call
    assistant = assistant_of(about.customer)
    return {
        "name": greeting_name(about),
        "company": call.company,
        "account": call.company,
        "call": call.title,
        "when": both_clocks(call.start, about.theirs, about.ours),
        "day": call.start.astimezone(about.ours).date().isoformat(),
        "attendees": [attendee.shown for attendee in call.attendees],
        "agenda": [document.title for document in call.documents],
        "join_link": call.join_url,
        "me": about.me.shown,
        "phone": about.me.phone,
        "assistant": assistant.name.split(" ")[0] if assistant else "",
        "slots": [both_clocks(slot.start, about.theirs, about.ours) for slot in about.slots],
        "address": address_in_invite(call),
        "number": phone_of(about),
        "steps": [f"{step.what} ({step.owner}, until {step.due.isoformat()})" for step in call.next_steps],
        "link": next((booking.url for booking in about.booking if booking.key == MEETING_BOOKING), ""),
    }


def notes_variables(about: CallContext) -> dict[str, object]:
    """CALL-2: notes carry the customer's whole name, not the one they are greeted by."""
    return variables(about) | {"name": about.call.customer}


def reach_out_words(row: ReachOut, customer: Customer | None, name_of: dict[str, str]) -> str:
    owners = customer.owners if customer else {}

    def named(roles: Iterable[str]) -> str:
        return ", ".join(
            f"{role} ({name_of.get(owners[role], owners[role])})" if role in owners else role
            for role in roles
        )

    return named((row.role,)) + (f"; {row.note}" if row.note else "")
