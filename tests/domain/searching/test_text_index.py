"""The index of words finds what reading every text finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.domain.searching import text_index
from fleettui.domain.searching.text_index import TextIndex

texts = st.lists(st.text("abÄß \n1", max_size=12), max_size=60)


@settings(max_examples=60)
@given(every=texts, needle=st.text("abäs1", min_size=1, max_size=3), slice_=st.sampled_from([1, 7, 4096]))
def test_it_finds_what_reading_finds(every: list[str], needle: str, slice_: int) -> None:
    index, text_index.SLICE = TextIndex(), slice_
    try:
        places = [index.add([text]) for text in every]
        marks = index.having(needle)
    finally:
        text_index.SLICE = 4096
    assert places == list(range(len(every)))
    assert [bool(marks[place]) for place in places] == [needle in text.casefold() for text in every]


def test_words_apart_are_all_asked_for() -> None:
    index = TextIndex()
    for text in ("one two", "two one", "one", "onetwo"):
        index.add([text])
    assert list(index.having("ne tw")) == [1, 1, 0, 1]
