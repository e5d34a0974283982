"""What came from outside: cleaned, cut, measured, defused."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.text import cleaning

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
HOSTILE = st.text(
    alphabet=st.sampled_from(
        "\x1b[]P\\0;9m\x07\x9b\x9c\x9d\x90\x00\r\n\t \u202e\u2066\ud800\u2028aé日👩\u200d\u0301="
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[38;5;196mred\x1b[m", "red"),
        ("a\x1b]0;a new title\x07b", "ab"),
        ("a\x1b]52;c;cm0gLXJm\x1b\\b", "ab"),
        ("a\x1b]8;;https://bad.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1bPq#0;2;0;0;0\x1b\\b", "ab"),
        ("a\x1b_hidden\x1b\\b", "ab"),
        ("a\x1b(0b", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x9d0;title\x9cb", "ab"),
        ("a\x1b", "a"),
    ],
)
def test_an_escape_sequence_goes_as_a_whole(given_: str, wanted: str) -> None:
    assert cleaning.clean(given_) == wanted


def test_a_sequence_that_nobody_ended_takes_no_words_with_it() -> None:
    assert cleaning.clean("a\x1b]the rest of a long letter") == "athe rest of a long letter"
    assert cleaning.clean("a\x1b[") == "a"


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("a\x00b\x07c\x7fd\x80e", "abcde"),
        ("admin\u202etxt.exe", "admintxt.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("a\ud800b", "a\ufffdb"),
        ("\ufeffa", "a"),
        ("a\U000e0041b", "ab"),
        ("one\r\ntwo\rthree\x0bfour\x85five\u2028six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("tab\tstays\nand lines", "tab\tstays\nand lines"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("👩‍👩‍👧 שלום naïve", "👩‍👩‍👧 שלום naïve"),
    ],
)
def test_clean(given_: str, wanted: str) -> None:
    assert cleaning.clean(given_) == wanted


def test_a_line_is_one_line() -> None:
    assert cleaning.line("  Re:\r\n\t the   server\u2028 is down \x1b[2J ") == "Re: the server is down"


def test_what_is_cut_is_said() -> None:
    cut = cleaning.clean("x" * 1_000, 100)
    assert cut == "x" * 76 + "… (924 characters cut)"
    assert cleaning.line("abcdef", 4) == "abc…"
    assert cleaning.line("abcd", 4) == "abcd"
    assert cleaning.shortened("abc", 0) == ""


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and not (
        0x202A <= ord(character) <= 0x202E or 0x2066 <= ord(character) <= 0x2069
    )


@given(ANYTHING | HOSTILE)
def test_nothing_dangerous_survives_and_cleaning_twice_changes_nothing(given_: str) -> None:
    body, line = cleaning.clean(given_), cleaning.line(given_)
    assert all(_harmless(c) for c in body if c not in "\n\t")
    assert all(_harmless(c) for c in line)
    assert cleaning.clean(body) == body
    assert cleaning.line(line) == line
    body.encode()


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), max_size=200))
def test_ordinary_words_are_left_alone(given_: str) -> None:
    assert cleaning.clean(given_) == given_


@given(ANYTHING, st.integers(0, 50))
def test_a_limit_is_kept(given_: str, limit: int) -> None:
    assert len(cleaning.clean(given_, limit)) <= limit
    assert len(cleaning.line(given_, limit)) <= limit


@given(ANYTHING | HOSTILE, st.integers(0, 20))
def test_fit_never_takes_more_columns_than_there_are(given_: str, columns: int) -> None:
    line = cleaning.line(given_)
    assert cleaning.width_of(cleaning.fit(line, columns)) <= columns
    assert cleaning.width_of(cleaning.padded(line, columns)) == columns


def test_fit_counts_joiners_at_the_beginning() -> None:
    fitted = cleaning.fit("\u200d\u200d00", 1)
    assert cleaning.width_of(fitted) <= 1


def test_fit_cuts_between_characters() -> None:
    assert cleaning.fit("server is down", 8) == "server …"
    assert cleaning.fit("日本語テキスト", 6) == "日本…"
    assert cleaning.fit("👩‍👩‍👧abc", 3) == "👩‍👩‍👧…"
    assert cleaning.fit("short", 5) == "short"
    assert cleaning.fit("ab", 1) == "…"


def test_towers_of_accents_stay_in_their_row() -> None:
    tower = "e" + "\u0301" * 500 + "日"
    assert len(cleaning.fit(tower, 10)) < 10


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "|cmd"])
def test_csv_formulas_are_defused(start: str) -> None:
    assert cleaning.csv_cell(start) == "'" + start


@pytest.mark.parametrize("plain", ["", "a=b", "T-1042", "3 + 4", "#help"])
def test_csv_leaves_the_rest(plain: str) -> None:
    assert cleaning.csv_cell(plain) == plain


@pytest.mark.parametrize(
    "flood",
    [
        "\x1b[" * 500_000,
        "\x1b]" * 500_000,
        "\x9d" * 1_000_000,
        "\x1b[0" + "0" * 1_000_000,
        "\x1b" + " " * 1_000_000,
        "\x1b[31mé" * 150_000,
    ],
    ids=["csi", "osc", "c1", "digits", "blanks", "mixed"],
)
def test_a_megabyte_of_malice_costs_no_more_than_its_length(flood: str) -> None:
    """Quadratic work would take minutes here; the bound is generous for a busy machine."""
    began = time.process_time()
    cleaning.clean(flood)
    cleaning.line(flood)
    assert time.process_time() - began < 5
