"""Views of every list: the handbook's, the team's and one's own; how they find and order rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from fleettui.domain.views import ALL, LISTS, Way, split_id, view_id
from fleettui.errors import Refused
from fleettui.store.files import Modes
from fleettui.store.personal.notebook import Notebook
from fleettui.workspace.sorting import Sorting
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.command_line import InProcess


@pytest.fixture
def at_work(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme Robotics", tier="Ultimate", hosts=4000)
    workspace.customers.add("Quiet Ltd", tier="Premium", hosts=10)
    workspace.customers.add("New Inc", tier="Free")
    workspace.customers.opportunity("K-2", "Renewal", {"next_step_due": "2026-03-12"})
    workspace.customers.opportunity("K-1", "Growth", {"next_step_due": "2026-03-20"})
    workspace.calls.new("Acme", NOW + timedelta(hours=3), fields={"title": "Review"})
    workspace.calls.new("Quiet", NOW + timedelta(days=3), fields={"host": "zay"})
    return workspace


def names(workspace: Workspace, screen: str) -> list[str]:
    return [view.name for view in workspace.views.of(screen)]


def opened(home: Path, login: str) -> Workspace:
    return Workspace.open(home, clock=lambda: NOW, login=login)


def test_every_list_has_everything_and_what_the_handbook_gives_it(workspace: Workspace) -> None:
    assert {screen: workspace.views.of(screen)[0].key for screen in LISTS} == dict.fromkeys(LISTS, ALL)
    assert names(workspace, "calls") == ["All", "Mine", "Today"]
    file = workspace.home / "handbook" / "views.json"
    file.write_text(json.dumps({"views": [{"screen": "team", "name": "Support", "search": "role:CSE"}]}))
    again = opened(workspace.home, "kathy")
    assert names(again, "team") == ["All", "Support"]
    assert names(again, "calls") == ["All"]


def test_a_workspace_without_views_json_has_those_that_come_with_fleettui(workspace: Workspace) -> None:
    (workspace.home / "handbook" / "views.json").unlink()
    assert names(opened(workspace.home, "kathy"), "calls") == ["All", "Mine", "Today"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"screen": "calls", "name": "all"}, "that of the view of everything"),
        (
            {"screen": "calls", "name": "X", "columns": ["whom"]},
            "views[0].columns: there is no column 'whom'",
        ),
        ({"screen": "calls", "name": "X", "order": "size"}, "views[0].order: there is no order 'size'"),
        ({"screen": "calls", "name": "X", "grouped": True}, "views[0].grouped: say by what"),
        ({"screen": "inbox", "name": "X"}, "views[0].screen"),
    ],
)
def test_a_mistake_in_views_json_is_named(workspace: Workspace, row: dict[str, object], words: str) -> None:
    (workspace.home / "handbook" / "views.json").write_text(json.dumps({"views": [row]}))
    workspace.close()
    done = InProcess(workspace.home).run("handbook", "check", str(workspace.home / "handbook/views.json"))
    assert done.returncode == 1
    assert words in done.stdout


def test_a_view_of_the_team_has_a_history_and_comes_back(workspace: Workspace) -> None:
    made = workspace.views.save("calls", "Kick-offs", "kind:kick", Way(order="when down"), mine=False)
    assert (made.id, made.saved, made.mine, made.order) == ("calls:kick-offs", True, False, "when down")
    assert names(opened(workspace.home, "zay"), "calls") == ["All", "Mine", "Today", "Kick-offs"]
    workspace.views.drop(made)
    assert "Kick-offs" not in names(workspace, "calls")
    workspace.history.undo("calls:kick-offs")
    assert workspace.views.named("calls", "kick").way == Way(order="when down")
    assert "triage" not in {view.screen for view in workspace.views.of("calls")}


def test_a_new_name_is_one_change(workspace: Workspace) -> None:
    made = workspace.views.save("customers", "Big", "hosts:>1000", mine=False)
    workspace.views.rename(made, "Large ones")
    assert names(workspace, "customers") == ["All", "Mine", "Deals", "Large ones"]
    workspace.history.undo("customers:large-ones")
    assert names(workspace, "customers") == ["All", "Mine", "Deals", "Big"]
    with pytest.raises(Refused, match="there is a view Deals already"):
        workspace.views.rename(made, "Deals")
    with pytest.raises(Refused, match="everybody has"):
        workspace.views.rename(workspace.views.named("customers", "deals"), "Other")


def test_one_of_mine_is_mine_alone_and_comes_back(workspace: Workspace) -> None:
    way = Way(("subject", "id"), "created down", grouped=True, split="beside")
    made = workspace.views.save("triage", "Late ones", "is:breached", way, mine=True)
    assert opened(workspace.home, "kathy").views.named("triage", "late-ones") == made
    assert "Late ones" not in names(opened(workspace.home, "zay"), "triage")
    workspace.views.drop(made)
    assert "Late ones" not in names(workspace, "triage")
    assert workspace.views.bring_back(made) == made
    renamed = workspace.views.rename(made, "Later")
    assert (renamed.name, renamed.mine, renamed.way) == ("Later", True, way)
    assert "Late ones" not in names(workspace, "triage")


def test_private_views_of_earlier_versions_are_still_there(workspace: Workspace) -> None:
    notebook = Notebook(workspace.home, "kathy", Modes.of(workspace.home), "views")
    notebook.note([("hot-ones", '["Hot ones","priority:P1"]'), ("broken", "[1")])
    (view,) = (view for view in workspace.views.of("triage") if view.mine)
    assert (view.key, view.name, view.search, view.screen) == (
        "hot-ones",
        "Hot ones",
        "priority:P1",
        "triage",
    )
    assert workspace.queue.queue("hot").entries == []


def test_who_may_save_for_the_team_is_policy(workspace: Workspace) -> None:
    (workspace.home / "handbook" / "views.json").write_text('{"saved_by": ["CSM"]}')
    again = opened(workspace.home, "kathy")
    with pytest.raises(Refused, match="saved by: CSM"):
        again.views.save("calls", "X", "is:mine", mine=False)
    again.views.save("calls", "X", "is:mine", mine=True)
    again.people.edit("kathy", {"roles": "csm"})
    assert again.views.save("calls", "Y", "is:mine", mine=False).saved


@pytest.mark.parametrize(
    ("search", "way", "words"),
    [
        ("start:<soon", Way(), "start"),
        ("", Way(("whom",)), "no column 'whom'"),
        ("", Way(order="size"), "no order 'size'"),
        ("", Way(order="when sideways"), "up or down"),
        ("", Way(grouped=True), "groups need an order"),
        ("", Way(split="left"), "no split 'left'"),
    ],
)
def test_what_is_not_understood_is_refused(workspace: Workspace, search: str, way: Way, words: str) -> None:
    with pytest.raises(Refused, match=words):
        workspace.views.save("calls", "X", search, way, mine=True)


def test_the_column_that_people_read_is_always_there(workspace: Workspace) -> None:
    assert workspace.views.save("calls", "X", "", Way(("when",)), mine=True).columns == ("who", "when")


def test_rows_come_in_the_order_of_a_view_and_what_has_no_value_last(at_work: Workspace) -> None:
    def shown(order: str) -> list[str]:
        ordered = Sorting(at_work).ordered("customers", Way(order=order), at_work.customers.all())
        return [customer.name.split()[0] for customer in ordered]

    assert shown("hosts") == ["Quiet", "Acme", "New"]
    assert shown("hosts down") == ["Acme", "Quiet", "New"]
    assert shown("tier") == ["Acme", "Quiet", "New"]
    assert shown("due") == ["Quiet", "Acme", "New"]
    assert shown("due down") == ["Acme", "Quiet", "New"]


def test_groups_are_days_for_times(at_work: Workspace) -> None:
    groups = Sorting(at_work).groups("calls", Way(order="when"), at_work.calls.all(), lambda call: call)
    assert [group.heading for group in groups] == ["Mon 9 Mar 2026", "Thu 12 Mar 2026"]
    assert date(2026, 3, 12).strftime("%a") == "Thu"


@pytest.mark.parametrize("screen", LISTS)
def test_every_order_of_every_list_can_be_asked_for(screen: str, workspace: Workspace) -> None:
    for order in LISTS[screen].orders:
        assert Sorting(workspace).ordered(screen, Way(order=order), []) == []


def test_an_id_says_the_screen_and_those_of_triage_are_as_ever() -> None:
    assert [view_id("triage", "mine"), view_id("calls", "mine")] == ["mine", "calls:mine"]
    assert [split_id("mine"), split_id("calls:mine"), split_id("a:b")] == [
        ("triage", "mine"),
        ("calls", "mine"),
        ("triage", "a:b"),
    ]


def test_the_command_line_saves_lists_and_deletes_them(at_work: Workspace) -> None:
    at_work.close()
    cli = InProcess(at_work.home)
    cli.ok(
        "views",
        "save",
        "customers",
        "Large",
        "--search",
        "hosts:>5",
        "--order",
        "hosts down",
        "--columns",
        "tier,name",
    )
    listed = [row["name"].split()[0] for row in cli.json("customers", "list", "--view", "large")]
    assert listed == ["Acme", "Quiet"]
    assert [row["id"] for row in cli.json("customers", "list", "--view", "large", "--search", "quiet")] == [
        "K-2"
    ]
    (row,) = (row for row in cli.json("views", "list", "customers") if row["whose"] == "team")
    assert (row["key"], row["columns"], row["order"]) == ("large", ["tier", "name"], "hosts down")
    assert "hosts" in cli.ok("views", "show", "customers", "large")
    assert cli.json("views", "rename", "customers", "large", "Larger")["key"] == "larger"
    assert "fleettui undo customers:larger" in cli.ok("views", "delete", "customers", "larger")
    assert "no view 'larger'" in cli.fails(1, "customers", "list", "--view", "larger")
    cli.ok("undo", "customers:larger")
    assert cli.json("views", "show", "customers", "larger")["all_orders"]["due"] == "next step of a deal"
    assert "there is no list 'inbox'" in cli.fails(2, "views", "list", "inbox")


def test_tickets_come_in_the_order_of_a_view(at_work: Workspace) -> None:
    for number, subject in enumerate(("Beta", "alpha", "Gamma")):
        at_work.tickets.new("Acme", subject, at=NOW - timedelta(hours=number))
    at_work.close()
    cli = InProcess(at_work.home)
    cli.ok("views", "save", "triage", "By name", "--order", "subject", "--mine")
    subjects = [row["subject"] for row in cli.json("tickets", "list", "--view", "by-name")]
    assert subjects == ["alpha", "Beta", "Gamma"]
