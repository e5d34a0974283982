"""`L` on every screen: the links of what is in front of somebody, opened on a desktop, else copied."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.dialogs.links import LinkPicker, opener
from tests.screens.conftest import SMALL, see, wait_until

LINKS = BY_ID["app.links"].keys
FIRST, SECOND = "https://one.example/a", "https://two.example/b?c=d"


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)


async def test_one_link_is_copied_at_once_and_shown(workspace: Workspace) -> None:
    workspace.customers.add("Acme", tier="Premium", note=f"See {FIRST}.")
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.base_screen.rows.key)
        await pilot.press(LINKS)
        await see(pilot, "Paste it into your browser")
        assert app.clipboard == FIRST


async def test_of_several_one_is_chosen(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails")
    workspace.tickets.note([ticket.id], f"First {FIRST}, then {SECOND}, and {FIRST} again")
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.base_screen.rows.key)
        await pilot.press(LINKS)
        await wait_until(pilot, lambda: isinstance(app.screen, LinkPicker) and app.screen.rows.key)
        assert isinstance(app.screen, LinkPicker)
        assert [row.key for row in app.screen.choices()] == [FIRST, SECOND]
        await pilot.press("t", "w", "o", "enter")
        await wait_until(pilot, lambda: app.clipboard == SECOND)


async def test_the_link_to_join_comes_first(workspace: Workspace) -> None:
    workspace.calls.new("Acme", workspace.now(), fields={"join_url": SECOND, "about": f"Agenda: {FIRST}"})
    app = FleettuiApp(workspace, "calls")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.base_screen.rows.key)
        await pilot.press(LINKS)
        await wait_until(pilot, lambda: isinstance(app.screen, LinkPicker))
        assert isinstance(app.screen, LinkPicker)
        assert next(iter(app.screen.choices())).key == SECOND


@pytest.mark.parametrize("screen", ["today", "rituals", "calls", "triage", "playbooks", "team", "customers"])
async def test_where_there_is_no_link_it_says_so(workspace: Workspace, screen: str) -> None:
    app = FleettuiApp(workspace, screen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸")
        await pilot.press(LINKS)
        await see(pilot, "no link here")


async def test_on_a_desktop_its_program_gets_the_address_as_one_argument(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "https://one.example/$(touch${IFS}owned)"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$#:$1" > "{tmp_path}/opened"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":7")
    workspace.customers.add("Acme", tier="Premium", note=hostile)
    app = FleettuiApp(workspace, "customers")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.base_screen.rows.key)
        await pilot.press(LINKS)
        await see(pilot, "Opened: https://one.example")
        opened = tmp_path / "opened"
        await wait_until(pilot, lambda: opened.exists() and opened.read_text())
        assert opened.read_text().startswith("1:https://one.example/$(touch")


def test_another_computers_desktop_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert opener({"DISPLAY": ":0"}) == str(program)
    assert opener({"DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}) == ""
    assert opener({}) == ""
