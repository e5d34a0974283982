"""What happened to tickets, and taking it back, in words that people use."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from fleettui.store.protocol import Change
from fleettui.workspace.done_wording import done_words
from fleettui.workspace.workspace import Workspace
from screens.shell.history import change_words, story
from tests.support.clocks import MONDAY_MORNING


@pytest.fixture
def three(workspace: Workspace) -> list[str]:
    return [workspace.tickets.new("Acme", "It fails").id for _ in range(3)]


def test_what_was_taken_back_is_said_in_the_words_of_what_happened(
    workspace: Workspace, three: list[str]
) -> None:
    workspace.tickets.wait(three[1])
    undone = workspace.history.undo()
    assert (undone.text, undone.verb, undone.fields) == (
        "Took back “waits for them” on T-1002.",
        "tickets.wait",
        ("status",),
    )
    workspace.tickets.set(three[0], {"late_why": "We slept", "priority": "P1"})
    assert workspace.history.undo().text == "Took back “changed” on T-1001 (priority, level, late why)."


def test_what_went_back_together_is_counted(workspace: Workspace, three: list[str]) -> None:
    workspace.tickets.take(three)
    undone = workspace.history.undo(three[0])
    assert (undone.text, undone.together) == ("Took back “taken” on T-1001 and 2 more.", 3)
    assert {one.assignee for one in workspace.tickets.all()} == {""}
    workspace.tickets.new("Acme", "One too many")
    assert workspace.history.undo("T-1004").text == "Took back “came in” on T-1004."


def test_a_period_of_a_ritual_is_called_by_the_ritual(workspace: Workspace) -> None:
    workspace.rituals.tick("RIT-1")
    assert workspace.history.undo().text == "Took back “ticked” on RIT-1."


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("tickets.new", "came in"),
        ("calls.new", "planned"),
        ("playbooks.start", "begun"),
        ("oncall.swap_it", "swap it"),
    ],
)
def test_a_verb_has_its_own_words_or_those_of_its_last_word(verb: str, words: str) -> None:
    assert done_words(verb) == words


def test_the_history_tells_times_as_people_read_them(workspace: Workspace, three: list[str]) -> None:
    workspace.tickets.snooze(three[0], MONDAY_MORNING + timedelta(hours=25))
    workspace.tickets.reopen(three[0])
    told = [para.text for para in story(workspace, three[0])]
    assert told[0] == "status: snoozed → open, snooze until: Tue 10 Mar 10:00 PDT → nothing"
    assert told[1] == "status: open → snoozed, snooze until: Tue 10 Mar 10:00 PDT"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-11-22T08:29:50.689657Z", "Sun 22 Nov 00:29 PST"),
        ("2026-03-09T16:00:00+00:00", "Mon 9 Mar 09:00 PDT"),
        ("2026-99-22T08:29:50Z", "2026-99-22T08:29:50Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("on 2026-11-22T08:29:50Z", "on 2026-11-22T08:29:50Z"),
    ],
)
def test_only_a_moment_is_told_as_one(written: str, words: str) -> None:
    change = Change(("late_why",), "", written)
    assert change_words(change, ZoneInfo("America/Los_Angeles")) == f"late why: {words}"
