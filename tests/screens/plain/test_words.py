"""Signs as words, for ears."""

from __future__ import annotations

import pytest

from screens.plain.words import cell_words, lasting, sentence, spoken


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ("✓ done", "done"),
        ("✓ Tell the customer", "done: Tell the customer"),
        ("○ Tell the customer", "to do: Tell the customer"),
        ("○ open", "open"),
        ("✗-30 m", "30 m late"),
        ("✗z-1 h 05 m", "1 h 05 m late"),
        ("●  3 h 20 m", "3 h 20 m left"),
        ("◷       24 m", "24 m left"),
        ("✗ 30 m over, was due 08:30", "30 m over, was due 08:30"),
        ("z snoozed", "snoozed"),
        ("Customer    Acme · 12 hosts", "Customer: Acme, 12 hosts"),
        ("  └ Acme", "Acme"),
        ("■■■▪□", "3 kept, kept late, missed"),
        ("? 1 ticket", "1 ticket"),
        ("Two words - and more", "Two words - and more"),
    ],
)
def test_signs_are_words(drawn: str, told: str) -> None:
    assert spoken(drawn) == told


def test_signs_alone_in_a_cell_say_what_they_mean_and_fillers_nothing() -> None:
    assert cell_words("✎•") == "being answered, new"
    assert cell_words("◉ ") == "open elsewhere"
    assert cell_words("–") == cell_words("  ") == ""


def test_a_text_that_only_counts_time_stays_the_same() -> None:
    assert lasting("24 m left, due 09:24") == lasting("1 h 02 m left, due 09:24")
    assert lasting("24 m left, tobias") != lasting("24 m left, you")


def test_a_sentence_ends() -> None:
    assert [sentence("Saved"), sentence("Saved.")] == ["Saved.", "Saved."]


def test_what_a_terminal_would_obey_is_not_told() -> None:
    assert "\x1b" not in spoken("\x1b[2Jred\x07")
