"""A person's own keys in the app: they work, chords too, and everything that names a key names theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands import effective
from screens.commands.catalogue import BY_ID
from screens.commands.keymap import Keymap, read
from screens.commands.presets import PRESETS
from screens.widgets.filter_line import FilterLine
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until


@pytest.fixture(autouse=True)
def _usual_keys_afterwards() -> Iterator[None]:
    yield
    effective.use({})


def with_keys(workspace: Workspace, lines: str) -> FleettuiApp:
    return FleettuiApp(workspace, "team", read(lines))


async def test_own_keys_work_and_are_shown_in_footer_help_palette_and_texts(workspace: Workspace) -> None:
    app = with_keys(workspace, '[keys]\n"team.edit" = "z"\n"team.add" = "Z"\n')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: "z edit" in lines_of(app)[-1])
        assert effective.with_keys(app.base_screen.EMPTY).count("Press Z") == 1
        await pilot.press("z")
        await see(pilot, "Change Alex Mitchell")
        await pilot.press("escape", "question_mark")
        await see(pilot, " z ")
        await pilot.press("escape", "ctrl+p", *"team edit")
        await wait_until(pilot, lambda: any("Edit" in line and " z " in line for line in lines_of(app)))


async def test_the_key_that_was_given_to_another_command_does_only_that(workspace: Workspace) -> None:
    app = with_keys(workspace, '[keys]\n"team.edit" = "n"\n')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "n is for team.edit; team.add does not have n any more")
        await pilot.press("n")
        await see(pilot, "Change Alex Mitchell")


async def test_a_chord_says_what_may_follow_and_is_carried_out(workspace: Workspace) -> None:
    app = with_keys(
        workspace, 'preset = "vim"\n[keys]\n"go.triage" = ["4", "g 4"]\n"go.calls" = ["3", "g 3"]'
    )
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        await pilot.press("g")
        await wait_until(pilot, lambda: "4 Triage" in lines_of(app)[-1])
        assert lines_of(app)[-1].split()[:2] == ["g", "…"]
        assert "3 Calls" in lines_of(app)[-1]
        assert lines_of(app)[-1].endswith("Esc ends it")
        await pilot.press("4")
        await see(pilot, "▸4 Triage")
        await wait_until(pilot, lambda: "Esc ends it" not in lines_of(app)[-1])


async def test_esc_ends_a_chord_and_so_does_a_key_that_goes_on_with_none(workspace: Workspace) -> None:
    app = with_keys(workspace, 'preset = "vim"')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        rows = app.screen.query_one(Rows)
        await pilot.press("j", "j")
        for breaks_off in ("escape", "5"):
            await pilot.press("g", breaks_off)
            await wait_until(pilot, lambda: not app.chord)
            assert "▸6 Team" in text_of(app)
        here = rows.key
        await pilot.press("g", "g")
        await wait_until(pilot, lambda: rows.key != here)


async def test_a_letter_of_a_chord_is_text_where_text_is_typed(workspace: Workspace) -> None:
    app = with_keys(workspace, '[keys]\n"go.triage" = ["4", "g 4"]')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        await pilot.press("slash", *"gg4")
        await wait_until(pilot, lambda: app.screen.query_one(FilterLine).value == "gg4")


async def test_a_chord_held_with_ctrl_saves_a_form(workspace: Workspace) -> None:
    app = with_keys(workspace, 'preset = "emacs"')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        await pilot.press("e")
        await see(pilot, "Change Alex Mitchell")
        await pilot.press("ctrl+x", "ctrl+s")
        await see(pilot, "Nothing is changed yet.")


async def test_a_command_without_a_key_is_in_no_footer_and_no_key_does_it(workspace: Workspace) -> None:
    app = with_keys(workspace, '[keys]\n"team.edit" = []\n')
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        await wait_until(pilot, lambda: "n add" in lines_of(app)[-1])
        assert "edit" not in lines_of(app)[-1]
        assert "unbound" not in text_of(app)
        await pilot.press("question_mark")
        await see(pilot, "On Team")
        assert "unbound" not in text_of(app)


@pytest.mark.parametrize("preset", PRESETS)
async def test_with_every_preset_the_app_starts_without_a_word(workspace: Workspace, preset: str) -> None:
    keymap = read(f"preset = {preset!r}")
    app = FleettuiApp(workspace, "triage", keymap)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸4 Triage")
        resolve = effective.key_of("triage.resolve")
        assert resolve == ("s" if preset == "before" else "d")
        active = {binding.binding.id: key for key, binding in app.screen.active_bindings.items()}
        for id_ in ("triage.resolve", "triage.snooze", "app.help", "list.down"):
            assert active[id_] in keymap.keys_of(id_).split(",")
        assert not app.message


def test_no_file_is_no_keymap(monkeypatch: pytest.MonkeyPatch, own_state: object) -> None:
    assert Keymap().keys == {}
    assert Keymap().keys_of("app.help") == BY_ID["app.help"].keys
