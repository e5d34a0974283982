"""Undo that one can trust: what I did here, newest first; all else is asked first, and what arrived is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.errors import Refused
from fleettui.store.tinydb import preparing
from fleettui.time.clock import Clock, frozen_clock, machine_microseconds, system_clock
from fleettui.workspace import session
from fleettui.workspace.undoing import Unsure
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

HOUR = timedelta(hours=1)


def opened(
    workspace: Workspace, login: str = "kathy", at: datetime = MONDAY_MORNING, **more: Any
) -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(at), login=login, **more)


@pytest.fixture
def ticket(workspace: Workspace) -> str:
    """Made by somebody else."""
    return opened(workspace, "zay").tickets.new("Acme", "It fails", priority="P2").id


@pytest.fixture
def app(workspace: Workspace, ticket: str) -> Workspace:
    """As the app opens it: a session of its own."""
    return opened(workspace, in_app=True)


def mailed(workspace: Workspace, subject: str, number: str, *headers: str) -> str:
    """The ticket that a mail came to."""
    lines = [
        "From: Leo Marsh <leo@acme.example>",
        "To: support@fleet.example",
        f"Subject: {subject}",
        f"Message-ID: <{number}@acme.example>",
        "Date: Mon, 9 Mar 2026 08:00:00 -0700",
        *headers,
        "",
        f"{subject}, please look.",
    ]
    (outcome,) = workspace.intake.mail(["\r\n".join(lines).encode()])
    assert outcome.ticket, outcome.why
    return outcome.ticket


def doubts_of(workspace: Workspace, id_: str | None = None, here: frozenset[str] | None = None) -> str:
    with pytest.raises(Unsure) as unsure:
        workspace.history.undo(id_, here=here)
    return " and ".join(unsure.value.step.doubts)


def test_undo_goes_back_over_all_collections_in_the_order_of_writing(app: Workspace, ticket: str) -> None:
    """The clock stands still, and so do all times of the history."""
    app.tickets.take(ticket)
    app.people.edit("zay", {"group": "Unicorns"})
    app.tickets.note(ticket, "Seen before")
    app.rituals.tick("RIT-1")
    undone = [app.history.undo() for _ in range(4)]
    assert [done.verb for done in undone] == ["rituals.tick", "tickets.note", "people.edit", "tickets.take"]
    assert undone[1].text == f"Took back “noted” on {ticket} · It fails, today 09:00."


def test_redo_brings_back_what_undo_took_one_after_the_other(app: Workspace, ticket: str) -> None:
    app.tickets.take(ticket)
    app.tickets.set(ticket, {"priority": "P1"})
    app.people.edit("zay", {"group": "Unicorns"})
    for _ in range(2):
        for _ in range(3):
            app.history.undo()
        assert (app.tickets.find(ticket).assignee, app.people.get("zay").group) == ("", "")
        again = [app.history.redo() for _ in range(3)]
        assert [done.verb for done in again] == ["tickets.take", "tickets.set", "people.edit"]
        now = app.tickets.find(ticket)
        assert (now.assignee, now.priority, app.people.get("zay").group) == ("kathy", "P1", "Unicorns")
    assert again[0].text == f"Did again: “taken” on {ticket} · It fails, today 09:00."
    with pytest.raises(Refused, match="nothing to do again"):
        app.history.redo()


def test_a_new_change_of_mine_ends_what_can_be_done_again(app: Workspace, ticket: str) -> None:
    app.tickets.take(ticket)
    app.history.undo()
    app.tickets.note(ticket, "Seen before")
    with pytest.raises(Refused, match="nothing to do again"):
        app.history.redo()
    app.history.undo()
    assert app.history.redo().verb == "tickets.note"
    with pytest.raises(Refused, match="nothing to do again"):
        app.history.redo()


def test_what_others_changed_since_stays(app: Workspace, workspace: Workspace, ticket: str) -> None:
    app.tickets.set(ticket, {"priority": "P1"})
    app.tickets.take(ticket)
    opened(workspace, "zay").tickets.set(ticket, {"priority": "P0"})
    app.refresh()
    assert app.history.undo().verb == "tickets.take"
    with pytest.raises(Refused, match="zay changed it later"):
        app.history.undo()
    assert app.tickets.find(ticket).priority == "P0"


def test_redo_leaves_what_others_changed_since(app: Workspace, workspace: Workspace, ticket: str) -> None:
    app.tickets.take(ticket)
    app.history.undo()
    opened(workspace, "zay").tickets.take(ticket)
    app.refresh()
    with pytest.raises(Refused, match=r"zay changed it later .* so what was taken back cannot be done again"):
        app.history.redo()
    assert app.tickets.find(ticket).assignee == "zay"


def test_many_that_were_changed_together_are_one_undo_and_one_redo(app: Workspace) -> None:
    ids = [app.tickets.new("Acme", "It fails").id for _ in range(250)]
    app.tickets.note(ids[0], "Before")
    app.tickets.take(ids)
    assert app.history.undo().together == 250
    assert app.history.redo().together == 250
    assert {app.tickets.find(id_).assignee for id_ in ids} == {"kathy"}
    app.history.undo()
    assert app.history.undo().verb == "tickets.note"


def test_what_i_did_before_or_beside_this_session_is_asked_first(
    app: Workspace, workspace: Workspace, ticket: str
) -> None:
    app.tickets.take(ticket)
    opened(workspace).people.edit("zay", {"group": "Unicorns"})
    app.refresh()
    assert app.history.undo().verb == "tickets.take"
    assert doubts_of(app) == "was not done in this session"
    assert app.history.undo(sure=True).verb == "people.edit"


def test_a_command_takes_back_a_quarter_of_an_hour_and_asks_before_more(
    workspace: Workspace, ticket: str
) -> None:
    workspace.tickets.take(ticket)
    assert doubts_of(opened(workspace, at=MONDAY_MORNING + HOUR)) == "is older than 15 minutes"
    assert opened(workspace, at=MONDAY_MORNING + HOUR / 5).history.undo().verb == "tickets.take"


def test_the_making_of_a_document_is_asked_first_and_can_be_brought_back_by_id(app: Workspace) -> None:
    made = app.tickets.new("Acme", "A slip").id
    assert doubts_of(app) == f"removes {made}"
    undone = app.history.undo(sure=True)
    assert undone.text.endswith(f"it is gone now. U or `fleettui undo {made}` brings it back.")
    with pytest.raises(Refused, match=f"{made} was removed; `fleettui undo {made}` brings it back"):
        app.tickets.find(made)
    assert app.history.undo(made).text == f"Brought back {made} · A slip."
    assert app.tickets.find(made).subject == "A slip"
    app.history.undo(sure=True)
    assert app.history.redo().text == f"Brought back {made} · A slip."


def test_a_removed_document_comes_back_long_after_and_by_anybody(
    workspace: Workspace, app: Workspace
) -> None:
    made = app.tickets.new("Acme", "A slip").id
    app.history.undo(sure=True)
    zay = opened(workspace, "zay", MONDAY_MORNING + 50 * HOUR)
    assert zay.history.undo(made).text == f"Brought back {made} · A slip."
    assert zay.tickets.find(made).subject == "A slip"


def test_another_screen_than_the_one_in_front_is_asked_first(app: Workspace, ticket: str) -> None:
    app.tickets.take(ticket)
    assert doubts_of(app, here=frozenset({"calls"})) == "was done on another screen"
    app.history.undo(here=frozenset({"tickets"}))
    with pytest.raises(Unsure, match="was done on another screen"):
        app.history.redo(here=frozenset({"calls"}))
    app.history.redo(here=frozenset({"tickets"}))


def test_anothers_words_and_changes_are_asked_first(
    app: Workspace, workspace: Workspace, ticket: str
) -> None:
    app.tickets.received(ticket, "It fails again", by="Leo Marsh")
    assert doubts_of(app) == "takes away what Leo Marsh wrote"
    opened(workspace, "zay").tickets.note(ticket, "Mine")
    app.refresh()
    assert doubts_of(app, ticket) == "was done by zay and was not done in this session"


@pytest.mark.parametrize("taker", ["intake", "kathy"])
def test_sup_3_what_arrived_is_never_taken_back_by_a_bare_undo(workspace: Workspace, taker: str) -> None:
    """Three `fleettui undo` removed a P0 that had come in two days before."""
    before = workspace.tickets.new("Acme", "Before").id
    workspace.tickets.note(before, "Noted")
    intake = opened(workspace, taker)
    made = mailed(intake, "The site is down", "1")
    assert mailed(intake, "Re: The site is down", "2", "In-Reply-To: <1@acme.example>") == made
    workspace.refresh()
    assert workspace.history.undo().verb == "tickets.note"
    assert workspace.history.undo(sure=True).id == before
    with pytest.raises(Refused, match="nothing of yours"):
        workspace.history.undo(sure=True)
    assert len(workspace.tickets.find(made).messages) == 2
    assert "came from outside" in doubts_of(workspace, made)


def test_an_older_history_tells_arrivals_by_their_action(workspace: Workspace) -> None:
    arrival = Arrival(thread="C1/1", at=MONDAY_MORNING, by="Leo Marsh", body="It fails", customer="Acme")
    workspace.tickets.arrive(arrival)
    with pytest.raises(Refused, match="nothing of yours"):
        workspace.history.undo(sure=True)


# -- a clock that ran ahead


def test_what_was_done_under_a_clock_that_ran_ahead_is_asked_first(workspace: Workspace, ticket: str) -> None:
    """It was taken for what I have just done, until its time had come."""
    opened(workspace, at=MONDAY_MORNING + 24 * HOUR).tickets.take([ticket])
    now = opened(workspace)
    assert doubts_of(now) == "has a time that has not come yet, from a clock that ran ahead"
    with pytest.raises(Refused):
        now.history.redo()
    opened(workspace, at=MONDAY_MORNING - 2 * HOUR).tickets.label([ticket], ["bug"])
    now.refresh()
    assert doubts_of(now) == "is older than 15 minutes", "what has a time to come is the last choice"
    now.tickets.snooze([ticket], MONDAY_MORNING + 3 * HOUR)
    assert now.history.undo().verb == "tickets.snooze"
    assert now.history.redo().verb == "tickets.snooze"


@pytest.mark.parametrize("in_app", [False, True])
def test_after_a_clock_that_ran_ahead_undo_goes_back_as_things_were_done(
    workspace: Workspace, ticket: str, monkeypatch: pytest.MonkeyPatch, in_app: bool
) -> None:
    """The collection that was written to then goes on from there; in another one the right time looks older."""

    def at(clock: Clock) -> Workspace:
        return Workspace.open(workspace.home, clock=clock, login="kathy", in_app=in_app)

    with monkeypatch.context() as ahead:
        ahead.setattr(preparing, "machine_microseconds", lambda: machine_microseconds() + 86_400_000_000)
        at(lambda: system_clock() + 24 * HOUR).tickets.take([ticket])
    right = at(system_clock)
    right.tickets.label([ticket], ["bug"])
    right.customers.add("Initech")
    right.tickets.label([ticket], ["question"])
    assert [right.history.undo(sure=True).id for _ in range(3)] == [ticket, "K-1", ticket]
    left = workspace.tickets.get(ticket)
    assert left and left.assignee == "kathy" and not left.labels
    assert "clock that ran ahead" in doubts_of(right)


def test_a_session_that_began_under_a_clock_that_ran_ahead_takes_back_its_own(
    workspace: Workspace, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        ahead.setattr(session, "machine_microseconds", lambda: machine_microseconds() + 86_400_000_000)
        app = Workspace.open(workspace.home, clock=system_clock, login="kathy", in_app=True)
    app.tickets.take([ticket])
    opened(workspace).tickets.label([ticket], ["bug"])
    assert app.history.undo().verb == "tickets.take"
