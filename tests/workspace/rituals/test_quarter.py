"""A quarter of four people's rituals, the clock moved day by day, held against a table that was written by hand.

In this zone the clocks go back on 15 February and forward on 22 March 2026; 18 February and 6 April are holidays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace

ZONE = ZoneInfo("Africa/Casablanca")
FIRST, LAST = date(2026, 2, 2), date(2026, 4, 30)
HOLIDAYS = {"2026-02-18": "Founders' day", "2026-04-06": "Spring day"}
DAILY, WEEKLY, STANDUP, RELEASE, CHECKUP = "Inbox", "Backlog", "Stand-up four", "Release note", "Checkup"

# One letter for each period, in order: Kept, Late, Covered, Skipped, Missed, Open.
TABLE = {
    DAILY: "KKKKK KKKKK KKKK KMKKK CCCCC CCCCC KSKKK KKKKK KKKKK KLKK KKKKK KKKKK KKKK",
    WEEKLY: "K K L K K K K M K K K K K",
    STANDUP: "K K K K K K M K K K K K K",
    RELEASE: "K K M K S K K",
    CHECKUP: "K K O",
}
SUMS = {  # kept, late, covered, skipped, missed, streak, longest
    DAILY: (60, 1, 10, 1, 1, 45, 45),
    WEEKLY: (12, 1, 0, 0, 1, 5, 7),
    STANDUP: (12, 0, 0, 0, 1, 6, 6),
    RELEASE: (5, 0, 0, 1, 1, 3, 3),
    CHECKUP: (2, 0, 0, 0, 0, 2, 2),
}
LETTERS = {"kept": "K", "late": "L", "covered": "C", "skipped": "S", "missed": "M", "open": "O"}


def at(day: date, clock: time = time(10)) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


class Team:
    """Each acts in a session of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def on(self, day: date, login: str, clock: time = time(10)) -> Workspace:
        return Workspace.open(self.home, clock=frozen_clock(at(day, clock)), login=login)

    def tick(self, name: str, day: date, login: str, clock: time = time(10)) -> None:
        session = self.on(day, login, clock)
        session.rituals.tick(session.rituals.find(name).id, again=True)
        session.close()

    def skip(self, name: str, day: date, login: str, why: str) -> None:
        session = self.on(day, login)
        session.rituals.skip(session.rituals.find(name).id, why)
        session.close()


def days() -> Iterator[date]:
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    home = tmp_path_factory.mktemp("quarter") / "home"
    create(NewWorkspace(home, frozen_clock(at(FIRST, time(5))), "ann", handbook_team=True)).close()
    hours = json.loads((home / "handbook" / "hours.json").read_text())
    (home / "handbook" / "hours.json").write_text(json.dumps({**hours, "zone": ZONE.key}))
    added = [{"date": day, "name": name} for day, name in HOLIDAYS.items()]
    (home / "handbook" / "holidays.json").write_text(json.dumps({"rule": "", "country": None, "add": added}))
    team = Team(home)
    settle(team)
    for day in days():
        live(team, day)
    return team


def settle(team: Team) -> None:
    ann = team.on(FIRST, "ann", time(5))
    for login in ("ann", "ben", "cleo", "dan"):
        ann.people.add(login)
    for ritual in ann.rituals.all():
        ann.rituals.retire(ritual.id)
    ann.rituals.add(DAILY, dri="ann", frequency="every business day")
    ann.rituals.add(WEEKLY, dri="ben", frequency="weekly", weekday="mon")
    ann.rituals.add(STANDUP, dri="dan", frequency="weekly", times="3-4")
    ann.rituals.add(RELEASE, dri="dan", frequency="biweekly", weekday="thu")
    ann.rituals.add(CHECKUP, dri="cleo", frequency="monthly", day="31")
    ann.people.away("ann", date(2026, 3, 2), date(2026, 3, 13), "ben")
    ann.people.away("dan", date(2026, 3, 5), date(2026, 3, 6))
    ann.close()


def live(team: Team, day: date) -> None:
    """What these four do on a day: their duty, but for what is written here."""
    if day.isoformat() in HOLIDAYS or day.weekday() > 4:
        return
    daily(team, day)
    weekly(team, day)
    others(team, day)


def daily(team: Team, day: date) -> None:
    if day == date(2026, 2, 24):
        return  # forgotten
    if day == date(2026, 3, 17):
        team.skip(DAILY, day, "ann", "the team is away together")
    elif date(2026, 3, 2) <= day <= date(2026, 3, 13):
        team.tick(DAILY, day, "ben")
    else:
        team.tick(DAILY, day, "ann", time(18) if day == date(2026, 4, 8) else time(10))


def weekly(team: Team, day: date) -> None:
    mondays = day.weekday() == 0 and day not in (date(2026, 2, 16), date(2026, 3, 23))
    if mondays or day in (date(2026, 2, 19), date(2026, 4, 7)):
        team.tick(WEEKLY, day, "ben")
    weekdays = (1, 2, 3) if date(2026, 4, 6) <= day < date(2026, 4, 13) else (0, 1, 2)
    weekdays = (0, 1, 3) if date(2026, 2, 16) <= day < date(2026, 2, 23) else weekdays
    fourth = day == date(2026, 2, 12)
    if fourth or (day.weekday() in weekdays and day != date(2026, 3, 18)):
        team.tick(STANDUP, day, "dan")


def others(team: Team, day: date) -> None:
    if day in (date(2026, 2, 5), date(2026, 2, 19), date(2026, 3, 19), date(2026, 4, 16), date(2026, 4, 30)):
        team.tick(RELEASE, day, "dan")
    if day == date(2026, 4, 2):
        team.skip(RELEASE, day, "dan", "nothing is released")
    if day in (date(2026, 2, 27), date(2026, 3, 31)):
        team.tick(CHECKUP, day, "cleo")


@pytest.mark.parametrize("name", TABLE)
def test_the_quarter_ends_as_the_table_says(team: Team, name: str) -> None:
    session = team.on(LAST, "ann")
    past = session.rituals.track_record(session.rituals.find(name).id)
    assert "".join(LETTERS[outcome] for _, _, outcome in past.outcomes) == TABLE[name].replace(" ", "")
    sums = (past.kept, past.late, past.covered, past.skipped, past.missed, past.streak, past.longest)
    assert sums == SUMS[name]


def test_the_board_shows_the_streaks_of_the_table(team: Team) -> None:
    board = team.on(LAST, "ann").rituals.board()
    assert {line.ritual.name: line.streak for line in board} == {name: SUMS[name][5] for name in TABLE}


def test_the_days_of_the_periods_leave_out_weekends_and_holidays(team: Team) -> None:
    session = team.on(LAST, "ann")
    first_days = [
        first for first, _, _ in session.rituals.track_record(session.rituals.find(DAILY).id).outcomes
    ]
    wanted = [day for day in days() if day.weekday() < 5 and day.isoformat() not in HOLIDAYS]
    assert first_days == wanted
    checkups = session.rituals.track_record(session.rituals.find(CHECKUP).id).outcomes
    assert [(first, last) for first, last, _ in checkups] == [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 30)),
    ]


@pytest.mark.parametrize(
    ("name", "day", "due"),
    [
        (DAILY, "2026-02-13", "2026-02-13T15:00:00+00:00"),  # 16:00 at +01:00
        (DAILY, "2026-02-16", "2026-02-16T16:00:00+00:00"),  # the clocks went back on Sunday
        (DAILY, "2026-03-20", "2026-03-20T16:00:00+00:00"),
        (DAILY, "2026-03-23", "2026-03-23T15:00:00+00:00"),  # and forward
        (WEEKLY, "2026-04-08", "2026-04-07T15:00:00+00:00"),  # its Monday is a holiday
        (CHECKUP, "2026-02-10", "2026-02-27T16:00:00+00:00"),  # the 28th is a Saturday
    ],
)
def test_due_times_keep_to_the_wall(team: Team, name: str, day: str, due: str) -> None:
    session = team.on(LAST, "ann")
    line = session.rituals.row(session.rituals.find(name).id, date.fromisoformat(day))
    assert line is not None
    assert line.demand.due == datetime.fromisoformat(due)


def test_time_off_moves_the_work_to_the_cover_for_those_days(team: Team) -> None:
    def mine(login: str, day: date) -> set[str]:
        return {line.ritual.name for line in team.on(day, login).rituals.board(mine=True)}

    assert mine("ben", date(2026, 2, 27)) == {WEEKLY}
    assert mine("ben", date(2026, 3, 3)) == {WEEKLY, DAILY}
    assert mine("ann", date(2026, 3, 3)) == set()
    assert mine("ann", date(2026, 3, 16)) == {DAILY}
    assert mine("dan", date(2026, 3, 5)) == set()  # nobody covers


def test_who_covered_is_told(team: Team) -> None:
    session = team.on(LAST, "ann")
    assert session.rituals.track_record(session.rituals.find(DAILY).id).covered_by == {"ben": 10}
    assert session.rituals.person("ben").covered_others == 10
    ann = session.rituals.person("ann")
    assert [(ritual.name, past.kept, past.missed) for ritual, past in ann.rows] == [(DAILY, 60, 1)]
