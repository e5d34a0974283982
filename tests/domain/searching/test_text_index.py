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


@settings(max_examples=60, deadline=None)
@given(
    before=texts,
    after=texts,
    typed=st.lists(st.text("abäs1", min_size=1, max_size=3), min_size=1, max_size=4),
    slice_=st.sampled_from([1, 7, 4096]),
)
def test_letter_by_letter_and_text_by_text_it_finds_what_reading_finds(
    before: list[str], after: list[str], typed: list[str], slice_: int
) -> None:
    """What it remembers of the letters before, and of what it has prepared, holds for texts that come later too."""
    index, text_index.SLICE = TextIndex(), slice_
    every: list[str] = []

    def as_reading() -> None:
        for word in typed:
            for end in range(1, len(word) + 1):
                needle = word[:end]
                read = [needle in text.casefold() for text in every]
                assert [bool(mark) for mark in index.having(needle)][: len(every)] == read, needle

    try:
        for text in before:
            index.add([text])
            every.append(text)
        index.prepare("a")
        index.prepare("s")
        as_reading()
        for text in after:
            index.add([text])
            every.append(text)
            as_reading()
    finally:
        text_index.SLICE = 4096
