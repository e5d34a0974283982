"""Triage at 80x24 on a clock that stands still: the queue, its views, its search, what others do."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from textual.geometry import Region

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.widgets.page import Page
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.triage.conftest import (
    HOUR,
    at_work,
    beside,
    ids_shown,
    press_and_see,
)
from tests.support.clocks import MONDAY_MORNING

pytestmark = pytest.mark.slow

# The list


async def test_sla_15_the_queue_says_what_breaches_first_with_glyph_time_and_what_it_counts(
    queue: Workspace,
) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        text = await see(pilot, "▲ 30 m, due today 09:30")
        assert ids_shown(app) == ["T-1001", "T-1003", "T-1002", "T-1004"]
        assert re.search(r"T-1001 ▲ 30 m +P1 +Acme", text)
        await see(pilot, "\n P1 Ultimate\n")  # whole, above the keys
        assert "L2" in text
        assert "◦ no SLA" in text
        await press_and_see(pilot, "of business time, due", "j")


async def test_an_empty_queue_teaches(workspace: Workspace) -> None:
    async with at_work(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Nothing is open here.")
        await press_and_see(pilot, "There is no ticket here.", "t")


async def test_what_somebody_else_wrote_is_marked_until_it_is_opened(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: re.search(r"▌ +• +T-1001", text_of(app)))
        await press_and_see(pilot, "Timeline, newest first", "enter")
        await pilot.press("escape")
        await wait_until(pilot, lambda: re.search(r"▌ +T-1001", text_of(app)))
        queue.tickets.received("T-1001", "It is worse now", by="Jo Park")
        app.everything_changed()
        await wait_until(pilot, lambda: re.search(r"▌ +• +T-1001", text_of(app)))


async def test_a_minute_changes_only_what_tells_the_time(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [MONDAY_MORNING]
    app = at_work(Workspace.open(queue.home, clock=lambda: now[0], login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▲ 30 m  ")
        drawn: list[tuple[Region, ...]] = []
        rows = app.screen.query_one(Rows)
        paint = rows.refresh

        def refresh(*regions: Region, **options: bool) -> Rows[Any]:
            drawn.append(regions)
            return paint(*regions, **options)

        monkeypatch.setattr(rows, "refresh", refresh)
        now[0] += timedelta(minutes=1)
        app._minute()
        await see(pilot, "▲ 29 m  ")
        redrawn = [regions for regions in drawn if regions]
        assert len(redrawn) == len(drawn), "the whole list was drawn again"
        assert all(len(regions) <= 3 for regions in redrawn)


async def test_what_sleeps_wakes_by_itself(queue: Workspace) -> None:
    now = [MONDAY_MORNING]
    workspace = Workspace.open(queue.home, clock=lambda: now[0], login="kathy")
    workspace.tickets.reply("T-1004", "Done")
    workspace.tickets.snooze("T-1004", MONDAY_MORNING + HOUR)
    app = at_work(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "z snoozed")
        now[0] += 2 * HOUR
        app._minute()
        await wait_until(pilot, lambda: "snoozed" not in text_of(app))


# Views and search


async def test_views_change_with_a_key_and_their_counts_agree_with_the_list(queue: Workspace) -> None:
    queue.tickets.assign("T-1002", "kathy")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▸Mine 1", "right_square_bracket")
        assert ids_shown(app) == ["T-1002"]
        await press_and_see(pilot, "▸All open 4", "left_square_bracket")
        await pilot.press("v")
        text = await see(pilot, "1  assignee:me")
        counts = queue.queue.counts()
        assert f"{counts['unassigned']}  assignee:nobody" in text
        await press_and_see(pilot, "▸Premium 2", *"premium", "enter")
        assert sorted(ids_shown(app)) == ["T-1002", "T-1003"]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("tier:ultimate", ["T-1001"]),
        ('"error 500"', ["T-1001"]),
        ("due:<2h", ["T-1001"]),
        ("-tier:premium", ["T-1001", "T-1004"]),
        ("linux bright", ["T-1002"]),
    ],
)
async def test_the_search_follows_each_letter(queue: Workspace, typed: str, ids: list[str]) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("slash", *typed)
        await wait_until(pilot, lambda: ids_shown(app) == ids)
        await see(pilot, f"All open {len(ids)}")
        await pilot.press("enter", "escape")
        await wait_until(pilot, lambda: len(ids_shown(app)) == 4)
        assert "All open 4" in text_of(app)


async def test_a_word_of_the_search_that_cannot_be_understood_is_said(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "is: 'bogus' is not one of", "slash", *"is:bogus")


async def test_a_view_is_kept_for_the_team_and_undone(queue: Workspace) -> None:
    passing = itertools.count()
    app = at_work(
        Workspace.open(
            queue.home,
            clock=lambda: MONDAY_MORNING + next(passing) * timedelta(milliseconds=1),
            login="kathy",
        )
    )
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "1 of 4", "slash", *"tier:ultimate", "enter")
        await press_and_see(pilot, "Keep this as a view", "V")
        await press_and_see(pilot, "▸Big ones 1", *"Big ones", "ctrl+s")
        assert [view.search for view in app.workspace.views.of("triage") if view.saved] == ["tier:ultimate"]
        await pilot.press("u")
        await see(pilot, "All open 4")


async def test_archived_tickets_come_on_demand(queue: Workspace) -> None:
    queue.tickets.reply("T-1004", "There you are")
    queue.tickets.resolve("T-1004", documentation="no", unanswered=True)
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸All open 3")
        await press_and_see(pilot, "archive too", "H")
        await press_and_see(pilot, "▸All open 3", "H")


async def test_in_archive_in_a_search_reads_the_archive_and_finds_what_is_in_it(queue: Workspace) -> None:
    queue.tickets.reply("T-1004", "There you are")
    queue.tickets.resolve("T-1004", documentation="no", unanswered=True)
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▸Found 4", "slash", *"in:archive")
        await wait_until(pilot, lambda: "T-1004" in ids_shown(app))
        await press_and_see(pilot, "▸All open 3", "escape")


async def test_among_many_tickets_a_search_runs_beside_the_event_loop(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.triage.listing.MANY", 1)
    monkeypatch.setattr("fleettui.workspace.tickets.queue.MANY", 1)
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸All open 4")
        await pilot.press("slash", *"labels")
        await see(pilot, "1 of 4")
        await wait_until(pilot, lambda: app.screen.query_one(Rows).key == "T-1003")
        # Enter waits for what is still being looked for: the next key is meant for it.
        await pilot.press("enter", "slash", *"linux", "enter", "enter")
        await see(pilot, "Timeline, newest first")
        assert app.screen.query_one(Rows).key == "T-1002"


async def test_a_ticket_that_the_filter_hides_is_shown_all_the_same_when_gone_to(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "1 of 4", "slash", *"linux", "enter")
        app.base_screen.reveal("T-1001")
        await wait_until(pilot, lambda: re.search(r"▌ +• +T-1001", text_of(app)))


async def test_at_goes_from_a_ticket_to_its_customer(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  • T-1003", "j")
        text = await press_and_see(pilot, "T-1003 P2 Labels are wrong", "at")
        assert app.base_screen.NAME == "customers"
        assert "Buy online" in text
        assert "Ultimate" not in text


async def test_at_on_a_ticket_of_nobody_known_asks_for_the_customer(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  • T-1004", "G")
        await press_and_see(pilot, "For which customer?", "at")


# Others


async def test_what_another_session_does_is_on_the_screen(queue: Workspace) -> None:
    other = Workspace.open(queue.home, clock=queue.clock, login="zay")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸All open 4")
        other.tickets.take("T-1001")
        await wait_until(pilot, lambda: any("T-1001" in line and "Zay" in line for line in lines_of(app)))
        other.tickets.reply("T-1001", "Solved it")
        await wait_until(pilot, lambda: ids_shown(app)[-1] == "T-1001")


async def test_who_looks_and_who_answers_is_shown_and_goes_with_their_session(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        other.show("triage", "T-1001")
        await see(pilot, "◉ Zay Hanlon")
        assert any("◉• T-1001" in line for line in lines_of(app))
        await press_and_see(pilot, "Zay Hanlon is looking at it", "enter")
        other.show("triage", "T-1001", typing=True)
        await see(pilot, "✎ Zay Hanlon is answering")
        other.leave()
        await wait_until(pilot, lambda: "Zay Hanlon" not in text_of(app))


async def test_next_opens_the_most_urgent_that_nobody_else_has_open(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    other.show("triage", "T-1001")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Labels are wrong", "J")
        await see(pilot, "Ticket      T-1003")
        await press_and_see(pilot, "Ticket      T-1002", "J")
        await press_and_see(pilot, "Ticket      T-1004", "J")
        await press_and_see(pilot, "Ticket      T-1003", "J")  # once round
        other.show("triage", None)
        queue.tickets.reply("T-1003", "Solved")
        await press_and_see(pilot, "Ticket      T-1001", "J")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50), (30, 8)], ids=str)
async def test_every_size_shows_the_queue_and_a_ticket(queue: Workspace, size: tuple[int, int]) -> None:
    app = at_work(queue)
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen.query_one(Page).has_focus)
        await see(pilot, "Live query")
        assert all(len(line) <= size[0] for line in lines_of(app))


async def test_as_of_the_clock_stands_the_demo_clock_is_used(queue: Workspace) -> None:
    later = Workspace.open(queue.home, clock=frozen_clock(MONDAY_MORNING + HOUR), login="kathy")
    async with at_work(later).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "✗ -30 m")
