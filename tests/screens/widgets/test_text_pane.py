"""Places in a text, its gaps, and a paragraph that is put between others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleettui.text.gaps import gap_names, gaps_in
from screens.widgets.text_pane import index_of, location_of, paragraph_between

TEXTS = st.text(alphabet="ab \n", max_size=40)


@given(TEXTS, st.integers(0, 40))
def test_a_place_is_the_same_as_line_and_column(text: str, index: int) -> None:
    index = min(index, len(text))
    line, column = location_of(text, index)
    assert text.split("\n")[line][:column] == text[:index].rpartition("\n")[2]
    assert index_of(text, (line, column)) == index


@given(TEXTS, st.text(alphabet="xy\n", min_size=1, max_size=20).filter(str.strip), TEXTS)
def test_a_paragraph_stands_between_blank_lines_and_nothing_typed_is_lost(
    before: str, text: str, after: str
) -> None:
    whole = "".join(paragraph_between(before, text, after))
    assert whole.split() == [*before.split(), *text.split(), *after.split()]
    above, _, below = whole.partition(text.rstrip())
    assert above == "" or above.endswith("\n\n")
    assert not below.strip() or below.startswith("\n\n")


def test_gaps_are_named_once_by_what_they_ask() -> None:
    gaps = gaps_in("Dear ‹name›, ‹question: what you ask› – ‹name›. ‹no\ngap›")
    assert gaps == ("‹name›", "‹question: what you ask›")
    assert gap_names(gaps) == "name, question"
