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
        in done.stdout
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
