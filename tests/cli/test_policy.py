"""The handbook's mistakes on the command line: they are said, and stop nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.handbook_folder import edit
from tests.support.homes import make_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", MONDAY_MORNING - timedelta(days=1))


@pytest.fixture
def fleettui(home: Path) -> InProcess:
    return InProcess(home, environment={"LOGNAME": "kathy", "USER": "kathy"})


def test_a_command_warns_on_stderr_and_does_its_work(home: Path, fleettui: InProcess) -> None:
    (home / "handbook" / "hours.json").write_text("{")
    done = fleettui.run("rituals", "list", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)
    assert done.stderr == (
        "fleettui: handbook/hours.json, line 1 column 2: the file ends here; a } is missing; the last good version counts until "
        "it is mended\n"
    )


def test_today_names_a_mistake_also_in_a_file_that_it_does_not_need(home: Path, fleettui: InProcess) -> None:
    edit(home / "handbook", "details.json", "details", 0, "key", to=3)
    done = fleettui.run("today")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "✗ handbook/details.json, line 4: details[0].key: a text belongs here, not 3; the last good"
        in " ".join(done.stdout.split())
    )
    as_json = fleettui.run("today", "--json")
    assert "details[0].key" in json.loads(as_json.stdout)["troubles"][0]


def test_without_a_mistake_nothing_is_said(fleettui: InProcess) -> None:
    done = fleettui.run("today")
    assert (done.returncode, done.stderr) == (0, "") and "✗" not in done.stdout


def test_doctor_ends_with_1_and_names_all_mistakes_with_their_lines(home: Path, fleettui: InProcess) -> None:
    (home / "handbook" / "hours.json").write_text('{\n "zone": 3,\n "oppen": {},\n "open": {}\n}')
    (home / "handbook" / "templates" / "w9.j2").write_text("Hi\n{% if %}")
    done = fleettui.run("doctor")
    assert done.returncode == 1
    assert "hours.json: line 2: zone: a text belongs here, not 3" in done.stdout
    assert "hours.json: line 3: oppen: there is no field 'oppen' here; did you mean 'open'?" in done.stdout
    assert "error: " in done.stdout and "w9.j2: line 2: a value or a condition is missing here" in done.stdout


def never_open(home: Path) -> None:
    edit(home / "handbook", "hours.json", "open", to={})


def test_hours_without_a_day_are_never_open_and_nothing_hangs_or_fails(
    home: Path, fleettui: InProcess
) -> None:
    never_open(home)
    assert "· never open\n" in fleettui.ok("today")
    assert fleettui.json("today")["until"] is None
    fleettui.ok("customers", "add", "Acme", "tier=Premium")
    fleettui.ok("tickets", "new", "--customer", "Acme", "--subject", "It fails", "--priority", "P1")
    for words in (
        ("tickets", "list"),
        ("tickets", "show", "T-1001"),
        ("tickets", "next"),
        ("report", "week"),
    ):
        fleettui.ok(*words)
    assert "4 business hours, but these hours are never open" in fleettui.ok("tickets", "explain", "T-1001")
    assert fleettui.json("tickets", "show", "T-1001")["due"] is None
    run = fleettui.json("playbooks", "start", "play-3", "--customer", "Acme")
    fleettui.ok("playbooks", "show", run["id"])
    assert "hours.json: line 4: open: no weekday has hours: support is never open" in fleettui.ok("doctor")
    fleettui.ok("tickets", "new", "--customer", "Acme", "--subject", "All is down", "--priority", "P0")
    assert fleettui.json("tickets", "show", "T-1002")["due"] is not None, (
        "hours of the clock pass all the same"
    )


# Before it is saved.


def checked(fleettui: InProcess, *words: str) -> list[str]:
    done = fleettui.run("handbook", "check", *words)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout.splitlines()[:-1]


def test_the_handbook_of_a_new_workspace_has_no_mistakes(home: Path, fleettui: InProcess) -> None:
    assert fleettui.ok("handbook", "check") == f"{home}/handbook: no mistakes.\n"
    assert fleettui.json("handbook", "check") == {"ok": True, "mistakes": []}


def test_a_file_is_checked_before_it_is_saved(home: Path, fleettui: InProcess, tmp_path: Path) -> None:
    draft = tmp_path / "hours.json"
    draft.write_text('{\n "zone": "Mars/Olympus",\n "open": {"mon": ["09:00"]}\n}')
    assert checked(fleettui, str(draft)) == [
        "handbook/hours.json, line 3: open.mon[0]: a list of 2 [ … ], each of them a text, belongs here, not the text '09:00'"
    ]
    draft.write_text('{"zone": "Europe/Paris", "open": {"mon": [["09:00", "17:00"]]}}')
    fleettui.ok("handbook", "check", str(draft))
    named = tmp_path / "my hours.json"
    draft.rename(named)
    assert "--as" in fleettui.fails(2, "handbook", "check", str(named))
    fleettui.ok("handbook", "check", str(named), "--as", "hours.json")
    assert "America" in (home / "handbook" / "hours.json").read_text(), "nothing was saved"


def test_what_other_files_would_miss_is_said_too(home: Path, fleettui: InProcess, tmp_path: Path) -> None:
    raw = json.loads((home / "handbook" / "messages.json").read_text())
    raw["messages"] = [message for message in raw["messages"] if message["name"] != "crawler-failed"]
    (tmp_path / "messages.json").write_text(json.dumps(raw))
    text, playbook = checked(fleettui, str(tmp_path / "messages.json"))
    assert (
        playbook.startswith("handbook/playbooks/play-12.json, line ") and "no message is called" in playbook
    )
    assert "templates/crawler-failed.j2: nothing shows this text" in text


def test_a_playbook_is_known_by_what_is_in_it_and_a_template_by_its_ending(
    fleettui: InProcess, home: Path, tmp_path: Path
) -> None:
    raw = json.loads((home / "handbook" / "playbooks" / "play-12.json").read_text())
    raw |= {"id": "ours", "name": "Ours", "rule": ""}
    raw["steps"][0]["owner"] = "CMS"
    (tmp_path / "ours.json").write_text(json.dumps(raw, indent=1))
    (line,) = checked(fleettui, str(tmp_path / "ours.json"))
    assert line.startswith("handbook/playbooks/ours.json, line ") and line.endswith("no role is called 'CMS'")
    (tmp_path / "w9.j2").write_text("Hi {{ nmae }}")
    lines = checked(fleettui, str(tmp_path / "w9.j2"))
    assert any("'nmae' is not among the variables" in line for line in lines)
    (tmp_path / "new.j2").write_text("Hi")
    (line,) = checked(fleettui, str(tmp_path / "new.j2"))
    assert "nothing shows this text: no message of messages.json is called 'new'" in line


def test_a_file_that_is_not_there_is_said(fleettui: InProcess) -> None:
    assert "there is no file" in fleettui.fails(1, "handbook", "check", "/nowhere/hours.json")


def test_without_a_workspace_a_file_is_checked_against_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "hours.json").write_text('{"zone": "Europe/Paris", "open": {}}')
    done = InProcess(tmp_path / "none").run("handbook", "check", str(tmp_path / "hours.json"), "--json")
    assert done.returncode == 1
    (mistake,) = json.loads(done.stdout)["mistakes"]
    assert (mistake["file"], mistake["field"], mistake["line"]) == ("hours.json", "open", 1)
