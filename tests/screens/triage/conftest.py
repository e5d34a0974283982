"""For tests of Triage: queues with tickets in them, the app on Triage, and keys pressed until a text is seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from fleettui.domain.tickets.model import Ticket
from fleettui.store.personal.presence import Presence
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.rows import Rows
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import lines_of, see, text_of
from tests.support.folders import files_of

WIDE = (120, 40)


HOUR = timedelta(hours=1)


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    """By what breaches first: T-1001 (Ultimate P1), T-1003 (Premium P2), T-1002 (Premium P3), T-1004 (no SLA)."""
    workspace.customers.add("Acme", tier="Ultimate", hosts="1200")
    workspace.customers.add("Bright Foods", tier="Premium", hosts="120")
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme")
    asked(workspace, "Bright Foods", "How do we enrol Linux hosts?", "P3", 30)
    asked(workspace, "Bright Foods", "Labels are wrong", "P2", 8)
    asked(workspace, "Somebody", "A question", "P3", 1)
    return workspace


def asked(
    workspace: Workspace,
    customer: str,
    subject: str,
    priority: str,
    ago: float,
    *,
    body: str = "",
    channel: str = "",
    way: str = "",
    by_dm: bool = False,
) -> Ticket:
    return workspace.tickets.new(
        customer, subject, body=body, priority=priority, at=workspace.now() - ago * HOUR, by="Jo Park",
        channel=channel, way=way, by_dm=by_dm,
    )  # fmt: skip


def at_work(workspace: Workspace) -> FleettuiApp:
    return FleettuiApp(workspace, "triage")


def ids_shown(app: FleettuiApp) -> list[str]:
    """The tickets of the list, from top to bottom; what the lines below it name is no part of it."""
    region = app.screen.query_one(Rows).region
    shown = lines_of(app)[region.y : region.bottom]
    return [word for line in shown for word in line.split() if word.startswith("T-1")]


def words_of(app: App[Any]) -> str:
    """What is on the screen as one line: a message may be broken at any space."""
    return " ".join(text_of(app).replace("▌", " ").split())


async def press_and_see(pilot: Pilot[int], wanted: str, *keys: str) -> str:
    for key in keys:
        await pilot.press(key)
    return await see(pilot, wanted)


def fill(app: FleettuiApp, **values: str) -> None:
    """What is typed into the form in front."""
    for name, value in values.items():
        field: Any = app.screen.query_one(f"#field-{name}")
        setattr(field, "value" if hasattr(field, "value") else "text", value)


def beside(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, login: str, name: str) -> Presence:
    """Somebody else's session, in this process under another number."""
    other = Presence(workspace.home, files_of(workspace).modes)
    monkeypatch.setattr(Presence, "_file", property(lambda self: self._folder / f"{id(self)}.json"))
    other.enter(login, name, workspace.now())
    return other


@pytest.fixture
def acme(workspace: Workspace) -> Workspace:
    """T-1001: an anonymous Ultimate customer's P1, due at 09:30."""
    workspace.customers.add(
        "Acme Robotics", tier="Ultimate", hosts="1200", anonymous="yes", channel="#fleet-at-acme"
    )
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme", way="slack")
    return workspace


@pytest.fixture
def twins(acme: Workspace) -> Workspace:
    """T-1002 asks the same; it is far down in the queue."""
    asked(acme, "Acme", "The same again", "P3", 1)
    return acme


def text_typed(app: FleettuiApp) -> str:
    return app.screen.query_one(TextPane).text


def message_of(ticket: Ticket) -> str:
    return ticket.messages[-1].body
