"""Three sessions at work on one queue, each a process of its own: no answer lost or doubled, stale sends stopped."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.messages import Overtaken
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.folders import files_of
from tests.support.processes import start

pytestmark = pytest.mark.slow

Work = Callable[[Callable[[str], None]], None]


def opened(home: Path, login: str) -> Workspace:
    workspace = Workspace.open(home, clock=frozen_clock(NOW), login=login)
    files_of(workspace).patience = 60
    return workspace


def run(*works: Work) -> list[list[str]]:
    children = [start(work) for work in works]
    textss = [child.lines() for child in children]
    assert [child.code() for child in children] == [0] * len(works)
    return textss


def test_no_answer_is_lost_or_doubled_and_stale_sends_are_stopped(workspace: Workspace) -> None:
    """Three people answer ten tickets while customers write. Who answers names the revision they have read; whoever comes
    second is stopped. Nobody answers over a message that they have not seen."""
    ids = [workspace.tickets.new("Acme", f"number {number}", tier="Premium").id for number in range(10)]

    def answering(login: str) -> Work:
        def work(say: Callable[[str], None]) -> None:
            mine, dice = opened(workspace.home, login), random.Random(login)
            for turn in range(60):
                mine.refresh()
                ticket = mine.tickets.find(dice.choice(ids))
                body = f"{login}-{turn} after {ticket.rev}"
                try:
                    mine.tickets.reply(ticket.id, body, since=ticket.rev)
                    say(f"sent {ticket.id} {body}")
                except Overtaken as stopped:
                    assert stopped.news
                    say(f"stopped {ticket.id} {body}")
                if turn % 4 == 0:
                    mine.tickets.received(dice.choice(ids), f"customer of {login}, {turn}", by="Dana")

        return work

    texts = [line for lines in run(*map(answering, ("kathy", "zay", "mara"))) for line in lines]
    fresh = opened(workspace.home, "reader")
    kept = Counter(
        f"sent {ticket.id} {message.body}"
        for ticket in fresh.tickets.all()
        for message in ticket.messages
        if message.direction == "out"
    )
    assert kept == Counter(line for line in texts if line.startswith("sent"))
    written = [m.body for ticket in fresh.tickets.all() for m in ticket.messages if m.by == "Dana"]
    assert len(written) == len(set(written)) == 45
    for ticket in fresh.tickets.all():
        for before, message in zip(ticket.messages, ticket.messages[1:], strict=False):
            if message.direction == "out":
                # What stood last when it was sent had been read by who sent it.
                assert before.rev <= int(message.body.rpartition(" ")[2])


def test_two_answers_that_were_begun_together_are_never_both_sent(workspace: Workspace) -> None:
    tickets = [workspace.tickets.new("Acme", f"number {number}", tier="Premium") for number in range(25)]

    def answering(login: str) -> Work:
        def work(say: Callable[[str], None]) -> None:
            mine = opened(workspace.home, login)
            for ticket in tickets:
                try:
                    mine.tickets.reply(ticket.id, login, since=ticket.rev)
                    say(ticket.id)
                except Overtaken:
                    pass

        return work

    sent = Counter(id_ for lines in run(*map(answering, ("kathy", "zay", "mara"))) for id_ in lines)
    assert sent == Counter(ticket.id for ticket in tickets)


def test_sup_3_several_processes_that_take_in_one_thread_make_one_ticket(workspace: Workspace) -> None:
    """Slack retries while the first delivery is still being taken in, and three workers share the deliveries."""

    def taking_in(login: str) -> Work:
        def work(say: Callable[[str], None]) -> None:
            mine, dice = opened(workspace.home, login), random.Random(login)
            events = [(thread, message) for thread in range(8) for message in range(6)]
            dice.shuffle(events)
            for thread, message in events:
                came = mine.tickets.arrive(
                    Arrival(
                        thread=f"C1/{thread}",
                        external=f"C1/{thread}.{message}",
                        at=NOW,
                        by="Dana",
                        body=f"{thread}.{message}",
                        tier="Premium",
                    )
                )
                say(came.result)

        return work

    counts = Counter(line for lines in run(*map(taking_in, ("a", "b", "c"))) for line in lines)
    assert counts == {"created": 8, "appended": 40, "ignored": 96}
    fresh = opened(workspace.home, "reader")
    bodies = sorted(message.body for ticket in fresh.tickets.all() for message in ticket.messages)
    assert bodies == sorted(f"{thread}.{message}" for thread in range(8) for message in range(6))


def test_merging_both_ways_at_once_never_makes_a_cycle(workspace: Workspace) -> None:
    pairs = [[workspace.tickets.new("Acme", f"{n}", tier="Premium").id for n in range(2)] for _ in range(15)]

    def merging(login: str, turned: bool) -> Work:
        def work(say: Callable[[str], None]) -> None:
            mine = opened(workspace.home, login)
            for pair in pairs:
                text, other = reversed(pair) if turned else pair
                try:
                    mine.tickets.merge(text, other)
                    say("merged")
                except Refused:
                    say("refused")

        return work

    counts = Counter(line for lines in run(merging("kathy", False), merging("zay", True)) for line in lines)
    assert counts == {"merged": 15, "refused": 15}
    fresh = opened(workspace.home, "reader")
    for text, other in pairs:
        stays = {fresh.tickets.survivor(fresh.tickets.find(id_)).id for id_ in (text, other)}
        assert len(stays) == 1
        assert len(fresh.tickets.find(stays.pop()).messages) == 2


def test_one_of_two_who_take_a_ticket_at_once_has_it(workspace: Workspace) -> None:
    ids = [workspace.tickets.new("Acme", f"{number}", tier="Premium").id for number in range(20)]

    def taking(login: str) -> Work:
        def work(say: Callable[[str], None]) -> None:
            mine = opened(workspace.home, login)
            for id_ in ids:
                try:
                    mine.tickets.take(id_)
                    say(f"{id_} {login}")
                except Refused:
                    pass

        return work

    texts = sorted(line for lines in run(*map(taking, ("kathy", "zay", "mara"))) for line in lines)
    fresh = opened(workspace.home, "reader")
    assert texts == sorted(f"{line.id} {line.assignee}" for line in fresh.store.all(TICKETS))
