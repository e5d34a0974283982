"""Workspaces with a customer, one of us, and what the intake knows them by: addresses for mails, ids for Slack."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import copy_home, make_home
from tests.support.mails import Mail
from tests.support.slack_events import CHANNEL, STAFF_ID
from tests.support.slack_intake import Slack


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("mail") / "home"
    workspace = Workspace.open(
        make_home(home, MONDAY_MORNING), clock=frozen_clock(MONDAY_MORNING), login="kathy"
    )
    acme = workspace.customers.add("Acme", tier="Ultimate")
    workspace.customers.contact(acme.id, "dana@acme.example", {"name": "Dana Whitlock"})
    workspace.people.edit("kathy", {"email": "kathy@fleet.example"})
    workspace.close()
    return home


@pytest.fixture
def post(prepared: Path, tmp_path: Path) -> Mail:
    return Mail(copy_home(prepared, tmp_path / "home", MONDAY_MORNING))


@pytest.fixture(scope="module")
def with_a_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("slack") / "home"
    workspace = Workspace.open(
        make_home(home, MONDAY_MORNING), clock=frozen_clock(MONDAY_MORNING), login="kathy"
    )
    workspace.customers.add("Acme", tier="Premium")
    workspace.channels.add(CHANNEL, "Acme")
    workspace.people.edit("kathy", {"slack": STAFF_ID, "email": "kathy@fleet.example"})
    workspace.close()
    return home


@pytest.fixture
def slack(with_a_channel: Path, tmp_path: Path) -> Slack:
    return Slack(copy_home(with_a_channel, tmp_path / "home", MONDAY_MORNING))
