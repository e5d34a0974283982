"""A Slack of our own, and a workspace that listens to it. Both have one clock, which stands still on a Sunday evening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleettui.connect import slack_taker
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.slack_connection import ACME, KATHY, LEO, Connected
from tests.support.slack_server import SlackServer

SUNDAY_NIGHT = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        server.now = SUNDAY_NIGHT.timestamp
        server.sockets.patience = 1
        server.channel(ACME, "fleet-at-acme")
        server.person(LEO, "Leo Marsh", "leo@acme.example")
        server.person(KATHY, "Kathy Bates", "kathy@fleet.example")
        yield server


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_taker, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(slack_taker, "LOOK_EVERY", 0.1)


@pytest.fixture
def connected(tmp_path: Path, slack: SlackServer) -> Iterator[Connected]:
    home = make_home(tmp_path / "home", MONDAY_MORNING)

    def clock() -> datetime:
        return datetime.fromtimestamp(slack.now(), UTC)

    workspace = Workspace.open(home, clock=clock, login="kathy")
    workspace.customers.add("Acme", tier="Premium")
    workspace.channels.add(ACME, "Acme")
    workspace.people.edit("kathy", {"slack": KATHY})
    yield Connected(workspace, slack)
    workspace.close()
