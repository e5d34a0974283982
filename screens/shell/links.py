"""From a document to the screen that shows it, with the cursor on it; and from a document to its customer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from fleettui.workspace.collections import CALLS, RUNS, TICKETS

if TYPE_CHECKING:
    from textual.screen import Screen

    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host
    from screens.widgets.filter_line import FilterLine

HOMES = {
    "ticket": "triage",
    "call": "calls",
    "ritual": "rituals",
    "playbook": "playbooks",
    "customer": "customers",
    "next step": "customers",
    "person": "team",
    "on call": "team",
}


SCREEN_OF = {
    "tickets": "triage",
    "calls": "calls",
    "runs": "playbooks",
    "customers": "customers",
    "people": "team",
    "rota": "team",
}
"""The screen that shows the documents of a collection."""


THING_OF = {"tickets": "ticket", "calls": "call", "runs": "playbook", "people": "person", "rota": "person"}
"""What `reveal` calls the documents of a collection."""


def end_filters(screen: Screen[Any]) -> None:
    """What is opened is seen whole: a filter is of the list in which it was typed."""
    for line in screen.query("FilterLine"):
        if line.display:
            cast("FilterLine", line).do_clear()


async def reveal(host: Host, kind: str, id_: str, step: str = "") -> None:
    """Go to the screen that shows documents of this kind, and put the cursor on this one."""
    home = HOMES.get(kind)
    if home is None:
        host.say(f"{kind.capitalize()} {id_} is kept outside: its link is in the step's proof.")
        return
    await _have_at_hand(host, kind, id_)
    await host.go(home)
    end_filters(host.screen)
    host.call_later(host.base_screen.reveal, id_, step)  # once the screen has its rows


async def open_document(host: Host, kind: str, id_: str) -> None:
    """As `reveal`, and show what the document says."""
    await _have_at_hand(host, kind, id_)
    await host.go(HOMES[kind])
    end_filters(host.screen)
    host.call_later(host.base_screen.open_document, id_)


async def _have_at_hand(host: Host, kind: str, id_: str) -> None:
    """An archived ticket is only in the list with the archive, which is read first: the next key is meant for the ticket."""
    if kind == "ticket" and id_:
        await asyncio.to_thread(host.workspace.queue.have_at_hand, id_)


def customer_of(workspace: Workspace, id_: str) -> str:
    """The id of the customer of a ticket, a call, a playbook run; empty where there is none."""
    kind, customer = id_.partition("-")[0], id_
    if kind == TICKETS.prefix:
        ticket = workspace.tickets.get(id_)
        customer = ticket.customer_id if ticket else ""
    elif kind == CALLS.prefix:
        call = workspace.calls.get(id_)
        customer = call.account or "" if call else ""
    elif kind == RUNS.prefix:
        run = workspace.playbooks.get(id_)
        customer = run.customer or "" if run else ""
    return customer if customer and workspace.customers.get(customer) else ""
