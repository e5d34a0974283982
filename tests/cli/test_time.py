"""`fleettui sla`, `businesstime` and `oncall` as a script sees them, in a real workspace."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import InProcess

CALENDAR = {
    "zone": "America/New_York",
    "open": {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2026-07-03"],
}


def fleettui(
    home: Path, *words: str, now: str = "2026-06-10T12:00:00-07:00"
) -> subprocess.CompletedProcess[str]:
    return InProcess(home, now).run(*words)


def due(tier: str, priority: str, at: str, *more: str) -> list[str]:
    return ["sla", "due", "--tier", tier, "--priority", priority, "--at", at, *more]


def json_of(home: Path, *words: str) -> Any:
    done = fleettui(home, *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Kathy and Alex take turns, and Kathy has a day off that nobody covers."""
    home = tmp_path_factory.mktemp("time") / "home"
    assert fleettui(home, "init").returncode == 0
    for login, name in (("kathy", "Kathy Satterlee"), ("alex", "Alex Mitchell")):
        assert fleettui(home, "people", "add", login, f"name={name}").returncode == 0
    rota = home / "handbook" / "oncall.json"
    rota.write_text(
        json.dumps(json.loads(rota.read_text()) | {"order": ["kathy", "alex"], "first": "2026-01-03"})
    )
    for words in (
        ["add", "kathy", "name=Kathy"],
        ["add", "alex", "name=Alex"],
        ["away", "kathy", "2026-06-23"],
    ):
        fleettui(home, "people", *words)
    return home


@pytest.fixture(scope="module")
def calendar(home: Path) -> str:
    file = home.parent / "calendar.json"
    file.write_text(json.dumps(CALENDAR))
    return str(file)


def test_sla_table(home: Path) -> None:
    rows = {row["rule"]: row for row in json_of(home, "sla", "table") if row["kind"] == "promise"}
    assert list(rows) == [f"SLA-{number}" for number in range(1, 10)]
    assert rows["SLA-5"]["response"] == "aim for 1 business day, at most 2"
    shown = fleettui(home, "sla", "table").stdout
    assert "SLA-7  Ultimate  P1" in shown
    assert "SLA-16" in shown


@pytest.mark.parametrize(
    ("rule", "tier", "priority", "arrived", "due"),
    [
        ("SLA-1", "Free", "P1", "2026-06-10T10:00-07:00", None),
        ("SLA-2", "Premium", "P0", "2026-06-10T15:00-07:00", "2026-06-10T19:00:00-07:00"),
        ("SLA-3", "Premium", "P1", "2026-06-10T14:00-07:00", "2026-06-11T08:00:00-07:00"),
        ("SLA-4", "Premium", "P2", "2026-06-10T10:00-07:00", "2026-06-11T10:00:00-07:00"),
        ("SLA-5", "Premium", "P3", "2026-06-10T10:00-07:00", "2026-06-12T10:00:00-07:00"),
        ("SLA-6", "Ultimate", "P0", "2026-06-10T10:00-07:00", "2026-06-10T11:00:00-07:00"),
        ("SLA-6", "Ultimate", "P0", "2026-06-10T20:00-07:00", "2026-06-10T22:00:00-07:00"),
        ("SLA-7", "Ultimate", "P1", "2026-06-10T10:00-07:00", "2026-06-10T12:00:00-07:00"),
        ("SLA-7", "Ultimate", "P1", "2026-06-10T20:00-07:00", "2026-06-11T00:00:00-07:00"),
        ("SLA-8", "Ultimate", "P2", "2026-06-10T10:00-07:00", "2026-06-11T10:00:00-07:00"),
        ("SLA-9", "Ultimate", "P3", "2026-06-10T10:00-07:00", "2026-06-11T10:00:00-07:00"),
    ],
)
def test_sla_1_to_9_what_is_promised_is_told_in_the_cli(
    cli: InProcess, rule: str, tier: str, priority: str, arrived: str, due: str | None
) -> None:
    words = ("sla", "due", "--tier", tier, "--priority", priority, "--at", arrived)
    told = cli.json(*words)
    assert (told["rule"], told["due"]) == (rule, due)
    assert (told["target"] is not None) == (rule == "SLA-5")
    assert rule in cli.ok(*words)


@pytest.mark.parametrize(
    ("priority", "arrived", "due"),
    [
        ("P2", "2026-11-25T10:00-08:00", "2026-11-27T10:00:00-08:00"),
        ("P1", "2026-11-26T10:00-08:00", "2026-11-26T14:00:00-08:00"),
    ],
)
def test_sla_13_a_holiday_delays_p2_and_not_p1(cli: InProcess, priority: str, arrived: str, due: str) -> None:
    words = ("sla", "due", "--tier", "Premium", "--priority", priority, "--at", arrived)
    assert cli.json(*words)["due"] == due
    assert ("Thanksgiving" in cli.ok(*words, "--explain")) == (priority == "P2")


def test_sla_14_what_arrives_out_of_hours_is_due_at_the_close_of_the_next_day(cli: InProcess) -> None:
    words = ("sla", "due", "--tier", "Premium", "--priority", "P2", "--at", "2026-06-10T20:00-07:00")
    assert cli.json(*words)["due"] == "2026-06-11T16:00:00-07:00"


def test_sla_16_the_teams_own_targets_are_shown_as_not_promised(cli: InProcess) -> None:
    shown = cli.ok("sla", "table").partition("Our own targets, not promised:")[2]
    assert "1 business hour" in shown
    assert "aim for 24 clock hours, at most 48" in shown


def test_sla_due_in_json(home: Path) -> None:
    answer = json_of(home, *due("Premium", "P3", "2026-09-04T15:00", "--explain"))
    assert (answer["due"], answer["target"]) == ("2026-09-09T15:00:00-07:00", "2026-09-08T15:00:00-07:00")
    assert answer["clock"] == "business days"
    trace = answer["trace"]
    assert (trace[0]["from"], trace[-1]["to"]) == ("2026-09-04T15:00:00-07:00", answer["due"])
    assert [item["to"] for item in trace[:-1]] == [item["from"] for item in trace[1:]]
    assert sum(item["counted"] for item in trace) == 2 * 600
    assert "holiday: Labor Day" in [item["why"] for item in trace]


def test_sla_due_where_nothing_is_promised(home: Path) -> None:
    words = due("free", "P0", "2026-09-04T15:00", "--explain")
    answer = json_of(home, *words)
    assert (answer["due"], answer["target"], answer["clock"], answer["trace"]) == (None, None, None, [])
    assert "GitHub issue" in fleettui(home, *words).stdout


def test_sla_due_for_people(home: Path) -> None:
    shown = fleettui(home, *due("Ultimate", "P0", "2026-11-01T07:30Z", "--explain")).stdout
    assert "due Sun 2026-11-01 01:30 PST (SLA-6: 2 clock hours: it arrived outside business hours)" in shown
    assert "day and night (clocks go back 1 h)" in shown
    shown = fleettui(home, *due("Premium", "P3", "2026-06-10T10:00")).stdout
    assert shown == (
        "Premium P3: aim for Thu 2026-06-11 10:00 PDT, due Fri 2026-06-12 10:00 PDT (SLA-5: 2 business days)\n"
    )


def test_businesstime_add(home: Path, calendar: str) -> None:
    words = [
        "businesstime",
        "add",
        "--calendar",
        calendar,
        "--start",
        "2026-07-02T16:30-04:00",
        "--minutes",
        "60",
    ]
    assert json_of(home, *words) == {"end": "2026-07-06T09:30:00-04:00"}
    explained = json_of(home, *words, "--explain")["trace"]
    assert [item["why"] for item in explained] == ["open", "night", "holiday", "weekend", "night", "open"]
    shown = fleettui(home, *words, "--explain").stdout
    assert shown.startswith("2026-07-06T09:30:00-04:00\n")
    assert "holiday" in shown


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-07-02T10:00:00-04:00", "0.5", "2026-07-02T10:00:30-04:00"),
        ("2026-07-02T16:59:45-04:00", "1.25", "2026-07-06T09:01:00-04:00"),
        ("2026-07-02T20:00:00-04:00", "0", "2026-07-06T09:00:00-04:00"),
        ("2026-07-02T10:00:00-04:00", "0", "2026-07-02T10:00:00-04:00"),
    ],
)
def test_sla_12_businesstime_add_takes_fractions_and_nothing(
    home: Path, calendar: str, start: str, minutes: str, end: str
) -> None:
    words = ["businesstime", "add", "--calendar", calendar, "--start", start, "--minutes", minutes]
    assert json_of(home, *words) == {"end": end}
    explained = json_of(home, *words, "--explain")["trace"]
    assert sum(item["counted"] for item in explained) == float(minutes)


def test_businesstime_between(home: Path, calendar: str) -> None:
    words = ["businesstime", "between", "--calendar", calendar, "--start", "2026-07-02T16:30-04:00"]
    assert json_of(home, *words, "--end", "2026-07-06T09:30-04:00") == {"minutes": 60}
    assert json_of(home, *words, "--end", "2026-07-02T16:30:30-04:00") == {"minutes": 0.5}
    assert (
        fleettui(home, *words, "--end", "2036-07-06T09:30-04:00").stdout == f"{2610 * 420 + 30}\n"
    )  # 2,610 weekdays and the last half hour of one


def test_businesstime_without_an_offset(home: Path, calendar: str) -> None:
    """The workspace's time; and where there is no workspace, which this command can do without, the calendar's."""
    words = ["businesstime", "add", "--calendar", calendar, "--start", "2026-06-10T10:00", "--minutes", "1"]
    assert json_of(home, *words) == {"end": "2026-06-10T13:01:00-04:00"}
    assert json_of(home.parent / "nowhere", *words) == {"end": "2026-06-10T10:01:00-04:00"}


def test_oncall(home: Path) -> None:
    oncall = json_of(home, "oncall")
    assert (oncall["person"], oncall["name"]) == ("kathy", "Kathy Satterlee")
    assert (oncall["start"], oncall["end"]) == ("2026-06-06T00:00:00-07:00", "2026-06-13T00:00:00-07:00")
    assert (oncall["week_of"], oncall["reminder"]) == ("2026-06-08", "2026-06-08T06:00:00-07:00")
    assert (oncall["next"]["person"], oncall["next"]["start"]) == ("alex", oncall["end"])
    # Kathy is away for a day of her next shift.
    assert oncall["gaps"] == [
        {"start": "2026-06-23T00:00:00-07:00", "end": "2026-06-24T00:00:00-07:00", "why": "kathy is away"}
    ]
    shown = fleettui(home, "oncall").stdout.splitlines()
    assert shown[0] == "On call: Kathy Satterlee, Sat 2026-06-06 00:00 to Sat 2026-06-13 00:00"
    assert shown[2] == "Gap:     Tue 2026-06-23 00:00 to Wed 2026-06-24 00:00: kathy is away"


def test_oncall_at_another_time(home: Path) -> None:
    assert json_of(home, "oncall", "--at", "2026-06-12T23:59:59")["person"] == "kathy"
    assert json_of(home, "oncall", "--at", "2026-06-13T00:00")["person"] == "alex"
    oncall = json_of(home, "oncall", "--at", "2026-01-01T00:00")
    assert oncall["person"] is None
    assert oncall["gaps"][0]["why"] == "before the first shift"
    shown = fleettui(home, "oncall", "--at", "2026-01-01T00:00").stdout
    assert shown.startswith("On call: nobody, the rota has not begun\n")


def test_whoever_covers_for_somebody_away_is_named_and_leaves_no_gap(home: Path) -> None:
    fleettui(home, "people", "away", "alex", "2026-07-11", "2026-07-17", "--cover", "kathy")
    oncall = json_of(home, "oncall", "--at", "2026-07-11T00:00")
    assert (oncall["person"], oncall["cover"], oncall["gaps"]) == ("alex", "kathy", [])
    assert (
        "Alex Mitchell, covered by Kathy Satterlee, Sat"
        in fleettui(home, "oncall", "--at", "2026-07-11T00:00").stdout
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("sla due --tier Gold --priority P0 --at 2026-06-10T10:00", 2, "tier: there is no tier 'Gold'"),
        ("sla due --tier Free --priority P7 --at 2026-06-10T10:00", 2, "priority: there is no priority 'P7'"),
        ("sla due --tier Free --priority P1 --at yesterday", 2, "--at: 'yesterday' is not a time"),
        (
            "sla due --tier Premium --priority P1 --at 9999-01-01T00:00Z",
            2,
            "--at: the year 9999 is outside 1900 to",
        ),
        ("sla due --tier Premium --priority P1", 2, "--at"),
        ("businesstime add --calendar {c} --start 2026-06-10T10:00 --minutes ten", 2, "--minutes"),
        (
            "businesstime add --calendar {c} --start 2026-06-10T10:00 --minutes=-5",
            2,
            "minutes: a duration cannot be",
        ),
        (
            "businesstime add --calendar {c} --start 2026-06-10T10:00 --minutes 99999999999999",
            2,
            "--minutes: 9999",
        ),
        (
            "businesstime add --calendar {c} --start 2026-06-10T10:00 --minutes nan",
            2,
            "--minutes: nan is no number",
        ),
        (
            "businesstime add --calendar {c} --start 2026-06-10T10:00 --minutes 999999999",
            1,
            "minutes: the answer lies",
        ),
        (
            "businesstime add --calendar /nowhere.json --start 2026-06-10T10:00 --minutes 5",
            2,
            "--calendar: /nowhere.json",
        ),
        (
            "businesstime between --calendar {c} --start 2026-06-10T10:00 --end 2026-06-09T10:00",
            2,
            "is before the start",
        ),
        ("oncall --at noon", 2, "--at: 'noon' is not a time"),
    ],
)
def test_what_is_refused_in_one_line(home: Path, calendar: str, words: str, code: int, message: str) -> None:
    done = fleettui(home, *words.format(c=calendar).split())
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_calendar_that_is_never_open_is_refused(home: Path, tmp_path: Path) -> None:
    never = tmp_path / "never.json"
    never.write_text(json.dumps({"zone": "America/New_York", "open": {}}))
    words = ["businesstime", "add", "--calendar", str(never), "--start", "2026-06-10T10:00", "--minutes", "5"]
    done = fleettui(home, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "open: this calendar is never open" in done.stderr


def test_sla_10_the_table_the_trace_and_the_mistake_say_what_the_priorities_mean(cli: InProcess) -> None:
    meaning = "P1 high: Badly degraded, and the customer's business suffers from it."
    table = cli.ok("sla", "table")
    assert meaning in table
    assert "P0 emergency: Production is down" in table
    (row, *_) = [row for row in cli.json("sla", "table") if row.get("priority") == "P1"]
    assert row["meaning"].startswith("Badly degraded")
    due = ("sla", "due", "--tier", "Premium", "--at", "2026-03-09T09:00:00-07:00")
    assert meaning in cli.ok(*due, "--priority", "P1", "--explain")
    assert cli.json(*due, "--priority", "P1")["meaning"].startswith("Badly degraded")
    assert meaning.rstrip(".") in cli.fails(2, *due, "--priority", "P9")
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "S", "--priority", "P1")
    assert meaning in cli.ok("tickets", "explain", "T-1001")
    assert "badly degraded" in cli.ok("tickets", "new", "--help")
    assert "badly degraded" in " ".join(cli.ok("tickets", "set", "--help").split())
