"""What happened to tickets, and taking it back, in words that people use."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from fleettui.store.protocol import Change
from fleettui.store.tinydb.database import INSERT, REMOVE, UPDATE
from fleettui.workspace.done_wording import DONE, change_words, done_words
from fleettui.workspace.workspace import Workspace
from screens.shell.history import paras_of
from tests.support.clocks import MONDAY_MORNING

ROOT = Path(__file__).parents[2]


@pytest.fixture
def three(workspace: Workspace) -> list[str]:
    return [workspace.tickets.new("Acme", "It fails").id for _ in range(3)]


def test_what_was_taken_back_is_said_in_the_words_of_what_happened(
    workspace: Workspace, three: list[str]
) -> None:
    workspace.tickets.wait(three[1])
    undone = workspace.history.undo()
    assert (undone.text, undone.verb, undone.fields) == (
        "Took back “waits for them” on T-1002 · It fails, today 09:00.",
        "tickets.wait",
        ("status",),
    )
    workspace.tickets.set(three[0], {"late_why": "We slept", "priority": "P1"})
    assert workspace.history.undo().text == (
        "Took back “changed” on T-1001 · It fails (priority, level, untriaged, late why), today 09:00."
    )


def test_what_went_back_together_is_counted(workspace: Workspace, three: list[str]) -> None:
    workspace.tickets.take(three)
    undone = workspace.history.undo(three[0])
    assert (undone.text, undone.together) == (
        "Took back “taken” on T-1001 · It fails and 2 more, today 09:00.",
        3,
    )
    assert {ticket.assignee for ticket in workspace.tickets.all()} == {""}
    workspace.tickets.new("Acme", "One too many")
    assert workspace.history.undo("T-1004", sure=True).text == (
        "Took back “came in” on T-1004 · One too many, today 09:00: it is gone now. "
        "U or `fleettui undo T-1004` brings it back."
    )


def test_a_period_of_a_ritual_is_called_by_the_ritual(workspace: Workspace) -> None:
    workspace.rituals.tick("RIT-1")
    assert workspace.history.undo().text.startswith("Took back “ticked” on RIT-1 · ")


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
    texts = [para.text for para in paras_of(workspace, workspace.happenings.of(three[0]))]
    assert texts[0] == "reopened (status: snoozed → open, snooze until: Tue 10 Mar 10:00 PDT → nothing)"
    assert texts[1] == "put away (status: open → snoozed, snooze until: Tue 10 Mar 10:00 PDT)"


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


def test_a_run_that_goes_with_its_document_is_told(workspace: Workspace) -> None:
    """The first step of a period begins its record; undo takes the record back."""
    run = {"marks": {"tab-leads": {"state": "done", "by": "ines", "at": "2026-11-22T08:29:50Z"}}}
    assert change_words(Change(("run",), run, msgspec.UNSET)).startswith("steps done: marks tab-leads")
    workspace.rituals.tick("RIT-12", "tab-leads")
    workspace.history.undo()
    newest = workspace.happenings.of("RIT-12@2026-03-01")[0]
    assert "steps done" in newest.done_to_subject


VERB = re.compile(
    r"(people|customers|channels|tickets|issues|calls|rituals|playbooks|retro|oncall|outbox|letters|views)\.[a-z_]+"
)


def actions() -> set[str]:
    """Every verb that something under fleettui/workspace stamps a change with."""
    verbs = set()
    for path in (ROOT / "fleettui" / "workspace").rglob("*.py"):
        if path.name == "done_wording.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
                verbs.add(node.value)
            if (
                path.name == "oncall.py"
                and isinstance(node, ast.Call)
                and ast.unparse(node.func) == "self._change"
            ):
                verbs.add(f"oncall.{ast.literal_eval(node.args[0])}")
    return {verb for verb in verbs if not verb.endswith(".json")}


def test_each_action_has_words_and_no_words_are_left_over() -> None:
    assert set(DONE) - {"init", "undo", "redo", "restore", INSERT, UPDATE, REMOVE} == actions()


def sentences(workspace: Workspace, id_: str) -> list[str]:
    return [line.done for line in workspace.happenings.of(id_)]


def test_a_step_is_told_by_its_label_with_proof_or_reason(workspace: Workspace) -> None:
    call = workspace.calls.new("Acme", MONDAY_MORNING, fields={"join_url": "https://meet.example/1"})
    workspace.calls.steps.check(call.id, "link", "heard them")
    workspace.calls.steps.uncheck(call.id, "link")
    workspace.calls.steps.skip(call.id, "link", "they phone")
    workspace.calls.done(call.id, why="went well")
    assert sentences(workspace, call.id) == [
        "over (ended: held, ended why: went well)",
        "left out: Test that the video link works (they phone)",
        "opened again: Test that the video link works",
        "checked: Test that the video link works (heard them)",
        "planned",
    ]


def test_a_reason_is_one_that_somebody_gave(workspace: Workspace) -> None:
    call = workspace.calls.new("Acme", MONDAY_MORNING)
    workspace.calls.steps.check(call.id, "notes")
    assert [line.why for line in workspace.happenings.of(call.id)] == ["", ""]
    run = workspace.playbooks.start("close-a-deal", workspace.customers.add("Acme").id)
    workspace.playbooks.cancel(run.id, "they went elsewhere")
    assert workspace.happenings.of(run.id)[0].why == "they went elsewhere"


def test_a_part_of_a_document_is_told_by_its_name_and_what_changed_in_it(workspace: Workspace) -> None:
    acme = workspace.customers.add("Acme")
    workspace.customers.opportunity(acme.id, "Renewal", {"amount": "4"})
    workspace.customers.opportunity(acme.id, "Renewal", {"amount": "5"})
    workspace.customers.contact(acme.id, "dana@acme.example", {"name": "Dana"})
    assert sentences(workspace, acme.id) == [
        "contact changed: Dana",
        "opportunity changed: Renewal (amount: 4 → 5)",
        "opportunity changed: Renewal",
        "added",
    ]
    call = workspace.calls.new("Acme", MONDAY_MORNING)
    workspace.calls.agree(call.id, "Send the quote", "kathy", MONDAY_MORNING.date())
    workspace.calls.next_step_done(call.id, workspace.calls.find(call.id).next_steps[0].key)
    assert sentences(workspace, call.id)[0] == "next step done: Send the quote"


def test_who_and_when_are_not_told_twice(workspace: Workspace, three: list[str]) -> None:
    workspace.tickets.resolve([three[0]], unanswered=True)
    assert sentences(workspace, three[0]) == ["resolved (status: open → resolved)", "came in"]


def test_a_ritual_tells_for_whom_it_was_done_and_its_proof(workspace: Workspace) -> None:
    workspace.rituals.tick("RIT-1", evidence="all green")
    workspace.rituals.untick("RIT-1")
    workspace.rituals.skip("RIT-1", "a holiday")
    assert sentences(workspace, "RIT-1@2026-03-09")[:2] == ["left out: a holiday", "opened again"]


def test_what_was_taken_back_is_told_with_what_went_back(workspace: Workspace, three: list[str]) -> None:
    workspace.tickets.set(three[0], {"priority": "P1"})
    workspace.history.undo()
    assert (
        sentences(workspace, three[0])[0]
        == "took back (priority: P1 → P3, level: in-depth → standard, not triaged: yes)"
    )


def test_lately_in_the_workspace_names_what_it_was_about_but_no_messages(
    workspace: Workspace, three: list[str]
) -> None:
    workspace.tickets.reply(three[0], "The password is swordfish")
    workspace.oncall.override(MONDAY_MORNING.date(), MONDAY_MORNING.date(), "kathy", "a holiday")
    lines = {f"{line.about}: {line.done_to_subject}" for line in workspace.happenings.latest(300)}
    assert lines >= {
        f"rota: somebody else on call: {workspace.me.shown} on call on 2026-03-09: a holiday",
        "T-1001: answered · It fails",
    }
    assert not any("swordfish" in line for line in lines)


def test_a_playbook_tells_its_steps_fields_and_answers_by_their_labels(workspace: Workspace) -> None:
    workspace.people.add("wen", name="Wen Zhao")
    run = workspace.playbooks.start("close-a-deal", workspace.customers.add("Acme").id)
    workspace.playbooks.answer(run.id, "docusign", True)
    workspace.playbooks.fill_all(run.id, {"close-date": "2026-03-09"})
    workspace.playbooks.hand_over(run.id, "sanctions", "wen")
    workspace.playbooks.tick(run.id, "sanctions")
    workspace.playbooks.untick(run.id, "sanctions")
    label = "Make sure that they are in no sanctioned country or territory"
    assert sentences(workspace, run.id) == [
        f"opened again: {label}",
        f"ticked: {label}",
        f"handed over: {label} → Wen Zhao",
        "filled in: Closing date (last signature): 2026-03-09",
        "answered: Do they sign with DocuSign?: yes",
        "begun",
    ]


def test_what_came_to_a_ticket_is_told_without_what_was_there(workspace: Workspace) -> None:
    id_ = workspace.tickets.new("Acme", "It fails", body="The first words").id
    workspace.tickets.label(id_, ["+more info"])
    workspace.tickets.received(id_, "The newest words")
    assert sentences(workspace, id_)[0] == "they wrote again: The newest words (labels: +more info → nothing)"
    workspace.history.undo(id_, sure=True)
    assert sentences(workspace, id_)[0] == "took back: The newest words (labels: +more info)"
    workspace.tickets.set(id_, {"priority": "P3"})
    assert sentences(workspace, id_)[0] == "changed (not triaged: yes → no)"


def test_the_history_of_a_ritual_names_people_and_leaves_out_what_only_repeats(workspace: Workspace) -> None:
    before = workspace.rituals.find("RIT-1").dri
    other = next(person for person in workspace.people.all() if person.login != before)
    workspace.rituals.edit("RIT-1", {"dri": other.login})
    newest = paras_of(workspace, workspace.happenings.of("RIT-1"))[0].text
    assert f"→ {other.shown}" in newest
    assert "former" not in newest


def test_what_a_workspace_began_with_is_no_news(workspace: Workspace) -> None:
    workspace.tickets.new("Acme", "It fails")
    assert [line.done for line in workspace.happenings.latest(20)] == ["came in"]
