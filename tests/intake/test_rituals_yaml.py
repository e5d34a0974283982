"""Taking in *.rituals.yml files."""

from __future__ import annotations

import contextlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.errors import FleettuiError, Refused
from fleettui.intake import rituals_yaml
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine

FILE = """\
# What the team does again and again
-
  task: "Prioritize the week" # the title
  startedOn: "2023-07-31"
  frequency: "Weekly"
  description: "Look at what is new.\\nThen choose."
  moreInfoUrl: "https://example.com/handbook#week"
  dri: "zhanlon"
  autoIssue:
    labels: [ "#g-customers", ":release" ]
    repo: "confidential"
- task: Overnight inbox
  startedOn: 2023-09-01
  frequency: "Daily ⏰"
  description: Read it first thing.
  moreInfoUrl:
  dri: "Nobody-Known"
- { task: Close the books, startedOn: 2023-01-31, frequency: Monthly, dri: zhanlon }
- task: Release
  startedOn: "2026-02-23"
  frequency: Triweekly
- task: Plan
  startedOn: "2023-11-30"
  frequency: Quarterly
- task: Summit
  startedOn: "2024-02-29"
  frequency: Annually
- task: Retro
  startedOn: "2026-02-18"
  frequency: Biweekly
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customer.rituals.yml"
    path.write_text(FILE)
    return path


def import_(cli: CommandLine, file: Path) -> dict[str, Any]:
    parsed = cli.json("rituals", "import", str(file))
    assert isinstance(parsed, dict)
    return parsed


def test_a_file_is_taken_in(cli: CommandLine, file: Path) -> None:
    cli.ok("people", "edit", "zay", "github=ZHanlon")
    cli.now = "2026-03-09T16:05:00+00:00"
    report = import_(cli, file)
    assert (len(report["new"]), report["problems"], report["strangers"]) == (7, [], ["Nobody-Known"])
    rows = {row["name"]: row for row in cli.json("rituals", "list")}
    week = rows["Prioritize the week"]
    assert (week["id"], week["dri"], week["frequency"]) == ("RIT-18", "zay", "weekly on Monday")
    assert week["purpose"] == "Look at what is new.\nThen choose."
    kept = cli.json("rituals", "show", "RIT-18")["definition"]
    assert (kept["labels"], kept["repo"]) == (["#g-customers", ":release"], "confidential")
    assert kept["url"] == "https://example.com/handbook#week"
    assert rows["Overnight inbox"]["dri"] == "Nobody-Known"
    cli.ok("undo", "--yes")  # one commit: one undo takes all of it back
    assert "Prioritize the week" not in {row["name"] for row in cli.json("rituals", "list")}


def test_a_second_import_changes_nothing(cli: CommandLine, file: Path) -> None:
    import_(cli, file)
    before = cli.json("rituals", "list")
    again = import_(cli, file)
    assert (again["new"], again["changed"], again["same"]) == ([], [], 7)
    assert cli.json("rituals", "list") == before


def test_what_changed_in_the_file_changes_and_what_was_changed_here_stays(
    cli: CommandLine, file: Path
) -> None:
    import_(cli, file)
    cli.ok("rituals", "edit", "Release", "dri=alex", "name=Release notes")
    file.write_text(FILE.replace("Triweekly", "Biweekly").replace("Read it first thing.", "Read it at once."))
    report = import_(cli, file)
    assert (report["new"], report["changed"]) == ([], ["Overnight inbox", "Release notes"])
    rows = {row["name"]: row for row in cli.json("rituals", "list", "--all")}
    assert (rows["Release notes"]["dri"], rows["Release notes"]["frequency"]) == (
        "alex",
        "every 2 weeks on Monday",
    )
    assert rows["Overnight inbox"]["purpose"] == "Read it at once."


def due_days(cli: CommandLine, name: str, first: date, days: int) -> set[str]:
    workspace = Workspace.open(cli.home, login="kathy")
    id_ = workspace.rituals.find(name).id
    lines = (workspace.rituals.row(id_, first + timedelta(days=number)) for number in range(days))
    zone = workspace.zone
    due = {line.demand.due.astimezone(zone).date().isoformat() for line in lines if line is not None}
    workspace.close()
    return due


@pytest.mark.parametrize(
    ("name", "first", "days", "wanted"),
    [
        # Weekends too; a holiday (16 February) changes nothing.
        ("Overnight inbox", date(2026, 2, 14), 4, {"2026-02-14", "2026-02-15", "2026-02-16", "2026-02-17"}),
        ("Prioritize the week", date(2026, 2, 9), 21, {"2026-02-09", "2026-02-16", "2026-02-23"}),
        # What was due before the import is not owed any more.
        ("Release", date(2026, 3, 9), 42, {"2026-03-16", "2026-04-06"}),
        ("Retro", date(2026, 3, 2), 28, {"2026-03-04", "2026-03-18"}),
        # The last day of a month that has no 31st, and no drift after it.
        ("Close the books", date(2026, 2, 1), 89, {"2026-02-28", "2026-03-31", "2026-04-30"}),
        ("Plan", date(2026, 2, 1), 150, {"2026-02-28", "2026-05-30"}),
        ("Summit", date(2026, 2, 1), 28, {"2026-02-28"}),
    ],
)
def test_days_are_counted_from_the_first(
    cli: CommandLine, file: Path, name: str, first: date, days: int, wanted: set[str]
) -> None:
    import_(cli, file)
    assert due_days(cli, name, first, days) == wanted


BROKEN = """\
- task: Good
  startedOn: 2026-01-05
  frequency: Weekly
- task: When
  startedOn: soon
  frequency: Weekly
- task: How often
  startedOn: 2026-01-05
  frequency: Now and then
- startedOn: 2026-01-05
  frequency: Weekly
- just text
- task: Twice
  startedOn: 2026-01-05
  frequency: Weekly
- task: twice
  startedOn: 2026-01-05
  frequency: Daily
- task: Extra
  startedOn: 2026-01-05
  frequency: Weekly
  urgency: high
- task: Also good
  startedOn: 2026-01-06
  frequency: Daily
"""


def test_entries_that_cannot_be_read_are_named_with_their_line_and_the_rest_goes_in(
    cli: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "odd.rituals.yml"
    path.write_text(BROKEN)
    error = cli.fails(1, "rituals", "import", str(path))
    assert "odd.rituals.yml: line 5, “When”: startedOn: 'soon' is not a day" in error
    for line in (
        "line 9, “How often”: frequency: 'Now and then' is not one of",
        "line 10: task: is missing",
        "line 12: an entry",
    ):
        assert line in error
    assert "line 16, “twice”: stands in line 13 already" in error
    assert "line 22, “Extra”: urgency: there is no such field" in error
    assert {"Good", "Twice", "Also good"} <= {row["name"] for row in cli.json("rituals", "list")}


def test_problems_are_told_to_scripts_with_task_line_and_reason(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "odd.rituals.yml"
    path.write_text(BROKEN)
    done = cli.run("rituals", "import", str(path), "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["new"] == ["Good", "Twice", "Also good"]
    assert report["problems"][0] == {
        "file": "odd.rituals.yml",
        "line": 5,
        "task": "When",
        "what": "startedOn: 'soon' is not a day; write it like 2026-03-09",
    }


NESTED = "- task: Good\n  startedOn: 2026-01-05\n  frequency: Weekly\n"


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("- task: Deep\n  autoIssue: " + "[" * 50_000 + "\n", "line 5, “Deep”: is nested more than 8 deep"),
        ("- task: Deep\n  autoIssue: " + "{a: " * 900 + "\n", "line 5, “Deep”: is nested more than 8 deep"),
        (
            "- task: Lower\n  autoIssue:\n" + "".join(f"{' ' * n}-\n" for n in range(4, 400)),
            "“Lower”: is nested more than 8 deep",
        ),
        (
            "- task: Bomb\n  autoIssue: {labels: [&a [x, x], &b [*a, *a], &c [*b, *b], *c]}\n",
            "line 5, “Bomb”: *a: write it out, aliases are not read",
        ),
        ("- task: Merged\n  <<: *nobody\n", "line 5, “Merged”: *nobody: write it out"),
    ],
)
def test_deep_nesting_and_aliases_are_refused_in_a_line_and_the_rest_goes_in(bad: str, what: str) -> None:
    after = NESTED.replace("Good", "Also good")
    parsed = rituals_yaml.read(NESTED + bad + after, "odd.rituals.yml")
    assert [entry.task for _, entry in parsed.entries] == ["Good", "Also good"]
    assert what in "; ".join(problem.text for problem in parsed.problems)
    assert len(parsed.problems) == 1


def test_a_slip_of_syntax_costs_one_entry() -> None:
    text = FILE.replace('frequency: "Weekly"', 'frequency: "Weekly')
    parsed = rituals_yaml.read(text)
    assert parsed.entries[0][1].task == "Overnight inbox"
    assert len(parsed.entries) == 6
    assert len(parsed.problems) == 1


@pytest.mark.parametrize(
    ("text", "problems"),
    [("", 0), ("# nothing\n", 0), ("task: not a list", 1), ("- [1, 2]\n", 1), ("- &a [*a]\n", 1)],
)
def test_odd_files(text: str, problems: int) -> None:
    parsed = rituals_yaml.read(text)
    assert (parsed.entries, len(parsed.problems)) == ([], problems)


def test_nothing_in_a_file_is_run() -> None:
    parsed = rituals_yaml.read(
        "- !!python/object/apply:os.system ['true']\n- task: !!python/name:os.system x\n"
    )
    assert parsed.entries == []
    assert len(parsed.problems) == 2


def test_a_file_that_is_not_there(cli: CommandLine) -> None:
    assert "No such file" in cli.fails(3, "rituals", "import", "/nowhere.rituals.yml")


@given(st.text(max_size=300))
@settings(max_examples=150)
def test_no_text_is_an_error_of_ours(text: str) -> None:
    with contextlib.suppress(FleettuiError):
        rituals_yaml.read(text)


@given(st.integers(0, len(FILE)), st.text(alphabet="-:[]{}&*!|>'\"%@`,# \t\nab\x00\x85", max_size=4))
@settings(max_examples=150)
def test_a_damaged_file_loses_no_more_than_it_must(where: int, noise: str) -> None:
    parsed = rituals_yaml.read(FILE[:where] + noise + FILE[where:])
    assert len(parsed.entries) + len(parsed.problems) >= 1


@pytest.mark.parametrize("line", ["- {\n", "- no mapping\n"])
def test_a_file_of_nothing_but_mistakes_is_refused_at_once(line: str) -> None:
    with pytest.raises(Refused, match="more than 1000 rituals"):
        rituals_yaml.read(line * 1100)
