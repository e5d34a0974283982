"""What a list shows, whatever is done to it in whatever order."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from screens.widgets.listing import Listing
from screens.widgets.row import Row

HEIGHT = 7


def rows_of(pattern: list[bool]) -> list[Row]:
    """A row for each; True is a heading."""
    texts = [f"{'heading' if heading else 'row'} {number}" for number, heading in enumerate(pattern)]
    return [Row(text, (text,), heading=heading) for text, heading in zip(texts, pattern, strict=True)]


PATTERNS = st.lists(st.booleans(), max_size=30)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("show"), PATTERNS),
        st.tuples(st.just("filter"), st.sampled_from(["", " ", "row", "1", "row 2", "nothing"])),
        st.tuples(st.just("move"), st.integers(-3, 35)),
        st.tuples(st.just("scroll"), st.integers(-9, 9)),
        st.tuples(st.just("mark"), st.none()),
        st.tuples(st.just("mark all"), st.none()),
    ),
    max_size=12,
)


def do(listing: Listing[str], verb: str, argument: object) -> None:
    if verb == "show" and isinstance(argument, list):
        listing.show(rows_of(argument))
    elif verb == "filter" and isinstance(argument, str):
        listing.filter(argument)
    elif verb == "move" and isinstance(argument, int):
        listing.move_to(argument)
    elif verb == "scroll" and isinstance(argument, int):
        listing.scroll(argument, HEIGHT)
    elif verb == "mark" and listing.key is not None:
        listing.toggle_mark(listing.key)
    elif verb == "mark all":
        listing.mark_all()
    listing.keep_in_sight(HEIGHT)


@given(PATTERNS, STEPS)
@example([True] * HEIGHT + [False], [])
def test_the_cursor_is_on_a_row_that_can_be_seen(
    pattern: list[bool], steps: list[tuple[str, object]]
) -> None:
    listing: Listing[str] = Listing(None, best_first=False, fill=None)
    for verb, argument in [("show", pattern), *steps]:
        do(listing, verb, argument)
        if any(not row.heading for row in listing.shown):
            assert listing.row is not None and not listing.row.heading
            assert listing.row in listing.visible(HEIGHT)
        else:
            assert listing.row is None
        assert 0 <= listing.top <= max(0, len(listing.shown) - 1)
        assert set(listing.marked_shown) <= {row.key for row in listing.shown if not row.heading}
        assert listing.count == sum(not row.heading for row in listing.shown)


def test_a_filter_that_begins_with_the_best_forgets_where_the_cursor_was() -> None:
    listing: Listing[str] = Listing(None, best_first=True, fill=None)
    listing.show(rows_of([False] * 20))
    listing.move_to(15)
    listing.filter("row 1")
    assert listing.key == "row 1"


def test_cells_are_made_for_what_can_be_seen_and_once() -> None:
    made: list[str] = []

    def fill(row: Row) -> Row:
        made.append(row.key)
        return Row(row.key, (f"full {row.key}",))

    listing = Listing(None, best_first=False, fill=fill)
    listing.show(rows_of([True] + [False] * 99))
    listing.keep_in_sight(3)
    assert [row.cells[0] for row in listing.visible(3)] == ["heading 0", "full row 1", "full row 2"]
    listing.visible(3)
    assert made == ["row 1", "row 2"]
    listing.refill()
    listing.visible(3)
    assert made == ["row 1", "row 2"] * 2
