"""Text in cells, and moments and spans in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.tickets.debt import moment
from fleettui.text.cleaning import fit, padded, width_of
from fleettui.workspace.done_wording import value_words
from screens.shell.words import clock_words, duration_words, moment_words, opening_words, until_next_minute
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
    ("hours", "words"),
    [
        (0, "09:00"),
        (6, "15:00"),
        (20, "Tue 05:00"),
        (-20, "Sun 13:00"),
        (24 * 7, "16 Mar 09:00"),
        (-24 * 9, "28 Feb 08:00"),
        (24 * 9999, "24 Jul 2053 09:00"),
        (-24 * 90, "9 Dec 2025 08:00"),
    ],
)
def test_a_moment_is_told_by_how_near_it_is(hours: int, words: str) -> None:
    assert moment_words(NOW + timedelta(hours=hours), NOW, PACIFIC) == words


@pytest.mark.parametrize(("days", "words"), [(20, "29 Mar 09:00"), (9999, "24 Jul 2053 09:00")])
def test_what_is_due_in_another_year_says_which(days: int, words: str) -> None:
    assert moment(NOW + timedelta(days=days), NOW, PACIFIC) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 m"), (12, "12 m"), (60, "1 h"), (372, "6 h 12 m"), (1440, "1 d"), (1440 * 2 + 185, "2 d 3 h")],
)
def test_a_span_has_two_units_at_most(minutes: int, words: str) -> None:
    assert duration_words(timedelta(minutes=minutes)) == words


def test_opening_and_clock() -> None:
    assert opening_words(True, NOW + timedelta(hours=7), NOW, PACIFIC) == "open until 16:00"
    assert opening_words(False, NOW + timedelta(hours=45), NOW, PACIFIC) == "closed until Wed 06:00"
    assert clock_words(NOW, PACIFIC) == "Mon 09:00 PDT"
    assert until_next_minute(NOW.replace(second=45)) == 15
    assert until_next_minute(NOW) == 60


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
