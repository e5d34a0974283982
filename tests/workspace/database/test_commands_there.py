"""What commands do is the same on PostgreSQL: the tests of the commands, run there."""

# ruff: noqa: F403  the tests are the same

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fleettui.database_addresses import DatabaseAddress
from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from tests.cli.test_playbooks import *
from tests.cli.test_resolving import *
from tests.cli.test_tickets import *
from tests.cli.test_undo import *
from tests.support.clocks import MONDAY_MORNING
from tests.support.database_shell import DatabaseShell, box
from tests.support.postgres_server import copied_schema, remove_schema, unmade

pytestmark = pytest.mark.slow


@cache
def template() -> DatabaseAddress:
    address = unmade()
    create(NewWorkspace(address, frozen_clock(MONDAY_MORNING), "kathy", handbook_team=True)).close()
    return address


@pytest.fixture(autouse=True)
def nothing_is_moved_when_it_is_archived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cli.test_undo.write_checkpoints", lambda cli, days: None)


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[DatabaseShell]:
    """The command line in a new, empty workspace."""
    address = copied_schema(template())
    yield box(tmp_path / "box", address)
    remove_schema(address)
