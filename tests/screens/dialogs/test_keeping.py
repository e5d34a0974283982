"""Drafts are kept while somebody types on, at every end, and never beside what is saved."""

from __future__ import annotations

from typing import Any

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs import composer, form
from screens.dialogs.keeping import DraftKeeping
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, wait_until
from tests.screens.triage.conftest import asked, at_work, press_and_see

pytestmark = pytest.mark.slow

NEVER = 3600.0


def drafts(workspace: Workspace) -> str:
    return " ".join(workspace.drafts.texts().values())


async def test_a_form_is_kept_while_somebody_types_without_a_pause(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key once put off what keeps the draft: here no pause would ever be long enough."""
    monkeypatch.setattr(form, "KEEP_AFTER", NEVER)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("6", "n")
        await wait_until(pilot, lambda: isinstance(app.screen, form.Form) and app.focused)
        await pilot.press(*"maralind")
        await wait_until(pilot, lambda: "maralind" in drafts(workspace))
        await pilot.press(*"andmore")
        await wait_until(pilot, lambda: "maralindandmore" in drafts(workspace))


async def test_an_answer_is_kept_while_somebody_types_without_a_pause(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composer, "KEEP_AFTER", NEVER)
    asked(workspace, "Somebody", "A question", "P3", 1)
    app = at_work(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"Hello")
        await wait_until(pilot, lambda: "Hello" in drafts(workspace))


async def test_whoever_ends_the_app_in_order_the_text_is_kept(workspace: Workspace) -> None:
    """Being told to end (TERM) goes the same way as Ctrl+Q."""
    asked(workspace, "Somebody", "A question", "P3", 1)
    app = at_work(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        app.screen.query_one(TextPane).put("Hello")
        app.exit(None, 143)
    assert "Hello" in drafts(workspace)
    assert app.return_code == 143


class Keeper:
    """A draft in memory."""

    def __init__(self) -> None:
        self.text, self.kept = "typed", ""

    def keep(self) -> None:
        self.kept = self.text

    def drop(self) -> None:
        self.kept = ""


def keeping_of(keeper: Keeper) -> DraftKeeping:
    dialog: Any = None
    return DraftKeeping(dialog, lambda: keeper.keep, lambda keep: keep(), 1)


def test_an_end_while_it_is_being_saved_keeps_it_until_it_is_saved() -> None:
    keeper = Keeper()
    keeping = keeping_of(keeper)

    def save() -> str:
        keeping.now()  # the app is told to end in this moment
        assert keeper.kept == "typed"
        return "made"

    assert keeping.until(save, lambda made: keeper.drop) == "made"
    assert keeper.kept == ""
    keeping.now()  # a timer that was late
    assert keeper.kept == "", "what is saved would be there a second time"


def test_what_could_not_be_saved_stays_a_draft() -> None:
    keeper = Keeper()
    keeping = keeping_of(keeper)

    def save() -> None:
        raise OSError

    with pytest.raises(OSError):
        keeping.until(save, lambda made: keeper.drop)
    keeping.now()
    assert keeper.kept == "typed"
