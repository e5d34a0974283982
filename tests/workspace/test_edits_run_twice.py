"""A store on a network runs an edit again when somebody was faster. A day of work must come out the same then: the same answers,
the same refusals, the same documents. `FLEETTUI_TEST_STORE=twice` runs any other test on such a store."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.errors import FleettuiError
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.collections import ALL
from fleettui.workspace.workspace import Workspace
from tests.support import edits_twice
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

Act = Callable[[Workspace, random.Random], Any]
ACTS_A_DAY = 150


def ticket_of(workspace: Workspace, dice: random.Random) -> str:
    return dice.choice(sorted(ticket.id for ticket in workspace.tickets.all()))


def arrival(dice: random.Random) -> Arrival:
    thread, message = dice.randrange(6), dice.randrange(4)
    return Arrival(
        thread=f"C1/{thread}",
        external=f"C1/{thread}.{message}",
        at=MONDAY_MORNING,
        by="Dana",
        body=f"message {message}",
        tier="Premium",
        direction=dice.choice(("in", "in", "note", "out")),
    )


def on_a_ticket(act: Callable[[Workspace, str, random.Random], Any]) -> Act:
    return lambda workspace, dice: act(workspace, ticket_of(workspace, dice), dice)


def merge(workspace: Workspace, dice: random.Random) -> Any:
    return workspace.tickets.merge(
        [ticket_of(workspace, dice)], ticket_of(workspace, dice), across=dice.random() < 0.5
    )


def on_a_ritual(workspace: Workspace, dice: random.Random) -> Any:
    row = dice.choice(workspace.rituals.board())
    act = dice.choice(("tick_all", "untick", "skip", "retire", "bring_back"))
    return getattr(workspace.rituals, act)(row.ritual.id, **({"why": "no need"} if act == "skip" else {}))


def on_a_run(workspace: Workspace, dice: random.Random) -> Any:
    runs = workspace.playbooks.open_runs()
    if not runs or dice.random() < 0.3:
        playbook = dice.choice(sorted(workspace.handbook.playbooks))
        return workspace.playbooks.start(playbook)
    run = dice.choice(runs)
    steps = workspace.playbooks.my_turn(run)
    act = dice.choice(("tick", "decline", "skip", "untick", "again"))
    why = {"why": "no need"} if act in ("decline", "skip") else {}
    return getattr(workspace.playbooks, act)(run.id, dice.choice(steps or ["nothing"]), **why)


def on_a_call(workspace: Workspace, dice: random.Random) -> Any:
    calls = [call.id for call in workspace.calls.all()]
    if not calls or dice.random() < 0.3:
        start = workspace.now() + timedelta(days=dice.randrange(3), hours=1)
        return workspace.calls.new("Acme", start, kind=dice.choice(("intro", "check-in", "handoff")))
    act = dice.choice(("joined", "missed", "done", "held", "cancel"))
    return getattr(workspace.calls, act)(dice.choice(calls))


def on_a_customer(workspace: Workspace, dice: random.Random) -> Any:
    customers = [customer.id for customer in workspace.customers.all()]
    if not customers or dice.random() < 0.3:
        return workspace.customers.add(f"Customer {dice.randrange(20)}")
    fields = dice.choice(({"tier": "Premium"}, {"tier": "Free"}, {"hosts": "1200"}, {"name": "Acme"}))
    return workspace.customers.edit(dice.choice(customers), fields)


def undo(workspace: Workspace, dice: random.Random) -> Any:
    turn = dice.choice((workspace.history.undo, workspace.history.redo))
    done = turn(ticket_of(workspace, dice) if dice.random() < 0.5 else None, sure=True)
    return done.id, done.verb, done.fields


ACTS: tuple[Act, ...] = (
    lambda workspace, dice: workspace.tickets.new(
        "Acme", f"subject {dice.randrange(100)}", body="It fails", tier="Premium"
    ),
    lambda workspace, dice: workspace.tickets.arrive(arrival(dice)),
    lambda workspace, dice: workspace.tickets.alter(arrival(dice), gone=dice.random() < 0.3),
    on_a_ticket(lambda workspace, id_, dice: workspace.tickets.reply(id_, f"answer {dice.random()}")),
    on_a_ticket(lambda workspace, id_, dice: workspace.tickets.received(id_, f"more {dice.random()}")),
    on_a_ticket(lambda workspace, id_, dice: workspace.tickets.note([id_], f"note {dice.random()}")),
    on_a_ticket(lambda workspace, id_, dice: workspace.tickets.take([id_], over=dice.random() < 0.5)),
    on_a_ticket(lambda workspace, id_, _: workspace.tickets.assign([id_], "")),
    on_a_ticket(lambda workspace, id_, dice: workspace.tickets.label([id_], [dice.choice(("bug", "sso"))])),
    on_a_ticket(lambda workspace, id_, _: workspace.tickets.wait([id_])),
    on_a_ticket(
        lambda workspace, id_, _: workspace.tickets.snooze([id_], workspace.now() + timedelta(hours=3))
    ),
    on_a_ticket(lambda workspace, id_, _: workspace.tickets.reopen([id_])),
    on_a_ticket(
        lambda workspace, id_, dice: workspace.tickets.set([id_], {"priority": dice.choice(("P1", "P2"))})
    ),
    on_a_ticket(lambda workspace, id_, _: workspace.tickets.count(id_)),
    on_a_ticket(lambda workspace, id_, _: workspace.support.escalate(id_)),
    merge,
    on_a_ritual,
    on_a_run,
    on_a_call,
    on_a_customer,
    undo,
)


def plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=lambda other: type(other).__name__)


def day(home: Path, seed: int) -> tuple[list[Any], list[Any]]:
    """What each act of a day answered, and what is kept at its end."""
    dice, time = random.Random(seed), [MONDAY_MORNING]
    workspace = Workspace.open(
        make_home(home, MONDAY_MORNING, demo=True), clock=lambda: time[0], login="kathy", in_app=True
    )
    answers: list[Any] = []
    for _ in range(ACTS_A_DAY):
        time[0] += timedelta(minutes=dice.choice((0, 1, 5)))
        act = dice.choice(ACTS)
        try:
            answers.append(plain(act(workspace, dice)))
        except FleettuiError as error:
            answers.append(f"{type(error).__name__}: {error}")
    kept = [plain(workspace.store.all(collection, archived=True)) for collection in ALL]
    kept += [
        [(id_, entry.rev, entry.verb, entry.at) for entry in entries]
        for collection in ALL
        for id_, entries in sorted(_histories(workspace, collection).items())
    ]
    return answers, kept


def _histories(workspace: Workspace, collection: Any) -> Any:
    ids = {document.id for document in workspace.store.all(collection)}
    return workspace.store.histories(collection, ids)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_day_comes_out_the_same_when_every_edit_runs_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    answers, kept = day(tmp_path / "plain", seed)
    with monkeypatch.context() as twice:
        edits_twice.use_everywhere(twice)
        again, kept_again = day(tmp_path / "twice", seed)
    for number, (answer, other) in enumerate(zip(answers, again, strict=True)):
        assert other == answer, f"act {number}"
    assert kept_again == kept
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert len(refused) < len(answers) / 2, refused


def test_what_an_edit_noted_in_a_run_that_did_not_count_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intake noted why a message was ignored, and kept it when the next run took the message in."""
    edits_twice.use_everywhere(monkeypatch)
    home = make_home(tmp_path / "home", MONDAY_MORNING)
    workspace = Workspace.open(home, clock=lambda: MONDAY_MORNING, login="kathy")
    assert type(workspace.store) is not TinyDBStore
    first = Arrival(thread="C1/1", external="C1/1", at=MONDAY_MORNING, by="Dana", body="It fails")
    reply = msgspec.structs.replace(first, external="C1/1.2", also=("C1/1",), body="Still")
    assert workspace.tickets.arrive(first).result == "created"
    assert workspace.tickets.arrive(reply).result == "appended"
    assert workspace.tickets.arrive(reply).result == "ignored"
    ticket = workspace.tickets.all()[0]
    workspace.history.undo(ticket.id, sure=True)
    assert workspace.tickets.arrive(reply).result == "appended", "only the state before had it"
    ticket = workspace.tickets.all()[0]
    assert [message.body for message in ticket.messages] == ["It fails", "Still"]
