"""What is offered while a search is typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fleettui.domain.searching.completion import Named, complete
from fleettui.domain.tickets.search import LANGUAGE

KNOWN = {
    "tier": ("Free", "Premium", "Ultimate"),
    "customer": ("Acme Robotics", "Big Corp", "Robots Ltd"),
    "priority": ("P0", "P1"),
    "label": ("OR",),
    "assignee": (Named("kathy", "Kathy Ruiz"), Named("tobias", "Tobias Okafor"), Named("zay", "")),
}


def known(field: str) -> Sequence[str]:
    return KNOWN.get(field, ())


@pytest.mark.parametrize(
    ("typed", "first", "start"),
    [
        ("", "is:", 0),
        ("pri", "priority:", 0),
        ("-pri", "-priority:", 0),
        ("err cust", "customer:", 4),
        ("tier:", "tier:Free", 0),
        ("tier:u", "tier:Ultimate", 0),
        ("-tier:u", "-tier:Ultimate", 0),
        ("ulti", "tier:Ultimate", 0),
        ("customer:robo", 'customer:"Robots Ltd"', 0),
        ('customer:"big c', 'customer:"Big Corp"', 0),
        ("is:brea", "is:breached", 0),
        ("in:", "in:archive", 0),
        ("due:", "due:today", 0),
        ("P1 ", "is:", 3),
        ("label:", 'label:"OR"', 0),
        ("customer:corp", 'customer:"Big Corp"', 0),
        ("customer:ltd", 'customer:"Robots Ltd"', 0),
        ("assignee:oka", "assignee:tobias", 0),
        ("-assignee:ruiz", "-assignee:kathy", 0),
    ],
)
def test_the_word_under_the_cursor_is_completed(typed: str, first: str, start: int) -> None:
    offered = complete(LANGUAGE, typed, len(typed), known)
    assert (offered.offers[0].text, offered.start, offered.end) == (first, start, len(typed))


@pytest.mark.parametrize("typed", ["errorx", "tier:zz", '"pri', "nofield:x", "label:bug OR", "tier:premium"])
def test_nothing_is_offered_where_nothing_fits(typed: str) -> None:
    assert complete(LANGUAGE, typed, len(typed), known).offers == ()


def test_only_the_word_that_ends_at_the_cursor_is_completed() -> None:
    assert complete(LANGUAGE, "tier:u err", 6, known).offers[0].text == "tier:Ultimate"
    assert complete(LANGUAGE, "tier:ulti", 6, known).offers == ()


def test_few_are_offered_those_that_begin_so_first() -> None:
    offered = complete(LANGUAGE, "customer:r", 10, known)
    assert [offer.text for offer in offered.offers] == [
        'customer:"Robots Ltd"',
        'customer:"Acme Robotics"',
        'customer:"Big Corp"',
    ]


def test_a_person_is_offered_with_the_name_and_the_beginning_of_a_word_goes_before_its_middle() -> None:
    assert complete(LANGUAGE, "assignee:ok", 11, known).offers == (("assignee:tobias", "Tobias Okafor"),)
    offered = complete(LANGUAGE, "customer:rob", 12, lambda _: ("Microbots", "Acme Robotics", "Robots Ltd"))
    assert [offer.text for offer in offered.offers] == [
        'customer:"Robots Ltd"',
        'customer:"Acme Robotics"',
        "customer:Microbots",
    ]
