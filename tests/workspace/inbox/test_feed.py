"""The feed of events: whoever looks, and however often, learns of the same events, each once; promises and time among them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.inbox.position import Position
from fleettui.workspace.inbox.versions import Versions
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW

PEOPLE = ("kathy", "zay", "brad", "alex")


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


class Follower:
    """Goes on from the cursor of the last event, or of the last look."""

    def __init__(self, workspace: Workspace, cursor: str) -> None:
        self._workspace, self.cursor = workspace, cursor
        self.keys: list[str] = []
        self.kinds: list[str] = []

    def look(self, most: int | None = None) -> None:
        """Cut off after `most` events, as if it had been killed."""
        self._workspace.refresh()
        look = self._workspace.inbox.feed.look(Position.of(self.cursor))
        for placed in look.placed[:most]:
            self.keys.append(placed.event.key)
            self.kinds.append(placed.event.kind)
            self.cursor = placed.position.cursor
        if most is None or most >= len(look.placed):
            self.cursor = look.position.cursor


class Life:
    """Random work of some people, an action a moment."""

    def __init__(self, workspaces: dict[str, Workspace], rng: random.Random) -> None:
        self._of, self._rng = workspaces, rng
        self.ids: list[str] = []
        self.acts = [
            self.new,
            self.new,
            self.assign,
            self.note,
            self.priority,
            self.reply,
            self.wrote,
            self.wait,
        ]

    def act(self) -> None:
        mine = self._of[self._rng.choice(PEOPLE)]
        mine.refresh()
        try:
            self._rng.choice(self.acts)(mine)
        except Refused:
            return

    def _any(self) -> str:
        return self._rng.choice(self.ids) if self.ids else "T-0"

    def new(self, mine: Workspace) -> None:
        priority = self._rng.choice(("P0", "P1", "P2", "P3"))
        since = mine.now() - timedelta(hours=self._rng.choice((0, 0, 0, 3, 30)))
        ticket = mine.tickets.new("Acme", "It fails", tier="Premium", priority=priority, at=since)
        self.ids.append(ticket.id)

    def assign(self, mine: Workspace) -> None:
        mine.tickets.assign(self._any(), self._rng.choice(PEOPLE))

    def note(self, mine: Workspace) -> None:
        mine.tickets.note(self._any(), f"@{self._rng.choice(PEOPLE)} look")

    def priority(self, mine: Workspace) -> None:
        mine.tickets.set(self._any(), {"priority": self._rng.choice(("P0", "P1", "P3"))})

    def reply(self, mine: Workspace) -> None:
        mine.tickets.reply(self._any(), "Done")

    def wrote(self, mine: Workspace) -> None:
        mine.tickets.received(self._any(), "Again")

    def wait(self, mine: Workspace) -> None:
        mine.tickets.label(self._any(), add=["~waiting"])

    def undo(self, mine: Workspace) -> None:
        mine.history.undo(self._any(), sure=True)


def lives(workspace: Workspace, seed: int, *, undo: bool) -> tuple[list[Follower], str]:
    rng, clock = random.Random(seed), Time()
    of = {login: Workspace.open(workspace.home, clock=clock, login=login) for login in PEOPLE}
    life = Life(of, rng)
    life.acts += [life.undo] if undo else []
    start = of["kathy"].inbox.here()
    often, cut, late = (
        Follower(Workspace.open(workspace.home, clock=clock, login="kathy"), start) for _ in range(3)
    )
    for _ in range(40):
        clock.pass_by(rng.choice((0, 0.001, 0.1, 1, 3, 20)))
        life.act()
        often.look()
        cut.look(rng.choice((0, 1, 2, None)))
    clock.pass_by(100)
    for follower in (often, cut, late):
        follower.look()
    return [often, cut, late], start


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_who_looks_often_who_is_cut_off_and_who_comes_late_learn_the_same(
    workspace: Workspace, seed: int
) -> None:
    (often, cut, late), _ = lives(workspace, seed, undo=False)
    for follower in (often, cut, late):
        assert len(set(follower.keys)) == len(follower.keys)
    assert sorted(cut.keys) == sorted(late.keys)
    assert sorted(often.keys) == sorted(late.keys)
    assert {"breached", "breaching", "p0"} <= set(late.kinds)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_is_undone_is_known_only_to_who_looked_before(workspace: Workspace, seed: int) -> None:
    (often, cut, late), _ = lives(workspace, seed, undo=True)
    for follower in (often, cut, late):
        assert len(set(follower.keys)) == len(follower.keys)
    assert {key for key in late.keys if "/breach" not in key} <= {*often.keys}


def at(workspace: Workspace, login: str, hours: float) -> Workspace:
    return Workspace.open(workspace.home, clock=lambda: NOW + timedelta(hours=hours), login=login)


def told(workspace: Workspace, cursor: str) -> list[tuple[str, datetime]]:
    look = workspace.inbox.feed.look(Position.of(cursor))
    return [
        (placed.event.kind, placed.event.at)
        for placed in look.placed
        if placed.event.kind in ("breaching", "breached")
    ]


def test_sla_15_a_promise_that_a_change_breaks_is_told_with_the_change_and_once(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P2")
    cursor = workspace.inbox.here()
    later = at(workspace, "zay", 6)
    later.tickets.set(ticket.id, {"priority": "P0"})
    assert told(later, cursor) == [("breached", NOW + timedelta(hours=6))]
    news = later.inbox.feed.look(Position.of(cursor))
    assert told(later, news.position.cursor) == []
    assert told(at(workspace, "zay", 50), news.position.cursor) == []


def test_sla_15_a_promise_that_was_broken_and_kept_late_meanwhile_is_still_told(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P1")
    due = workspace.queue.debt(ticket).due  # type: ignore[union-attr]
    assert due is not None
    cursor, late = workspace.inbox.here(), (due - NOW) / timedelta(hours=1) + 1
    at(workspace, "zay", late).tickets.reply(ticket.id, "Sorry")
    events = told(at(workspace, "zay", late + 1), cursor)
    assert [kind for kind, _ in events] == ["breaching", "breaching", "breaching", "breached"]
    assert events[-1][1] == due


def test_a_ticket_of_long_ago_that_comes_in_now_is_one_event_not_four(workspace: Workspace) -> None:
    cursor = workspace.inbox.here()
    workspace.tickets.new("Acme", "Old", tier="Premium", priority="P1", at=NOW - timedelta(days=9))
    assert [kind for kind, _ in told(workspace, cursor)] == ["breached"]


def test_play_an_approval_is_asked_of_who_may_give_it(made: Callable[..., Workspace]) -> None:
    demo = made(demo=True)
    kinds = {
        (placed.event.kind, placed.event.logins)
        for placed in demo.inbox.feed.look(Position("", datetime(1970, 1, 1, tzinfo=UTC))).placed
    }
    assert ("approval", ("salma",)) in kinds
    assert any(kind == "handed_over" for kind, _ in kinds)


def test_documents_that_make_no_sense_are_news_for_nobody(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P1")
    file = workspace.home / "journal" / "tickets-000001.jsonl"
    assert ticket.id and file.exists()
    far = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    cursor = workspace.inbox.here()
    from msgspec.structs import replace

    from fleettui.workspace.collections import TICKETS

    def nonsense(present: Any) -> Any:
        return replace(present, messages=(replace(present.messages[0], at=far),) if present.messages else ())

    workspace.store.change(TICKETS, ticket.id, nonsense, workspace.session.stamp("tickets.set"))
    assert told(workspace, cursor) == []


def test_what_is_written_while_somebody_looks_is_told_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look has the first answer of the customer when the second comes, and reads a ticket that has both."""
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P2")
    workspace.tickets.assign(ticket.id, "zay")
    zay = Workspace.open(workspace.home, clock=frozen_clock(NOW), login="zay")
    follower, read = Follower(zay, zay.inbox.here()), Versions.changes
    late = ["and again"]

    def slow(self: Versions, commits: Any) -> Any:
        while late:
            workspace.tickets.received(ticket.id, late.pop())
        return read(self, commits)

    monkeypatch.setattr(Versions, "changes", slow)
    workspace.tickets.received(ticket.id, "Still broken")
    follower.look()
    follower.look()
    assert follower.kinds == ["answered", "answered"] and len(set(follower.keys)) == 2
