"""The search of customers, calls, rituals, runs, people and lines of Today: its fields, on real documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.command_line import InProcess

DOCS = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")


@pytest.fixture
def at_work(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme Robotics", tier="Ultimate", hosts=4000, owners="CSM=zay", note="Wants SSO")
    workspace.customers.add("Quiet Ltd", tier="Premium", hosts=10, anonymous=True, codename="Vesta")
    workspace.customers.add("Gone Inc", active=False)
    workspace.calls.new("Acme", NOW + timedelta(hours=3), fields={"title": "Review"})
    workspace.calls.new("Quiet", NOW + timedelta(days=3), fields={"host": "zay"})
    return workspace


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", "Acme Quiet Gone"),
        ("tier:ult", "Acme"),
        ("hosts:>1000", "Acme"),
        ("hosts:1..100", "Quiet"),
        ("hosts:<=10", "Quiet"),
        ("-hosts:>1000 is:active", "Quiet"),
        ("whose:zay OR customer:vesta", "Acme Quiet"),
        ("sso", "Acme"),
        ("is:former", "Gone"),
        ("has:note -is:anonymous", "Acme"),
        ("touched:<7d", ""),
    ],
)
def test_customers_are_found_by_their_fields(at_work: Workspace, typed: str, names: str) -> None:
    matching = at_work.searches.customers.find(typed, at_work.customers.all())
    assert sorted(customer.name.split()[0] for customer in matching) == sorted(names.split())


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("start:today", 1),
        ("start:<4h", 1),
        ("whose:zay", 1),
        ("is:mine", 1),
        ("is:planned", 2),
        ("review", 1),
    ],
)
def test_calls_are_found_by_their_fields(at_work: Workspace, typed: str, count: int) -> None:
    assert len(at_work.searches.calls.find(typed, at_work.calls.all())) == count


def test_rituals_runs_people_and_lines_of_today_are_found_by_their_fields(at_work: Workspace) -> None:
    searches = at_work.searches
    board = at_work.rituals.board()
    waiting = searches.rituals.find("is:waiting", board)
    assert waiting == [row for row in board if row.waits]
    assert len(waiting) + len(searches.rituals.find("-is:waiting", board)) == len(board)
    people = at_work.people.all()
    assert searches.people.find("is:mine", people) == [at_work.me]
    items = at_work.agenda.look().items
    assert searches.items.find("kind:call due:today", items)
    assert searches.items.find("kind:call OR -kind:call", items) == list(items)
    name = next(iter(at_work.handbook.playbooks))
    run = at_work.playbooks.start(name, "Acme")
    assert searches.runs.find("is:open created:today whose:me", [run]) == [run]
    assert searches.runs.find("is:cancelled", [run]) == []


def test_a_row_is_found_by_what_it_shows_and_by_a_field_only_where_it_has_a_document(
    at_work: Workspace,
) -> None:
    customers = at_work.searches.customers
    assert customers.tester("first")(None, "a first contact")
    assert not customers.tester("-tier:free")(None, "a first contact")
    assert customers.tester("tier:ult shown")(at_work.customers.find("Acme"), "only shown")


@pytest.mark.parametrize("kind", ["customers", "calls", "rituals", "runs", "people", "items"])
def test_what_is_not_understood_is_said_with_its_place(at_work: Workspace, kind: str) -> None:
    (mistake,) = getattr(at_work.searches, kind).mistakes("word is:cake")
    assert mistake.text.startswith("is: 'cake' is not one of ")
    assert (mistake.start, mistake.end) == (5, 12)


def test_each_field_of_each_list_is_in_the_documentation(at_work: Workspace) -> None:
    rows = {line.split("|")[1].strip(): line for line in DOCS.splitlines() if line.startswith("| ")}
    for list_, kind in (
        ("customers", "customers"),
        ("calls", "calls"),
        ("rituals", "rituals"),
        ("runs of playbooks", "runs"),
        ("people", "people"),
        ("lines of Today", "items"),
    ):
        for field in getattr(at_work.searches, kind).language.fields:
            assert f"`{field}:`" in rows[list_], (list_, field)
    from fleettui.domain.tickets.search import FIELDS

    assert [field for field in FIELDS if f"`{field}:`" not in rows["tickets"]] == []


def test_lists_on_the_command_line_take_the_same_search(at_work: Workspace) -> None:
    at_work.close()
    run = InProcess(at_work.home)
    assert [row["name"] for row in run.json("customers", "list", "--search", "hosts:>1000")] == [
        "Acme Robotics"
    ]
    assert len(run.json("calls", "list", "--search", "start:today")) == 1
    assert run.json("people", "list", "--search", "is:away") == []
    assert run.json("playbooks", "list", "--search", "is:open") == []
    assert run.json("rituals", "list", "--search", "is:skipped") == []
    refused = run.run("customers", "list", "--search", "is:cake")
    assert (refused.returncode, "is: 'cake' is not one of" in refused.stderr) == (1, True)


def test_past_searches_are_kept_for_each_list_the_last_first_and_privately(at_work: Workspace) -> None:
    past = at_work.searches.past
    for search in ("one", "two", "one", "  "):
        past.keep("triage", search)
    past.keep("calls", "three")
    again = Workspace.open(at_work.home, clock=at_work.clock, login="kathy").searches.past
    assert (again.of("triage"), again.of("calls"), again.of("team")) == (["one", "two"], ["three"], [])
    (file,) = (at_work.home / "seen").glob("*.searches")
    assert file.stat().st_mode & 0o077 == 0
    for number in range(40):
        past.keep("triage", f"search {number}")
    assert len(again.of("triage")) == 30
