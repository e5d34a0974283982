"""Today, as somebody of the demo's team has it at 80x24 and wider."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.domain.agenda import Item
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.today.row_keys import FirstStepKey, HistoryKey, ItemKey, WorkloadKey
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.demo_team import go_to, home, session, typed

__all__ = ["home"]


async def test_today_is_by_the_time_that_is_left_and_done_with_one_key(home: Path) -> None:
    workspace = session(home, "kathy")
    mine = [item for item in workspace.agenda.items() if item.mine and item.wants]
    ticked = next(item for item in mine if item.does == "tick")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, ItemKey(ticked.key))
        await pilot.press("space")
        await see(pilot, "Done:")
        await wait_until(pilot, lambda: not app.screen.query_one(Rows).go_to(ItemKey(ticked.key)))


async def test_enter_opens_each_thing_where_it_is_at_home(home: Path) -> None:
    workspace = session(home, "kathy")
    seen: set[str] = set()
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for item in [item for item in workspace.agenda.items() if item.mine]:
            if item.kind in seen or item.kind == "on call":
                continue
            seen.add(item.kind)
            await pilot.press("1")
            await see(pilot, "Now ──")
            await go_to(pilot, ItemKey(item.key))
            await pilot.press("enter")
            await wait_until(pilot, lambda: app.base_screen.NAME != "today")
            await wait_until(pilot, lambda: "not on this list" not in text_of(app))
    assert {"playbook", "ritual"} <= seen


async def test_rit_5_a_text_is_written_from_today(app: FleettuiApp) -> None:
    items = {item.id: item for item in app.workspace.agenda.items()}
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, ItemKey(items["RIT-1"].key))
        await pilot.press("r")
        await see(pilot, "has no text of its own")
        await go_to(pilot, ItemKey(items["RIT-5"].key))
        await pilot.press("r")
        await see(pilot, "Key customers and proofs of concept")


async def test_the_teams_at_a_glance_opens_into_what_each_has(home: Path) -> None:
    async with FleettuiApp(session(home, "kathy")).run_test(size=SMALL) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, WorkloadKey("noor"))
        await pilot.press("enter")
        await see(pilot, "Review the draft")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)], ids=str)
async def test_all_three_screens_stand_at_every_size(home: Path, size: tuple[int, int]) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=size) as pilot:
        for key, word in (("1", "Now ──"), ("5", "Begin one"), ("7", "reaches out")):
            await pilot.press(key)
            await see(pilot, word)
            assert all(len(line) <= size[0] for line in lines_of(app))


async def test_an_empty_workspace_leads_by_the_hand(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        shown = await see(pilot, "Begin here")
        assert re.search("✓ done +Say who you are", shown), "the roster knows already"
        await go_to(pilot, FirstStepKey("customer"))
        await pilot.press("enter")
        await see(pilot, "▸7 Customers")
        await pilot.press("n")
        await typed(pilot, "name", "Acme")
        await see(pilot, "Acme is on the list")
        await pilot.press("1")
        await wait_until(pilot, lambda: re.search("✓ done +Add the first customer", text_of(app)))


async def test_the_list_of_first_steps_goes_and_comes_by_a_key(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Begin here")
        await pilot.press("X")
        await see(pilot, "The first steps are gone, for you")
        await wait_until(pilot, lambda: "Begin here" not in text_of(app))
        await pilot.press("X")
        await see(pilot, "Begin here")


async def test_what_cannot_be_done_from_here_says_so(home: Path) -> None:
    workspace = session(home, "kathy")
    opened = next(item for item in workspace.agenda.items() if item.mine and not item.does)
    async with FleettuiApp(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, ItemKey(opened.key))
        await pilot.press("space")
        await see(pilot, "That is not done from here: Enter opens it.")
        await go_to(pilot, WorkloadKey("noor"))
        await pilot.press("space")
        await see(pilot, "Put the cursor on something that wants you.")


async def test_what_changed_is_told_in_a_sentence_with_each_field_on_its_page(home: Path) -> None:
    wen = session(home, "wen")
    ticket = wen.tickets.new("Northwind", "The agent stopped")
    wen.tickets.set(ticket.id, {"priority": "P1"})
    key = HistoryKey("tickets", ticket.id, wen.history.happenings(ticket.id)[0].entry.rev)
    async with FleettuiApp(session(home, "kathy")).run_test(size=(120, 100)) as pilot:
        await see(pilot, f"{ticket.id}: changed · The agent stopped")
        await go_to(pilot, key)
        shown = await see(pilot, "priority: P3 → P1")
        assert "Wen Zhao" in shown


async def test_a_file_that_cannot_be_read_is_named_on_top(home: Path) -> None:
    (home / "handbook" / "calls.json").write_text("{")
    async with FleettuiApp(session(home, "kathy")).run_test(size=(120, 40)) as pilot:
        shown = await see(pilot, "Cannot be read")
        assert shown.index("calls.json") < shown.index("Now ──")


async def test_the_time_left_is_reckoned_only_for_rows_that_are_to_be_seen(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [workspace.tickets.new("Acme", f"It fails {number}", tier="Premium").id for number in range(60)]
    workspace.tickets.take(ids)
    app = FleettuiApp(workspace)
    reckon = workspace.agenda.left
    reckoned: list[str] = []

    def left(item: Item) -> str:
        reckoned.append(item.id)
        return reckon(item)

    monkeypatch.setattr(workspace.agenda, "left", left)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "It fails 0")
        await wait_until(pilot, lambda: re.search(r"h +P3\? It fails 0", text_of(pilot.app)))
        assert 0 < len(set(reckoned)) <= SMALL[1]


@pytest.mark.parametrize(
    ("key", "stage"), [("d", "done"), ("E", "missed?"), ("M", "rescheduled")], ids=["held", "missed", "moved"]
)
async def test_a_call_that_nobody_recorded_is_recorded_from_here_by_one_key(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, stage: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    call = workspace.calls.new("Acme", workspace.now() - timedelta(hours=2))
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "How did it go? Acme (Acme)")
        rows = app.screen.query_one(Rows)
        item = next(item for item in workspace.agenda.items() if item.id == call.id)
        assert rows.go_to(ItemKey(item.key))
        await pilot.press(key)
        if key == "M":
            await see(pilot, "Moved: Acme")
            await pilot.press("enter")
        await wait_until(pilot, lambda: workspace.calls.stage(workspace.calls.find(call.id)) == stage)
        if key == "m":
            await see(pilot, "Nobody here")
