"""`fleettui follow`: each event on a line, once, however often and wherever it is cut off; and `fleettui inbox`."""

from __future__ import annotations

import getpass
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.command_line import InProcess

ME = getpass.getuser()
KEYS = {"cursor", "at", "kind", "for", "collection", "id", "by", "text"}


@pytest.fixture
def demo(made: Callable[..., Workspace]) -> InProcess:
    workspace = made(demo=True)
    workspace.close()
    return InProcess(workspace.home)


def at(demo: InProcess, login: str, hours: float = 0) -> Workspace:
    return Workspace.open(demo.home, clock=frozen_clock(NOW + timedelta(hours=hours)), login=login)


def lines(demo: InProcess, *words: str) -> list[dict[str, Any]]:
    text = demo.ok("follow", "--once", "--json", *words)
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_an_event_with_what_scripts_rely_on(demo: InProcess) -> None:
    events = lines(demo, "--since", "start")
    assert len(events) > 10
    assert all(event.keys() >= KEYS and event["for"] for event in events)
    assert all(" " not in event["cursor"] for event in events)
    assert (
        len({event["cursor"] for event in events}) == len(events) == len({event["key"] for event in events})
    )


def test_from_each_cursor_exactly_the_rest_follows(demo: InProcess) -> None:
    events = lines(demo, "--since", "start")
    for place, event in enumerate(events, 1):
        assert lines(demo, "--since", event["cursor"]) == events[place:]


def test_what_happens_between_two_runs_comes_with_the_next(demo: InProcess) -> None:
    cursor = lines(demo, "--since", "start")[-1]["cursor"]
    assert lines(demo, "--since", cursor) == [] == lines(demo)
    mara = at(demo, "mara")
    mara.tickets.assign("T-1003", "tobias")
    mara.tickets.note("T-1003", "@ines and @wen, what do you think?")
    events = lines(demo, "--since", cursor)
    news = [(event["kind"], event["for"], event["by"]) for event in events]
    assert ("assigned", ["tobias"], "mara") in news
    assert ("mentioned", ["ines", "wen"], "mara") in news
    assert lines(demo, "--since", events[-1]["cursor"]) == []


def test_what_is_no_cursor_is_refused(demo: InProcess) -> None:
    assert "this is no cursor" in demo.fails(1, "follow", "--once", "--since", "yesterday")
    assert "this is no cursor" in demo.fails(1, "follow", "--once", "--since", "x~1~~0")
    assert "give a cursor" in demo.fails(2, "follow", "--once", "--since", "")


def test_for_people_each_event_is_a_plain_line(demo: InProcess) -> None:
    assert "assigned" in demo.ok("follow", "--once", "--since", "start")


class Following:
    """The real command, in a process of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        environment = {**os.environ, "FLEETTUI_HOME": str(home)}
        environment.pop("FLEETTUI_NOW", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fleettui", "follow", "--json", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout

    def line(self) -> dict[str, Any]:
        return dict(json.loads(self.output.readline()))

    def end(self) -> tuple[int, bytes]:
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@pytest.mark.slow
def test_it_follows_until_it_is_ended_and_ends_cleanly(demo: InProcess) -> None:
    mara = at(demo, "mara")
    start = mara.inbox.here()
    following = Following(demo.home, "--since", start)
    for ticket, login in (("T-1003", "wen"), ("T-1007", "ines")):
        mara.tickets.assign(ticket, login)
        while (event := following.line())["kind"] != "assigned":
            pass
        assert (event["id"], event["for"]) == (ticket, [login])
    following.process.send_signal(signal.SIGTERM)
    assert following.end() == (0, b"")


@pytest.mark.slow
def test_it_ends_when_its_reader_goes_away_also_while_nothing_happens(demo: InProcess) -> None:
    following = Following(demo.home)
    time.sleep(0.5)
    following.output.close()
    assert following.process.wait(timeout=60) == 0


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_behind_the_last_line(demo: InProcess) -> None:
    mara = at(demo, "mara")
    cursor, expected, got = mara.inbox.here(), [], []
    for turn in range(12):
        following = Following(demo.home, "--since", cursor)
        text = f"@ines number {turn}"
        mara.tickets.note("T-1003", text)
        expected.append(text)
        while True:
            event = following.line()
            cursor = event["cursor"]
            if event["kind"] == "mentioned":
                got.append(event["text"].partition(": ")[2])
            if got[-1:] == [text]:
                break
        following.process.kill()
        following.process.communicate()
    assert got == expected


# -- the inbox


def test_the_inbox_is_listed_and_seen(demo: InProcess) -> None:
    demo.ok("people", "add", ME)
    at(demo, "mara").tickets.assign("T-1003", ME)
    events = demo.json("inbox", "--unseen")
    assert events[0]["id"] == "T-1003" and events[0]["kind"] == "assigned" and not events[0]["seen"]
    assert "T-1003" in demo.ok("inbox")
    assert demo.json("inbox", "seen", "T-1003")["seen"][0]["id"] == "T-1003"
    assert "T-1003" not in demo.ok("inbox", "--unseen")
    demo.ok("inbox", "seen")
    assert demo.ok("inbox", "--unseen") == "Nothing is unseen.\n"
    assert demo.json("inbox", "--unseen") == [] and demo.json("inbox")[0]["seen"]
    assert "nothing in your inbox" in demo.fails(1, "inbox", "seen", "T-9999")


def test_what_i_follow_is_listed_and_let_go(demo: InProcess) -> None:
    assert demo.json("inbox", "follow", "t-1003") == {"following": ["T-1003"]}
    assert demo.ok("inbox", "follow") == "T-1003\n"
    assert demo.json("inbox", "unfollow", "T-1003") == {"following": []}
    assert "you do not follow" in demo.fails(1, "inbox", "unfollow", "T-1003")


def test_who_follows_a_ticket_is_named_to_scripts_and_the_team_may_read_it(demo: InProcess) -> None:
    here = lines(demo, "--since", "start")[-1]["cursor"]
    wen = at(demo, "wen")
    wen.inbox.follow("T-1003")
    wen.close()
    demo.ok("tickets", "received", "T-1003", "--body", "Any news?")
    (event,) = [line for line in lines(demo, "--since", here) if line["kind"] == "answered"]
    assert event["id"] == "T-1003" and "wen" in event["for"]
    assert "follow" not in (demo.home / "seen/wen.follows").read_text()
    (demo.home / "seen/wen.follows").write_text("no json")
    assert all("wen" not in line["for"] for line in lines(demo, "--since", here) if line["id"] == "T-1003")


def test_settings_are_changed_together_or_not_at_all(demo: InProcess) -> None:
    changed = demo.json("inbox", "settings", "touched=off", "quiet-hours=22:00-7:00")
    assert changed["kinds"]["touched"] == "off" and changed["quiet_hours"] == "22:00-07:00"
    assert "none of on, quiet, off" in demo.fails(2, "inbox", "settings", "p0=off", "assigned=loud")
    assert demo.json("inbox", "settings")["kinds"]["p0"] == "on"


def test_a_note_says_whom_it_could_not_call(demo: InProcess) -> None:
    for login, name in (("wen", "Sam Zhao"), ("ravi", "Sam Petrov")):
        demo.ok("people", "edit", login, f"name={name}")
    result = demo.run("tickets", "note", "T-1003", "@Sam, please")
    assert result.returncode == 0
    assert "@Sam could be 2 people, so nobody is told: write @ravi or @wen" in result.stderr
