"""Triage at 80x24 on a clock that stands still: the queue, its views, its search, what is done to one or to many."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.domain.tickets.model import Ticket
from fleettui.store.personal.presence import Presence
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import Form
from screens.widgets.page import Page
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING

WIDE = (120, 40)

HOUR = timedelta(hours=1)


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    """By what breaches first: T-1001 (Ultimate P1), T-1003 (Premium P2), T-1002 (Premium P3), T-1004 (no promise)."""
    workspace.customers.add("Acme", tier="Ultimate", hosts="1200")
    workspace.customers.add("Bright Foods", tier="Premium", hosts="120")
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme")
    asked(workspace, "Bright Foods", "How do we enrol Linux hosts?", "P3", 30)
    asked(workspace, "Bright Foods", "Labels are wrong", "P2", 8)
    asked(workspace, "Somebody", "A question", "P3", 1)
    return workspace


def asked(
    workspace: Workspace, customer: str, subject: str, priority: str, ago: float, **more: object
) -> Ticket:
    at = workspace.now() - ago * HOUR
    return workspace.tickets.new(customer, subject, priority=priority, at=at, by="Jo Park", **more)


def at_work(workspace: Workspace) -> FleettuiApp:
    return FleettuiApp(workspace, "triage")


def ids_shown(app: FleettuiApp) -> list[str]:
    return [word for line in lines_of(app) for word in line.split() if word.startswith("T-1")]


async def press_and_see(pilot: Pilot[int], wanted: str, *keys: str) -> str:
    for key in keys:
        await pilot.press(key)
    return await see(pilot, wanted)


def fill(app: FleettuiApp, **values: str) -> None:
    """What is typed into the form in front."""
    for name, value in values.items():
        field: Any = app.screen.query_one(f"#field-{name}")
        setattr(field, "value" if hasattr(field, "value") else "text", value)


# The queue


async def test_sla_15_the_queue_says_what_breaches_first_with_glyph_time_and_what_it_counts(
    queue: Workspace,
) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        text = await see(pilot, "▲ 30 m, due today 09:30")
        assert ids_shown(app) == ["T-1001", "T-1003", "T-1002", "T-1004"]
        assert "P1 Ulti  Acme" in text
        assert "L2" in text
        assert "◦ no promise" in text
        await press_and_see(pilot, "of business time, due", "j")


async def test_an_empty_queue_teaches(workspace: Workspace) -> None:
    async with at_work(workspace).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Nothing is open here.")
        await press_and_see(pilot, "There is no ticket here.", "t")


async def test_what_somebody_else_wrote_is_marked_until_it_is_opened(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▌  •   T-1001")
        await press_and_see(pilot, "Timeline, newest first", "enter")
        await press_and_see(pilot, "▌      T-1001", "escape")
        queue.tickets.received("T-1001", "It is worse now", by="Jo Park")
        app.everything_changed()
        await see(pilot, "▌  •   T-1001")


async def test_a_minute_changes_only_what_tells_the_time(queue: Workspace) -> None:
    now = [MONDAY_MORNING]
    app = at_work(Workspace.open(queue.home, clock=lambda: now[0], login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▲ 30 m  ")
        drawn: list[object] = []
        rows = app.screen.query_one(Rows)
        paint = rows.refresh
        rows.refresh = lambda *regions, **more: (drawn.append(regions), paint(*regions, **more))[1]  # type: ignore[method-assign]
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
        await press_and_see(pilot, "Mine  1 ticket", "right_square_bracket")
        assert ids_shown(app) == ["T-1002"]
        await press_and_see(pilot, "4 tickets", "left_square_bracket")
        await pilot.press("v")
        text = await see(pilot, "1 · assignee:me")
        counts = queue.queue.counts()
        assert f"{counts['unassigned']} · assignee:nobody" in text
        await press_and_see(pilot, "Premium  2 tickets", *"premium", "enter")
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
        await see(pilot, f"All open  {len(ids)} ticket")
        await pilot.press("enter", "escape")
        await wait_until(pilot, lambda: len(ids_shown(app)) == 4)
        assert "All open  4 tickets" in text_of(app)


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
        await press_and_see(pilot, "Big ones  1 ticket", *"Big ones", "ctrl+s")
        assert [view.search for view in app.workspace.queue.views() if view.saved] == ["tier:ultimate"]
        await pilot.press("u")
        await see(pilot, "All open  4 tickets")


async def test_archived_tickets_come_on_demand(queue: Workspace) -> None:
    queue.tickets.reply("T-1004", "There you are")
    queue.tickets.resolve("T-1004", documentation="no")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "3 tickets")
        await press_and_see(pilot, "4 tickets · archive too", "A")
        await press_and_see(pilot, "3 tickets", "A")


async def test_a_ticket_that_the_filter_hides_is_shown_all_the_same_when_gone_to(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "1 of 4", "slash", *"linux", "enter")
        app.screen.reveal("T-1001")  # type: ignore[attr-defined]
        await see(pilot, "▌  •   T-1001")


# Doing


def joined(value: object) -> str | None:
    return "".join(value) if isinstance(value, tuple) else None


DOINGS: list[tuple[tuple[str, ...], str, Callable[[Ticket], object]]] = [
    (("t",), "yours", lambda ticket: ticket.assignee == "kathy"),
    (("a", *"zay", "enter"), "with Zay", lambda ticket: ticket.assignee == "zay"),
    (("w",), "waiting for the customer", lambda ticket: ticket.status == "waiting"),
    (("z", "enter"), "put away", lambda ticket: ticket.status == "snoozed"),
    (("z", *"2h", "enter"), "put away", lambda ticket: ticket.snooze_until == MONDAY_MORNING + 2 * HOUR),
    (("L", *"more info", "enter"), "Label on", lambda ticket: ticket.labels == ("+more info please",)),
    (("L", *"flaky", "enter"), "Label on", lambda ticket: ticket.labels == ("flaky",)),
    (("p", *"p2", "enter"), "P2", lambda ticket: ticket.priority == "P2"),
    (("p", *"tier free", "enter"), "Free", lambda ticket: ticket.tier == "Free"),
    (("s", "enter"), "resolved", lambda ticket: ticket.status == "resolved" and ticket.documentation.answer == "no"),
    (("s", *"write about enrolling", "enter"), "resolved", lambda ticket: ticket.documentation.what == "write about enrolling"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "message", "holds"), DOINGS, ids=lambda value: joined(value))  # fmt: skip
async def test_one_verb_for_one_ticket_and_u_takes_it_back(
    queue: Workspace, keys: tuple[str, ...], message: str, holds: Callable[[Ticket], object]
) -> None:
    before = queue.tickets.find("T-1001")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▌  •   T-1001")
        await press_and_see(pilot, message, *keys)
        assert holds(queue.tickets.find("T-1001"))
        await press_and_see(pilot, "Took back", "u")
        after = queue.tickets.find("T-1001")
        assert (after.assignee, after.status, after.labels, after.priority, after.tier) == (
            before.assignee, before.status, before.labels, before.priority, before.tier,
        )  # fmt: skip


async def test_marked_ones_are_done_together_and_one_u_takes_all_back(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "4 tickets")
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "T-1001, T-1003: yours.", "t")
        assert [ticket.id for ticket in queue.tickets.all() if ticket.assignee == "kathy"] == [
            "T-1001",
            "T-1003",
        ]
        await see(pilot, "All open  4 tickets")
        await press_and_see(pilot, "Took back", "u")
        assert not any(ticket.assignee for ticket in queue.tickets.all())


BULK: list[tuple[str, ...]] = [
    ("p", *"p0", "enter"),
    ("L", *"flaky", "enter"),
    ("w",),
    ("z", "enter"),
    ("a", "enter"),
    ("s", "enter"),
]


@pytest.mark.parametrize("keys", BULK, ids="".join)  # fmt: skip
async def test_every_bulk_action_is_one_commit(queue: Workspace, keys: tuple[str, ...]) -> None:
    before = [(ticket.id, ticket.rev) for ticket in queue.tickets.all()]
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "4 tickets")
        await press_and_see(pilot, "4 marked", "asterisk")
        await press_and_see(pilot, "u takes it back", *keys)
        assert all(now.rev == rev + 1 for now, (_, rev) in zip(queue.tickets.all(), before, strict=True))
        await press_and_see(pilot, "Took back", "u")
        assert all(now.rev == rev + 2 for now, (_, rev) in zip(queue.tickets.all(), before, strict=True))


async def test_what_somebody_has_is_only_taken_over_on_purpose(queue: Workspace) -> None:
    queue.tickets.assign("T-1001", "zay")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "t again takes it over", "t")
        assert queue.tickets.find("T-1001").assignee == "zay"
        await press_and_see(pilot, "T-1001: yours", "t")
        assert queue.tickets.find("T-1001").assignee == "kathy"


async def test_sla_15_p_shows_what_would_be_due_before_it_is_chosen(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        text = await press_and_see(pilot, "what is T-1001?", "p")
        assert "✗ 30 m over, was due today 08:30" in text  # P0 at Ultimate: one hour
        assert "8 h 30 m of business time" in text
        await press_and_see(pilot, "All open", "escape")
        assert queue.tickets.find("T-1001").priority == "P1"


async def test_merging_shows_where_it_went_and_undo_parts_them(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "where does T-1003 go on?", "j", "M")
        await press_and_see(pilot, "T-1003 goes on in T-1002", "enter")  # the same customer's is first
        assert queue.tickets.find("T-1003").merged_into == "T-1002"
        await press_and_see(pilot, "Took back", "u")
        assert queue.tickets.find("T-1003").merged_into == ""


async def test_a_request_that_came_another_way_is_written_down(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "C")
        await press_and_see(pilot, "T-1005 is in the queue", *"Acme", "enter", *"By phone", "ctrl+s")
        assert queue.tickets.find("T-1005").customer == "Acme"


async def test_who_wrote_when_and_how_is_written_down_with_it(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "C")
        fill(pilot.app, customer="Acme", subject="By telephone", by="Jo Park", at="20 min ago", by_dm="yes")
        await press_and_see(pilot, "T-1005 is in the queue", "ctrl+s")
    made = queue.tickets.find("T-1005")
    assert (made.contact, made.by_dm, queue.now() - made.opened_at) == (
        "Jo Park",
        True,
        timedelta(minutes=20),
    )


async def test_sup_12_what_the_customer_said_another_way_is_owed_an_answer(queue: Workspace) -> None:
    queue.tickets.reply("T-1001", "Tell us more")
    queue.tickets.label("T-1001", add=["+more info please"])
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        app.screen.reveal("T-1001")  # type: ignore[attr-defined]
        await press_and_see(pilot, "What the customer wrote to T-1001", "R")
        fill(app, body="It is version 4.60")
        await press_and_see(pilot, "T-1001: ", "ctrl+s")
        ticket = queue.tickets.find("T-1001")
        assert ticket.labels == () and queue.queue.debt(ticket) is not None
        assert ticket.messages[-1].body == "It is version 4.60"
        await press_and_see(pilot, "Took back", "u")
        assert queue.tickets.find("T-1001").labels == ("+more info please",)


async def test_a_time_that_cannot_be_read_is_complained_about_where_it_was_typed(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What the customer wrote", "R")
        fill(app, body="Still broken", at="some day")
        await press_and_see(pilot, "'some day' is not a time", "ctrl+s")
        assert isinstance(app.screen, Form)


async def test_what_they_wait_for_stands_before_what_is_known(queue: Workspace) -> None:
    queue.tickets.reply("T-1001", "Which version is it?")
    queue.tickets.received("T-1001", "It is 4.60, and it still fails")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        pilot.app.screen.reveal("T-1001")  # type: ignore[attr-defined]
        shown = await press_and_see(pilot, "Timeline", "enter")
        places = [
            shown.index(part) for part in ("it still fails", "Details", "Timeline", "Which version is it?")
        ]
        assert places == sorted(places) and shown.count("it still fails") == 1


async def test_at_goes_from_a_ticket_to_its_customer(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  •   T-1003", "j")
        text = await press_and_see(pilot, "T-1003 P2 Labels are wrong", "at")
        assert app.base_screen.NAME == "customers"
        assert "Buy online" in text
        assert "Ultimate" not in text


async def test_at_on_a_ticket_of_nobody_known_asks_for_the_customer(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  •   T-1004", "G")
        await press_and_see(pilot, "for which customer?", "at")


# With others


async def test_what_another_session_does_is_on_the_screen(queue: Workspace) -> None:
    other = Workspace.open(queue.home, clock=queue.clock, login="zay")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "4 tickets")
        other.tickets.take("T-1001")
        await wait_until(pilot, lambda: any("T-1001" in line and "zay" in line for line in lines_of(app)))
        other.tickets.reply("T-1001", "Solved it")
        await wait_until(pilot, lambda: ids_shown(app)[-1] == "T-1001")


def beside(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, login: str, name: str) -> Presence:
    """Somebody else's session, in this process under another number."""
    other = Presence(workspace.home, workspace.store.modes)
    monkeypatch.setattr(Presence, "_path", property(lambda self: self.folder / f"{id(self)}.json"))
    other.enter(login, name, workspace.now())
    return other


async def test_who_looks_and_who_answers_is_shown_and_goes_with_their_session(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        other.show("triage", "T-1001")
        await see(pilot, "◉ Zay Hanlon")
        assert any("◉•  T-1001" in line for line in lines_of(app))
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
        await press_and_see(pilot, "Labels are wrong", "n")
        await see(pilot, "Ticket      T-1003")
        await press_and_see(pilot, "Ticket      T-1002", "n")
        await press_and_see(pilot, "Ticket      T-1004", "n")
        await press_and_see(pilot, "Ticket      T-1003", "n")  # once round
        other.show("triage", None)
        queue.tickets.reply("T-1003", "Solved")
        await press_and_see(pilot, "Ticket      T-1001", "n")


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
