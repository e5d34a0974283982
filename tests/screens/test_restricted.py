"""The app in a restricted account: its keys read and write the exchange folder, and none leads out of the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleettui import access
from fleettui.access import Access
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands.catalogue import BY_ID
from tests.screens.conftest import see, wait_until

pytestmark = pytest.mark.slow

OUT_OF_THE_APP = {"screenshot", "suspend_process", "command_palette", "show_help_panel", "deliver_screenshot"}
"""Actions of Textual that write files, stop the process or lead to these."""


@pytest.fixture
def folder(tmp_path: Path, workspace: Workspace) -> Iterator[Path]:
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    settled = Access("box", restricted=True, home=workspace.home, exchange=exchange)
    access.settle(settled)
    yield exchange
    access.forget()


@pytest.fixture(autouse=True)
def own_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(access, "account_folder", lambda: tmp_path / "account")
    return tmp_path / "account"


@pytest.fixture
def planned(workspace: Workspace) -> str:
    northwind = workspace.customers.add("Northwind")
    return workspace.calls.new(northwind.id, "tomorrow 10:00").id


async def test_the_calendar_file_of_a_call_is_written_there(
    app: FleettuiApp, folder: Path, planned: str
) -> None:
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("3")
        await see(pilot, "Northwind")
        await pilot.press("F")
        await see(pilot, "To attach")
        await wait_until(pilot, lambda: (folder / f"other-times-{planned}.ics").exists())
        assert [file.name for file in folder.iterdir()] == [f"other-times-{planned}.ics"]


async def test_no_calendar_file_from_elsewhere_is_taken_in(app: FleettuiApp, folder: Path) -> None:
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("3", "i")
        await see(pilot, "Take in a calendar file")
        await pilot.press(*(sign if sign != "/" else "slash" for sign in "/etc/passwd"))
        await pilot.press("ctrl+s")
        await see(pilot, "only files in")


async def test_without_an_exchange_folder_the_keys_say_why(
    app: FleettuiApp, folder: Path, planned: str
) -> None:
    access.settle(access.current()._replace(exchange=None))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("3")
        await see(pilot, "Northwind")
        for key in ("i", "F"):
            await pilot.press(key)
            await see(pilot, "no folder for files")


async def test_no_key_of_textual_leads_out(app: FleettuiApp, folder: Path) -> None:
    """Its own keys for pictures of the screen, for stopping the process and for its palette are bound nowhere."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "1 Today")
        for number, name in enumerate(SCREENS, 1):
            await pilot.press(str(number))
            await wait_until(pilot, lambda name=name: app.screen.name == name)  # type: ignore[misc]
            for opening in ("", "slash", "question_mark", "ctrl+p", "c"):
                await pilot.press(*([opening] if opening else []))
                await pilot.pause()
                actions = {active.binding.action for active in app.screen.active_bindings.values()}
                assert (
                    not {action.partition("(")[0].rpartition(".")[2] for action in actions} & OUT_OF_THE_APP
                )
                await pilot.press("escape", "escape")
        await pilot.press("ctrl+z")
        await see(pilot, "This account has no shell")


async def test_no_editor_is_started(
    app: FleettuiApp, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EDITOR", f"touch {tmp_path / 'owned'}")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("6", *BY_ID["team.edit"].keys.split(","))
        await see(pilot, "Time zone")
        await pilot.press("ctrl+e")
        await see(pilot, "This account starts no programs")
    assert not (tmp_path / "owned").exists()
