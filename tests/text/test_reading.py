"""One reader for each kind of value: what it takes, and what it says to the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.text import reading

COLOURS = ("Red", "Light Blue")


def colour(field: str, value: Any) -> str:
    return reading.one_of(field, value, COLOURS)


def secure_link(field: str, value: Any) -> str:
    return reading.link(field, value, ("https://",))


def dotted_email(field: str, value: Any) -> str:
    return reading.email(field, value, dotted=True)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (reading.yes_or_no, " Yes", True),
        (reading.yes_or_no, "n", False),
        (reading.yes_or_no, True, True),
        (reading.yes_or_no, "false", False),
        (reading.whole_number, " 300 ", 300),
        (reading.whole_number, -2, -2),
        (reading.number, "1,200", 1200),
        (reading.number, "2.5", 2.5),
        (reading.number, 7, 7),
        (reading.day, " 2026-03-09 ", date(2026, 3, 9)),
        (reading.day, date(2026, 3, 9), date(2026, 3, 9)),
        (reading.day_or_none, "", None),
        (reading.day_or_none, None, None),
        (reading.day_or_none, "2026-03-09", date(2026, 3, 9)),
        (colour, " light BLUE ", "Light Blue"),
        (reading.email, " kathy@example.com", "kathy@example.com"),
        (reading.email, "kathy@localhost", "kathy@localhost"),
        (dotted_email, "kathy@example.com", "kathy@example.com"),
        (reading.link, "http://example.com/a?b#c", "http://example.com/a?b#c"),
        (secure_link, "https://example.com", "https://example.com"),
        (reading.text, " as it is ", " as it is "),
    ],
)
def test_what_is_read(read: Callable[[str, Any], Any], value: Any, expected: Any) -> None:
    result = read("field", value)
    assert (result, type(result)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (reading.yes_or_no, "perhaps", "write yes or no"),
        (reading.yes_or_no, "", "write yes or no"),
        (reading.whole_number, "2.5", "'2.5' is not a number"),
        (reading.whole_number, None, "'None' is not a number"),
        (reading.number, "many", "'many' is not a number"),
        (reading.number, "nan", "'nan' is not a number"),
        (reading.number, "inf", "'inf' is not a number"),
        (reading.day, "next week", "'next week' is not a day; write it like 2026-03-09"),
        (reading.day, "", "'' is not a day; write it like 2026-03-09"),
        (colour, "\x1b[31mgreen", "'green' is not one of Red, Light Blue"),
        (reading.email, "kathy", "'kathy' is not an e-mail address"),
        (reading.email, "@example.com", "'@example.com' is not an e-mail address"),
        (reading.email, "kathy@", "'kathy@' is not an e-mail address"),
        (reading.email, "a@b@c", "'a@b@c' is not an e-mail address"),
        (reading.email, "a b@c", "'a b@c' is not an e-mail address"),
        (dotted_email, "kathy@localhost", "'kathy@localhost' is not an e-mail address"),
        (reading.link, "ftp://example.com", "'ftp://example.com' is not a link; it begins with https://"),
        (reading.link, "https://", "'https://' is not a link; it begins with https://"),
        (reading.link, "https://a b", "'https://a b' is not a link; it begins with https://"),
        (secure_link, "http://a.example", "'http://a.example' is not a link; it begins with https://"),
        (reading.text, 5, "expected text"),
    ],
)
def test_what_is_refused(read: Callable[[str, Any], Any], value: Any, message: str) -> None:
    with pytest.raises(Refused) as refusal:
        read("field", value)
    assert str(refusal.value) == f"field: {message}"


def test_a_number_says_what_is_expected_where_that_is_known() -> None:
    with pytest.raises(Refused, match=r"^hosts: expected a number of hosts$"):
        reading.whole_number("hosts", "many", "expected a number of hosts")


@pytest.mark.parametrize("value", ["a\nb\n", "a, b,,a ", ["a", " b", "", "a"]])
def test_names_come_once_each_in_order_whether_between_commas_or_on_lines(value: Any) -> None:
    assert reading.names(value) == ("a", "b")
