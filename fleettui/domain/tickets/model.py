"""A support request: what came in, what went out, what is owed. Pure functions over frozen documents (SUP, SLA-15).

Messages stand in the order in which they came here, which is not always that of their times: an answer cannot have been to
what was delivered after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.checklists.model import Checklist, Run
from fleettui.domain.tickets.sla import Direction
from fleettui.errors import Refused
from fleettui.text import cleaning

Status = Literal["open", "waiting", "snoozed", "resolved"]
Answer = Literal["yes", "no"]

MOST_LABELS = 50
LONGEST_LABEL = 60
LONGEST_KEY = 300
AHEAD = timedelta(minutes=5)
"""Clocks differ: what was written a little later than now is taken."""


class Message(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """`rev` is the ticket's revision with which it came: what is newer than a draft has a higher one."""

    key: str
    at: datetime
    by: str
    direction: Direction
    body: str
    rev: int
    external: str = ""
    """Its own id where it was written: a second delivery changes nothing."""
    files: tuple[str, ...] = ()
    """Names of files that were left where they are (SUP-5)."""
    automatic: bool = False
    settled: bool = False
    """Nothing is owed for it any more, though no answer follows it in this list."""
    moved_from: str = ""
    """The merged ticket that it came with."""
    edited_at: datetime | None = None
    edited_rev: int = 0
    deleted_at: datetime | None = None


class Documentation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Whether the solution could help others (SUP-9), and what becomes of it (SUP-17)."""

    answer: Answer
    what: str = ""
    at: datetime
    by: str
    done: str = ""
    """The link to the update, or what else was done."""


class OpenList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A checklist that the ticket brought along, as it was defined then."""

    name: str
    rule: str
    checklist: Checklist
    run: Run


class Ticket(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Of ten thousand, none can be part of a circle: the garbage collector need not look at them."""

    subject: str
    customer: str
    """The name as it was said; `customer_id` where it is one of the list."""
    customer_id: str = ""
    tier: str
    priority: str
    status: Status
    opened_at: datetime
    level: str = ""
    assignee: str = ""
    channel: str = ""
    """Where it goes on: a Slack channel, an address."""
    way: str = ""
    """How it came in: slack, mail, web chat, flag, issue; empty: typed in (SUP-1)."""
    thread: str = ""
    """What later messages of the same conversation are known by."""
    link: str = ""
    contact: str = ""
    labels: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    snooze_until: datetime | None = None
    merged_into: str = ""
    details: dict[str, str] = {}
    issue: str = ""
    issue_private: bool = False
    issue_searches: tuple[str, ...] = ()
    key_date: date | None = None
    by_dm: bool = False
    channel_summary: str = ""
    documentation: Documentation | None = None
    lists: dict[str, OpenList] = {}
    late_why: str = ""
    """Why an answer was late, in the team's own words."""
    resolved_at: datetime | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way into a ticket."""

    at: datetime
    by: str
    direction: Direction
    body: str
    external: str = ""
    files: tuple[str, ...] = ()
    automatic: bool = False


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A message from outside, as an intake understood it. `thread` is the key of its conversation.

    `also` are other keys under which the conversation may be known: for mail, the ids in References and In-Reply-To. `create`
    off: append, or leave it. What is left empty of customer, tier and priority is found out.
    """

    thread: str
    at: datetime
    by: str
    body: str
    also: tuple[str, ...] = ()
    external: str = ""
    direction: Direction = "in"
    automatic: bool = False
    files: tuple[str, ...] = ()
    subject: str = ""
    customer: str = ""
    customer_id: str = ""
    tier: str = ""
    priority: str = ""
    channel: str = ""
    way: str = ""
    link: str = ""
    by_dm: bool = False
    create: bool = True


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    result: Literal["created", "appended", "ignored"]
    ticket: Ticket | None
    why: str


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a new ticket begins with."""

    subject: str
    customer: str
    tier: str
    priority: str
    first: Said | None
    customer_id: str = ""
    level: str = ""
    assignee: str = ""
    channel: str = ""
    way: str = ""
    thread: str = ""
    link: str = ""
    by_dm: bool = False
    labels: tuple[str, ...] = ()
    lists: dict[str, OpenList] = {}


class Overtaken(Refused):
    """Somebody answered, or the customer wrote, since a draft was begun."""

    def __init__(self, ticket: Ticket, news: tuple[Message, ...]) -> None:
        self.id, self.revision, self.news = ticket.id, ticket.rev, news
        told = "; ".join(_in_short(one) for one in news[:3]) + ("; …" if len(news) > 3 else "")
        super().__init__(f"{ticket.id}: since you began, {told}. Read it, then send again.")


def _in_short(message: Message) -> str:
    did = "answered" if message.direction == "out" else "wrote"
    if message.deleted_at:
        did = "took back"
    elif message.edited_rev > message.rev:
        did = "changed"
    return f"{message.by} {did} {cleaning.fit(cleaning.line(message.body, 60), 40)!r}"


# Making one


def opened(id_: str, said: Opening, now: datetime) -> Ticket:
    """SUP-3: a new ticket. The subject of one that was opened without a message is the message."""
    subject = cleaning.line(said.subject)
    if not subject:
        raise Refused("a ticket needs a subject", field="subject")
    first = said.first and cleaned(said.first)
    made = Ticket(
        id=id_,
        subject=subject,
        customer=cleaning.line(said.customer, 200),
        customer_id=said.customer_id,
        tier=said.tier,
        priority=said.priority,
        status="open",
        opened_at=first.at if first else now,
        level=said.level,
        assignee=said.assignee,
        channel=cleaning.line(said.channel, 200),
        way=cleaning.line(said.way, 40),
        thread=thread_key(said.thread),
        link=cleaning.line(said.link),
        contact=first.by if first and first.direction == "in" and first.by != said.customer else "",
        labels=labels_of(said.labels),
        by_dm=said.by_dm,
        lists=said.lists,
    )
    return _with_message(made, first) if first else made


def cleaned(said: Said) -> Said:
    return replace(
        said,
        by=cleaning.line(said.by, 200) or "somebody",
        body=cleaning.clean(said.body).strip(),
        external=cleaning.line(said.external, LONGEST_KEY),
        files=tuple(cleaning.line(name, 200) for name in said.files[:100]),
    )


def written_at(given: datetime | None, now: datetime) -> datetime:
    """When something was written that somebody types in: now, unless they say otherwise."""
    if given is not None and given > now + AHEAD:
        raise Refused(
            "that moment is still to come; say when it was written, or leave it out for now", field="at"
        )
    return given or now


def thread_key(given: str) -> str:
    return cleaning.line(given, LONGEST_KEY)


def labels_of(given: Iterable[str], waiting_prefix: str = "") -> tuple[str, ...]:
    """With the prefix of waiting labels (SUP-12): refused where a label is nothing but that, and says for whom nobody waits."""
    found = tuple(
        dict.fromkeys(one for one in (cleaning.line(label, LONGEST_LABEL) for label in given) if one)
    )
    if len(found) > MOST_LABELS:
        raise Refused(f"{len(found):,} are too many; a ticket carries {MOST_LABELS} at most", field="labels")
    bare = [label for label in found if waiting_prefix and not label.replace(waiting_prefix, "").strip()]
    if bare:
        raise Refused(f"{bare[0]!r} alone says nothing; write what is waited for after it", field="labels")
    return found


def _with_message(ticket: Ticket, said: Said) -> Ticket:
    rev = ticket.rev + 1
    message = Message(
        key=f"m{rev}",
        at=said.at,
        by=said.by,
        direction=said.direction,
        body=said.body,
        rev=rev,
        external=said.external,
        files=said.files,
        automatic=said.automatic,
    )
    return replace(ticket, messages=(*ticket.messages, message))


# The debt


def is_waiting_label(label: str, prefix: str) -> bool:
    return label.startswith(prefix)


def owed_since(ticket: Ticket, prefix: str) -> datetime | None:
    """SLA-15: the oldest customer message not yet answered. A label that begins with `prefix` clears the debt (SUP-12)."""
    if ticket.status == "resolved" or any(is_waiting_label(label, prefix) for label in ticket.labels):
        return None
    oldest = oldest_unanswered(ticket.messages)
    return oldest.at if oldest else None


def oldest_unanswered(messages: tuple[Message, ...]) -> Message | None:
    places = owed_places(messages)
    return messages[places[0]] if places else None


def owed_places(messages: tuple[Message, ...]) -> list[int]:
    """Where the messages stand that no answer follows. What was merged in brings its own debt; answers given there were not to
    what was asked here."""
    found: list[int] = []
    for place, message in enumerate(messages):
        if message.direction == "out" and not message.moved_from and not message.automatic:
            found = []
        elif message.direction == "in" and not message.settled and not message.deleted_at:
            found.append(place)
    return found


def _settled(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    owed = set(owed_places(messages))
    return tuple(replace(one, settled=True) if place in owed else one for place, one in enumerate(messages))


def status_at(ticket: Ticket, now: datetime) -> Status:
    """A snooze ends by itself."""
    if ticket.status == "snoozed" and ticket.snooze_until is not None and ticket.snooze_until <= now:
        return "open"
    return ticket.status


# Messages


def has_message(ticket: Ticket, external: str) -> bool:
    return bool(external) and any(message.external == external for message in ticket.messages)


def received(ticket: Ticket, said: Said, prefix: str) -> Ticket:
    """The customer wrote: a debt begins, nobody waits or sleeps any more, and what was resolved is open again (SUP-12)."""
    refuse_merged(ticket)
    message = cleaned(said)
    if not message.body and not message.files:
        raise Refused("there is nothing in this message", field="body")
    woken = replace(ticket, status="open", snooze_until=None, resolved_at=None)
    return _with_message(answered_by_them(woken, prefix), message)


def answered_by_them(ticket: Ticket, prefix: str) -> Ticket:
    """SUP-12: the waiting labels have done their work, and what was open under them is settled."""
    kept = tuple(label for label in ticket.labels if not is_waiting_label(label, prefix))
    if kept == ticket.labels:
        return ticket
    return replace(ticket, labels=kept, messages=_settled(ticket.messages))


def replied(ticket: Ticket, said: Said, *, since: int | None = None, wait: bool = False) -> Ticket:
    """We answered: the debt is cleared. `since` is the revision that the writer had before them when they began."""
    refuse_merged(ticket)
    news = news_since(ticket, since) if since is not None else ()
    if news:
        raise Overtaken(ticket, news)
    message = cleaned(said)
    if not message.body:
        raise Refused("there is nothing to send", field="body")
    answered = _with_message(ticket, message)
    if not wait:
        return answered
    return replace(answered, status="waiting", snooze_until=None, resolved_at=None)


def news_since(ticket: Ticket, since: int) -> tuple[Message, ...]:
    """What was written or answered after that revision; notes stop nobody."""
    return tuple(
        one
        for one in ticket.messages
        if max(one.rev, one.edited_rev) > since and one.direction != "note" and not one.automatic
    )


def noted(ticket: Ticket, said: Said) -> Ticket:
    message = cleaned(said)
    if not message.body:
        raise Refused("there is nothing in this note", field="body")
    return _with_message(ticket, message)


def edited(ticket: Ticket, external: str, body: str, at: datetime) -> Ticket:
    """Its author changed a message where it was written; what it said before is in the history."""
    new = cleaning.clean(body).strip()
    return _altered(
        ticket,
        external,
        lambda one: (
            one if one.body == new else replace(one, body=new, edited_at=at, edited_rev=ticket.rev + 1)
        ),
    )


def deleted(ticket: Ticket, external: str, at: datetime) -> Ticket:
    """Its author took a message back: no answer is owed for it any more."""
    return _altered(
        ticket,
        external,
        lambda one: one if one.deleted_at else replace(one, deleted_at=at, edited_rev=ticket.rev + 1),
    )


def _altered(ticket: Ticket, external: str, change: Callable[[Message], Message]) -> Ticket:
    if not has_message(ticket, external):
        raise Refused(f"{ticket.id}: there is no message {cleaning.line(external, 60)!r}")
    return replace(
        ticket, messages=tuple(change(one) if one.external == external else one for one in ticket.messages)
    )


def refuse_merged(ticket: Ticket) -> None:
    if ticket.merged_into:
        raise Refused(f"{ticket.id} was merged into {ticket.merged_into}; go on there")
