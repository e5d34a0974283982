"""The one declaration of commands: what is made from it agrees with it."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding

from screens.app import SCREENS, FleettuiApp
from screens.calls.import_preview import ImportPreview
from screens.commands.catalogue import BY_ID, COMMANDS, SCOPES, bindings, in_scope
from screens.commands.command import ANYWHERE, Command, key_words
from screens.commands.dispatch import Commanded, handler_of, refusal_of
from screens.commands.keys_page import keys_page
from screens.dialogs.columns import ColumnsDialog
from screens.dialogs.composer import Composer
from screens.dialogs.form import Form
from screens.dialogs.help import HelpScreen
from screens.dialogs.inbox import InboxDialog
from screens.dialogs.picker import Picker
from screens.dialogs.text_dialog import TextDialog
from screens.dialogs.walk import Walk
from screens.plain.app import PlainApp
from screens.plain.number import RowNumber
from screens.rituals.screen import RhythmRows
from screens.shell.board import Board
from screens.tour.app import TourApp
from screens.widgets.filter_line import FilterLine
from screens.widgets.find_line import FindLine
from screens.widgets.page import Page
from screens.widgets.rows import Rows

TOP = Path(__file__).parents[3]

OWNERS: dict[str, Any] = {
    ANYWHERE: FleettuiApp,
    "list": Rows,
    "board": Board,
    "page": Page,
    "filter": FilterLine,
    "finding": FindLine,
    "form": Form,
    "picker": Picker,
    "arrange": ColumnsDialog,
    "preview": ImportPreview,
    "walk": Walk,
    "help": HelpScreen,
    "composer": Composer,
    "sheet": TextDialog,
    "inbox": InboxDialog,
    "plain": PlainApp,
    "number": RowNumber,
    "tour": TourApp,
    "columns": RhythmRows,
    **{
        name: getattr(importlib.import_module(f"screens.{name}.screen"), kind)
        for name, kind in SCREENS.items()
    },
}

WHILE_SEARCHED = ("page.next_match", "page.last_match")
"""Keys of a text only while somebody searches in it."""

AT_ONCE = [
    ("list", "board", "team", ANYWHERE),
    ("page", "board", "team", ANYWHERE),
    ("list", "help", ANYWHERE),
    ("list", "inbox", ANYWHERE),
    ("list", "board", "plain", ANYWHERE),
    ("list", "board", "tour", ANYWHERE),
]
"""Scopes that answer to keys at the same time."""


def test_every_id_is_there_once_and_begins_with_its_place() -> None:
    assert len(BY_ID) == len(COMMANDS)
    assert all(command.id.count(".") == 1 for command in COMMANDS)


async def test_every_command_is_carried_out_by_whoever_owns_its_scope(app: FleettuiApp) -> None:
    async with app.run_test():
        app.note_place()  # as every key does
        for command in COMMANDS:
            assert has_handler(app, command), command.id


def has_handler(app: FleettuiApp, command: Command) -> bool:
    """Screens are made, since the actions beside a screen belong to it and not to its class."""
    kind = OWNERS[command.scope]
    owner = kind() if command.scope in SCREENS else app if command.scope == ANYWHERE else kind
    common = app.base_screen.common_actions if command.scope == "board" else ()
    return any(hasattr(candidate, f"do_{command.verb}") for candidate in (owner, *owner.actions, *common))


class Walking:
    """Actions beside an owner."""

    def __init__(self) -> None:
        self.walked = False

    def why_not(self, command_id: str) -> str | None:
        return "It rains." if command_id.endswith("rest") else None

    def do_walk(self) -> None:
        self.walked = True


class Owner(Commanded):
    def __init__(self) -> None:
        self.walking = Walking()
        self.actions = (self.walking, object())

    def do_rest(self) -> None: ...


def test_what_the_owner_cannot_do_its_actions_do() -> None:
    owner = Owner()
    handler_of(owner, "walk")()
    assert owner.walking.walked
    assert handler_of(owner, "rest") == owner.do_rest
    with pytest.raises(AttributeError, match="Owner and its actions have no do_fly"):
        handler_of(owner, "fly")


def test_actions_say_why_not_as_well() -> None:
    owner = Owner()
    assert refusal_of(owner, None, "walk.rest") == "It rains."
    assert refusal_of(owner, None, "walk.walk") is None
    screen = Owner()
    assert refusal_of(Commanded(), screen, "walk.rest") == "It rains."


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_says_what_it_does_in_one_sentence(command: Command) -> None:
    assert command.help[0].isupper()
    assert command.help.endswith(".")
    assert command.title == command.title.strip()
    assert command.scope in SCOPES


@pytest.mark.parametrize("scopes", AT_ONCE, ids=" and ".join)
def test_no_key_means_two_things_at_once(scopes: tuple[str, ...]) -> None:
    keys = Counter(
        key
        for scope in scopes
        for command in in_scope(scope)
        if command.id not in WHILE_SEARCHED
        for key in command.keys.split(",")
    )
    del keys["escape"]  # it means the same everywhere: back out of what is innermost
    keys.pop("q", None)  # as escape, where nothing is typed
    del keys["slash"]  # so does this: search in what has the keys
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", SCREENS)
def test_the_keys_of_a_screen_take_nothing_from_the_keys_that_work_on_every_screen(name: str) -> None:
    own = {key for command in in_scope(name) for key in command.keys.split(",")}
    for scope in ("list", "board", ANYWHERE):
        assert not own & {key for command in in_scope(scope) for key in command.keys.split(",")}


def test_no_letter_works_while_typing() -> None:
    """A priority key is taken from text fields: it must be one that no text contains."""
    for command in COMMANDS:
        if command.while_typing:
            assert all("+" in key or re.fullmatch(r"f\d+", key) for key in command.keys.split(","))


def test_bindings_carry_their_ids_for_a_keymap() -> None:
    made = [binding for binding in bindings("team") if isinstance(binding, Binding)]
    assert [binding.id for binding in made] == [command.id for command in in_scope("team")]


def test_the_page_of_keys_is_current() -> None:
    assert (TOP / "docs" / "keys.md").read_text(encoding="utf-8") == keys_page(), (
        "run: python -m screens.commands.keys_page > docs/keys.md"
    )


def test_keys_are_written_as_people_say_them() -> None:
    assert key_words("ctrl+p") == "Ctrl+P"
    assert key_words("j,down") == "j ↓"
    assert key_words("question_mark") == "?"


def test_two_scopes_share_no_command() -> None:
    for scope, other in combinations(SCOPES, 2):
        assert not {c.id for c in in_scope(scope)} & {c.id for c in in_scope(other)}
