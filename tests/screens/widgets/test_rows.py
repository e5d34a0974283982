"""The list widget: what the keys do, what it keeps when rows change beneath, and that it draws only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec import Struct
from textual.app import ComposeResult
from textual.events import MouseScrollDown
from textual.strip import Strip

from fleettui.text.cleaning import width_of
from screens.shell.typeahead import KeysInOrder
from screens.widgets.columns import Column
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from tests.screens.conftest import lines_of, see, wait_until

COLUMNS = (
    Column("id", "Id", 6),
    Column("subject", "Subject", 12, grow=1),
    Column("who", "Who", 8, hide=1),
)


def numbered(count: int, start: int = 0) -> list[Row]:
    return [
        Row(f"T-{n}", (f"T-{n}", f"subject {n}", ("kathy", "muted"))) for n in range(start, start + count)
    ]


class Counting(Rows):
    drawn = 0

    def render_line(self, y: int) -> Strip:
        self.drawn += 1
        return super().render_line(y)


class ListApp(KeysInOrder):
    CSS = "Rows { height: 1fr; }"

    def __init__(self, rows: Sequence[Row], **options: Any) -> None:
        super().__init__()
        self.list = Counting(COLUMNS, **options)
        self.first = rows
        self.opened: list[object] = []
        self.moved: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def note_place(self) -> None:
        """Of the app's own screens only."""

    def on_mount(self) -> None:
        self.list.show(self.first)
        self.list.focus()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        self.opened.append(event.row.key)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        self.moved.append(event.row.key if event.row else None)

    def report(self, error: Exception, doing: str) -> None:
        raise error


@contextmanager
def lines_drawn(app: ListApp) -> Iterator[list[int]]:
    """How many lines the list draws in the block."""
    app.list.drawn = 0
    drawn: list[int] = []
    yield drawn
    drawn.append(app.list.drawn)


def at(app: ListApp) -> str | None:
    return app.list.key


def line_of(app: ListApp, text: str) -> int:
    return next(y for y, line in enumerate(lines_of(app)) if text in line)


async def test_keys_move_the_cursor() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(60, 21)) as pilot:
        for keys, key in [
            ("j j down", "T-3"),
            ("k up", "T-1"),
            ("G", "T-99"),
            ("g", "T-0"),
            ("k", "T-0"),
            ("pagedown", "T-19"),
            ("pageup", "T-0"),
            ("end", "T-99"),
            ("j", "T-99"),
            ("home", "T-0"),
        ]:
            await pilot.press(*keys.split())
            assert at(app) == key
        assert "T-0" in lines_of(app)[1]


async def test_enter_and_l_open_the_row() -> None:
    app = ListApp(numbered(5))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("j", "enter", "j", "l")
        await wait_until(pilot, lambda: app.opened == ["T-1", "T-2"])


async def test_the_cursor_passes_headings() -> None:
    rows = [
        Row("a", ("First",), heading=True),
        *numbered(2),
        Row("b", ("Second",), heading=True),
        *numbered(2, 10),
    ]
    app = ListApp(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        assert at(app) == "T-0"
        await pilot.press("j", "j")
        assert at(app) == "T-10"
        await pilot.press("k")
        assert at(app) == "T-1"
        await pilot.press("g", "k")
        assert at(app) == "T-0"
        assert "First" in lines_of(app)[1]


async def test_only_headings_leave_no_row_to_stand_on() -> None:
    app = ListApp([Row("a", ("First",), heading=True)])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("j", "enter", "G")
        assert at(app) is None
        assert app.opened == []


async def test_a_key_draws_two_lines() -> None:
    app = ListApp(numbered(10_000))
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "subject 3")
        with lines_drawn(app) as drawn:
            await pilot.press("j")
            await pilot.pause()
        assert drawn == [2]


async def test_moving_past_the_edge_shows_more_than_one_new_line() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(60, 21)) as pilot:
        await pilot.press(*["j"] * 20)
        assert at(app) == "T-20"
        assert line_of(app, "subject 20 ") == 15  # seven lines moved at once
        with lines_drawn(app) as drawn:
            await pilot.press(*["j"] * 5)
            await pilot.pause()
        assert drawn == [10]


async def test_the_cursor_stays_on_its_row_and_its_line_when_rows_come_above() -> None:
    app = ListApp(numbered(50, start=50))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*["j"] * 5)
        line = line_of(app, "subject 55")
        app.list.show(numbered(80, start=20))
        await pilot.pause()
        assert at(app) == "T-55"
        assert line_of(app, "subject 55") == line


async def test_when_its_row_goes_the_cursor_stays_where_it_was() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("j", "j", "j")
        app.list.show([row for row in numbered(10) if row.key != "T-3"])
        await pilot.pause()
        assert at(app) == "T-4"
        app.list.show(numbered(2))
        assert at(app) == "T-1"
        app.list.show([])
        assert at(app) is None


async def test_the_same_rows_again_draw_nothing() -> None:
    app = ListApp(numbered(500))
    async with app.run_test(size=(60, 20)) as pilot:
        await see(pilot, "subject 3")
        with lines_drawn(app) as drawn:
            app.list.show(numbered(500))
            await pilot.pause()
        assert drawn == [0]


async def test_clocks_draw_only_their_own_lines() -> None:
    app = ListApp(numbered(500))
    async with app.run_test(size=(60, 20)) as pilot:
        await see(pilot, "subject 3")
        with lines_drawn(app) as drawn:
            app.list.update_cells(
                {"T-3": {"who": "5 m"}, "T-4": {"who": ("kathy", "muted")}, "T-400": {"who": "9 m"}}
            )
            await pilot.pause()
        assert drawn == [1]
        assert "5 m" in await see(pilot, "5 m")
        await pilot.press("G")
        await see(pilot, "subject 499")


async def test_a_filter_shows_what_has_every_word() -> None:
    app = ListApp(numbered(200))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.filter("SUBJ 17")
        await see(pilot, "12 of 200")
        assert at(app) == "T-17"
        app.list.filter("nothing like it")
        assert "Nothing here has" in await see(pilot, "nothing like it")
        app.list.filter("")
        await see(pilot, "subject 0")


async def test_a_filter_keeps_the_row_that_one_was_on() -> None:
    app = ListApp(numbered(200))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.go_to("T-117")
        app.list.filter("17")
        assert at(app) == "T-117"
        app.list.filter("")
        await pilot.pause()
        assert at(app) == "T-117"
        assert "subject 117" in "\n".join(lines_of(app))


async def test_a_filter_of_ones_own_decides_and_orders() -> None:
    def backwards(query: str, rows: Sequence[Row]) -> Sequence[Row]:
        return [row for row in reversed(rows) if row.key.endswith(query)]

    app = ListApp(numbered(30), match=backwards)
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.filter("5")
        await see(pilot, "3 of 30")
        assert [line.split()[-4] for line in lines_of(app)[1:4]] == ["T-25", "T-15", "T-5"]


async def test_marks_are_kept_while_rows_change_and_told_in_the_titles() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.toggle_mark()
        app.list.toggle_mark()
        assert app.list.listing.marked == ["T-0", "T-1"]
        assert at(app) == "T-2"
        await see(pilot, "2 ✓")
        app.list.show(numbered(10, start=1))
        assert app.list.listing.marked == ["T-1"]
        app.list.mark_all()
        assert len(app.list.listing.marked) == 10
        app.list.set_marks()
        await wait_until(pilot, lambda: "✓" not in "\n".join(lines_of(app)))


async def test_marks_of_rows_that_are_gone_are_told_no_longer() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.mark_all()
        await see(pilot, "10 ✓")
        app.list.show(numbered(10, start=8))
        await see(pilot, " 2 ✓")
        app.list.show(numbered(10, start=30))
        await wait_until(pilot, lambda: "✓" not in lines_of(app)[0])


async def test_only_marks_that_are_shown_count_and_hidden_ones_come_back() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.toggle_mark()
        app.list.toggle_mark()
        app.list.filter("subject 1")
        assert app.list.listing.marked_shown == ["T-1"]
        assert app.list.listing.marked == ["T-0", "T-1"]
        await see(pilot, "1 of 10 1 ✓")
        app.list.filter("")
        assert app.list.listing.marked_shown == ["T-0", "T-1"]


async def test_a_filter_that_finds_more_than_the_list_has_says_what_it_found() -> None:
    app = ListApp(numbered(30), match=lambda query, rows: numbered(9, start=40))
    async with app.run_test(size=(60, 20)) as pilot:
        app.list.filter("elsewhere")
        await see(pilot, "9 found")
        assert "of 30" not in lines_of(app)[0]
        app.list.filter("")
        await wait_until(pilot, lambda: "found" not in lines_of(app)[0])


async def test_counts_stand_instead_of_whole_titles() -> None:
    app = ListApp(numbered(30))
    async with app.run_test(size=(28, 20)) as pilot:
        await see(pilot, "Who")
        app.list.filter("subject")
        await see(pilot, "30 of 30")
        assert lines_of(app)[0].split() == ["Id", "Subject", "30", "of", "30"]


async def test_a_click_goes_to_a_row_and_two_open_it() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.click(Counting, offset=(10, 4))
        assert at(app) == "T-3"
        assert app.opened == []
        await pilot.click(Counting, offset=(10, 6), times=2)
        await wait_until(pilot, lambda: app.opened == ["T-5"])
        await pilot.click(Counting, offset=(10, 0))
        await pilot.click(Counting, offset=(10, 18))
        assert at(app) == "T-5"


async def test_the_wheel_moves_the_list_and_takes_the_cursor_along_only_at_the_edge() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*["j"] * 10)
        down = MouseScrollDown(app.list, 5, 5, 0, 1, 0, False, False, False)
        app.list.on_mouse_scroll_down(down)
        await see(pilot, "subject 21")
        assert at(app) == "T-10"
        for _ in range(5):
            app.list.on_mouse_scroll_down(down)
        assert at(app) == "T-18"


async def test_an_empty_list_teaches() -> None:
    app = ListApp([], empty="Press a to add the first one.")
    async with app.run_test(size=(40, 10)) as pilot:
        await see(pilot, "Press a to add")


async def test_what_comes_from_outside_is_plain_text() -> None:
    evil = "[red]x[/] [@click=app.quit]y[/]\x1b[2J\x07\u202egnp.exe\x00\ud800 z"
    app = ListApp([Row("evil", (evil, evil, evil))])
    async with app.run_test(size=(120, 6)) as pilot:
        text = await see(pilot, "[red]x[/] [@click=app.quit]y[/]")
        assert not set(text) & {"\x1b", "\x07", "\u202e", "\x00", "\ud800"}
        await pilot.click(Counting, offset=(30, 1))
        assert app.is_running


@pytest.mark.parametrize(
    "text",
    ["日本語のとても長い件名です", "👩‍👩‍👧‍👦 family", "e\u0301" * 30, "\u200b\u200bzero", "tab\tand\nline"],
)
async def test_lines_are_as_wide_as_the_list_whatever_is_in_them(text: str) -> None:
    app = ListApp([Row("wide", (text, text, (text, "bad")))])
    async with app.run_test(size=(41, 4)):
        strip = app.list.render_line(1)
        assert strip.cell_length == 41
        assert width_of(strip.text) == 41


async def test_columns_give_way_when_it_is_narrow() -> None:
    app = ListApp(numbered(3))
    async with app.run_test(size=(60, 6)) as pilot:
        assert "Who" in lines_of(app)[0]
        await pilot.resize_terminal(20, 6)
        await wait_until(pilot, lambda: "Who" not in lines_of(app)[0])
        assert "subject 2" in lines_of(app)[3]


class StepKey(Struct, frozen=True):
    group: str
    step: str


async def test_a_key_may_be_any_value_and_keeps_its_row() -> None:
    rows: list[Any] = [
        Row(StepKey("ladder", "email"), ("T-0", "write")),
        Row(StepKey("ladder", "phone"), ("T-1", "ring")),
        Row("note", ("T-2", "a note")),
    ]
    app = ListApp(rows)
    async with app.run_test(size=(60, 10)) as pilot:
        keys: Any = app.list
        assert keys.go_to(StepKey("ladder", "phone"))
        app.list.show([Row("first", ("T-9", "new")), *rows])
        assert keys.key == StepKey("ladder", "phone")
        app.list.toggle_mark()
        assert keys.listing.marked == [StepKey("ladder", "phone")]
        assert at(app) == "note"
        await pilot.press("k", "enter")
        assert app.opened == [StepKey("ladder", "phone")]
