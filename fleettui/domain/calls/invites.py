"""How an invitation changes what we know: a request, an update, an answer, a cancellation. Pure functions.

Of two versions of an invite the one with the higher SEQUENCE counts, with equal ones the later of the two (its DTSTAMP); an
older one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from fleettui.domain.calls.invitation import MOST_ATTENDEES, AgendaDocument, Answer, Attendee, Invite
from fleettui.domain.calls.model import Call, Ending, checked
from fleettui.domain.calls.stages import ANSWERED, CallRules, with_stale_checks
from fleettui.domain.checklists.status import every_step

Result = Literal["new", "updated", "answered", "cancelled", "rescheduled", "nothing"]

ID_CHARACTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LETTERS = 20
"""The first so many of them: an id never looks like a number."""
ID_LENGTHS = (6, 9, 14)


REPLACED = "replaces what was set here"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field that the organizer changed, or that somebody changed here by hand: the three versions of it, and which counts."""

    field: str
    sent_before: str
    sent: str
    here: str
    """As it stood here when the invite came."""
    counts: Literal["sent", "here"]

    @property
    def verdict(self) -> str:
        """What becomes of the field."""
        if self.counts == "here":
            return "stays as set here"
        return REPLACED if self.here != self.sent_before else "changes"


@dataclass(frozen=True)
class InviteResult:
    """What came of one invite for one call."""

    result: Result
    why: str
    fields: tuple[FieldChange, ...] = ()


def ids_for(uid: str, recurrence: str) -> tuple[str, ...]:
    """The ids that an event can have, in the order in which they are tried. They are the same for everybody who imports it."""
    number = int.from_bytes(sha256(f"{uid}\n{recurrence}".encode()).digest())
    number, first = divmod(number, LETTERS)
    signs = [ID_CHARACTERS[first]]
    while len(signs) < max(ID_LENGTHS):
        number, rest = divmod(number, len(ID_CHARACTERS))
        signs.append(ID_CHARACTERS[rest])
    return tuple("C-" + "".join(signs[:length]) for length in ID_LENGTHS)


def is_older(invite: Invite, call: Call) -> bool:
    """Whether the call already has a newer version of this invite."""
    if invite.sequence != call.sequence:
        return invite.sequence < call.sequence
    return invite.stamped is not None and call.stamped is not None and invite.stamped < call.stamped


# Requests


def updated(
    call: Call, invite: Invite, attendees: tuple[Attendee, ...], rules: CallRules
) -> tuple[Call, InviteResult]:
    """The call as a newer version of its invite has it; what was changed here by hand stays, unless the organizer changed
    that very field since. The caller checks that it is not over."""
    values, fields = _merged(call, invite, rules.calendar.zone)
    start = values.get("start", call.start)
    moved = (start, values.get("end", call.end)) != (call.start, call.end)
    old_time = not moved and invite.start is not None and invite.start != start
    changed = replace(
        call,
        **values,
        attendees=_answers_kept(call, attendees, moved, old_time),
        documents=_documents(call, invite),
        documents_of_invite=document_keys(invite.documents),
        invite=invite,
        sequence=invite.sequence,
        stamped=invite.stamped or call.stamped,
    )
    if moved:
        changed = _begun_anew(changed, rules)
    checked(changed)
    what = _differences(call, changed)
    if what:
        changed = with_stale_checks(changed, f"the invite changed ({', '.join(what)})", rules)
        return changed, InviteResult("updated", ", ".join([*what, *_remarks(fields)]), fields)
    if _answers(changed) != _answers(call):
        changed = with_stale_checks(changed, "an answer came in", rules, ANSWERED)
        return changed, InviteResult("answered", _new_answers(call, changed), fields)
    return changed, InviteResult("nothing", "it says what we know already", fields)


MERGED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("time", ("start", "end", "all_day")),
    ("title", ("title",)),
    ("link", ("join_url",)),
    ("place", ("place",)),
    ("text", ("about",)),
)


def _merged(call: Call, invite: Invite, zone: ZoneInfo) -> tuple[dict[str, Any], tuple[FieldChange, ...]]:
    """The values that change, and the fields in which what was sent and what stands here differ."""
    values: dict[str, Any] = {}
    fields = []
    for name, attributes in MERGED:
        sent, here = _values(invite, attributes), _values(call, attributes)
        before = _values(call.invite, attributes) if call.invite is not None else here
        if None in sent or sent == before == here:
            continue
        counts: Literal["sent", "here"] = "here" if sent == before else "sent"
        if counts == "sent":
            values |= dict(zip(attributes, sent, strict=True))
        fields.append(
            FieldChange(
                field=name,
                sent_before=_shown(before, zone),
                sent=_shown(sent, zone),
                here=_shown(here, zone),
                counts=counts,
            )
        )
    return values, tuple(fields)


def _values(kept: Call | Invite, attributes: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(kept, attribute) for attribute in attributes)


def _shown(values: tuple[Any, ...], zone: ZoneInfo) -> str:
    first = values[0]
    if isinstance(first, datetime):
        minutes = (values[1] - first) // timedelta(minutes=1)
        return f"{first.astimezone(zone).isoformat(timespec='minutes')}, {minutes} min"
    return str(first or "")


def changed_here(call: Call) -> tuple[str, ...]:
    """The fields that differ from what the organizer sent last."""
    sent = call.invite
    if sent is None:
        return ()
    return tuple(
        name for name, attributes in MERGED if _values(sent, attributes) != _values(call, attributes)
    )


def _remarks(fields: tuple[FieldChange, ...]) -> list[str]:
    """What became of what somebody set here by hand."""
    replaced = [change.field for change in fields if change.verdict == REPLACED]
    kept = [change.field for change in fields if change.counts == "here"]
    return [
        *([f"{REPLACED} ({', '.join(replaced)})"] if replaced else []),
        *([f"keeps what was set here ({', '.join(kept)})"] if kept else []),
    ]


def _begun_anew(call: Call, rules: CallRules) -> Call:
    """At another time: nobody is there or missing yet, and the ladder (CALL-8) has not been begun. The history keeps it."""
    ladder = next((step for step in call.checklist.steps if step.key == rules.policy.missed.group), None)
    keys = {step.key for step in every_step((ladder,))} if ladder is not None else set()
    marks = {key: mark for key, mark in call.run.marks.items() if key not in keys}
    return replace(call, joined_at=None, missed_at=None, run=replace(call.run, marks=marks))


def moved_by_hand(call: Call, rules: CallRules) -> Call:
    """The call, which somebody just gave another time: what they answered was for the old one."""
    people = tuple(
        _answered_before(person) if call.internal or not person.ours else person for person in call.attendees
    )
    return _begun_anew(replace(call, attendees=people), rules)


def _answered_before(person: Attendee, answer: Answer | None = None) -> Attendee:
    before = answer or person.status
    if before == "needs-action":
        before = person.answered_before
    return replace(person, status="needs-action", answered=None, answered_before=before)


def _answers_kept(
    call: Call, attendees: tuple[Attendee, ...], moved: bool, old_time: bool
) -> tuple[Attendee, ...]:
    """An organizer's calendar often has no answers: what attendees answered is kept. Answers for another time are old:
    the invite moves the call, or the call was moved here and the invite does not know (`old_time`)."""
    before_by_email = {attendee.email: attendee for attendee in call.attendees}

    def kept(attendee: Attendee) -> Attendee:
        before = before_by_email.get(attendee.email)
        if before is None:
            return attendee
        attendee = replace(attendee, name=attendee.name or before.name)
        if moved:
            old = _answered_before(before).answered_before if attendee.status == "needs-action" else None
            return replace(attendee, answered_before=old or "needs-action")
        if old_time or attendee.status == "needs-action":
            return replace(
                attendee,
                status=before.status,
                answered=before.answered,
                answered_before=before.answered_before,
            )
        return attendee

    invited = {attendee.email for attendee in attendees}
    guests = [
        attendee for attendee in call.attendees if not attendee.invited and attendee.email not in invited
    ]
    return (*(kept(attendee) for attendee in attendees), *guests)[:MOST_ATTENDEES]


def document_keys(documents: tuple[AgendaDocument, ...]) -> tuple[str, ...]:
    """What tells documents apart: the link, or the title where there is none."""
    return tuple(document.url or document.title for document in documents)


def _documents(call: Call, invite: Invite) -> tuple[AgendaDocument, ...]:
    """What the invite has now, and what was attached here by hand."""
    from_invites = {*call.documents_of_invite, *document_keys(invite.documents)}
    by_hand = (
        document for document in call.documents if (document.url or document.title) not in from_invites
    )
    return (*invite.documents, *by_hand)


def _differences(old: Call, new: Call) -> list[str]:
    aspects: tuple[tuple[str, Callable[[Call], object]], ...] = (
        ("time", lambda call: (call.start, call.end)),
        ("link", lambda call: call.join_url),
        ("place", lambda call: call.place),
        ("attendees", lambda call: {who.email for who in call.attendees if who.invited}),
        ("documents", lambda call: call.documents),
        ("title", lambda call: call.title),
        ("text", lambda call: call.about),
    )
    return [name for name, get in aspects if get(old) != get(new)]


def _answers(call: Call) -> dict[str, str]:
    return {attendee.email: attendee.status for attendee in call.attendees}


def _new_answers(old: Call, new: Call) -> str:
    before = _answers(old)
    return ", ".join(
        f"{attendee.shown}: {attendee.status}"
        for attendee in new.attendees
        if before.get(attendee.email) != attendee.status
    )


# Answers


def replied(
    call: Call, invite: Invite, ours: Callable[[Attendee], bool], rules: CallRules
) -> tuple[Call, InviteResult]:
    """CALL-3: an attendee's answer. Somebody who was not invited may answer too."""
    if invite.sequence < call.sequence:
        return call, InviteResult("nothing", "it answers an older version of the invite")
    changed = call
    news: list[str] = []
    if _answers_old_time(call, invite):
        return call, InviteResult("nothing", "it answers the old time")
    for answer in invite.attendees:
        after = _with_answer(changed, answer, invite.stamped, ours)
        if after is changed:
            continue
        changed = after
        shown = (_attendee(after, answer.email) or answer).shown
        guest = "" if _attendee(call, answer.email) else ", who was not invited"
        news.append(f"{shown}{guest}: {answer.status}")
    if not news:
        return call, InviteResult("nothing", "it says what we know already")
    changed = with_stale_checks(changed, "an answer came in", rules, ANSWERED)
    return changed, InviteResult("answered", "; ".join(news))


def _answers_old_time(call: Call, invite: Invite) -> bool:
    """Whether the call was moved here by hand, and the answer is for the time before."""
    sent = call.invite.start if call.invite is not None else None
    return (
        sent is not None
        and invite.start == sent
        and sent != call.start
        and not (invite.of_series and call.recurrence)
    )


def _attendee(call: Call, email: str) -> Attendee | None:
    return next((attendee for attendee in call.attendees if attendee.email == email), None)


def _with_answer(call: Call, answer: Attendee, at: datetime | None, ours: Callable[[Attendee], bool]) -> Call:
    invited = _attendee(call, answer.email)
    if invited is None:
        if len(call.attendees) >= MOST_ATTENDEES:
            return call
        guest = replace(answer, ours=ours(answer), invited=False, answered=at)
        return replace(call, attendees=(*call.attendees, guest))
    if invited.answered is not None and at is not None and at < invited.answered:
        return call
    if invited.status == answer.status:
        return call
    answered = replace(invited, status=answer.status, answered=at, name=invited.name or answer.name)
    return replace(
        call, attendees=tuple(answered if attendee is invited else attendee for attendee in call.attendees)
    )


# The end of it


def cancelled_by_invite(call: Call, invite: Invite, now: datetime) -> tuple[Call, InviteResult]:
    """The call, ended by a cancellation in the calendar."""
    if call.ended:
        return call, InviteResult("nothing", f"it is over already ({call.ended})")
    ended = replace(
        call,
        ended="cancelled",
        ended_at=now,
        ended_why="cancelled in the calendar",
        sequence=invite.sequence,
        stamped=invite.stamped or call.stamped,
    )
    return ended, InviteResult("cancelled", "cancelled in the calendar")


def rescheduled(call: Call, new_id: str, now: datetime) -> Call:
    """It was moved after its time had come: this call ends (as held, if they were there), and another takes its place."""
    ending: Ending = "rescheduled" if call.joined_at is None else "held"
    return replace(call, ended=ending, ended_at=now, ended_why=f"now {new_id}", moved_to=new_id)


def needs_new_call(call: Call, invite: Invite, now: datetime) -> bool:
    """Whether the invite moves a call that has begun to a later time: then that is a new call."""
    sent_before = call.invite.start if call.invite is not None else call.start
    changed = invite.start is not None and invite.start not in (call.start, sent_before)
    return changed and invite.start is not None and now >= call.start and invite.start > now


def next_id(id_: str) -> str:
    """The id of the call that takes the place of this one: C-X, C-X.2, C-X.3."""
    base, dot, number = id_.partition(".")
    return f"{base}.{int(number) + 1 if dot else 2}"
