"""Another time for a call that did not take place: the old call ends, a new one takes its place (CALL-8 e). Pure functions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.calls import model as calls
from fleettui.domain.calls.invites import moved_by_hand
from fleettui.domain.calls.model import Call
from fleettui.domain.checklists import rules as checklist
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.calls.stages import CallRules

TIME_UNKNOWN = "moved; the new time is not known yet"


def uid_of(call: Call, start: datetime) -> str:
    """The new call's own name in calendars: an update of the old invite does not touch it."""
    return f"call-{call.id}-{start:%Y%m%dT%H%MZ}@fleettui"


def missed_and_over(call: Call, new_id: str, now: datetime, rules: CallRules) -> Call:
    """A no-show for which another time was found. It may have been ended as missed before."""
    _refuse_twice(call)
    gone = call if call.ended == "missed" else calls.missed(call, now, rules.missing_from(call))
    return replace(
        gone, ended="missed", ended_at=call.ended_at or now, ended_why=f"now {new_id}", moved_to=new_id
    )


def moved(call: Call, new_id: str, now: datetime) -> Call:
    """It did not take place, because both sides agreed on another time; an empty `new_id`: which one is not known yet."""
    _refuse_twice(call)
    calls.refuse_over(call)
    if now < call.start:
        raise Refused(f"{call.id} has not begun: `fleettui calls edit {call.id} start=…` changes its time")
    if call.joined_at is not None:
        raise Refused(f"{call.id}: the customer came; `fleettui undo {call.id}` takes that back")
    why = f"now {new_id}" if new_id else TIME_UNKNOWN
    return replace(call, ended="rescheduled", ended_at=now, ended_why=why, moved_to=new_id)


def _refuse_twice(call: Call) -> None:
    if call.moved_to:
        raise Refused(f"{call.moved_to} took the place of {call.id} already")


def following(call: Call, new_id: str, start: datetime, now: datetime, rules: CallRules) -> Call:
    """The call at the new time: the same people, link and documents; nothing of it is prepared, and nobody has answered yet."""
    if start <= now:
        raise Refused("it is in the past; the new time has to come", field="start")
    asked_anew = moved_by_hand(call, rules).attendees
    made = replace(
        call,
        id=new_id,
        rev=0,
        start=start,
        end=start + (call.end - call.start),
        attendees=asked_anew,
        documents_of_invite=(),
        uid=uid_of(call, start),
        recurrence="",
        sequence=0,
        stamped=None,
        invite=None,
        series=None,
        stale={},
        checklist=rules.policy.checklist,
        run=checklist.begin(now),
        joined_at=None,
        missed_at=None,
        ended="",
        ended_at=None,
        ended_why="",
        moved_to="",
        moved_from=call.id,
        notes="",
        next_steps=(),
    )
    return calls.checked(made)
