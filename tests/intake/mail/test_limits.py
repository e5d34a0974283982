"""Hostile texts: each is read in a moment, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.intake.mail import message as mail
from fleettui.intake.mail.authentication import why_not_proven
from fleettui.intake.mail.forwarded import read_forwarded
from fleettui.intake.mail.printed_dates import printed_date
from fleettui.intake.mail.quoted import without_history

NOW = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
UNITS = [
    "-",
    "_",
    "> ",
    "From: a@b\n",
    "on 1 wrote wrote ",
    "on 1:00 wrote:\n",
    "Von:",
    " ",
    "\n>",
    "am 1 schrieb:\n",
    "wrote:",
]


@pytest.mark.parametrize("unit", UNITS)
def test_endless_text_is_searched_for_history_in_a_moment(unit: str) -> None:
    body = unit * (100_000 // len(unit))
    assert without_history(body)
    read_forwarded(body, NOW, believed=True)
    read_forwarded(body, NOW, believed=False)


def test_endless_results_of_checks_are_read_in_a_moment() -> None:
    lines = "".join(f"Authentication-Results: mx{number}; {'(a=b;' * 2_000}\n" for number in range(300))
    lines += f"Authentication-Results: mx; {'dkim=pass header.d=evil.example;' * 2_000}\n"
    read = mail.read(f"{lines}From: a@b.example\n\nx".encode())
    assert why_not_proven(read.proofs, "b.example", ["mx"], lambda domain: domain == "b.example")


@given(st.text(max_size=200))
def test_a_printed_date_is_read_or_not(text: str) -> None:
    at = printed_date(text, NOW)
    assert at is None or at.tzinfo is UTC


@given(
    st.lists(
        st.sampled_from([*UNITS, "---------- Forwarded message ---------\n", "Date: x\n", "\n", "words"])
    )
)
def test_any_mixture_is_passed_on_or_not(parts: list[str]) -> None:
    forwarded = read_forwarded("".join(parts), NOW + timedelta(), believed=True)
    assert forwarded is None or "@" in forwarded.email
