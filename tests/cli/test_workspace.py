"""The commands that make, keep and mend a workspace, as processes."""

from __future__ import annotations

import csv
import getpass
import grp
import json
import os
import re
import stat
from pathlib import Path

import pytest

from fleettui import __version__
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.slow

ME = getpass.getuser()


@pytest.fixture
def nowhere(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home")


def test_version_and_help_need_no_workspace(nowhere: CommandLine) -> None:
    assert nowhere.ok("--version") == f"fleettui {__version__}\n"
    assert "init" in nowhere.ok("--help")
    assert "--shared" in nowhere.ok("init", "--help")


def test_a_home_that_does_not_exist_says_how_to_make_one(nowhere: CommandLine) -> None:
    for words in (("people", "list"), ("today",), ("history",), ()):
        assert "fleettui init" in nowhere.fails(3, *words)


@pytest.mark.parametrize(
    "words",
    [("nonsense",), ("people",), ("people", "lst"), ("people", "list", "--nonsense"), ("--nonsense",)],
)
def test_wrong_usage_is_one_line_and_exit_code_2(cli: CommandLine, words: tuple[str, ...]) -> None:
    cli.fails(2, *words)


def test_init_makes_a_workspace_and_only_once(nowhere: CommandLine) -> None:
    assert str(nowhere.home) in nowhere.ok("init")
    assert "already" in nowhere.fails(1, "init")
    assert [row["login"] for row in nowhere.json("people", "list")]


def test_an_empty_workspace_holds_no_strangers(nowhere: CommandLine) -> None:
    """Only whoever made it; rituals and channels are in the hands of roles until somebody has them."""
    nowhere.ok("init")
    assert [row["login"] for row in nowhere.json("people", "list")] == [ME]
    rituals = nowhere.json("rituals", "list")
    assert {ritual["dri"] for ritual in rituals} <= {"CSE", "CRO", "SDR", "on-call", ""}
    names = ("kathy", "alex", "taylor", "brad", "zay", "nathan", "satterlee", "mitchell", "hanlon")
    for path in (*nowhere.home.glob("*.json"), *(nowhere.home / "handbook").glob("*.json")):
        text = path.read_text().casefold()
        assert not [name for name in names if re.search(rf"\b{name}\b", text)], path.name
    assert nowhere.json("doctor") == {"ok": True, "findings": []}
    shown = nowhere.ok("today")
    assert "Kathy" not in shown and "Alex" not in shown


def test_where_no_workspace_is_the_doctor_ends_like_every_command(nowhere: CommandLine) -> None:
    """1 is for what it finds: a timer tells the two apart."""
    assert "there is no such folder" in nowhere.fails(3, "doctor")
    nowhere.fails(3, "today")


def test_init_and_today_lead_through_an_empty_workspace(nowhere: CommandLine) -> None:
    """Each step has its command, and is done by doing it; no flag says so."""
    made = nowhere.ok("init")
    steps = {step["key"]: step for step in nowhere.json("today")["first_steps"]}
    assert list(steps) == ["me", "hours", "customer", "channels", "intake", "rota"]
    assert not any(step["done"] for step in steps.values())
    for step in steps.values():
        assert step["title"] in made and step["command"] in made
        assert f"begin: {step['title']}\n       {step['command']}\n" in nowhere.ok("today")
    nowhere.ok("people", "edit", ME, "name=Dana Field", "roles=CSE", "zone=Europe/Berlin")
    hours = nowhere.home / "handbook" / "hours.json"
    hours.write_text(hours.read_text().replace("America/Los_Angeles", "Europe/Berlin"))
    nowhere.ok("customers", "add", "Acme", "--tier", "Premium")
    nowhere.ok("channels", "add", "C0123456789", "--customer", "Acme")
    steps = {step["key"]: step["done"] for step in nowhere.json("today")["first_steps"]}
    assert steps == {
        "me": True, "hours": True, "customer": True, "channels": True, "intake": False, "rota": False
    }  # fmt: skip
    assert "done:  Say when support is open" in nowhere.ok("today")
    nowhere.ok("tickets", "new", "--customer", "Acme", "--subject", "Hello")
    assert [step["key"] for step in nowhere.json("today")["first_steps"]] == ["rota"]
    nowhere.ok("oncall", "order", ME)
    assert nowhere.json("today")["first_steps"] == []


def test_init_leaves_a_folder_alone_that_is_something_else(nowhere: CommandLine) -> None:
    nowhere.home.mkdir()
    (nowhere.home / "thesis.tex").write_text("precious")
    assert "thesis.tex" in nowhere.fails(1, "init")
    assert [path.name for path in nowhere.home.iterdir()] == ["thesis.tex"]


def test_an_interrupted_init_can_be_repeated(nowhere: CommandLine) -> None:
    nowhere.ok("init")
    (nowhere.home / "workspace.json").unlink()
    nowhere.ok("init")
    assert nowhere.json("doctor")["ok"]


def test_the_home_can_be_given_as_flag_variable_or_config_file(nowhere: CommandLine, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert f"`fleettui --home {other}`" in nowhere.ok("--home", str(other), "init")
    assert nowhere.ok("people", "list", "--home", str(other)) == nowhere.ok(
        "--home", str(other), "people", "list"
    )
    config = tmp_path / "config" / "fleettui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'home = "{other}"\n')
    nowhere.environment["FLEETTUI_HOME"] = ""
    assert nowhere.json("people", "list")
    config.write_text("home = 5\n")
    assert "config.toml: home" in nowhere.fails(2, "people", "list")


def test_a_plain_workspace_is_private(nowhere: CommandLine) -> None:
    nowhere.ok("init")
    for path in (nowhere.home, *nowhere.home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_shared_workspace_belongs_to_its_group_and_nobody_else(nowhere: CommandLine) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    nowhere.ok("init", "--shared", group)
    nowhere.ok("people", "edit", ME, "slack=U1")
    for path in (nowhere.home, *nowhere.home.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o2770 if path.is_dir() else 0o660), (path, oct(mode))
    assert nowhere.json("doctor") == {"ok": True, "findings": []}
    assert "no group 'nonesuch'" in CommandLine(nowhere.home.with_name("b")).fails(
        1, "init", "--shared", "nonesuch"
    )


def test_the_demo_has_an_invented_team_and_me(nowhere: CommandLine) -> None:
    nowhere.ok("init", "--demo")
    logins = [row["login"] for row in nowhere.json("people", "list")]
    assert ME in logins and "mara" in logins and "kathy" not in logins


def test_people_are_added_edited_and_sent_away(cli: CommandLine) -> None:
    added = cli.json("people", "add", "dana", "name=Dana Field", "roles=CSM,SC", "zone=Europe/Paris")
    assert (added["login"], added["roles"], added["revision"]) == ("dana", ["CSM", "SC"], 1)
    assert cli.json("people", "edit", "Dana", "slack=U9")["slack"] == "U9"
    cli.ok("people", "away", "dana", "2026-03-09", "2026-03-11", "--cover", "kathy")
    assert "until 2026-03-11, kathy covers" in cli.ok("people", "list")
    assert "away: Dana Field" in cli.ok("today")
    cli.ok("people", "away", "dana", "--back")
    assert cli.json("today")["away"] == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("people", "edit", "nobody", "slack=U1")),
        (1, ("people", "add", "kathy", "name=Again")),
        (1, ("people", "edit", "kathy", "zone=Nowhere")),
        (1, ("people", "edit", "kathy", "rev=9")),
        (2, ("people", "edit", "kathy", "slack")),
        (2, ("people", "away", "kathy", "yesterday")),
        (1, ("people", "away", "kathy", "2026-03-09", "--cover", "nobody")),
        (1, ("history", "T-999")),
        (1, ("undo", "T-999")),
        (1, ("restore", "nothing.json")),
    ],
)
def test_a_refusal_names_what_is_wrong(cli: CommandLine, code: int, words: tuple[str, ...]) -> None:
    cli.fails(code, *words)


def test_history_tells_who_changed_what_and_when(cli: CommandLine) -> None:
    cli.ok("people", "edit", "kathy", "slack=U777")
    newest = cli.json("history", "kathy")[0]
    assert (newest["by"], newest["verb"], newest["at"]) == (ME, "people.edit", "2026-03-09T09:00:00-07:00")
    (change,) = newest["changes"]
    assert (change["field"], change["after"]) == ("slack", "U777")
    assert "slack: " in cli.ok("history") and "U777" in cli.ok("history", "--limit", "1")


def test_undo_takes_back_my_newest_change_and_then_the_one_before(cli: CommandLine) -> None:
    cli.ok("people", "edit", "kathy", "slack=U1")
    cli.ok("people", "edit", "kathy", "slack=U2", "phone=1")
    assert cli.ok("undo") == "Took back “changed” on kathy · Kathy Satterlee (slack, phone), today 09:00.\n"
    assert [r["slack"] for r in cli.json("people", "list") if r["login"] == "kathy"] == ["U1"]
    cli.ok("undo", "kathy")
    assert [r["slack"] for r in cli.json("people", "list") if r["login"] == "kathy"] != ["U1"]


def test_undo_of_an_addition_removes_and_history_still_tells(cli: CommandLine) -> None:
    cli.ok("people", "add", "dana")
    cli.ok("undo", "--yes")
    assert "dana" not in cli.ok("people", "list")
    assert [row["verb"] for row in cli.json("history", "dana")] == ["undo", "people.add"]


def test_backup_and_restore_bring_everything_back(cli: CommandLine) -> None:
    before = cli.json("people", "list")
    file = cli.json("backup")["file"]
    cli.ok("people", "edit", "kathy", "slack=CHANGED")
    (cli.home / "handbook" / "hours.json").write_text("{}")
    cli.ok("restore", file, "--yes")
    assert cli.json("people", "list") == before
    assert cli.json("doctor")["ok"]


def test_a_damaged_file_is_named_and_the_given_command_mends_it(cli: CommandLine) -> None:
    cli.ok("people", "edit", "kathy", "slack=LAST")
    cli.now = "2026-03-10T16:00:00+00:00"
    cli.ok("people", "edit", "kathy", "phone=555")
    path = cli.home / "people.json"
    path.write_text(path.read_text().replace('"name":', '"name":5,"was":', 1))
    error = cli.fails(3, "people", "list")
    assert f"{path}, line " in error and "expected str, got int" in error
    doctor = cli.run("doctor", "--json")
    assert doctor.returncode == 1 and json.loads(doctor.stdout)["findings"][0]["mend"] in error
    command = error.partition("To mend it: fleettui ")[2].split()
    cli.ok(*command)
    (kathy,) = [row for row in cli.json("people", "list") if row["login"] == "kathy"]
    assert (kathy["slack"], kathy["phone"]) == ("LAST", "555")


def test_a_workspace_of_a_newer_format_is_refused(cli: CommandLine) -> None:
    (cli.home / "workspace.json").write_text('{"format":99,"name":"x","made":"2026-03-09T00:00:00Z"}')
    assert "made by a newer" in cli.fails(3, "people", "list") or "Update fleettui" in cli.fails(
        3, "people", "list"
    )


def test_a_mistake_in_the_handbook_is_named_with_file_and_field(cli: CommandLine) -> None:
    hours = cli.home / "handbook" / "hours.json"
    rule = json.loads(hours.read_text())
    rule["zone"] = 7
    hours.write_text(json.dumps(rule))
    shown = cli.ok("today")
    assert "handbook/hours.json, line 1: zone: a text belongs here, not 7" in shown
    assert not json.loads(cli.run("doctor", "--json").stdout)["ok"]


def test_export_writes_json_and_defused_csv(cli: CommandLine, tmp_path: Path) -> None:
    cli.ok("people", "add", "eve", "name==cmd|'/C calc'!A0")
    cli.ok("export", str(tmp_path / "out"))
    rows = json.loads((tmp_path / "out" / "people.json").read_text())
    assert "eve" in [row["id"] for row in rows]
    cli.ok("export", str(tmp_path / "out"), "--format", "csv")
    with (tmp_path / "out" / "people.csv").open() as file:
        (eve,) = [row for row in csv.DictReader(file) if row["id"] == "eve"]
    assert not eve["name"].startswith("=")


def test_text_from_outside_reaches_the_terminal_without_its_tricks(cli: CommandLine) -> None:
    cli.ok("people", "add", "eve", "name=Eve\x1b]0;pwned\x07\u202egnol")
    listed = cli.ok("people", "list")
    assert "Evegnol" in listed and "\x1b" not in listed and "\u202e" not in listed


def test_no_traceback_reaches_a_user_unless_asked_for(process: CommandLine) -> None:
    (process.home / "people.json").unlink()
    (process.home / "people.json").mkdir()
    process.fails(3, "people", "list")
    process.environment["FLEETTUI_DEBUG"] = "1"
    assert "Traceback" in process.run("people", "list").stderr


def test_a_frozen_clock_must_be_a_time_with_an_offset(cli: CommandLine) -> None:
    cli.now = "2026-03-09T09:00:00"
    assert "FLEETTUI_NOW" in cli.fails(2, "today")
