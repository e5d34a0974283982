"""A support request as it is kept, and since when an answer is owed (SUP, SLA-15).

Messages stand in the order in which they came here, not in that of their times: an answer cannot have been to a message that
was delivered after it. Nor can it have been to one that was written after it, so an answer that is delivered late stands before
the customer's newer messages (`answers.py`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from fleettui.documents import Document
from fleettui.domain.checklists.model import Checklist, Run
from fleettui.domain.delivery.model import Delivery
from fleettui.errors import Refused
from fleettui.text import cleaning

Status = Literal["open", "waiting", "snoozed", "resolved"]
Answer = Literal["yes", "no"]
Direction = Literal["in", "out", "note"]
"""From the customer, to the customer, or among us."""

DEPARTMENT = "Department"
"""The tier of what other teams and partners ask of the department (SUP-20); no customer has it."""
NOT_TRIAGED = "not triaged"
MOST_LABELS = 50
LONGEST_LABEL = 60
LONGEST_KEY = 300


class Attachment(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """A file that came with a message. `name` is safe to save it under; what it is (`type`) was told from its content."""

    name: str
    size: int = 0
    type: str = ""
    sha256: str = ""
    """By which it is kept in the workspace; empty where it was left behind (SUP-5)."""
    link: str = ""
    """To where it was left."""
    why: str = ""
    """Why it was not kept."""


class Message(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """One message or note of a ticket.

    `rev` is the ticket's revision with which it came: what is newer than a draft has a higher one.
    """

    key: str
    at: datetime
    by: str
    direction: Direction
    body: str
    rev: int
    external: str = ""
    """Its id where it was written, so that a second delivery is recognised."""
    files: tuple[str, ...] = ()
    """The names that its files came with."""
    attachments: tuple[Attachment, ...] = ()
    """The same files, in the same order, and what became of each (SUP-5). Before there was this field, all were left behind."""
    cc: tuple[str, ...] = ()
    """Who else got the mail, as "Name <address>"."""
    uncounted: str = ""
    """Why a mail from our own address is a note and not our answer (SUP-21)."""
    automatic: bool = False
    settled: bool = False
    """Nothing is owed for it any more, though no answer follows it in this list."""
    moved_from: str = ""
    """The merged ticket that it came with."""
    edited_at: datetime | None = None
    edited_rev: int = 0
    deleted_at: datetime | None = None
    delivery: Delivery | None = None
    """The order to send it; without one somebody copies it, or it came from elsewhere."""

    @property
    def is_answer(self) -> bool:
        """One of us answered, and did not take it back. What a program sent by itself answers nobody, nor does what never got
        through (SLA-15)."""
        has_failed = self.delivery is not None and self.delivery.state == "failed"
        return self.direction == "out" and not self.automatic and self.deleted_at is None and not has_failed


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


class OpenChecklist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A checklist of the ticket, with the definition that it had when it was opened."""

    name: str
    rule: str
    checklist: Checklist
    run: Run


class Ticket(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """`gc=False`: no ticket can be part of a cycle, so the garbage collector need not look at ten thousand of them."""

    subject: str
    customer: str
    """The name as it was typed; `customer_id` where it is one of the list."""
    customer_id: str = ""
    tier: str
    priority: str
    status: Status
    opened_at: datetime
    level: str = ""
    """Who works on it (SUP-6): a key of levels.json."""
    assignee: str = ""
    channel: str = ""
    """Where it goes on: a Slack channel, an address."""
    way: str = ""
    """How it came in: slack, mail, web chat, flag, issue; empty: typed in (SUP-1)."""
    thread: str = ""
    """The key of its conversation, by which later messages find it."""
    link: str = ""
    """To the conversation where it takes place."""
    contact: str = ""
    """The person at the customer who writes."""
    labels: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    snooze_until: datetime | None = None
    merged_into: str = ""
    incident: str = ""
    """The status line of the incident that this ticket stands for; empty where it is none, or where that is over."""
    incident_of: str = ""
    """The ticket that is the incident which this one belongs to."""
    details: dict[str, str] = {}
    """What is known of the problem (SUP-10): by the keys of details.json."""
    issue: str = ""
    """The link to its GitHub issue (SUP-11)."""
    issue_private: bool = False
    issue_searches: tuple[str, ...] = ()
    """The words with which somebody looked for an issue."""
    key_date: date | None = None
    """The day by which the customer needs the issue (SUP-11)."""
    by_dm: bool = False
    """It came by direct message: resolving it needs `channel_summary` (SUP-8)."""
    channel_summary: str = ""
    documentation: Documentation | None = None
    lists: dict[str, OpenChecklist] = {}
    late_why: str = ""
    """Why an answer was late, in the team's own words."""
    resolved_at: datetime | None = None
    untriaged: bool = False
    """SUP-19: nobody has chosen the priority yet, which is only the one that counts until then."""

    @property
    def is_for_department(self) -> bool:
        """SUP-20: another team or a partner asks, no customer."""
        return self.tier == DEPARTMENT

    @property
    def priority_shown(self) -> str:
        """The priority; with a question mark while nobody has chosen it."""
        return f"{self.priority}?" if self.untriaged else self.priority


class TicketRow(msgspec.Struct, frozen=True, gc=False):
    """Of a ticket at one revision: what lists, searches and the order of the queue look at, without what was written. A pure
    function of the ticket alone (row.py), so that it can be kept beside it. The fields of the same names mean the same."""

    id: str
    rev: int
    subject: str
    customer: str
    customer_id: str
    tier: str
    priority: str
    status: Status
    opened_at: datetime
    level: str
    assignee: str
    channel: str
    way: str
    thread: str
    contact: str
    labels: tuple[str, ...]
    snooze_until: datetime | None
    merged_into: str
    incident: str
    incident_of: str
    issue: str
    by_dm: bool
    resolved_at: datetime | None
    untriaged: bool
    asked_at: datetime | None
    """Since when the customer waits for an answer, whatever the labels say (`owed_since`)."""
    written_at: datetime | None
    """The time of the newest message."""
    says: tuple[tuple[str, int], ...]
    """Who wrote in it, and the revision at which each did so last."""
    has: tuple[str, ...]
    """Which of the things that row.py knows."""

    @property
    def is_for_department(self) -> bool:
        """SUP-20: another team or a partner asks, no customer."""
        return self.tier == DEPARTMENT

    @property
    def priority_shown(self) -> str:
        """The priority; with a question mark while nobody has chosen it."""
        return f"{self.priority}?" if self.untriaged else self.priority


Listed = Ticket | TicketRow
"""Of which rules that need no messages are asked."""


def finished_at(ticket: Ticket) -> datetime | None:
    """Since when nobody has anything to do with it; never while an answer has not left."""
    waits = any(message.delivery is not None and message.delivery.is_open for message in ticket.messages)
    return None if waits else ticket.resolved_at


def thread_key(thread: str) -> str:
    """A conversation's key as it is kept and compared."""
    return cleaning.line(thread, LONGEST_KEY)


def labels_of(labels: Iterable[str], waiting_prefix: str = "") -> tuple[str, ...]:
    """The labels as they are kept, each once.

    With the prefix of waiting labels (SUP-12), a label that is only the prefix is refused: it says nothing of what is waited for.
    """
    tidy = (cleaning.line(label, LONGEST_LABEL) for label in labels)
    kept = tuple(dict.fromkeys(label for label in tidy if label))
    if len(kept) > MOST_LABELS:
        raise Refused(f"{len(kept):,} are too many; a ticket carries {MOST_LABELS} at most", field="labels")
    bare = [label for label in kept if waiting_prefix and not label.replace(waiting_prefix, "").strip()]
    if bare:
        raise Refused(f"{bare[0]!r} alone says nothing; write what is waited for after it", field="labels")
    return kept


def is_waiting_label(label: str, prefix: str) -> bool:
    """SUP-12: a label that says for whom we wait."""
    return label.startswith(prefix)


def refuse_merged(ticket: Listed) -> None:
    """A merged ticket goes on as another one."""
    if ticket.merged_into:
        raise Refused(f"{ticket.id} was merged into {ticket.merged_into}; go on there")


def status_at(ticket: Listed, now: datetime) -> Status:
    """A snooze ends by itself."""
    if ticket.status == "snoozed" and ticket.snooze_until is not None and ticket.snooze_until <= now:
        return "open"
    return ticket.status


# The debt


def owed_since(ticket: Listed, prefix: str) -> datetime | None:
    """SLA-15: the oldest customer message not yet answered. A label that begins with `prefix` clears the debt (SUP-12)."""
    if ticket.status == "resolved":
        return None
    if ticket.labels and any(is_waiting_label(label, prefix) for label in ticket.labels):
        return None
    if isinstance(ticket, TicketRow):
        return ticket.asked_at
    oldest = oldest_unanswered(ticket.messages)
    return oldest.at if oldest else None


def oldest_unanswered(messages: tuple[Message, ...]) -> Message | None:
    """The message since which an answer is owed."""
    unanswered = unanswered_indexes(messages)
    return min((messages[index] for index in unanswered), key=lambda message: message.at, default=None)


def unanswered_indexes(messages: tuple[Message, ...]) -> list[int]:
    """The indexes of the messages that no answer follows.

    What was merged in brings its own debt: answers given there were not to what was asked here.
    """
    unanswered: list[int] = []
    for index, message in enumerate(messages):
        if message.is_answer and not message.moved_from:
            unanswered = []
        elif message.direction == "in" and not message.settled and not message.deleted_at:
            unanswered.append(index)
    return unanswered
