"""The ladder of CALL-8: when nobody comes, whom to reach and how, one rung after the other (CALL-9, CALL-10)."""

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


def ladder(view: CallView, about: CallContext, policy: CallPolicy) -> tuple[ContactStep, ...]:
    """All rungs, from the top down; those that do not apply say why."""
    return _rungs(view, about, policy.missed.group)


def confirmation_steps(view: CallView, about: CallContext) -> tuple[ContactStep, ...]:
    """CALL-4: the ways to ask whether they are coming."""
    return _rungs(view, about, CONFIRM_STEP)


def _rungs(view: CallView, about: CallContext, group: str) -> tuple[ContactStep, ...]:
    top = view.step(group)
    if top is None:
        return ()
    return tuple(_rung(leaf, about) for leaf in checklist.leaves((top,)))


def _rung(leaf: StepView, about: CallContext) -> ContactStep:
    return ContactStep(
        key=leaf.key,
        label=leaf.label,
        state=leaf.state,
        why_not=leaf.why_not,
        to=_reached_at(leaf.key, about),
        message=leaf.step.text[0] if leaf.step.text else "",
        done_at=leaf.mark.at if leaf.mark else None,
        done_by=leaf.mark.by if leaf.mark else "",
    )


def _reached_at(key: str, about: CallContext) -> str:
    """Where this rung leads to, by the last word of its key."""
    call, customer = about.call, about.customer
    people = contacts_of(call, customer)
    assistant = assistant_of(customer)
    places = {
        "slack": customer.channel if customer else "",
        "email": address_in_invite(call),
        "linkedin": next((contact.linkedin for contact in people if contact.linkedin), ""),
        "text": phone_of(about, "mobile"),
        "call": phone_of(about, "mobile") or phone_of(about),
        "assistant": (assistant.email or assistant.name) if assistant else "",
        "slots": address_in_invite(call),
        "details": address_in_invite(call),
    }
    return places.get(key.rpartition("-")[2], "")
