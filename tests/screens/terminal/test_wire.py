"""What is left out on the way to the terminal must not be missed there: a terminal that got everything and one that got
only what `Wire` lets through show the same, cell by cell, after each frame."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte.screens import Char

from screens.terminal.wire import Wire, change, pen_of, single_width

COLUMNS, LINES = 24, 5
PENS = [
    "",
    "1",
    "31",
    "38;5;252;48;5;234",
    "38;5;252",
    "1;38;2;10;20;30;48;2;1;2;3",
    "7",
    "2;37;49",
    "91;100",
    "4;34",
    "1;3;31",
    "9;32;48;5;234",
]
TEXTS = st.text(st.sampled_from("ab  ─▌✓é"), min_size=1, max_size=COLUMNS) | st.sampled_from(
    ["日本", "e\u0301x", "👍 yes", "x\u200by", "plain"]
)


class Twins:
    """The same frames to two terminals."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.whole, self.thin = pyte.Screen(COLUMNS, LINES), pyte.Screen(COLUMNS, LINES)
        self.sent = 0
        for screen in (self.whole, self.thin):
            screen.reset_mode(7, private=True)  # as Textual sets it: no wrapping at the edge
        self._whole, self._thin = pyte.Stream(self.whole), pyte.Stream(self.thin)

    def show(self, data: str) -> str:
        thinned = self.wire.thin(data, (COLUMNS, LINES))
        self._whole.feed(data)
        self._thin.feed(thinned)
        self.sent += len(thinned)
        return thinned

    def agree(self) -> None:
        for y in range(LINES):
            for x in range(COLUMNS):
                wanted, shown = self.whole.buffer[y][x], self.thin.buffer[y][x]
                assert seen(shown) == seen(wanted), (x, y, shown, wanted)


def seen(cell: Char) -> Char:
    """Of a blank nothing but its ground is seen, and what goes through it or below it."""
    if cell.data != " " or cell.underscore or cell.strikethrough or cell.reverse:
        return cell
    return Char(" ", bg=cell.bg)


def spans(*pieces: tuple[str, str]) -> str:
    """As Textual writes them: everything on, the text, everything off."""
    return "".join(f"\x1b[{pen}m{text}\x1b[0m" if pen else text for text, pen in pieces)


def at(y: int, x: int, *pieces: tuple[str, str]) -> str:
    return f"\x1b[{y};{x}H{spans(*pieces)}"


STRETCH = st.tuples(
    st.integers(1, LINES),
    st.integers(1, COLUMNS - 1),
    st.lists(st.tuples(TEXTS, st.sampled_from(PENS)), min_size=1, max_size=4),
)


def drawn(stretch: tuple[int, int, list[tuple[str, str]]]) -> str:
    """A stretch that does not run over the edge: Textual never lets one."""
    y, x, pieces = stretch
    room, kept = COLUMNS - x + 1, []
    for text, pen in pieces:
        while text and pyte.screens.wcwidth(text[0]) >= 0 and cells(text) > room:
            text = text[:-1]
        room -= cells(text)
        if text:
            kept.append((text, pen))
    return at(y, x, *kept) if kept else ""


def cells(text: str) -> int:
    return sum(max(0, pyte.screens.wcwidth(sign)) for sign in text)


@settings(max_examples=150)
@given(st.lists(st.lists(STRETCH, min_size=1, max_size=6), min_size=1, max_size=6))
def test_both_terminals_show_the_same(frames: list[list[tuple[int, int, list[tuple[str, str]]]]]) -> None:
    twins = Twins()
    for frame in frames:
        pieces = filter(None, map(drawn, sorted(frame, key=lambda stretch: stretch[0])))
        data = "".join(pieces)
        twins.show(data + "\x1b[1;1H")
        twins.agree()


def test_what_stands_there_is_not_sent_again() -> None:
    twins = Twins()
    frame = at(1, 1, ("hello ", "31"), ("world", "1")) + "\x1b[1;1H"
    assert twins.show(frame)
    assert twins.show(frame) == ""


def test_only_the_cells_that_differ_are_sent() -> None:
    twins = Twins()
    twins.show(at(2, 1, ("09:41 and the rest", "")))
    assert twins.show(at(2, 1, ("09:42 and the rest", ""))) == "\x1b[2;5H2"
    twins.agree()


def test_the_same_colour_is_said_once() -> None:
    wire = Wire()
    sent = wire.thin(at(1, 1, ("one", "38;5;1;48;5;2"), ("two", "38;5;3;48;5;2")), (80, 24))
    assert sent == "\x1b[1;1H\x1b[38;5;1;48;5;2mone\x1b[38;5;3mtwo\x1b[0m"


def test_after_a_change_of_size_everything_is_sent_again() -> None:
    wire = Wire()
    frame = at(1, 1, ("hello", ""))
    assert wire.thin(frame, (80, 24))
    assert not wire.thin(frame, (80, 24))
    assert "hello" in wire.thin(frame, (81, 24))


@pytest.mark.parametrize("cleared", ["\x1b[?1049h", "\x1b[2J", "\x1bc"])
def test_after_the_screen_was_cleared_everything_is_sent_again(cleared: str) -> None:
    wire = Wire()
    frame = at(1, 1, ("hello", ""))
    wire.thin(frame, (80, 24))
    assert wire.thin(cleared, (80, 24)) == cleared
    assert "hello" in wire.thin(frame, (80, 24))


def test_forgetting_sends_everything_again() -> None:
    wire = Wire()
    frame = at(1, 1, ("hello", ""))
    wire.thin(frame, (80, 24))
    wire.forget()
    assert "hello" in wire.thin(frame, (80, 24))


@pytest.mark.parametrize(
    "control", ["\x1b[?2026h", "\x1b[?1003h", "\x07", "\x1b]52;c;aGk=\x07", "\x1b[>29u", "\x1b[?25l"]
)
def test_what_is_no_picture_goes_through_untouched(control: str) -> None:
    assert Wire().thin(control, (80, 24)) == control


def test_what_is_not_understood_is_sent_whole_and_that_line_forgotten() -> None:
    wire = Wire()
    plain, linked = at(1, 1, ("hello", "")), "\x1b[1;1H\x1b]8;;http://x\x1b\\hello\x1b]8;;\x1b\\"
    wire.thin(plain, (80, 24))
    assert linked in wire.thin(linked, (80, 24))
    assert "hello" in wire.thin(plain, (80, 24))


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("abc", True),
        ("é─✓", True),
        ("日", False),
        ("e\u0301", False),
        ("\u200b", False),
        ("a\x1b", False),
        ("\u202e", False),
    ],
)
def test_only_text_of_one_cell_each_is_taken_apart(text: str, is_so: bool) -> None:
    assert single_width(text) is is_so


@given(st.sampled_from(PENS), st.sampled_from(PENS))
def test_a_change_of_pen_leads_there(before: str, after: str) -> None:
    def state(codes: str) -> pyte.screens.Char:
        screen = pyte.Screen(2, 1)
        pyte.Stream(screen).feed(codes + "x")
        return screen.buffer[0][0]

    start = f"\x1b[{before}m" if before else ""
    wanted = f"\x1b[{after}m" if after else ""
    assert state(start + change(before, after)) == state(wanted)


def test_a_pen_is_its_attributes_and_two_colours() -> None:
    assert pen_of("1;38;2;10;20;30;48;5;7") == (frozenset({"1"}), "38;2;10;20;30", "48;5;7")
    assert pen_of("2;37;49") == (frozenset({"2"}), "37", "")
    assert pen_of("91;100") == (frozenset(), "91", "100")


def test_blanks_are_sent_for_their_ground_alone() -> None:
    twins = Twins()
    twins.show(at(1, 1, ("told      ", "38;5;250;48;5;233")))
    assert twins.show(at(1, 1, ("          ", "1;38;5;254;48;5;233"))).count(" ") == len("told")
    twins.agree()
    assert twins.show(at(1, 1, ("          ", "38;5;254;48;5;234"))).count(" ") == 10
    twins.agree()


def test_bold_goes_and_the_colours_stay() -> None:
    assert change("1;38;5;231;48;5;233", "38;5;250;48;5;233") == "\x1b[22;38;5;250m"
