"""When a call is, as its row says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.calls.rows import CallWords

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""10:00 in Los Angeles."""


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today 10:00"), (1, "Fri 10:00"), (6, "Wed 10:00"), (7, "19 Mar 10:00"), (-1, "11 Mar 10:00")],
)
def test_a_weekday_alone_is_never_ambiguous(workspace: Workspace, days: int, words: str) -> None:
    today = Workspace.open(workspace.home, clock=frozen_clock(THURSDAY), login="kathy")
    assert CallWords(today).when(THURSDAY + timedelta(days=days)) == words
