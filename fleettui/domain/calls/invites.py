"""How an invitation changes what we know: a request, an update, an answer, a cancellation. Pure functions.

Of two versions of an invite the one with the higher SEQUENCE counts, with equal ones the later of the two (its DTSTAMP); an
older one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.domain.calls.model import MOST_ATTENDEES, AgendaDocument, Attendee, Call, Ending, checked
from fleettui.domain.calls.stages import ANSWERED, CallRules, with_stale_checks

Result = Literal["new", "updated", "answered", "cancelled", "rescheduled", "nothing"]
Kind = Literal["request", "reply", "cancel"]

ID_CHARACTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LETTERS = 20
"""The first so many of them: an id never looks like a number."""
ID_LENGTHS = (6, 9, 14)


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a calendar wrote it, cleaned; times in UTC."""

    kind: Kind
    uid: str
    recurrence: str = ""
    of_series: bool = False
    """Stands for a whole series (an answer or a cancellation of all of it)."""
    sequence: int = 0
    stamped: datetime | None = None
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    zone: str = ""
    join_url: str = ""
    place: str = ""
    about: str = ""
    organizer: str = ""
    organizer_name: str = ""
    attendees: tuple[Attendee, ...] = ()
    documents: tuple[AgendaDocument, ...] = ()


@dataclass(frozen=True)
class InviteResult:
    """What came of one invite for one call."""

    result: Result
    why: str


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
    """The call as a newer version of its invite has it. The caller checks that it is not over."""
    start, end = invite.start or call.start, invite.end or call.end
    moved = (start, end) != (call.start, call.end)
    people = _answers_kept(call, attendees, moved)
    changed = replace(
        call,
        title=invite.title or call.title,
        start=start,
        end=end,
        all_day=invite.all_day,
        join_url=invite.join_url,
        place=invite.place,
        about=invite.about,
        attendees=people,
        documents=_documents(call, invite),
        documents_of_invite=document_keys(invite.documents),
        sequence=invite.sequence,
        stamped=invite.stamped or call.stamped,
        joined_at=None if moved else call.joined_at,
        missed_at=None if moved else call.missed_at,
    )
    checked(changed)
    what = _differences(call, changed)
    if what:
        changed = with_stale_checks(changed, f"the invite changed ({', '.join(what)})", rules)
        return changed, InviteResult("updated", ", ".join(what))
    if _answers(changed) != _answers(call):
        changed = with_stale_checks(changed, "an answer came in", rules, ANSWERED)
        return changed, InviteResult("answered", _new_answers(call, changed))
    return changed, InviteResult("nothing", "it says what we know already")


def _answers_kept(call: Call, attendees: tuple[Attendee, ...], moved: bool) -> tuple[Attendee, ...]:
    """An organizer's calendar often has no answers: what attendees answered is kept, unless the time has changed."""
    before_by_email = {attendee.email: attendee for attendee in call.attendees}

    def kept(attendee: Attendee) -> Attendee:
        before = before_by_email.get(attendee.email)
        if moved or before is None or attendee.status != "needs-action":
            return replace(attendee, name=attendee.name or (before.name if before else ""))
        return replace(
            attendee, status=before.status, answered=before.answered, name=attendee.name or before.name
        )

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
    return invite.start is not None and now >= call.start and invite.start > now


def next_id(id_: str) -> str:
    """The id of the call that takes the place of this one: C-X, C-X.2, C-X.3."""
    base, dot, number = id_.partition(".")
    return f"{base}.{int(number) + 1 if dot else 2}"


def instance_key(start: datetime) -> str:
    """What names one event of a series: its planned start."""
    return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
