"""The inbox: what concerns whom, in words; what was seen; what rings; what is followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused, WrongUsage
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.inbox.actions import Inbox
from fleettui.workspace.session import Session
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW


def at(workspace: Workspace, login: str, hours: float = 0) -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(NOW + timedelta(hours=hours)), login=login)


def given_to_zay(ticket: Ticket | None) -> Ticket:
    assert ticket is not None
    return replace(ticket, assignee="zay")


def new(workspace: Workspace, subject: str = "It fails", **fields: Any) -> Ticket:
    return workspace.tickets.new("Acme", subject, **{"tier": "Premium", "priority": "P2", **fields})


def texts(workspace: Workspace) -> list[str]:
    return [event.text for event in workspace.inbox.unseen()]


def kinds(workspace: Workspace) -> list[str]:
    return [event.kind for event in workspace.inbox.unseen()]


def test_who_is_given_a_ticket_is_told_and_who_gives_it_is_not(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.assign(ticket.id, "zay")
    assert texts(at(workspace, "zay")) == [f"Kathy gave you {ticket.id} · It fails"]
    assert texts(workspace) == []
    workspace.tickets.assign(ticket.id, "kathy")
    assert texts(at(workspace, "zay"))[-1] == f"Kathy took {ticket.id} · It fails from you"


def test_an_assignment_that_was_taken_back_is_no_news_and_again_when_it_was_done_again(
    workspace: Workspace,
) -> None:
    ticket = new(workspace)
    zay = at(workspace, "zay")
    workspace.tickets.assign(ticket.id, "zay")
    assert kinds(zay) == ["assigned"]
    workspace.history.undo(ticket.id, sure=True)
    assert kinds(zay) == [] and kinds(at(workspace, "zay")) == []
    workspace.history.redo(ticket.id, sure=True)
    assert kinds(zay) == ["assigned"] and kinds(at(workspace, "zay")) == ["assigned"]


def test_several_tickets_given_at_once_are_told_together(workspace: Workspace) -> None:
    tickets = [new(workspace, subject).id for subject in ("One thing", "Another")]
    workspace.store.change_many(
        TICKETS,
        dict.fromkeys(tickets, given_to_zay),
        workspace.session.stamp("tickets.assign"),
    )
    zay = at(workspace, "zay")
    assert texts(zay) == [f"Kathy gave you 2 tickets: {', '.join(tickets)}"]
    assert zay.inbox.unseen()[0].together == tuple(tickets)
    zay.inbox.see([tickets[1]])
    assert texts(zay) == []


def test_a_mention_calls_by_login_by_first_name_and_whoever_is_on_call(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.note(ticket.id, "first line\n@zay and @Brad, please look; @kathy as well")
    expected = f"Kathy named you in {ticket.id} · It fails: @zay and @Brad, please look; @kathy as well"
    assert texts(at(workspace, "zay")) == [expected] == texts(at(workspace, "brad"))
    assert texts(workspace) == []
    workspace.tickets.note(ticket.id, "who can? @oncall")
    on_call = workspace.oncall.person()
    if on_call:
        assert "mentioned" in kinds(at(workspace, on_call)) or on_call == "kathy"


def test_a_customers_answer_is_news_for_who_has_it_and_who_follows_it(workspace: Workspace) -> None:
    ticket = new(workspace, thread="t1")
    workspace.tickets.assign(ticket.id, "zay")
    brad = at(workspace, "brad")
    assert brad.inbox.follow(ticket.id) == ticket.id
    at(workspace, "zay").inbox.see()
    workspace.tickets.received(ticket.id, "Still broken")
    assert kinds(at(workspace, "zay")) == ["answered"]
    assert kinds(brad) == ["answered"]
    brad.inbox.unfollow(ticket.id)
    assert kinds(brad) == [] and brad.inbox.following() == []


def test_an_answer_that_i_typed_in_for_the_customer_is_no_news_to_me(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.take(ticket.id)
    workspace.tickets.received(ticket.id, "They called")
    assert kinds(workspace) == []


def test_what_somebody_changes_of_mine_is_told_in_words_and_rings_only_if_i_want_it(
    workspace: Workspace,
) -> None:
    ticket = new(workspace)
    workspace.tickets.take(ticket.id)
    cursor = workspace.inbox.here()
    at(workspace, "zay").tickets.set(ticket.id, {"priority": "P1"})
    news = workspace.inbox.fresh(cursor)
    assert [event.text for event in news.events] == [
        f"{ticket.id} · It fails: changed (priority: P2 → P1) · Zay"
    ]
    assert news.ringing == []
    workspace.inbox.set("touched", "on")
    assert len(workspace.inbox.fresh(cursor).ringing) == 1
    workspace.inbox.set("touched", "off")
    assert workspace.inbox.fresh(cursor).events == [] and kinds(workspace) == []


def test_each_event_is_fresh_once(workspace: Workspace) -> None:
    ticket, zay = new(workspace), at(workspace, "zay")
    cursor = zay.inbox.here()
    workspace.tickets.assign(ticket.id, "zay")
    first = zay.inbox.fresh(cursor)
    assert len(first.events) == 1 == len(first.ringing)
    assert zay.inbox.fresh(first.cursor).events == []


def test_a_p0_concerns_everybody_who_is_not_away(workspace: Workspace) -> None:
    workspace.people.away("brad", date(2026, 3, 9), date(2026, 3, 10))
    ticket = new(workspace, "Everything is down", priority="P0")
    assert texts(at(workspace, "zay")) == [f"P0 arrived: {ticket.id} · Everything is down (Acme)"]
    assert kinds(workspace) == [] == kinds(at(workspace, "brad"))


def test_sla_15_a_promise_that_nears_its_end_is_told_to_owner_then_on_call_then_everybody(
    workspace: Workspace,
) -> None:
    ticket = new(workspace, priority="P1")
    workspace.tickets.assign(ticket.id, "zay")
    at(workspace, "zay").inbox.see()
    due = workspace.queue.debt(ticket).due  # type: ignore[union-attr]
    assert due is not None
    length = (due - NOW) / timedelta(hours=1)

    def told(login: str, share: float) -> list[str]:
        return [kind for kind in kinds(at(workspace, login, length * share)) if kind.startswith("breach")]

    assert told("zay", 0.7) == [] == told("alex", 0.8)
    assert told("zay", 0.8) == ["breaching"]
    assert told("alex", 0.96) == ["breaching"]
    assert told("zay", 1.01) == ["breached"] == told("alex", 1.01)


def test_what_is_seen_stays_seen_in_every_session_and_all_can_be_seen_at_once(workspace: Workspace) -> None:
    tickets = [new(workspace, subject) for subject in ("One", "Two", "Three")]
    for ticket in tickets:
        workspace.tickets.assign(ticket.id, "zay")
    first, other = at(workspace, "zay"), at(workspace, "zay")
    assert len(first.inbox.unseen()) == 3
    first.inbox.see([tickets[1].id])
    assert [event.id for event in other.inbox.unseen()] == [tickets[0].id, tickets[2].id]
    assert [item.seen for item in other.inbox.items()] == [False, True, False]
    other.inbox.see()
    assert first.inbox.unseen() == [] == at(workspace, "zay").inbox.unseen()
    assert [item.event.id for item in first.inbox.items()] == [ticket.id for ticket in reversed(tickets)]
    with pytest.raises(Refused, match="nothing in your inbox"):
        first.inbox.see(["T-9999"])


def test_quiet_hours_and_time_off_hold_back_the_alarm_and_not_the_inbox(workspace: Workspace) -> None:
    ticket, zay = new(workspace), at(workspace, "zay")
    cursor = zay.inbox.here()
    workspace.tickets.assign(ticket.id, "zay")
    zay.inbox.set("quiet-hours", "08:00-10:00")  # it is 09:00 there
    assert zay.inbox.fresh(cursor).ringing == [] and len(zay.inbox.fresh(cursor).events) == 1
    zay.inbox.set("quiet-hours", "22:00-7:00")
    assert len(zay.inbox.fresh(cursor).ringing) == 1
    workspace.people.away("zay", date(2026, 3, 9), date(2026, 3, 9))
    zay.refresh()
    assert zay.inbox.fresh(cursor).ringing == []
    assert zay.inbox.settings().quiet_in_words == "22:00-07:00"


def test_settings_that_are_none_are_refused(workspace: Workspace) -> None:
    inbox: Inbox = workspace.inbox
    for name, value in (("assigned", "loud"), ("bell", "yes"), ("quiet-hours", "late"), ("noise", "on")):
        with pytest.raises(WrongUsage):
            inbox.set(name, value)


def test_who_covers_for_somebody_is_told_what_concerns_them(workspace: Workspace) -> None:
    workspace.people.away("zay", date(2026, 3, 9), date(2026, 3, 12), "brad")
    brad = at(workspace, "brad")
    assert texts(brad) == ["Zay is away from Mon 09 Mar to Thu 12 Mar; you cover"]
    ticket = new(workspace)
    workspace.tickets.assign(ticket.id, "zay")
    assert kinds(brad) == ["handed_over", "assigned"]


def test_of_one_day_off_no_second_day_is_told(workspace: Workspace) -> None:
    workspace.people.away("zay", date(2026, 3, 9), date(2026, 3, 9), "brad")
    assert texts(at(workspace, "brad")) == ["Zay is away on Mon 09 Mar; you cover"]


def test_what_arrives_by_itself_is_nobodys_doing(workspace: Workspace) -> None:
    """The account that takes mails in may hold tickets itself."""
    ticket = new(workspace)
    workspace.tickets.take(ticket.id)
    cursor = workspace.inbox.here()
    theirs = workspace.for_person("kathy", workspace.clock, Session.of_intake)
    theirs.tickets.received(ticket.id, "By mail")
    assert [event.kind for event in workspace.inbox.fresh(cursor).events] == ["answered"]


def test_the_nearest_promise_is_there_only_while_it_is_near(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.take(ticket.id)
    assert workspace.inbox.promises().nearest == "" and workspace.inbox.promises().late == 0
    due = workspace.queue.debt(ticket).due  # type: ignore[union-attr]
    assert due is not None
    hours = (due - NOW) / timedelta(hours=1)
    assert at(workspace, "kathy", hours * 0.95).inbox.promises()[:2] == (0, ticket.id)
    assert at(workspace, "kathy", hours * 1.05).inbox.promises()[:2] == (1, "")


def test_a_promise_that_is_nobodys_is_near_for_who_is_on_call_else_for_everybody_here(
    workspace: Workspace,
) -> None:
    ticket = new(workspace)
    assert ticket.assignee == ""
    due = workspace.queue.debt(ticket).due  # type: ignore[union-attr]
    assert due is not None
    hours = (due - NOW) / timedelta(hours=1)
    for login in ("kathy", "zay"):
        assert at(workspace, login, hours * 0.95).inbox.promises()[:2] == (0, ticket.id)
        assert at(workspace, login, hours * 1.05).inbox.promises().late == 1
    workspace.oncall.override(NOW.date(), due.date(), "zay")
    assert at(workspace, "zay", hours * 0.95).inbox.promises().nearest == ticket.id
    assert at(workspace, "kathy", hours * 0.95).inbox.promises().nearest == ""


def test_of_two_sessions_of_a_person_one_rings_for_an_event_and_none_when_it_was_seen(
    workspace: Workspace,
) -> None:
    desk, laptop, other = at(workspace, "zay"), at(workspace, "zay"), at(workspace, "brad")
    cursors = [session.inbox.here() for session in (desk, laptop, other)]
    first = new(workspace)
    workspace.tickets.assign(first.id, "zay")
    workspace.tickets.note(first.id, "@brad look")
    rung = []
    for session, cursor in zip((desk, laptop, other), cursors, strict=True):
        session.refresh()
        news = session.inbox.fresh(cursor)
        rung.append([event.kind for event in session.inbox.rings_here(news.ringing)])
    assert rung == [["assigned"], [], ["mentioned"]]
    cursor = laptop.inbox.here()
    second = new(workspace)
    workspace.tickets.assign(second.id, "zay")
    desk.refresh()
    desk.inbox.see()
    laptop.refresh()
    assert laptop.inbox.rings_here(laptop.inbox.fresh(cursor).ringing) == []


def test_the_bell_that_always_rings_does_so_ever_more_rarely_in_one_session_until_it_is_seen(
    workspace: Workspace,
) -> None:
    ticket = new(workspace)
    at(workspace, "zay").inbox.set("bell", "always")
    cursor = at(workspace, "zay").inbox.here()
    workspace.tickets.assign(ticket.id, "zay")
    now = at(workspace, "zay").inbox
    assert len(now.rings_here(now.fresh(cursor).ringing)) == 1
    rang = [
        minute
        for minute in range(20)
        for _ in range(2)
        if at(workspace, "zay", minute / 60).inbox.rings_again()
    ]
    assert rang == [1, 2, 4, 8, 16]
    now.see()
    assert not at(workspace, "zay", 0.6).inbox.rings_again()


def test_what_is_noted_is_for_my_eyes_alone(workspace: Workspace) -> None:
    workspace.inbox.set("bell", "off")
    file = workspace.home / "seen" / "kathy.inbox"
    assert file.stat().st_mode & 0o777 == 0o600
