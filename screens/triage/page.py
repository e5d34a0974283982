"""A ticket, told: what is owed and why, what is missing, what was said and done. Only showing; ticket_acts.py does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.customers.model import group_of
from fleettui.domain.tickets import details as tickets_details
from fleettui.domain.tickets import issues as tickets_issue
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.escalation import level_of
from fleettui.errors import Refused
from screens.shell.history import change_words
from screens.shell.words import moment_words
from screens.terminal.text import cut, one_line
from screens.triage.rows import labels_in_words, level_sign, style_of
from screens.widgets.page import BLANK, Para, fact, heading, step, title

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Message, Ticket
    from fleettui.domain.tickets.sla import Due
    from fleettui.store.personal.presence import Visitor
    from fleettui.store.protocol import Happening
    from fleettui.workspace.workspace import Workspace

STEP_SIGNS = {
    "done": "✓",
    "skipped": "–",
    "not applicable": "·",
    "todo": "○",
    "unanswered": "?",
    "blocked": "◌",
}
NEWEST = 30
"""Messages and changes that are shown until the whole timeline is asked for."""
LONG_BODY = 4_000
LONG_FACT = 200
LONG_NAME = 60
MOST_HISTORY = 500


def page(workspace: Workspace, ticket: Ticket, others: Sequence[Visitor], whole: bool = False) -> list[Para]:
    """What they wait for stands before what is known of the ticket: on a small screen it would be below the edge."""
    told = timeline(workspace, ticket, whole)
    return [
        title(short(ticket.subject)),
        *head(workspace, ticket),
        *presence(others),
        BLANK,
        *told.unanswered,
        *facts(workspace, ticket),
        *to_do(workspace, ticket),
        BLANK,
        *told.rest,
    ]


# What stands on top


def head(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    queue = workspace.queue
    found = queue.of(ticket)
    told = queue.told(ticket, found.owed)
    yield Para(told.words, style_of(told.state), ((f"{told.glyph} ", style_of(told.state)),))
    yield fact(
        "Ticket",
        " · ".join(part for part in (ticket.id, ticket.priority, ticket.tier, ticket.status) if part),
    )
    yield fact("Customer", _customer(workspace, ticket, found.shown))
    yield fact("With", _person(workspace, ticket.assignee) if ticket.assignee else "nobody yet; t takes it")
    if ticket.snooze_until and ticket.status == "snoozed":
        yield fact("Snoozed", f"until {moment_words(ticket.snooze_until, workspace.now(), workspace.zone)}")
    if ticket.merged_into:
        yield fact("Merged", f"goes on in {ticket.merged_into}", "warn")


def facts(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    handbook = workspace.handbook
    level = level_of(ticket, handbook.levels)
    yield fact("Level", f"{level_sign(handbook.levels, ticket)} {level.name}: {', '.join(level.roles)}")
    where = " · ".join(one for one in (ticket.way, ticket.channel, ticket.link) if one)
    if where:
        yield fact("Where", short(where))
    if ticket.labels:
        yield fact("Labels", short(labels_in_words(ticket.labels)))


def _customer(workspace: Workspace, ticket: Ticket, shown: str) -> str:
    customer = workspace.support.customer_of(ticket)
    parts = [shown]
    if ticket.contact and not (customer and customer.anonymous):
        parts.append(ticket.contact)
    if customer:
        group = group_of(customer, workspace.handbook.groups.groups)
        parts += [f"{customer.hosts:,} hosts"] if customer.hosts is not None else []
        parts += [f"{group.name} {group.channel}"] if group else []
        parts += ["anonymous in public"] if customer.anonymous else []
    return short(" · ".join(short(part) for part in parts if part))


def short(text: str) -> str:
    """A fact does not push the timeline off the screen."""
    return cut(one_line(text), LONG_FACT)


def _person(workspace: Workspace, login: str) -> str:
    return workspace.people.get(login).shown


def presence(others: Sequence[Visitor]) -> Iterator[Para]:
    """Who else has it open."""
    for one in others:
        sign, doing = ("✎", "is answering") if one.typing else ("◉", "is looking at it")
        yield Para(f"{one.name} {doing}", "warn", ((f"{sign} ", "warn"),))


# What is still to be done


def to_do(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    """What the handbook still wants of it, each with the key that does it."""
    handbook = workspace.handbook
    missing = tickets_details.missing(ticket, handbook.details, required=True)
    wanted = len(handbook.details.required)
    if missing and ticket.status != "resolved":
        told = ", ".join(one.label for one in missing)
        yield fact("Details", f"{wanted - len(missing)} of {wanted}; missing: {told}. D asks, d fills in")
    elif wanted:
        yield fact("Details", f"all {wanted} known")
    if ticket.by_dm:
        summary = (
            "posted to the channel" if ticket.channel_summary else "its summary is not in the channel yet (s)"
        )
        yield fact("Came by DM", summary, "" if ticket.channel_summary else "warn")
    if ticket.issue:
        private = " (private)" if ticket.issue_private else ""
        yield fact("Issue", f"{ticket.issue}{private}")
    elif ticket.issue_searches:
        still = tickets_issue.still_to_search(ticket, handbook.tickets.issue)
        yield fact(
            "Issue", f"searched {len(ticket.issue_searches)} times" + (f", {still} to go" if still else "")
        )
    if ticket.key_date:
        yield fact("Key date", f"{ticket.key_date:%a %-d %b %Y}")
    if ticket.documentation:
        yield fact("Docs", f"{ticket.documentation.answer} {ticket.documentation.what}".strip())
    for key, one in ticket.lists.items():
        yield from _list_in_short(workspace, ticket, key, one.name)


def _list_in_short(workspace: Workspace, ticket: Ticket, key: str, name: str) -> Iterator[Para]:
    views = workspace.support.steps(ticket, key)
    progress = checklist.progress(views)
    yield BLANK
    yield heading(f"{name}: {progress.done} of {progress.of} (K ticks)")
    for view in checklist.leaves(views):
        if view.state != "not applicable":
            yield step(STEP_SIGNS.get(view.state, "○"), view.label, "muted" if view.state == "done" else "")


# What was said and done


class TimelineEntry(NamedTuple):
    at: datetime
    place: int
    paras: list[Para]


class Conversation(NamedTuple):
    """The timeline in two parts: from the message on that is owed an answer, and before it."""

    unanswered: list[Para]
    rest: list[Para]


def timeline(workspace: Workspace, ticket: Ticket, whole: bool) -> Conversation:
    """Messages, notes and changes, newest first."""
    now, zone = workspace.now(), workspace.zone
    found = [
        TimelineEntry(one.at, place, message_paras(one, now, workspace, whole))
        for place, one in enumerate(ticket.messages)
        if whole or place >= len(ticket.messages) - NEWEST
    ]
    found += [
        TimelineEntry(one.entry.at, -1, _change_paras(workspace, one))
        for one in changes(workspace, ticket, whole)
    ]
    found.sort(key=lambda one: (one.at, one.place), reverse=True)
    shown = found if whole else found[:NEWEST]
    owed = tickets.owed_places(ticket.messages) if workspace.queue.debt(ticket) else []
    fresh = [one for one in shown if owed and one.place >= owed[0]]
    unanswered = [para for one in fresh for para in one.paras]
    rest = [heading("Timeline, newest first")]
    rest += [para for one in shown if one not in fresh for para in one.paras]
    hidden = max(0, len(ticket.messages) - NEWEST) + len(found) - len(shown) if not whole else 0
    if hidden:
        rest.append(Para(f"{hidden:,} older ones: O shows them.", "muted"))
    rest.append(Para(f"opened {moment_words(ticket.opened_at, now, zone)}", "muted"))
    return Conversation([heading("Unanswered"), *unanswered, BLANK] if unanswered else [], rest)


def changes(workspace: Workspace, ticket: Ticket, whole: bool) -> list[Happening]:
    """Of the history what is more than a message."""
    try:
        entries = workspace.history(ticket.id, MOST_HISTORY if whole else NEWEST)
    except Refused:
        return []
    return [one for one in entries if _is_change(one)]


def _is_change(one: Happening) -> bool:
    return one.entry.kind != "made" and any(
        change.field not in ("messages", "lists") for change in one.entry.changes
    )


def _change_paras(workspace: Workspace, one: Happening) -> list[Para]:
    told = ", ".join(
        change_words(change, workspace.zone)
        for change in one.entry.changes
        if change.field not in ("messages", "lists")
    )
    undone = "took back: " if one.entry.undoes is not None else ""
    who = one_line(workspace.people.get(one.entry.by).shown)
    when = moment_words(one.entry.at, workspace.now(), workspace.zone)
    return [Para(f"{undone}{told}", "muted", ((f"· {when} {who} ", "muted"),))]


WHO = {"in": ("▸", "accent", "wrote"), "out": ("◂", "good", "answered"), "note": ("✎", "muted", "noted")}


def message_paras(message: Message, now: datetime, workspace: Workspace, whole: bool = False) -> list[Para]:
    sign, style, did = WHO[message.direction]
    by = message.by if message.direction == "in" else _person(workspace, message.by)
    extra = [
        "by itself" if message.automatic else "",
        "edited" if message.edited_at else "",
        "taken back" if message.deleted_at else "",
        f"from {message.moved_from}" if message.moved_from else "",
    ]
    told = ", ".join(part for part in extra if part)
    when = moment_words(message.at, now, workspace.zone)
    who = f"{sign} {when} {cut(one_line(by), LONG_NAME)} {did}{f' ({told})' if told else ''}"
    body = (
        message.body
        if whole or len(message.body) <= LONG_BODY
        else f"{message.body[:LONG_BODY]}… (O shows all)"
    )
    paras = [Para(who, style), Para(body, "muted" if message.deleted_at else "", (("  ", ""),))]
    if message.files:
        paras.append(Para(short(f"left behind: {', '.join(message.files)}"), "muted", (("  ", ""),)))
    return paras


def conversation(workspace: Workspace, ticket: Ticket) -> list[Para]:
    """What stands beside an answer: the messages, newest first."""
    now = workspace.now()
    said = [one for one in ticket.messages if not one.automatic][-NEWEST:]
    found: list[Para] = []
    for one in reversed(said):
        found += message_paras(one, now, workspace)
    return [*found, BLANK, *to_do(workspace, ticket)]


# Why it is due then


def explanation(workspace: Workspace, ticket: Ticket) -> list[Para]:
    owed = workspace.queue.debt(ticket)
    told = workspace.queue.told(ticket, owed)
    paras = [
        title(one_line(f"{ticket.id}: {ticket.subject}")),
        Para(told.words, style_of(told.state), ((f"{told.glyph} ", style_of(told.state)),)),
        BLANK,
    ]
    if owed is None:
        return [
            *paras,
            Para("No message of theirs is unanswered, or a label says that somebody outside is awaited."),
        ]
    return [
        *paras,
        *_promise(workspace, ticket, owed),
        BLANK,
        *_trace(workspace, owed),
        BLANK,
        *_otherwise(workspace, ticket),
    ]


def _promise(workspace: Workspace, ticket: Ticket, owed: Due) -> Iterator[Para]:
    now, zone = workspace.now(), workspace.zone
    asked = tickets.oldest_unanswered(ticket.messages)
    who = f", {asked.by} wrote: {asked.body}" if asked else ""
    yield fact("Owed since", f"{moment_words(owed.since, now, zone)}{one_line(who)[:200]}")
    yield fact("Promised", f"{ticket.tier} {ticket.priority}: {owed.reason}")
    yield fact("Rule", owed.rule)
    if owed.due is None:
        return
    yield fact("Due", _full(owed.due, workspace))
    if owed.target is not None:
        yield fact("Aim", _full(owed.target, workspace))
    yield fact("Clock", owed.clock or "")
    policy = workspace.handbook.sla
    for target in policy.internal[:1]:
        ours = sla.internal_target(policy, workspace.handbook.calendars, target.key, owed.since)
        if ours.due is not None:
            yield fact("Our own aim", f"{_full(ours.due, workspace)} ({target.name}; {target.rule})")


def _full(at: datetime, workspace: Workspace) -> str:
    return at.astimezone(workspace.zone).strftime("%a %-d %b %H:%M %Z")


def _trace(workspace: Workspace, owed: Due) -> Iterator[Para]:
    yield heading("How that came about")
    now, zone = workspace.now(), workspace.zone
    for one in owed.trace():
        sign, style = ("●", "good") if one.counted else ("○", "muted")
        times = f"{moment_words(one.start, now, zone)} to {moment_words(one.end, now, zone)}"
        counted = f"{one.counted:g} minutes" if one.counted else "not counted"
        yield Para(f"{times}: {counted}, {one.why}", "" if one.counted else "muted", ((f"{sign} ", style),))


def _otherwise(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    yield heading("What it would be otherwise (p changes it)")
    policy = workspace.handbook.sla
    for tier in sla.tiers(policy):
        for one in policy.priorities:
            words = would_be(workspace, ticket, tier, one.key)
            here = (tier, one.key) == (ticket.tier, ticket.priority)
            yield Para(
                words, "strong" if here else "", ((f"{'▸' if here else ' '} {tier} {one.key}: ", "muted"),)
            )


def would_be(workspace: Workspace, ticket: Ticket, tier: str, priority: str) -> str:
    """SLA-15: from the same message."""
    owed = workspace.queue.what_if(ticket, tier=tier, priority=priority)
    if owed is None:
        return "nothing owed"
    told = workspace.queue.told(ticket, owed)
    return f"{told.glyph} {told.words}"
