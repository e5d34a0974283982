"""The page of a ticket: its timeline, what is owed and missing, hostile text. The clock stands still."""

from __future__ import annotations

from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import SMALL, lines_of, see, text_of
from tests.screens.triage.conftest import (
    WIDE,
    asked,
    at_work,
    press_and_see,
)


async def test_the_timeline_has_messages_notes_and_changes(acme: Workspace) -> None:
    acme.tickets.note("T-1001", "Looks like the proxy")
    acme.tickets.take("T-1001")
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "Timeline, newest first", "enter", "G")
        text = await see(pilot, "Kathy Satterlee taken")
        assert "Kathy Satterlee noted" in text
        assert "Looks like the proxy" in text
        assert "(assignee: Kathy Satterlee)" in text
        assert "Jo Park wrote" in text


async def test_a_long_timeline_is_whole_on_demand(acme: Workspace) -> None:
    for number in range(40):
        acme.tickets.note("T-1001", f"note number {number}")
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "note number 39", "enter")
        await press_and_see(pilot, "older ones: O shows them", "G")
        await pilot.press("O", "G")
        await see(pilot, "note number 0")


async def test_sla_7_x_explains_the_due_time_and_what_it_would_be(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        text = await press_and_see(pilot, "How that came about", "x")
        assert "Ultimate P1: 2 clock hours: it arrived in business hours" in text
        assert "SLA-7" in text
        assert "07:30 to 09:30: 120 minutes" in text
        assert "Ultimate P0: ✗ 30 m over" in text
        assert "Our own aim" in text  # SLA-16
        await press_and_see(pilot, "All open", "x")


async def test_sup_18_routing_by_size_is_told(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        text = await see(pilot, "1,200 hosts")
        assert "Unicorns #g-unicorns" in text


async def test_what_they_wait_for_stands_before_what_is_known(queue: Workspace) -> None:
    queue.tickets.reply("T-1001", "Which version is it?")
    queue.tickets.received("T-1001", "It is 4.60, and it still fails")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        app.base_screen.reveal("T-1001")
        shown = await press_and_see(pilot, "Timeline", "enter")
        places = [
            shown.index(part) for part in ("it still fails", "Details", "Timeline", "Which version is it?")
        ]
        assert places == sorted(places) and shown.count("it still fails") == 1


async def hostile(workspace: Workspace) -> Ticket:
    evil = "[@click=app.quit]press[/] [bold red]x\x1b]52;c;aGk=\x07\x1b[2J\u202egnp.exe\x00\ud800"
    return asked(workspace, evil, evil * 3, "P1", 1, body=evil + "\n" + "y" * 200_000, channel=evil)


async def test_hostile_text_is_shown_and_does_nothing(acme: Workspace) -> None:
    made = await hostile(acme)
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, made.id)
        app.base_screen.reveal(made.id)
        await press_and_see(pilot, "[@click=app.quit]press[/]", "enter")
        for keys in (
            ("x", "escape"),
            ("p", "escape"),
            ("r", "ctrl+o", "escape", "escape"),
            ("i", "escape"),
            ("e", "escape"),
        ):
            await pilot.press(*keys)
            await pilot.pause()
        assert app.is_running
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)


async def test_lines_are_never_longer_than_the_screen(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        assert all(len(line) <= 60 for line in lines_of(app))
