"""Every look has every style, and a theme of somebody else's gets the look that suits it."""

from __future__ import annotations

import pytest
from textual.theme import BUILTIN_THEMES

from screens.terminal import colours
from screens.terminal.themes import ANSI, DARK, LIGHT, LOOKS, STYLES, Look, look_of


@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
def test_every_look_has_every_style(look: Look) -> None:
    assert set(look.styles) == set(STYLES)


@pytest.mark.parametrize(
    ("name", "look"), [("textual-dark", DARK), ("textual-light", LIGHT), ("ansi-dark", ANSI)]
)
def test_another_theme_gets_the_look_that_suits_it(name: str, look: Look) -> None:
    assert look_of(BUILTIN_THEMES[name]) is look


def test_a_theme_that_is_not_ours_is_not_remembered() -> None:
    assert colours.chosen_last() is None
    colours.keep("light")
    assert colours.chosen_last() == "light"
    colours.keep("solarized")
    assert colours.chosen_last() is None
