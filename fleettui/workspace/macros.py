"""A ready text with acts, under one name: looked at first, then done to one ticket or to several as one change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from fleettui.domain.checklists.model import Opens
from fleettui.domain.tickets.macros import Macro
from fleettui.errors import Refused
from fleettui.time import typed, wording
from fleettui.workspace.together import Outcome, each

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace

VERB = "tickets.macro"


class Plan(Struct, frozen=True):
    """What a macro would do to one ticket."""

    ticket: Ticket
    since: int
    """The revision that was looked at."""
    text: str
    """For the customer; empty where there is none."""
    goes_to: str
    acts: tuple[str, ...]
    """Each a sentence."""


def named(workspace: Workspace, name: str) -> Macro:
    """By key, letter or name, in any case."""
    from fleettui.policy.row_named import row_named

    macros = workspace.handbook.macros.macros
    return row_named("macro", name, macros, lambda macro: (macro.key, macro.letter, macro.name))


def plans(
    workspace: Workspace,
    macro: Macro,
    ids: Sequence[str],
    given: Mapping[str, object] | None = None,
    texts: Mapping[str, str] | None = None,
) -> list[Plan]:
    """Refused where a text lacks something for one of them, with what it is. `texts`: those that a person writes, by ticket."""
    tickets = list({ticket.id: ticket for ticket in map(workspace.tickets.find, ids)}.values())
    texts = _texts(workspace, macro, tickets, given or {}) if texts is None else texts
    return [
        Plan(
            ticket,
            ticket.rev,
            texts.get(ticket.id, ""),
            workspace.names.goes_to(ticket) if macro.answers else "",
            tuple(sentences(workspace, macro, ticket)),
        )
        for ticket in tickets
    ]


def _texts(
    workspace: Workspace, macro: Macro, tickets: Sequence[Ticket], given: Mapping[str, object]
) -> dict[str, str]:
    several = workspace.several_texts
    if macro.answer:
        return several.of_template(tickets, macro.answer, given)
    return several.of_text(tickets, macro.text) if macro.text else {}


def sentences(workspace: Workspace, macro: Macro, ticket: Ticket) -> Iterator[str]:
    """The acts beside the text, in the order in which they are done."""
    if macro.note:
        yield f"Notes for the team: {macro.note}"
    for field, value in macro.fields.items():
        yield f"Sets {field.replace('_', ' ')} to {value or 'nothing'}."
    if macro.labels:
        yield f"Puts on: {', '.join(macro.labels)}."
    if macro.labels_off:
        yield f"Takes off: {', '.join(macro.labels_off)}."
    if macro.assign:
        yield f"Gives it to {_assignee(workspace, macro.assign)}."
    if macro.playbook:
        customer = workspace.queue.of(ticket).shown
        yield f"Begins the playbook {workspace.handbook.playbook(macro.playbook).name} for {customer}."
    yield from _last(workspace, macro)


def _last(workspace: Workspace, macro: Macro) -> Iterator[str]:
    """What becomes of it then."""
    if macro.wait:
        yield "Waits for the customer."
    if macro.snooze:
        until = wording.moment(_until(workspace, macro), workspace.now(), workspace.zone)
        yield f"Puts it away until {until}, or until they write."
    if macro.resolve:
        yield "Resolves it."


def _assignee(workspace: Workspace, name: str) -> str:
    if name == "me":
        return "you"
    return "nobody" if name == "nobody" else workspace.people.find(name).shown


def _until(workspace: Workspace, macro: Macro) -> datetime:
    return typed.moment(macro.snooze, "snooze", workspace.now(), workspace.zone)


def refuse_contact(workspace: Workspace, macro: Macro, ids: Sequence[str]) -> None:
    """GTM-3, before a text goes to them."""
    for ticket in map(workspace.tickets.find, ids) if macro.answers else ():
        workspace.customers.refuse_contact(ticket.customer_id)


def carry_out(
    workspace: Workspace,
    macro: Macro,
    planned: Sequence[Plan],
    *,
    copy: bool = False,
    whole: bool = False,
) -> Outcome[str, Ticket]:
    """One act: undo takes back all of it. Answers leave as any answer does; `copy` only records them. A ticket in which
    somebody answered, or the customer wrote, since it was planned is refused; with `whole` then nothing is done at all."""
    by_id = {plan.ticket.id: plan for plan in planned}

    def act(within: Workspace, id_: str) -> Ticket:
        plan = by_id[id_]
        if plan.text:
            within.tickets.reply(id_, plan.text, since=plan.since, copy=copy)
        for step in _steps(within, macro, plan.ticket):
            step()
        return within.tickets.find(id_)

    return each(workspace, by_id, act, verbs={"tickets": VERB}, why=macro.name, whole=whole)


def _steps(within: Workspace, macro: Macro, ticket: Ticket) -> Iterator[Callable[[], object]]:
    tickets, id_ = within.tickets, ticket.id
    if macro.note:
        yield lambda: tickets.note(id_, macro.note)
    if macro.fields:
        yield lambda: tickets.set(id_, macro.fields)
    if macro.labels or macro.labels_off:
        yield lambda: tickets.label(id_, macro.labels, macro.labels_off)
    if macro.assign:
        yield lambda: tickets.assign(id_, macro.assign)
    if macro.playbook:
        yield lambda: _begin(within, macro.playbook, ticket)
    if macro.wait:
        yield lambda: tickets.wait(id_)
    if macro.snooze:
        yield lambda: tickets.snooze(id_, _until(within, macro))
    if macro.resolve:
        yield lambda: tickets.resolve(id_)


def _begin(within: Workspace, name: str, ticket: Ticket) -> None:
    playbook = within.handbook.playbook(name)
    if not playbook.customer:
        within.playbooks.start(playbook.id)
        return
    if not ticket.customer_id:
        raise Refused(f"{ticket.id}: {playbook.name} is begun for a customer of the list, and this is none")
    within.customers.refuse_begin([Opens(kind="playbook", name=playbook.id)], ticket.customer_id)
    within.playbooks.start(playbook.id, ticket.customer_id)
