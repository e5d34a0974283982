"""The week in figures: each debt counted once, in the week in which it was decided, with the promise of that moment."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from fleettui.domain.tickets.report import WeekReport
from fleettui.time.clock import frozen_clock
from fleettui.workspace.reports import Reports
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.command_line import CommandLine


def at(workspace: Workspace, hours: float, login: str = "kathy") -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(NOW + timedelta(hours=hours)), login=login)


def asked(workspace: Workspace, hours: float, **fields: Any) -> str:
    given = {"tier": "Premium", "priority": "P1", **fields}
    customer = given.pop("customer", "Acme")
    when = NOW + timedelta(hours=hours)
    return at(workspace, hours).tickets.new(customer, "It fails", at=when, **given).id


def answered(workspace: Workspace, hours: float, id_: str) -> None:
    at(workspace, hours).tickets.reply(id_, "Try this")


def weeks(reports: Reports, count: int) -> list[WeekReport]:
    """The last so many, the oldest first."""
    last = reports.week_of().first
    return [reports.week(last - timedelta(weeks=back)) for back in reversed(range(count))]


def test_a_week_in_figures(workspace: Workspace) -> None:
    quick, slow = asked(workspace, 0), asked(workspace, 1)
    answered(workspace, 1, quick)
    answered(workspace, 6.5, slow)  # due at 14:00, answered at 15:30
    at(workspace, 7).tickets.resolve(quick)
    open_ = asked(workspace, 6, priority="P3")
    report = at(workspace, 7).reports.week()
    assert (report.week, report.arrivals, report.messages, report.answers, report.resolved) == (
        "2026-W11",
        3,
        3,
        2,
        1,
    )
    assert (report.in_time, report.late, report.share) == (1, 1, 0.5)
    assert (report.median, report.worst, report.worst_ticket) == (
        timedelta(hours=3, minutes=15),
        timedelta(hours=5.5),
        slow,
    )
    (kind,) = report.attainment
    assert (kind.tier, kind.priority, kind.in_time, kind.late) == ("Premium", "P1", 1, 1)
    (late,) = report.breaches
    assert (late.ticket, late.rule, late.over, late.reasons) == (
        slow,
        "SLA-3",
        timedelta(hours=1.5),
        ("nobody had it",),
    )
    assert (report.still_open.open, report.still_open.owed, report.still_open.oldest) == (2, 1, slow)
    assert open_ not in {breach.ticket for breach in report.breaches}
    assert report.by_hour[9:16] == (1, 1, 0, 0, 0, 0, 1)
    assert report.by_weekday == (3, 0, 0, 0, 0, 0, 0)


def test_a_debt_counts_in_the_week_in_which_it_was_decided_and_only_there(workspace: Workspace) -> None:
    """Asked on Friday afternoon, due on Monday; and one that was late on Friday, answered the week after."""
    monday = 24 * 7
    friday = asked(workspace, 24 * 4 + 6)
    late = asked(workspace, 24 * 4 - 1)
    answered(workspace, monday - 1, friday)
    answered(workspace, monday + 2, late)
    reports = at(workspace, monday + 3).reports
    first, second = weeks(reports, 2)
    assert [(report.in_time, report.late) for report in (first, second)] == [(0, 1), (1, 0)]
    assert [report.answers for report in (first, second)] == [0, 2]
    assert [breach.ticket for breach in first.breaches] == [late]
    # As it stood when that week ended.
    assert (first.still_open.open, first.still_open.owed) == (2, 2)


def test_what_is_still_unanswered_is_late_when_its_time_is_over_and_not_before(workspace: Workspace) -> None:
    asked(workspace, 0)
    assert [at(workspace, hours).reports.week().late for hours in (3, 4, 5)] == [0, 0, 1]
    (breach,) = at(workspace, 5).reports.week().breaches
    assert (breach.answered, breach.reasons[-1]) == (
        None,
        "open, late so far: unanswered since Mon 09 Mar 09:00",
    )


def test_resolving_without_an_answer_hides_no_breach_and_makes_none(workspace: Workspace) -> None:
    in_time, late = asked(workspace, 0), asked(workspace, 0)
    at(workspace, 3).tickets.resolve(in_time, unanswered=True)
    at(workspace, 5).tickets.resolve(late, unanswered=True)
    report = at(workspace, 7).reports.week()
    assert ([breach.ticket for breach in report.breaches], report.in_time, report.answers) == ([late], 0, 0)


def test_sla_15_resolving_stops_the_clock_for_good(workspace: Workspace) -> None:
    """Due at 13:00, resolved at 14:30: an hour and a half over, at once, a day and a month later."""
    ticket = asked(workspace, 0)
    at(workspace, 5.5).tickets.resolve(ticket, unanswered=True)
    for hours in (6, 25, 24 * 7, 24 * 32):
        report = at(workspace, hours).reports.week(NOW.date())
        (breach,) = report.breaches
        assert (breach.over, breach.answered, breach.resolved) == (
            timedelta(hours=1.5),
            None,
            NOW + timedelta(hours=5.5),
        )
        assert breach.reasons[-1] == "resolved without an answer Mon 09 Mar 14:30"
        assert (report.resolved_unanswered, report.resolved_unanswered_late, report.late) == (1, 1, 1)


def test_sla_15_resolved_without_an_answer_is_a_figure_of_its_own(workspace: Workspace) -> None:
    in_time, late, answered_first = asked(workspace, 0), asked(workspace, 0), asked(workspace, 0)
    answered(workspace, 1, answered_first)
    at(workspace, 2).tickets.resolve([in_time, answered_first], unanswered=True)
    at(workspace, 5).tickets.resolve(late, unanswered=True)
    report = at(workspace, 7).reports.week()
    assert (report.resolved, report.resolved_unanswered, report.resolved_unanswered_late) == (3, 2, 1)
    assert (report.in_time, report.late, report.answers) == (1, 1, 1)
    assert "resolved: 3, 2 without an answer, 1 of them late" in at(workspace, 7).reports.look_back().facts[0]


@pytest.mark.parametrize(
    "later",
    [
        lambda workspace, id_: workspace.tickets.reply(id_, "Sorry that it took so long"),
        lambda workspace, id_: workspace.tickets.received(id_, "Hello?"),
        lambda workspace, id_: workspace.tickets.label(id_, ["+more info please"]),
        lambda workspace, id_: workspace.tickets.resolve(id_, unanswered=True),
        lambda workspace, id_: workspace.tickets.merge(id_, "T-1002"),
        lambda workspace, id_: workspace.tickets.set(id_, {"priority": "P0", "tier": "Free"}),
    ],
    ids=["answered", "wrote again", "labelled", "resolved", "merged", "set"],
)
@pytest.mark.parametrize("ended", ["open", "resolved", "reopened", "labelled"])
def test_what_happens_later_changes_no_past_weeks_report(
    workspace: Workspace, ended: str, later: Callable[[Workspace, str], Any]
) -> None:
    ticket, other = asked(workspace, 0), asked(workspace, 1)
    if ended in ("resolved", "reopened"):
        at(workspace, 6).tickets.resolve(ticket, unanswered=True)
    if ended == "reopened":
        at(workspace, 24).tickets.reopen(ticket)
    if ended == "labelled":
        at(workspace, 6).tickets.label(ticket, ["+their admin"])
    over = 24 * 7
    before = at(workspace, over).reports.week(NOW.date())
    assert [breach.ticket for breach in before.breaches] == [ticket, other]
    if ended == "resolved" and other:
        at(workspace, over + 1).tickets.reopen(ticket)
    later(at(workspace, over + 2), ticket)
    assert at(workspace, over * 4).reports.week(NOW.date()) == before
    assert at(workspace, over * 4).reports.trend(5).weeks[0].breaches == before.breaches


def test_sla_15_a_debt_that_comes_back_is_not_broken_twice(workspace: Workspace) -> None:
    """Late and resolved on Monday; reopened on Tuesday and answered: one broken promise, one answer."""
    late, in_time = asked(workspace, 0), asked(workspace, 0)
    at(workspace, 1).tickets.resolve(in_time, unanswered=True)
    at(workspace, 6).tickets.resolve(late, unanswered=True)
    for ticket in (late, in_time):
        at(workspace, 24).tickets.reopen(ticket)
    report = at(workspace, 25).reports.week()
    # The second was in time when it was resolved; open again, it is late.
    assert [(breach.ticket, breach.over) for breach in report.breaches] == [
        (late, timedelta(hours=2)),
        (in_time, timedelta(hours=7)),
    ]
    answered(workspace, 25, late)
    report = at(workspace, 26).reports.week()
    assert (report.late, report.answers, report.resolved_unanswered_late) == (2, 1, 1)


def test_a_resolution_that_is_taken_back_never_was(workspace: Workspace) -> None:
    ticket = asked(workspace, 0)
    at(workspace, 1).tickets.resolve(ticket, unanswered=True)
    at(workspace, 1.1).history.undo()
    report = at(workspace, 7).reports.week()
    assert (report.resolved, report.resolved_unanswered) == (0, 0)
    assert [breach.reasons[-1][:4] for breach in report.breaches] == ["open"]


def test_sup_12_what_waits_for_somebody_outside_is_not_late(workspace: Workspace) -> None:
    ticket = asked(workspace, 0)
    at(workspace, 1).tickets.label(ticket, ["+more info please"])
    assert at(workspace, 7).reports.week().late == 0
    at(workspace, 24).tickets.received(ticket, "Version 4.61")
    answered(workspace, 25, ticket)
    report = at(workspace, 26).reports.week()
    assert (report.in_time, report.late, report.worst) == (1, 0, timedelta(hours=1))


def test_what_is_set_later_changes_no_past(workspace: Workspace) -> None:
    """Late for P1; lowering the priority afterwards does not make it have been in time."""
    ticket = asked(workspace, 0)
    answered(workspace, 6, ticket)
    before = at(workspace, 6).reports.week()
    at(workspace, 6.5).tickets.set(ticket, {"priority": "P3", "tier": "Free"})
    assert at(workspace, 7).reports.week().breaches == before.breaches


def test_a_breach_names_what_happened_meanwhile(workspace: Workspace) -> None:
    ticket = asked(workspace, 0, priority="P3")
    at(workspace, 1).tickets.assign(ticket, "zay")
    at(workspace, 1).tickets.snooze(ticket, NOW + timedelta(days=3))
    at(workspace, 6).tickets.set(ticket, {"priority": "P1", "late_why": "We took it for a question"})
    (breach,) = at(workspace, 7).reports.week().breaches
    assert breach.reasons == (
        "We took it for a question",
        "zay had it",
        "it was snoozed when its time ran out",
        "priority was changed from P3 to P1 meanwhile",
        "open, late so far: unanswered since Mon 09 Mar 09:00",
    )


def test_sup_13_the_report_calls_an_anonymous_customer_by_their_codename(workspace: Workspace) -> None:
    workspace.customers.add("Tidewater", tier="Premium", anonymous=True, codename="Ceres")
    asked(workspace, 0, customer="Tidewater")
    look_back = at(workspace, 7).reports.look_back()
    assert [breach.customer for breach in look_back.report.breaches] == ["Ceres"]
    assert "Tidewater" not in " ".join(look_back.facts)


def test_a_merge_counts_no_debt_twice(workspace: Workspace) -> None:
    kept_ticket, other = asked(workspace, 0), asked(workspace, 0.5)
    answered(workspace, 1, kept_ticket)
    at(workspace, 1.5).tickets.merge(kept_ticket, other)
    answered(workspace, 2, other)
    report = at(workspace, 3).reports.week()
    assert (report.answers, report.in_time, report.late, report.messages) == (2, 2, 0, 2)
    gone = asked(workspace, 3)
    at(workspace, 3).tickets.merge(gone, other)
    answered(workspace, 4, other)
    report = at(workspace, 5).reports.week()
    assert (report.answers, report.in_time, report.late) == (3, 3, 0)


def test_the_report_in_its_four_forms(cli: CommandLine) -> None:
    cli.ok(
        "tickets", "new", "--customer", "=cmd|A1", "--subject", "x", "--tier", "Premium", "--priority", "P1",
        "--at", "2026-03-05T08:00:00-08:00",
    )  # fmt: skip
    week = ("report", "week", "--of", "2026-03-05")
    plain = json.loads(cli.ok(*week, "--format", "json"))
    assert cli.json(*week) == plain
    assert (plain["week"], plain["arrivals"], plain["late"], plain["attainment"]) == ("2026-W10", 1, 1, 0.0)
    assert datetime.fromisoformat(plain["breaches"][0]["due"]).utcoffset() is not None
    rows = list(csv.DictReader(io.StringIO(cli.ok(*week, "--format", "csv"))))
    assert [row["kind"] for row in rows if row["kind"] != "ritual"] == ["week", "promise", "breach"]
    assert rows[2]["customer"] == "'=cmd|A1"
    assert "promises kept       0 of 1 (0%)" in cli.ok(*week)
    marked = cli.ok(*week, "--format", "md")
    assert marked.startswith("# Support, 2026-03-02 to 2026-03-08")
    assert "=cmd\\|A1" in marked
    cli.fails(2, "report", "week", "--of", "someday")
    cli.fails(2, "report", "week", "--format", "xml")
    assert cli.json("report", "week", "--of", "2025-01-01")["arrivals"] == 0


def test_a_breach_at_night_is_over_by_the_clock_of_its_promise(workspace: Workspace) -> None:
    """SLA-7: asked on Friday at 23:59, due four hours later, answered on Saturday at 04:35; support is closed all the while."""
    asked_at = 24 * 4 + 15 - 1 / 60
    ticket = asked(workspace, asked_at, tier="Ultimate")
    answered(workspace, asked_at + 4.6, ticket)
    report = at(workspace, 24 * 5).reports.week()
    (late,) = report.breaches
    assert (late.rule, late.over) == ("SLA-7", timedelta(minutes=36))
    (kind,) = report.attainment
    assert (kind.median, kind.worst) == (timedelta(hours=4.6), timedelta(hours=4.6))
    # Over all promises the report speaks of business time, and there was none.
    assert (report.median, report.worst) == (timedelta(0), timedelta(0))


def test_a_promise_in_business_hours_is_over_by_business_hours(workspace: Workspace) -> None:
    """SLA-3: asked on Friday at 10:00, due at 14:00, answered on Monday at 07:00, support being open from 6:00 to 16:00."""
    ticket = asked(workspace, 24 * 4 + 2)
    answered(workspace, 24 * 7 - 1, ticket)
    (late,) = weeks(at(workspace, 24 * 7).reports, 2)[0].breaches
    assert late.over == timedelta(hours=1)  # as that week ended
    (still_open,) = at(workspace, 24 * 7 - 2).reports.week(late.since.date()).breaches
    assert still_open == late


def test_each_promise_is_measured_on_its_own_clock(workspace: Workspace) -> None:
    """Both asked on Monday at 15:00 and answered on Tuesday at 7:00."""
    for tier, priority in (("Premium", "P0"), ("Premium", "P1")):
        answered(workspace, 23, asked(workspace, 7, tier=tier, priority=priority))
    report = at(workspace, 24).reports.week()
    assert {row.priority: row.median for row in report.attainment} == {
        "P0": timedelta(hours=16),
        "P1": timedelta(hours=2),
    }
