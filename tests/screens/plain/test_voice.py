"""Lines on a terminal that knows no more than line ends and "one back"."""

from __future__ import annotations

import random

import pyte
import pytest

from screens.plain.voice import Typed, Voice, edit


class Paper:
    """A terminal as a person finds it."""

    def __init__(self, columns: int = 40, *, can_rise: bool = False) -> None:
        self._screen = pyte.Screen(columns, 12)
        self._stream = pyte.Stream(self._screen)
        self.sent = ""
        self.voice = Voice(self._put, lambda: columns, can_rise=can_rise)

    def _put(self, text: str) -> None:
        self.sent += text
        self._stream.feed(text)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def cursor(self) -> tuple[int, str]:
        """Its column, and the line that it stands on."""
        return self._screen.cursor.x, self._screen.display[self._screen.cursor.y].rstrip()


def test_each_text_has_its_line_and_the_cursor_is_at_the_beginning_of_the_last() -> None:
    paper = Paper()
    paper.voice.tell(["# Today", "1 of 3: Weekly report"])
    assert paper.lines == ["# Today", "1 of 3: Weekly report"]
    assert paper.cursor == (0, "1 of 3: Weekly report")


@pytest.mark.parametrize("can_rise", [True, False])
def test_a_long_row_is_whole_and_the_next_text_below_it(can_rise: bool) -> None:
    paper = Paper(30, can_rise=can_rise)
    row = "1 of 3: a row that takes more than a line of the terminal, and then some"
    paper.voice.tell([row])
    assert " ".join(paper.lines) == row
    assert paper.cursor == (0, paper.lines[0 if can_rise else -1])
    paper.voice.tell(["2 of 3: short"])
    assert paper.lines[-1] == paper.cursor[1] == "2 of 3: short"
    assert " ".join(paper.lines[:-1]) == row


def test_letters_change_the_line_where_it_stands() -> None:
    paper = Paper()
    for value, at in (("", 0), ("a", 1), ("ac", 2), ("ac", 1), ("abc", 2), ("bc", 0), ("", 0), ("ü", 1)):
        paper.voice.show(Typed("name", "Name: ", value, at))
        assert paper.lines == [f"Name: {value}".rstrip()]
        assert paper.cursor[0] == len("Name: ") + at
    assert "\x1b" not in paper.sent


def test_after_something_was_told_the_line_is_written_again_whole() -> None:
    paper = Paper()
    paper.voice.show(Typed("name", "Name: ", "Acm", 3))
    paper.voice.tell(["Kept."])
    paper.voice.show(Typed("name", "Name: ", "Acme", 4))
    assert paper.lines == ["Name: Acm", "Kept.", "Name: Acme"]


def test_of_a_line_that_is_too_long_the_part_before_the_cursor_is_there() -> None:
    paper = Paper(24)
    value = "".join(chr(ord("a") + number % 26) for number in range(60))
    paper.voice.show(Typed("name", "Name: ", value[:-1], 59))
    paper.voice.show(Typed("name", "Name: ", value, 60))
    column, line = paper.cursor
    assert line.endswith(value[-8:])
    assert column == len(line)
    assert len(paper.lines) == 1


def test_any_edit_comes_out_right() -> None:
    """Random texts and places of the cursor, wide letters among them."""
    dice = random.Random(7)
    screen = pyte.Screen(60, 2)
    stream = pyte.Stream(screen)
    before, was_at = "", 0
    for _ in range(400):
        after = "".join(dice.choice("abcü ") for _ in range(dice.randrange(12)))
        at = dice.randrange(len(after) + 1)
        stream.feed(edit(before, was_at, after, at))
        assert screen.display[0].rstrip() == after.rstrip()
        assert screen.cursor.x == at
        before, was_at = after, at
