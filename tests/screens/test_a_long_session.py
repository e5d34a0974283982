"""A session lasts a day: what is closed leaves nothing behind, whatever was open."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.strip import Strip
from textual.timer import Timer
from textual.worker import Worker

from fleettui.store.protocol import Entry
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.dialogs.dialog import Dialog
from tests.screens.conftest import SMALL, wait_until
from tests.support.acts import ACTS, Keys, press
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of
from tests.support.homes import make_home
from tests.support.terminal import KEYS

WARM_UP, TIMES = 4, 3
"""What is new for me is looked for in a thread, and what comes of it changes the lines of each screen once."""
PATIENCE = 200
"""Looks until what is on its way has arrived."""
LASTING = (DOMNode, Timer, Worker, asyncio.Task)
"""What stays only while something is open."""
DRAWN = 40
"""Lines that an act may leave in caches of a limited size, each time."""


def alive() -> Counter[str]:
    """How many there are of each kind."""
    for _ in range(2):  # what is freed by a collection may free others
        gc.collect()
    kinds = Counter(type(thing).__qualname__ for thing in gc.get_objects() if isinstance(thing, LASTING))
    lines = sum(type(thing) is Strip for thing in gc.get_objects())
    return kinds + Counter(
        {"drawn lines": lines // DRAWN, "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir())}
    )


async def left_by(pilot: Pilot[Any], keys: Keys) -> Counter[str]:
    """What there is more of, once for each time, after the keys were pressed some times."""

    async def times(count: int) -> None:
        for _ in range(count):
            await press(pilot, keys)
        pilot.app.clear_notifications()
        await wait_until(pilot, lambda: not pilot.app.screen.query("ToastHolder"))

    await times(WARM_UP)
    before = alive()
    await times(TIMES)
    return await more_than(before, pilot)


async def draw_each_screen(pilot: Pilot[Any]) -> None:
    """They stay, so they are drawn before anything is counted. What is here by now is left out of every count: looking at it each
    time took most of the test."""
    for number, name in enumerate(SCREENS, 1):
        await press(pilot, (str(number),))
        await wait_until(pilot, lambda name=name: pilot.app.screen.name == name)  # type: ignore[misc]
        await pilot.pause(0.1)
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


async def more_than(before: Counter[str], pilot: Pilot[Any]) -> Counter[str]:
    """What there is more of once everything has arrived that was on its way."""
    more: Counter[str] = Counter()
    for _ in range(PATIENCE):
        await pilot.pause(0.05)
        more = Counter({kind: count for kind, count in (alive() - before).items() if count >= TIMES})
        if not more:
            break
    return more


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", MONDAY_MORNING, demo=True)


@pytest.mark.slow
async def test_what_is_closed_leaves_nothing_behind(home: Path) -> None:
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await draw_each_screen(pilot)
        left = {}
        for name, keys in ACTS.items():
            left[name] = await left_by(pilot, keys)
            assert app.screen is app.base_screen, name
        assert {name: kinds for name, kinds in left.items() if kinds} == {}


@pytest.mark.slow
async def test_changes_of_others_and_other_sizes_leave_nothing_behind(home: Path) -> None:
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"))
    other = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="jonah")
    ticket = other.tickets.all()[0].id

    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, ("1", "2", "4"))

        async def changes(count: int) -> None:
            for number in range(count):
                other.tickets.set([ticket], {"subject": f"Subject {gc.get_count()} {number}"})
                app.workspace.refresh()
                app.everything_changed()
                await pilot.resize_terminal(60, 20)
                await pilot.resize_terminal(*SMALL)

        await changes(WARM_UP)
        before = alive()
        await changes(TIMES)
        assert await more_than(before, pilot) == {}


@pytest.mark.slow
async def test_the_changes_of_others_are_not_kept_in_memory(home: Path) -> None:
    """A session that follows its colleagues all day would hold each change that it saw."""
    clock = frozen_clock(MONDAY_MORNING)
    app = FleettuiApp(Workspace.open(home, clock=clock, login="kathy"), "triage")
    other = Workspace.open(home, clock=clock, login="jonah")
    tickets = [ticket.id for ticket in other.tickets.all()]

    async with app.run_test(size=SMALL) as pilot:

        async def changes(count: int) -> None:
            for number in range(count):
                id_ = tickets[number % len(tickets)]
                if number % 2:
                    other.tickets.note([id_], f"Note {number}")
                else:
                    other.tickets.set([id_], {"subject": f"Subject {number}"})
                if number % 20 == 19:
                    app.workspace.refresh()
                    files_of(other).checkpoint(TICKETS, clock())
            app.workspace.refresh()
            app.everything_changed()
            await pilot.pause()

        def held() -> int:
            gc.collect()
            return sum(isinstance(thing, Entry) for thing in gc.get_objects())

        await press(pilot, ("1", "4", "enter", "escape"))
        await changes(100)
        entries, before = held(), alive()
        await changes(300)
        assert held() <= entries
        assert await more_than(before, pilot) == {}


def test_each_key_of_an_act_is_one_that_a_terminal_can_send() -> None:
    """A name that the terminal of the tests does not know would be typed, letter by letter."""
    assert {key for keys in ACTS.values() for key in keys if len(key) > 1} <= set(KEYS)


async def test_a_message_goes_with_what_held_it(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for number in range(5):
            app.say(f"message {number}")
            await wait_until(pilot, lambda: bool(app.screen.query("Toast")))
        await wait_until(pilot, lambda: len(app.screen.query("ToastHolder")) == 1)
        app.clear_notifications()
        await wait_until(pilot, lambda: not app.screen.query("ToastHolder"))


async def test_a_message_goes_from_the_screen_that_was_left_too(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, ("4", "1"))
        left = app.screen
        app.say("before the person goes elsewhere")
        await wait_until(pilot, lambda: bool(left.query("Toast")))
        await press(pilot, ("4",))
        app.clear_notifications()
        await press(pilot, ("1",))
        await wait_until(pilot, lambda: not left.query("ToastHolder"))


async def test_a_text_that_is_open_follows_the_theme(app: FleettuiApp) -> None:
    """It does so without watching the app, which would keep it for good."""
    from screens.widgets.text_pane import LongText

    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, ("4", "n"))
        await wait_until(pilot, lambda: bool(app.screen.query(LongText)))
        texts = list(app.screen.query(LongText))
        before = [text.rich_style.bgcolor for text in texts]
        app.do_theme()
        await pilot.pause()
        assert [text.rich_style.bgcolor for text in texts] != before


async def test_a_save_that_ends_after_its_form_was_closed_closes_nothing_else(home: Path) -> None:
    """Ctrl+S and Esc on a slow box: the save still goes on when Esc closes the form."""
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), "triage")
    async with app.run_test(size=SMALL) as pilot:
        for key in ("e", "c"):
            await press(pilot, (key, *"hi"))
            await wait_until(pilot, lambda: isinstance(app.screen, Dialog))
            dialog = app.screen
            assert isinstance(dialog, Dialog)
            dialog.dismiss()
            dialog.dismiss()
            await wait_until(pilot, lambda: app.screen is app.base_screen)
        await press(pilot, ("1",))
        assert app.base_screen.NAME == "today"


async def test_a_dialog_that_closes_itself_takes_along_what_is_over_it(home: Path) -> None:
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), "triage")
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, ("c",))
        composer = app.screen
        assert isinstance(composer, Dialog)
        await press(pilot, ("ctrl+t",))
        assert app.screen is not composer
        composer.dismiss()
        await wait_until(pilot, lambda: app.screen is app.base_screen)
