"""WCAG's contrast, and that both of our own themes have enough of it for each colour on each ground.

The theme of the terminal's own 16 colours cannot be computed: which colours they are the terminal decides.
"""

from __future__ import annotations

import pytest
from rich.color import Color

from screens.terminal.contrast import SIGN, TEXT, contrast, rgb
from screens.terminal.themes import DARK, DARK_COLOURS, GROUNDS, LIGHT, LIGHT_COLOURS, ROLES, TEXTS, Look

COLOURS = {"dark": DARK_COLOURS, "light": LIGHT_COLOURS}


@pytest.mark.parametrize(
    ("ink", "ground", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#0000ff", 8.59),
        ("#abcdef", "#abcdef", 1),
    ],
)
def test_the_ratio_is_that_of_wcag(ink: str, ground: str, ratio: float) -> None:
    assert contrast(rgb(ink), rgb(ground)) == pytest.approx(ratio, abs=0.01)
    assert contrast(rgb(ground), rgb(ink)) == contrast(rgb(ink), rgb(ground))


@pytest.mark.parametrize("name", COLOURS)
def test_every_text_is_read_on_every_ground(name: str) -> None:
    colours = COLOURS[name]
    assert set(colours) == set(ROLES)
    for ground in GROUNDS:
        for text in TEXTS:
            assert contrast(rgb(colours[text]), rgb(colours[ground])) >= TEXT, f"{text} on {ground}"
    for ground in ("background", "surface", "panel"):
        assert contrast(rgb(colours["rule"]), rgb(colours[ground])) >= SIGN, f"rule on {ground}"


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_every_style_is_read_on_every_line(look: Look) -> None:
    """The cursor's row and marked rows, from the styles that are drawn."""
    lines = {"": rgb(look.background or ""), "panel": rgb(look.panel or "")}
    lines |= {name: triple(look.styles[name].bgcolor) for name in ("cursor", "cursor-idle", "here")}
    for name, style in look.styles.items():
        if style.color is None or name == "rule":
            continue
        for line, ground in lines.items():
            assert contrast(triple(style.color), ground) >= TEXT, f"{name} on {line}"


def triple(colour: Color | None) -> tuple[int, int, int]:
    assert colour is not None
    red, green, blue = colour.get_truecolor()
    return red, green, blue
