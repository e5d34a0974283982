"""Every text of every playbook, as the person who gets it reads it: with all that can be known, and with nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleettui.domain.checklists.model import Fact, Field, Mark, Value
from fleettui.domain.checklists.status import every_step
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.domain.playbooks.texts import word
from fleettui.policy.handbook import load
from fleettui.workspace.workspace import Workspace
from tests.support.handbook_folder import new_folder

RULES = [f"PLAY-{number}" for number in range(1, 19)]
TYPED = {
    "date": "2026-03-20",
    "number": "42",
    "email": "kim.berg@harbour.example",
    "link": "https://example.com/{key}",
    "yes-no": "yes",
    "long text": "the first of {key}\nthe second of {key}",
}


@pytest.fixture
def workspace(made: Callable[..., Workspace]) -> Workspace:
    """One of a team that has everybody, with a customer of whom all is known and one of whom nothing is."""
    workspace = made(demo=True)
    harbour = workspace.customers.add("Harbour Lights", hosts=420, channel="#harbour", owners="CSM=wen")
    workspace.customers.contact(
        harbour.id, "ruth@harbour.example", {"name": "Dr. Ruth Olsen", "champion": "yes"}
    )
    workspace.customers.add("Nameless")
    workspace.people.add("nils", name="Nils Aune", roles="Head of Digital Experience")
    workspace.people.add("vera", name="Vera Lind", roles="CEO")
    return workspace


def begun(workspace: Workspace, rule: str, customer: str) -> PlaybookRun:
    playbook = workspace.handbook.playbook(rule)
    return workspace.playbooks.start(rule, customer if playbook.customer else None)


def typed(field: Field) -> str:
    if field.type == "choice":
        return field.choices[0]
    return TYPED.get(field.type, "Typed for {key}").format(key=field.key)


def answered(fact: Fact) -> Value:
    if fact.type == "choice":
        return fact.choices[0]
    return {"yes-no": True, "number": 420}.get(fact.type, f"Typed for {fact.key}")


def whole(workspace: Workspace, run: PlaybookRun) -> PlaybookRun:
    """All typed, all answered, all done."""
    steps = list(every_step(run.definition.steps))
    done = Mark(state="done", by="jonah", at=workspace.now())
    return replace(
        run,
        run=replace(
            run.run,
            filled={field.key: typed(field) for step in steps for field in step.fields},
            answers={fact.key: answered(fact) for fact in run.definition.facts},
            marks={step.key: done for step in steps if not step.steps},
        ),
    )


def texts_of(run: PlaybookRun) -> Iterator[str]:
    yield from run.reminders
    for step in every_step(run.definition.steps):
        yield from step.text


@pytest.mark.parametrize("rule", RULES)
def test_play_1_to_play_18_a_text_with_all_that_is_known_has_no_gap_and_says_what_was_typed(
    workspace: Workspace, rule: str
) -> None:
    run = whole(workspace, begun(workspace, rule, "Harbour Lights"))
    kinds = {word(field.key): field for step in every_step(run.definition.steps) for field in step.fields}
    for name in texts_of(run):
        text = workspace.playbooks.written(run, name).replace("- [ ] ", "")  # a box to tick
        assert "[" not in text, f"{name}: {text}"
        for variable in workspace.handbook.renderer.message(name).variables:
            if variable.name in kinds and f"{variable.name} | first_name" not in source(workspace, name):
                for line in typed(kinds[variable.name]).splitlines():
                    assert line in text, f"{name} leaves out what was typed for {variable.name}"


def source(workspace: Workspace, name: str) -> str:
    return workspace.handbook.renderer.source(name)


@pytest.mark.parametrize("rule", RULES)
def test_play_1_to_play_18_a_text_of_which_nothing_is_known_is_whole_and_claims_nothing(
    workspace: Workspace, rule: str
) -> None:
    run = begun(workspace, rule, "Nameless")
    for name in texts_of(run):
        text = workspace.playbooks.written(run, name)
        for sign in ("{{", "{%", "None", "()", " .", " ,", "  ", "[]", "@ "):
            assert sign not in text, f"{name}: {text}"
        for claim in (
            "checked, ",
            "reviewed on",
            "no further review",
            "went to",
            "uploaded",
            "has its notes",
        ):
            assert claim not in text, f"{name}: {text}"
        assert not any(len(line.strip()) == 1 for line in text.splitlines()), f"{name}: a letter a line"


@pytest.mark.parametrize("rule", RULES)
def test_play_1_to_play_18_every_variable_of_a_text_can_be_known(workspace: Workspace, rule: str) -> None:
    """One vocabulary: fields, questions and steps of the playbook, and known facts. Others have their words already."""
    from fleettui.domain.playbooks.texts import vocabulary

    playbook = workspace.handbook.playbook(rule)
    roles = [role.key for role in workspace.handbook.roles.roles]
    known = vocabulary(playbook.checklist, for_customer=playbook.customer, roles=roles)
    for name in (*playbook.reminders, *(text for step in every_step(playbook.steps) for text in step.text)):
        for variable in workspace.handbook.renderer.message(name).variables:
            assert variable.name in known or variable.default, f"{name}: {variable.name}"


# What was false


def test_play_1_the_welcome_greets_the_new_champion_and_not_the_one_who_leaves(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-1", "Harbour Lights")
    assert workspace.playbooks.written(run, "intro-request").startswith("Hi Ruth,")
    run = workspace.playbooks.fill(run.id, "new-name", "Kim Berg")
    run = workspace.playbooks.fill(run.id, "meeting", "Tuesdays at 10:00")
    text = workspace.playbooks.written(run, "new-champion-welcome")
    assert text.startswith("Hi Kim,")
    assert "Ruth" not in text
    assert "#harbour, and to our regular meeting, Tuesdays at 10:00." in text


def test_play_1_and_play_2_a_letter_names_the_channel_as_people_call_it_and_never_by_its_id(
    workspace: Workspace,
) -> None:
    for rule, name in (("PLAY-1", "new-champion-welcome"), ("PLAY-2", "welcome")):
        run = begun(workspace, rule, "Northwind")
        assert "#fleet-at-northwind" in workspace.playbooks.written(run, name)
    workspace.customers.edit(workspace.customers.find("Nameless").id, {"channel": "C0123ABCD"})
    assert "[The shared channel]" in workspace.playbooks.written(
        begun(workspace, "PLAY-2", "Nameless"), "welcome"
    )


def test_play_3_the_question_for_approval_claims_no_check_that_nobody_did(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-3", "Harbour Lights")
    text = workspace.playbooks.written(run, "quote-approval")
    assert "not checked yet" in text
    assert "tandard terms" not in text, "nobody has answered that"
    run = workspace.playbooks.tick(run.id, "sanctions")
    run = workspace.playbooks.answer_all(run.id, {"document": "purchase order", "special-terms": "no"})
    text = workspace.playbooks.written(run, "quote-approval")
    assert "Purchase order for Harbour Lights" in text
    assert "Standard terms." in text
    assert "Sanctioned countries: checked, " in text
    run = workspace.playbooks.fill_all(
        run.id, {"terms": "Paid in April", "quote-link": "https://x.example/q"}
    )
    assert "Special terms: Paid in April" in workspace.playbooks.written(run, "quote-approval")
    reminder = workspace.playbooks.written(run, "sanctions-reminder")
    assert "x.example" not in reminder, "the quote is not the list of countries"


def test_play_3_what_was_left_out_was_not_done(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-3", "Harbour Lights")
    run = workspace.playbooks.skip(run.id, "sanctions", "no time")
    assert "not checked yet" in workspace.playbooks.written(run, "quote-approval")


def test_play_6_the_open_questions_stand_one_a_line(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-6", "Harbour Lights")
    run = workspace.playbooks.fill(
        run.id, "questions", "Who can see our data, and when?\nWhere are the servers?"
    )
    text = workspace.playbooks.written(run, "questionnaire-pending")
    assert "- Who can see our data, and when?\n- Where are the servers?" in text


def test_play_7_the_invitation_names_the_rep(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-7", "")
    run = workspace.playbooks.fill_all(run.id, {"rep-name": "Leo Marsh", "findings": "four mails in a week"})
    text = workspace.playbooks.written(run, "coaching-invite")
    assert text.startswith("Hi Leo, ")
    assert "It is about this: four mails in a week" in text


def test_play_9_the_invoice_goes_to_the_address_of_the_account(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-9", "Harbour Lights")
    assert "ruth@harbour.example" not in workspace.playbooks.written(run, "credit-card-invoice")
    run = workspace.playbooks.fill(run.id, "account-address", "bills@harbour.example")
    assert "at bills@harbour.example." in workspace.playbooks.written(run, "credit-card-invoice")


def test_play_10_the_licence_comes_with_its_link_and_purpose(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-10", "Harbour Lights")
    run = workspace.playbooks.fill_all(
        run.id, {"trial-purpose": "expansion", "licence-link": "https://x.example/key"}
    )
    text = workspace.playbooks.written(run, "trial-licence")
    assert "your licence for the expansion: https://x.example/key" in text


def test_play_11_the_issue_names_who_asked_and_not_the_champion(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-11", "Harbour Lights")
    assert "ruth@" not in workspace.playbooks.written(run, "sandbox-extension")
    run = workspace.playbooks.fill_all(
        run.id, {"requester-email": "asha@harbour.example", "requester-name": "Asha Rao"}
    )
    assert "sandbox trial of asha@harbour.example" in workspace.playbooks.written(run, "sandbox-extension")
    assert workspace.playbooks.written(run, "sandbox-extended").startswith("Hi Asha, ")


def test_play_14_the_issue_says_what_was_agreed(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-14", "Harbour Lights")
    run = workspace.playbooks.fill_all(
        run.id, {"definition-of-done": "all ships answer", "pov-end": "2026-04-01"}
    )
    text = workspace.playbooks.written(run, "environment-issue")
    assert "Harbour Lights, 420 hosts" in text
    assert "Done when: all ships answer" in text
    assert "until 2026-04-01" in text


def test_play_5_who_is_to_know_is_mentioned_by_name_with_the_link_of_the_document(
    workspace: Workspace,
) -> None:
    run = begun(workspace, "PLAY-5", "Harbour Lights")
    run = workspace.playbooks.fill(run.id, "document-link", "https://x.example/envelope")
    text = workspace.playbooks.written(run, "signature-notice")
    assert text.startswith("@Nils Aune ")
    assert "https://x.example/envelope" in text


# One vocabulary


def test_play_4_with_several_links_none_is_taken_for_another(workspace: Workspace) -> None:
    run = begun(workspace, "PLAY-4", "Harbour Lights")
    run = workspace.playbooks.fill_all(
        run.id, {"draft-link": "https://x.example/draft", "issue-link": "https://x.example/issue"}
    )
    text = workspace.playbooks.written(run, "contract-review")
    assert "https://x.example/draft" in text
    assert "https://x.example/issue" not in text


def test_the_shipped_playbooks_speak_one_vocabulary(tmp_path: Path) -> None:
    from fleettui.policy.mistakes import check

    assert check(load(new_folder(tmp_path))) == []


def test_play_3_a_text_that_asks_for_what_nobody_types_is_named_and_stops_nobody(tmp_path: Path) -> None:
    from fleettui.policy.mistakes import check

    folder = new_folder(tmp_path)
    file = folder / "playbooks" / "play-03.json"
    file.write_text(file.read_text().replace('"key": "quote-link"', '"key": "offer-link"', 1))
    file.write_text(file.read_text().replace('"text": ["quote"]', '"text": ["follow-up"]'))
    handbook = load(folder)
    mistakes = [(m.file, m.field, m.what, m.serious) for m in check(handbook)]
    assert (
        "playbooks/play-03.json",
        "steps: approval.text[0]",
        "'quote-approval' asks for 'quote_link': no field or question of this playbook is called so",
        False,
    ) in mistakes
    assert {field for _, field, _, _ in mistakes} == {"steps: approval.text[0]", "steps: send-quote.text[0]"}
    assert handbook.playbook("PLAY-3").id == "send-a-quote"


def test_play_3_a_text_of_an_older_workspace_still_finds_the_only_link(workspace: Workspace) -> None:
    template = workspace.home / "handbook" / "templates" / "quote.j2"
    template.write_text("Hi {{ name }}, here is the quote: {{ link }}")
    messages = workspace.home / "handbook" / "messages.json"
    messages.write_text(
        messages.read_text().replace('"quote_link", "meaning": "The quote"', '"link", "meaning": "The quote"')
    )
    workspace.refresh()
    run = begun(workspace, "PLAY-3", "Harbour Lights")
    run = workspace.playbooks.fill(run.id, "quote-link", "https://x.example/q")
    assert workspace.playbooks.written(run, "quote") == "Hi Ruth, here is the quote: https://x.example/q"
