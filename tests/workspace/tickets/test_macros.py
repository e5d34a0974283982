"""Macros: a ready text with acts under one name, shown first, then done and undone as one."""

from __future__ import annotations

import json

import pytest

from fleettui.domain.tickets.macros import Macro, Macros
from fleettui.errors import Refused
from fleettui.policy.mistakes import check
from fleettui.time.clock import frozen_clock
from fleettui.workspace import macros
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

LOGS: dict[str, object] = {
    "key": "logs",
    "name": "Ask for logs, three days",
    "letter": "l",
    "text": "Hi {name}, please send us the logs about “{subject}”.",
    "note": "Logs were asked for.",
    "fields": {"priority": "P3"},
    "labels": ["logs"],
    "assign": "me",
    "snooze": "3d",
}


def with_macros(workspace: Workspace, *rows: dict[str, object]) -> Workspace:
    file = workspace.home / "handbook" / "macros.json"
    file.write_text(json.dumps({"macros": rows}))
    return Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)


@pytest.fixture
def app(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme", tier="Premium")
    workspace.customers.contact(workspace.customers.all()[0].id, "Dana Whitlock", {"name": "Dana Whitlock"})
    return with_macros(workspace, LOGS)


@pytest.fixture
def ids(app: Workspace) -> list[str]:
    return [app.tickets.new("Acme", subject, priority="P2").id for subject in ("It fails", "It is slow")]


def test_each_act_is_shown_as_a_sentence_and_the_text_with_the_tickets_own_words(
    app: Workspace, ids: list[str]
) -> None:
    first, second = macros.plans(app, macros.named(app, "l"), ids)
    assert first.text == "Hi Dana, please send us the logs about “It fails”."
    assert "It is slow" in second.text
    assert first.acts == (
        "Notes for the team: Logs were asked for.",
        "Sets priority to P3.",
        "Puts on: logs.",
        "Gives it to you.",
        "Puts it away until Thu 09:00, or until they write.",
    )
    assert [app.tickets.find(id_).rev for id_ in ids] == [1, 1]  # nothing is done yet


def test_all_of_it_is_one_change_that_one_undo_takes_back(app: Workspace, ids: list[str]) -> None:
    macro = macros.named(app, "logs")
    outcome = macros.carry_out(app, macro, macros.plans(app, macro, ids))
    assert list(outcome.done) == ids
    for ticket in map(app.tickets.find, ids):
        assert ticket.rev == 2
        assert [message.direction for message in ticket.messages] == ["in", "out", "note"]
        assert (ticket.priority, ticket.labels, ticket.assignee) == ("P3", ("logs",), "kathy")
        assert ticket.status == "snoozed"
    (entry, *_) = [happening.entry for happening in app.history.happenings(ids[0])]
    assert (entry.verb, entry.why) == ("tickets.macro", "Ask for logs, three days")
    assert app.history.undo().together == 2
    for ticket in map(app.tickets.find, ids):
        assert [message.direction for message in ticket.messages] == ["in"]
        assert (ticket.priority, ticket.labels, ticket.assignee, ticket.status) == ("P2", (), "", "open")


def test_a_ticket_in_which_somebody_wrote_meanwhile_is_refused_and_the_others_are_done(
    app: Workspace, ids: list[str]
) -> None:
    macro = macros.named(app, "logs")
    planned = macros.plans(app, macro, ids)
    app.tickets.received(ids[0], "It works again")
    outcome = macros.carry_out(app, macro, planned)
    assert list(outcome.done) == ids[1:]
    assert list(outcome.refused) == ids[:1]
    assert app.tickets.find(ids[0]).labels == ()


def test_whole_means_all_or_none(app: Workspace, ids: list[str]) -> None:
    macro = macros.named(app, "logs")
    planned = macros.plans(app, macro, ids)
    app.tickets.received(ids[0], "It works again")
    with pytest.raises(Refused):
        macros.carry_out(app, macro, planned, whole=True)
    assert app.tickets.find(ids[1]).rev == 1


def test_its_answer_leaves_as_any_answer_does(
    app: Workspace, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order to send it is in the same change."""
    from fleettui.workspace.tickets import actions

    asked: list[str] = []

    def with_order(ticket: object, answer: object, session: object) -> object:
        asked.append("order")
        return answer

    monkeypatch.setattr(actions, "with_order", with_order)
    macro = macros.named(app, "logs")
    macros.carry_out(app, macro, macros.plans(app, macro, ids[:1]))
    assert asked
    asked.clear()
    macros.carry_out(app, macro, macros.plans(app, macro, ids[1:]), copy=True)
    assert not asked


def test_what_a_text_still_wants_is_named(app: Workspace, ids: list[str]) -> None:
    workspace = with_macros(
        app, {"key": "how", "name": "How does it stand?", "answer": "sandbox-live-query-error"}
    )
    with pytest.raises(Refused, match="wants link"):
        macros.plans(workspace, macros.named(workspace, "how"), ids)
    (plan, _) = macros.plans(
        workspace, macros.named(workspace, "how"), ids, {"link": "https://example.com/12"}
    )
    assert "https://example.com/12" in plan.text


def test_a_playbook_begins_with_it_and_goes_with_its_undo(app: Workspace, ids: list[str]) -> None:
    name = next(playbook.id for playbook in app.handbook.playbooks.values() if playbook.customer)
    workspace = with_macros(app, {"key": "go", "name": "Begin it", "labels": ["begun"], "playbook": name})
    macro = macros.named(workspace, "go")
    (plan,) = macros.plans(workspace, macro, ids[:1])
    assert plan.acts[-1] == f"Begins the playbook {workspace.handbook.playbook(name).name} for Acme."
    macros.carry_out(workspace, macro, [plan])
    (run,) = workspace.playbooks.all()
    assert workspace.tickets.find(ids[0]).labels == ("begun",)
    workspace.history.undo(ids[0], sure=True)
    assert workspace.playbooks.get(run.id) is None
    assert workspace.tickets.find(ids[0]).labels == ()


def test_mistakes_of_the_file_are_named() -> None:
    rows = (
        Macro(key="a", name="A", letter="x", answer="w9", text="Hi"),
        Macro(key="a", name="B", letter="x", wait=True, resolve=True),
        Macro(key="c", name="C"),
    )
    assert dict(Macros(macros=rows).mistakes()) == {
        "macros[1].key": "the key 'a' is already at macros[0].key",
        "macros[1].letter": "the letter 'x' is already at macros[0].letter",
        "macros[0].text": "stands beside answer; one of them is sent",
        "macros[1].resolve": "wait, snooze and resolve exclude each other",
        "macros[2].key": "does nothing: it has neither a text nor an act",
    }


def test_names_that_lead_nowhere_are_found_by_doctor(app: Workspace) -> None:
    row = {"key": "x", "name": "X", "answer": "nope", "playbook": "nowhere", "fields": {"colour": "red"}}
    workspace = with_macros(app, {**row, "assign": "nobody-here", "snooze": "soon"})
    mistakes = check(workspace.handbook, ["kathy"])
    assert {mistake.field for mistake in mistakes if mistake.file == "macros.json"} == {
        "macros[0].answer",
        "macros[0].playbook",
        "macros[0].fields.colour",
        "macros[0].assign",
        "macros[0].snooze",
    }


def test_the_macros_that_a_workspace_begins_with_lead_somewhere(workspace: Workspace) -> None:
    assert [macro.key for macro in workspace.handbook.macros.macros] == [
        "more-info",
        "offer-call",
        "mine-later",
    ]
    assert [mistake for mistake in check(workspace.handbook) if mistake.file == "macros.json"] == []
