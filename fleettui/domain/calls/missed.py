"""Reaching a customer who did not come: the ladder of CALL-8, one way after the other (CALL-9, CALL-10)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.calls.policy import CONFIRM_STEP
from fleettui.domain.calls.stages import CallView, assistant_of, contacts_of
from fleettui.domain.calls.wording import CallContext, address_in_invite, phone_of
from fleettui.domain.checklists import rules as checklist

if TYPE_CHECKING:
    from fleettui.domain.calls.policy import CallPolicy
    from fleettui.domain.checklists.model import StepView


class ContactStep(msgspec.Struct, frozen=True, kw_only=True):
    """One way to reach them: where, with which message, and what became of it."""

    key: str
    label: str
    state: str
    why_not: str
    to: str
    message: str
    """The name of its text; empty where nothing is sent."""
    done_at: datetime | None = None
    done_by: str = ""


def ladder(view: CallView, context: CallContext, policy: CallPolicy) -> tuple[ContactStep, ...]:
    """CALL-8: the ways to reach them, in order; those that do not apply say why."""
    return _contact_steps(view, context, policy.missed.group)


def confirmation_steps(view: CallView, context: CallContext) -> tuple[ContactStep, ...]:
    """CALL-4: the ways to ask whether they are coming."""
    return _contact_steps(view, context, CONFIRM_STEP)


def _contact_steps(view: CallView, context: CallContext, group: str) -> tuple[ContactStep, ...]:
    top = view.step(group)
    if top is None:
        return ()
    return tuple(_contact_step(leaf, context) for leaf in checklist.leaves((top,)))


def _contact_step(leaf: StepView, context: CallContext) -> ContactStep:
    return ContactStep(
        key=leaf.key,
        label=leaf.label,
        state=leaf.state,
        why_not=leaf.why_not,
        to=_address_for(leaf.key, context),
        message=leaf.step.text[0] if leaf.step.text else "",
        done_at=leaf.mark.at if leaf.mark else None,
        done_by=leaf.mark.by if leaf.mark else "",
    )


def _address_for(key: str, context: CallContext) -> str:
    """Where the step reaches them, by the last word of its key (see `MISSED_WAYS`)."""
    call, customer = context.call, context.customer
    people = contacts_of(call, customer)
    assistant = assistant_of(customer)
    places = {
        "slack": customer.channel if customer else "",
        "email": address_in_invite(call),
        "linkedin": next((contact.linkedin for contact in people if contact.linkedin), ""),
        "text": phone_of(context, "mobile"),
        "call": phone_of(context, "mobile") or phone_of(context),
        "assistant": (assistant.email or assistant.name) if assistant else "",
        "slots": address_in_invite(call),
        "details": address_in_invite(call),
    }
    return places.get(key.rpartition("-")[2], "")
