"""Team, the look back on the week (SUP-16). Driven by keys."""

from __future__ import annotations

import json
from datetime import date

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldText, Form
from screens.team.row_keys import QuestionKey
from screens.widgets.page import Page
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.team.conftest import as_of, on_team, some_work


async def test_sup_16_three_questions_with_the_facts_beside_them(workspace: Workspace) -> None:
    some_work(workspace)
    app = FleettuiApp(workspace)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await on_team(pilot, QuestionKey("went-well"))
        await pilot.press("comma")
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
        await pilot.press("r")
        text = await see(pilot, "On call, 2026-W11: Kathy Satterlee")
        assert "What should we remember next time? Drink water" in text
