"""The queue's search: the typed text becomes tests that are quick over many tickets. Pure functions.

    priority:P1 tier:ultimate assignee:me "500 error" -label:bug due:<2h is:waiting customer:acme

Every term has to match; a minus negates a term. A term that is not finished yet (`priority:`) tests nothing. A word before a
colon that is no field is text, as in a web address; the search says so, because it may be a field that was mistyped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.sla import Debt
from fleettui.text import cleaning
from fleettui.time import zones

LONGEST = 400

Test = Callable[["QueueEntry"], bool]


class QueueEntry:
    """A ticket as the search and the queue see it. What few tests need is worked out on first use."""

    __slots__ = ("_find_debt", "_owed", "_search_text", "customer", "group", "place", "ticket")

    def __init__(
        self,
        ticket: Ticket,
        customer: Customer | None,
        group: str,
        find_debt: Callable[[Ticket], Debt | None],
    ) -> None:
        self.ticket, self.customer, self.group = ticket, customer, group
        self.place: tuple[int, int, int, int] | None = None
        """Where it stands in the queue: set by whoever orders it."""
        self._find_debt = find_debt
        self._search_text: str | None = None
        self._owed: Debt | bool | None = False

    @property
    def owed(self) -> Debt | None:
        """The answer that is owed; None where nothing is."""
        if isinstance(self._owed, bool):
            self._owed = self._find_debt(self.ticket)
        return self._owed

    @property
    def due(self) -> datetime | None:
        """When that answer is due."""
        owed = self.owed
        return owed.due if owed is not None else None

    @property
    def shown(self) -> str:
        """The customer, or their codename (SUP-13)."""
        return self.customer.shown if self.customer else self.ticket.customer

    @property
    def search_text(self) -> str:
        """Its title, names and labels, in small letters."""
        if self._search_text is None:
            ticket = self.ticket
            names = (self.customer.name, self.customer.codename) if self.customer else ()
            parts = (
                ticket.id,
                ticket.subject,
                ticket.customer,
                *names,
                ticket.assignee,
                ticket.contact,
                ticket.issue,
                *ticket.labels,
            )
            self._search_text = "\n".join(parts).casefold()
        return self._search_text

    def has(self, needle: str) -> bool:
        """In its title, names and labels, or in what was written."""
        if needle in self.search_text:
            return True
        for message in self.ticket.messages:  # noqa: SIM110  # of thousands, at every letter: no generator
            if needle in message.body or needle in message.body.casefold():
                return True
        return False


class SearchContext(NamedTuple):
    """Who searches, and when. `closing` is when support closes next."""

    me: str
    now: datetime
    zone: ZoneInfo
    closing: datetime
    logins: dict[str, str]
    """From names, in small letters, to logins."""
    unread: Callable[[Ticket], bool]


class Term(NamedTuple):
    """One word of a search."""

    field: str
    value: str
    negative: bool


class Vocabulary(NamedTuple):
    """The names in the team's policy. What is left out is not checked."""

    priorities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    """Their keys, in order: L1 is the first."""


UNKNOWN = Vocabulary()


class Search(NamedTuple):
    """A search that was read."""

    terms: tuple[Term, ...]
    problems: tuple[str, ...]

    def asks_for(self, states: Iterable[str]) -> bool:
        """Whether it names one of these states, and so wants to see them."""
        wanted = set(states)
        return any(
            term.field in ("is", "status") and term.value in wanted and not term.negative
            for term in self.terms
        )


_WORD = re.compile(r'(-?)(?:([A-Za-z_]+):)?(?:"([^"]*)"?|(\S+)|(?<=:))')


def parse(typed: str, vocabulary: Vocabulary = UNKNOWN) -> Search:
    """Reads a search. What cannot be understood is among its problems."""
    terms, problems = [], []
    for match in _WORD.finditer(cleaning.line(typed, LONGEST)):
        minus, field, quoted, bare = match.groups()
        value, field = (quoted if bare is None else bare) or "", (field or "").casefold()
        if field and field not in FIELDS:
            text = match.group()[len(minus) :]
            if value and not value.startswith("//"):
                problems.append(f"{field}: is not a field; to look for the text, write it in quotes")
            field, value = "", text
        if not value.strip():
            continue
        value = _level_meant(value.casefold(), vocabulary) if field == "level" else value.casefold()
        problem = _problem(field, value, vocabulary)
        if problem:
            problems.append(problem)
        else:
            terms.append(Term(field, value, bool(minus)))
    return Search(tuple(terms), tuple(problems))


def _problem(field: str, value: str, vocabulary: Vocabulary) -> str:
    if field == "priority":
        return _begins_none(field, value, vocabulary.priorities)
    if field == "level":
        signs = (f"L{number} {key}" for number, key in enumerate(vocabulary.levels, start=1))
        return _begins_none(field, value, vocabulary.levels, signs)
    return _PROBLEMS[field](value) if field in _PROBLEMS else ""


def _level_meant(value: str, vocabulary: Vocabulary) -> str:
    """The key of a level that was named by its number (L2)."""
    signs = {f"l{number}": key for number, key in enumerate(vocabulary.levels, start=1)}
    return signs.get(value, value).casefold()


def narrows(before: Search, after: Search) -> bool:
    """Whether `after` can only find what `before` found: the last word of text became longer."""
    if not before.terms or len(before.terms) != len(after.terms) or before.terms[:-1] != after.terms[:-1]:
        return False
    old, new = before.terms[-1], after.terms[-1]
    return not (old.field or new.field or old.negative or new.negative) and new.value.startswith(old.value)


def find(search: Search, among: Iterable[QueueEntry], context: SearchContext) -> list[QueueEntry]:
    """Cheap tests first: text is looked for last."""
    entries = list(among)
    for term in sorted(search.terms, key=lambda term: term.field in ("", "text")):
        test = FIELDS[term.field](term.value, context)
        entries = [entry for entry in entries if test(entry) is not term.negative]
    return entries


# The fields


def _text(value: str, context: SearchContext) -> Test:
    return lambda entry: entry.has(value)


def _beginning(attribute: str) -> Callable[[str, SearchContext], Test]:
    def test(value: str, context: SearchContext) -> Test:
        return lambda entry: getattr(entry.ticket, attribute).casefold().startswith(value)

    return test


def _assignee(value: str, context: SearchContext) -> Test:
    if value in ("nobody", "none", "-"):
        return lambda entry: not entry.ticket.assignee
    login = context.me if value == "me" else context.logins.get(value, value)
    if login == context.me or value in context.logins:
        return lambda entry: entry.ticket.assignee == login
    return lambda entry: entry.ticket.assignee.casefold().startswith(login)


def _label(value: str, context: SearchContext) -> Test:
    if value.endswith("*"):
        start = value[:-1]
        return lambda entry: any(label.casefold().startswith(start) for label in entry.ticket.labels)
    return lambda entry: any(label.casefold() == value for label in entry.ticket.labels)


def _customer(value: str, context: SearchContext) -> Test:
    def test(entry: QueueEntry) -> bool:
        customer = entry.customer
        if value in entry.ticket.customer.casefold():
            return True
        return customer is not None and (
            value in customer.name.casefold()
            or value in customer.codename.casefold()
            or value == customer.id.casefold()
        )

    return test


def _issue(value: str, context: SearchContext) -> Test:
    """By number, short name or link."""
    from fleettui.domain.tickets.linked_issues import (
        means,
    )  # late: a queue that is only shown needs none of it

    return lambda entry: means(value, entry.ticket.issue)


def _group(value: str, context: SearchContext) -> Test:
    return lambda entry: entry.group.startswith(value)


def _status(value: str, context: SearchContext) -> Test:
    return lambda entry: tickets.status_at(entry.ticket, context.now).startswith(value)


def _id(value: str, context: SearchContext) -> Test:
    return lambda entry: entry.ticket.id.casefold() in (value, f"t-{value}")


_HAS: dict[str, Callable[[Ticket], bool]] = {
    "issue": lambda ticket: bool(ticket.issue),
    "labels": lambda ticket: bool(ticket.labels),
    "details": lambda ticket: bool(ticket.details),
    "date": lambda ticket: ticket.key_date is not None,
    "files": lambda ticket: any(message.files for message in ticket.messages),
}


def _has(value: str, context: SearchContext) -> Test:
    has = _HAS[value]
    return lambda entry: has(entry.ticket)


def _is(value: str, context: SearchContext) -> Test:
    return _IS[value](context)


def _is_status(status: str) -> Callable[[SearchContext], Test]:
    return lambda context: lambda entry: tickets.status_at(entry.ticket, context.now) == status


def _due_before(at: datetime) -> Test:
    return lambda entry: entry.due is not None and entry.due < at


_IS: dict[str, Callable[[SearchContext], Test]] = {
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

_SIGN = re.compile(r"^(?:[<>]=?|=)")
_ANY_DAY = date(2026, 1, 1)


def _due(value: str, context: SearchContext) -> Test:
    """due:<2h, due:>1d, due:<2026-03-12, due:today, due:<fri, due:>tomorrow."""
    from fleettui.time import typed  # late: a queue that is only shown needs none of it

    sign, text = _signed(value)
    ahead = typed.span(text)
    if ahead is not None:
        start = end = context.now + ahead
        fits = _COMPARED.get(sign, _COMPARED["<"])
    else:
        day = _day_meant(text, zones.day_of(context.now, context.zone))
        if day is None:
            return lambda entry: False
        start, end = zones.start_of_day(day, context.zone), zones.end_of_day(day, context.zone)
        fits = _COMPARED.get(sign, _within)
    return lambda entry: entry.due is not None and fits(entry.due, start, end)


def _within(due: datetime, start: datetime, end: datetime) -> bool:
    return start <= due < end


_COMPARED: dict[str, Callable[[datetime, datetime, datetime], bool]] = {
    "<": lambda due, start, end: due < start,
    "<=": lambda due, start, end: due < end,
    ">": lambda due, start, end: due >= end,
    ">=": lambda due, start, end: due >= start,
}


def _signed(value: str) -> tuple[str, str]:
    text = _SIGN.sub("", value, count=1)
    return value[: len(value) - len(text)], text


def _day_meant(text: str, today: date) -> date | None:
    from fleettui.time import typed

    day = typed.day_named(text, today)
    return day if day is not None and zones.FIRST_YEAR < day.year < zones.LAST_YEAR else None


def _due_problem(value: str) -> str:
    from fleettui.time import typed

    when = _signed(value)[1]
    if not when:
        return "due: write it like due:<2h"
    if typed.span(when) is not None or _day_meant(when, _ANY_DAY) is not None:
        return ""
    return f"due: {when!r} is not a time; write it like due:<2h, due:today or due:<2026-03-12"


def _begins_none(field: str, value: str, choices: Sequence[str], shown: Iterable[str] = ()) -> str:
    if not choices or any(choice.casefold().startswith(value) for choice in choices):
        return ""
    return f"{field}: {value!r} is not one of {', '.join(shown or choices)}"


def _one_of(field: str, choices: Iterable[str]) -> Callable[[str], str]:
    allowed = tuple(choices)
    return lambda value: "" if value in allowed else f"{field}: {value!r} is not one of {', '.join(allowed)}"


FIELDS: dict[str, Callable[[str, SearchContext], Test]] = {
    "": _text,
    "text": _text,
    "id": _id,
    "priority": _beginning("priority"),
    "tier": _beginning("tier"),
    "level": _beginning("level"),
    "channel": _beginning("channel"),
    "way": _beginning("way"),
    "assignee": _assignee,
    "label": _label,
    "customer": _customer,
    "group": _group,
    "issue": _issue,
    "status": _status,
    "is": _is,
    "has": _has,
    "due": _due,
}
_PROBLEMS: dict[str, Callable[[str], str]] = {
    "due": _due_problem,
    "is": _one_of("is", _IS),
    "has": _one_of("has", _HAS),
    "status": lambda value: _begins_none("status", value, get_args(tickets.Status)),
}
