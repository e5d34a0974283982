"""Own commands in the app: a key runs a program of the person's with the row, and what comes of it is said or shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleettui import access, config
from fleettui.access import Access
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands import effective
from screens.commands.catalogue import use_own
from screens.commands.keymap import of_person
from screens.commands.own import why_not_trusted
from screens.dialogs.own_commands import with_own
from tests.screens.conftest import see, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def keys_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = config.keys_file()
    file.parent.mkdir(parents=True, mode=0o700)
    yield file
    use_own(())
    effective.use({})
    access.forget()


def app_with(workspace: Workspace, file: Path, run: list[str], **more: Any) -> FleettuiApp:
    lines = {"key": "f9", "title": "My program", "run": run, **more}
    file.write_text(
        "[[command]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
    )
    file.chmod(0o600)
    keymap = of_person()
    assert keymap.problems == ()
    return with_own(FleettuiApp, keymap.own)(workspace, "team", keymap)


async def test_a_key_runs_a_program_with_the_row_on_stdin_and_fields_as_arguments(
    workspace: Workspace, keys_file: Path, tmp_path: Path
) -> None:
    script = 'cat > row.json; printf "%s|" "$@" > arguments; echo "all well"'
    run = ["sh", "-c", f"cd {tmp_path}; {script}", "sh", "--", "{login}", "{name}; $(touch owned)"]
    app = app_with(workspace, keys_file, run, footer=True)
    async with app.run_test(size=(160, 30), notifications=True) as pilot:
        await see(pilot, "F9 My program")
        await pilot.press("f9")
        await see(pilot, "My program: all well")
    assert json.loads((tmp_path / "row.json").read_text())["login"] == "alex"
    assert (tmp_path / "arguments").read_text() == "--|alex|Alex Mitchell; $(touch owned)|"
    assert not (tmp_path / "owned").exists()


async def test_output_comes_on_a_page_cleaned_and_cut(workspace: Workspace, keys_file: Path) -> None:
    lines = "printf 'first \\033]0;owned\\007line\\n'; head -c 300000 /dev/zero | tr '\\0' x"
    app = app_with(workspace, keys_file, ["sh", "-c", lines], how="page")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "Their time")
        await pilot.press("f9")
        await see(pilot, "first line")
        await pilot.press("escape")
        await see(pilot, "Their time")


async def test_a_program_that_takes_too_long_is_ended_and_the_app_goes_on_meanwhile(
    workspace: Workspace, keys_file: Path
) -> None:
    app = app_with(workspace, keys_file, ["sh", "-c", "sleep 60 & sleep 60"], seconds=1)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "Their time")
        await pilot.press("f9", "1")
        await wait_until(pilot, lambda: app.base_screen.NAME == "today")
        await see(pilot, "took too long")


async def test_on_another_screen_than_its_own_the_key_is_free(workspace: Workspace, keys_file: Path) -> None:
    app = app_with(workspace, keys_file, ["echo", "here"], on=["today"])
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "Their time")
        assert "f9" not in app.screen.active_bindings
        await pilot.press("1")
        await wait_until(pilot, lambda: app.base_screen.NAME == "today")
        await wait_until(pilot, lambda: "f9" in app.screen.active_bindings)


def test_only_a_file_of_ones_own_that_nobody_else_can_write_runs_anything(keys_file: Path) -> None:
    keys_file.write_text('[[command]]\nkey = "f9"\ntitle = "X"\nrun = ["true"]\n')
    keys_file.chmod(0o666)
    assert of_person().own == ()
    assert "others can write" in of_person().problems[0]
    keys_file.chmod(0o600)
    assert [command.id for command in of_person().own] == ["own.x"]
    facts = keys_file.stat()
    access.settle(Access("box", restricted=True))
    assert "starts no programs" in why_not_trusted(keys_file, facts)


def test_a_key_that_is_taken_is_named_and_leaves_the_command_in_the_palette(keys_file: Path) -> None:
    keys_file.write_text('[[command]]\nkey = "j"\ntitle = "X"\nrun = ["true"]\n')
    keys_file.chmod(0o600)
    keymap = of_person()
    assert keymap.own[0].key == ""
    assert "j is for list.down" in keymap.problems[0]
