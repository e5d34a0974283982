"""Team, support part: who is on call and agreeing on something else (SUP-15), the look back (SUP-16), the documentation's
questions (SUP-17), the week's report as plots. Driven by keys."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from fleettui.text.cleaning import width_of
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldText, Form
from screens.dialogs.picker import Picker
from screens.team.keys import QuestionKey, ShiftKey, TeamKey, WeekRow
from screens.widgets import plots
from screens.widgets.page import Page
from screens.widgets.plots import Bar
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING

EVIL = "[@click=app.quit]x[/]\x1b[2J\u202eevil"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Kathy, Alex and Zay take turns; this week is Kathy's. There was some work."""
    policy = workspace.home / "handbook" / "oncall.json"
    rota = json.loads(policy.read_text()) | {"order": ["kathy", "alex", "zay"], "first": "2026-03-07"}
    policy.write_text(json.dumps(rota))
    workspace.refresh()
    return workspace


def as_of(workspace: Workspace, hours: float, login: str = "kathy") -> Workspace:
    return Workspace.open(
        workspace.home, clock=frozen_clock(MONDAY_MORNING + timedelta(hours=hours)), login=login
    )


def some_work(workspace: Workspace) -> None:
    """Last week: one answered in time on Monday, one late on Thursday. Documentation is asked for."""
    for hours, answered_after in ((-24 * 7 + 1, 1), (-24 * 4 + 1, 30)):
        then = as_of(workspace, hours)
        ticket = then.tickets.new("Acme", "It fails", tier="Premium", priority="P1", at=then.now())
        as_of(workspace, hours + answered_after).tickets.reply(ticket.id, "Try this")
    as_of(workspace, -24 * 2).tickets.set(ticket.id, {"documentation": f"Proxies {EVIL}"})
    workspace.refresh()


async def on_team(pilot: Pilot[object], key: TeamKey = "") -> Rows[TeamKey]:
    await pilot.press("6")
    await see(pilot, "On call for the web chat")
    rows = pilot.app.screen.query_one(Rows)
    if key:
        assert rows.go_to(key)
        await wait_until(pilot, lambda: rows.key == key)
    return rows


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
        assert "Reminder    06:00, due now: m copies it" in text
        assert "Sat 21 Mar to Fri 27 Mar  Zay Hanlon" in text
        await pilot.press("m")
        await see(pilot, "Hi Kathy Satterlee")


async def test_somebody_else_on_call_from_the_keyboard_and_undo(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await on_team(pilot, ShiftKey(date(2026, 3, 7)))
        await pilot.press("o")
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
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        rows = await on_team(pilot, ShiftKey(date(2026, 3, 14)))
        await pilot.press("s")
        await wait_until(pilot, lambda: isinstance(app.screen, Picker))
        shown = text_of(app)
        assert "Sat 21 Mar to Fri 27 Mar" in shown
        await pilot.press(*"zay", "enter")
        await see(pilot, "On call: Zay Hanlon Sat 14 Mar to Fri 20 Mar; Alex")
        assert rows.key == ShiftKey(date(2026, 3, 14))
        await see(pilot, "On call: Zay Hanlon")
        assert workspace.oncall.person(MONDAY_MORNING + timedelta(weeks=1)) == "zay"
        await see(pilot, "the shifts of 2026-03-14")
        await pilot.press("x")
        await wait_until(
            pilot, lambda: workspace.oncall.person(MONDAY_MORNING + timedelta(weeks=1)) == "alex"
        )
        await pilot.press("x")
        await see(pilot, "The turns hold there already.")


async def test_another_order_is_typed_and_holds_from_the_next_shift(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot)
        await pilot.press("O")
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
        assert "Nobody takes turns yet. O says who does." in text_of(app)
        await pilot.press("s")
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
        assert any(rows.go_to(row.key) for row in rows._listing.shown if "web chat" in str(row.cells))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        team = app.base_screen.query_one(Rows)
        await wait_until(pilot, lambda: team.key == ShiftKey(date(2026, 3, 7)))


# SUP-16


async def test_sup_16_three_questions_with_the_facts_beside_them(workspace: Workspace) -> None:
    some_work(workspace)
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await on_team(pilot, QuestionKey("went-well"))
        await pilot.press("left_square_bracket")
        await see(pilot, "The week, 2 to 8 Mar")
        await see(pilot, "promises kept: 1 of 2 (50%)")
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        text = await see(pilot, "promises kept: 1 of 2 (50%)")
        for question in (
            "What went well?",
            "What could have gone better?",
            "What should we remember next time?",
        ):
            assert question in text
        await pilot.press(*"Fine", "enter", *"indeed", "tab", *"Faster", "ctrl+s")
        await see(pilot, "The look back is kept.")
        kept = workspace.reports.answers(date(2026, 3, 2)).answers
        assert kept == {"went-well": "Fine\nindeed", "better": "Faster"}
        await see(pilot, "✓ What went well? · Fine indeed")
        await pilot.press("u")
        await see(pilot, "○ What went well?")


async def test_what_is_typed_into_the_look_back_survives(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, QuestionKey("better"))
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press(*"slow", "escape")
        await see(pilot, "Kept as a draft")
        await pilot.press("e")
        await see(pilot, "What you typed before is back.")
        assert app.screen.query_one("#field-better", FieldText).text == "slow"
        await pilot.press("ctrl+r", "escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Form))
        assert workspace.reports.answers().answers == {}


async def test_a_draft_of_the_look_back_that_holds_the_answers_alone_is_read(workspace: Workspace) -> None:
    workspace.drafts.keep("retro 2026-W11", json.dumps({"better": "slow"}))
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, QuestionKey("went-well"))
        await pilot.press("e")
        await see(pilot, "What you typed before is back.")
        assert app.screen.query_one("#field-better", FieldText).value == "slow"


async def test_from_the_facts_beside_the_look_back_to_its_answers(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await on_team(pilot, QuestionKey("better"))
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        app.screen.query_one(Page).focus()
        await wait_until(pilot, lambda: isinstance(app.focused, Page))
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.focused, FieldText))


async def test_two_people_answer_and_neither_is_lost(workspace: Workspace) -> None:
    workspace.reports.answer({"went-well": "first"})
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, QuestionKey("went-well"))
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        other = as_of(workspace, 0, "alex").reports
        other.answer({"went-well": "Alex was here", "better": "theirs"})
        await pilot.press(*" mine", "tab", "tab", *"mine too", "ctrl+s")
        text = await see(pilot, "Somebody was faster. Ctrl+S now saves yours over theirs")
        assert "↑ alex wrote “Alex was here” here meanwhile" in text
        assert other.answers().answers["went-well"] == "Alex was here"
        await pilot.press("ctrl+s")
        await see(pilot, "The look back is kept.")
        assert workspace.reports.answers().answers == {
            "went-well": "first mine",
            "better": "theirs",
            "remember": "mine too",
        }


async def test_the_look_back_is_copied_as_a_text(workspace: Workspace) -> None:
    workspace.reports.answer({"remember": "Drink water"})
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_team(pilot, QuestionKey("remember"))
        await pilot.press("m")
        text = await see(pilot, "On call, 2026-W11: Kathy Satterlee")
        assert "What should we remember next time? Drink water" in text


# SUP-17


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
        await see(pilot, "which one is written?")
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
        await pilot.press("v")
        await see(pilot, "One moment")
        await see(pilot, "1 to write")
        await pilot.press("v")
        await see(pilot, "open which ticket?")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage")


# The report


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
        room = app.base_screen.page_width()  # type: ignore[attr-defined]
        drawn = [line for line in copied.splitlines() if line[:4] in ("Mon ", "all ", "    ")]
        assert max(width_of(line) for line in drawn) <= room


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


@pytest.mark.parametrize("width", range(20, 130))
def test_plots_fit_any_width_from_twenty_cells_on(width: int) -> None:
    grid = [[(day * hour) % 37 * (hour > 5) for hour in range(24)] for day in range(7)]
    grids = [
        [[sum(day[start : start + hours]) for start in range(0, 24, hours)] for day in grid]
        for hours in plots.HOURS_TOGETHER
    ]
    fits = plots.hours_that_fit(grids, width)
    lines = [line.lead + line.text for line in plots.heat(grids[fits], plots.HOURS_TOGETHER[fits])]
    assert len(lines) == 9
    assert {width_of(line) for line in lines} == {width_of(lines[0])}
    assert width_of(lines[0]) <= width
    total = sum(map(sum, grid))
    assert lines[-1].split()[-1] == str(total)
    bars = list(plots.bars([Bar("2 Mar", 1, "100% 3 of 3"), Bar("16 Mar", None, "–", True)], max(width, 28)))
    assert max(width_of(line.lead + line.text) for line in bars) <= max(width, 28)


def test_whatever_there_is_can_be_seen_and_nothing_is_a_dot() -> None:
    assert [plots.level(value, 1000) for value in (0, 1, 500, 1000)] == [0, 1, 4, 8]
    assert plots.sparkline([None, 0, 0.5, 1], 1) == "·▁▄█"
    assert [plots.bar(share, 4) for share in (0, 0.5, 0.53, 1)] == ["", "██", "██▏", "████"]
