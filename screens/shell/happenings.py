"""What happened lately, each in one line that a colleague would say: what it was about, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.workspace.done_wording import done_words
from screens.playbooks.wording import run_words
from screens.shell.history import entry_words
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.workspace.history import Happening
    from fleettui.workspace.workspace import Workspace


def about(workspace: Workspace, happening: Happening) -> str:
    """What people call it."""
    if happening.collection == "people":
        return one_line(workspace.people.get(happening.id).shown)
    if happening.collection == "customers":
        customer = workspace.customers.get(happening.id)
        return one_line(customer.shown if customer else happening.id)
    return one_line(happening.id.partition("@")[0])


def told(workspace: Workspace, happening: Happening) -> str:
    """What was done to it."""
    entry = happening.entry
    if entry.undoes is not None or happening.collection == "people":
        return entry_words(entry, workspace.zone)
    if happening.collection == "runs":
        run = workspace.playbooks.get(happening.id)
        return run_words(run, entry) if run else entry_words(entry, workspace.zone)
    done = done_words(entry.verb)
    name = _name(workspace, happening)
    return f"{done} · {name}" if name else done


def _name(workspace: Workspace, happening: Happening) -> str:
    """The subject of a ticket, the name of a ritual, the title of a call."""
    id_ = happening.id
    if happening.collection == "tickets":
        ticket = workspace.tickets.get(id_)
        return one_line(ticket.subject) if ticket else ""
    if happening.collection == "calls":
        call = workspace.calls.get(id_)
        return one_line(call.title) if call else ""
    ritual = (
        workspace.rituals.get(id_.partition("@")[0]) if happening.collection in ("rituals", "ticks") else None
    )
    return one_line(ritual.name) if ritual else ""
