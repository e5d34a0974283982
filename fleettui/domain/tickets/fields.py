"""Setting the fields of a ticket, each checked; and the checklists that open with it. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from fleettui.domain.checklists.model import Mark, Run
from fleettui.domain.checklists.status import every_step
from fleettui.domain.tickets import issues, lifecycle, sla
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.model import OpenChecklist, Ticket
from fleettui.domain.tickets.policy import (
    ISSUE_CHECKLIST,
    ISSUE_FOUND_FACT,
    Details,
    Levels,
    TicketChecklist,
    TicketPolicy,
)
from fleettui.errors import Fields, Refused
from fleettui.text import cleaning, finding, reading

T = TypeVar("T")

LINES = (
    "subject",
    "customer",
    "customer_id",
    "channel",
    "way",
    "thread",
    "link",
    "contact",
    "late_why",
)
EDITABLE = (
    "subject", "customer", "tier", "priority", "assignee", "level", "channel", "way", "thread", "link", "contact",
    "issue", "issue_private", "key_date", "by_dm", "channel_summary", "documentation", "late_why", "labels",
)  # fmt: skip
"""What `set` takes, besides the keys of the details (SUP-10). `customer_id` follows from `customer`."""

LONGEST_DETAIL = 20_000


class EditContext(msgspec.Struct, frozen=True):
    """What the checks of a field need: policy, time, person."""

    policy: sla.SlaPolicy
    levels: Levels
    details: Details
    now: datetime
    by: str
    waiting_prefix: str


def with_fields(ticket: Ticket, fields: Mapping[str, Any], context: EditContext) -> Ticket:
    """`ticket` with other fields. An empty value empties a detail."""
    before, details = ticket, dict(ticket.details)
    changed: dict[str, Any] = {}
    choices_of = {detail.key: detail.choices for detail in context.details.details}
    checked = Fields()
    for field, value in fields.items():
        with checked.check():
            if field in choices_of:
                _put_detail(details, field, choices_of[field], value)
            elif field in EDITABLE or field == "customer_id":
                changed[field] = _checked(field, value, context)
            else:
                raise Refused(
                    f"there is no such field; a ticket has {', '.join(EDITABLE)}",
                    field=cleaning.line(field, 40),
                )
    checked.refuse()
    if "priority" in changed:
        # SUP-19: chosen, even where it is the one that counted before.
        changed["untriaged"] = False
    after = replace(ticket, details=details, **changed)
    if not after.subject:
        raise Refused("a ticket needs a subject", field="subject")
    return after if "level" in changed else _level_follows(before, after, context.levels)


def _level_follows(before: Ticket, after: Ticket, levels: Levels) -> Ticket:
    """SUP-6: the priority decides the level, unless somebody chose another level."""
    old_level, new_level = levels.of(before.priority), levels.of(after.priority)
    if (
        new_level is None
        or before.priority == after.priority
        or before.level not in ("", old_level.key if old_level else "")
    ):
        return after
    return replace(after, level=new_level.key)


def with_higher_priority(ticket: Ticket, other: Ticket, context: EditContext) -> Ticket:
    """`ticket` with the priority of what is merged into it, if that is more urgent and not over. One that somebody chose comes
    before one that nobody did (SUP-19)."""
    if other.status == "resolved":
        return ticket
    if ticket.untriaged == other.untriaged:
        places = {priority.key: place for place, priority in enumerate(context.policy.priorities)}
        least = len(places)
        stays = places.get(other.priority, least) >= places.get(ticket.priority, least)
    else:
        stays = other.untriaged
    if stays:
        return ticket
    taken = replace(ticket, priority=other.priority, untriaged=other.untriaged)
    return _level_follows(ticket, taken, context.levels)


def _put_detail(details: dict[str, str], key: str, choices: tuple[str, ...], value: Any) -> None:
    text = cleaning.clean(str(value), LONGEST_DETAIL).strip()
    if not text:
        details.pop(key, None)
        return
    if choices:
        text = reading.one_of(key, text, choices)
    details[key] = text


def _checked(field: str, value: Any, context: EditContext) -> Any:
    if field in LINES:
        limit = tickets.LONGEST_KEY if field == "thread" else cleaning.LINE_LIMIT
        return cleaning.line(reading.text(field, value), limit)
    if field in _READERS:
        return _READERS[field](field, value)
    return _READERS_BY_POLICY[field](field, value, context)


def _tier(field: str, value: Any, context: EditContext) -> str:
    return tier_named(context.policy, reading.text(field, value).strip())


def tier_named(policy: sla.SlaPolicy, typed: str) -> str:
    """A tier of the policy, or that of requests to the department (SUP-20)."""
    if typed.casefold() == tickets.DEPARTMENT.casefold():
        return tickets.DEPARTMENT
    return sla.tier_named(policy, typed)


def _priority(field: str, value: Any, context: EditContext) -> str:
    return sla.priority_named(context.policy, reading.text(field, value).strip()).key


def _level(field: str, value: Any, context: EditContext) -> str:
    return level_named(context.levels, reading.text(field, value))


def level_named(levels: Levels, typed: str) -> str:
    """By key, name or number: L1 is the first."""
    wanted = cleaning.line(typed, 60).casefold()
    for number, level in enumerate(levels.levels, start=1):
        if wanted in (level.key.casefold(), level.name.casefold(), f"l{number}", str(number)):
            return level.key
    keys = ", ".join(level.key for level in levels.levels)
    raise Refused(f"{finding.quoted(typed)} is not one of {keys}", field="level")


def _login(field: str, value: Any) -> str:
    return cleaning.line(reading.text(field, value), 100)


def _body(field: str, value: Any) -> str:
    return cleaning.clean(reading.text(field, value)).strip()


def _documentation(field: str, value: Any, context: EditContext) -> tickets.Documentation | None:
    answer = reading.text(field, value).strip()
    return lifecycle.documentation(answer, context.now, context.by) if answer else None


def _labels(field: str, value: Any, context: EditContext) -> tuple[str, ...]:
    return tickets.labels_of(
        reading.listed(value) if isinstance(value, str) else value, context.waiting_prefix
    )


def _issue(field: str, value: Any) -> str:
    link = cleaning.line(reading.text(field, value))
    return issues.issue_link(link) if link else ""


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "assignee": _login,
    "issue_private": reading.yes_or_no,
    "by_dm": reading.yes_or_no,
    "key_date": reading.day_or_none,
    "channel_summary": _body,
    "issue": _issue,
}
_READERS_BY_POLICY: dict[str, Callable[[str, Any, EditContext], Any]] = {
    "tier": _tier,
    "priority": _priority,
    "level": _level,
    "documentation": _documentation,
    "labels": _labels,
}


# Checklists


def with_checklists(ticket: Ticket, policy: TicketPolicy, now: datetime) -> Ticket:
    """With the lists that open by themselves at its priority. A list that is open stays open."""
    for definition in policy.checklists:
        if (
            definition.opens_with
            and definition.opens_with == ticket.priority
            and definition.key not in ticket.lists
        ):
            ticket = with_checklist(ticket, definition, now)
    return ticket


def with_checklist(ticket: Ticket, definition: TicketChecklist, now: datetime) -> Ticket:
    """With this checklist, if it has none of it yet."""
    if definition.key in ticket.lists:
        return ticket
    opened = OpenChecklist(
        name=definition.name, rule=definition.rule, checklist=definition.checklist, run=Run(started=now)
    )
    return replace(ticket, lists={**ticket.lists, definition.key: opened})


def with_issue(
    ticket: Ticket, url: str, policy: TicketPolicy, now: datetime, *, private: bool = False
) -> Ticket:
    """With the link to its issue, and the checklist for issues (SUP-11)."""
    done = issues.linked(ticket, url, private=private)
    listed = policy.checklist(ISSUE_CHECKLIST)
    return with_checklist(done, listed, now) if listed else done


def known_answers(ticket: Ticket, open_checklist: OpenChecklist, best_tier: str) -> dict[str, bool]:
    """What the ticket itself answers of a list's questions; `best_tier` is the one with an emergency number."""
    from_ticket = {
        "ticket.tier": ticket.tier == best_tier,
        "ticket.key_date": ticket.key_date is not None,
        "ticket.issue_private": ticket.issue_private,
    }
    return {
        fact.key: from_ticket[fact.known_from]
        for fact in open_checklist.checklist.facts
        if fact.known_from in from_ticket
    }


def checklist_as_shown(ticket: Ticket, key: str, best_tier: str, policy: TicketPolicy) -> OpenChecklist:
    """The list with what the ticket answers filled in; what somebody answered or ticked is kept."""
    open_checklist = ticket.lists[key]
    answers = {**known_answers(ticket, open_checklist, best_tier), **open_checklist.run.answers}
    marks = {**_proven(ticket, key, open_checklist, answers, policy), **open_checklist.run.marks}
    return replace(open_checklist, run=replace(open_checklist.run, answers=answers, marks=marks))


def _proven(
    ticket: Ticket, key: str, open_checklist: OpenChecklist, answers: Mapping[str, Any], policy: TicketPolicy
) -> dict[str, Mark]:
    """SUP-11: the marks of steps that the ticket shows to be done."""
    if key != ISSUE_CHECKLIST:
        return {}
    done = issues.steps_done(ticket, policy.issue, issue_found=answers.get(ISSUE_FOUND_FACT))
    mark = Mark(state="done", by="", at=open_checklist.run.started)
    return {step.key: mark for step in every_step(open_checklist.checklist.steps) if step.key in done}


def run_to_keep(kept: Run, shown: Run, marked: Run) -> Run:
    """`marked` without what `shown` had worked out from the ticket: that is worked out again each time."""
    return replace(
        marked,
        answers=_made(kept.answers, shown.answers, marked.answers),
        marks=_made(kept.marks, shown.marks, marked.marks),
    )


def _made(kept: Mapping[str, T], shown: Mapping[str, T], marked: Mapping[str, T]) -> dict[str, T]:
    return {key: value for key, value in marked.items() if key in kept or shown.get(key) != value}
