"""A copied text: no screen says that it is on the clipboard, the text is to be seen, with where it goes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fleettui.domain.tickets.destination import answer_goes_to
from fleettui.workspace.workspace import Workspace
from screens.terminal.clipboard import NO_CLIPBOARD, SENT, SENT_TO_TMUX, sent_words
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import asked, at_work, press_and_see

LONG = "\n".join(f"line {number} of a long answer" for number in range(1, 16))


@pytest.fixture
def acme(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme", tier="Ultimate")
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme")
    return workspace


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TERM": "xterm-256color"}, SENT),
        ({"TERM": "tmux-256color", "TMUX": "socket,1,0"}, SENT_TO_TMUX),
        ({"TERM": "linux"}, NO_CLIPBOARD),
        ({"TERM": "screen", "STY": "1.pts"}, NO_CLIPBOARD),
    ],
)
def test_what_is_said_is_what_is_known(environment: Mapping[str, str], words: str) -> None:
    assert sent_words(environment) == words


async def test_sup_21_a_short_answer_is_shown_whole_with_where_it_goes(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Recorded: T-1001 is answered", "r", *"Try 4.2 please", "ctrl+s")
        shown = text_of(app)
        assert "Paste it into #fleet-at-acme." in shown
        assert "Sent to your terminal's clipboard. If it is not there" in shown
        assert "Try 4.2 please" in shown
        assert "on your clipboard" not in shown


async def test_sup_21_a_long_answer_stays_on_a_page_until_it_is_closed(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("r")
        await see(pilot, "Answer T-1001")
        app.screen.query_one(TextPane).text = LONG
        await press_and_see(pilot, "Paste it into #fleet-at-acme.", "ctrl+s")
        assert "line 1 of a long answer" in text_of(app)
        assert "line 15 of a long answer" in text_of(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.screen.is_modal)


async def test_y_says_that_the_text_is_on_the_page_where_it_is(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "The text is on this page", "enter", "y")


def test_sup_21_an_answer_goes_to_a_channel_by_its_name(acme: Workspace) -> None:
    acme.channels.add("C0ACME", "Acme", name="#fleet-at-acme")
    ticket = asked(acme, "Acme", "Over Slack", "P3", 1, channel="C0ACME", way="slack")
    assert acme.names.goes_to(ticket) == "#fleet-at-acme, in their thread"


def test_sup_21_where_an_answer_goes(acme: Workspace) -> None:
    def goes(**fields: object) -> str:
        (ticket,) = acme.tickets.set("T-1001", fields)
        return answer_goes_to(ticket)

    assert answer_goes_to(acme.tickets.find("T-1001")) == "#fleet-at-acme"
    link = "https://acme.slack.com/archives/C1/p1"
    assert goes(link=link) == f"#fleet-at-acme, in the thread {link}"
    assert goes(channel="jo@acme.example", link="") == "a mail to jo@acme.example"
    assert goes(channel="", contact="Jo Park") == "your conversation with Jo Park"
    assert goes(by_dm="yes") == "your direct message with Jo Park"
