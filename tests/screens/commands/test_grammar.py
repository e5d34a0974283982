"""One key, one meaning, on every screen."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from screens.app import SCREENS
from screens.commands.catalogue import BY_ID, COMMANDS, in_scope
from screens.commands.command import ANYWHERE, Command
from screens.commands.effective import COMMAND, with_keys
from screens.commands.grammar import MEANINGS
from tests.screens.test_names import FOLDER

OF_KEY = {key: meaning for meaning in MEANINGS for key in meaning.keys.split(",")}
MOVES = {
    *"hjklgG",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "enter",
    "escape",
    "tab",
}
PLACES = {str(number) for number in range(1, 8)}
TYPED_OR_MOVED_IN = (
    "list",
    "page",
    "filter",
    "form",
    "picker",
    "preview",
    "walk",
    "help",
    "composer",
    "columns",
)


def plain_keys(command: Command) -> list[str]:
    """Without those that move, go to a screen, or are held with Ctrl."""
    return [
        key
        for key in command.keys.split(",")
        if key and "+" not in key and key not in MOVES | PLACES and not key.startswith("f1")
    ]


def test_a_key_with_a_meaning_stands_for_it_on_every_screen() -> None:
    commands = [command for command in COMMANDS if command.scope not in TYPED_OR_MOVED_IN]
    for command in commands:
        for key in plain_keys(command):
            assert key in OF_KEY, f"{command.id}: say in grammar.py what {key} means"
            assert command.id in OF_KEY[key].commands, (
                f"{command.id} has {key}, which means “{OF_KEY[key].means}”: give it another key, or its id that meaning"
            )


def test_what_the_grammar_says_of_a_command_is_so() -> None:
    for meaning in MEANINGS:
        for id_ in meaning.commands:
            assert set(meaning.keys.split(",")) & set(BY_ID[id_].keys.split(",")), id_


def test_no_key_has_two_meanings() -> None:
    assert len(OF_KEY) == sum(len(meaning.keys.split(",")) for meaning in MEANINGS)


@pytest.mark.parametrize("screen", SCREENS)
def test_no_two_commands_that_answer_on_a_screen_share_a_key(screen: str) -> None:
    scopes = ("list", "board", screen, ANYWHERE)
    keys = Counter(key for scope in scopes for command in in_scope(scope) for key in command.keys.split(","))
    assert [key for key, count in keys.items() if count > 1 and key != "escape"] == []


def test_texts_on_screens_name_commands_that_there_are() -> None:
    for module in FOLDER.rglob("*.py"):
        texts = [
            node.value for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Constant)
        ]
        names = {name for text in texts if isinstance(text, str) for name in COMMAND.findall(text)}
        assert names <= BY_ID.keys(), module


def test_a_text_names_the_key_of_a_command() -> None:
    assert with_keys("[team.add] adds somebody, [app.help] helps.") == "n adds somebody, ? helps."
