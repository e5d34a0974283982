"""The rituals: every row of the handbook, ticking, covering, keeping them; through the verbs and the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.rituals.actions import Done
from fleettui.workspace.rituals.board import BoardRow
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine

MONDAY = date(2026, 3, 9)


class Box:
    """One workspace, at whatever moment, as whoever."""

    def __init__(self, workspace: Workspace) -> None:
        self.home = workspace.home

    def at(self, when: str | datetime = MONDAY_MORNING, login: str = "kathy") -> Workspace:
        moment = datetime.fromisoformat(f"{when}-07:00") if isinstance(when, str) else when
        return Workspace.open(self.home, clock=frozen_clock(moment.astimezone(UTC)), login=login)

    def line(self, id_: str, when: str | datetime = MONDAY_MORNING, on: date | None = None) -> BoardRow:
        row = self.at(when).rituals.row(id_, on)
        assert row is not None
        return row

    def tick(
        self, id_: str, when: str | datetime = MONDAY_MORNING, login: str = "kathy", **more: Any
    ) -> Done:
        return self.at(when, login).rituals.tick(id_, **more)


@pytest.fixture
def box(workspace: Workspace) -> Box:
    workspace.close()
    return Box(workspace)


ROWS = {
    "RIT-1": ("Overnight customer feedback", "every business day", "kathy"),
    "RIT-2": ("Customer Slack channel monitoring", "every business day, all day", "kathy"),
    "RIT-3": ("Customer follow-up", "every business day", "kathy"),
    "RIT-4": ("Internal follow-up", "every business day", "kathy"),
    "RIT-5": ("Customer voice", "weekly", "kathy"),
    "RIT-6": ("Stand-up", "weekly, 3 to 4 times", "kathy"),
    "RIT-7": ("Customer request backlog", "weekly", "kathy"),
    "RIT-8": ("Product feature requests", "weekly", "kathy"),
    "RIT-9": ("Customer meetings", "weekly", "kathy"),
    "RIT-10": ("Release announcements", "every 3 weeks", "kathy"),
    "RIT-11": ("Opportunity pipeline review", "weekly", "alex"),
    "RIT-12": ("Salesforce contributor experience checkup", "monthly", "taylor"),
    "RIT-13": ("Lead pipeline review", "weekly", "alex"),
    "RIT-14": ("Dripify review", "every business day", "brad"),
    "RIT-16": ("Documentation updates", "weekly on Friday", "CSE"),
    "RIT-17": ("On-call retro", "weekly", "on-call"),
}


def test_rit_1_to_17_are_in_a_new_workspace(cli: CommandLine) -> None:
    rows = cli.json("rituals", "list")
    assert {row["id"]: (row["name"], row["frequency"], row["dri"]) for row in rows} == ROWS
    assert {row["state"] for row in rows} == {"open"}
    assert all(row["purpose"] for row in rows)


def test_rit_15_starts_retired_and_can_be_brought_back(cli: CommandLine) -> None:
    everything = {row["id"]: row for row in cli.json("rituals", "list", "--all")}
    assert everything["RIT-15"]["retired"] == "2026-03-09"
    assert cli.json("rituals", "show", "RIT-15")["definition"]["replaced_by"] == "RIT-11"
    assert "is retired" in cli.fails(1, "rituals", "tick", "RIT-15")
    cli.ok("rituals", "bring-back", "RIT-15")
    assert "RIT-15" in {row["id"] for row in cli.json("rituals", "list")}


@pytest.mark.parametrize("id_", ["RIT-1", "RIT-2", "RIT-3", "RIT-4", "RIT-5", "RIT-7", "RIT-10"])
def test_rit_1_2_3_4_5_7_10_a_tick_is_done(box: Box, id_: str) -> None:
    done = box.tick(id_)
    assert (done.row.state, done.row.streak, done.row.status.by) == ("done", 1, ("kathy",))
    assert done.remarks == ()


@pytest.mark.parametrize(("id_", "dri"), [("RIT-11", "alex"), ("RIT-13", "alex"), ("RIT-14", "brad")])
def test_rit_11_13_14_somebody_else_covers_and_both_names_are_kept(box: Box, id_: str, dri: str) -> None:
    covered = box.tick(id_).row
    assert (covered.state, covered.status.by, covered.status.covers) == ("covered", ("kathy",), (dri,))
    assert covered.ritual.dri == dri
    box.at().rituals.untick(id_)
    assert box.tick(id_, login=dri).row.state == "done"


def test_rit_1_is_a_business_day_and_is_missed_after_it(box: Box) -> None:
    assert (box.line("RIT-1").period.first, box.line("RIT-1").period.last) == (MONDAY, MONDAY)
    assert box.line("RIT-1", "2026-03-09T13:59").state == "open"
    assert box.line("RIT-1", "2026-03-09T14:00").state == "due soon"
    assert box.line("RIT-1", "2026-03-09T16:01").state == "late"
    assert box.line("RIT-1", "2026-03-10T00:00", on=MONDAY).state == "missed"
    assert box.at("2026-03-14T10:00").rituals.row("RIT-1") is None  # a Saturday


def test_a_late_tick_says_so_and_keeps_the_streak(box: Box) -> None:
    box.tick("RIT-1")
    done = box.tick("RIT-1", "2026-03-10T17:30")
    assert done.remarks == ("Late: it was due Tue 10 Mar 16:00",)
    assert (done.row.state, done.row.status.late, done.row.streak) == ("done", True, 2)


def test_yesterday_can_still_be_ticked_as_late_and_tomorrow_not_yet(box: Box) -> None:
    session = box.at("2026-03-10T09:00").rituals
    assert session.tick("RIT-1", on=MONDAY).row.status.late
    with pytest.raises(Refused, match="still to come, from 2026-03-11"):
        session.tick("RIT-1", on=date(2026, 3, 11))
    coming = session.row("RIT-1", date(2026, 3, 11))
    assert coming is not None
    assert coming.state == "coming"


def test_a_skip_neither_breaks_nor_lengthens_a_streak(box: Box) -> None:
    for day in (9, 10):
        box.tick("RIT-1", f"2026-03-{day:02}T09:00")
    skipped = box.at("2026-03-11T09:00").rituals.skip("RIT-1", "the channels are closed today").row
    assert (skipped.state, skipped.streak, skipped.why) == ("skipped", 2, "the channels are closed today")
    assert box.tick("RIT-1", "2026-03-12T09:00").row.streak == 3
    assert box.line("RIT-1", "2026-03-16T09:00").streak == 0  # Friday was missed


def test_a_skip_wants_a_reason_and_what_is_done_is_not_skipped(box: Box) -> None:
    with pytest.raises(Refused, match=r"^why: "):
        box.at().rituals.skip("RIT-1", "  ")
    box.tick("RIT-1")
    with pytest.raises(Refused, match="done already"):
        box.at().rituals.skip("RIT-1", "no time")


def test_a_skipped_one_is_unticked_before_it_is_ticked(box: Box) -> None:
    box.at().rituals.skip("RIT-1", "away")
    with pytest.raises(Refused, match="skipped by kathy: away; untick it first"):
        box.tick("RIT-1")
    assert box.at().rituals.untick("RIT-1").row.state == "open"
    assert box.tick("RIT-1").row.state == "done"


def test_undo_takes_back_a_tick(cli: CommandLine) -> None:
    cli.ok("rituals", "tick", "RIT-1")
    cli.ok("undo")
    assert cli.json("rituals", "show", "RIT-1")["state"] == "open"
    assert "nothing to take back" in cli.fails(1, "rituals", "untick", "RIT-1")


# RIT-2, RIT-11, RIT-16, RIT-17: fed from elsewhere


def test_rit_2_shows_how_long_the_oldest_message_waits(box: Box) -> None:
    session = box.at()
    session.customers.add("Acme", tier="Premium")
    figure = session.rituals.figure(session.rituals.find("RIT-2"))
    assert figure is not None
    assert (figure.minutes, figure.good, figure.text.split(";")[0]) == (None, True, "nobody waits")
    at = MONDAY_MORNING - timedelta(minutes=61)
    session.tickets.new("Acme", "Agents are offline", channel="C01ACME", at=at)
    late = session.rituals.figure(session.rituals.find("RIT-2"))
    assert late is not None
    assert (late.minutes, late.good) == (61, False)  # RIT-2: under one hour
    assert "Acme: 61 min" in late.rows[0]


def test_rit_2_counts_opening_hours_and_tells_how_fast_answers_were(box: Box) -> None:
    friday = box.at("2026-03-06T16:50")  # 15:50 by the clock of that day
    friday.customers.add("Acme", tier="Premium")
    ticket = friday.tickets.new("Acme", "How?", channel="C01ACME")
    monday = box.at("2026-03-09T06:20")
    oldest = monday.rituals.figure(monday.rituals.find("RIT-2"))
    assert oldest is not None
    assert oldest.minutes == 30  # ten minutes on Friday, twenty on Monday
    monday.tickets.reply(ticket.id, "Like this")
    answered = monday.rituals.figure(monday.rituals.find("RIT-2"))
    assert answered is not None
    assert (answered.minutes, answered.median, answered.good) == (None, 30, True)


def test_rit_11_lists_opportunities_without_contact_for_45_days(box: Box) -> None:
    session = box.at()
    acme = session.customers.add("Acme")
    for name, days in (("Renewal", 44), ("Pilot", 45)):
        session.customers.opportunity(acme.id, name, {"last_contact": MONDAY - timedelta(days=days)})
    figure = session.rituals.figure(session.rituals.find("RIT-11"))
    assert figure is not None
    assert figure.rows == ("Acme: Pilot, 45 days quiet",)


def test_rit_16_lists_the_documentation_questions(box: Box) -> None:
    session = box.at()
    session.customers.add("Acme", tier="Premium")
    ticket = session.tickets.new("Acme", "How do I enrol a host?")
    session.tickets.set(ticket.id, {"documentation": "Say how to enrol behind a proxy"})
    figure = session.rituals.figure(session.rituals.find("RIT-16"))
    assert figure is not None
    assert figure.rows == (f"{ticket.id} Say how to enrol behind a proxy",)


def test_rit_16_is_due_at_the_end_of_the_week_and_belongs_to_a_role(box: Box) -> None:
    line = box.line("RIT-16")
    assert line.demand.due.isoformat() == "2026-03-13T23:00:00+00:00"
    assert line.whose.owners == ("kathy",)  # the only CSE
    box.at().people.add("ines", roles="CSE")
    assert box.tick("RIT-16", login="ines", evidence="https://docs.example/42").row.state == "done"
    kept = box.line("RIT-16").instance
    assert kept is not None
    assert kept.ticks[0].evidence == "https://docs.example/42"


def test_rit_17_asks_three_questions_of_whoever_is_on_call(box: Box) -> None:
    assert box.line("RIT-17").whose.owners == ()
    rota = box.home / "handbook" / "oncall.json"
    rota.write_text(rota.read_text().replace('"order": []', '"order": ["kathy", "alex"]'))
    line = box.line("RIT-17")
    (on_call,) = line.whose.owners
    assert line.status.wanted == 3
    session = box.at(login=on_call).rituals
    session.answer_step("RIT-17", "went-well", {"went-well-notes": "Nobody waited long"})
    session.tick("RIT-17", "better")
    done = session.tick("RIT-17", "remember")
    assert (done.row.state, done.row.status.count) == ("done", 3)
    assert done.row.instance is not None
    assert done.row.instance.run is not None
    assert done.row.instance.run.filled == {"went-well-notes": "Nobody waited long"}


# RIT-6: several times


def test_rit_6_three_to_four_times_a_week(box: Box) -> None:
    states = [box.tick("RIT-6", f"2026-03-{day:02}T09:30").row for day in (9, 10, 11, 12)]
    assert [(line.status.count, line.state) for line in states] == [
        (1, "open"),
        (2, "open"),
        (3, "done"),
        (4, "done"),
    ]
    assert (states[0].status.wanted, states[0].status.most) == (3, 4)
    fifth = box.tick("RIT-6", "2026-03-13T09:30")
    assert (fifth.changed, fifth.row.status.count) == (False, 4)


def test_rit_6_two_who_were_at_the_same_stand_up_tick_it_once(box: Box) -> None:
    box.tick("RIT-6")
    other = box.tick("RIT-6", MONDAY_MORNING + timedelta(minutes=5), "alex")
    assert (other.changed, other.row.status.count) == (False, 1)
    assert other.remarks == ("Stand-up: ticked already by Kathy Satterlee",)
    assert box.tick("RIT-6", login="alex", again=True).row.status.count == 2


def test_rit_6_is_missed_with_two_of_three(box: Box) -> None:
    for day in (9, 10):
        box.tick("RIT-6", f"2026-03-{day:02}T09:30")
    line = box.line("RIT-6", "2026-03-16T09:00", on=MONDAY)
    assert (line.state, line.status.count) == ("missed", 2)


# RIT-7 before RIT-8


def test_rit_7_comes_before_rit_8_and_out_of_order_is_said(box: Box) -> None:
    assert box.line("RIT-8").out_of_order == "Customer request backlog comes first, and is not done"
    assert box.tick("RIT-8").remarks == ("Customer request backlog comes first, and is not done",)
    texts = box.tick("RIT-7").remarks
    assert texts == ("Product feature requests was done before it; this should have come first",)


def test_rit_7_then_rit_8_in_order_has_nothing_to_be_said(box: Box) -> None:
    assert box.tick("RIT-7").remarks == ()
    assert box.line("RIT-8").out_of_order == ""
    assert box.tick("RIT-8").remarks == ()


# RIT-9: a box for each commercial customer


@pytest.fixture
def customers(box: Box) -> Callable[[str], str]:
    session = box.at()
    ids = {
        name: session.customers.add(name, tier=tier, kind=kind).id
        for name, tier, kind in (
            ("Acme", "Premium", "customer"),
            ("Bolt", "Ultimate", "customer"),
            ("Free folk", "Free", "customer"),
            ("Maybe", "Premium", "prospect"),
        )
    }
    return ids.__getitem__


def test_rit_9_has_one_box_for_each_commercial_customer(box: Box, customers: Callable[[str], str]) -> None:
    assert box.line("RIT-9").status.wanted == 2
    with pytest.raises(Refused, match="name the customer"):
        box.tick("RIT-9")
    assert box.tick("RIT-9", part="acme").row.state == "open"
    done = box.tick("RIT-9", part="Bolt").row
    assert (done.state, done.status.count) == ("done", 2)


def test_rit_9_one_customer_can_be_left_out_for_a_reason(box: Box, customers: Callable[[str], str]) -> None:
    box.tick("RIT-9", part="Acme")
    done = box.at().rituals.skip("RIT-9", "They are on holiday", "Bolt").row
    assert done.state == "done"
    assert done.instance is not None
    assert done.instance.left_out[customers("Bolt")].why == "They are on holiday"
    assert box.at().rituals.untick("RIT-9", "Bolt").row.state == "open"


def test_rit_9_a_new_customer_has_a_box_at_once_but_not_in_weeks_gone_by(
    box: Box, customers: Callable[[str], str]
) -> None:
    box.at().rituals.tick_all("RIT-9")
    assert box.line("RIT-9").state == "done"
    box.at().customers.add("Crest", tier="Premium")
    assert (box.line("RIT-9").state, box.line("RIT-9").status.wanted) == ("open", 3)
    box.tick("RIT-9", part="Crest")
    box.at("2026-03-17T09:00").customers.add("Delta", tier="Premium")
    assert box.line("RIT-9", "2026-03-17T09:00", on=MONDAY).state == "done"


def test_rit_9_without_customers_nothing_is_missed(box: Box) -> None:
    with pytest.raises(Refused, match="no commercial customer is on the list yet"):
        box.tick("RIT-9")
    assert box.line("RIT-9", "2026-03-17T09:00", on=MONDAY).state == "skipped"


# RIT-10, RIT-12


def test_rit_10_every_three_weeks_from_its_start(box: Box) -> None:
    first = box.line("RIT-10").period
    assert (first.last - first.first).days == 20
    assert (first.first - date(2023, 10, 2)).days % 21 == 0


def test_rit_12_is_the_checklist_of_play_8(box: Box) -> None:
    session = box.at(login="taylor")
    steps = session.handbook.playbook("PLAY-8").checklist
    wanted = box.line("RIT-12").status.wanted
    assert wanted > 50
    with pytest.raises(Refused, match="it has steps; name the step"):
        session.rituals.tick("RIT-12")
    line = box.line("RIT-12")
    first = session.rituals.leaves(line)[0].key
    done = session.rituals.tick("RIT-12", first)
    assert (done.row.state, done.row.status.count, done.row.status.wanted) == ("open", 1, wanted)
    assert done.row.instance is not None
    assert done.row.instance.checklist == steps
    finished = session.rituals.tick_all("RIT-12").row
    assert (finished.state, finished.status.count) == ("done", wanted)


def test_rit_12_a_step_that_somebody_else_ticks_is_covered(box: Box) -> None:
    line = box.at().rituals.tick_all("RIT-12").row
    assert (line.state, line.status.covers) == ("covered", ("taylor",))


# Whose it is


def test_time_off_moves_it_to_the_cover_and_on_to_theirs(box: Box) -> None:
    session = box.at()
    session.people.away("kathy", MONDAY, MONDAY + timedelta(days=1), "alex")
    session.people.away("alex", MONDAY, MONDAY, "brad")
    whose = box.line("RIT-1").whose
    assert (whose.dri, whose.owners, whose.doers) == ("kathy", ("kathy",), ("brad",))
    assert box.line("RIT-1", "2026-03-10T09:00").whose.doers == ("alex",)
    assert box.line("RIT-1", "2026-03-11T09:00").whose.doers == ("kathy",)
    assert box.tick("RIT-1", login="brad").row.state == "covered"


def test_nobody_is_asked_where_nobody_covers_and_two_cover_each_other(box: Box) -> None:
    session = box.at()
    session.people.away("alex", MONDAY, MONDAY)
    assert box.line("RIT-11").whose.doers == ()
    session.people.away("alex", MONDAY, MONDAY, "brad")
    session.people.away("brad", MONDAY, MONDAY, "alex")
    assert box.line("RIT-11").whose.doers == ()


def test_mine_is_what_i_do_that_day(cli: CommandLine, box: Box) -> None:
    assert cli.json("rituals", "list", "--mine") == []  # this account is nobody's DRI
    mine = {line.ritual.id for line in box.at(login="alex").rituals.board(mine=True)}
    assert mine == {"RIT-11", "RIT-13"}


def test_today_wants_what_is_open_and_tells_of_tomorrow(box: Box) -> None:
    box.tick("RIT-1")
    at = "2026-03-09T16:30"
    box.tick("RIT-5", at)
    rituals = [item for item in box.at(at).agenda.items() if item.kind == "ritual" and item.mine]
    now = [item for item in rituals if item.state != "next"]
    assert [item.id for item in now[:3]] == ["RIT-2", "RIT-3", "RIT-4"]
    assert {item.state for item in now[:3]} == {"late"}
    assert "RIT-5" not in {item.id for item in now}
    assert [item.id for item in rituals if item.state == "next"] == ["RIT-1", "RIT-2", "RIT-3", "RIT-4"]


def test_the_week_for_the_report(box: Box) -> None:
    for day in (9, 10, 12):
        box.tick("RIT-1", f"2026-03-{day:02}T09:00")
    box.at("2026-03-11T09:00").rituals.skip("RIT-1", "closed")
    box.tick("RIT-8", "2026-03-11T09:00", "alex")
    weeks = {week.ritual.id: week for week in box.at("2026-03-15T09:00").rituals.week()}
    assert weeks["RIT-1"].outcomes == ("kept", "kept", "skipped", "kept", "missed")
    assert (weeks["RIT-8"].outcomes, weeks["RIT-8"].by) == (("covered",), ("alex",))
    assert "RIT-12" not in weeks  # due at the month's end


# Keeping them


def test_a_ritual_is_added_changed_and_retired_with_history(cli: CommandLine) -> None:
    added = cli.json(
        "rituals", "add", "Inbox zero", "dri=Alex", "frequency=weekly", "weekday=wed", "times=1-2"
    )
    assert (added["id"], added["dri"], added["frequency"]) == (
        "RIT-18",
        "alex",
        "weekly on Wednesday, 1 to 2 times",
    )
    cli.ok("rituals", "edit", "inbox zero", "dri=CSE", "purpose=Nothing lies about")
    cli.ok("rituals", "retire", "RIT-18", "--why", "no longer needed")
    verbs = [entry["verb"] for entry in cli.json("rituals", "show", "RIT-18")["history"]]
    assert verbs == ["rituals.retire", "rituals.edit", "rituals.add"]
    assert "RIT-18" not in {row["id"] for row in cli.json("rituals", "list")}
    assert cli.json("rituals", "add", "One more")["id"] == "RIT-19"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["dri=nobody-here"], "dri: "),
        (["frequency=sometimes"], "frequency: 'sometimes' is not one of"),
        (["weekday=Funday"], "weekday: "),
        (["times=4-3"], "times: "),
        (["at=25:00"], "at: "),
        (["name="], "name: "),
        (["name=Stand-up"], "name: Stand-up is a ritual already"),
        (["id=RIT-99"], "id: there is no such field"),
        (["url=javascript:alert(1)"], "url: "),
        (["before=RIT-99"], "There is no ritual"),
        (["target_minutes=soon"], "target_minutes: "),
    ],
)
def test_a_wrong_value_names_its_field(cli: CommandLine, fields: list[str], expected: str) -> None:
    assert expected in cli.fails(1, "rituals", "edit", "RIT-1", *fields)


def test_a_new_dri_leaves_who_did_it_before(box: Box) -> None:
    box.tick("RIT-1")
    box.at("2026-03-10T08:00").rituals.edit("RIT-1", {"dri": "alex"})
    before = box.line("RIT-1", "2026-03-10T09:00", on=MONDAY)
    assert (before.state, before.status.by) == ("done", ("kathy",))
    assert box.tick("RIT-1", "2026-03-10T09:00").row.state == "covered"


def test_a_new_rhythm_begins_today_and_the_past_stays_as_it_was(box: Box) -> None:
    for day in (9, 10):
        box.tick("RIT-1", f"2026-03-{day:02}T09:00")
    box.at("2026-03-12T09:00").rituals.edit("RIT-1", {"frequency": "weekly"})
    now = box.line("RIT-1", "2026-03-12T09:00")
    assert (now.period.first, now.period.last, now.state) == (MONDAY, date(2026, 3, 15), "open")
    past = box.at("2026-03-12T09:00").rituals.track_record("RIT-1")
    assert [outcome for _, _, outcome in past.outcomes] == ["kept", "kept", "missed", "open"]
    assert box.line("RIT-1", "2026-03-12T09:00", on=MONDAY).state == "done"
    assert box.tick("RIT-1", "2026-03-12T09:00").row.id == "RIT-1@2026-03-09.2"


def test_a_retired_one_is_not_missed_afterwards(box: Box) -> None:
    box.tick("RIT-1")
    box.at("2026-03-10T09:00").rituals.retire("RIT-1")
    assert box.at("2026-03-20T09:00").rituals.row("RIT-1") is None
    box.at("2026-03-20T09:00").rituals.bring_back("RIT-1")
    past = box.at("2026-03-20T09:00").rituals.track_record("RIT-1")
    assert [outcome for _, _, outcome in past.outcomes] == ["kept", "open"]


def test_evidence_is_asked_for_where_it_is_wanted(box: Box) -> None:
    box.at().rituals.edit("RIT-5", {"evidence": "a link to the notes", "evidence_required": "yes"})
    with pytest.raises(Refused, match=r"^evidence: Customer voice wants a link to the notes"):
        box.tick("RIT-5")
    assert box.tick("RIT-5", evidence="https://notes.example/1").row.state == "done"


def test_text_from_outside_is_cleaned(cli: CommandLine) -> None:
    added = cli.json("rituals", "add", "Inbox\x1b]0;gone\x07 zero", "note=a\u202eb")
    assert (added["name"], added["note"]) == ("Inbox zero", "ab")
    cli.ok("rituals", "tick", "RIT-5", "--evidence", "see\x1b[31m this")
    assert "\x1b" not in cli.ok("rituals", "show", "RIT-5", "--json")


def test_two_who_change_the_same_field_do_not_overwrite_each_other(box: Box) -> None:
    seen = box.at().rituals.find("RIT-1").rev
    box.at(login="alex").rituals.edit("RIT-1", {"dri": "brad"}, seen=seen)
    with pytest.raises(Refused, match="changed since you opened it"):
        box.at().rituals.edit("RIT-1", {"dri": "alex"}, seen=seen)
    assert box.at().rituals.edit("RIT-1", {"note": "read it twice"}, seen=seen).dri == "brad"


def test_the_json_of_the_list_is_what_scripts_rely_on(cli: CommandLine) -> None:
    row = next(row for row in cli.json("rituals", "list") if row["id"] == "RIT-6")
    wanted = {"id", "name", "dri", "frequency", "period", "due", "state", "count", "wanted", "streak"}
    assert wanted <= row.keys()
    assert (row["period"], row["due"]) == (["2026-03-09", "2026-03-15"], "2026-03-13T16:00:00-07:00")
    assert (row["count"], row["wanted"], row["streak"]) == (0, 3, 0)
    coming = cli.json("rituals", "list", "--on", "2026-03-24")
    assert {row["state"] for row in coming} == {"open"}
    assert cli.json("rituals", "list", "--on", "2026-03-08")[0]["id"] == "RIT-5"  # a Sunday
    assert "is not a day" in cli.fails(2, "rituals", "list", "--on", "tomorrow")


def test_ticked_in_two_processes_at_once_is_ticked_once(process: CommandLine) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: process.run("rituals", "tick", "RIT-1"), range(4)))
    assert {run.returncode for run in runs} == {0}
    shown = process.json("rituals", "show", "RIT-1")
    assert (shown["count"], len(process.json("history", "RIT-1@2026-03-09"))) == (1, 1)


RACE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
ws = Workspace.open(Path(sys.argv[1]), clock=frozen_clock(datetime(2026, 3, 9, 16, tzinfo=UTC)), login="kathy")
seen = ws.rituals.row("RIT-6").status.count
print("ready", flush=True)
sys.stdin.readline()
ws.rituals.tick("RIT-6", seen=seen)
"""


def test_rit_6_what_two_sessions_saw_alike_is_one_tick(box: Box) -> None:
    """Both had 0 of 3 before them when they pressed the key."""
    sessions = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(box.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for session in sessions:
        assert session.stdout is not None
        assert session.stdout.readline() == "ready\n"
    for session in sessions:
        session.communicate("go\n")
        assert session.returncode == 0
    assert box.line("RIT-6").status.count == 1


def test_people_who_are_away_and_cover_for_each_other_leave_nobody_to_do_it(box: Box) -> None:
    people = box.at().people
    people.away("kathy", MONDAY, MONDAY, "alex")
    people.away("alex", MONDAY, MONDAY, "kathy")
    row = box.line("RIT-1")
    assert (row.whose.owners, row.whose.doers) == (("kathy",), ())
