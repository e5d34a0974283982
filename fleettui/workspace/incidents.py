"""Outage mode: several tickets become one incident, with one status line and one text for each customer. Every step is shown
first where somebody asks for it, and is one change with one undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fleettui.domain.tickets import incidents
from fleettui.domain.tickets.macros import Macro
from fleettui.errors import Refused
from fleettui.workspace import macros
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.macros import Plan
from fleettui.workspace.together import Outcome, each

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Listed, Ticket
    from fleettui.workspace.workspace import Workspace

DECLARE, UPDATE = "tickets.incident", "tickets.incident_update"
CLOSE, LEAVE = "tickets.incident_close", "tickets.incident_leave"


class Words(Struct, frozen=True, kw_only=True):
    """What is said: the status line among us, and what each customer reads, as a text or by the name of a template."""

    status: str = ""
    text: str = ""
    template: str = ""
    given: Mapping[str, object] = MappingProxyType({})

    @property
    def macro(self) -> Macro:
        return Macro(key="incident", name="incident", text=self.text, answer=self.template)


class Step(Struct, frozen=True):
    """What would be done to an incident, ticket by ticket."""

    verb: str
    incident: str
    status: str
    plans: tuple[Plan, ...]


def members(workspace: Workspace, incident: Ticket) -> list[Ticket]:
    """What belongs to it, in the order of their numbers."""
    store = workspace.store
    ids = [row.id for row in store.rows(TICKETS) if row.incident_of == incident.id]
    return list(store.bodies(TICKETS, sorted(ids, key=lambda id_: (len(id_), id_))).values())


def unresolved(workspace: Workspace, incident: Ticket) -> list[Ticket]:
    """The incident and what belongs to it, without what is resolved."""
    return [row for row in [incident, *members(workspace, incident)] if row.status != "resolved"]


def status_of(workspace: Workspace, ticket: Listed) -> str:
    """The status line, as each ticket of the incident shows it."""
    if not (ticket.incident or ticket.incident_of):
        return ""
    incident = workspace.tickets.get(ticket.incident_of) if ticket.incident_of else None
    return incidents.status_words(ticket, incident)


def refuse_contact(workspace: Workspace, step: Step) -> None:
    """GTM-3, before a text goes to them."""
    for plan in step.plans:
        if plan.text:
            workspace.customers.refuse_contact(plan.ticket.customer_id)


# What would be done


def declare(workspace: Workspace, ids: Sequence[str], incident: str, words: Words) -> Step:
    """`incident` stands for all of `ids`. One that is an incident already gets more tickets: only these are answered, and without
    a new status line it keeps its own."""
    parent = workspace.tickets.find(incident)
    status = words.status or parent.incident
    incidents.with_status(parent, status)
    named = {ticket.id: ticket for ticket in map(workspace.tickets.find, ids)}
    fresh = [row for row in named.values() if row.id != parent.id and row.incident_of != parent.id]
    for ticket in fresh:
        incidents.joined(ticket, parent)
    first = [] if parent.incident else [parent]
    if not (first or fresh or words.status):
        raise Refused(f"all of them belong to {parent.id} already")
    return _step(workspace, DECLARE, parent, [*first, *fresh], words, status)


def update(workspace: Workspace, incident: str, words: Words) -> Step:
    """A new status line, or a text for all that are not resolved, or both."""
    parent = _incident(workspace, incident)
    if not (words.status or words.macro.answers):
        raise Refused("say how it stands now, or write to the customers", field="status")
    status = words.status or parent.incident
    incidents.with_status(parent, status)
    return _step(workspace, UPDATE, parent, unresolved(workspace, parent), words, status)


def close(workspace: Workspace, incident: str, words: Words) -> Step:
    """It is over: whatever is not resolved is answered, where there is a text, and resolved."""
    parent = _incident(workspace, incident)
    return _step(workspace, CLOSE, parent, unresolved(workspace, parent), words, "")


def _incident(workspace: Workspace, id_: str) -> Ticket:
    ticket = workspace.tickets.find(id_)
    incidents.refuse_no_incident(ticket)
    return ticket


def _step(
    workspace: Workspace, verb: str, parent: Ticket, tickets: Sequence[Ticket], words: Words, status: str
) -> Step:
    ids = [ticket.id for ticket in tickets]
    plans = macros.plans(workspace, words.macro, ids, words.given)
    shown = tuple(
        replace(plan, acts=tuple(_act(verb, plan.ticket.id == parent.id, parent, status))) for plan in plans
    )
    return Step(verb, parent.id, status, shown)


def _act(verb: str, is_incident: bool, parent: Ticket, status: str) -> Iterator[str]:
    if verb == CLOSE:
        yield "Resolves it."
    elif verb == UPDATE:
        yield f"Shows: {status}"
    elif is_incident:
        yield f"Is the incident, for all of them: {status}"
    else:
        yield f"Belongs to the incident {parent.id}: {status}"


# Doing it


def carry_out(
    workspace: Workspace, step: Step, *, copy: bool = False, whole: bool = False
) -> Outcome[str, Ticket]:
    """One act: undo takes back all of it. What cannot be done to a ticket is named, and the others are done; with `whole` then
    nothing is done. The status line changes in any case."""
    plans = {plan.ticket.id: plan for plan in step.plans}
    line = f"{step.incident}:"
    """The status line is tried for itself: what is wrong with the incident as a ticket does not keep it."""

    def act(within: Workspace, name: str) -> Ticket:
        if name == line:
            return _with_line(within, step)
        incidents.refuse_no_incident(
            (within if step.verb == DECLARE else workspace).tickets.find(step.incident)
        )
        plan = plans[name]
        if plan.text:
            within.tickets.reply(name, plan.text, since=plan.since, copy=copy)
        _then(within, step, name)
        return within.tickets.find(name)

    outcome = each(workspace, [line, *plans], act, verbs={"tickets": step.verb}, why=step.status, whole=whole)
    done = {id_: ticket for id_, ticket in outcome.done.items() if id_ != line}
    refused = {step.incident if id_ == line else id_: error for id_, error in outcome.refused.items()}
    return outcome._replace(done=done, refused=refused)


def _then(within: Workspace, step: Step, id_: str) -> None:
    """What is done to a ticket after its text."""
    if step.verb == CLOSE:
        within.tickets.resolve(id_)
    elif step.verb == DECLARE and id_ != step.incident:
        parent = within.tickets.find(step.incident)
        within.tickets.edit(id_, lambda ticket: incidents.joined(ticket, parent), DECLARE)


def _with_line(within: Workspace, step: Step) -> Ticket:
    def edit(ticket: Ticket) -> Ticket:
        return incidents.over(ticket) if step.verb == CLOSE else incidents.with_status(ticket, step.status)

    (ticket,) = within.tickets.edit(step.incident, edit, step.verb)
    return ticket


def leave(workspace: Workspace, ids: Sequence[str]) -> list[Ticket]:
    """They are tickets of their own again."""
    return workspace.tickets.edit(ids, incidents.left, LEAVE)
