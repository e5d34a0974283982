"""Team, the documentation's questions (SUP-17) and the week's report as plots. Driven by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.text.cleaning import width_of
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.team.row_keys import WeekRow
from screens.team.screen import TeamScreen
from screens.widgets import plots
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.team.conftest import as_of, on_team, some_work
from tests.support.clocks import MONDAY_MORNING


async def test_sup_17_the_weeks_questions_are_written_from_here(workspace: Workspace) -> None:
    some_work(workspace)
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, WeekRow.DOCUMENTATION)
        await pilot.press("enter")
        text = await see(pilot, "To write")
        assert "T-1002  Proxies [@click=app.quit]x[/]" in text
        assert "\x1b" not in text
        await pilot.press("e")
        await see(pilot, "Which one is written?")
        await pilot.press("enter")
        await see(pilot, "T-1002 is in the documentation")
        await pilot.press(*"docs/proxy", "ctrl+s")
        await see(pilot, "T-1002 is documented.")
        await see(pilot, "Nothing is waiting to be written.")
        documentation = workspace.tickets.find("T-1002").documentation
        assert documentation is not None
        assert documentation.done == "docs/proxy"


async def test_a_ticket_that_asks_for_documentation_is_opened(workspace: Workspace) -> None:
    some_work(workspace)
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, WeekRow.DOCUMENTATION)
        await pilot.press("o")
        await see(pilot, "One moment")
        await see(pilot, "1 to write")
        await pilot.press("o")
        await see(pilot, "Open which ticket?")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)], ids=str)
async def test_the_report_is_drawn_at_every_size_with_its_numbers(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    some_work(workspace)
    app = FleettuiApp(workspace)
    async with app.run_test(size=size, notifications=True) as pilot:
        await on_team(pilot, WeekRow.REPORT)
        await pilot.press("enter")
        await see(pilot, "Promises kept, week by week")
        copied = app.base_screen.to_copy()
        (last_week,) = (line for line in copied.splitlines() if line.startswith(" 2 Mar █"))
        assert last_week.endswith(" 50% 1 of 2")
        assert any(line.startswith("▸9 Mar ·") and line.endswith("–") for line in copied.splitlines())
        days = {
            line.split()[0]: line.split()[-1] for line in copied.splitlines() if line[:3] in plots.WEEKDAYS
        }
        assert days == {"Mon": "1", "Tue": "0", "Wed": "0", "Thu": "1", "Fri": "0", "Sat": "0", "Sun": "0"}
        assert "most: Mon 09–10 (1), Thu 09–10 (1)" in copied
        board = app.base_screen
        assert isinstance(board, TeamScreen)
        room = board.page_width()
        drawn = [line for line in copied.splitlines() if line[:4] in ("Mon ", "all ", "    ")]
        assert max(width_of(line) for line in drawn) <= room


async def test_the_report_has_what_became_of_the_weeks_calls(workspace: Workspace) -> None:
    workspace.calls.new("Acme", MONDAY_MORNING - timedelta(hours=1))
    workspace.calls.new("Initech", MONDAY_MORNING - timedelta(hours=2))
    workspace.calls.held("C-1")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, WeekRow.REPORT)
        await pilot.press("enter")
        await see(pilot, "calls: 1 held, 0 missed, 0 moved, 1 not recorded")
        copied = app.base_screen.to_copy()
        assert "Acme (Acme), held (Kathy Satterlee)" in copied
        assert "Initech (Initech), not recorded" in copied


async def test_an_empty_week_says_so(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, WeekRow.REPORT)
        await pilot.press("enter")
        text = await see(pilot, "None was decided in the last 8 weeks.")
        assert "Nobody has in the last 8 weeks." in text


async def test_a_new_message_changes_the_report_that_is_looked_at(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await on_team(pilot, WeekRow.REPORT)
        await see(pilot, "tickets that came: 0")
        as_of(workspace, -1, "alex").tickets.new("Acme", "New", at=MONDAY_MORNING - timedelta(hours=1))
        workspace.refresh()
        app._changed({"tickets"})
        await see(pilot, "tickets that came: 1")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_rit_1_the_lead_sees_people_by_days_with_words_for_the_signs(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    workspace.rituals.tick("RIT-1")
    workspace.rituals.tick("RIT-14")
    app = FleettuiApp(workspace)
    async with app.run_test(size=size, notifications=True) as pilot:
        await on_team(pilot, WeekRow.RITUALS)
        await pilot.press("enter")
        await see(pilot, "Rituals, 9 to 15 Mar")
        lines = app.base_screen.to_copy().splitlines()
        kathy, alex, days = (
            next(line for line in lines if part in line) for part in ("■1·3", "Alex", "Mon ")
        )
        assert kathy.startswith("Kathy Satterlee ")
        assert alex.index("·2") == days.index("Fri")
        assert any(line.startswith("Brad") and "◆1" in line for line in lines)
        await see(pilot, "□ missed")
        await see(pilot, "! late now")
