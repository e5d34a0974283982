"""Texts that leave and are no answers, each only when somebody says so: for who missed a call (CALL-8), of a playbook."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.domain.calls.model import Call
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.connections import SENDING, connect

LETTERS = {"mail": {**SENDING["mail"], "letters": "send"}, "slack": {"letters": "send"}}


@pytest.fixture
def demo(made: object) -> Workspace:
    workspace: Workspace = made(demo=True)  # type: ignore[operator]
    connect(workspace.home, **LETTERS)
    workspace.refresh()
    return workspace


@pytest.fixture
def missed(demo: Workspace) -> Call:
    """Nobody came."""
    call = next(call for call in demo.calls.all() if demo.calls.view(call).stage == "missed?")
    return demo.calls.missed(call.id)


def later(workspace: Workspace) -> Workspace:
    return Workspace.open(
        workspace.home, clock=frozen_clock(MONDAY_MORNING + timedelta(minutes=1)), login="fleettui"
    )


def test_call_8_the_text_for_who_missed_a_call_leaves_by_mail(demo: Workspace, missed: Call) -> None:
    draft = demo.letters.draft(missed.id, "missed-email")
    assert "@" in draft.to
    letter = demo.letters.write(draft, body="We missed you. Another time?")
    (order,) = demo.outbox.all()
    assert (order.about, order.letter, order.subject) == (letter.id, letter, "Our call today")
    assert order.delivery.external.startswith(f"<{letter.id.lower()}.")
    service = later(demo)
    service.outbox.sent(service.outbox.begin(service.outbox.due()[0]))
    with pytest.raises(Refused, match=f"{letter.id}: it left at"):
        demo.refresh()
        demo.history.undo(letter.id)


def test_until_it_leaves_undo_takes_the_text_back(demo: Workspace, missed: Call) -> None:
    demo.letters.write(demo.letters.draft(missed.id, "missed-email"), body="We missed you.")
    demo.history.undo()
    assert demo.outbox.all() == []


def test_call_8_the_same_to_the_customers_channel_in_slack(demo: Workspace, missed: Call) -> None:
    draft = demo.letters.draft(missed.id, "missed-slack")
    letter = demo.letters.write(draft, to=draft.to or "C0123ABCD", body="We missed you.")
    assert letter.delivery.way == "slack"


def test_such_texts_leave_only_where_the_policy_lets_them(demo: Workspace, missed: Call) -> None:
    connect(demo.home)
    demo.refresh()
    with pytest.raises(Refused, match="such texts are copied here"):
        demo.letters.draft(missed.id, "missed-email")
    connect(demo.home, mail=LETTERS["mail"])
    demo = Workspace.open(demo.home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    draft = demo.letters.draft(missed.id, "missed-email")
    with pytest.raises(Refused, match="does not let such texts leave by Slack"):
        demo.letters.write(draft, to="C0123ABCD", body="We missed you.")


def test_nobody_sends_to_nobody_or_with_gaps_or_of_a_step_without_a_text(
    demo: Workspace, missed: Call
) -> None:
    draft = demo.letters.draft(missed.id, "missed-email")
    with pytest.raises(Refused, match="neither an e-mail address nor"):
        demo.letters.write(draft, to="#fleet-at-them", body="Hello")
    for body in ("Hello [their name]", "Hello ‹name: whom you greet›"):
        with pytest.raises(Refused, match="fill in"):
            demo.letters.write(draft, to="jo@acme.example", body=body)
    with pytest.raises(Refused, match="has no text for the customer"):
        demo.letters.draft(missed.id, "notes")


def test_the_text_of_a_playbooks_step_leaves_when_it_is_whole(demo: Workspace) -> None:
    run = demo.playbooks.find("P-106")
    key = next(step.key for step in run.definition.steps for step in (step, *step.steps) if step.text)
    draft = demo.letters.draft(run.id, key)
    letter = demo.letters.write(draft, to="jo@acme.example", body="All is filled in.")
    assert (letter.about, letter.subject) == (run.id, run.name)


def test_a_text_that_did_not_get_through_is_to_be_done_and_can_be_dropped(
    demo: Workspace, missed: Call
) -> None:
    letter = demo.letters.write(
        demo.letters.draft(missed.id, "missed-email"), to="jo@acme.example", body="We missed you."
    )
    service = later(demo)
    service.outbox.failed(service.outbox.begin(service.outbox.due()[0]), "550 no such user")
    demo.refresh()
    items = [item for item in demo.agenda.items() if item.step == "unsent"]
    assert [(item.kind, item.id, item.mine) for item in items] == [("call", missed.id, True)]
    assert items[0].due is not None, "so that it does not stand below what nothing promises"
    demo.outbox.drop(letter.id)
    assert demo.outbox.all() == []
