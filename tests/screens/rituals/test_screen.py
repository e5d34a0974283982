"""The rituals' screen: ticking where the cursor stands, on narrow and wide terminals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.rituals.board import BoardRow
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldInput, FieldText
from screens.rituals.row_keys import RitualKey
from screens.rituals.screen import RitualsScreen
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until

pytestmark = pytest.mark.slow

COLUMNS = (160, 50)
MONDAY_EVENING = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)


def row_of(app: FleettuiApp, id_: str) -> BoardRow:
    row = app.workspace.rituals.row(id_)
    assert row is not None
    return row


def state_of(app: FleettuiApp, id_: str) -> str:
    return row_of(app, id_).state


def board(app: FleettuiApp) -> RitualsScreen:
    assert isinstance(app.screen, RitualsScreen)
    return app.screen


async def opened(pilot: Pilot[Any], app: FleettuiApp) -> None:
    await pilot.press("2")
    await see(pilot, "Overnight customer")
    await wait_until(pilot, lambda: board(app).rows.has_focus)


async def settled(pilot: Pilot[Any], app: FleettuiApp, id_: str, state: str) -> None:
    await wait_until(pilot, lambda: state_of(app, id_) == state)


@pytest.mark.parametrize("size", [SMALL, (60, 20), COLUMNS], ids=str)
async def test_six_rituals_in_the_morning_take_seven_keys(app: FleettuiApp, size: tuple[int, int]) -> None:
    """2, then Space six times: each tick goes on to the next that is open."""
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        for _ in range(5):
            await pilot.press("space")
        await see(pilot, "1 of 6")  # the stand-up, ticked once of three times, is not done yet
        for id_ in ("RIT-1", "RIT-2", "RIT-3", "RIT-4", "RIT-5"):
            await settled(pilot, app, id_, "done")
        await pilot.press("space")
        await wait_until(pilot, lambda: row_of(app, "RIT-6").status.count == 1)


async def test_a_morning_begins_with_what_is_mine_and_m_shows_everybodys(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        assert "mine, today" in text_of(app)
        assert "Dripify review" not in text_of(app)
        await pilot.press("w")
        await see(pilot, "Dripify review")
        assert "everybody, today" in text_of(app)


async def test_ticking_somebody_elses_covers_and_says_so(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("w")
        await see(pilot, "Dripify review")
        board(app).rows.go_to(RitualKey("RIT-14"))
        await pilot.press("space")
        await see(pilot, "Covered for Brad Macdowall")
        await see(pilot, "◆ covered")


async def test_x_takes_a_tick_back_and_so_does_u(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("space")
        await settled(pilot, app, "RIT-1", "done")
        await pilot.press("u")
        await settled(pilot, app, "RIT-1", "open")
        await pilot.press("k", "space")
        await settled(pilot, app, "RIT-1", "done")
        board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("D")
        await settled(pilot, app, "RIT-1", "open")


async def test_a_tick_on_what_is_done_already_changes_nothing(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("space")
        await settled(pilot, app, "RIT-1", "done")
        board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("space")
        await see(pilot, "is done by Kathy Satterlee")
        assert state_of(app, "RIT-1") == "done"


async def test_a_skip_asks_why(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("s")
        await see(pilot, "Skip Overnight customer feedback")
        await pilot.press(*"quiet", "ctrl+s")
        await settled(pilot, app, "RIT-1", "skipped")
        await see(pilot, "– skipped")
        await pilot.press("enter")
        await see(pilot, "Why not")
        assert "quiet" in text_of(app)


async def test_a_note_is_kept_with_the_tick(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("c")
        await see(pilot, "Tick Overnight customer feedback")
        await pilot.press(*"two asks", "ctrl+s")
        await settled(pilot, app, "RIT-1", "done")
        board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("enter")
        await see(pilot, "two asks")


async def test_rit_9_unfolds_and_each_box_is_ticked(app: FleettuiApp) -> None:
    for name in ("Acme", "Bolt"):
        app.workspace.customers.add(name, tier="Premium")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        board(app).rows.go_to(RitualKey("RIT-9"))
        await pilot.press("space")
        await see(pilot, "└ Acme")
        await pilot.press("space", "space")
        await settled(pilot, app, "RIT-9", "done")
        await see(pilot, "2/2")
        board(app).rows.go_to(RitualKey("RIT-9"))
        await pilot.press("o")
        await wait_until(pilot, lambda: "└ Acme" not in text_of(app))


async def test_rit_17_a_step_asks_its_question(workspace: Workspace) -> None:
    workspace.rituals.edit("RIT-17", {"dri": "kathy"})
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        board(app).rows.go_to(RitualKey("RIT-17"))
        await pilot.press("space")
        await see(pilot, "└ What went well?")
        await pilot.press("c")
        await wait_until(pilot, lambda: app.screen.query("#field-went-well-notes:focus"))
        await pilot.press(*"calm", "ctrl+s")
        await wait_until(pilot, lambda: row_of(app, "RIT-17").status.count == 1)
        instance = row_of(app, "RIT-17").instance
        assert instance is not None
        assert instance.run is not None
        assert instance.run.filled == {"went-well-notes": "calm"}


async def test_other_days_are_there_and_what_is_to_come_cannot_be_ticked(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("full_stop")
        await see(pilot, "mine, Tue 10 Mar 2026")
        await see(pilot, "· coming")
        await pilot.press("space")
        await see(pilot, "still to come, from Tue 10 Mar on")
        await pilot.press("comma", "comma", "comma")
        await see(pilot, "none · mine, Sat 7 Mar 2026")
        await see(pilot, "· before")  # nobody kept them here then: nobody missed them
        await pilot.press("6")
        await see(pilot, "▸6 Team")
        await pilot.press("less_than_sign")  # back to the day, too
        await see(pilot, "none · mine, Sat 7 Mar 2026")
        await pilot.press("0")
        await see(pilot, "mine, today")


async def test_late_is_told_by_sign_and_word(workspace: Workspace) -> None:
    later = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_EVENING), login="kathy")
    app = FleettuiApp(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        assert sum("! late" in line for line in lines_of(app)) == 4
        await pilot.press("space")
        await see(pilot, "Late: it was due Mon 9 Mar 16:00")
        await see(pilot, "✓ late")


async def test_a_column_for_each_rhythm_where_there_is_room(app: FleettuiApp) -> None:
    async with app.run_test(size=COLUMNS) as pilot:
        await opened(pilot, app)
        (headings,) = (line for line in lines_of(app) if "Daily" in line and "Weekly" in line)
        assert "Every few weeks" in headings
        assert "Monthly and rarer" in headings
        await pilot.press("l")
        await wait_until(pilot, lambda: board(app).rows.key == RitualKey("RIT-5"))
        await pilot.press("h")
        await wait_until(pilot, lambda: board(app).rows.key == RitualKey("RIT-1"))
        await pilot.resize_terminal(80, 24)
        await wait_until(pilot, lambda: board(app).rows.has_focus and not board(app).in_columns)
        assert board(app).rows.key == RitualKey("RIT-1")


async def test_a_filter_looks_in_all_columns_at_once(app: FleettuiApp) -> None:
    async with app.run_test(size=COLUMNS) as pilot:
        await opened(pilot, app)
        await pilot.press("slash")
        await wait_until(pilot, lambda: app.screen.query("FilterLine:focus"))
        await pilot.press(*"announce")
        await see(pilot, "1 of ")
        assert "Stand-up" not in text_of(app)
        await pilot.press("enter", "space")
        await settled(pilot, app, "RIT-10", "done")
        await pilot.press("slash", "escape")
        await wait_until(pilot, lambda: board(app).in_columns and board(app).rows.has_focus)
        await see(pilot, "Stand-up")


async def test_a_ritual_is_added_changed_and_retired(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("n")
        await see(pilot, "Add a ritual")
        await pilot.press(*"Inbox zero", "tab", "tab", *"kathy", "ctrl+s")
        await see(pilot, "Inbox zero")
        added = app.workspace.rituals.find("Inbox zero")
        assert (added.id, added.dri, added.often) == ("RIT-18", "kathy", "weekly")
        board(app).rows.go_to(RitualKey("RIT-18"))
        await pilot.press("e")
        await see(pilot, "Change Inbox zero")
        await pilot.press("tab", "tab", "tab", "ctrl+u", *"monthly", "ctrl+s")
        await wait_until(pilot, lambda: app.workspace.rituals.find("Inbox zero").often == "monthly")
        board(app).rows.go_to(RitualKey("RIT-18"))
        await pilot.press("X")
        await wait_until(pilot, lambda: app.workspace.rituals.find("Inbox zero").retired is not None)


async def test_a_refusal_stands_below_its_field(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("e")
        await see(pilot, "Change Overnight")
        await pilot.press("tab", "tab", "tab", "ctrl+u", *"sometimes", "ctrl+s")
        await see(pilot, "'sometimes' is not one of daily")


async def test_the_page_of_a_ritual_and_of_a_person(app: FleettuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app)
        await pilot.press("space", "k")
        await see(pilot, "■ kept")
        await see(pilot, "100%: 1 kept, 0 missed")
        await pilot.press("O")
        await see(pilot, "Kathy Satterlee's year")
        await pilot.press("O")
        await see(pilot, "What changed this time")


async def test_rit_2_its_live_figure_stands_on_the_page(app: FleettuiApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app)
        board(app).rows.go_to(RitualKey("RIT-2"))
        await see(pilot, "nobody waits; no answers yet today")
        await see(pilot, "under 60 minutes")


@pytest.mark.parametrize("size", [SMALL, COLUMNS], ids=str)
async def test_what_is_asked_for_from_elsewhere_is_shown_though_it_is_not_mine(
    app: FleettuiApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        await opened(pilot, app)
        board(app).reveal("RIT-13", "")
        await see(pilot, "Leads by status and stage")
        assert board(app).rows.key == RitualKey("RIT-13")
        board(app).reveal("RIT-1", "2026-03-10")
        await see(pilot, "· coming")
        board(app).reveal("RIT-15", "")
        await see(pilot, "RIT-15 is not owed on this day")


async def test_evil_names_are_plain_text(app: FleettuiApp) -> None:
    app.workspace.rituals.add("[red]x[/] [@click=app.quit]y[/]", dri="kathy")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await see(pilot, "[red]x[/] [@click=app.quit]y[/]"[:20])


async def test_a_key_that_cannot_act_on_a_ritual_says_why(app: FleettuiApp) -> None:
    async with app.run_test(size=(120, 90), notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("w")
        await see(pilot, "· retired")
        assert board(app).rows.go_to(RitualKey("RIT-15"))
        await pilot.press("space")
        await see(pilot, "It is retired: nothing is owed. X brings it back.")
        await pilot.press("X")
        await see(pilot, "is owed again, from today on.")
        assert board(app).rows.go_to(RitualKey("RIT-1"))
        await pilot.press("o")
        await see(pilot, "It has neither boxes nor steps.")
        assert board(app).rows.go_to(RitualKey("RIT-9"))
        await pilot.press("space")
        await see(pilot, "No commercial customer is on the list yet")


async def test_a_ritual_that_is_published_shows_its_issue(app: FleettuiApp) -> None:
    app.workspace.rituals.edit("RIT-1", {"repo": "confidential", "labels": "#g-customers,:release"})
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await see(pilot, "fleetdm/confidential")
        await see(pilot, "#g-customers, :release")
        await see(pilot, "https://github.com/fleetdm/")


async def test_all_that_is_wrong_stands_at_once_each_below_its_field(app: FleettuiApp) -> None:
    async with app.run_test(size=(80, 40)) as pilot:
        await opened(pilot, app)
        await pilot.press("e")
        await see(pilot, "Change Overnight")
        for name, value in (("weekday", "xyz"), ("at", "25:00"), ("url", "foo"), ("before", "RIT-99")):
            app.screen.query_one(f"#field-{name}", FieldInput).value = value
        await pilot.press("ctrl+s")
        await see(pilot, "'xyz' is not one of mon")
        for below in ("'25:00' is not a time of day", "'foo' is not a link", "There is no ritual 'RIT-99'"):
            assert below in text_of(app)
        assert app.focused is app.screen.query_one("#field-weekday")


async def test_the_next_five_dates_follow_what_is_typed_as_a_rhythm(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("n")
        await see(pilot, "Next: Fri 13 Mar, Fri 20 Mar, Fri 27 Mar, Fri 3 Apr, Fri 10 Apr")
        await pilot.press(*["tab"] * 4, *"mon,wed,fri")
        await see(pilot, "Next: Mon 9 Mar, Wed 11 Mar, Fri 13 Mar, Mon 16 Mar, Wed 18 Mar")
        await pilot.press("ctrl+u", *"funday")
        await see(pilot, "Next: weekday: 'fun' is not one of")


async def test_text_of_several_lines_breaks_no_form(app: FleettuiApp, workspace: Workspace) -> None:
    workspace.rituals.edit("RIT-1", {"note": "first line\nsecond line"})
    async with app.run_test(size=(80, 40)) as pilot:
        await opened(pilot, app)
        await pilot.press("e")
        await see(pilot, "second line")
        app.screen.query_one("#field-note", FieldText).focus()
        await pilot.press("down", "end", "space", *"more", "ctrl+s")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        ritual = workspace.rituals.get("RIT-1")
        assert ritual is not None and ritual.note == "first line\nsecond line more"


async def test_a_dri_is_chosen_and_not_typed(app: FleettuiApp, workspace: Workspace) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        await pilot.press("e", "tab", "tab")
        await see(pilot, "Space shows all")
        await pilot.press("space", *"brad", "enter", "ctrl+s")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        ritual = workspace.rituals.get("RIT-1")
        assert ritual is not None and ritual.dri == "brad"


async def test_s_on_what_is_done_refuses_before_a_form_opens(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("space", "k", "s")
        await see(pilot, "Overnight customer feedback is done already. D takes it back.")
        assert app.screen is app.base_screen


@pytest.mark.parametrize("size", [SMALL, (60, 20), COLUMNS], ids=str)
async def test_rit_5_opens_with_its_text_and_is_ticked_with_it(
    app: FleettuiApp, size: tuple[int, int]
) -> None:
    app.workspace.customers.add("Northwind", tier="Ultimate")
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        board(app).go_to("RIT-5")
        await pilot.press("r")
        await see(pilot, "Northwind (Ultimate)")
        await pilot.press("ctrl+home", *"Well. ", "ctrl+s")
        await see(pilot, "c on Rituals ticks it")
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.screen, RitualsScreen))
        await pilot.press("r")
        await see(pilot, "Well. Customer voice")
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.screen, RitualsScreen))
        await pilot.press("c")
        await see(pilot, "Well. Customer voice")
        await pilot.press("ctrl+s")
        await settled(pilot, app, "RIT-5", "done")
    row = row_of(app, "RIT-5")
    assert row.instance is not None
    assert row.instance.ticks[0].evidence.startswith("Well. Customer voice, ")
    assert app.workspace.ritual_texts.draft(row.id) is None


async def test_rit_10_an_announcement_with_gaps_is_not_copied_and_who_asked_is_beside_it(
    app: FleettuiApp,
) -> None:
    ticket = app.workspace.tickets.new("Northwind", "It fails", priority="P3")
    app.workspace.support.link_issue(ticket.id, "https://github.com/fleetdm/fleet/issues/7")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, app)
        board(app).go_to("RIT-10")
        await pilot.press("r")
        await see(pilot, "‹version: The version›")
        await see(pilot, "Northwind (T-1001)")
        await pilot.press("ctrl+s")
        await see(pilot, "Still to be filled in: version, day, features")


async def test_a_ritual_without_a_text_says_which_have_one(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, app)
        await pilot.press("r")
        await see(pilot, "has no text of its own")
