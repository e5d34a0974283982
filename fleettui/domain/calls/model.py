"""Customer calls: what is kept of one, and what a person can do with it (CALL-1 to CALL-12). Pure functions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.calls.invitation import (
    MOST_DOCUMENTS,
    Invite,
    Series,
)
from fleettui.domain.calls.invitation import (
    AgendaDocument as AgendaDocument,  # part of what a call is, also for others
)
from fleettui.domain.calls.invitation import Attendee as Attendee
from fleettui.domain.checklists.model import Checklist, Run
from fleettui.domain.customers.model import PhoneKind
from fleettui.errors import Fields, Refused
from fleettui.text import cleaning, finding, reading

Ending = Literal["", "held", "missed", "cancelled", "rescheduled"]

MOST_NEXT_STEPS = 100
FIRST_YEAR, LAST_YEAR = 2000, 2190
LONGEST_CALL = timedelta(days=31)
FEWEST_DIGITS = 5
EARLIEST_ARRIVAL = timedelta(hours=1)
"""How long before the start a customer can be there; anything earlier is a typing mistake."""


class NextStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """CALL-11: what, who, until when. `owner` is a login, or a name where it is the customer's to do."""

    key: str
    what: str
    owner: str
    due: date
    done_at: datetime | None = None
    done_by: str = ""


class Call(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`customer` is the person's name and `company` theirs, as the notes are called (CALL-2); `account` is the id on the list
    of customers, where they are on it."""

    title: str
    customer: str
    company: str
    start: datetime
    end: datetime
    account: str = ""
    kind: str = "customer"
    internal: bool = False
    all_day: bool = False
    zone: str = ""
    """Theirs, where it is known: by the customer, else by the invite."""
    join_url: str = ""
    place: str = ""
    about: str = ""
    attendees: tuple[Attendee, ...] = ()
    documents: tuple[AgendaDocument, ...] = ()
    documents_of_invite: tuple[str, ...] = ()
    """Those that came with the invite: if an update no longer has them, they go."""
    host: str = ""
    """Who of us leads it: a login."""

    uid: str = ""
    recurrence: str = ""
    """Which one of a series: the start that it was planned for."""
    sequence: int = 0
    stamped: datetime | None = None
    """The invite's own date: of two with the same sequence, the later counts."""
    invite: Invite | None = None
    """What the organizer sent last: what somebody changed here by hand differs from it. None in calls from before it was kept."""
    series: Series | None = None
    """How it goes on, where it is one of a series that has not ended."""
    stale: dict[str, str] = {}
    """Ticked steps that have to be checked again, and why: the invite or an answer changed since."""
    failing: dict[str, str] = {}
    """Links that did not work when they were tried last, and what they answered."""

    checklist: Checklist
    run: Run
    joined_at: datetime | None = None
    """When the customer was there."""
    missed_at: datetime | None = None
    ended: Ending = ""
    ended_at: datetime | None = None
    ended_why: str = ""
    moved_to: str = ""
    """The call that took its place."""
    follows: str = ""
    """The check-in before it (CALL-12)."""
    moved_from: str = ""
    """The call whose place it took."""
    phone: str = ""
    """A number of theirs, where they are not on the list of customers, which keeps it otherwise; and its kind (CALL-8)."""
    phone_kind: PhoneKind = ""
    notes: str = ""
    next_steps: tuple[NextStep, ...] = ()

    @property
    def theirs(self) -> tuple[Attendee, ...]:
        """The customer's people."""
        return tuple(attendee for attendee in self.attendees if not attendee.ours)

    @property
    def wanted(self) -> tuple[Attendee, ...]:
        """Whose answer matters: the customer's; among ourselves, everybody's but the host's."""
        if self.internal:
            return tuple(attendee for attendee in self.attendees if attendee.invited)
        return tuple(attendee for attendee in self.theirs if attendee.invited)

    @property
    def minutes(self) -> int:
        """How long it is planned."""
        return max(1, (self.end - self.start) // timedelta(minutes=1))

    @property
    def over(self) -> bool:
        """Whether it has ended: held, missed, cancelled or moved."""
        return bool(self.ended)

    @property
    def open_steps(self) -> tuple[NextStep, ...]:
        """The next steps that are still to do (CALL-11)."""
        return tuple(step for step in self.next_steps if step.done_at is None)


def finished_at(call: Call) -> datetime | None:
    """Since when nothing is left to do: since it ended, unless next steps are open (CALL-11)."""
    if not call.ended or call.open_steps:
        return None
    return max(
        [at for at in (call.ended_at, *(step.done_at for step in call.next_steps)) if at], default=None
    )


def new_attendee(email: str, *, name: str = "", ours: bool = False) -> Attendee:
    """An attendee that somebody typed in."""
    address = reading.email("attendees", cleaning.line(email, 254)).lower()
    return Attendee(email=address, name=cleaning.line(name, 120), ours=ours)


def checked(call: Call) -> Call:
    """The call, if it is a possible one; refused otherwise. For calls from any source."""
    if not call.title:
        raise Refused("a call needs a title", field="title")
    if not FIRST_YEAR <= call.start.year <= LAST_YEAR:
        raise Refused(f"the year {call.start.year} cannot be meant", field="start")
    if call.end < call.start:
        raise Refused("it is before the start; give the minutes, or a later end", field="end")
    if call.end - call.start > LONGEST_CALL:
        raise Refused("a call of more than a month cannot be meant", field="end")
    if call.join_url:
        reading.link("join_url", call.join_url)
    return call


def refuse_over(call: Call) -> None:
    """A call that has ended is not changed."""
    if call.ended:
        raise Refused(f"{call.id} is over ({call.ended}); `fleettui undo {call.id}` takes that back")


# What happens to it


def joined(call: Call, now: datetime) -> Call:
    """The customer is there; if they counted as missing, they no longer do."""
    refuse_over(call)
    if now < call.start - EARLIEST_ARRIVAL:
        raise Refused(f"{call.id} begins at {call.start:%Y-%m-%d %H:%M} UTC: nobody can be there yet")
    return replace(call, joined_at=call.joined_at or now, missed_at=None)


def missed(call: Call, now: datetime, from_when: datetime) -> Call:
    """The customer is not there (CALL-8)."""
    refuse_over(call)
    if call.joined_at is not None:
        raise Refused(f"{call.id}: the customer came; `fleettui undo {call.id}` takes that back")
    if now < from_when:
        minutes = -(-(from_when - now).total_seconds() // 60)
        raise Refused(f"{call.id}: give them time; they count as missing in {minutes:.0f} min")
    return replace(call, missed_at=call.missed_at or now)


def done(call: Call, now: datetime, *, why: str = "", notes: str = "") -> Call:
    """Over: held if the customer was there, else missed."""
    refuse_over(call)
    if now < call.start and call.joined_at is None:
        raise Refused(f"{call.id} has not begun; `fleettui calls cancel {call.id}` if it will not take place")
    ending: Ending = "missed" if call.missed_at is not None else "held"
    kept = cleaning.clean(notes).strip() or call.notes
    return replace(call, ended=ending, ended_at=now, ended_why=cleaning.line(why), notes=kept)


def held(call: Call, now: datetime) -> Call:
    """It took place: for one that nobody recorded."""
    if call.missed_at is not None:
        raise Refused(
            f"{call.id}: nobody came, as is noted; J, or `calls joined`, says that they came after all"
        )
    return done(call, now)


GONE = "no longer in the calendar"
"""Why a call does not take place whose event a calendar lacks that had it."""


def cancelled(call: Call, now: datetime, why: str) -> Call:
    """It will not take place."""
    refuse_over(call)
    return replace(call, ended="cancelled", ended_at=now, ended_why=cleaning.line(why))


def with_notes(call: Call, notes: str) -> Call:
    """With the notes of the conversation."""
    return replace(call, notes=cleaning.clean(notes).strip())


def phone_number(phone: str, kind: str) -> tuple[str, PhoneKind]:
    """CALL-8: a number that somebody found, and its kind: a landline takes no text."""
    number = cleaning.line(phone, 40)
    if sum(sign.isdigit() for sign in number) < FEWEST_DIGITS:
        raise Refused(f"{cleaning.line(phone, 40)!r} is not a phone number", field="phone")
    of_kind = cleaning.line(kind).casefold()
    if of_kind not in ("mobile", "landline"):
        raise Refused("say mobile or landline: a landline takes no text", field="kind")
    return number, "mobile" if of_kind == "mobile" else "landline"


# Documents of the agenda


def with_document(call: Call, url: str, title: str = "") -> Call:
    """CALL-6: with one more document of the agenda."""
    refuse_over(call)
    reading.link("document", url)
    if any(document.url == url for document in call.documents):
        raise Refused(f"{cleaning.line(url, 60)} is attached already", field="document")
    if len(call.documents) >= MOST_DOCUMENTS:
        raise Refused(f"{MOST_DOCUMENTS} are attached already", field="document")
    new = AgendaDocument(title=cleaning.line(title, 200) or title_of(url), url=cleaning.line(url, 2000))
    return replace(call, documents=(*call.documents, new))


def title_of(url: str) -> str:
    """A title for a document that has none: the last part of its link."""
    last = url.split("?")[0].rstrip("/").rpartition("/")[2]
    return cleaning.line(last, 80) or "document"


# Next steps (CALL-11)


def with_next_step(call: Call, what: str, owner: str, due: date) -> Call:
    """CALL-11: with one more thing to do, who does it, and until when."""
    cleaned, whose, checked = cleaning.line(what), cleaning.line(owner, 80), Fields()
    with checked.check():
        if not cleaned:
            raise Refused("say what is to be done", field="what")
    with checked.check():
        if not whose:
            raise Refused("a next step needs somebody who does it", field="owner")
    checked.refuse()
    if len(call.next_steps) >= MOST_NEXT_STEPS:
        raise Refused(f"{call.id} has {MOST_NEXT_STEPS} next steps already", field="what")
    number = 1 + max((int(step.key) for step in call.next_steps), default=0)
    new = NextStep(key=str(number), what=cleaned, owner=whose, due=due)
    return replace(call, next_steps=(*call.next_steps, new))


def next_step_done(call: Call, key: str, by: str, now: datetime) -> Call:
    """With this next step done."""
    step = _next_step(call, key)
    ticked = step if step.done_at else replace(step, done_at=now, done_by=by)
    return replace(call, next_steps=tuple(ticked if other is step else other for other in call.next_steps))


def _next_step(call: Call, key: str) -> NextStep:
    step = next((step for step in call.next_steps if step.key == key.strip()), None)
    if step is None:
        keys = ", ".join(step.key for step in call.next_steps) or "none yet"
        raise Refused(f"{call.id} has no next step {cleaning.line(key, 20)!r}; there are: {keys}")
    return step


# What it means elsewhere


class HeldCall(msgspec.Struct, frozen=True):
    """A call with a customer of the list that took place: contact (GTM-9), and their meeting of the week (RIT-9)."""

    id: str
    customer: str
    start: datetime
    host: str


def held_call(call: Call) -> HeldCall | None:
    """None where it was not held, or only among ourselves."""
    if call.ended != "held" or call.internal or not call.account:
        return None
    return HeldCall(call.id, call.account, call.start, call.host)


# Finding


def matching(calls: Iterable[Call], typed: str) -> Call:
    """By id, or by customer, company or title when only one open call fits."""
    return finding.find(
        calls,
        typed,
        names=lambda call: (call.id,),
        beginnings=lambda call: () if call.ended else (call.customer, call.company, call.title),
        label=lambda call: call.id,
        unknown="There is no call {}; `fleettui calls list` shows those there are.",
    )
