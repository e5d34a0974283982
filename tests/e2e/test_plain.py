"""`fleettui --plain` in a real terminal, by somebody who hears what is written and feels the line of the cursor, and sees no
screen.

The ten daily acts are done twice, as drawn and as told, with the keys counted: what takes more than half as many again would be
for nobody who works with it all day.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from fleettui.config import login
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.plain_reader import PlainReader, key
from tests.support.terminal import PATIENCE, Terminal

MOST_KEYS = 1.5
"""Times the keys of the ordinary mode."""
RISES = re.compile(rb"\x1b\[\d+A")

Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """The app on a demo workspace of its own: start("plain", "--plain", TERM="dumb")."""
    with ExitStack() as all_of_them:

        def started(name: str, *options: str, columns: int = 100, **surroundings: str) -> Terminal:
            home = tmp_path / name
            if not home.exists():
                make_home(home, MONDAY_MORNING, login(), demo=True)
            env = {
                "FLEETTUI_HOME": str(home),
                "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
                "HOME": str(tmp_path),
                "XDG_STATE_HOME": str(tmp_path / f"state-{name}"),
                **surroundings,
            }
            # Without the variables of Python, which a restricted start refuses.
            argv = [sys.executable, "-E", "-m", "fleettui", *options]
            return all_of_them.enter_context(Terminal(argv, columns=columns, env=env, cwd=tmp_path))

        yield started


@pytest.fixture
def reader(start: Start) -> PlainReader:
    """On Today, with a terminal that knows line ends and no more."""
    reader = PlainReader(start("plain", "--plain", TERM="dumb", columns=200))
    reader.hears("# Today")
    reader.hears("Next promise")  # a second later
    reader.hears("1 of ")
    return reader


class Act(NamedTuple):
    """What a person does many times a day."""

    drawn: tuple[str, ...]
    """The keys by which it is done on the screens; what is typed counts letter by letter."""
    told: tuple[str, ...]
    """The keys by which it is done in the plain mode."""
    hears: str
    """What is said of it in the plain mode."""
    reads: str
    """What is then on the line of the cursor."""
    verb: str = ""
    """What it is called in the history."""
    shows: str = ""
    """Where it changes nothing: what stands on the lit row in the end."""


def alike(keys: tuple[str, ...], *, hears: str, reads: str, verb: str = "", shows: str = "") -> Act:
    """The plain mode has the keys of the screens."""
    return Act(keys, keys, hears, reads, verb, shows)


ENTER = "\r"
RITUALS, CALLS, TRIAGE, PLAYBOOKS, CUSTOMERS = (
    key(f"go.{name}") for name in ("rituals", "calls", "triage", "playbooks", "customers")
)
NEXT, SEND = key("triage.next"), key("composer.send")
SUBJECT = "Live queries stop after a minute"
ACTS = {
    "tick a ritual": alike(
        (RITUALS, key("rituals.tick")),
        hears="done, Overnight customer feedback",
        reads="2 of 6: open, Customer follow-up",
        verb="rituals.tick",
    ),
    "take and answer the next ticket": alike(
        (TRIAGE, NEXT, key("triage.take"), key("triage.reply"), "Try 4.67.", SEND),
        hears="Recorded: T-1007 is answered",
        reads=SUBJECT,
        verb="tickets.reply",
    ),
    "note": alike(
        (TRIAGE, NEXT, key("triage.note"), "Seen before.", SEND),
        hears="T-1007: noted",
        reads=SUBJECT,
        verb="tickets.note",
    ),
    "snooze": alike(
        (TRIAGE, key("triage.snooze"), ENTER), hears="T-1007: put away", reads="1 of", verb="tickets.snooze"
    ),
    "resolve": alike(
        (TRIAGE, key("list.bottom"), key("list.up"), key("triage.resolve"), ENTER),
        hears="T-1011: resolved",
        reads="of 11: ",
        verb="tickets.resolve",
    ),
    "a step of a call": alike(
        (CALLS, key("calls.tick"), key("calls.tick")),
        hears="done: Join two to three minutes before the start",
        reads="8 of 11: Nobody here",
        verb="calls.check",
    ),
    "a missed call": alike(
        (CALLS, key("calls.nobody"), key("calls.tick")),
        hears="done: Slack, in the shared channel",
        reads="3 of 16: to do: E-mail",
        verb="calls.missed",
    ),
    "another time for a call": alike(
        (CALLS, key("calls.rebook"), ENTER),
        hears="Tuesday 10 March, 16:00 GMT",
        reads="Tue 09:00, in 1 d",
        verb="calls.rebook",
    ),
    "begin a playbook": alike(
        (PLAYBOOKS, key("list.bottom"), key("playbooks.begin"), "bright", ENTER),
        hears="is begun",
        reads="1 of 5: Have they signed",
        verb="playbooks.start",
    ),
    "find a customer": alike(
        (CUSTOMERS, key("board.filter"), "kes", ENTER),
        hears="1 of 1: Kestrel Analytics",
        reads="1 of 1: Kestrel Analytics",
        shows="Kestrel Analytics",
    ),
}


def done(workspace: Workspace, verb: str) -> int:
    """How often I did it."""
    entries = [happening.entry for happening in workspace.history.lately(10_000)]
    return sum(entry.verb == verb and entry.by == workspace.me.login for entry in entries)


def wait_until_done(home: Path, verb: str, before: int, terminal: Terminal) -> None:
    end = time.perf_counter() + PATIENCE
    while done(opened(home), verb) == before:
        assert time.perf_counter() < end, f"never done: {verb}\n{terminal.picture()}"
        terminal.read(0.1)


def opened(home: Path) -> Workspace:
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING))


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_a_daily_act_takes_few_keys_more_than_on_the_screens(start: Start, tmp_path: Path, name: str) -> None:
    act = ACTS[name]
    drawn = start("drawn", columns=80)
    drawn.wait_for("● open")
    before = done(opened(tmp_path / "drawn"), act.verb)
    for keys in act.drawn:
        drawn.send(keys)
        drawn.quiet(0.15)
    if act.verb:
        wait_until_done(tmp_path / "drawn", act.verb, before, drawn)
    else:
        drawn.wait_for(lambda screen: act.shows in screen[drawn.cursor()[1]])
    reader = PlainReader(start("told", "--plain", TERM="dumb", columns=200))
    reader.hears("# Today")
    for keys in act.told:
        reader.press(keys)
        reader.is_answered()
    reader.hears(act.hears)
    reader.reads(act.reads)
    if act.verb:
        wait_until_done(tmp_path / "told", act.verb, before, reader.terminal)
    assert len("".join(act.told)) <= MOST_KEYS * len("".join(act.drawn))


# What is said


def test_it_says_where_one_is_and_every_move_in_one_line(reader: PlainReader) -> None:
    reader.press(TRIAGE)
    reader.hears("# Triage: All open: 12")
    reader.reads("over, was due")
    for command, words in (
        ("list.down", "2 of 12: new, T-1006"),
        ("list.bottom", "12 of 12: "),
        ("list.top", "1 of 12: "),
    ):
        reader.press(key(command))
        assert reader.hears(words).startswith(words)
    reader.press(key("list.up"))
    reader.hears("1 of 12: ")


def test_a_terminal_that_knows_only_line_ends_gets_nothing_else(reader: PlainReader) -> None:
    reader.press(TRIAGE, key("list.down"), ENTER)
    reader.hears("No host answers since the upgrade")
    reader.press("\x1b")
    reader.hears("2 of 12")
    reader.press(key("app.leave"))
    assert reader.terminal.wait_exit() == 0
    sent = bytes(reader.terminal.raw)
    assert b"\x1b" not in sent
    assert not any(sign in sent.decode() for sign in "─│└▌●○✓✗◷▸")


def test_on_other_terminals_the_cursor_is_at_the_beginning_of_a_row_of_several_lines(start: Start) -> None:
    reader = PlainReader(start("plain", "--plain", TERM="xterm", columns=60))
    reader.hears("# Today")
    reader.press(TRIAGE)
    reader.reads("1 of 12: new, T-1007")
    assert reader.terminal.cursor()[0] == 0
    reader.press(key("list.down"))
    reader.reads("2 of 12: ")
    assert b"\x1b" not in RISES.sub(b"", bytes(reader.terminal.raw)), "nothing but lines up"


def test_a_number_goes_to_its_row(reader: PlainReader) -> None:
    reader.press(TRIAGE)
    reader.hears("1 of 12")
    reader.press(key("plain.number"))
    reader.hears("1 to 12; Enter goes there")
    reader.press("99", ENTER)
    reader.hears("There are the numbers 1 to 12.")
    reader.press("\x7f\x7f", "7", ENTER)
    reader.hears("7 of 12: ")


def test_the_whole_screen_is_read_on_demand(reader: PlainReader) -> None:
    reader.press(RITUALS)
    reader.hears("1 of 6")
    reader.press(key("app.redraw"))
    text = reader.hears("Keys: ")
    assert "# Rituals" in text
    assert "## Daily" in text
    assert text.index(" 1: open") < text.index(" 2: open") < text.index("## Weekly")
    reader.hears("1 of 6: ")


def test_what_is_typed_stands_on_the_line_of_the_cursor(reader: PlainReader) -> None:
    reader.press(RITUALS, key("rituals.edit"))
    reader.reads("Name: Overnight customer feedback")
    reader.press("s!")
    reader.reads("Name: Overnight customer feedbacks!")
    reader.press("\x7f")
    reader.reads("Name: Overnight customer feedbacks ")
    reader.press("\x1b[D", "X")
    reader.reads("Name: Overnight customer feedbackXs")
    reader.press("\x1b")
    reader.hears("Kept as a draft")
    reader.reads("1 of 6: ")


def test_the_keys_that_work_are_read_row_by_row(reader: PlainReader) -> None:
    reader.press(key("app.help"))
    reader.hears("# Keys that work here")
    reader.reads("1 of ")
    reader.press(key("list.down"))
    reader.reads("2 of ")


def test_what_others_do_is_said_while_one_stands_there(reader: PlainReader, tmp_path: Path) -> None:
    reader.press(TRIAGE)
    reader.hears("1 of 12: ")
    reader.press(key("list.top"))
    reader.hears("1 of 12: ")
    reader.terminal.quiet(0.6)
    tobias = Workspace.open(tmp_path / "plain", clock=frozen_clock(MONDAY_MORNING), login="tobias")
    reader.press()
    tobias.tickets.take("T-1007")
    reader.hears("Tobias Okafor")
    reader.reads("1 of 12: ")


def test_what_stands_below_the_list_of_triage_is_read_with_its_row(
    reader: PlainReader, tmp_path: Path
) -> None:
    """Its clock, who looks at it, its labels, whether somebody has chosen its priority."""
    reader.press(TRIAGE)
    reader.hears("30 m over, was due today 08:30")
    tobias = Workspace.open(tmp_path / "plain", clock=frozen_clock(MONDAY_MORNING), login="tobias")
    reader.press()
    tobias.tickets.label(["T-1007"], ["queries", "beta"])
    reader.hears("labels queries, beta")
    tobias.presence.enter()
    tobias.presence.show("triage", "T-1007", True)
    reader.press()
    reader.hears("Tobias Okafor answers it")
    reader.press(key("plain.number"))
    reader.press("6", ENTER)
    reader.hears("not triaged")


def test_the_variable_and_the_option_mean_the_same(start: Start) -> None:
    reader = PlainReader(start("plain", FLEETTUI_PLAIN="1", TERM="dumb"))
    reader.hears("# Today")


def test_a_restricted_account_may_have_it_too(start: Start, tmp_path: Path) -> None:
    """As by SSH: the administrator's words stand in the line of the key, those of the person in a variable."""
    reader = PlainReader(
        start(
            "plain",
            "--restricted",
            "--home",
            str(tmp_path / "plain"),
            TERM="dumb",
            SSH_ORIGINAL_COMMAND="--plain",
        )
    )
    reader.hears("# Today")


def test_a_killed_end_leaves_a_line_terminal_as_it_was(reader: PlainReader) -> None:
    reader.terminal.process.terminate()
    reader.terminal.wait_exit()
    assert b"\x1b" not in reader.terminal.raw


def test_everything_is_found_by_its_name(reader: PlainReader) -> None:
    reader.press(key("app.palette"))
    reader.hears("Esc close")
    reader.press("snoozed")
    reader.hears("snoozed")
    reader.reads("1 of ")
    reader.press(ENTER)
    reader.hears("# Triage")


def test_a_text_that_opens_over_a_screen_is_read_whole(reader: PlainReader) -> None:
    reader.press(TRIAGE)
    reader.hears("1 of 12")
    reader.press(key("triage.explain"))
    text = reader.hears("Keys: ")
    assert len(text) > 200, text
    reader.press("\x1b")
    reader.reads("1 of 12: ")
