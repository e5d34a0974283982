"""A ritual that is changed while its period runs: what was done stays done, and what was missed stays whose it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fleettui.domain.rituals.history import Outcome
from fleettui.time.clock import frozen_clock
from fleettui.workspace.rituals.board import BoardRow
from fleettui.workspace.workspace import Workspace
from tests.support.homes import make_home

At = Callable[..., Workspace]
MONDAY = date(2026, 3, 9)


@pytest.fixture
def at(workspace: Workspace) -> At:
    """The workspace of Monday, 9 March, as somebody at a wall time of the team: at("2026-03-11T09:00", "alex")."""
    workspace.close()

    def open_(when: str, login: str = "kathy") -> Workspace:
        moment = datetime.fromisoformat(f"{when}-07:00").astimezone(UTC)
        return Workspace.open(workspace.home, clock=frozen_clock(moment), login=login)

    return open_


def row(workspace: Workspace, id_: str, on: date | None = None) -> BoardRow:
    shown = workspace.rituals.row(id_, on)
    assert shown is not None
    return shown


def outcomes(workspace: Workspace, id_: str) -> list[Outcome]:
    return [outcome for _, _, outcome in workspace.rituals.track_record(id_).outcomes]


@pytest.mark.parametrize(
    "fields",
    [{"weekday": "fri"}, {"at": "11:00"}, {"frequency": "every 2 weeks"}, {"frequency": "monthly"}],
)
def test_rit_6_a_new_weekday_time_or_longer_rhythm_keeps_the_ticks_of_the_running_week(
    at: At, fields: dict[str, str]
) -> None:
    at("2026-03-09T09:30").rituals.tick("RIT-6")
    at("2026-03-10T09:30").rituals.tick("RIT-6")
    changed = at("2026-03-11T10:00")
    changed.rituals.edit("RIT-6", fields)
    assert (row(changed, "RIT-6").status.count, row(changed, "RIT-6").state) == (2, "open")
    assert outcomes(changed, "RIT-6") == ["open"]
    done = at("2026-03-11T10:30").rituals.tick("RIT-6").row
    assert (done.status.count, done.state, done.streak) == (3, "done", 1)
    assert outcomes(at("2026-03-11T10:30"), "RIT-6") == ["kept"]


def test_rit_6_what_is_wanted_from_now_on_counts_for_the_running_week_too(at: At) -> None:
    for day in (9, 10):
        at(f"2026-03-{day:02}T09:30").rituals.tick("RIT-6")
    later = at("2026-03-11T10:00")
    later.rituals.edit("RIT-6", {"times": "2"})
    assert (row(later, "RIT-6").state, row(later, "RIT-6").status.count) == ("done", 2)
    later.rituals.edit("RIT-6", {"times": "5"})  # on the same day again
    assert (row(later, "RIT-6").state, row(later, "RIT-6").status.count) == ("open", 2)


def test_rit_5_a_done_week_stays_kept_when_it_is_daily_from_now_on(at: At) -> None:
    at("2026-03-09T09:30").rituals.tick("RIT-5")
    changed = at("2026-03-11T10:00")
    changed.rituals.edit("RIT-5", {"frequency": "every business day"})
    assert row(changed, "RIT-5").state == "open"
    assert row(changed, "RIT-5", MONDAY).state == "done"
    assert outcomes(changed, "RIT-5") == ["kept", "open"]


def test_rit_6_a_week_that_is_ended_early_keeps_its_ticks_and_is_not_missed(at: At) -> None:
    at("2026-03-09T09:30").rituals.tick("RIT-6")
    at("2026-03-11T10:00").rituals.edit("RIT-6", {"frequency": "daily", "times": "1"})
    week = row(at("2026-03-20T09:00"), "RIT-6", MONDAY)
    assert (week.status.count, week.state) == (1, "skipped")
    assert outcomes(at("2026-03-11T11:00"), "RIT-6") == ["skipped", "open"]


def test_rit_5_what_was_ticked_today_is_done_today_in_the_daily_rhythm_too(at: At) -> None:
    at("2026-03-11T09:30").rituals.tick("RIT-5")
    changed = at("2026-03-11T10:00")
    changed.rituals.edit("RIT-5", {"frequency": "daily"})
    assert row(changed, "RIT-5").state == "done"
    assert outcomes(changed, "RIT-5") == ["kept"]
    assert row(at("2026-03-12T10:00"), "RIT-5").state == "open"


def test_rit_5_an_earlier_weekday_does_not_make_late_what_was_not(at: At) -> None:
    at("2026-03-10T09:30").rituals.tick("RIT-6")
    changed = at("2026-03-11T10:00")
    changed.rituals.edit("RIT-6", {"weekday": "mon"})
    assert row(changed, "RIT-6").state == "open"
    changed.rituals.edit("RIT-5", {"weekday": "mon"})
    following = row(changed, "RIT-5")  # nobody can do it last Monday any more
    assert (following.state, following.period.first) == ("coming", date(2026, 3, 16))


def test_rit_5_retired_after_it_was_ticked_stays_kept_and_goes_on_when_it_is_brought_back(at: At) -> None:
    at("2026-03-09T09:30").rituals.tick("RIT-5")
    at("2026-03-09T09:30").rituals.tick("RIT-6")
    for id_ in ("RIT-5", "RIT-6", "RIT-7"):
        at("2026-03-11T10:00").rituals.retire(id_)
    later = at("2026-03-11T11:00")
    assert later.rituals.row("RIT-5") is None
    assert [outcomes(later, id_) for id_ in ("RIT-5", "RIT-6", "RIT-7")] == [["kept"], ["skipped"], []]
    later.rituals.bring_back("RIT-6")
    assert row(later, "RIT-6").status.count == 1
    later.rituals.retire("RIT-6")
    at("2026-03-13T11:00").rituals.bring_back("RIT-6")
    assert row(at("2026-03-13T11:00"), "RIT-6").status.count == 1
    assert outcomes(at("2026-03-13T11:00"), "RIT-6") == ["open"]


def test_undo_of_a_new_rhythm_has_the_ticks_as_they_were(at: At) -> None:
    at("2026-03-09T09:30").rituals.tick("RIT-6")
    changed = at("2026-03-11T10:00")
    changed.rituals.edit("RIT-6", {"weekday": "fri"})
    changed.history.undo("RIT-6")
    assert row(changed, "RIT-6").status.count == 1


def test_rit_1_who_missed_it_is_who_owned_it_then(at: At) -> None:
    at("2026-03-11T09:00").rituals.edit("RIT-1", {"dri": "alex"})
    at("2026-03-11T09:30", "alex").rituals.tick("RIT-1")
    now = at("2026-03-13T09:00")
    kathys = {ritual.id: record for ritual, record in now.rituals.person("kathy").rows}["RIT-1"]
    alexs = {ritual.id: record for ritual, record in now.rituals.person("alex").rows}["RIT-1"]
    assert [outcome for _, _, outcome in kathys.outcomes] == ["missed", "missed"]
    assert [outcome for _, _, outcome in alexs.outcomes] == ["kept", "missed", "open"]
    assert row(now, "RIT-1", MONDAY).whose.owners == ("kathy",)
    assert row(now, "RIT-1").whose.owners == ("alex",)
    assert at("2026-03-13T09:00", "kathy").rituals.tick("RIT-1", on=MONDAY).row.state == "done"


def test_rit_17_a_late_retro_stays_with_who_was_on_call_when_it_was_due(at: At) -> None:
    rota = at("2026-03-09T09:00").home / "handbook" / "oncall.json"
    plan = json.loads(rota.read_text())
    rota.write_text(json.dumps({**plan, "order": ["kathy", "alex"]}))
    when_due = row(at("2026-03-13T15:59"), "RIT-17").whose.owners
    shifts = {at(f"2026-03-{day:02}T12:00").oncall.person() for day in (9, 13, 15, 16)}
    assert shifts == {"kathy", "alex"}
    assert row(at("2026-03-15T20:00"), "RIT-17").state == "late"
    assert row(at("2026-03-15T20:00"), "RIT-17").whose.owners == when_due
    assert row(at("2026-03-17T09:00"), "RIT-17", date(2026, 3, 15)).whose.owners == when_due
    missed_by = [
        login
        for login in ("kathy", "alex")
        for ritual, record in at("2026-03-17T09:00").rituals.person(login).rows
        if ritual.id == "RIT-17" and record.missed
    ]
    assert missed_by == list(when_due)


def test_rit_1_may_count_in_the_zone_of_its_owner_over_a_change_of_clocks(at: At) -> None:
    at("2026-03-09T09:00").people.edit("alex", {"zone": "Europe/Berlin"})
    added = at("2026-03-09T09:00").rituals.add(
        "Lead news", dri="alex", frequency="daily", at="09:00", zone="owner"
    )
    due = {
        day: row(at("2026-03-31T12:00"), added.id, date(2026, 3, day)).demand.due.hour
        for day in (27, 28, 29, 30)
    }
    assert due == {27: 8, 28: 8, 29: 7, 30: 7}  # UTC: Berlin's clocks go forward on the 29th
    # Ten in the evening in Los Angeles is tomorrow morning in Berlin.
    evening = row(at("2026-03-10T22:00"), added.id)
    assert (evening.period.first, evening.state) == (date(2026, 3, 11), "open")
    at("2026-03-10T22:00", "alex").rituals.tick(added.id)
    assert row(at("2026-03-11T08:00"), added.id).state == "done"
    at("2026-03-11T08:00").rituals.edit(added.id, {"zone": "team"})
    assert row(at("2026-03-12T08:00"), added.id).demand.due == datetime(2026, 3, 12, 16, 0, tzinfo=UTC)


def test_rituals_of_a_workspace_founded_on_a_saturday_begin_with_what_can_still_be_done(
    tmp_path: Path,
) -> None:
    saturday = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    home = make_home(tmp_path / "home", saturday, "kathy")
    founded = Workspace.open(home, clock=frozen_clock(saturday), login="kathy")
    states = {shown.ritual.id: shown.state for shown in founded.rituals.board()}
    assert "late" not in states.values()
    assert states["RIT-5"] == "coming"
    assert row(founded, "RIT-5").period.first == date(2026, 11, 23)
    assert not [item for item in founded.agenda.items() if item.kind == "ritual" and item.state == "late"]
    founded.close()
    monday = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    later = Workspace.open(home, clock=frozen_clock(monday), login="kathy")
    assert row(later, "RIT-5").state == "open"
    assert outcomes(later, "RIT-5") == ["open"]
