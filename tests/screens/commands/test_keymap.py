"""The person's own keys: what keys.toml says, what it cannot say, and what two commands want."""

from __future__ import annotations

import pytest

from screens.commands.catalogue import BY_ID
from screens.commands.chords import Turn, turn
from screens.commands.key_names import NoSuchKey, chord_name, key_name
from screens.commands.keymap import COMMANDS, RENAMED, Keymap, answer_at_once, read, resolve
from screens.commands.presets import PRESETS


def keys(lines: str, preset: str = "") -> Keymap:
    return read(f"{preset and f'preset = {preset!r}'}\n[keys]\n{lines}")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x", "x"),
        ("X", "X"),
        ("shift+x", "X"),
        ("Ctrl+P", "ctrl+p"),
        ("C-x", "ctrl+x"),
        ("M-x", "alt+x"),
        ("?", "question_mark"),
        ("+", "plus"),
        ("-", "minus"),
        ("ctrl+-", "ctrl+minus"),
        ("Esc", "escape"),
        ("PgDn", "pagedown"),
        ("page_down", None),
        ("F5", "f5"),
        ("ctrl+m", None),
        ("hello", None),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(NoSuchKey):
            key_name(written)
    else:
        assert key_name(written) == name


def test_every_key_of_the_catalogue_is_read_as_it_is_shown() -> None:
    for command in BY_ID.values():
        for key in command.keys.split(","):
            assert key_name(key) == key


def test_a_chord_is_its_keys_by_blanks() -> None:
    assert chord_name("g t") == "g t"
    assert chord_name("C-x  C-s") == "ctrl+x ctrl+s"


def test_any_command_can_have_any_keys() -> None:
    keymap = keys('"triage.reply" = "ctrl+j"\ngo.triage = ["4", "g t"]\n"triage.label" = []')
    assert keymap.keys["triage.reply"] == "ctrl+j"
    assert keymap.keys["go.triage"] == "4,g t"
    assert keymap.keys["triage.label"] == ""
    assert keymap.keys_of("triage.take") == "t"


def test_two_commands_that_want_a_key_are_both_named_and_the_chosen_command_has_it() -> None:
    keymap = keys('"triage.take" = "d"')
    assert keymap.problems == ("keys.toml: d is for triage.take; triage.resolve does not have d any more",)
    assert keymap.keys_of("triage.take") == "d"
    assert keymap.keys_of("triage.resolve") == ""


def test_of_two_chosen_commands_the_first_has_the_key() -> None:
    keymap = keys('"triage.take" = "z"\n"triage.wait" = ["z", "Z"]')
    assert "z is for triage.take; triage.wait does not have z any more" in keymap.problems[0]
    assert keymap.keys_of("triage.wait") == "Z"


def test_keys_that_change_places_clash_with_nobody() -> None:
    keymap = keys('"triage.take" = "d"\n"triage.resolve" = "t"')
    assert keymap.problems == ()


def test_commands_of_different_screens_may_share_a_key() -> None:
    assert keys('"triage.take" = "Z"\n"calls.add" = "Z"').problems == ()
    assert not answer_at_once("triage.take", "calls.add")
    assert answer_at_once("triage.take", "app.undo")
    assert answer_at_once("triage.take", "list.down")
    assert not answer_at_once("composer.gap", "app.undo")
    assert answer_at_once("composer.gap", "app.palette")


def test_a_chord_takes_its_first_key_from_the_command_that_has_it() -> None:
    keymap = keys('"go.triage" = ["4", "g t"]')
    assert [problem.split("; ")[1] for problem in keymap.problems] == [
        "list.top does not have g any more",
        "page.top does not have g any more",
    ]
    assert all("go.triage" in problem for problem in keymap.problems)
    assert keymap.keys_of("list.top") == "home"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('"triage.teak" = "d"', "triage.teak: there is no such command; did you mean triage.take?"),
        ('"triage.take" = "hello"', "triage.take: there is no key hello"),
        ('"triage.take" = 4', 'triage.take: write a key, "x", or several'),
        ('"composer.send" = "x"', "composer.send: x is text where it works; hold Ctrl"),
        ('"app.palette" = "x"', "app.palette: x is text where it works"),
        ('"form.close" = []', "form.close: it cannot be without a key: it is a way out"),
        ('"triage.take" = "ctrl+m"', "triage.take: terminals send Enter for ctrl+m"),
        ("this is no toml", "Until that is mended the usual keys work."),
    ],
)
def test_a_mistake_costs_its_line_and_never_the_start(lines: str, problem: str) -> None:
    keymap = keys(f'"triage.reply" = "z"\n{lines}')
    assert problem in keymap.problems[0]
    assert keymap.problems[0].startswith("keys.toml: ")
    assert keymap.keys_of("triage.reply") == ("r" if "no toml" in lines else "z")


def test_what_is_no_setting_is_named() -> None:
    assert "presets: there is no such setting" in read('presets = "vim"').problems[0]
    assert (
        "preset: there is no 'vi'; there are vim, emacs, plain, before" in read('preset = "vi"').problems[0]
    )
    assert read("[[command]]\nkey = 'x'").problems == ()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_commands_that_there_are_and_clashes_with_nothing(preset: str) -> None:
    assert PRESETS[preset].keys() <= BY_ID.keys()
    for written in PRESETS[preset].values():
        for key in filter(None, written.split(",")):
            assert chord_name(key) == key
    now, clashes = resolve({}, PRESETS[preset])
    assert clashes == []
    assert read(f"preset = {preset!r}").keys == now


def test_a_preset_can_be_changed_key_by_key() -> None:
    keymap = keys('"triage.take" = "z"', preset="before")
    assert keymap.keys_of("triage.resolve") == "s"
    assert keymap.keys_of("triage.take") == "z"
    assert "z is for triage.take; triage.snooze does not have z any more" in keymap.problems[0]


@pytest.mark.parametrize(
    ("begun", "key", "comes_to"),
    [
        ("", "j", Turn(press="j")),
        ("", "g", Turn(begun="g")),
        ("g", "t", Turn(press="g t")),
        ("g", "escape", Turn()),
        ("g", "x", Turn()),
        ("", "ctrl+x", Turn(begun="ctrl+x")),
        ("ctrl+x", "4", Turn(begun="ctrl+x 4")),
        ("ctrl+x 4", "f", Turn(press="ctrl+x 4 f")),
        ("", "escape", Turn(press="escape")),
    ],
)
def test_chords_are_followed_key_by_key(begun: str, key: str, comes_to: Turn) -> None:
    assert turn(begun, key, ["j", "g t", "g g", "ctrl+x 4 f", "escape"]) == comes_to


def test_every_old_id_leads_to_a_command_that_there_is() -> None:
    assert set(RENAMED.values()) <= set(COMMANDS)
    assert not set(RENAMED) & set(COMMANDS)
