"""Back and forward through where one was: which places are stops."""

from __future__ import annotations

from screens.commands.place import Place
from screens.shell.trail import LONGEST, Trail


def at(screen: str, row: str = "", is_open: bool = False, inside: str = "") -> Place:
    return Place(screen, row, is_open, inside)


def walked(*places: Place) -> Trail:
    trail = Trail()
    for place in places:
        trail.note(place)
    return trail


def test_from_a_screen_back_to_the_row_one_was_on() -> None:
    trail = walked(at("today", "a"), at("today", "c"), at("team", "kathy"))
    assert trail.back(at("team", "zay")) == at("today", "c")
    assert trail.back(at("today", "c")) is None
    assert trail.forward(at("today", "c")) == at("team", "zay")
    assert trail.forward(at("team", "zay")) is None


def test_moving_in_a_list_is_no_stop_and_an_opened_page_is() -> None:
    trail = walked(at("triage", "T-1"), at("triage", "T-2"), at("triage", "T-2", is_open=True))
    assert trail.back(at("triage", "T-2", is_open=True)) == at("triage", "T-2")


def test_between_two_pages_the_list_is_no_stop() -> None:
    opened, second = at("triage", "T-1", is_open=True), at("triage", "T-2", is_open=True)
    trail = walked(at("triage", "T-1"), opened, at("triage", "T-1"), at("triage", "T-2"), second)
    assert trail.back(second) == opened
    assert trail.back(opened) == at("triage", "T-1")


def test_going_on_elsewhere_forgets_what_is_ahead() -> None:
    trail = walked(at("today"), at("team"), at("calls"))
    assert trail.back(at("calls")) == at("team")
    trail.note(at("team"))
    trail.note(at("rituals"))
    assert trail.forward(at("rituals")) is None
    assert trail.back(at("rituals")) == at("team")


def test_where_a_place_is_gone_the_next_stops_are_as_before() -> None:
    """Coming back to a page whose ticket is gone ends on its list: that is no new stop."""
    trail = walked(at("today"), at("triage", "T-1", is_open=True), at("team"))
    assert trail.back(at("team")) == at("triage", "T-1", is_open=True)
    assert trail.back(at("triage", "T-9")) == at("today")


def test_a_long_day_keeps_so_many_stops() -> None:
    trail = walked(*(at("triage", str(number), is_open=True) for number in range(LONGEST + 50)))
    here, stops = at("triage", str(LONGEST + 49), is_open=True), 0
    while (place := trail.back(here)) is not None:
        here, stops = place, stops + 1
    assert stops == LONGEST
