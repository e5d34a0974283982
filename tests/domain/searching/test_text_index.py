"""The index of words finds what reading every text finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.domain.searching import text_index
from fleettui.domain.searching.text_index import TextIndex

texts = st.lists(st.text("abÄß \n1", max_size=12), max_size=60)


slices = st.sampled_from([1, 7, 4096])
shares = st.sampled_from([1, 8, 10**6])
"""Of words that have what is looked for, from which on each word is looked at."""


@contextmanager
def limits(slice_: int, share: int) -> Iterator[None]:
    usual = text_index.SLICE, text_index.MANY
    text_index.SLICE, text_index.MANY = slice_, share
    try:
        yield
    finally:
        text_index.SLICE, text_index.MANY = usual


@settings(max_examples=60)
@given(every=texts, needle=st.text("abäs1", min_size=1, max_size=3), slice_=slices, share=shares)
def test_it_finds_what_reading_finds(every: list[str], needle: str, slice_: int, share: int) -> None:
    index = TextIndex()
    with limits(slice_, share):
        places = [index.add([text]) for text in every]
        marks = index.having(needle)
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
    slice_=slices,
    share=shares,
)
def test_letter_by_letter_and_text_by_text_it_finds_what_reading_finds(
    before: list[str], after: list[str], typed: list[str], slice_: int, share: int
) -> None:
    """What it remembers of the letters before, and of what it has prepared, holds for texts that come later too."""
    index = TextIndex()
    every: list[str] = []

    def as_reading() -> None:
        for word in typed:
            for end in range(1, len(word) + 1):
                needle = word[:end]
                read = [needle in text.casefold() for text in every]
                assert [bool(mark) for mark in index.having(needle)][: len(every)] == read, needle

    with limits(slice_, share):
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
