"""A workspace on PostgreSQL: made, opened, and kept beside its documents what belongs to each person."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fleettui import config
from fleettui.cli.json_fields import JSON_FIELDS
from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Refused, Unusable
from fleettui.store.postgres import schema
from fleettui.workspace import place_at
from fleettui.workspace.collections import PEOPLE
from fleettui.workspace.database.policy import POLICY, as_document, keeping
from tests.support.database_shell import DatabaseShell, box
from tests.support.postgres_server import server
from tests.workspace.database.conftest import Opened, on_box


def executed(address: DatabaseAddress, statement: str) -> None:
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        named = sql.SQL(statement).format(schema=sql.Identifier(address.schema))
        connection.execute(named)


# Making it


def test_init_makes_a_workspace_that_every_command_opens(shell: DatabaseShell) -> None:
    made = shell.json("init", "--at", str(shell.at), "--demo", "--name", "Fleet on PostgreSQL")
    assert made["home"] == str(shell.at) and made["demo"]
    assert shell.ok("today").startswith("Fleet on PostgreSQL · ")
    number = len(shell.json("tickets", "list"))
    new = shell.json("tickets", "new", "--customer", "Acme", "--subject", "It fails")
    assert len(shell.json("tickets", "list")) == number + 1
    assert shell.json("history", new["id"])[0]["verb"] == "tickets.new"
    shell.ok("undo", new["id"], "--yes")
    assert len(shell.json("tickets", "list")) == number
    assert shell.ok("doctor").endswith("all is well.\n")


def test_the_declared_fields_are_in_the_json_of_commands_that_only_a_database_has(
    shell: DatabaseShell, tmp_path: Path
) -> None:
    shell.ok("init", "--at", str(shell.at), "--demo")
    copy = tmp_path / "copy"
    shell.ok("handbook", "pull", str(copy))
    hours = copy / "hours.json"
    hours.write_text(hours.read_text() + "\n")
    for words in (("handbook", "push", str(copy)), ("people", "role", "dora")):
        assert set(JSON_FIELDS[" ".join(words[:2])]) <= shell.json(*words).keys()


def test_without_a_demo_whoever_makes_it_is_its_only_person(shell: DatabaseShell) -> None:
    printed = shell.ok("init", "--at", str(shell.at))
    assert "oncall order" in printed
    assert [person["login"] for person in shell.json("people", "list")] == [config.login()]


def test_a_second_workspace_is_not_made_over_it(shell: DatabaseShell) -> None:
    shell.ok("init", "--at", str(shell.at))
    assert "There is a workspace in" in shell.fails(1, "init", "--at", str(shell.at))


def test_what_was_interrupted_is_no_workspace_and_is_made_again(
    shell: DatabaseShell, address: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("fleettui.workspace.creation._fill", lambda *_: 1 / 0)
        shell.fails(3, "init", "--at", str(address))
    assert "there is no workspace" in shell.fails(3, "today")
    shell.ok("init", "--at", str(address))
    assert len(shell.json("people", "list")) == 1


def test_a_schema_with_other_tables_is_left_alone(shell: DatabaseShell, address: DatabaseAddress) -> None:
    executed(address, "create schema {schema}; create table {schema}.accounts (id int)")
    assert "other tables" in shell.fails(1, "init", "--at", str(address))


def test_options_that_a_database_has_not_are_refused(shell: DatabaseShell) -> None:
    assert "--shared" in shell.fails(1, "init", "--at", str(shell.at), "--shared", "root")
    assert "--at" in shell.fails(2, "init", "--at", str(shell.at), "--home", "x")


def test_it_is_named_by_the_environment_by_an_option_and_by_the_config_file(shell: DatabaseShell) -> None:
    shell.ok("init", "--at", str(shell.at), "--name", "Ours")
    assert shell.ok("today").startswith("Ours")
    shell.environment["FLEETTUI_HOME"] = ""
    assert shell.ok("today", "--home", str(shell.at)).startswith("Ours")
    shell.ok("config", "home", str(shell.at))
    assert shell.ok("today").startswith("Ours")
    assert shell.json("config", "home")["value"] == str(shell.at)


# What can be wrong


def test_whatever_is_wrong_is_one_line_and_exit_code_3(
    shell: DatabaseShell, address: DatabaseAddress
) -> None:
    sockets = server().sockets
    wrong = {
        "postgresql://127.0.0.1:1/x": "not running",
        f"postgresql://postgres@/nothing?host={sockets}": 'database "nothing" does not exist',
        f"postgresql://stranger@/postgres?host={sockets}": 'role "stranger" does not exist',
        "service=nothing": "service",
        f"postgresql://postgres@/postgres?host={sockets}&schemer=x": "schemer",
        str(address): "there is no workspace; `fleettui init --at ADDRESS` makes one",
    }
    for named, why in wrong.items():
        for command in ("today", "doctor") if named == str(address) else ("today", "init"):
            if command != "doctor":
                assert why in shell.fails(3, command, "--home", named), named
    executed(address, "create role {schema} login")
    named = f"postgresql://{address.schema}@/postgres?host={sockets}&schema={address.schema}"
    try:
        assert "your role may not do this" in shell.fails(3, "init", "--at", named)
        shell.ok("init", "--at", str(address))
        assert "your role may not look into it" in shell.fails(3, "today", "--home", named)
        executed(address, "update {schema}.meta set format = 99")
        assert "is of format 99" in shell.fails(3, "today")
        executed(address, "update {schema}.meta set format = 1")
        executed(address, "alter role {schema} connection limit 0")
        assert "no connection left" in shell.fails(3, "today", "--home", named)
    finally:
        executed(address, "drop role {schema}")


def test_a_newer_format_and_an_older_server_are_refused(
    ours: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "OLDEST_SERVER", 999_999)
    with pytest.raises(Unusable, match="older than PostgreSQL"):
        place_at(ours).open("kathy", lambda: None)  # type: ignore[arg-type,return-value]


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from fleettui.cli.main import main; sys.exit(main(['today', '--home', 'postgresql://db.example/x']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and done.stderr.count("\n") == 1
    assert "pip install 'fleettui[postgres]'" in done.stderr


def test_a_workspace_in_a_folder_never_loads_the_driver(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    code = (
        "import sys; from fleettui.cli.main import main\n"
        f"for words in (['init'], ['today'], ['tickets', 'list'], ['history']): main(['--home', {home!r}, *words])\n"
        "sys.exit('psycopg' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


# What each person keeps for themselves


def test_read_marks_and_notes_follow_a_person_from_box_to_box(opened: Opened) -> None:
    here, there, other = opened(), opened(), opened("alex")
    here.services.read_marks.look("T-1", 3)
    here.services.notebook("inbox").note([("followed:T-1", "1"), ("seen:x", "1")])
    here.services.past_searches.keep("triage", "label:sso")
    here.refresh(), there.refresh(), other.refresh()
    assert there.services.read_marks.rev("T-1") == 3 and other.services.read_marks.rev("T-1") == 0
    there.services.read_marks.look("T-1", 2)
    assert there.services.read_marks.rev("T-1") == 3
    assert there.services.notebook("inbox").keys("followed:") == ["T-1"]
    assert other.services.notebook("inbox").keys("followed:") == []
    assert there.services.past_searches.of("triage") == ["label:sso"]
    there.services.notebook("inbox").note([("followed:T-1", "")])
    here.refresh()
    assert here.services.notebook("inbox").get("followed:T-1") == ""


def test_of_two_sessions_that_note_the_same_first_the_first_counts(opened: Opened) -> None:
    here, there = opened().services.notebook("inbox"), opened().services.notebook("inbox")
    here.note([("first:alarm", "2:here")])
    there.note([("first:alarm", "2:there")])
    assert here.get("first:alarm") == there.get("first:alarm") == "2:here"
    there.note([("first:alarm", "3:there")])
    assert there.get("first:alarm") == "3:there"


def test_only_the_last_searches_are_kept_the_last_first(opened: Opened) -> None:
    here = opened()
    for number in range(40):
        here.services.past_searches.keep("triage", f"search {number}")
    here.services.past_searches.keep("triage", "search 20")
    here.close()
    kept = opened(in_app=False).services.past_searches.of("triage")
    assert kept[:3] == ["search 20", "search 39", "search 38"] and len(kept) == 30


def test_everybody_reads_what_somebody_follows(opened: Opened) -> None:
    here, other = opened(), opened("alex")
    here.services.follow_lists.publish("kathy", {"T-1": 17})
    here.refresh()
    assert other.services.follow_lists.all() == {"kathy": {"T-1": 17}}


def test_a_draft_is_on_this_box_first_then_on_the_others_and_the_newest_counts(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opened()
    here.drafts.keep("T-1", "Dear")
    assert list((tmp_path / "box a" / "state").rglob("T-1.txt"))
    here.refresh()
    on_box(monkeypatch, tmp_path / "box b")
    there, other = opened(), opened("alex")
    assert there.drafts.texts() == {"T-1": "Dear"} and other.drafts.texts() == {}
    there.drafts.keep("T-1", "Dear Sam")
    there.refresh(), here.refresh()
    assert here.drafts.get("T-1") == "Dear Sam"
    assert [about for about, _ in here.drafts.all()] == ["T-1"]
    here.drafts.drop("T-1")
    here.refresh(), there.refresh()
    assert there.drafts.texts() == {} == here.drafts.texts()
    assert opened().drafts.texts() == {}


def test_a_draft_that_the_server_did_not_get_is_sent_at_the_next_start(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opened()
    here.drafts.keep("T-1", "typed while it was away")
    monkeypatch.setattr(here.services, "look", lambda: None)
    here.close()
    opened().refresh()
    on_box(monkeypatch, tmp_path / "box b")
    assert opened().drafts.get("T-1") == "typed while it was away"


# Who is here


def test_sessions_see_each_other_and_one_that_ends_is_gone(opened: Opened) -> None:
    here, there = opened(), opened("alex")
    there.presence.enter()
    there.presence.show("triage", "T-1", typing=True)
    there.refresh()
    assert "presence" in here.refresh()
    (visitor,) = here.presence.here()
    assert (visitor.login, visitor.screen, visitor.looking_at, visitor.typing) == (
        "alex",
        "triage",
        "T-1",
        True,
    )
    assert "presence" not in here.refresh()
    there.close()
    assert "presence" in here.refresh() and not here.presence.here()


def test_a_session_that_was_killed_is_gone_when_its_row_is_old(opened: Opened, ours: DatabaseAddress) -> None:
    here, there = opened(), opened("alex")
    there.presence.enter()
    there.refresh(), here.refresh()
    executed(ours, "update {schema}.presence set at = at - interval '46 seconds'")
    assert "presence" in here.refresh() and not here.presence.here()


# Policy and files


def test_the_handbook_is_a_collection_with_a_history_and_an_edit_counts_for_everybody(opened: Opened) -> None:
    here, there = opened(), opened("alex")
    before = there.handbook.hours
    text = there.handbook.content("hours.json").decode()
    edited = as_document("hours.json", text.replace('"America/Los_Angeles"', '"Europe/Lisbon"').encode())
    here.store.change(POLICY, "hours.json", keeping(edited), here.session.stamp("handbook.push"))
    assert (
        "handbook" in there.refresh()
        and there.handbook.hours != before
        and str(there.zone) == "Europe/Lisbon"
    )
    (_, changed) = here.store.history(POLICY, "hours.json")
    assert changed.by == "kathy"
    here.store.revert(POLICY, "hours.json", changed.rev, here.session.stamp("undo"))
    assert "handbook" in there.refresh() and there.handbook.hours == before


def test_the_handbook_is_pulled_edited_and_pushed(shell: DatabaseShell, tmp_path: Path) -> None:
    shell.ok("init", "--at", str(shell.at))
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder, zone in ((mine, "Europe/Lisbon"), (theirs, "Europe/Rome")):
        assert "hours.json" in shell.json("handbook", "pull", str(folder))["files"]
        hours = (folder / "hours.json").read_text()
        (folder / "hours.json").write_text(hours.replace("America/Los_Angeles", zone))
    assert shell.json("handbook", "push", str(mine))["files"] == ["hours.json"]
    assert "Europe/Lisbon" in shell.ok("config", "hours.zone")
    assert shell.json("handbook", "push", str(mine))["files"] == []
    assert "hours.json: changed by somebody else" in shell.fails(1, "handbook", "push", str(theirs))
    again = tmp_path / "again"
    shell.ok("handbook", "pull", str(again))
    (again / "hours.json").write_text("{broken")
    assert "hours.json" in shell.fails(1, "handbook", "push", str(again))
    assert "not empty" in shell.fails(1, "handbook", "pull", str(again))
    assert "Europe/Lisbon" in shell.ok("config", "hours.zone")


def test_a_mistake_leaves_the_last_good_version_in_force_and_is_named(
    opened: Opened, ours: DatabaseAddress
) -> None:
    here, there = opened(), opened("alex")
    zone = there.zone
    here.store.change(
        POLICY,
        "hours.json",
        keeping(as_document("hours.json", b"{broken")),
        here.session.stamp("handbook.push"),
    )
    assert "handbook" in there.refresh() and there.zone == zone
    assert any("hours.json" in trouble for trouble in there.troubles())
    assert [mistake.file for mistake in place_at(ours).mistakes()] == ["hours.json"]


def test_the_checkout_is_read_only_and_old_ones_go(opened: Opened, tmp_path: Path) -> None:
    here = opened()
    folder = here.handbook.folder
    assert folder.is_relative_to(tmp_path / "box a" / "cache")
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*.json")} == {0o400}
    for number in range(5):
        document = as_document("labels.json", here.handbook.content("labels.json") + b"\n" * (number + 1))
        here.store.change(POLICY, "labels.json", keeping(document), here.session.stamp("handbook.push"))
        here.refresh()
    assert len(list(folder.parent.glob("handbook-*"))) == 3


def test_a_file_is_kept_once_and_copied_to_the_box_that_looks_at_it(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opened()
    name = here.services.kept_files.keep(b"\x00log\xff")
    assert here.services.kept_files.keep(b"\x00log\xff") == name
    on_box(monkeypatch, tmp_path / "box b")
    there = opened()
    path = there.services.kept_files.path(name)
    assert not path.exists()
    there.refresh()
    assert path.read_bytes() == b"\x00log\xff" == there.services.kept_files.read(name)
    assert there.maintenance.kept_files() == (1, 5)
    with pytest.raises(Refused):
        there.services.kept_files.read("0" * 64)


def test_attachments_go_in_and_out_by_the_command_line(shell: DatabaseShell, tmp_path: Path) -> None:
    shell.ok("init", "--at", str(shell.at))
    ticket = shell.json("tickets", "new", "--customer", "Acme", "--subject", "It fails")["id"]
    (tmp_path / "log.txt").write_text("it failed")
    shell.ok("tickets", "attach", ticket, str(tmp_path / "log.txt"))
    (row,) = shell.json("tickets", "files", ticket)
    assert Path(row["path"]).read_text() == "it failed"


# What there is only for a folder


def test_what_there_is_only_for_a_folder_is_refused_by_name(shell: DatabaseShell) -> None:
    shell.ok("init", "--at", str(shell.at))
    assert "backed up and restored with the database" in shell.fails(1, "backup")
    assert "folder only" in shell.fails(3, "connect")
    assert "no folder" in shell.fails(3, "connect", "--unit")


def test_everything_is_written_out_as_from_a_folder(shell: DatabaseShell, tmp_path: Path) -> None:
    shell.ok("init", "--at", str(shell.at), "--demo")
    shell.ok("export", str(tmp_path / "out"))
    assert (tmp_path / "out" / "tickets.json").stat().st_size > 1000


# Together


def test_two_people_on_two_boxes_see_each_others_changes(
    ours: DatabaseAddress, opened: Opened, tmp_path: Path
) -> None:
    kathy, alex = opened(), opened("alex")
    ticket = kathy.tickets.new("Acme", "It fails")
    assert "tickets" in alex.refresh() and alex.tickets.find(ticket.id).subject
    alex.tickets.take(ticket.id)
    assert "tickets" in kathy.refresh() and kathy.tickets.find(ticket.id).assignee == "alex"
    assert [entry.by for entry in kathy.store.history(PEOPLE, "kathy")] == ["kathy"]
    third = box(tmp_path / "box c", ours)
    assert [row["by"] for row in third.json("history", ticket.id)] == ["alex", "kathy"]
