"""The line of the seven screens: their names come first, counts take what room is left."""

from __future__ import annotations

import pytest

from fleettui.text.cleaning import width_of
from screens.widgets.screen_tabs import Count, Tab, tab_spans

NAMES = ("Today", "Rituals", "Calls", "Triage", "Playbooks", "Team", "Customers")


def line(width: int, here: str = "Today", **counts: list[Count]) -> str:
    tabs = [Tab(name, str(number), name, counts.get(name, ())) for number, name in enumerate(NAMES, 1)]
    return "".join(text for spans in tab_spans(tabs, here, width) for text, _ in spans)


def late(number: int) -> Count:
    return Count("!", number, "bad", presses=True)


def untriaged(number: int) -> Count:
    return Count("?", number, "warn", presses=True)


def new(number: int) -> Count:
    return Count("•", number, "accent", presses=False)


def test_at_80_columns_every_screen_has_its_whole_name_beside_the_counts() -> None:
    drawn = line(80, Triage=[untriaged(1), new(5)], Playbooks=[new(2)])
    assert drawn == "▸1 Today 2 Rituals 3 Calls 4 Triage ?1 •5 5 Playbooks •2 6 Team 7 Customers"


def test_with_large_counts_the_names_stay_and_news_lose_their_numbers() -> None:
    drawn = line(80, Triage=[late(12), untriaged(30), new(25)], Calls=[new(12)], Playbooks=[new(3)])
    assert drawn == "▸1 Today 2 Rituals 3 Calls • 4 Triage !12?30• 5 Playbooks • 6 Team 7 Customers"


def test_at_60_columns_every_screen_has_a_name_and_what_presses_its_count() -> None:
    assert line(60) == "▸1 Today 2 Rituals 3 Calls 4 Triage 5 Plays 6 Team 7 Cust"
    drawn = line(60, "Calls", Triage=[untriaged(1), new(5)], Playbooks=[new(2)])
    assert drawn == " 1 Today 2 Rituals▸3 Calls 4 Triage ?1 5 Plays 6 Team 7 Cust"


@pytest.mark.parametrize("width", range(32, 130))
@pytest.mark.parametrize("here", ["Today", "Playbooks", "Customers"])
def test_at_every_width_all_numbers_stay_and_so_does_the_name_of_the_screen_where_one_is(
    width: int, here: str
) -> None:
    drawn = line(width, here, Triage=[late(3), untriaged(1), new(5)], Playbooks=[new(2)])
    assert width_of(drawn) <= width or width < 36
    assert all(f"{number}" in drawn for number in range(1, 8))
    assert f"▸{NAMES.index(here) + 1} {here[:4]}" in drawn
    assert "!3" in drawn
