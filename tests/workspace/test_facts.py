"""One fact, one place: contact that is reckoned from the work (GTM-9), and ticks that follow from it (RIT-9, RIT-12, RIT-17)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fleettui.domain.customers.model import Customer
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import CALLS, TICKETS
from fleettui.workspace.rituals.board import BoardRow
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.folders import files_of

MONDAY = date(2026, 3, 9)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Team:
    """One workspace at whatever moment, as whoever."""

    def __init__(self, workspace: Workspace) -> None:
        self.home = workspace.home

    def at(self, moment: datetime = MONDAY_MORNING, login: str = "kathy") -> Workspace:
        return Workspace.open(self.home, clock=frozen_clock(moment.astimezone(UTC)), login=login)

    def row(self, id_: str, moment: datetime = MONDAY_MORNING, on: date | None = None) -> BoardRow:
        row = self.at(moment).rituals.row(id_, on)
        assert row is not None
        return row

    def hold(self, customer: str, start: datetime, **more: Any) -> str:
        """A call that takes place."""
        call = self.at(start - HOUR).calls.new(customer, start, kind=more.get("kind", "check-in"))
        after = self.at(start + HOUR)
        after.calls.joined(call.id)
        after.calls.done(call.id)
        return call.id


@pytest.fixture
def team(workspace: Workspace) -> Team:
    workspace.close()
    return Team(workspace)


@pytest.fixture
def acme(team: Team) -> Customer:
    return team.at().customers.add("Acme", tier="Premium")


def contact_of(workspace: Workspace, customer: Customer) -> tuple[date, str] | None:
    contact = workspace.facts.last_contact(workspace.customers.find(customer.id))
    return (contact.day, contact.words) if contact else None


# GTM-9


def test_gtm_9_a_message_an_answer_a_held_call_and_a_typed_day_are_contact(
    team: Team, acme: Customer
) -> None:
    now = team.at()
    assert contact_of(now, acme) is None
    now.customers.edit(acme.id, {"last_contact": MONDAY - 9 * DAY})
    assert contact_of(now, acme) == (MONDAY - 9 * DAY, "written down")
    ticket = now.tickets.new("Acme", "Hosts are gone", at=MONDAY_MORNING - 5 * DAY)
    assert contact_of(now, acme) == (MONDAY - 5 * DAY, f"their message on {ticket.id}")
    now.tickets.reply(ticket.id, "Like this", at=MONDAY_MORNING - 4 * DAY)
    assert contact_of(now, acme) == (MONDAY - 4 * DAY, f"our answer on {ticket.id}")
    now.tickets.note(ticket.id, "For us alone")
    assert contact_of(now, acme) == (MONDAY - 4 * DAY, f"our answer on {ticket.id}")
    held = team.hold("Acme", MONDAY_MORNING - 3 * DAY)
    assert contact_of(team.at(), acme) == (MONDAY - 3 * DAY, f"the call {held}")


def test_gtm_9_a_missed_call_and_one_among_us_are_no_contact(team: Team, acme: Customer) -> None:
    start = MONDAY_MORNING - 3 * DAY
    missed = team.at(start - DAY).calls.new("Acme", start)
    team.at(start + HOUR).calls.missed(missed.id)
    team.at(start + HOUR).calls.done(missed.id)
    team.hold("Acme", start, kind="handoff")
    assert contact_of(team.at(), acme) is None


def test_gtm_9_what_is_archived_still_counts_as_contact(team: Team, acme: Customer) -> None:
    before = MONDAY_MORNING - 40 * DAY
    ticket = team.at(before).tickets.new("Acme", "Hosts are gone")
    team.at(before).tickets.reply(ticket.id, "Like this")
    team.at(before).tickets.resolve(ticket.id)
    now = team.at()
    assert contact_of(now, acme) == (MONDAY - 40 * DAY, f"our answer on {ticket.id}")
    checkpoint = files_of(now).checkpoint
    checkpoint(TICKETS, now.now())
    assert now.store.all(TICKETS) == []
    assert contact_of(now, acme) == (MONDAY - 40 * DAY, f"our answer on {ticket.id}"), (
        "as it goes to the archive"
    )
    assert contact_of(team.at(), acme) == (MONDAY - 40 * DAY, f"our answer on {ticket.id}"), "read from there"


def test_gtm_9_is_not_reckoned_anew_for_each_customer(team: Team, acme: Customer) -> None:
    now = team.at()
    now.tickets.new("Acme", "Hosts are gone")
    facts = now.facts.at_work()
    assert now.facts.at_work() is facts
    now.tickets.new("Acme", "More hosts are gone")
    assert now.facts.at_work() is not facts


def test_rit_11_an_answer_ends_the_silence_of_an_opportunity(team: Team, acme: Customer) -> None:
    now = team.at()
    now.customers.opportunity(acme.id, "Renewal", {"last_contact": MONDAY - 60 * DAY})
    figure = now.rituals.figure(now.rituals.find("RIT-11"))
    assert figure is not None and figure.rows == ("Acme: Renewal, 60 days quiet",)
    ticket = now.tickets.new("Acme", "Hosts are gone", at=MONDAY_MORNING - 2 * DAY)
    figure = now.rituals.figure(now.rituals.find("RIT-11"))
    assert figure is not None and figure.rows == ()
    now.tickets.reply(ticket.id, "Like this")
    assert InProcess(team.home).json("customers", "show", "Acme")["in_touch"] == {
        "day": "2026-03-09",
        "how": "answer",
        "id": ticket.id,
    }


def test_rit_9_shows_when_each_customer_was_last_in_touch(team: Team, acme: Customer) -> None:
    now = team.at()
    now.customers.add("Bolt", tier="Premium")
    ticket = now.tickets.new("Acme", "Hosts are gone")
    figure = now.rituals.figure(now.rituals.find("RIT-9"))
    assert figure is not None
    assert figure.text == "in touch with 1 of 2 in the last 7 days"
    assert figure.rows == ("Bolt: no contact known", f"Acme: Mon 9 Mar, their message on {ticket.id}")


# RIT-9


def test_rit_9_a_held_call_ticks_its_customers_box_until_that_is_undone(team: Team, acme: Customer) -> None:
    held = team.hold("Acme", MONDAY_MORNING)
    after = team.at(MONDAY_MORNING + 2 * HOUR)
    row = after.rituals.row("RIT-9")
    assert row is not None and row.state == "done" and row.instance is not None
    assert row.instance.boxes[acme.id].source == held
    shown = InProcess(team.home).json("rituals", "show", "RIT-9")
    assert (shown["state"], shown["follows_from"]) == ("done", [held])
    assert shown["parts"][0]["follows_from"] == held
    assert "RIT-9@" in InProcess(team.home).fails(1, "history", row.id), "nothing is written for it"
    with pytest.raises(Refused, match=f"it follows from {held}"):
        after.rituals.untick("RIT-9", "Acme")
    assert after.rituals.tick("RIT-9", "Acme").remarks == (
        f"Customer meetings: ticked already, it follows from {held}",
    )
    InProcess(team.home).ok("undo", held, "--yes")
    assert team.row("RIT-9").state == "open"


def test_rit_9_a_box_that_somebody_ticked_or_left_out_stays_theirs(team: Team, acme: Customer) -> None:
    bolt = team.at().customers.add("Bolt", tier="Premium")
    team.at().rituals.tick("RIT-9", "Acme", evidence="met them at the fair")
    team.at().rituals.skip("RIT-9", "on holiday", "Bolt")
    team.hold("Acme", MONDAY_MORNING)
    team.hold("Bolt", MONDAY_MORNING + 3 * HOUR)
    kept = team.row("RIT-9").instance
    assert kept is not None
    assert (kept.boxes[acme.id].evidence, kept.boxes[acme.id].source) == ("met them at the fair", "")
    assert bolt.id in kept.left_out and bolt.id not in kept.boxes


def test_rit_9_ticking_another_box_by_hand_keeps_no_tick_that_follows(team: Team, acme: Customer) -> None:
    team.at().customers.add("Bolt", tier="Premium")
    held = team.hold("Acme", MONDAY_MORNING)
    assert team.at().rituals.tick_all("RIT-9").row.state == "done"
    InProcess(team.home).ok("undo", held, "--yes")
    row = team.row("RIT-9")
    assert (row.state, row.status.count, row.status.wanted) == ("open", 1, 2)


def test_rit_9_past_weeks_and_streaks_know_the_calls_of_the_archive(team: Team, acme: Customer) -> None:
    for week in range(5, 0, -1):
        team.hold("Acme", MONDAY_MORNING - week * 7 * DAY, kind="customer")
    now = team.at()
    files_of(now).checkpoint(CALLS, now.now())
    assert len(now.store.all(CALLS)) < 5
    row = team.row("RIT-9")
    assert row.recent[-5:] == ("kept",) * 5
    assert row.streak == 5


# RIT-12


def test_rit_12_is_ticked_by_a_finished_run_of_play_8(team: Team) -> None:
    now = team.at(login="taylor")
    run = now.playbooks.start("validate-salesforce-data")
    from fleettui.domain.checklists.status import leaves

    for leaf in list(leaves(now.playbooks.view(run))):
        assert team.row("RIT-12").state == "open"
        now.playbooks.tick(run.id, leaf.key)
    row = team.row("RIT-12")
    assert (row.state, row.status.count, row.status.wanted) == ("done", 96, 96)
    assert (row.status.by, row.instance and row.instance.followed and row.instance.followed.source) == (
        ("taylor",),
        run.id,
    )
    with pytest.raises(Refused, match="it follows from"):
        now.rituals.untick("RIT-12")
    now.playbooks.untick(run.id, leaf.key)
    assert team.row("RIT-12").state == "open"


# RIT-17


def test_rit_17_is_ticked_by_a_finished_look_back_of_its_week(team: Team) -> None:
    now = team.at(login="alex")
    questions = [question.key for question in now.reports.questions]
    now.reports.answer(dict.fromkeys(questions[:-1], "fine"))
    assert team.row("RIT-17").state == "open"
    now.reports.answer({questions[-1]: "fine"})
    row = team.row("RIT-17")
    assert (row.state, row.status.by, row.status.count) == ("done", ("alex",), 3)
    now.reports.answer({questions[0]: ""})
    assert team.row("RIT-17").state == "open"


def test_rit_17_a_look_back_that_is_finished_in_the_next_week_is_late(team: Team) -> None:
    now = team.at(MONDAY_MORNING + 7 * DAY)
    now.reports.answer({question.key: "fine" for question in now.reports.questions}, MONDAY)
    row = team.row("RIT-17", MONDAY_MORNING + 7 * DAY, on=MONDAY)
    assert (row.state, row.status.late) == ("done", True)
    assert team.row("RIT-17", MONDAY_MORNING + 7 * DAY).state == "open"
