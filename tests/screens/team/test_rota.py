"""Team, who is on call and agreeing on something else (SUP-15). Driven by keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from textual.widgets import Input

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import Form
from screens.dialogs.picker import Picker
from screens.team.row_keys import ShiftKey
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.team.conftest import EVIL, as_of, on_team
from tests.support.clocks import MONDAY_MORNING


async def test_sup_15_who_is_on_call_now_and_next(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await on_team(pilot)
        lines = [line.split() for line in lines_of(app)]
        assert ["☎", "Kathy", "Satterlee", "now", "to", "Fri", "13", "Mar"] in lines
        assert ["Alex", "Mitchell", "next", "to", "Fri", "20", "Mar"] in lines


async def test_sup_15_the_page_of_a_shift_says_whom_to_remind_and_when(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, ShiftKey(date(2026, 3, 7)))
        await pilot.press("enter")
        text = await see(pilot, "On call: Kathy Satterlee")
        assert "Reminder    06:00, due now: r copies it" in text
        assert "Sat 21 Mar to Fri 27 Mar  Zay Hanlon" in text
        await pilot.press("r")
        await see(pilot, "Hi Kathy Satterlee")


async def test_somebody_else_on_call_from_the_keyboard_and_undo(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await on_team(pilot, ShiftKey(date(2026, 3, 7)))
        await pilot.press("a")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        # For what is left of the shift, where nothing else is said.
        assert [entry.value for entry in app.screen.query(Input)] == ["", "2026-03-09", "2026-03-13", ""]
        await pilot.press(*"zay", "enter", "enter", "enter", *"dentist", "ctrl+s")
        await see(pilot, "On call: Zay Hanlon Mon 9 Mar to Fri 13 Mar.")
        await see(pilot, "☎ Zay Hanlon")
        assert "to Fri 13 Mar · dentist" in text_of(app)
        await pilot.press("u")
        await see(pilot, "☎ Kathy Satterlee")


async def test_two_shifts_are_swapped_and_go_back_to_the_turns(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        rows = await on_team(pilot, ShiftKey(date(2026, 3, 14)))
        await pilot.press("S")
        await wait_until(pilot, lambda: isinstance(app.screen, Picker))
        shown = text_of(app)
        assert "Sat 21 Mar to Fri 27 Mar" in shown
        await pilot.press(*"zay", "enter")
        await see(pilot, "On call: Zay Hanlon Sat 14 Mar to Fri 20 Mar; Alex")
        assert rows.key == ShiftKey(date(2026, 3, 14))
        await see(pilot, "On call: Zay Hanlon")
        assert workspace.oncall.person(MONDAY_MORNING + timedelta(weeks=1)) == "zay"
        await see(pilot, "the shifts of 2026-03-14")
        await pilot.press("D")
        await wait_until(
            pilot, lambda: workspace.oncall.person(MONDAY_MORNING + timedelta(weeks=1)) == "alex"
        )
        await pilot.press("D")
        await see(pilot, "The turns hold there already.")


async def test_another_order_is_typed_and_holds_from_the_next_shift(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot)
        await pilot.press("p")
        await see(pilot, "Who takes turns")
        assert app.screen.query(Input).first().value == "kathy, alex, zay"
        app.screen.query(Input).first().value = "brad, nathan"
        await pilot.press("ctrl+s")
        await see(pilot, "Nathan Holliday is no longer on the team")
        app.screen.query(Input).first().value = "brad, kathy"
        await pilot.press("ctrl+s")
        await see(pilot, "On call: Brad Macdowall Sat 14 Mar to Fri 20 Mar")
        assert workspace.oncall.person() == "kathy"


async def test_a_new_team_is_led_to_the_order(tmp_path: object, workspace: Workspace) -> None:
    policy = workspace.home / "handbook" / "oncall.json"
    policy.write_text(policy.read_text().replace('"kathy", "alex", "zay"', ""))
    workspace.refresh()
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, ShiftKey(None))
        assert "! nobody" in text_of(app)
        assert "Nobody takes turns yet. p says who does." in text_of(app)
        await pilot.press("S")
        await see(pilot, "Put the cursor on a shift")


async def test_a_gap_is_told_by_sign_and_word(workspace: Workspace) -> None:
    workspace.people.away("alex", date(2026, 3, 16), date(2026, 3, 17))
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, ShiftKey(date(2026, 3, 14)))
        await see(pilot, "! gap · to Fri 20 Mar")
        await pilot.press("enter")
        text = await see(pilot, "Nobody answers")
        assert "16 Mar 00:00 to 18 Mar 00:00: alex is away" in text


async def test_what_another_session_agrees_is_seen(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot)
        as_of(workspace, 0, "alex").oncall.override(date(2026, 3, 9), date(2026, 3, 9), "brad", EVIL)
        workspace.refresh()
        app._changed({"rota"})
        await see(pilot, "☎ Brad Macdowall")
        assert app.screen.query_one(Rows).go_to(ShiftKey(date(2026, 3, 9)))
        await pilot.press("enter")
        await see(pilot, "Because     [@click=app.quit]x[/]")
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)


async def test_at_handover_the_next_one_is_shown(workspace: Workspace) -> None:
    now = [datetime(2026, 3, 14, 6, 59, tzinfo=UTC)]
    app = FleettuiApp(Workspace.open(workspace.home, clock=lambda: now[0], login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot)
        await see(pilot, "☎ Kathy Satterlee")
        now[0] = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
        app._minute()
        await see(pilot, "☎ Alex Mitchell")


async def test_from_today_to_the_shift(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "The web chat is yours this week")
        rows = app.screen.query_one(Rows)
        assert any(
            rows.go_to(row.key) for row in rows.listing.shown if "The web chat is yours" in str(row.cells)
        )
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        team = app.base_screen.query_one(Rows)
        await wait_until(pilot, lambda: team.key == ShiftKey(date(2026, 3, 7)))
