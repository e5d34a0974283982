"""Steps that lead to a page or a new issue, and a filter that shows whole runs."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from screens.app import FleettuiApp
from screens.playbooks.row_keys import RunKey, StepKey
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.demo_team import go_to, home, running, session

__all__ = ["home"]


async def test_play_11_o_shows_and_copies_the_issue_with_everything_filled_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = running(home, "mara", "extend-a-sandbox-trial")
    app = FleettuiApp(session(home, "mara"))
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await see(pilot, f"{run.id} Extend a sandbox trial")
        await go_to(pilot, StepKey("issue"))
        await pilot.press("o")
        await see(pilot, "Open this in your browser.")
        await pilot.press("y")
        await wait_until(pilot, lambda: len(copied) == 2)
    assert len(copied) == 2
    assert copied[0] == copied[1]
    asked = parse_qs(urlsplit(copied[0]).query)
    assert copied[0].startswith("https://github.com/fleetdm/confidential/issues/new?")
    assert asked["labels"] == ["g-infra,:release"]
    assert asked["title"] == ["Sandbox extension: Paperlane"]
    assert "asha@paperlane.example" in asked["body"][0]
    assert len(copied[0]) <= 8_000


async def test_a_step_with_a_page_of_its_own_shows_and_copies_its_link(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLAY-12"""
    file = home / "handbook" / "playbooks" / "play-12.json"
    playbook = json.loads(file.read_text())
    playbook["steps"][0]["url"] = "https://crawler.example.com/sign-in"
    file.write_text(json.dumps(playbook))
    workspace = session(home, "mara")
    run = workspace.playbooks.start("docs-search-crawler")
    app = FleettuiApp(workspace)
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await see(pilot, "Sign in to the crawler")
        await go_to(pilot, StepKey("sign-in"))
        await pilot.press("o")
        await see(pilot, "https://crawler.example.com/sign-in")
    assert copied == ["https://crawler.example.com/sign-in"]


async def test_play_2_a_filter_finds_a_run_by_its_steps_and_is_not_carried_into_it(home: Path) -> None:
    run = running(home, "jonah", "close-a-deal")
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await pilot.press("slash", *"technical objectives")
        shown = await see(pilot, "Close a new customer deal")
        assert "Send a quote" not in shown
        await pilot.press("enter")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        shown = await see(pilot, "Esc all of them")
        assert "words to look for" not in shown
        rows = pilot.app.screen.rows  # type: ignore[attr-defined]
        assert rows.go_to(StepKey("sanctions")), "every step is there"
        assert rows.go_to(StepKey("renewal"))


async def test_play_2_inside_a_run_a_match_stands_with_the_groups_around_it(home: Path) -> None:
    run = running(home, "jonah", "close-a-deal")
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await see(pilot, f"{run.id} Close")
        await pilot.press("slash", *"competitors")
        shown = await see(pilot, "Competitors in place")
        for line in (f"{run.id} Close a new customer deal", "Handoff", "Go through it together"):
            assert line in shown
        assert "Onboarding" not in shown
        await pilot.press("escape")
        await see(pilot, "Notes of the proof")
        assert pilot.app.screen.rows.go_to(StepKey("sanctions")), "Esc shows all of it"  # type: ignore[attr-defined]


async def test_play_3_after_a_decline_r_asks_again(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    session(home, "salma").playbooks.decline(run.id, "approval", "the discount is too large")
    app = FleettuiApp(session(home, "wen"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("approval"))
        await see(pilot, "the discount")
        await pilot.press("ampersand")
        await see(pilot, "Asked again: Approve it before it leaves.")
    salma = session(home, "salma").playbooks
    assert salma.my_turn(salma.find(run.id)) == ["approval"]
