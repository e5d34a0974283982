"""What the verbs of the queue carry on, keep and refuse: merging, issues, labels, people, and a customer's other tier."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from fleettui.domain.customers import codenames
from fleettui.domain.tickets.arrivals import Arrival, Arrived
from fleettui.domain.tickets.issues import missing_searches
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from fleettui.intake.mail.addresses import company
from fleettui.intake.mail.message import Address
from fleettui.workspace.workspace import Workspace
from screens.triage.choices import Choices
from screens.triage.row_keys import TicketFactKey
from tests.support.clocks import MONDAY_MORNING

LINK = "https://github.com/fleetdm/fleet/issues/7"


def new(
    workspace: Workspace,
    customer: str = "Acme",
    *,
    tier: str = "Premium",
    priority: str = "P3",
    labels: Sequence[str] = (),
    assignee: str = "",
) -> Ticket:
    return workspace.tickets.new(
        customer, "It fails", tier=tier, priority=priority, labels=labels, assignee=assignee
    )


# Merging


def test_a_merge_takes_the_more_urgent_priority_with_its_level_and_checklist(workspace: Workspace) -> None:
    emergency, question = new(workspace, priority="P0"), new(workspace)
    workspace.support.tick(emergency.id, "emergency", _first_step(workspace, emergency))
    before = workspace.queue.debt(question)
    _, stays = workspace.tickets.merge(emergency.id, question.id)
    assert (stays.priority, stays.level) == ("P0", emergency.level)
    assert {step.state for step in workspace.support.steps(stays, "emergency")} >= {"done", "todo"}
    owed = workspace.queue.debt(stays)
    assert before and before.due and owed and owed.due
    assert owed.due < before.due
    workspace.history.undo()
    parted = workspace.tickets.find(question.id)
    assert (parted.priority, parted.lists) == ("P3", {})


def _first_step(workspace: Workspace, ticket: Ticket) -> str:
    return next(step.key for step in workspace.support.steps(ticket, "emergency") if step.state == "todo")


def test_a_merge_makes_nothing_less_urgent_and_heeds_no_emergency_that_is_over(workspace: Workspace) -> None:
    question, emergency, over = new(workspace), new(workspace, priority="P0"), new(workspace, priority="P0")
    assert workspace.tickets.merge(question.id, emergency.id)[1].priority == "P0"
    workspace.tickets.resolve(over.id, documentation="no", unanswered=True)
    other = new(workspace)
    assert workspace.tickets.merge(over.id, other.id)[1].priority == "P3"


def test_a_private_issue_stays_private_in_a_merge(workspace: Workspace) -> None:
    gone, stays = new(workspace), new(workspace)
    workspace.support.link_issue(gone.id, LINK, private=True)
    _, after = workspace.tickets.merge(gone.id, stays.id)
    assert (after.issue, after.issue_private) == (LINK, True)
    open_, another = new(workspace), new(workspace)
    workspace.support.link_issue(open_.id, LINK)
    workspace.support.link_issue(another.id, LINK, private=True)
    assert not workspace.tickets.merge(another.id, open_.id)[1].issue_private


def test_an_edit_before_a_merge_stops_no_answer_after_it(workspace: Workspace) -> None:
    gone = _arrived(workspace, "C1/1").ticket
    for number in range(9):
        _corrected(workspace, f"No. {number}")
    assert gone
    _, stays = workspace.tickets.merge(gone.id, new(workspace).id)
    assert workspace.tickets.reply(stays.id, "Here", since=stays.rev).messages[-1].direction == "out"


def _arrived(workspace: Workspace, external: str) -> Arrived:
    arrival = Arrival(
        thread="C1/1", external=external, at=MONDAY_MORNING, by="Dana", body="text", customer="Acme"
    )
    return workspace.tickets.arrive(arrival)


def _corrected(workspace: Workspace, body: str) -> Arrived:
    return workspace.tickets.alter(
        Arrival(thread="C1/1", external="C1/1", at=MONDAY_MORNING, by="Dana", body=body)
    )


# Unread


def test_an_edit_of_an_older_message_is_unread(workspace: Workspace) -> None:
    _arrived(workspace, "C1/1")
    ticket = _arrived(workspace, "C1/2").ticket
    assert ticket
    workspace.queue.look(ticket)
    changed = _corrected(workspace, "corrected").ticket
    assert changed
    assert workspace.queue.is_unread(changed)
    workspace.queue.look(changed)
    assert not workspace.queue.is_unread(changed)


# Issues


@pytest.mark.parametrize("expected", ["javascript:alert(1)", "file:///etc/passwd", "#7", "https://"])
def test_an_issue_is_a_link_however_it_is_set(workspace: Workspace, expected: str) -> None:
    ticket = new(workspace)
    with pytest.raises(Refused, match="issue: "):
        workspace.tickets.set(ticket.id, {"issue": expected})
    assert workspace.tickets.set(ticket.id, {"issue": LINK})[0].issue == LINK
    assert workspace.tickets.set(ticket.id, {"issue": ""})[0].issue == ""


def test_sup_11_the_same_words_in_other_capitals_are_no_other_search(workspace: Workspace) -> None:
    ticket = new(workspace)
    for words in ("Live query", "live  QUERY", "LIVE QUERY", "livequery"):
        ticket = workspace.support.searched(ticket.id, words)
    assert ticket.issue_searches == ("Live query",)
    with pytest.raises(Refused, match="2 more times"):
        workspace.support.issue_draft(ticket)


def test_sup_11_a_public_issue_repeats_nothing_and_has_no_addresses_of_any_customer(
    workspace: Workspace,
) -> None:
    """The customer does not wish to stay anonymous."""
    customer = workspace.customers.add("Plain Foods", tier="Premium")
    workspace.customers.contact(customer.id, "dana@plainfoods.example", {"name": "Dana Whitlock"})
    ticket = workspace.tickets.new("Plain Foods", "Live queries stop", body="See below")
    details = {
        "expected": "Rows come back",
        "actual": "They stop at fleet.plainfoods.example, ask dana@plainfoods.example\n> We wrote: try 4.2",
        "server-version": "4.60.0 on 10.1.2.3",
    }
    (ticket,) = workspace.tickets.set(ticket.id, details)
    for words in ("live query", "stop queries", "rows missing"):
        ticket = workspace.support.searched(ticket.id, words)
    draft = workspace.support.issue_draft(ticket, {"summary": "Live queries stop"}, title="Live queries stop")
    assert draft.body.count("Rows come back") == draft.body.count("They stop at") == 1
    assert "Live queries stop" not in draft.body  # the title says it
    assert "try 4.2" not in draft.body
    assert "Expected behaviour:" not in draft.body
    assert "They stop at [host name], ask [e-mail address]" in draft.body
    assert "4.60.0 on [IP address]" in draft.body
    assert draft.left_out == ("dana@plainfoods.example", "fleet.plainfoods.example", "10.1.2.3")
    typed = workspace.support.issue_draft(ticket, title="For dana@plainfoods.example", body="See 10.1.2.3")
    assert (typed.title, typed.body) == ("For [e-mail address]", "See [IP address]")
    kept = workspace.support.issue_draft(ticket, body="See 10.1.2.3", private=True)
    assert (kept.body, kept.left_out) == ("See 10.1.2.3", ())


def test_sup_11_the_same_words_in_another_order_are_no_other_search(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "Host answers upgrade")
    tried = [set(texts.words.casefold().split()) for texts in workspace.support.issue_tries(ticket)]
    assert len(tried) >= 3
    assert all(tried.count(texts) == 1 for texts in tried)
    for words in ("host answers upgrade", "answers upgrade host", '"upgrade answers" host'):
        ticket = workspace.support.searched(ticket.id, words)
    assert ticket.issue_searches == ("host answers upgrade",)
    # Also where an older session wrote both down.
    both = replace(ticket, issue_searches=("host upgrade", "upgrade host"))
    assert missing_searches(both, workspace.handbook.tickets.issue) == 2


def test_sup_11_what_the_ticket_shows_to_be_done_nobody_has_to_tick(workspace: Workspace) -> None:
    ticket, support = new(workspace), workspace.support
    support.open_checklist(ticket.id, "issue")
    assert _states(workspace, ticket)["search"] == "todo"
    for number, words in enumerate(("live query", "error 500", "gateway timeout")):
        assert _states(workspace, ticket)["search"] == "todo", number
        support.searched(ticket.id, words)
    states = _states(workspace, ticket)
    assert (states["search"], states["tell"], states["write"]) == ("done", "todo", "unanswered")
    support.answer(ticket.id, "issue", "found", False)
    assert _states(workspace, ticket)["write"] == "todo"
    support.link_issue(ticket.id, LINK)
    assert _states(workspace, ticket)["write"] == "done"
    with pytest.raises(Refused, match="itself shows"):
        support.untick(ticket.id, "issue", "search")
    support.tick(ticket.id, "issue", "tell")
    assert set(workspace.tickets.find(ticket.id).lists["issue"].run.marks) == {"tell"}
    support.untick(ticket.id, "issue", "tell")
    assert _states(workspace, ticket)["tell"] == "todo"


def test_sup_11_a_link_to_an_issue_that_was_found_is_no_new_one(workspace: Workspace) -> None:
    ticket, support = new(workspace), workspace.support
    support.link_issue(ticket.id, LINK)
    assert _states(workspace, ticket)["write"] == "unanswered"
    support.answer(ticket.id, "issue", "found", True)
    states = _states(workspace, ticket)
    assert (states["write"], states["search"]) == ("not applicable", "todo")


def _states(workspace: Workspace, ticket: Ticket) -> dict[str, str]:
    steps = workspace.support.steps(workspace.tickets.find(ticket.id), "issue")
    return {step.key: step.state for step in steps}


def test_what_a_checklist_knows_of_the_ticket_follows_the_ticket(workspace: Workspace) -> None:
    """A tick in between writes nothing down that the ticket may change; what somebody answered stands."""
    ticket, support = new(workspace, tier="Ultimate", priority="P0"), workspace.support
    assert support.checklist_of(ticket, "emergency").run.answers == {"ultimate": True}
    support.tick(ticket.id, "emergency", "take")
    (moved,) = workspace.tickets.set(ticket.id, {"tier": "Premium"})
    assert support.checklist_of(moved, "emergency").run.answers == {"ultimate": False}
    answered = support.answer(ticket.id, "emergency", "ultimate", True)
    assert support.checklist_of(answered, "emergency").run.answers == {"ultimate": True}


def test_the_choice_of_steps_asks_only_what_is_not_known(workspace: Workspace) -> None:
    ticket = new(workspace, tier="Ultimate", priority="P0")
    facts = [row for row in Choices(workspace).steps(ticket) if isinstance(row.key, TicketFactKey)]
    assert [str(row.cells[0]) for row in facts] == ["yes Is the customer on Ultimate?"]


def test_sup_13_the_post_of_a_key_date_does_not_join_codename_and_name(workspace: Workspace) -> None:
    workspace.customers.add("Tidewater Hospitals", anonymous=True, codename="Ceres")
    ticket = new(workspace, "Tidewater Hospitals")
    workspace.tickets.set(ticket.id, {"key_date": "2026-04-01", "issue": LINK})
    ticket = workspace.tickets.find(ticket.id)
    assert "Ceres" in workspace.support.key_date_post(ticket, "they go live")[1]
    with pytest.raises(Refused, match="SUP-13"):
        workspace.support.key_date_post(ticket, "Tidewater goes live")
    workspace.tickets.set(ticket.id, {"subject": "Slow at Tidewater"})
    with pytest.raises(Refused, match="SUP-13"):
        workspace.support.key_date_post(workspace.tickets.find(ticket.id))


# People and labels


def test_nobody_is_given_a_ticket_who_has_left(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.assign(ticket.id, "zay")
    workspace.people.edit("zay", {"active": False})
    for refused in (
        lambda: workspace.tickets.assign(ticket.id, "zay"),
        lambda: workspace.tickets.set(ticket.id, {"assignee": "zay"}),
        lambda: new(workspace, assignee="zay"),
    ):
        with pytest.raises(Refused, match="is no longer on the team"):
            refused()
    # Who had it keeps it, until somebody gives it on.
    assert workspace.tickets.set(ticket.id, {"priority": "P2"})[0].assignee == "zay"
    assert workspace.tickets.assign(ticket.id, "nobody")[0].assignee == ""


@pytest.mark.parametrize("label", ["+", " + ", "++"])
def test_sup_12_a_plus_alone_is_no_label(workspace: Workspace, label: str) -> None:
    ticket = new(workspace)
    for refused in (
        lambda: workspace.tickets.label(ticket.id, add=[label]),
        lambda: workspace.tickets.set(ticket.id, {"labels": f"bug,{label}"}),
        lambda: new(workspace, labels=[label]),
    ):
        with pytest.raises(Refused, match="labels: "):
            refused()
    assert workspace.tickets.label(ticket.id, add=["+more info please"])[0].labels == ("+more info please",)


# A customer's tier


def test_sla_15_another_tier_of_a_customer_is_that_of_their_open_tickets(workspace: Workspace) -> None:
    acme = workspace.customers.add("Acme", tier="Premium")
    follows, special, over = (new(workspace, priority="P1") for _ in range(3))
    elsewhere = new(workspace, "Elsewhere", priority="P1")
    workspace.tickets.set(special.id, {"tier": "Free"})
    workspace.tickets.resolve(over.id, documentation="no", unanswered=True)
    before = workspace.queue.debt(follows)
    workspace.customers.edit(acme.id, {"tier": "Ultimate"})
    tiers = {ticket.id: ticket.tier for ticket in workspace.tickets.all()}
    assert tiers == {follows.id: "Ultimate", special.id: "Free", over.id: "Premium", elsewhere.id: "Premium"}
    after = workspace.queue.debt(workspace.tickets.find(follows.id))
    foretold = workspace.queue.what_if(follows, tier="Ultimate")
    assert before and after and foretold
    assert (after.since, after.due) == (before.since, foretold.due)
    assert after.due != before.due


def test_editing_a_customer_leaves_the_tickets_alone_otherwise(workspace: Workspace) -> None:
    acme = workspace.customers.add("Acme", tier="Premium")
    two = [new(workspace), new(workspace)]
    workspace.customers.edit(acme.id, {"note": "x", "tier": "Premium"})
    assert workspace.tickets.all() == two


def test_the_tier_of_all_their_tickets_is_one_change_and_one_undo(workspace: Workspace) -> None:
    acme = workspace.customers.add("Acme", tier="Premium")
    two = [new(workspace).id, new(workspace).id]
    workspace.customers.edit(acme.id, {"tier": "Ultimate"})
    assert [workspace.history.happenings(id_)[0].entry.verb for id_ in two] == ["tickets.tier"] * 2
    workspace.history.undo(two[0])
    assert [workspace.tickets.find(id_).tier for id_ in two] == ["Premium"] * 2


# Mailboxes


def test_what_is_everybodys_mailbox_is_so_for_mail_and_for_codenames(workspace: Workspace) -> None:
    customer = workspace.customers.add("Tidewater", anonymous=True, codename="Ceres")
    customer = workspace.customers.contact(customer.id, "omar@gmx.de", {"name": "Omar"})
    assert company(Address("Omar", "omar@gmx.de")) == "omar@gmx.de"
    assert codenames.leaks("write to gmx.de", customer) == []
