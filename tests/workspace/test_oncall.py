"""SUP-15: the rota as people change it among themselves: overrides, swaps, another order; actions and command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fleettui.domain.team.rota import Shift
from fleettui.errors import Refused
from fleettui.store.protocol import StaleWrite
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine

# The shift of Monday 9 March began on Saturday the 7th; it is Kathy's, the next one Alex's, then Zay's.
ORDER = ["kathy", "alex", "zay"]


def write_policy(home: Path, **fields: Any) -> None:
    file = home / "handbook" / "oncall.json"
    policy = json.loads(file.read_text()) | {"order": ORDER, "first": "2026-03-07"} | fields
    file.write_text(json.dumps(policy))


@pytest.fixture
def team(made: Callable[..., Workspace]) -> Workspace:
    """Made on Monday morning; Kathy opens it a minute later."""
    home = made().home
    write_policy(home)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING + timedelta(minutes=1)), login="kathy")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}-07:00").astimezone(UTC)


def as_text(shifts: list[Shift], workspace: Workspace) -> list[str]:
    return [
        f"{shift.start.astimezone(workspace.zone):%m-%d} {shift.end.astimezone(workspace.zone):%m-%d} {shift.person} {shift.why}"
        for shift in shifts
    ]


def march(workspace: Workspace) -> list[str]:
    return as_text(workspace.oncall.on_days(date(2026, 3, 8), date(2026, 4, 3)), workspace)


TURNS = [
    "03-07 03-14 kathy turn",
    "03-14 03-21 alex turn",
    "03-21 03-28 zay turn",
    "03-28 04-04 kathy turn",
]


def test_sup_15_who_is_on_call_now_and_next(team: Workspace) -> None:
    on_call = team.oncall.now_and_next()
    assert on_call.now is not None
    assert (on_call.now.person, on_call.next.person, on_call.gaps) == ("kathy", "alex", [])
    assert team.oncall.person() == "kathy"
    assert march(team) == TURNS


def test_sup_15_who_was_on_call_is_right_for_any_moments_asked_one_after_the_other(team: Workspace) -> None:
    """As the inbox asks for two weeks of events: what is remembered of an answer ends with the shift and with a change."""
    asked = ("03-13T23:59", "03-14T00:00", "03-13T23:59", "03-07T12:00", "03-06T12:00", "03-09T12:00")
    moments = [at(moment) for moment in asked]
    assert [team.oncall.person(moment) for moment in moments] == [
        "kathy",
        "alex",
        "kathy",
        "kathy",
        "",
        "kathy",
    ]
    team.oncall.override(date(2026, 3, 9), date(2026, 3, 9), "zay")
    assert [team.oncall.person(moment) for moment in moments[-3:]] == ["kathy", "", "zay"]


def test_sup_15_whoever_took_over_is_reminded_on_monday_at_the_start_of_the_day(team: Workspace) -> None:
    reminded = [
        (moment, reminder.person if (reminder := team.oncall.reminder(at(moment))) else None)
        for moment in ("03-09T05:59:59", "03-09T06:00", "03-10T05:59", "03-10T06:00", "03-16T06:00")
    ]
    assert reminded == [
        ("03-09T05:59:59", None),
        ("03-09T06:00", "kathy"),
        ("03-10T05:59", "kathy"),
        ("03-10T06:00", None),
        ("03-16T06:00", "alex"),
    ]
    shift = team.oncall.shift()
    assert shift is not None
    text = team.oncall.reminder_text(shift)
    assert "Kathy Satterlee" in text
    assert "Sat 14 Mar 00:00" in text


def test_sup_15_a_reminder_goes_to_whoever_stands_in_on_that_monday(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 9), date(2026, 3, 9), "zay")
    reminder = team.oncall.reminder()
    assert reminder is not None
    assert reminder.person == "zay"
    team.oncall.override(date(2026, 3, 9), date(2026, 3, 9), "nobody")
    assert team.oncall.reminder() is None


def test_an_override_holds_on_its_days_and_no_others(team: Workspace) -> None:
    shifts = team.oncall.override(date(2026, 3, 10), date(2026, 3, 15), "Zay H", "at a \x1b[31mconference")
    assert as_text(shifts, team) == [
        "03-10 03-14 zay at a conference",
        "03-14 03-16 zay at a conference",
    ]
    assert march(team) == [
        "03-07 03-10 kathy turn",
        "03-10 03-14 zay at a conference",
        "03-14 03-16 zay at a conference",
        "03-16 03-21 alex turn",
        *TURNS[2:],
    ]


def test_nobody_on_call_is_a_gap(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 12), date(2026, 3, 12), "nobody", "all at the offsite")
    (gap,) = team.oncall.now_and_next().gaps
    assert (gap.start, gap.end, gap.why) == (at("03-12T00:00"), at("03-13T00:00"), "all at the offsite")


def test_somebody_away_whom_only_somebody_away_covers_is_a_gap(team: Workspace) -> None:
    team.people.away("kathy", date(2026, 3, 10), date(2026, 3, 12), "alex")
    assert team.oncall.now_and_next().gaps == []
    assert (
        team.oncall.cover(team.oncall.on_days(date(2026, 3, 10), date(2026, 3, 10))[0], at("03-10T12:00"))
        == "alex"
    )
    team.people.away("alex", date(2026, 3, 12), date(2026, 3, 12))
    (gap,) = team.oncall.now_and_next().gaps
    assert (gap.start, gap.end, gap.why) == (at("03-12T00:00"), at("03-13T00:00"), "kathy is away")
    # Round in a circle there is nobody either.
    team.people.away("alex", date(2026, 3, 12), date(2026, 3, 12), "kathy")
    assert len(team.oncall.now_and_next().gaps) == 1


def test_clearing_cuts_an_override_and_leaves_its_other_days(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 9), date(2026, 3, 13), "zay")
    team.oncall.clear(date(2026, 3, 11), date(2026, 3, 11))
    assert march(team)[:4] == [
        "03-07 03-09 kathy turn",
        "03-09 03-11 zay override",
        "03-11 03-12 kathy turn",
        "03-12 03-14 zay override",
    ]
    team.oncall.clear(date(2026, 3, 1), date(2026, 3, 31))
    assert march(team) == TURNS
    with pytest.raises(Refused, match="the turns hold already"):
        team.oncall.clear(date(2026, 3, 11), date(2026, 3, 11))


def test_two_shifts_exchange_their_people_whatever_day_names_them(team: Workspace) -> None:
    shifts = team.oncall.swap(date(2026, 3, 18), date(2026, 3, 21))
    assert as_text(shifts, team) == ["03-14 03-21 zay swap", "03-21 03-28 alex swap"]
    assert march(team) == [TURNS[0], *as_text(shifts, team), TURNS[3]]
    assert team.oncall.swapped_with(date(2026, 3, 27)) == date(2026, 3, 14)


def test_a_swap_that_two_people_write_down_is_not_taken_back_by_the_second(team: Workspace) -> None:
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    with pytest.raises(Refused, match="swapped already"):
        team.oncall.swap(date(2026, 3, 25), date(2026, 3, 16))
    team.oncall.swap(date(2026, 3, 25), date(2026, 3, 16), back=True)
    assert march(team) == TURNS
    with pytest.raises(Refused, match="not swapped"):
        team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21), back=True)


def test_swaps_follow_one_another(team: Workspace) -> None:
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    team.oncall.swap(date(2026, 3, 21), date(2026, 3, 28))
    assert [line.split()[2] for line in march(team)] == ["kathy", "zay", "kathy", "alex"]
    with pytest.raises(Refused, match="swapped with another since"):
        team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21), back=True)


@pytest.mark.parametrize(
    ("day", "other", "expected"),
    [
        (date(2026, 3, 14), date(2026, 3, 20), "same shift"),
        (date(2026, 3, 9), date(2026, 3, 30), "kathy has both shifts"),
        (date(2026, 3, 1), date(2026, 3, 30), "the rota begins on 2026-03-07"),
    ],
)
def test_a_swap_that_means_nothing_is_refused(team: Workspace, day: date, other: date, expected: str) -> None:
    with pytest.raises(Refused, match=expected):
        team.oncall.swap(day, other)
    assert team.oncall.history() == []


def test_shifts_that_are_over_are_not_swapped(team: Workspace) -> None:
    later = Workspace.open(team.home, clock=frozen_clock(at("04-01T12:00")), login="kathy")
    with pytest.raises(Refused, match="both shifts are over"):
        later.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    later.oncall.swap(date(2026, 3, 21), date(2026, 3, 28))  # who took mine gets me for the next one


def test_another_order_holds_from_the_next_shift_and_leaves_the_past(team: Workspace) -> None:
    shifts = team.oncall.set_order(["brad", "Kathy"])
    assert as_text(shifts, team) == ["03-14 03-21 brad turn", "03-21 03-28 kathy turn"]
    assert march(team) == [TURNS[0], *as_text(shifts, team), "03-28 04-04 brad turn"]
    team.oncall.set_order(["zay"], date(2026, 3, 25))
    assert [line.split()[2] for line in march(team)] == ["kathy", "brad", "zay", "zay"]


def test_the_first_order_of_all_holds_at_once(made: Callable[..., Workspace]) -> None:
    """A new workspace: nobody takes turns, since Saturday 3 January."""
    workspace = made()
    assert workspace.oncall.person() == ""
    workspace.oncall.set_order(["zay", "alex"])
    assert as_text(workspace.oncall.on_days(date(2026, 3, 1), date(2026, 3, 20)), workspace) == [
        "02-28 03-07 None nobody is on the rota",
        "03-07 03-14 zay turn",
        "03-14 03-21 alex turn",
    ]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], "say who takes turns"),
        (["nathan"], "order: Nathan Holliday is no longer"),
        (["nemo"], "order: There is nobody"),
    ],
)
def test_an_order_needs_people_of_the_team(team: Workspace, people: list[str], expected: str) -> None:
    with pytest.raises(Refused, match=expected):
        team.oncall.set_order(people)


def test_an_edit_of_the_handbook_still_counts_beside_what_was_agreed(team: Workspace) -> None:
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    write_policy(
        team.home,
        order=["kathy", "brad", "zay"],
        overrides=[{"first": "2026-03-30", "last": "2026-03-31", "person": "alex"}],
    )
    team.refresh()
    assert march(team) == [
        TURNS[0],
        "03-14 03-21 zay swap",
        "03-21 03-28 brad swap",
        "03-28 03-30 kathy turn",
        "03-30 04-01 alex override",
        "04-01 04-04 kathy turn",
    ]
    with pytest.raises(Refused, match=r"handbook/oncall\.json"):
        team.oncall.clear(date(2026, 3, 30), date(2026, 3, 30))


def test_another_day_of_handover_breaks_no_swap(team: Workspace) -> None:
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    team.oncall.set_order(["brad", "kathy"], date(2026, 3, 28))
    write_policy(team.home, first="2026-03-02", handover_weekday="mon", reminder_weekday="mon")
    team.refresh()
    assert march(team) == [
        "03-02 03-09 kathy turn",
        "03-09 03-16 zay swap",
        "03-16 03-23 alex swap",
        "03-23 03-30 brad turn",
        "03-30 04-06 kathy turn",
    ]


def test_what_was_agreed_has_a_history_in_words_and_can_be_undone(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 10), date(2026, 3, 10), "zay", "dentist")
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21))
    texts = [happening.entry.why for happening in team.oncall.history()]
    assert texts == [
        "the shifts of 2026-03-14 and 2026-03-21 swapped",
        "Zay Hanlon on call on 2026-03-10: dentist",
    ]
    team.history.undo()
    assert march(team)[-3:] == TURNS[1:]
    team.history.undo()
    assert march(team) == TURNS


def test_what_somebody_else_agreed_meanwhile_stops_a_change_that_has_not_seen_it(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 10), date(2026, 3, 10), "zay")
    seen = team.oncall.kept().rev
    other = Workspace.open(team.home, clock=frozen_clock(MONDAY_MORNING), login="alex")
    other.oncall.override(date(2026, 3, 11), date(2026, 3, 11), "alex")
    team.refresh()
    with pytest.raises(StaleWrite):
        team.oncall.override(date(2026, 3, 11), date(2026, 3, 11), "brad", seen=seen)
    team.oncall.swap(date(2026, 3, 14), date(2026, 3, 21), seen=seen)  # another thing: both count
    shift = team.oncall.shift(at("03-11T12:00"))
    assert shift is not None and shift.person == "alex"


# Everything that asks who is on call


def test_rituals_retro_today_and_playbooks_ask_the_same_rota(team: Workspace) -> None:
    team.oncall.override(date(2026, 3, 9), date(2026, 3, 9), "zay")
    assert team.reports.look_back(date(2026, 3, 9)).on_call == ["Zay Hanlon", "Kathy Satterlee"]
    retro = next(line for line in team.rituals.board() if line.ritual.id == "RIT-17")
    assert retro.whose.owners == ("zay",)
    as_zay = Workspace.open(team.home, clock=frozen_clock(MONDAY_MORNING), login="zay")
    mine = [item for item in as_zay.agenda.items() if item.kind == "on call" and item.mine]
    assert [item.who for item in mine] == ["zay"]


# The command line


@pytest.fixture
def rota(cli: CommandLine) -> CommandLine:
    write_policy(cli.home)
    return cli


def test_sup_15_oncall_tells_whom_to_remind(rota: CommandLine) -> None:
    assert rota.json("oncall")["remind"] == "kathy"
    assert rota.ok("oncall").splitlines()[-1] == "Remind:  Kathy Satterlee, today"
    assert rota.json("oncall", "--at", "2026-03-08T12:00")["remind"] is None


def test_overriding_and_swapping_from_the_command_line(rota: CommandLine) -> None:
    shown = rota.json("oncall", "override", "2026-03-10", "2026-03-11", "zay", "--why", "dentist")
    assert [(row["person"], row["why"]) for row in shown["shifts"]] == [("zay", "dentist")]
    assert shown["shifts"][0]["start"] == "2026-03-10T00:00:00-07:00"
    assert rota.json("oncall", "--at", "2026-03-11T23:59")["person"] == "zay"
    assert rota.ok("oncall", "swap", "2026-03-14", "2026-03-23").splitlines() == [
        "Zay Hanlon (swap), Sat 2026-03-14 00:00 to Sat 2026-03-21 00:00",
        "Alex Mitchell (swap), Sat 2026-03-21 00:00 to Sat 2026-03-28 00:00",
    ]
    assert "swapped already" in rota.fails(1, "oncall", "swap", "2026-03-14", "2026-03-23")
    rota.ok("undo")
    assert rota.json("oncall", "--at", "2026-03-16T12:00")["person"] == "alex"
    assert [row["verb"] for row in rota.json("history", "rota")] == ["undo", "oncall.swap", "oncall.override"]


def test_another_order_from_the_command_line(rota: CommandLine) -> None:
    shown = rota.json("oncall", "order", "brad", "kathy")
    assert [row["person"] for row in shown["shifts"]] == ["brad", "kathy"]
    assert rota.json("oncall")["person"] == "kathy"
    assert rota.json("oncall")["next"]["person"] == "brad"
    rota.ok("oncall", "order", "zay", "--from", "2026-03-22")
    assert rota.json("oncall", "--at", "2026-03-21T00:00")["person"] == "zay"


def test_an_override_that_leaves_a_gap_says_so(rota: CommandLine) -> None:
    rota.ok("people", "away", "zay", "2026-03-11")
    text = rota.ok("oncall", "override", "2026-03-10", "2026-03-12", "zay")
    assert "Gap:     Wed 2026-03-11 00:00 to Thu 2026-03-12 00:00: zay is away" in text
    rota.ok("oncall", "clear", "2026-03-10", "2026-03-12")
    assert rota.json("oncall")["gaps"] == []


def test_words_before_the_second_word_count(rota: CommandLine, tmp_path: Path) -> None:
    other = rota.home
    rota.home = tmp_path / "elsewhere"
    process = rota.run("oncall", "--home", str(other), "--json", "swap", "2026-03-14", "2026-03-21")
    assert process.returncode == 0, process.stderr
    assert len(json.loads(process.stdout)["shifts"]) == 2


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        ("oncall override 2026-03-10 2026-03-09 zay", 1, "last: 2026-03-09 is before"),
        ("oncall override 2026-03-10 soon zay", 2, "LAST: 'soon' is not a day"),
        ("oncall override 2026-03-10 2026-03-10 nemo", 1, "person: There is nobody called"),
        ("oncall override 2026-01-01 2026-01-02 zay", 1, "the rota begins on 2026-03-07"),
        ("oncall override 0001-01-01 9999-12-31 zay", 2, "first: the year 1 is outside"),
        ("oncall swap 2026-03-14 2026-03-15", 1, "in the same shift"),
        ("oncall order", 2, "LOGIN"),
        ("oncall clear 2026-03-10", 1, "the turns hold already"),
        ("oncall fix", 2, "fix"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    rota: CommandLine, words: str, code: int, expected: str
) -> None:
    assert expected in rota.fails(code, *words.split())
