"""What concerns me finds me on every screen: counts, the countdown, a message, the bell, the title, the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.domain.tickets.model import Ticket
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import Form
from screens.dialogs.inbox import InboxDialog
from screens.widgets.countdown import Countdown
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING


class Sent:
    """What would go to the terminal."""

    def __init__(self) -> None:
        self.bells = 0
        self.titles: list[str] = []
        self.sequences: list[str] = []

    def ring(self) -> None:
        self.bells += 1

    def send(self, sequence: str) -> None:
        self.sequences.append(sequence)

    def retitle(self, title: str) -> None:
        self.titles.append(title)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    from screens.terminal import telling

    terminal, made = Sent(), telling.Telling.__init__
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    monkeypatch.setattr(telling.Telling, "__init__", lambda self: made(self, terminal))
    monkeypatch.setattr(FleettuiApp, "bell", lambda self: terminal.ring())
    yield terminal


@pytest.fixture
def lena(workspace: Workspace) -> Workspace:
    """A colleague, in another session."""
    workspace.people.add("lena", name="Lena Fischer")
    return at(workspace, MONDAY_MORNING, "lena")


def at(workspace: Workspace, moment: datetime, login: str = "kathy") -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(moment), login=login)


def ask(workspace: Workspace, subject: str = "It fails", **fields: str) -> Ticket:
    return workspace.tickets.new(
        "Acme", subject, body="Please help.", **{"priority": "P2", "tier": "Premium", **fields}
    )


async def ready(pilot: Pilot[Any]) -> None:
    """The inbox was looked at."""
    app = pilot.app
    assert isinstance(app, FleettuiApp)
    await wait_until(pilot, lambda: app.alarm is not None and app.alarm.looks)


async def test_what_comes_while_the_app_starts_rings_too(lena: Workspace, sent: Sent) -> None:
    ticket = ask(lena)
    clock = frozen_clock(MONDAY_MORNING)
    app = FleettuiApp(Workspace.open(lena.home, clock=clock, login="kathy", in_app=True))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        assert app.alarm is None or not app.alarm.looks
        lena.tickets.assign(ticket.id, "kathy")
        await see(pilot, f"Lena gave you {ticket.id}")
        assert sent.bells == 1


async def test_what_somebody_gives_me_rings_on_whatever_screen_i_am(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    ticket = ask(lena)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await ready(pilot)
        lena.tickets.assign(ticket.id, "kathy")
        await see(pilot, f"Lena gave you {ticket.id}")
        await wait_until(pilot, lambda: "4 Triage •1" in lines_of(app)[1])
        assert sent.bells == 1
        assert sent.titles[-1] == "1 new · fleettui"
        assert sent.sequences == []  # nobody switched notifications on


async def test_what_was_undone_meanwhile_is_counted_no_more(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    ticket = ask(lena)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        lena.tickets.assign(ticket.id, "kathy")
        await wait_until(pilot, lambda: "•1" in lines_of(app)[1])
        lena.history.undo()
        await wait_until(pilot, lambda: "•1" not in lines_of(app)[1])
        assert sent.titles[-1] == "fleettui"


async def test_a_message_waits_while_a_form_is_open_and_several_are_told_together(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    def rang(times: int) -> bool:
        return sent.bells == times

    tickets = [ask(lena, f"It fails {number}") for number in range(3)]
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6", "n")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        await ready(pilot)
        for number, ticket in enumerate(tickets, 1):
            lena.tickets.assign(ticket.id, "kathy")
            await wait_until(pilot, partial(rang, number))
        assert "gave you" not in text_of(app)
        await pilot.press("escape")
        await see(pilot, "3 new for you; b opens them")


async def test_in_quiet_hours_nothing_rings_and_the_counts_grow_all_the_same(
    app: FleettuiApp, workspace: Workspace, lena: Workspace, sent: Sent
) -> None:
    workspace.inbox.set("quiet-hours", "08:00-12:00")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        ticket = ask(lena)
        lena.tickets.assign(ticket.id, "kathy")
        await wait_until(pilot, lambda: "•1" in lines_of(app)[1])
        assert sent.bells == 0
        assert "gave you" not in text_of(app)


async def test_notifications_go_the_way_that_was_chosen_and_the_bell_is_silent_when_it_is_off(
    app: FleettuiApp, workspace: Workspace, lena: Workspace, sent: Sent
) -> None:
    workspace.inbox.set("notify", "777")
    workspace.inbox.set("bell", "off")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        ticket = ask(lena, "It fails; again\x1b]0;owned\x07")
        lena.tickets.assign(ticket.id, "kathy")
        await wait_until(pilot, lambda: sent.sequences)
        assert sent.bells == 0
        body = sent.sequences[0].removeprefix("\x1b]777;notify;fleettui;").removesuffix("\x1b\\")
        assert body.startswith(f"Lena gave you {ticket.id}")
        assert body.isprintable()
        assert ";" not in body


async def test_late_answers_stand_on_the_tab_and_in_the_title(workspace: Workspace, sent: Sent) -> None:
    ask(workspace)
    workspace.tickets.assign(workspace.tickets.all()[0].id, "kathy")
    app = FleettuiApp(at(workspace, MONDAY_MORNING + timedelta(days=9)))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "4 Triage !1")
        assert sent.titles[-1].startswith("1 late · ")
        assert all(len(line) <= 80 for line in lines_of(app))


async def test_the_nearest_promise_is_counted_down_in_seconds_at_the_end(
    workspace: Workspace, sent: Sent
) -> None:
    ticket = ask(workspace)
    workspace.tickets.assign(ticket.id, "kathy")
    debt = workspace.queue.debt(workspace.tickets.find(ticket.id))
    assert debt is not None
    assert debt.due is not None
    moment = [debt.due - timedelta(minutes=4)]
    app = FleettuiApp(Workspace.open(workspace.home, clock=lambda: moment[0], login="kathy"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, f"4:00 left: {ticket.id} It fails")
        moment[0] += timedelta(seconds=90)
        await see(pilot, f"2:30 left: {ticket.id} It fails")
        moment[0] += timedelta(seconds=151)
        await see(pilot, "!1")
        await wait_until(pilot, lambda: not app.screen.query_one(Countdown).display)


async def test_there_is_no_countdown_and_no_tick_while_all_is_calm(app: FleettuiApp, sent: Sent) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        assert not app.screen.query(Countdown)
        assert app.alarm is not None
        assert app.alarm._tick is None


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (30, 8)], ids=str)
async def test_the_counts_never_break_the_tabs(
    workspace: Workspace, lena: Workspace, sent: Sent, size: tuple[int, int]
) -> None:
    for number in range(12):
        lena.tickets.assign(ask(lena, f"It fails {number}", priority="").id, "kathy")
    app = FleettuiApp(at(workspace, MONDAY_MORNING + timedelta(days=9)))
    async with app.run_test(size=size, notifications=True) as pilot:
        await wait_until(pilot, lambda: "!12" in lines_of(app)[1])
        assert all(len(line) <= size[0] for line in lines_of(app))
        assert "▸1 Today" in lines_of(app)[1]
        if size[0] >= 60:
            assert all(f" {number}" in lines_of(app)[1] for number in range(2, 8))
        if size[0] >= 80:
            assert " 7 Cust" in lines_of(app)[1]


# The inbox


async def test_the_inbox_has_what_is_new_on_top_and_enter_goes_there(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    first, second = ask(lena, "It fails"), ask(lena, "It works")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        lena.tickets.assign(first.id, "kathy")
        lena.tickets.assign(second.id, "kathy")
        await pilot.press("b")
        await see(pilot, "Inbox · 2 new")
        await see(pilot, f"▌  ● Lena gave you {second.id}")
        await pilot.press("space")
        await see(pilot, f"· Lena gave you {second.id}")
        await see(pilot, "Inbox · 1 new")
        await pilot.press("g", "enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        await wait_until(pilot, lambda: app.screen.query_one(Rows).key == first.id)
        await wait_until(pilot, lambda: "•" not in lines_of(app)[1])


async def test_all_is_seen_by_one_key_and_b_closes_what_b_opened(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for number in range(3):
            lena.tickets.assign(ask(lena, f"It fails {number}").id, "kathy")
        await pilot.press("b")
        await see(pilot, "Inbox · 3 new")
        await pilot.press("X")
        await wait_until(pilot, lambda: "New for you" not in text_of(app))
        await pilot.press("X")
        await see(pilot, "You have seen everything.")
        await pilot.press("b")
        await wait_until(pilot, lambda: app.screen is app.base_screen)


async def test_a_row_that_comes_while_the_inbox_is_open_is_there_at_once(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("b")
        await see(pilot, "Nothing concerned you")
        ticket = ask(lena)
        lena.tickets.assign(ticket.id, "kathy")
        await see(pilot, f"● Lena gave you {ticket.id}")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert app.message == ""


async def test_opening_the_ticket_is_seeing_what_was_new_of_it(
    app: FleettuiApp, lena: Workspace, sent: Sent
) -> None:
    ticket = ask(lena)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        lena.tickets.assign(ticket.id, "kathy")
        await wait_until(pilot, lambda: "•1" in lines_of(app)[1])
        await pilot.press("4", "enter")
        await wait_until(pilot, lambda: "•1" not in lines_of(app)[1])


async def test_the_settings_are_kept_for_all_my_sessions(
    app: FleettuiApp, workspace: Workspace, sent: Sent
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("b", "e")
        await see(pilot, "How you are told")
        await pilot.press("right", "ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, InboxDialog))
        assert at(workspace, MONDAY_MORNING).inbox.settings().bell == "always"


async def test_quiet_hours_that_are_none_are_refused_below_their_field(
    app: FleettuiApp, workspace: Workspace, sent: Sent
) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("b", "e")
        await see(pilot, "How you are told")
        await pilot.press("up", *"night", "ctrl+s")
        await see(pilot, "is no time of day")


@pytest.mark.parametrize(("screen", "name"), [("triage", "T-"), ("customers", "Acme")])
async def test_a_ticket_and_a_customer_are_followed_by_one_key(
    workspace: Workspace, sent: Sent, screen: str, name: str
) -> None:
    workspace.customers.add("Acme", kind="customer", tier="Premium")
    ask(workspace)
    app = FleettuiApp(workspace, screen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("f")
        await see(pilot, f"You follow {name}")
        await pilot.press("b")
        await see(pilot, "You follow ─")
        assert len(at(workspace, MONDAY_MORNING).inbox.following()) == 1
        await pilot.press("G", "f")
        await wait_until(pilot, lambda: "You follow ─" not in text_of(app))


def test_no_notification_is_sent_to_a_terminal_that_would_print_it(tmp_path: Path) -> None:
    from screens.terminal.telling import Telling, takes_sequences

    for term in ("dumb", "linux", "vt100", ""):
        terminal = Sent()
        telling = Telling(terminal, {"TERM": term})
        telling.title("2 late")
        telling.notify("9", "Lena gave you T-1")
        assert (terminal.titles, terminal.sequences) == ([], [])
    assert takes_sequences({"TERM": "xterm-256color"})
    assert not takes_sequences({"TERM": "screen", "STY": "1.pts"})


def test_a_notification_passes_through_tmux_whole() -> None:
    from screens.terminal.telling import notification

    through = notification("9", "Lena gave you T-1", {"TERM": "tmux-256color", "TMUX": "1"})
    assert through == "\x1bPtmux;\x1b\x1b]9;fleettui: Lena gave you T-1\x1b\x1b\\\x1b\\"
    assert notification("off", "Lena gave you T-1", {}) == ""
    assert notification("99", "Lena gave you T-1", {}).count("\x1b]99;") == 2
