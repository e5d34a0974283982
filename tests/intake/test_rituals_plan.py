"""What taking in files of rituals changes: which ritual an entry is, and what it may touch."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fleettui.intake import rituals_yaml
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine

WEDNESDAY = "2026-03-11T16:00:00+00:00"


def entry(task: str, *more: str, started: str = "2026-03-02", frequency: str = "Weekly") -> str:
    lines = [f"- task: {task}", f"startedOn: {started}", f"frequency: {frequency}", *more]
    return "\n  ".join(lines) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, *entries: str) -> Path:
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(entries))
        return path

    return write


def rows(cli: CommandLine, *words: str) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in cli.json("rituals", "list", *words)}


def definition(cli: CommandLine, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = cli.json("rituals", "show", name)["definition"]
    return shown


# Which ritual an entry is


def test_the_same_task_in_two_files_is_two_rituals(cli: CommandLine, write: Callable[..., Path]) -> None:
    sales = write("sales.rituals.yml", entry("Process new requests", "dri: nobody-a"))
    design = write("design.rituals.yml", entry("Process new requests", "dri: nobody-b", frequency="Daily"))
    cli.ok("rituals", "import", str(sales))
    report = cli.json("rituals", "import", str(design))
    assert (report["new"], report["changed"]) == (["Process new requests (design)"], [])
    for file in (sales, design):
        again = cli.json("rituals", "import", str(file))
        assert (again["new"], again["changed"], again["same"]) == ([], [], 1)
    assert definition(cli, "Process new requests")["dri"] == "nobody-a"
    assert definition(cli, "Process new requests (design)")["dri"] == "nobody-b"


def test_the_same_task_with_other_labels_is_another_ritual(
    cli: CommandLine, write: Callable[..., Path]
) -> None:
    labelled = [f"autoIssue: {{labels: ['#g-{name}'], repo: r}}" for name in ("one", "two")]
    file = write("mdm.rituals.yml", *(entry("Check queue", line) for line in labelled))
    assert len(cli.json("rituals", "import", str(file))["new"]) == 2
    write("mdm.rituals.yml", entry("Check queue", labelled[1], "dri: nobody"))
    report = cli.json("rituals", "import", str(file))
    assert (report["new"], len(report["changes"])) == ([], 1)
    kept = definition(cli, report["changes"][0]["id"])
    assert (kept["labels"], kept["dri"]) == (["#g-two"], "nobody")


def test_labels_that_change_change_the_ritual(cli: CommandLine, write: Callable[..., Path]) -> None:
    file = write("a.rituals.yml", entry("Check", "autoIssue: {labels: [old], repo: r}"))
    cli.ok("rituals", "import", str(file))
    write("a.rituals.yml", entry("Check", "autoIssue: {labels: [new], repo: r}"))
    report = cli.json("rituals", "import", str(file))
    assert (report["new"], report["changes"][0]["fields"]) == ([], ["labels"])
    assert definition(cli, "Check")["labels"] == ["new"]


def test_a_ritual_that_was_taken_in_before_files_were_kept_is_known_again(
    workspace: Workspace,
) -> None:
    workspace.rituals.take_in([rituals_yaml.read(entry("Check"))])
    report = workspace.rituals.take_in([rituals_yaml.read(entry("Check"), "a.rituals.yml")])
    assert (report.new, report.changed, report.same) == ([], [], ["Check"])
    imported = workspace.rituals.find("Check").imported
    assert imported is not None
    assert imported.file == "a.rituals.yml"


# What it may touch


def test_rit_1_a_ritual_of_the_handbook_is_left_alone_unless_it_is_named(
    cli: CommandLine, write: Callable[..., Path]
) -> None:
    cli.ok("rituals", "tick", "RIT-5")
    before = definition(cli, "RIT-5")
    file = write("cs.rituals.yml", entry("Customer voice", "dri: nobody-known"), entry("Other"))
    report = cli.json("rituals", "import", str(file))
    assert (report["new"], report["changed"]) == (["Other"], [])
    assert report["taken"] == [{"task": "Customer voice", "line": 1, "file": "cs.rituals.yml", "id": "RIT-5"}]
    assert definition(cli, "RIT-5") == before
    assert "RIT-5 has this name. --replace RIT-5" in cli.ok("rituals", "import", str(file))

    report = cli.json("rituals", "import", str(file), "--replace", "RIT-5")
    assert (report["changed"], report["taken"], report["same"]) == (["Customer voice"], [], 1)
    row = rows(cli)["Customer voice"]
    assert (row["id"], row["dri"]) == ("RIT-5", "nobody-known")
    assert cli.json("rituals", "import", str(file))["same"] == 2


def test_another_name_takes_the_place_too_and_what_was_taken_in_for_it_retires(
    cli: CommandLine, write: Callable[..., Path]
) -> None:
    file = write("cs.rituals.yml", entry("Prepare for customer voice"))
    cli.ok("rituals", "import", str(file))
    cli.ok("rituals", "import", str(file), "--replace", "RIT-5=Prepare for customer voice")
    retired = definition(cli, "RIT-18")
    assert (retired["retired"], retired["replaced_by"]) == ("2026-03-09", "RIT-5")
    kept = definition(cli, "RIT-5")
    assert (kept["name"], kept["key"]) == ("Prepare for customer voice", "customer-voice")
    assert cli.json("rituals", "import", str(file))["same"] == 1


@pytest.mark.parametrize(
    ("replace", "what"),
    [
        ("RIT-5", "no entry is called 'customer voice'"),
        ("RIT-5=Othr", "did you mean 'Other'?"),
        ("RIT-99=Other", "There is no ritual 'RIT-99'"),
        ("RIT-15=Other", "RIT-15 is retired; `fleettui rituals bring-back RIT-15` first"),
    ],
)
def test_a_place_that_nothing_takes_is_refused(
    cli: CommandLine, write: Callable[..., Path], replace: str, what: str
) -> None:
    file = write("cs.rituals.yml", entry("Other"))
    assert what in cli.fails(1, "rituals", "import", str(file), "--replace", replace)
    assert "Other" not in rows(cli)


def test_what_is_retired_here_stays_so(cli: CommandLine, write: Callable[..., Path]) -> None:
    file = write("cs.rituals.yml", entry("Other"))
    cli.ok("rituals", "import", str(file))
    cli.ok("rituals", "retire", "Other")
    write("cs.rituals.yml", entry("Other", frequency="Daily"))
    report = cli.json("rituals", "import", str(file))
    assert (report["retired"], report["changed"]) == (["Other"], [])
    assert "Other" not in rows(cli)


# From when on


def test_it_begins_with_the_next_due_date_and_owes_nothing_that_is_past(
    cli: CommandLine, write: Callable[..., Path]
) -> None:
    cli.now = WEDNESDAY
    file = write(
        "cs.rituals.yml",
        entry("Mondays", started="2023-07-31"),
        entry("Wednesdays", started="2026-03-04"),
        entry("Fridays", started="2026-03-06"),
        entry("Firsts", started="2020-01-01", frequency="Monthly"),
        entry("Summit", started="2021-01-31", frequency="Annually"),
    )
    cli.ok("rituals", "import", str(file))
    owed = rows(cli)
    for name, due in [
        ("Mondays", "2026-03-16"),
        ("Wednesdays", "2026-03-11"),
        ("Fridays", "2026-03-13"),
        ("Firsts", "2026-04-01"),
        ("Summit", "2027-01-31"),
    ]:
        assert owed[name]["due"][:10] == due, name
        assert owed[name]["state"] in ("open", "due soon"), name
        past = cli.json("rituals", "show", name)["past"]
        assert (past["missed"], past["outcomes"]) == (0, past["outcomes"][:1]), name


def test_what_was_due_earlier_today_is_past_too(cli: CommandLine, write: Callable[..., Path]) -> None:
    cli.now = "2026-03-12T05:30:00+00:00"  # Wednesday night in the team's zone
    cli.ok("rituals", "import", str(write("cs.rituals.yml", entry("Wednesdays", started="2026-03-04"))))
    assert not rows(cli)["Wednesdays"]["counted"]
    assert "Wednesdays" not in cli.ok("today")
    cli.now = "2026-03-12T16:00:00+00:00"
    assert rows(cli)["Wednesdays"]["due"][:10] == "2026-03-18"
    assert cli.json("rituals", "show", "Wednesdays")["past"]["missed"] == 0


# Before it is done


def test_a_dry_run_writes_nothing(cli: CommandLine, write: Callable[..., Path]) -> None:
    file = write("cs.rituals.yml", entry("Other"))
    before = cli.json("rituals", "list", "--all")
    report = cli.json("rituals", "import", str(file), "--dry-run")
    assert (report["new"], report["dry_run"]) == (["Other"], True)
    assert "nothing is written yet" in cli.ok("rituals", "sync", str(file.parent), "--dry-run")
    assert cli.json("rituals", "list", "--all") == before


# A checkout


@pytest.fixture
def checkout(write: Callable[..., Path], tmp_path: Path) -> Path:
    write("handbook/cs/cs.rituals.yml", entry("Feedback"), entry("Voice"))
    write("handbook/sales/sales.rituals.yml", entry("Feedback"), entry("Pipeline"))
    write("node_modules/x/x.rituals.yml", entry("Not ours"))
    write(".git/y.rituals.yml", entry("Not ours either"))
    write("handbook/README.md", "not yaml")
    return tmp_path / "checkout"


def test_a_checkout_is_read_as_a_whole(cli: CommandLine, checkout: Path) -> None:
    report = cli.json("rituals", "sync", str(checkout))
    assert report["new"] == ["Feedback", "Voice", "Feedback (sales)", "Pipeline"]
    assert report["files"] == ["handbook/cs/cs.rituals.yml", "handbook/sales/sales.rituals.yml"]
    again = cli.json("rituals", "sync", str(checkout / "handbook"))  # the same files, from further down
    assert (again["new"], again["changed"], again["same"], again["gone"]) == ([], [], 4, [])
    single = cli.json("rituals", "import", str(checkout / "handbook/cs/cs.rituals.yml"))
    assert (single["new"], single["same"]) == ([], 2)
    cli.ok("rituals", "sync", str(checkout))
    cli.ok("rituals", "import", str(checkout / "handbook/sales/sales.rituals.yml"))  # it still belongs there
    (checkout / "handbook/sales/sales.rituals.yml").unlink()
    assert len(cli.json("rituals", "sync", str(checkout))["gone"]) == 2
    cli.ok("undo", "--yes")


def test_what_is_gone_is_named_and_retired_only_on_demand(
    cli: CommandLine, checkout: Path, write: Callable[..., Path]
) -> None:
    cli.ok("rituals", "sync", str(checkout))
    write("handbook/cs/cs.rituals.yml", entry("Feedback", "dri: nobody-known"))
    (checkout / "handbook/sales/sales.rituals.yml").unlink()
    shown = cli.ok("rituals", "sync", str(checkout))
    assert "0 new, 1 changed, 0 as they were, 3 gone." in shown
    assert "Feedback: dri" in shown
    assert "Voice: no file has it any more; --retire-gone retires it" in shown
    report = cli.json("rituals", "sync", str(checkout))
    assert [gone["name"] for gone in report["gone"]] == ["Voice", "Feedback (sales)", "Pipeline"]
    assert {"Voice", "Pipeline"} <= set(rows(cli))
    cli.ok("rituals", "sync", str(checkout), "--retire-gone")
    assert {"Voice", "Pipeline", "Feedback (sales)"}.isdisjoint(rows(cli))
    assert "Feedback" in rows(cli)


def test_a_file_that_moves_keeps_its_rituals(cli: CommandLine, checkout: Path) -> None:
    cli.ok("rituals", "sync", str(checkout))
    (checkout / "handbook/sales/sales.rituals.yml").rename(checkout / "handbook/revenue.rituals.yml")
    report = cli.json("rituals", "sync", str(checkout))
    assert (report["new"], report["same"], report["gone"]) == ([], 4, [])


def test_what_cannot_be_read_is_not_gone(
    cli: CommandLine, checkout: Path, write: Callable[..., Path]
) -> None:
    cli.ok("rituals", "sync", str(checkout))
    write("handbook/cs/cs.rituals.yml", entry("Feedback"), entry("Voice", frequency="Sometimes"))
    write("handbook/sales/sales.rituals.yml", "x" * 1_000_001)
    done = cli.run("rituals", "sync", str(checkout), "--retire-gone")
    assert done.returncode == 1
    assert "handbook/cs/cs.rituals.yml: line 6, “Voice”: frequency: 'Sometimes' is not one of" in done.stderr
    assert "handbook/sales/sales.rituals.yml: the file is too long" in done.stderr
    assert {"Feedback", "Voice", "Feedback (sales)", "Pipeline"} <= set(rows(cli))


def test_no_link_is_followed_and_no_pipe_waited_for(cli: CommandLine, checkout: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "o.rituals.yml").write_text(entry("Outside"))
    (checkout / "linked").symlink_to(outside)
    (checkout / "linked.rituals.yml").symlink_to(outside / "o.rituals.yml")
    (checkout / "round").symlink_to(checkout)
    os.mkfifo(checkout / "pipe.rituals.yml")
    assert "Outside" not in cli.json("rituals", "sync", str(checkout))["new"]


def test_a_folder_without_rituals_and_one_that_is_no_handbook(cli: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    assert "there is no *.rituals.yml below it" in cli.fails(1, "rituals", "sync", str(folder))
    assert "is no folder" in cli.fails(3, "rituals", "sync", str(folder / "nowhere"))
    for number in range(201):
        (folder / f"{number}.rituals.yml").write_text("")
    assert "more than 200 files of rituals" in cli.fails(1, "rituals", "sync", str(folder))


# What becomes an issue


def test_the_issue_is_shown_with_labels_repo_and_link(cli: CommandLine, write: Callable[..., Path]) -> None:
    cli.ok("people", "edit", "zay", "github=ZHanlon")
    published = "autoIssue: {labels: ['#g-customers', ':release'], repo: confidential}"
    file = write("cs.rituals.yml", entry("Prioritize", "dri: zhanlon", published))
    cli.ok("rituals", "import", str(file))
    issue = cli.json("rituals", "show", "Prioritize")["issue"]
    assert (issue["repo"], issue["labels"]) == ("fleetdm/confidential", ["#g-customers", ":release"])
    assert "assignees=ZHanlon" in issue["link"]
    shown = cli.ok("rituals", "show", "Prioritize")
    assert "an issue in fleetdm/confidential with #g-customers, :release\n" + issue["link"] in shown
    assert cli.json("rituals", "show", "RIT-1")["issue"] is None
