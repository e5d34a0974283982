"""Text in cells, and the values of fields in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.text.cleaning import fit, padded, width_of
from fleettui.workspace.done_wording import value_words
from screens.terminal.text import one_line, wrap

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


@given(st.text(max_size=60), st.integers(0, 40), st.booleans())
def test_text_fits_exactly(text: str, width: int, right: bool) -> None:
    assert width_of(padded(one_line(text), width, right)) == width


@given(st.text(max_size=60), st.integers(0, 40))
def test_text_is_never_longer_than_its_place(text: str, width: int) -> None:
    assert width_of(fit(one_line(text), width)) <= width


@given(st.text(st.sampled_from("ab 日é\n\t"), max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_breaks_at_blanks_and_keeps_line_ends() -> None:
    assert wrap("one two three\nfour", 9) == ["one two", "three", "four"]
    assert wrap("incomprehensible", 6) == ["incomp", "rehens", "ible"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("", "nothing"),
        (True, "yes"),
        (["a", "b"], "a, b"),
        ({"last": "x"}, "last x"),
        ("\x1b[31mred", "red"),
    ],
)
def test_a_fields_value_is_told_plainly(value: object, words: str) -> None:
    assert value_words(value) == words
