"""SUP-11: a new issue that the service opens, where a person asks for it."""

from __future__ import annotations

import threading

import pytest

from fleettui.domain.delivery.letters import Letter
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.orders import Order
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.connections import connect

SEVEN = "https://github.com/fleetdm/fleet/issues/7"


@pytest.fixture
def asking(workspace: Workspace) -> Workspace:
    connect(workspace.home, github={"issues": "send"})
    workspace.refresh()
    workspace.tickets.new(customer="Acme", subject="Queries hang", body="It fails")
    for words in ("hang", "slow", "live query"):
        workspace.support.searched("T-1001", words)
    return workspace


def order(workspace: Workspace) -> Letter:
    ticket = workspace.tickets.find("T-1001")
    return workspace.issues.orders.open(ticket, workspace.support.issue_draft(ticket, body="It hangs."))


def the_order(workspace: Workspace, letter: Letter) -> Order:
    ordered = workspace.outbox.get(letter.id)
    assert ordered is not None
    return ordered


def leave(workspace: Workspace, letter: Letter) -> None:
    """As the service does it."""
    later = Workspace.open(workspace.home, clock=frozen_clock(letter.delivery.leaves_at), login="kathy")
    begun = later.outbox.begin(the_order(later, letter))
    later.outbox.sent(begun, SEVEN)
    later.close()
    workspace.refresh()


def test_sup_11_an_issue_is_ordered_listed_in_the_outbox_and_taken_back_by_undo(asking: Workspace) -> None:
    letter = order(asking)
    ordered = the_order(asking, letter)
    assert (ordered.delivery.way, ordered.delivery.to) == ("github", ("fleetdm/fleet",))
    assert (letter.subject, letter.body, letter.labels) == (
        "Queries hang",
        "It hangs.",
        ("customer request",),
    )
    assert [row.about for row in asking.outbox.all()] == [letter.id]
    with pytest.raises(Refused, match="on its way already"):
        order(asking)
    asking.history.undo(letter.id, sure=True)
    assert asking.outbox.all() == []
    order(asking)


def test_sup_11_of_two_people_who_order_a_new_issue_at_once_one_is_refused(asking: Workspace) -> None:
    clock = frozen_clock(MONDAY_MORNING)
    sessions = [Workspace.open(asking.home, clock=clock, login=login) for login in ("kathy", "lena", "zay")]
    both_read, answers = threading.Barrier(len(sessions)), list[str]()

    def press(session: Workspace) -> None:
        ticket = session.tickets.find("T-1001")
        draft = session.support.issue_draft(ticket, body="It hangs.")
        session.outbox.all()
        both_read.wait(60)
        try:
            answers.append(session.issues.orders.open(ticket, draft).id)
        except Refused as error:
            answers.append(str(error))

    threads = [threading.Thread(target=press, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asking.refresh()
    (kept,) = asking.outbox.all()
    on_its_way = f"T-1001: a new issue is on its way already ({kept.id})"
    assert sorted(answers) == sorted([kept.id, on_its_way, on_its_way])
    for session in sessions:
        session.close()


def test_sup_11_what_has_left_is_not_taken_back_and_its_link_comes_onto_the_ticket_once(
    asking: Workspace,
) -> None:
    letter = order(asking)
    leave(asking, letter)
    with pytest.raises(Refused, match="left"):
        asking.history.undo(letter.id, sure=True)
    (opened,) = asking.issues.orders.to_link()
    asking.issues.orders.link(opened)
    ticket = asking.tickets.find("T-1001")
    assert ticket.issue == SEVEN and "issue" in ticket.lists
    assert asking.issues.orders.to_link() == []
    asking.tickets.set("T-1001", {"issue": ""})
    asking.issues.orders.link(opened)  # again, as after a crash between the two changes
    assert asking.issues.orders.to_link() == []


def test_sup_11_a_link_that_somebody_wrote_down_meanwhile_stays(asking: Workspace) -> None:
    letter = order(asking)
    leave(asking, letter)
    mine = SEVEN.replace("7", "70")
    asking.support.link_issue("T-1001", mine)
    (opened,) = asking.issues.orders.to_link()
    asking.issues.orders.link(opened)
    assert asking.tickets.find("T-1001").issue == mine


def test_sup_11_without_the_policy_an_issue_stays_a_link(workspace: Workspace) -> None:
    workspace.tickets.new(customer="Acme", subject="Queries hang", body="It fails")
    for words in ("hang", "slow", "live query"):
        workspace.support.searched("T-1001", words)
    assert not workspace.issues.orders.are_taken
    with pytest.raises(Refused, match="by their link"):
        order(workspace)


def test_sup_11_an_issue_is_not_ordered_where_there_is_one_or_its_text_is_too_long(asking: Workspace) -> None:
    ticket = asking.tickets.find("T-1001")
    draft = asking.support.issue_draft(ticket, body="It hangs.")
    with pytest.raises(Refused, match="too many for GitHub"):
        asking.issues.orders.open(ticket, draft._replace(body="a" * 65_530))
    linked = asking.support.link_issue("T-1001", SEVEN)
    with pytest.raises(Refused, match="an issue already"):
        asking.issues.orders.open(linked, draft)


def test_sup_11_the_command_line_orders_a_new_issue(asking: Workspace) -> None:
    asking.close()
    cli = InProcess(asking.home)
    given = ("--var", "summary=hangs", "--var", "expected=a", "--var", "actual=b")
    answer = cli.json("tickets", "issue", "T-1001", "--open", *given)
    assert (answer["order"], answer["title"]) == ("L-1", "Queries hang")
    assert answer["leaves_at"].startswith(MONDAY_MORNING.astimezone().isoformat()[:4])
    assert "on its way already" in cli.fails(1, "tickets", "issue", "T-1001", "--open", *given)
