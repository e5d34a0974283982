"""Whose call it is: a leader whom we know, who is there on that day, and in one call at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fleettui.domain.agenda import Item
from fleettui.errors import Ambiguous, Refused
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def team(workspace: Workspace) -> Workspace:
    """Kathy looks; Zay leads."""
    if "zay" not in {person.login for person in workspace.people.all()}:
        workspace.people.add("zay", name="Zay Hanlon")
    return workspace


def told(workspace: Workspace, login: str) -> list[tuple[str, bool]]:
    """What `login` is told about leaders on Today, and whether it is theirs."""
    seen = Workspace.open(workspace.home, clock=workspace.clock, login=login)
    items: list[Item] = seen.agenda.items()
    return [(item.title, item.mine) for item in items if item.step in ("double booked", "leader away")]


def test_whoever_leads_a_call_is_one_of_us(team: Workspace) -> None:
    call = team.calls.new("Acme", MONDAY_MORNING + DAY, fields={"host": "Zay"})
    assert call.host == "zay"
    with pytest.raises(Refused, match="nobody of us is called 'zey'; did you mean 'zay'") as refused:
        team.calls.edit(call.id, {"host": "zey"})
    assert refused.value.field == "host"
    with pytest.raises(Refused, match="did you mean"):
        team.calls.new("Acme", MONDAY_MORNING + DAY, fields={"host": "zey"})
    team.people.add("zach", name="Zay Other")
    team.people.add("zoe", name="Zay Third")
    with pytest.raises(Ambiguous):
        team.calls.edit(call.id, {"host": "Zay "[:2]})


def test_two_calls_of_one_leader_at_once_stand_on_their_today(team: Workspace) -> None:
    start = MONDAY_MORNING + DAY
    for customer, after in (("Acme", 0.0), ("Initech", 0.25), ("Globex", 0.5)):
        team.calls.new(customer, start + after * HOUR, fields={"host": "zay"})
    team.calls.new("Umbrella", start, fields={"host": "kathy"})
    assert told(team, "zay") == [
        ("Two calls at once: Acme (Acme) and Initech (Initech)", True),
        ("Two calls at once: Initech (Initech) and Globex (Globex)", True),
    ]
    assert all(not mine for _, mine in told(team, "kathy"))
    leading = team.calls.leading()
    assert [call.company for call in leading.overlapping(team.calls.find("C-2"))] == ["Acme", "Globex"]


def test_a_leader_who_is_away_stands_on_today_of_whoever_covers(team: Workspace) -> None:
    team.calls.new("Acme", MONDAY_MORNING + 2 * DAY, fields={"host": "zay"})
    team.people.away("zay", date(2026, 3, 11), date(2026, 3, 12), "kathy")
    (line,) = told(team, "kathy")
    assert line == (
        f"Who leads it instead: Acme (Acme): {team.people.get('zay').shown} has that day off",
        True,
    )
    assert told(team, "zay") == [(line[0], False)]


def test_where_nobody_covers_it_is_the_leaders_own_until_they_are_gone(team: Workspace) -> None:
    team.calls.new("Acme", MONDAY_MORNING + 2 * DAY, fields={"host": "zay"})
    team.people.away("zay", date(2026, 3, 11), date(2026, 3, 12), None)
    assert [mine for _, mine in told(team, "zay")] == [True]
    team.people.away("zay", date(2026, 3, 9), date(2026, 3, 12), None)
    assert [mine for _, mine in told(team, "zay")] == [False]


def test_the_command_line_says_whose_call_it_is_and_what_is_wrong(team: Workspace) -> None:
    cli = InProcess(team.home, team.now().isoformat())
    when = (MONDAY_MORNING + DAY).isoformat()
    new = ("calls", "new", "--customer")
    cli.ok(*new, "Acme", "--start", when, "--host", "zay")
    cli.ok(*new, "Initech", "--start", when, "--host", "zay")
    cli.ok(*new, "Globex", "--start", when, "--host", "kathy")
    assert "did you mean 'zay'" in cli.fails(1, *new, "Acme", "--start", when, "--host", "zey")
    assert [call["id"] for call in cli.json("calls", "list", "--host", "zay")] == ["C-1", "C-2"]
    assert cli.json("calls", "show", "C-1")["at_the_same_time"] == ["C-2"]
    assert "zay (at the same time: C-2)" in cli.ok("calls", "show", "C-1")
    team.people.away("zay", date(2026, 3, 10), date(2026, 3, 10), "kathy")
    shown = cli.json("calls", "show", "C-1")
    assert (shown["host_away"], shown["cover"]) == (True, "kathy")
    assert "LEADS" in cli.ok("calls", "list")
