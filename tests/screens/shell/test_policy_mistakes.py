"""A mistake in a file of the handbook while people work: nobody's app ends, a line below the header names it on every screen."""

from __future__ import annotations

import pytest

from fleettui.workspace.folder import policy_folder
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from tests.screens.conftest import lines_of, see, wait_until
from tests.support.handbook_folder import edit


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_folder, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(policy_folder, "SETTLED", 0.05)
    monkeypatch.setattr(policy_folder, "PATIENCE", 0.1)
    monkeypatch.setattr("screens.shell.live.EVERY", 0.02)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_mistake_stands_on_every_screen_until_it_is_mended(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    app, file = FleettuiApp(workspace), workspace.home / "handbook" / "hours.json"
    good = file.read_text()
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "▸1 Today")
        file.write_text(good.replace('"mon": [', '"mon": 3, "x": ['))
        await see(pilot, "✗ handbook/hours.json, line ")
        for number, name in enumerate(SCREENS, 1):
            await pilot.press(str(number))
            await see(pilot, f"▸{number} {name.capitalize()[:4]}")
            assert lines_of(app)[2].startswith(" ✗ handbook/hours.json, line ")
            assert "open.mon" in lines_of(app)[2]
        file.write_text(good)
        await wait_until(pilot, lambda: "handbook/hours.json" not in "\n".join(lines_of(app)))


@pytest.mark.parametrize(
    "name", ["hours.json", "holidays.json", "details.json", "sla.json", "levels.json", "calls.json"]
)
async def test_no_mistake_ends_an_app_on_any_screen(workspace: Workspace, name: str) -> None:
    app, file = FleettuiApp(workspace), workspace.home / "handbook" / name
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "▸1 Today")
        file.write_text('{"x": ')
        await see(pilot, f"✗ handbook/{name}, line 1")
        for number in range(1, 8):
            await pilot.press(str(number))
            await see(pilot, f"▸{number} ")
            await pilot.pause(0.02)
            assert app.is_running


async def test_an_app_that_begins_while_a_file_is_broken_shows_it(workspace: Workspace) -> None:
    (workspace.home / "handbook" / "details.json").write_text("{")
    app = FleettuiApp(workspace)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "✗ handbook/details.json, line 1")
        await pilot.press("home", "up")
        await see(pilot, "Cannot be read")


async def test_several_mistakes_are_counted(workspace: Workspace) -> None:
    for name in ("details.json", "sla.json"):
        (workspace.home / "handbook" / name).write_text("{")
    app = FleettuiApp(workspace)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "✗ 2 troubles: handbook/details.json")


async def test_support_that_is_never_open_is_said_to_be_and_every_screen_opens(workspace: Workspace) -> None:
    edit(workspace.home / "handbook", "hours.json", "open", to={})
    never = Workspace.open(workspace.home, clock=workspace.clock, login="kathy")
    never.tickets.new("Acme", "It fails", tier="Premium", priority="P1")
    app = FleettuiApp(never)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "○ never open")
        for number in range(1, 8):
            await pilot.press(str(number))
            await see(pilot, f"▸{number} ")
        await pilot.press("4")
        await see(pilot, "It fails")
        await pilot.press("s")
        await see(pilot, "In a day")
