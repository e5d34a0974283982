"""The app around the seven screens, at 80x24 on a clock that stands still."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from textual.app import ComposeResult
from textual.strip import Strip

from fleettui.errors import Refused, Unusable
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.dialogs.help import HelpScreen
from screens.dialogs.palette import Palette
from screens.shell.typeahead import KeysInOrder
from screens.terminal.themes import ANSI, DARK, look_for_terminal
from screens.widgets.page import Page, Para
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until

if TYPE_CHECKING:
    from screens.shell.board import Board

FRIDAY_NIGHT = datetime(2026, 3, 14, 6, 30, tzinfo=UTC)


async def test_the_header_says_where_who_when_and_how_long_open(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "6 Team")
        first, second = lines_of(app)[:2]
        assert "Customer team · Kathy Satterlee" in first
        assert "● open until 16:00" in first
        assert first.endswith("Mon 09:00 PDT")
        assert "▸1 Today" in second
        assert len(second) <= 80


async def test_at_night_it_says_closed_until_when(workspace: Workspace) -> None:
    later = Workspace.open(workspace.home, clock=frozen_clock(FRIDAY_NIGHT), login="kathy")
    app = FleettuiApp(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "○ closed until Mon 06:00  Fri 23:30 PDT")


async def test_someone_whom_nobody_listed_is_shown_by_the_login(workspace: Workspace) -> None:
    app = FleettuiApp(Workspace.open(workspace.home, clock=workspace.clock, login="temp7"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Customer team · temp7")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (160, 50), (30, 8)], ids=str)
async def test_number_keys_go_to_every_screen_and_none_is_blank(
    app: FleettuiApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        for number, name in enumerate(SCREENS, start=1):
            await pilot.press(str(number))
            await see(pilot, f"▸{number} {name.capitalize()}"[:7])
            assert name == app.base_screen.NAME
            await wait_until(pilot, lambda: len([line for line in lines_of(app)[2:-1] if line.strip()]) >= 2)
            await wait_until(pilot, lambda: "? help" in lines_of(app)[-1])


async def test_a_screen_is_made_when_it_is_first_gone_to_and_kept(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        assert not app.is_screen_installed("team")
        await pilot.press("6", "j", "j")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        key = app.screen.query_one(Rows).key
        await pilot.press("1", "6")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        assert app.screen.query_one(Rows).key == key


async def test_below_a_hundred_columns_the_thing_opens_over_the_list(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "Alex Mitchell")
        assert "Time zone" not in text_of(app)
        await pilot.press("enter")
        text = await see(pilot, "Time zone")
        assert "Zay Hanlon" not in text
        await pilot.press("escape")
        await see(pilot, "Zay Hanlon")
        await pilot.resize_terminal(120, 30)
        text = await see(pilot, "Time zone")
        assert "Zay Hanlon" in text
        await pilot.press("j")
        await see(pilot, "brad")


async def test_the_footer_says_the_keys_of_where_one_is(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await wait_until(pilot, lambda: "e edit" in lines_of(app)[-1])
        assert lines_of(app)[-1].strip().startswith("Enter open")
        assert lines_of(app)[-1].endswith("? help  Ctrl+P find  q leave")
        await pilot.press("slash")
        await wait_until(pilot, lambda: "Esc clear" in lines_of(app)[-1])


async def test_a_keymap_changes_keys_and_footer_and_help(app: FleettuiApp) -> None:
    app.set_keymap({"team.edit": "x"})
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await wait_until(pilot, lambda: "x edit" in lines_of(app)[-1])
        await pilot.press("x")
        await see(pilot, "Change Alex Mitchell")


async def test_filtering_as_one_types_and_leaving_it(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "slash", *"hanlon")
        text = await see(pilot, "1 of ")
        assert "Brad Macdowall" not in text
        await pilot.press("enter", "enter")
        await see(pilot, "Time zone")
        await pilot.press("escape", "escape")
        await see(pilot, "Brad Macdowall")
        assert app.screen.query_one(Rows).key == "zay"


async def test_help_lists_the_keys_that_work_here_and_runs_them(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "question_mark")
        text = await see(pilot, "On Team")
        assert "Adds a person to the team." in text
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("1")
        await wait_until(pilot, lambda: app.screen is app.base_screen and app.base_screen.NAME == "today")
        await pilot.press("question_mark")
        text = await see(pilot, "On a screen with a list")
        assert "On Team" not in text
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        await pilot.press("6", "question_mark", "enter")
        await see(pilot, "Add a person")


@pytest.mark.parametrize("size", [(60, 20), SMALL, (120, 40), (200, 60)], ids=str)
async def test_no_sentence_of_the_help_is_cut(app: FleettuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("4", "question_mark")
        await see(pilot, "On Triage")
        rows = app.screen.query_one(Rows)
        seen: list[str] = []
        while True:
            seen += lines_of(app)[2:-1]
            top = rows.listing.top
            await pilot.press("pagedown")
            await pilot.pause()
            if rows.listing.top == top:
                break
        text = " ".join(" ".join(seen).split())
        assert "sends a failed" in text
        assert "✎ somebody answers it now" in text
        assert not any(line.endswith("…") for line in seen), text
        assert lines_of(app)[-1].startswith(" Enter do it ")


async def test_q_leaves_the_help_and_not_fleettui(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4", "question_mark")
        await see(pilot, "On Triage")
        await pilot.press("q")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        assert app.is_running


async def test_the_palette_finds_every_command_and_goes_where_it_belongs(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("ctrl+p", *"team add")
        await see(pilot, "Team add")
        await wait_until(pilot, lambda: app.screen.query_one(Rows).key == "command:team.add")
        assert isinstance(app.screen, Palette)
        await pilot.press("enter")
        await see(pilot, "Add a person")
        assert app.base_screen.NAME == "team"
        await pilot.press("escape", "ctrl+p", "escape")
        await wait_until(pilot, lambda: app.screen is app.base_screen)


async def test_a_key_that_cannot_act_now_says_why(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "slash", *"nobody like this", "enter", "e")
        await see(pilot, "There is nobody here to change.")


async def test_undo_takes_back_and_says_what(app: FleettuiApp, workspace: Workspace) -> None:
    workspace.people.edit("zay", {"group": "Unicorns"})
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "u")
        await see(pilot, "Took back “changed” on zay")
        assert workspace.people.get("zay").group == ""
        assert app.screen.query_one(Rows).key == "zay"


class Drawn(Page):
    """Keeps every line that it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[str] = []

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        self.drawn.append(strip.text.rstrip())
        return strip


class PageApp(KeysInOrder):
    CSS = "Drawn { width: 40; height: 1fr; } .-closed { display: none; }"

    def compose(self) -> ComposeResult:
        yield Drawn()


async def test_a_page_that_is_opened_is_drawn_at_its_width_at_once() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 5)) as pilot:
        page = app.query_one(Drawn)
        page.add_class("-closed")
        await pilot.pause()
        page.drawn.clear()
        page.remove_class("-closed")
        page.show([Para("No host answers since the upgrade")])
        await wait_until(pilot, lambda: page.drawn)
        await pilot.pause()
        assert {line for line in page.drawn if line} == {"No host answers since the upgrade"}


async def test_what_others_change_is_on_the_screen_in_front_and_on_others_when_they_are_gone_to(
    app: FleettuiApp, workspace: Workspace
) -> None:
    other = Workspace.open(workspace.home, clock=workspace.clock, login="zay")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5", "6")
        await see(pilot, "Alex Mitchell")
        other.people.edit("alex", {"name": "Alexandra Mitchell"})
        await see(pilot, "Alexandra Mitch")
        assert cast("Board", app.get_screen("today")).stale
        await pilot.press("1")
        await wait_until(pilot, lambda: not cast("Board", app.get_screen("today")).stale)


async def test_y_copies_and_shows_the_text(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "y")
        await see(pilot, "Sent to your terminal's clipboard. If it is not there")
        assert app.clipboard.startswith("Alex Mitchell\n")
        assert "America/Los_Angeles" in app.clipboard


@pytest.mark.fails_on_purpose
async def test_an_unexpected_mistake_is_one_line_and_a_file_and_the_app_goes_on(
    app: FleettuiApp, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "Alex Mitchell")

        def broken(self: object) -> None:
            raise ZeroDivisionError("seven over nothing")

        monkeypatch.setattr(type(app.screen), "do_edit", broken)
        await pilot.press("e")
        await see(pilot, "Something went wrong")
        log = (own_state / "errors.log").read_text()
        assert "ZeroDivisionError" in log and "ZeroDivisionError: seven" not in log, (
            "what it says may be a customer's"
        )
        assert "Traceback" in log
        await pilot.press("5")
        await see(pilot, "▸5 Playbooks")


async def test_a_workspace_that_cannot_be_read_is_said_once_and_the_app_goes_on(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0

    def broken() -> set[str]:
        nonlocal reads
        reads += 1
        raise Unusable("people.json: line 3: the disk is full")

    async with app.run_test(size=SMALL, notifications=True) as pilot:
        monkeypatch.setattr(workspace, "refresh", broken)
        await see(pilot, "the disk is full")
        await wait_until(pilot, lambda: reads >= 4)
        assert len(list(app.screen.query("Toast"))) == 1
        await pilot.press("6")
        await see(pilot, "Zay Hanlon")


async def test_a_refused_verb_says_what_to_do(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise Refused("There is nothing of yours to take back.")

    monkeypatch.setattr(workspace.history, "undo", refuse)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("u")
        await see(pilot, "There is nothing of yours to take back.")


async def test_a_screen_that_cannot_be_filled_says_why_and_the_others_work(
    app: FleettuiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object) -> None:
        raise Unusable("handbook/rituals.json: rituals[3].rhythm: expected text")

    monkeypatch.setattr("screens.team.screen.TeamScreen.rows_now", broken)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "handbook/rituals.json: rituals[3].rhythm: expected text")
        await pilot.press("5")
        await see(pilot, "▸5 Playbooks")


async def test_hostile_names_are_shown_and_do_nothing(workspace: Workspace) -> None:
    evil = "[bold red]x[/] [@click=app.quit]press[/]"
    workspace.people.edit("alex", {"name": evil})
    app = FleettuiApp(Workspace.open(workspace.home, clock=workspace.clock, login="alex"))
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await see(pilot, "· [bold red]x[/]")
        await pilot.press("6")
        await see(pilot, "[bold red]x[/] [@")
        await pilot.press("slash", *"press", "enter", "u", "y", "e")
        await see(pilot, "Change [bold red]x[/] [@click=app.quit]press[/]")
        assert app.is_running


async def test_the_theme_goes_round_and_is_kept(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        assert app.theme == "dark"
        await pilot.press("T")
        await see(pilot, "Colours: light")
        await pilot.press("T")
        await see(pilot, "Colours: 16 colours")
        await wait_until(pilot, lambda: FleettuiApp(workspace).theme == "ansi")


@pytest.mark.parametrize(
    ("environment", "look"),
    [
        ({"TERM": "xterm-256color"}, DARK),
        ({"TERM": "xterm-16color"}, ANSI),
        ({"TERM": "linux"}, ANSI),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ANSI),
        ({}, DARK),
    ],
)
def test_the_terminal_decides_the_first_theme(environment: dict[str, str], look: object) -> None:
    assert look_for_terminal(environment) is look


async def test_who_is_away_and_who_covers_is_told(workspace: Workspace) -> None:
    workspace.people.away("zay", date(2026, 3, 9), date(2026, 3, 10), "alex")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "◌ until Tue 10 Mar · alex")


async def test_the_minute_is_told_where_it_is_shown(workspace: Workspace) -> None:
    now = [datetime(2026, 3, 9, 16, 0, tzinfo=UTC)]
    app = FleettuiApp(Workspace.open(workspace.home, clock=lambda: now[0], login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "09:00 PDT")
        now[0] = datetime(2026, 3, 9, 16, 1, tzinfo=UTC)
        app._minute()
        await wait_until(pilot, lambda: "Mon 09:01 PDT" in lines_of(app)[0])
        await wait_until(pilot, lambda: "09:01 PDT" in lines_of(app)[3])


async def test_the_mouse_goes_to_a_screen_and_presses_a_key(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "6 Team")
        await pilot.click(offset=(lines_of(app)[1].index("6 Team") + 1, 1))
        await see(pilot, "▸6 Team")
        await pilot.click(offset=(lines_of(app)[-1].index("n add"), 23))
        await see(pilot, "Add a person")


def test_the_style_sheets_are_where_an_installed_wheel_finds_them() -> None:
    folder = resources.files("screens")
    names = ["app", "dialogs/form", *(f"{name}/screen" for name in SCREENS)]
    assert all((folder / f"{name}.tcss").is_file() for name in names)
