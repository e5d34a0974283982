"""SUP-15 on Today: the words for the on-call week before it begins, on its first day, and in the middle of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING


def on_call_titles(workspace: Workspace, when: datetime) -> list[str]:
    today = Workspace.open(workspace.home, clock=frozen_clock(when), login="kathy").agenda
    return [item.title for item in today.items() if item.kind == "on call"]


def test_the_words_follow_the_week(workspace: Workspace) -> None:
    workspace.oncall.set_order(["kathy", "zay"], date(2026, 3, 7))
    shift = workspace.oncall.shift()
    assert shift is not None
    begins = "The web chat's on-call week begins"
    yours = "The web chat is yours this week: answers go in the thread"
    reminder = workspace.oncall.reminder_at(shift)
    assert on_call_titles(workspace, shift.start - timedelta(days=1))[-1] == begins
    assert on_call_titles(workspace, reminder) == [yours, begins]
    assert on_call_titles(workspace, reminder + timedelta(days=1)) == ["On call for the web chat", begins]
    assert on_call_titles(workspace, MONDAY_MORNING + timedelta(days=3))[0] == "On call for the web chat"
