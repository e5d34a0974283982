"""The fields of the queue's search, and its tests that are quick over many tickets. Pure functions.

    priority:P1 tier:ultimate assignee:me "500 error" -label:bug due:<2h is:waiting customer:acme created:<2d from:ivo

The language is that of every search (`fleettui/domain/searching/`). `P1` and `L2` alone are a priority and a level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

from fleettui.domain.searching import fields, language
from fleettui.domain.searching.fields import begins_none
from fleettui.domain.searching.language import Field, Known, Language, Search, SearchContext
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import TicketRow

narrows = language.narrows

Test = Callable[[QueueEntry], bool]


class TicketContext(SearchContext):
    """Who searches the queue, and when."""

    __slots__ = ("closing", "having", "unread")

    def __init__(
        self,
        *,
        me: str,
        now: datetime,
        zone: ZoneInfo,
        logins: Mapping[str, str],
        closing: datetime,
        unread: Callable[[TicketRow], bool],
    ) -> None:
        """`closing` is when support closes next."""
        super().__init__(me=me, now=now, zone=zone, logins=logins)
        self.closing, self.unread = closing, unread
        self.having: Callable[[str], Test] | None = None
        """A quicker way to look for text in very many tickets, where there is one."""


class Vocabulary(NamedTuple):
    """The names in the team's policy. What is left out is not checked."""

    priorities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    """Their keys, in order: L1 is the first."""
    more: Known = lambda _: ()
    """For the other fields: what is offered while somebody types."""

    def known(self, field: str) -> Sequence[str]:
        if field == "priority":
            return self.priorities
        return self.levels if field == "level" else self.more(field)


UNKNOWN = Vocabulary()


def parse(typed: str, vocabulary: Vocabulary = UNKNOWN) -> Search:
    """Reads a search. What cannot be understood is among its mistakes."""
    return language.parse(LANGUAGE, typed, vocabulary.known)


def find(search: Search, among: Iterable[QueueEntry], context: TicketContext) -> Sequence[QueueEntry]:
    """Cheap tests first: text is looked for last."""
    return language.find(LANGUAGE, search, among, context)


# The fields


def _text(value: str, context: TicketContext) -> Test:
    if context.having is not None:
        return context.having(value)
    return lambda entry: entry.has(value)


def _customer_names(entry: QueueEntry) -> Iterable[str]:
    customer = entry.customer
    return (entry.ticket.customer, customer.name, customer.codename) if customer else (entry.ticket.customer,)


def _customer(value: str, context: TicketContext) -> Test:
    def test(entry: QueueEntry) -> bool:
        if entry.customer is not None and value == entry.customer.id.casefold():
            return True
        return any(value in name.casefold() for name in _customer_names(entry))

    return test


def _from(value: str, context: TicketContext) -> Test:
    """Who wrote in it: a contact of the customer by name, one of us also by login."""
    login = context.me if value == "me" else context.logins.get(value, "")

    def test(entry: QueueEntry) -> bool:
        if value != "me" and value in entry.ticket.contact.casefold():
            return True
        return any(by == login if login else value in by.casefold() for by, _ in entry.ticket.says)

    return test


def _issue(value: str, context: TicketContext) -> Test:
    """By number, short name or link."""
    from fleettui.domain.tickets.linked_issues import (
        means,
    )  # late: a queue that is only shown needs none of it

    return lambda entry: means(value, entry.ticket.issue)


def _group(value: str, context: TicketContext) -> Test:
    return lambda entry: entry.group.startswith(value)


def _status(value: str, context: TicketContext) -> Test:
    return lambda entry: tickets.status_at(entry.ticket, context.now).startswith(value)


def _id(value: str, context: TicketContext) -> Test:
    return lambda entry: entry.ticket.id.casefold() in (value, f"t-{value}")


def _incident(value: str, context: TicketContext) -> Test:
    """The incident itself, and what belongs to it."""
    wanted = (value, f"t-{value}")
    return lambda entry: (
        entry.ticket.incident_of.casefold() in wanted
        or (bool(entry.ticket.incident) and entry.ticket.id.casefold() in wanted)
    )


_HAS: dict[str, Callable[[TicketRow], bool]] = {
    "issue": lambda ticket: bool(ticket.issue),
    "labels": lambda ticket: bool(ticket.labels),
    "details": lambda ticket: "details" in ticket.has,
    "date": lambda ticket: "date" in ticket.has,
    "files": lambda ticket: "files" in ticket.has,
}


def _having(has: Callable[[TicketRow], bool]) -> Callable[[TicketContext], Test]:
    return lambda _: lambda entry: has(entry.ticket)


def _is_status(status: str) -> Callable[[TicketContext], Test]:
    return lambda context: lambda entry: tickets.status_at(entry.ticket, context.now) == status


def _due_before(at: datetime) -> Test:
    return lambda entry: entry.due is not None and entry.due < at


_IS: dict[str, Callable[[TicketContext], Test]] = {
    "open": _is_status("open"),
    "waiting": _is_status("waiting"),
    "snoozed": _is_status("snoozed"),
    "resolved": _is_status("resolved"),
    "breached": lambda context: _due_before(context.now),
    # Over, or due before support closes.
    "breaching": lambda context: lambda entry: entry.due is not None and entry.due <= context.closing,
    "owed": lambda context: lambda entry: entry.owed is not None,
    "mine": lambda context: lambda entry: entry.ticket.assignee == context.me,
    "unassigned": lambda context: lambda entry: not entry.ticket.assignee,
    "unread": lambda context: lambda entry: context.unread(entry.ticket),
    "department": lambda context: lambda entry: entry.ticket.is_for_department,
    "untriaged": lambda context: lambda entry: entry.ticket.untriaged,
    "merged": lambda context: lambda entry: bool(entry.ticket.merged_into),
    "dm": lambda context: lambda entry: entry.ticket.by_dm,
    "anonymous": lambda context: lambda entry: entry.customer is not None and entry.customer.anonymous,
}


def _level_meant(value: str, levels: Sequence[str]) -> str:
    """The key of a level that was named by its number (L2)."""
    signs = {f"l{number}": key for number, key in enumerate(levels, start=1)}
    return signs.get(value, value).casefold()


def _level_problem(value: str, levels: Sequence[str]) -> str:
    signs = (f"L{number} {key}" for number, key in enumerate(levels, start=1))
    return begins_none("level", value, levels, signs)


def _begins(field: str, attribute: str, meaning: str) -> Field[QueueEntry, TicketContext]:
    """Of a text of the ticket; only what the team's policy knows may be typed, as far as that says."""

    def test(value: str, context: TicketContext) -> Test:
        return lambda entry: getattr(entry.ticket, attribute).casefold().startswith(value)

    def problem(value: str, choices: Sequence[str]) -> str:
        return begins_none(field, value, choices) if field == "priority" else ""

    return Field(meaning, test, problem)


def _bare(value: str, known: Known) -> str:
    """P1 is a priority, L2 a level."""
    if len(value) < 2 or not value[-1].isdigit():
        return ""
    if any(value == priority.casefold() for priority in known("priority")):
        return "priority"
    number = value[1:] if value.startswith("l") else ""
    return "level" if number.isdecimal() and 0 < int(number) <= len(known("level")) else ""


FIELDS: dict[str, Field[QueueEntry, TicketContext]] = {
    "is": fields.states("is", "a state", _IS),
    "priority": _begins("priority", "priority", "how urgent: P1 alone will do"),
    "tier": _begins("tier", "tier", "the customer's contract"),
    "level": Field(
        "who works on it: L2 alone will do",
        _begins("level", "level", "").test,
        _level_problem,
        meant=_level_meant,
    ),
    "channel": _begins("channel", "channel", "where it goes on"),
    "way": _begins("way", "way", "how it came in"),
    "assignee": fields.person("whose it is", lambda entry: (entry.ticket.assignee,)),
    "whose": fields.person("the same as assignee:", lambda entry: (entry.ticket.assignee,)),
    "label": fields.listed("one of its labels; bug* begins like this", lambda entry: entry.ticket.labels),
    "customer": Field("by name, codename or id", _customer),
    "from": Field("who wrote in it", _from, values=("me",)),
    "group": Field("how large the customer is", _group),
    "issue": Field("its GitHub issue, by number", _issue),
    "status": Field(
        "how it stands",
        _status,
        lambda value, _: begins_none("status", value, get_args(tickets.Status)),
        get_args(tickets.Status),
    ),
    "has": fields.states("has", "what it has", {word: _having(has) for word, has in _HAS.items()}),
    "due": fields.moments("due", "when the answer is due", lambda entry: entry.due),
    "created": fields.moments("created", "when it came in", lambda entry: entry.ticket.opened_at, past=True),
    "written": fields.moments(
        "written", "when somebody wrote in it last", lambda entry: entry.ticket.written_at, past=True
    ),
    "resolved": fields.moments(
        "resolved", "when it was resolved", lambda entry: entry.ticket.resolved_at, past=True
    ),
    "id": Field("its number", _id),
    "incident": Field("the incident that it belongs to, by the ticket's number", _incident),
}

LANGUAGE: Language[QueueEntry, TicketContext] = Language(
    FIELDS, _text, {"archive": "what is resolved and archived, too"}, _bare
)
