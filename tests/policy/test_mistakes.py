"""Mistakes in a handbook that a team edits by hand: each is named by file and field, and none takes more down than it must."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Unusable
from fleettui.policy.handbook import Handbook, load
from fleettui.policy.mistakes import check
from tests.support.handbook_folder import TEAM, edit


@pytest.mark.parametrize(
    ("name", "path", "to", "message"),
    [
        ("rituals.json", ("rituals", 3, "rhythm", "interval"), "x", "rituals[3].rhythm.interval: a whole number belongs here"),
        ("rituals.json", ("rituals", 2, "colour"), "red", "rituals[2].colour: there is no field 'colour' here"),
        ("rituals.json", ("rituals", 1, "name"), None, "rituals[1].name: a text belongs here, not null"),
        ("rituals.json", ("rituals", 15, "rhythm", "weekday"), "x", "rituals[15].rhythm.weekday: 'x' is not a weekday"),
        ("rituals.json", ("rituals", 4, "id"), "overnight-feedback", "rituals[4].id: the id 'overnight-feedback' is already at"),
        ("rituals.json", ("rituals", 6, "before"), ["nothing"], "rituals[6].before: no ritual is called 'nothing'"),
        ("rituals.json", ("rituals", 10, "quiet_days"), None, "rituals[10].quiet_days: is wanted"),
        ("rituals.json", ("rituals", 1, "target_minutes"), -1, "rituals[1].target_minutes: a whole number of at least 0"),
        ("playbooks/play-03.json", ("steps", 1, "needs"), ["x"], "steps[1].needs[0]: no step is called 'x'"),
        ("playbooks/play-03.json", ("steps", 2, "when", "fact"), "x", "steps[2].when.fact: no fact is called 'x'"),
        ("hours.json", ("zone",), "Mars/Olympus", "zone: there is no time zone 'Mars/Olympus'"),
        ("hours.json", ("open", "someday"), [], "open: 'someday' is not a weekday"),
        ("labels.json", ("waiting_prefix",), "", "waiting_prefix: is empty"),
        ("labels.json", ("codenames", "pool", 1), "ceres", "codenames.pool[1]: the codename 'ceres' is already"),
        ("calls.json", ("missed", "group"), "x", "missed.group: none of the steps is called 'x'"),
        ("calls.json", ("slots", "least"), 5, "slots: least is at least 1"),
        ("calls.json", ("slots", "step_minutes"), 0, "slots.step_minutes: is at least 1"),
        ("calls.json", ("links",), {"private": ["a b"]}, "links.private[0]: is not a host"),
        ("calls.json", ("join", "latest"), 9, "join: latest is nearer"),
        ("groups.json", ("groups", 1, "hosts_from"), 300, "groups[1].hosts_from: the hosts_from '300' is already"),
        ("levels.json", ("levels", 1, "priorities"), ["P3"], "levels[1].priorities[0]: the priority 'P3' is already"),
        ("messages.json", ("messages", 0, "name"), "../x", "messages[0].name: only a to z"),
        ("roles.json", ("roles", 15, "one_of"), ["x"], "roles[15].one_of[0]: no role is called 'x'"),
        ("tickets.json", ("checklists", 0, "steps", 1, "needs"), ["x"], "checklists[0].steps[1].needs[0]: no step"),
    ],
)  # fmt: skip
def test_a_mistake_names_file_and_field(
    folder: Path, name: str, path: tuple[str | int, ...], to: Any, message: str
) -> None:
    edit(folder, name, *path, to=to)
    with pytest.raises(Unusable) as caught:
        _load_all(load(folder))
    without_line = re.sub(r", line \d+", "", str(caught.value))
    assert without_line.startswith(f"handbook/{name}: {message}")
    assert "\n" not in str(caught.value)
    assert name in {finding.file for finding in check(load(folder)) if finding.serious}, "doctor finds it too"


def _load_all(handbook: Handbook) -> None:
    for part in (
        "hours",
        "holidays",
        "sla",
        "rota",
        "channels",
        "levels",
        "labels",
        "details",
        "groups",
        "roles",
        "tickets",
    ):
        getattr(handbook, part)
    for part in ("messages", "rituals", "calls", "gtm"):
        getattr(handbook, part)
    for name in handbook.playbook_files:
        handbook.playbook_in(name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"roles": [\n  {"key": "AE",,}\n]}', "handbook/roles.json, line 2 column 16: this is not JSON: "),
        (b'{"roles": [', "handbook/roles.json, line 1 column 12: the file ends here"),
        (b"", "handbook/roles.json, line 1 column 1: the file is empty"),
        (b'{"roles": [{"key":\n\n "\xff"}]}', "handbook/roles.json, line 3: this is not UTF-8 text"),
        (b"[]", "handbook/roles.json, line 1: an object { … } belongs here, not an empty list"),
        (b'{"roles": 3}', "handbook/roles.json, line 1: roles: a list [ … ] belongs here, not 3"),
        (b"[" * 100_000, "handbook/roles.json"),
    ],
)
def test_what_is_no_json_is_named_with_line_and_column(folder: Path, content: bytes, message: str) -> None:
    (folder / "roles.json").write_bytes(content)
    with pytest.raises(Unusable, match=re.escape(message)) as caught:
        _ = load(folder).roles
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    path = folder / "roles.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(folder).roles.roles


@pytest.mark.parametrize("name", ["roles.json", "playbooks/play-01.json", "templates/w9.j2"])
def test_a_symbolic_link_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "elsewhere"
    (folder / name).rename(target)
    (folder / name).symlink_to(target)
    with pytest.raises(Unusable, match=rf"handbook/{name}: is a symbolic link"):
        handbook = load(folder)
        _load_all(handbook)
        handbook.renderer.render("w9", {"name": "N", "me": "M"})


@pytest.mark.parametrize("inside", ["playbooks", "templates"])
def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path, inside: str) -> None:
    (folder / inside).rename(tmp_path / "elsewhere")
    (folder / inside).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unusable, match=rf"handbook/{inside}: is a symbolic link"):
        handbook = load(folder)
        _ = handbook.playbooks
        handbook.renderer.render("w9", {"name": "N", "me": "M"})


def test_a_linked_or_missing_handbook_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(Unusable, match="is a symbolic link"):
        load(tmp_path / "link")
    with pytest.raises(Unusable, match="is not there"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["roles.json", "playbooks/play-01.json", "templates/w9.j2"])
def test_a_folder_in_place_of_a_file_is_named_as_such(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(Unusable, match=rf"handbook/{name}: is a folder; put the file itself there"):
        handbook = load(folder)
        _load_all(handbook)
        handbook.renderer.render("w9", {"name": "N", "me": "M"})


def test_a_pipe_does_not_hang(folder: Path) -> None:
    (folder / "roles.json").unlink()
    os.mkfifo(folder / "roles.json")
    with pytest.raises(Unusable, match=r"roles\.json: is not a plain file"):
        _ = load(folder).roles


def test_a_file_that_an_older_workspace_lacks_is_read_as_shipped(folder: Path) -> None:
    (folder / "gtm.json").unlink()
    assert load(folder).gtm.quiet_days == 45


def test_a_playbook_that_the_team_took_away_stays_away(folder: Path) -> None:
    (folder / "playbooks" / "play-07.json").unlink()
    assert "rep-activity" not in load(folder).playbooks


def test_one_broken_playbook_leaves_the_others(folder: Path) -> None:
    (folder / "playbooks" / "play-01.json").write_text('{"id": 3}')
    handbook = load(folder)
    assert len(handbook.playbooks) == 17
    assert [str(error) for error in handbook.broken_playbooks] == [
        "handbook/playbooks/play-01.json, line 1: the field 'name' is missing: a text"
    ]
    with pytest.raises(Unusable, match=r"play-01\.json"):
        handbook.playbook("new-customer-dri")


def test_a_team_copies_a_playbook_and_changes_it(folder: Path) -> None:
    """The way that docs/policy.md tells; a copy that kept the id is named."""
    raw = json.loads((folder / "playbooks" / "play-12.json").read_text())
    (folder / "playbooks" / "our-own.json").write_text(json.dumps(raw))
    assert [str(error) for error in load(folder).broken_playbooks] == [
        "handbook/playbooks/play-12.json, line 2: id: 'docs-search-crawler' is the id of handbook/playbooks/our-own.json too; "
        "a copy needs an id and a name of its own"
    ]
    raw |= {"id": "our-own", "name": "Our own", "rule": ""}
    (folder / "playbooks" / "our-own.json").write_text(json.dumps(raw))
    handbook = load(folder)
    assert handbook.playbook("Our own").id == "our-own"
    assert check(handbook, TEAM) == []


def test_the_docs_example_of_a_playbook_works(folder: Path) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "policy.md").read_text()
    example = next(block for block in re.findall(r"```json\n(.*?)```", docs, re.S) if '"steps"' in block)
    (folder / "playbooks" / "own.json").write_text(example)
    handbook = load(folder)
    assert check(handbook, TEAM) == []
    assert json.loads(example)["id"] in handbook.playbooks


@pytest.mark.parametrize(
    ("name", "path", "to", "field", "what"),
    [
        ("rituals.json", ("rituals", 0, "dri"), "kahty", "rituals[0].dri", "no person or role is called 'kahty'"),
        ("rituals.json", ("rituals", 11, "playbook"), "x", "rituals[11].playbook", "no playbook is called 'x'"),
        ("rituals.json", ("rituals", 9, "messages"), ["x"], "rituals[9].messages[0]", "no message is called 'x'"),
        ("playbooks/play-01.json", ("steps", 0, "owner"), "CMS", "steps: introduction.owner", "no role is called 'CMS'"),
        ("playbooks/play-01.json", ("steps", 0, "text"), ["x"], "steps: introduction.text[0]", "no message is called 'x'"),
        ("playbooks/play-03.json", ("steps", 3, "approval", "by"), "x", "steps: approval.approval.by", "no role is called 'x'"),
        ("playbooks/play-05.json", ("steps", 0, "opens", 0, "name"), "x",
         "steps: reviewed.opens[0].name", "no playbook is called 'x'"),
        ("channels.json", ("help", 0, "message"), "x", "help[0].message", "no message is called 'x'"),
        ("channels.json", ("channels", 0, "dri"), "x", "channels[0].dri", "no person or role is called 'x'"),
        ("levels.json", ("levels", 0, "help"), ["x"], "levels[0].help[0]", "no help is called 'x'"),
        ("groups.json", ("groups", 0, "cses"), ["x"], "groups[0].cses[0]", "no person or role is called 'x'"),
        ("gtm.json", ("sanctions", "at"), ["x"], "sanctions.at[0]", "no playbook is called 'x'"),
        ("calls.json", ("notes", "title"), "x", "notes.title", "no message is called 'x'"),
        ("tickets.json", ("auto_reply",), "x", "auto_reply", "no message is called 'x'"),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_found_and_stops_nobody(
    folder: Path, name: str, path: tuple[str | int, ...], to: Any, field: str, what: str
) -> None:
    edit(folder, name, *path, to=to)
    handbook = load(folder)
    _load_all(handbook)
    assert [
        (mistake.file, mistake.field, mistake.what, mistake.serious) for mistake in check(handbook, TEAM)
    ] == [(name, field, what, False)]


def test_without_a_roster_no_dri_is_looked_for(folder: Path) -> None:
    edit(folder, "rituals.json", "rituals", 0, "dri", to="somebody")
    assert check(load(folder)) == []


@pytest.mark.parametrize(
    "name", [".sla.json.swp", "sla.json~", "playbooks/.play-01.json.swp", "templates/w9.j2~"]
)
def test_what_an_editor_leaves_behind_is_no_finding(folder: Path, name: str) -> None:
    (folder / name).write_text("half of a sentence")
    assert check(load(folder), TEAM) == []


def test_doctor_hears_of_double_keys_strangers_and_broken_templates(folder: Path) -> None:
    text = (folder / "groups.json").read_text()
    (folder / "groups.json").write_text(
        text.replace('"key": "unicorns"', '"key": "horses", "key": "unicorns"', 1)
    )
    (folder / "ritual.json").write_text("{}")
    (folder / "playbooks" / "notes.txt").write_text("x")
    (folder / "templates" / "w9.j2").write_text("a\n{% if %}")
    (folder / "templates" / "quote.j2").write_text("{{ price }}")
    every = [(mistake.file, mistake.field, mistake.what) for mistake in check(load(folder), TEAM)]
    unused = [what for file, _, what in every if file == "messages.json"]
    assert unused and all("quote.j2 does not use" in what for what in unused)
    mistakes = [mistake for mistake in every if mistake[0] != "messages.json"]
    assert [(file, field) for file, field, _ in mistakes] == [
        ("groups.json", "groups[0].key"), ("ritual.json", ""), ("playbooks/notes.txt", ""), ("templates/quote.j2", ""),
        ("templates/w9.j2", ""),
    ]  # fmt: skip
    assert mistakes[3][2].startswith("'price' is not among the variables")
    assert mistakes[4][2] == "a value or a condition is missing here"


def test_a_row_that_the_product_knows_by_its_key_is_missed(folder: Path) -> None:
    """A renamed step would turn a check off without a word."""
    renamed = {
        "calls.json": [
            "link",
            "documents-open",
            "check-accepted",
            "missed-slots",
            "after-next-steps",
            "phone",
        ],
        "channels.json": ["web-chat", "customer-meeting"],
        "details.json": ["expected", "actual"],
        "messages.json": ["call-slots", "oncall-reminder", "retro"],
        "roles.json": ["on-call", "CSM"],
        "sla.json": ["urgent"],
        "tickets.json": ["search", "write", "found", "documentation"],
    }
    for file, keys in renamed.items():
        text = (folder / file).read_text()
        for key in keys:
            text = re.sub(rf'"{key}"(?!:)', f'"{key}-too"', text)
        (folder / file).write_text(text)
    mistakes = [mistake for mistake in check(load(folder), TEAM) if "it is needed for" in mistake.what]
    assert not any(mistake.serious for mistake in mistakes)
    missed = {file: [m.what.split("'")[1] for m in mistakes if m.file == file] for file in renamed}
    assert {file: set(keys) for file, keys in missed.items()} == {
        file: set(keys) for file, keys in renamed.items()
    }


def test_a_way_to_reach_a_customer_is_missed_where_no_step_ends_in_it(folder: Path) -> None:
    text = (folder / "calls.json").read_text()
    text = text.replace('"missed-linkedin"', '"missed-professional"').replace(
        '"confirm-slack"', '"confirm-chat"'
    )
    (folder / "calls.json").write_text(text)
    assert [(mistake.field, mistake.what) for mistake in check(load(folder), TEAM)] == [
        (
            "steps: confirm",
            "no step is called 'confirm-slack'; it is needed for saying whom to reach by slack",
        ),
        (
            "steps: missed",
            "no step is called 'missed-linkedin'; it is needed for saying whom to reach by linkedin",
        ),
    ]


def test_without_the_checklist_of_issues_its_steps_are_not_missed_one_by_one(folder: Path) -> None:
    text = (folder / "tickets.json").read_text()
    (folder / "tickets.json").write_text(text.replace('"key": "issue"', '"key": "public-issue"'))
    assert [mistake.what for mistake in check(load(folder), TEAM)] == [
        "no checklist is called 'issue'; it is needed for the way to a public issue (SUP-11)"
    ]


def test_the_kind_of_those_who_are_customers_is_missed(folder: Path) -> None:
    text = (folder / "gtm.json").read_text()
    (folder / "gtm.json").write_text(text.replace('"kind": "customer"', '"kind": "client"'))
    assert [mistake.field for mistake in check(load(folder), TEAM)] == ["reach_out"]
