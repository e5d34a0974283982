"""Triage in a real terminal: the daily path, several sessions at one queue, drafts that survive, text that attacks."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.domain.tickets.model import Message, Ticket
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.terminal import PATIENCE, Terminal

HOUR = timedelta(hours=1)
AS_SOMEBODY = """
import os, sys
from pathlib import Path
from fleettui.workspace.workspace import Workspace
from screens.app import run
home = Path(os.environ["FLEETTUI_HOME"])
sys.exit(run(Workspace.open(home, login=sys.argv[1]), sys.argv[2]))
"""
"""The app as the command line opens it, but for another account than the tests'."""
Open = Callable[..., Terminal]


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme", tier="Ultimate", hosts="1200")
    workspace.customers.add("Bright Foods", tier="Premium", hosts="120")
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme")
    asked(workspace, "Bright Foods", "How do we enrol Linux hosts?", "P3", 5)
    return workspace


def asked(
    workspace: Workspace, customer: str, subject: str, priority: str, ago: float, *, channel: str = ""
) -> Ticket:
    at = workspace.now() - ago * HOUR
    return workspace.tickets.new(customer, subject, priority=priority, at=at, by="Jo Park", channel=channel)


@pytest.fixture
def session(workspace: Workspace, tmp_path: Path) -> Iterator[Open]:
    """Opens the app for somebody, on Triage."""
    with ExitStack() as all_of_them:

        def start(
            login: str = "kathy", columns: int = 80, rows: int = 24, screen: str = "triage"
        ) -> Terminal:
            env = {
                "FLEETTUI_HOME": str(workspace.home),
                "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
                "XDG_STATE_HOME": str(tmp_path / "state" / login),
                "XDG_CONFIG_HOME": str(tmp_path / "config"),
            }
            argv = [sys.executable, "-c", AS_SOMEBODY, login, screen]
            return all_of_them.enter_context(Terminal(argv, columns=columns, rows=rows, env=env))

        yield start


def now(workspace: Workspace, id_: str) -> Ticket:
    workspace.refresh()
    return workspace.tickets.find(id_)


def answers(workspace: Workspace, id_: str) -> list[tuple[str, str]]:
    return [
        (message.by, message.body) for message in now(workspace, id_).messages if message.direction == "out"
    ]


# The daily path


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_open_find_read_take_answer_wait_next(
    queue: Workspace, session: Open, columns: int, rows: int
) -> None:
    terminal = session(columns=columns, rows=rows, screen="today")
    terminal.wait_for("Today")
    terminal.send("4")
    terminal.wait_for("T-1001")
    terminal.send("/")
    terminal.send(*"error")
    terminal.wait_for("1 of 2")
    terminal.send("enter", "enter")
    terminal.wait_for("Timeline, newest first")
    terminal.send("t")
    terminal.wait_for("T-1001: yours")
    terminal.send("r")
    terminal.wait_for("Answer T-1001")
    terminal.send("\x14", *"fol")
    terminal.wait_for("Ask how it stands")
    terminal.send("enter")
    terminal.wait_for("I wanted to see how things are")
    terminal.send("\x1bOR")
    terminal.wait_for("waiting for them now")
    ticket = now(queue, "T-1001")
    assert (ticket.assignee, ticket.status) == ("kathy", "waiting")
    (sent,) = answers(queue, "T-1001")
    assert terminal.copied()[-1] == sent[1]
    terminal.send("J")
    terminal.wait_for("How do we enrol Linux hosts?")
    terminal.wait_for("T-1002 · P3")


def test_eight_keys_from_the_queue_to_a_recorded_templated_answer(queue: Workspace, session: Open) -> None:
    terminal = session()
    terminal.wait_for("▌")
    keys = ["r", "\x14", *"fol", "enter", "ctrl+s"]
    terminal.send(*keys)  # typed ahead, as a practised hand does
    terminal.wait_for("Recorded: T-1001 is answered")
    assert len(keys) <= 8
    assert len(answers(queue, "T-1001")) == 1


# Several at work


def test_three_sessions_lose_and_double_no_answer(queue: Workspace, session: Open) -> None:
    people = ("kathy", "zay", "alex")
    terminals = [session(login) for login in people]
    for terminal in terminals:
        terminal.wait_for("▌")
        terminal.send("r")
        terminal.wait_for("Answer T-1001")
    for terminal, login in zip(terminals, people, strict=True):
        terminal.send(*f"It is me, {login}")
    for terminal, login in zip(terminals, people, strict=True):
        terminal.wait_for(f"It is me, {login}")
    for terminal in terminals:
        terminal.send("ctrl+s")
    for terminal in terminals:
        terminal.wait_for(lambda lines: any("Recorded" in line or "Not sent" in line for line in lines))
    stopped = [terminal for terminal in terminals if any("Not sent" in line for line in terminal.screen())]
    assert len(answers(queue, "T-1001")) == 1
    assert len(stopped) == 2
    (first, _) = answers(queue, "T-1001")[0]
    for terminal in stopped:
        terminal.wait_for(f"It is me, {first}")
    stopped[0].send("ctrl+s")
    stopped[0].wait_for("Recorded")
    assert len(answers(queue, "T-1001")) == 2


def test_all_screens_agree(queue: Workspace, session: Open) -> None:
    first, second, third = (session(login) for login in ("kathy", "zay", "alex"))
    for terminal in (first, second, third):
        terminal.wait_for("▌")
        terminal.quiet(0.3)
    first.send("t")
    first.wait_for("T-1001: yours")
    for terminal in (second, third):
        terminal.wait_for(lambda lines: any("T-1001" in line and " Kathy" in line for line in lines))


def test_who_else_is_there_is_shown_and_vanishes_when_the_session_is_killed(
    queue: Workspace, session: Open
) -> None:
    first, second = session("kathy"), session("zay")
    for terminal in (first, second):
        terminal.wait_for("▌")
        terminal.quiet(0.3)
    second.send("r")
    second.wait_for("Answer T-1001")
    first.wait_for("✎ Zay Hanlon")
    second.kill(signal.SIGKILL)
    first.wait_gone("Zay Hanlon")
    first.wait_gone("✎")


# Drafts


@pytest.mark.parametrize("end", ["killed", "hung up"])
def test_a_draft_survives(queue: Workspace, session: Open, end: str) -> None:
    terminal = session()
    terminal.wait_for("▌")
    terminal.send("r")
    terminal.wait_for("Answer T-1001")
    terminal.send(*"Half a sentence")
    terminal.wait_for("Half a sentence")
    if end == "killed":
        kept = queue.home / "drafts" / "kathy" / "answer%20T-1001.txt"
        until = time.perf_counter() + PATIENCE
        while not (kept.exists() and "Half a sentence" in kept.read_text()):
            assert time.perf_counter() < until
            terminal.read(0.05)
        terminal.kill(signal.SIGKILL)
    else:
        pid = terminal.process.pid
        terminal.hang_up()
        until = time.perf_counter() + PATIENCE
        while os.path.exists(f"/proc/{pid}") and time.perf_counter() < until:  # noqa: PTH110
            os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
    again = session()
    again.wait_for("▌")
    again.send("r")
    again.wait_for("What you typed before is back")
    again.wait_for("Half a sentence")


# Text that attacks

ATTACKS = {
    "markup": "[@click=app.quit]press[/] [link=file:///etc/passwd]x[/link]",
    "title": "\x1b]0;pwned\x07",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "clear": "\x1b[2J\x1b[H\x1bc",
    "eight bit": "\x9b2J\x9d0;pwned\x9c",
    "bidi": "invoice\u202egnp.exe\u2066",
    "nul": "a\x00b\x08\x7f",
    "accents": "e" + "\u0301" * 400,
    "wide": "表情🧑‍🚀" * 60,
    "lines": "one\r\ntwo\rthree\u2028four",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_text_reaches_the_terminal_harmless(queue: Workspace, session: Open, name: str) -> None:
    """As if no intake had cleaned it: straight into the store."""
    put(queue, ATTACKS[name] + " end", labels=(ATTACKS[name][:60],))
    terminal = session(columns=120, rows=40)
    terminal.wait_for("T-1900")
    terminal.send("/", *"1900", "enter", "enter")
    terminal.wait_for("Unanswered")
    for keys in ("x", "escape", "p", "escape", "#", "escape", "r", "\x0f", "escape", "escape", "e", "escape"):
        terminal.send(keys)
        terminal.quiet(0.1)
    assert terminal.process.isalive()
    assert_harmless(bytes(terminal.raw))
    terminal.send("\x11")
    assert terminal.wait_exit() == 0


def assert_harmless(raw: bytes) -> None:
    for forbidden in (b"\x1b]0;pwned", b"cHduZWQ=", b"\x1bc", b"\x00", b"\xc2\x9b", b"\xc2\x9d", b"\xc2\x85"):
        assert forbidden not in raw, forbidden
    for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028":
        assert sign.encode() not in raw, repr(sign)
    assert "\u0301".encode() * 5 not in raw
    after_start = raw.partition(b"\x1b[?1049h")[2]
    assert after_start.count(b"\x1b[2J") <= 2, "the screen was cleared by a text"


@pytest.mark.parametrize("what", ["a subject of a megabyte", "ten thousand labels", "a body of a megabyte"])
def test_what_is_far_too_long_is_cut_and_costs_little(queue: Workspace, session: Open, what: str) -> None:
    much = "x" * 1_000_000
    if what == "ten thousand labels":
        put(queue, "Many labels", labels=tuple(f"label {number}" for number in range(10_000)))
    elif what == "a body of a megabyte":
        put(queue, "A long body", body=("word " * 200_000))
    else:
        put(queue, much)
    terminal = session(columns=120, rows=40)
    terminal.wait_for("T-1900")
    terminal.send("/", *"1900", "enter", "enter")
    terminal.wait_for("Unanswered")
    assert len(terminal.raw) < 60_000
    terminal.send("\x11")
    assert terminal.wait_exit() == 0


def put(workspace: Workspace, subject: str, *, labels: tuple[str, ...] = (), body: str = "") -> None:
    at = MONDAY_MORNING - HOUR
    message = Message(
        key="m1",
        at=at,
        by=subject[:2000],
        direction="in",
        body=body or subject,
        rev=1,
        files=(subject[:300],),
    )
    made = Ticket(
        id="T-1900",
        subject=subject,
        customer=subject[:2000],
        tier="Ultimate",
        priority="P1",
        status="open",
        opened_at=at,
        channel=subject[:2000],
        contact=subject[:2000],
        labels=labels,
        messages=(message,),
        details={"server-version": subject[:2000]},
    )
    workspace.store.change(TICKETS, "T-1900", lambda _: made, workspace.session.stamp("test"))
