"""What the week's tickets ask of the documentation (SUP-17): what is still to write, unanswered, and done."""

from __future__ import annotations

from datetime import datetime, timedelta

from fleettui.time.clock import frozen_clock
from fleettui.workspace.reports import DocumentationWork
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

THURSDAY = MONDAY_MORNING + timedelta(days=3)
NEXT_MONDAY = MONDAY_MORNING + timedelta(days=7)
IN_THREE_WEEKS = MONDAY_MORNING + timedelta(days=21)


def at(workspace: Workspace, when: datetime) -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(when), login="kathy")


def work(workspace: Workspace, week: datetime) -> DocumentationWork:
    return at(workspace, IN_THREE_WEEKS).reports.documentation(week.date())


def resolved_on_thursday(workspace: Workspace, documentation: str | None = None) -> str:
    ticket = at(workspace, THURSDAY).tickets.new("Acme", "What does the red dot mean?")
    at(workspace, THURSDAY).tickets.resolve(ticket.id, documentation=documentation, unanswered=True)
    return ticket.id


def test_what_is_to_write_stays_on_the_list_until_it_is_written(workspace: Workspace) -> None:
    id_ = resolved_on_thursday(workspace, "yes: the colours of the dots")
    for week in (THURSDAY, NEXT_MONDAY):
        assert [ticket.id for ticket in work(workspace, week).to_write] == [id_]
    at(workspace, NEXT_MONDAY).reports.documented(id_, "https://docs.example.com/dots")
    assert work(workspace, THURSDAY).to_write == []
    assert [ticket.id for ticket in work(workspace, THURSDAY).done] == [id_]
    assert work(workspace, NEXT_MONDAY) == DocumentationWork([], [], [])


def test_what_was_answered_in_a_later_week_is_done_in_that_one(workspace: Workspace) -> None:
    id_ = resolved_on_thursday(workspace)
    assert [ticket.id for ticket in work(workspace, THURSDAY).unanswered] == [id_]
    at(workspace, NEXT_MONDAY).tickets.set(id_, {"documentation": "yes: the colours of the dots"})
    at(workspace, NEXT_MONDAY).reports.documented(id_, "https://docs.example.com/dots")
    assert work(workspace, THURSDAY) == DocumentationWork([], [], [])
    assert [ticket.id for ticket in work(workspace, NEXT_MONDAY).done] == [id_]
    assert work(workspace, NEXT_MONDAY + timedelta(days=7)).done == []


def test_what_was_resolved_again_in_a_later_week_is_done_in_both(workspace: Workspace) -> None:
    id_ = resolved_on_thursday(workspace, "yes: the colours of the dots")
    at(workspace, THURSDAY).reports.documented(id_, "https://docs.example.com/dots")
    at(workspace, NEXT_MONDAY).tickets.reopen(id_)
    at(workspace, NEXT_MONDAY).tickets.resolve(id_, unanswered=True)
    for week in (THURSDAY, NEXT_MONDAY):
        assert [ticket.id for ticket in work(workspace, week).done] == [id_]
