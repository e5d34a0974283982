"""The measuring rule of all lists: what a column gets, by its content and by how much it matters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from screens.widgets.columns import (
    NARROW_GAP,
    Arrangement,
    Column,
    arrange,
    arrange_lines,
    shortened,
)

COLUMNS = (
    Column("id", width=6),
    Column("customer", width=6, grow=1, most=20, hide=1),
    Column("subject", width=15, grow=3, share=0.5),
    Column("who", width=3, hide=2, second=True, shorten="name"),
)


def widths(arrangement: Arrangement) -> list[int]:
    return [place.width for place in arrangement.places]


def used(arrangement: Arrangement) -> int:
    return sum(widths(arrangement)) + arrangement.gap * (len(arrangement.places) - 1)


def test_where_all_fits_each_column_is_as_wide_as_its_content() -> None:
    arrangement = arrange(COLUMNS, 150, [6, 18, 50, 14], 150)
    assert widths(arrangement) == [6, 18, 50, 14]
    assert not arrangement.cuts


def test_an_empty_column_takes_no_room() -> None:
    arrangement = arrange(COLUMNS, 150, [6, 0, 50, 14], 150)
    assert [place.index for place in arrangement.places] == [0, 2, 3]


def test_before_a_row_was_seen_all_columns_stand_there() -> None:
    assert len(arrange(COLUMNS, 150).places) == 4


def test_the_share_of_what_people_read_comes_before_more_than_the_least_of_others() -> None:
    arrangement = arrange(COLUMNS, 77, [6, 18, 70, 14], 80)
    assert widths(arrangement) == [6, 6, 59, 3]
    assert arrangement.gap == NARROW_GAP
    narrow = arrange(COLUMNS, 58, [6, 18, 70, 14], 80)
    assert widths(narrow) == [6, 6, 40, 3]


def test_free_space_goes_to_what_matters_and_then_to_the_next() -> None:
    assert widths(arrange(COLUMNS, 77, [6, 18, 45, 14], 80)) == [6, 18, 45, 5]


def test_no_column_gets_more_than_its_most() -> None:
    assert widths(arrange(COLUMNS, 200, [6, 70, 50, 14], 200)) == [6, 20, 50, 14]


def test_rows_get_two_lines_where_the_share_cannot_be_had_on_one() -> None:
    content = [6, 18, 70, 14]
    assert arrange_lines(COLUMNS, 50, content, 80, None).lines == 1
    tight = [replace(column, hide=0) for column in COLUMNS]
    two = arrange_lines(tight, 50, content, 80, None)
    assert two.lines == 2
    assert list(two.below) == [3]


def test_who_wants_two_lines_has_them_and_nothing_is_lost() -> None:
    two = arrange_lines(COLUMNS, 45, [6, 18, 70, 14], 80, True)
    assert [place.index for place in two.places] == [0, 2]
    assert list(two.below) == [1, 3]
    assert arrange_lines(COLUMNS, 45, [6, 18, 70, 14], 80, False).lines == 1


SPECS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 90),
        st.sampled_from([0, 0, 0.3, 0.5]),
    ),
    min_size=1,
    max_size=8,
)


@given(SPECS, st.integers(1, 200), st.sampled_from([60, 80, 120, 200]))
def test_no_cell_is_cut_beside_free_space(
    specs: list[tuple[int, int, int, int, float]], room: int, terminal: int
) -> None:
    columns = [Column(str(n), width=w, grow=g, hide=h, share=s) for n, (w, g, h, _, s) in enumerate(specs)]
    content = [cells for *_, cells, _ in specs]
    arrangement = arrange(columns, room, content, terminal)
    shown = [place.index for place in arrangement.places]
    assert shown == sorted(shown)
    assert all(place.width >= 1 for place in arrangement.places)
    hidden = [n for n in range(len(columns)) if n not in shown]
    if not any(content):
        return
    assert all(columns[n].hide or not content[n] for n in hidden)
    assert all(content[n] for n in shown)
    assert all(place.width <= content[place.index] for place in arrangement.places)
    if any(place.width < content[place.index] for place in arrangement.places):
        assert used(arrangement) >= room


def test_a_role_is_cut_with_a_sign_and_with_all_the_room_it_has() -> None:
    assert shortened("on-call", 7, "name") == "on-call"
    assert shortened("on-call", 6, "name") == "on-ca…"
    assert shortened("on-call", 3, "name") == "on-"


def test_the_count_behind_a_bar_stays_where_both_have_no_room() -> None:
    assert shortened("▰▰▱▱▱▱▱▱ 1/3", 12, "last words") == "▰▰▱▱▱▱▱▱ 1/3"
    assert shortened("▰▰▱▱▱▱▱▱ 1/3", 8, "last words") == "1/3"
    assert shortened("42 steps", 8, "last words") == "42 steps"


def test_a_name_of_a_thing_is_shortened_by_whole_words_and_cut_where_none_fits() -> None:
    assert shortened("Lumen Bakery Group", 12, "whole words") == "Lumen Bakery"
    assert shortened("Kestrel Analytics", 8, "whole words") == "Kestrel"
    assert (
        shortened("Northwind Robotics", 8, "whole words") == "Northwind Robotics"
    )  # cut by whoever draws it


def test_a_state_is_shortened_to_its_sign_and_what_that_says() -> None:
    assert shortened("prepare ✓ ready", 15, "from sign") == "prepare ✓ ready"
    assert shortened("prepare ✓ ready", 9, "from sign") == "✓ ready"
    assert shortened("today ○ 1/6", 7, "from sign") == "○ 1/6"
    assert shortened("later ✗ declined", 4, "from sign") == "✗"
    assert shortened("missed?", 4, "from sign") == "missed?"


def test_an_amount_of_time_never_loses_a_unit_without_its_number() -> None:
    assert shortened("✗ -10 h 30 m", 11, "amounts") == "✗ -10 h"
    assert shortened("● 1 d 19 h", 11, "amounts") == "● 1 d 19 h"


def test_names_are_shortened_before_they_are_cut() -> None:
    assert shortened("Jonah Whitfield", 15, "name") == "Jonah Whitfield"
    assert shortened("Jonah Whitfield", 9, "name") == "Jonah"
    assert shortened("! Jonah Whitfield", 4, "name") == "! JW"
    assert shortened("tobias", 3, "name") == "tob"
    assert shortened("P1 Ultimate", 6, "words") == "P1"
