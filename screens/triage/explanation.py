"""Why an answer is due when it is: what is promised, how it was counted, and what it would be otherwise (SLA-15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.tickets import sla, targets
from fleettui.domain.tickets.model import oldest_unanswered
from fleettui.time import wording
from fleettui.time.business import hours_in_words
from screens.commands.effective import with_keys
from screens.terminal.text import one_line
from screens.triage.rows import style_of
from screens.widgets.page import BLANK, Para, fact, fact_if, heading, part, step, title

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.tickets.sla import Debt
    from fleettui.workspace.workspace import Workspace


def explanation(workspace: Workspace, ticket: Ticket) -> list[Para]:
    owed = workspace.queue.debt(ticket)
    debt = workspace.queue.debt_text(ticket, owed)
    paras = [
        title(one_line(f"{ticket.id}: {ticket.subject}")),
        Para(debt.words, style_of(debt.state), ((f"{debt.glyph} ", style_of(debt.state)),)),
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
        *part("What we aim for, and promise nobody (SLA-16)", _targets(workspace)),
    ]


def _promise(workspace: Workspace, ticket: Ticket, owed: Debt) -> Iterator[Para]:
    now, zone = workspace.now(), workspace.zone
    asked = oldest_unanswered(ticket.messages)
    who = f", {workspace.names.author(ticket, asked)} wrote: {asked.body}" if asked else ""
    yield fact("Owed since", f"{wording.moment(owed.since, now, zone)}{one_line(who)[:200]}")
    yield fact("Promised", f"{ticket.tier} {ticket.priority}: {owed.reason}")
    for line in sla.meanings(workspace.handbook.sla, ticket.priority):
        yield fact("Means", line)
    yield from fact_if("Rule", owed.rule)
    yield from fact_if("Reached by", ", ".join(workspace.queue.ways(ticket)))
    for reach in workspace.directory.of_ticket(
        ticket, workspace.support.customer_of(ticket), workspace.names.channel(ticket)
    )[1:]:
        yield fact(reach.label, reach.words)
    hours = workspace.queue.hours(ticket)
    if hours is not None:
        yield fact("Their hours", hours_in_words(hours))
    if owed.due is None:
        return
    yield fact("Due", _full(owed.due, workspace))
    if owed.target is not None:
        yield fact("Aim", _full(owed.target, workspace))
    yield fact("Clock", owed.clock or "")
    policy = workspace.handbook.sla
    target = None if ticket.is_for_department else targets.target_for(policy, ticket.way)
    if target is not None:
        ours = targets.internal_target(policy, workspace.handbook.calendars, target.key, owed.since)
        aim = ours.target or ours.due
        if aim is not None:
            yield fact("Our own aim", f"{_full(aim, workspace)} ({target.name}; {target.rule})")


def _targets(workspace: Workspace) -> Iterator[Para]:
    return (step("·", f"{line.label}: {line.words}") for line in workspace.directory.targets())


def _full(at: datetime, workspace: Workspace) -> str:
    return wording.dated(at, workspace.zone, with_zone=True)


def _trace(workspace: Workspace, owed: Debt) -> Iterator[Para]:
    yield heading("How that came about")
    now, zone = workspace.now(), workspace.zone
    for stretch in owed.trace():
        sign, style = ("●", "good") if stretch.counted else ("○", "muted")
        times = f"{wording.moment(stretch.start, now, zone)} to {wording.moment(stretch.end, now, zone)}"
        counted = f"{stretch.counted:g} minutes" if stretch.counted else "not counted"
        yield Para(
            f"{times}: {counted}, {stretch.why}", "" if stretch.counted else "muted", ((f"{sign} ", style),)
        )


def _otherwise(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    yield heading(with_keys("What it would be otherwise ([triage.priority] changes it)"))
    policy = workspace.handbook.sla
    for tier in sla.tiers(policy):
        for priority in policy.priorities:
            words = would_be(workspace, ticket, tier, priority.key)
            here = (tier, priority.key) == (ticket.tier, ticket.priority)
            yield Para(
                words,
                "strong" if here else "",
                ((f"{'▸' if here else ' '} {tier} {priority.key}: ", "muted"),),
            )


def would_be(workspace: Workspace, ticket: Ticket, tier: str, priority: str) -> str:
    """What would be owed from the same message with another tier or priority (SLA-15)."""
    owed = workspace.queue.what_if(ticket, tier=tier, priority=priority)
    if owed is None:
        return "nothing owed"
    debt = workspace.queue.debt_text(ticket, owed)
    return f"{debt.glyph} {debt.words}"
