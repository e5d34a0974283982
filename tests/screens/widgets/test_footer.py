"""The last line of each screen: as many keys as there is room for, the most used first, and last how to leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands.command import ANYWHERE
from screens.widgets.footer import Footer, _here_and_last
from tests.screens.conftest import SMALL, lines_of, see, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_footer_fills_its_width_and_ends_with_how_to_leave(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    home = make_home(workspace.home.parent / "demo", MONDAY_MORNING, "kathy", demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"))
    async with app.run_test(size=size) as pilot:
        for number, name in enumerate(SCREENS, 1):
            await pilot.press(str(number))
            await see(pilot, f"▸{number}")
            await wait_until(pilot, lambda: lines_of(app)[-1].endswith("q leave"))
            pressed = {key: active.binding.id or "" for key, active in app.screen.active_bindings.items()}
            here, last = _here_and_last(pressed)
            line = lines_of(app)[-1]
            shown = [item for item in here if f"{item.key} {item.title}" in line]
            assert shown == here[: len(shown)]
            free = size[0] - sum(item.width for item in (*shown, *last))
            assert len(shown) == len(here) or here[len(shown)].width > free, name


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        (["4"], "q leave"),
        (["4", "slash"], "Esc clear"),
        (["4", "slash", "f", "a", "enter"], "Esc every row"),
        (["4", "slash", "f", "a", "enter", "escape"], "q leave"),
        (["4", "comma", *"09:00", "ctrl+s"], "Esc now"),
        (["4", "comma", *"09:00", "ctrl+s", "escape"], "q leave"),
        (["3", "enter"], "Esc all calls"),
        (["3", "enter", "escape"], "q leave"),
        (["3", "enter", "slash", "a", "enter"], "Esc every row"),
        (["5", "enter"], "Esc all of them"),
        (["5", "enter", "h"], "q leave"),
        (["4", "enter"], "Esc back"),
        (["4", "n"], "Esc close"),
        (["4", "r"], "Esc close"),
        (["4", "v"], "Esc close"),
        (["4", "x"], "Esc back"),
        (["b"], "Esc close"),
        (["question_mark"], "Esc close"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
@pytest.mark.parametrize("size", [SMALL, (60, 20)], ids=str)
async def test_wherever_one_is_the_last_key_leads_out(
    workspace: Workspace, keys: list[str], end: str, size: tuple[int, int]
) -> None:
    workspace.tickets.new("Acme", "It fails")
    workspace.calls.new("Acme", workspace.now() + timedelta(days=1))
    workspace.playbooks.start("PLAY-12")
    app = FleettuiApp(workspace)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "Today")
        await pilot.press(*keys)
        await wait_until(pilot, lambda: lines_of(app)[-1].endswith(end))


async def test_what_works_anywhere_comes_after_what_works_here(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=(200, 60)) as pilot:
        await see(pilot, "▸6 Team")
        pressed = {key: active.binding.id or "" for key, active in app.screen.active_bindings.items()}
        here, _ = _here_and_last(pressed)
        scopes = [item.id.partition(".")[0] for item in here]
        assert scopes[0] == "list"
        assert scopes.index("app") == len(scopes) - scopes.count("app")
        assert ANYWHERE not in scopes
        assert app.screen.query_one(Footer).size.height == 1


@pytest.mark.parametrize(
    "keys",
    [["4", "slash"], ["4", "slash", "x"], ["4", "n"], ["4", "r"], ["4", "a"], ["4", "enter", "slash"], ["b"]],
    ids=" ".join,
)
async def test_no_key_is_offered_that_would_write_a_sign(workspace: Workspace, keys: list[str]) -> None:
    workspace.tickets.new("Acme", "It fails")
    app = FleettuiApp(workspace)
    async with app.run_test(size=(200, 60)) as pilot:
        await see(pilot, "Today")
        await pilot.press(*keys)
        await wait_until(pilot, lambda: app.screen.focused is not None)
        await pilot.pause(0.1)
        footer = app.screen.query_one(Footer)
        offered = [item.key for item in (*footer._here, *footer._last)]
        focused = app.screen.focused
        assert focused is not None and offered
        takes = [key for key in offered if len(key) == 1 and focused.check_consume_key(key, key)]
        assert not takes or takes == [key for key in takes if not key.isascii()]


@pytest.mark.parametrize(
    ("keys", "enter"),
    [
        (["4"], "Enter open"),
        (["4", "n"], "Enter next field"),
        (["4", "v"], "Enter choose"),
        (["4", "slash"], "Enter keep"),
        (["question_mark"], "Enter do it"),
        (["b"], "Enter open"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
@pytest.mark.parametrize("size", [SMALL, (60, 20)], ids=str)
async def test_wherever_enter_does_something_the_footer_says_what(
    workspace: Workspace, keys: list[str], enter: str, size: tuple[int, int]
) -> None:
    workspace.tickets.new("Acme", "It fails")
    app = FleettuiApp(workspace)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "Today")
        await pilot.press(*keys)
        await wait_until(pilot, lambda: enter in lines_of(app)[-1])
