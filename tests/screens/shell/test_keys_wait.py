"""While a change is written that closes or opens something, keys wait: they are meant for what it leads to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.choosing import Sure
from screens.dialogs.composer import Composer
from screens.dialogs.form import Form
from screens.dialogs.ritual_text import RitualTextForm
from screens.shell import typeahead
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.shell.test_typeahead import burst


class SlowDisk:
    """What is written begins when it is let go."""

    def __init__(self, app: FleettuiApp) -> None:
        self.let_go = threading.Event()
        app.write_quietly(lambda: self.let_go.wait(60))


@pytest.fixture(autouse=True)
def at_rest(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program that waits for its disk uses no processor: nothing may take that for the end of its work."""
    monkeypatch.setattr(typeahead, "NEVER_LONGER", 0.1)
    monkeypatch.setattr(typeahead, "AT_REST", 10)
    yield


async def screen_of(pilot: Pilot[Any], key: str, title: str) -> None:
    await see(pilot, "▸1 Today")
    await wait_until(pilot, lambda: isinstance(pilot.app.focused, Rows))
    await pilot.press(key)
    await see(pilot, title)
    await pilot.pause(typeahead.SETTLED_AFTER * 2)


async def test_what_is_typed_behind_saving_is_for_the_list(app: FleettuiApp, workspace: Workspace) -> None:
    """The letters went into the form that was being saved, and were lost with it."""
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "6", "▸6 Team")
        await pilot.press("n", *"quinn", "enter", *"Quinn")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        disk = SlowDisk(app)
        await pilot.press("ctrl+s")
        burst(app, "5")
        await pilot.pause(0.3)
        assert isinstance(app.screen, Form)
        assert [entry.value for entry in app.screen.query(Input)][:2] == ["quinn", "Quinn"]
        disk.let_go.set()
        await see(pilot, "▸5 Playbooks")
        assert workspace.people.get("quinn").name == "Quinn"


async def test_esc_closes_the_text_that_a_slow_disk_holds_up(app: FleettuiApp, workspace: Workspace) -> None:
    """It opened later, over whatever one had gone to."""
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "2", "▸2 Rituals")
        await pilot.press(*"jjjj")
        await pilot.pause(typeahead.SETTLED_AFTER * 2)
        disk = SlowDisk(app)
        burst(app, "r\x1b5")
        await pilot.pause(0.3)
        disk.let_go.set()
        await see(pilot, "▸5 Playbooks")
        written = threading.Event()
        app.write_quietly(written.set)
        await wait_until(pilot, written.is_set)
        await pilot.pause(0.1)
        assert not isinstance(app.screen, RitualTextForm)


async def test_the_next_ticket_gets_the_answer_not_the_one_that_is_being_resolved(
    app: FleettuiApp, workspace: Workspace
) -> None:
    first, second = workspace.tickets.new("Acme", "It fails"), workspace.tickets.new("Borealis", "Slow")
    workspace.tickets.reply(first.id, "A new version is out.")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "4", "▸4 Triage")
        await see(pilot, "Slow")
        app.base_screen.reveal(first.id)
        await pilot.pause()
        disk = SlowDisk(app)
        burst(app, "d\rr")
        await pilot.pause(0.3)
        disk.let_go.set()
        await wait_until(pilot, lambda: isinstance(app.screen, Composer))
        assert workspace.tickets.find(first.id).status == "resolved"
        assert isinstance(app.screen, Composer)
        assert app.screen.composition.ticket.id == second.id


async def test_space_twice_does_two_steps_of_a_call(app: FleettuiApp, workspace: Workspace) -> None:
    """The second was for the step of the first, and took it back."""
    call = workspace.calls.new("Acme", workspace.now() + timedelta(hours=30))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "3", "▸3 Calls")
        await pilot.press("enter", "j")
        await see(pilot, "video link")
        disk = SlowDisk(app)
        burst(app, "  ")
        await pilot.pause(0.3)
        disk.let_go.set()
        await wait_until(pilot, lambda: len(workspace.calls.find(call.id).run.marks) == 2)


async def test_the_question_of_undo_is_there_before_the_next_key(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "5", "▸5 Playbooks")
        disk = SlowDisk(app)
        burst(app, "u2")
        await pilot.pause(0.3)
        assert app.base_screen.NAME == "playbooks"
        disk.let_go.set()
        await see(pilot, "▸2 Rituals")
        assert not isinstance(app.screen, Sure)


async def test_a_disk_that_never_answers_takes_no_keys_for_ever(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeahead, "AT_WORK_AT_MOST", 0.4)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await screen_of(pilot, "6", "▸6 Team")
        await pilot.press("n", *"kathy", "enter", *"Quinn")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        disk = SlowDisk(app)
        await pilot.press("ctrl+s")
        burst(app, "\x1b")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        disk.let_go.set()
        await see(pilot, "is on the roster already")
