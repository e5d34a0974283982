"""From a thing to the screen where it is at home, with the cursor on it; and from a row to the customer it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace
    from screens.app import FleettuiApp

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
ID = re.compile(r"\b[A-Z]{1,2}-\d+\b")


async def reveal(app: FleettuiApp, kind: str, id_: str, step: str = "") -> None:
    """Go where it is at home."""
    home = HOMES.get(kind)
    if home is None:
        app.say(f"{kind.capitalize()} {id_} is kept outside: its link is in the step's proof.")
        return
    await app.go(home)
    app.call_later(_show, app, id_, step)


def _show(app: FleettuiApp, id_: str, step: str) -> None:
    """A screen that has more than one list knows by itself how to show it; on others it is a row."""
    board: Any = app.base_screen
    if hasattr(board, "reveal"):
        board.reveal(id_, step)
    elif board.rows.go_to(id_):
        board.rows.do_open()
    else:
        app.say(f"{id_} is not on this list: it may be filtered away.", "warning")


def customer_on(app: FleettuiApp) -> str:
    """The id of the customer whom the row under the cursor is about; empty where there is none."""
    board: Any = app.base_screen
    if hasattr(board, "customer_here"):
        return str(board.customer_here() or "")
    found = ID.search(board.rows.key or "")
    return customer_of(app.workspace, found.group()) if found else ""


def customer_of(workspace: Workspace, id_: str) -> str:
    """Whom a ticket, a call, a playbook is for."""
    ticket, call = workspace.tickets.get(id_), workspace.calls.get(id_)
    run = workspace.playbooks.get(id_)
    about = [ticket and ticket.customer_id, call and call.account, run and run.customer, id_]
    return next((one for one in about if one and workspace.customers.get(one)), "")
