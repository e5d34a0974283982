"""What a workspace says of itself, also where a team's hours are unusual."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def with_hours(workspace: Workspace, open_: dict[str, list[list[str]]]) -> Workspace:
    hours = {"rule": "SLA-12", "zone": "America/Los_Angeles", "open": open_}
    (workspace.home / "handbook" / "hours.json").write_text(json.dumps(hours))
    holidays = {"rule": "SLA-13", "country": None}
    (workspace.home / "handbook" / "holidays.json").write_text(json.dumps(holidays))
    return Workspace.open(workspace.home, clock=workspace.clock, login="kathy")


def test_sla_12_open_until_closing_time(workspace: Workspace) -> None:
    assert workspace.handbook.calendar.opening(workspace.now()) == (True, MONDAY_MORNING + timedelta(hours=7))


@pytest.mark.parametrize(("spans", "is_open"), [([["00:00", "24:00"]], True), ([], False)])
def test_hours_that_never_end_or_never_begin_have_no_end(
    workspace: Workspace, spans: list[list[str]], is_open: bool
) -> None:
    unusual = with_hours(workspace, dict.fromkeys(DAYS, spans) if spans else {})
    assert unusual.handbook.calendar.opening(unusual.now()) == (is_open, None)
