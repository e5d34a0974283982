"""Marks on every list: `m` and `*`, and what is done next is done to all marked rows as one change."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.workspace.history import Entry
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands.by_screen import BY_SCREEN
from screens.commands.dispatch import handler_for_all
from screens.customers.row_keys import CustomerKey
from screens.rituals.row_keys import RitualKey
from screens.shell.board import Board
from screens.today.row_keys import ItemKey
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until

FOR_SEVERAL_ANYWAY = {
    f"triage.{verb}"
    for verb in (
        *("reply", "take", "resolve", "note", "snooze", "wait", "assign", "priority", "label", "reopen"),
        *("merge", "ask", "mark", "macro"),
    )
}
"""Triage's keys that act on all marked tickets by themselves."""
NOT_ABOUT_ROWS = {
    *(
        f"triage.{verb}"
        for verb in ("next", "issues", "create", "views", "next_view", "last_view", "keep_view")
    ),
    *(f"triage.{verb}" for verb in ("archive", "past", "older")),
    *(f"rituals.{verb}" for verb in ("mine", "earlier", "later", "now", "add")),
    *(f"calls.{verb}" for verb in ("add", "take_in", "past", "mine", "bell")),
    *("today.dismiss", "playbooks.closed", "playbooks.out", "customers.add"),
    *(f"team.{verb}" for verb in ("add", "order", "earlier", "later", "now")),
}


@pytest.fixture
def customers(workspace: Workspace) -> list[str]:
    return [workspace.customers.add(name, tier="Premium").id for name in ("Acme", "Bolt", "Cobalt")]


def board(app: FleettuiApp) -> Board[Any]:
    assert isinstance(app.screen, Board)
    return app.screen


def newest(workspace: Workspace, count: int) -> list[Entry]:
    """As they were written."""
    entries = [happening.entry for happening in workspace.history.lately(100)]
    return sorted(entries, key=lambda entry: entry.order)[-count:]


async def opened(pilot: Pilot[int], app: FleettuiApp, wanted: str) -> None:
    await see(pilot, wanted)
    await wait_until(pilot, lambda: board(app).rows.has_focus)


@pytest.mark.parametrize("name", SCREENS)
async def test_every_key_of_every_screen_is_for_all_marked_rows_or_says_why_not(
    workspace: Workspace, name: str
) -> None:
    app = FleettuiApp(workspace, name)
    async with app.run_test(size=SMALL) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, Board))
        screen = board(app)
        for command in BY_SCREEN:
            if command.scope != name or command.id in FOR_SEVERAL_ANYWAY | NOT_ABOUT_ROWS:
                continue
            owners = (screen, *screen.actions)
            is_for_all = any(hasattr(owner, f"all_{command.verb}") for owner in owners)
            assert is_for_all != (command.verb in screen.ALONE), command.id
        assert handler_for_all(screen, "edit") is None  # nothing is marked


async def test_one_field_of_several_customers_is_one_change_and_one_undo(
    workspace: Workspace, customers: list[str]
) -> None:
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Cobalt")
        await pilot.press("asterisk")
        await see(pilot, "3 ✓ marked")  # the pages of advice are of another kind
        await pilot.press("e")
        await see(pilot, "3 customers")
        await pilot.press(*"time", "enter")
        await see(pilot, "Time zone of 3 customers")
        await pilot.press(*"Mars/Olympus", "ctrl+s")
        await see(pilot, "Mars/Olympus")
        assert {row.zone for row in workspace.customers.all()} == {""}
        await pilot.press("ctrl+r", *"Europe/Paris", "ctrl+s")
        await see(pilot, "3 customers changed. u takes it back.")
        assert {row.zone for row in workspace.customers.all()} == {"Europe/Paris"}
        await wait_until(pilot, lambda: "✓ marked" not in text_of(app))
        await pilot.press("u")
        await see(pilot, "and 2 more")
        assert {row.zone for row in workspace.customers.all()} == {""}


async def test_a_key_for_one_row_says_so_while_several_are_marked(
    workspace: Workspace, customers: list[str]
) -> None:
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Cobalt")
        await pilot.press("m", "m")
        await see(pilot, "2 ✓ marked")
        assert "contact" not in lines_of(app)[-1]
        await pilot.press("A")
        await see(pilot, "2 rows are marked, but a contact belongs to one customer")
        await pilot.press("asterisk")
        await wait_until(pilot, lambda: "✓ marked" not in text_of(app))


async def test_esc_takes_the_filter_away_and_then_the_marks(
    workspace: Workspace, customers: list[str]
) -> None:
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Cobalt")
        await pilot.press("m", "m", "slash", *"cobalt", "enter")
        await wait_until(pilot, lambda: "Borealis" not in text_of(app))
        await pilot.press("escape")
        await see(pilot, "2 ✓ marked")
        await pilot.press("escape")
        await wait_until(pilot, lambda: "✓ marked" not in text_of(app))


async def test_following_several_customers_and_no_longer(workspace: Workspace, customers: list[str]) -> None:
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Cobalt")
        await pilot.press("m", "m", "f")
        await see(pilot, "You follow all 2")
        assert len(workspace.inbox.following()) == 2


@pytest.mark.parametrize("size", [SMALL, (160, 50)], ids=str)
async def test_several_rituals_are_skipped_with_one_reason_and_what_refuses_stays_marked(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    workspace.rituals.tick("RIT-2")
    app = FleettuiApp(workspace, "rituals")
    async with app.run_test(size=size, notifications=True) as pilot:
        await opened(pilot, app, "Overnight customer")
        board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("m", "m", "m")
        await see(pilot, "3 ✓ marked")
        await pilot.press("s")
        await see(pilot, "Skip 3 rituals")
        await pilot.press(*"holiday", "ctrl+s")
        await see(pilot, "2 rituals skipped. u takes it back.")
        await see(pilot, "1 ✓ marked")
        assert board(app).marked() == [RitualKey("RIT-2")]
        assert [workspace.rituals.row(id_).state for id_ in ("RIT-1", "RIT-2", "RIT-3")] == [  # type: ignore[union-attr]
            "skipped",
            "done",
            "skipped",
        ]
        await pilot.press("u")
        await see(pilot, "and 1 more")
        assert workspace.rituals.row("RIT-1").state == "open"  # type: ignore[union-attr]


async def test_marks_of_rituals_stay_when_the_terminal_changes_its_width(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "rituals")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Overnight customer")
        await pilot.press("m", "m")
        await see(pilot, "2 ✓ marked")
        marked = board(app).marked()
        await pilot.resize_terminal(160, 50)
        await wait_until(pilot, lambda: len(board(app).lists()) > 1)
        assert board(app).marked() == marked


async def test_many_refusals_are_listed_by_row_on_a_page(workspace: Workspace) -> None:
    for id_ in ("RIT-1", "RIT-2", "RIT-3"):
        workspace.rituals.tick(id_)
    app = FleettuiApp(workspace, "rituals")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Overnight customer")
        board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("m", "m", "m", "m", "space")
        text = await see(pilot, "3 rituals could not be; they are still")
        assert "1 ritual ticked" in text
        assert text.count("It is done already") == 3


async def test_what_marks_are_for_is_the_row_once_a_page_is_open(
    workspace: Workspace, customers: list[str]
) -> None:
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Cobalt")
        board(app).rows.go_to(CustomerKey(customers[0]))
        await pilot.press("m", "m", "enter")
        await wait_until(pilot, lambda: board(app).is_open)
        await pilot.press("d")
        await see(pilot, "in touch today")
        assert sum(row.last_contact is not None for row in workspace.customers.all()) == 1


async def test_today_ticks_things_of_several_kinds_as_one_act(workspace: Workspace) -> None:
    playbook = next(name for name, book in workspace.handbook.playbooks.items() if not book.customer)
    workspace.playbooks.start(playbook)
    app = FleettuiApp(workspace, "today")
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await see(pilot, "Overnight customer")
        screen = board(app)
        await wait_until(pilot, lambda: screen.rows.has_focus)
        first = next(row.key for row in screen.rows.listing.shown if isinstance(row.key, ItemKey))
        screen.rows.go_to(first)
        await pilot.press("asterisk")
        await see(pilot, "✓ marked")
        await pilot.press("space")
        await wait_until(pilot, lambda: workspace.rituals.row("RIT-1").state == "done")  # type: ignore[union-attr]
        await see(pilot, "could not be")  # what opens a form or has boxes
        assert len({entry.act for entry in newest(workspace, 2) if entry.verb.endswith("tick")}) == 1


async def test_steps_of_a_call_are_left_out_together(workspace: Workspace, customers: list[str]) -> None:
    call = workspace.calls.new("Acme", "tomorrow 10:00")
    app = FleettuiApp(workspace, "calls")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(pilot, app, "Acme")
        await pilot.press("enter")
        await wait_until(pilot, lambda: board(app).inside == call.id)
        await pilot.press("m", "m")
        await see(pilot, "2 ✓ marked")
        await pilot.press("s")
        await see(pilot, "Leave out 2 steps")
        await pilot.press(*"known", "ctrl+s")
        await see(pilot, "left out. u takes it back.")
        revision = workspace.calls.find(call.id).rev
        assert revision == call.rev + 1  # one change


async def test_several_calls_are_cancelled_with_one_reason(
    workspace: Workspace, customers: list[str]
) -> None:
    ids = [workspace.calls.new(name, "tomorrow 10:00").id for name in ("Acme", "Bolt")]
    app = FleettuiApp(workspace, "calls")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Acme")
        await pilot.press("asterisk", "X")
        await see(pilot, "2 calls will not take place")
        await pilot.press(*"holiday", "ctrl+s")
        await see(pilot, "2 calls cancelled. u takes it back.")
        assert [workspace.calls.find(id_).over for id_ in ids] == [True, True]
        await pilot.press("u")
        await wait_until(pilot, lambda: not workspace.calls.find(ids[0]).over)
        assert not workspace.calls.find(ids[1]).over


async def test_the_same_days_off_for_several_people(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app, "Kathy")
        await pilot.press("m", "m", "s")
        await see(pilot, "Days off for 2 people")
        await pilot.press(*"fri", "ctrl+s")
        await see(pilot, "2 people have these days off. u takes it back.")
        assert sum(bool(person.time_off) for person in workspace.people.all()) == 2


async def test_one_field_of_several_tickets(workspace: Workspace, customers: list[str]) -> None:
    ids = [workspace.tickets.new("Acme", subject, priority="P2").id for subject in ("It fails", "It is slow")]
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await pilot.press("m", "m", "e")
        await see(pilot, "Which field?")
        await pilot.press(*"why", "enter")
        await see(pilot, "Why late of 2 tickets")
        await pilot.press(*"outage", "ctrl+s")
        await see(pilot, "2 tickets changed. u takes it back.")
        assert [workspace.tickets.find(id_).late_why for id_ in ids] == ["outage"] * 2
        await pilot.press("asterisk", "x")
        await see(pilot, "2 rows are marked, but a due time is explained")
