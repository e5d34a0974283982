"""Which events of a whole calendar are calls to prepare, and why the others are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from fleettui.domain.calls.invitation import Attendee, Invite
from fleettui.domain.calls.policy import CallKind

OVER = "it is over"
CANCELLED = "cancelled"
UNKNOWN = "it is about no call that we know"


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is no call here, with the reason."""

    title: str
    why: str
    uid: str = ""
    start: datetime | None = None
    may_be_taken: bool = False
    """Whether it becomes a call when somebody asks for it."""


def why_left_out(
    invite: Invite, attendees: Sequence[Attendee], leaders: Collection[str], kinds: Iterable[CallKind]
) -> str:
    """Why a new event becomes no call; empty where it does. Somebody from outside makes it one, or its internal kind.

    `leaders`: the addresses of who leads it and of who imports it; without them it does not take place for us."""
    if invite.private:
        return "private"
    if invite.busy_as:
        return {"free": "shown as free", "elsewhere": "shows where somebody works"}.get(
            invite.busy_as, invite.busy_as
        )
    declined = [person for person in attendees if person.email in leaders and person.status == "declined"]
    if declined:
        return f"declined by {declined[0].shown}"
    if invite.all_day:
        return "all day"
    if not attendees:
        return "nobody is invited"
    if all(person.ours for person in attendees) and not _internal_kind(invite.title, kinds):
        return "only our own people"
    return ""


def _internal_kind(title: str, kinds: Iterable[CallKind]) -> bool:
    """CALL-12: the handoff is among ourselves, and prepared all the same."""
    title_key = title.lower().replace(" ", "-")
    return any(
        kind.internal and (kind.key.lower() in title_key or kind.key.replace("-", "") in title_key)
        for kind in kinds
    )
