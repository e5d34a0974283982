"""One answer to several tickets, as in an outage: each their own words, all or none, nothing twice."""

from __future__ import annotations

import pytest

from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.own_words import NotAnswered, with_own_words
from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace


@pytest.fixture
def outage(workspace: Workspace) -> Workspace:
    """T-1001 to T-1003, of three customers."""
    for name, contact in (("Acme", "Jo Park"), ("Bright Foods", "Ann Lee"), ("Cobalt", "Kim Roe")):
        workspace.customers.add(name, tier="Premium")
        workspace.tickets.new(name, f"{name} sees nothing", by=contact)
    return workspace


def tickets_of(workspace: Workspace) -> list[Ticket]:
    return [workspace.tickets.find(id_) for id_ in ("T-1001", "T-1002", "T-1003")]


def test_each_gets_their_own_words_by_one_change_and_one_undo(outage: Workspace) -> None:
    texts = outage.several_texts.of_text(tickets_of(outage), "Hi {name}, about {subject} ({ticket}): {x}")
    assert texts["T-1001"] == "Hi Jo, about Acme sees nothing (T-1001): {x}"
    since = {ticket.id: ticket.rev for ticket in tickets_of(outage)}
    outage.tickets.reply_each(texts, since=since)
    assert [ticket.messages[-1].body for ticket in tickets_of(outage)] == list(texts.values())
    assert not any(outage.queue.debt(ticket) for ticket in tickets_of(outage))
    outage.history.undo()
    assert all(outage.queue.debt(ticket) for ticket in tickets_of(outage))


def test_sup_3_where_nobody_knows_the_name_the_greeting_has_none(outage: Workspace) -> None:
    outage.tickets.set("T-1003", {"contact": ""})
    texts = outage.several_texts.of_text(tickets_of(outage), "Hi {name}, we are on it")
    assert [texts["T-1001"], texts["T-1003"]] == ["Hi Jo, we are on it", "Hi, we are on it"]
    values = outage.several_texts.values_for_all(tickets_of(outage), "follow-up")
    assert values["name"] == "{name}"


def test_what_stands_in_a_value_is_not_looked_at_again() -> None:
    assert with_own_words("{name}", {"name": "{subject}"}) == "{subject}"


def test_where_somebody_was_faster_none_is_answered_and_they_are_named(outage: Workspace) -> None:
    before = tickets_of(outage)
    since = {ticket.id: ticket.rev for ticket in before}
    outage.for_person("zay", outage.clock).tickets.reply("T-1002", "On it")
    with pytest.raises(NotAnswered, match="T-1002: since you began, zay answered") as stopped:
        outage.tickets.reply_each({ticket.id: "Hello" for ticket in before}, since=since)
    assert list(stopped.value.why) == ["T-1002"]
    assert [len(ticket.messages) for ticket in tickets_of(outage)] == [1, 2, 1]


def test_tickets_that_lack_a_word_are_named(outage: Workspace) -> None:
    outage.support.link_issue("T-1001", "https://github.com/acme/fleet/issues/1")
    with pytest.raises(Refused, match=r"nothing is known for {issue} in T-1002, T-1003"):
        outage.several_texts.of_text(tickets_of(outage), "See {issue}")


def test_sup_13_no_customer_reads_the_name_of_an_anonymous_one(outage: Workspace) -> None:
    cobalt = outage.tickets.find("T-1003").customer_id
    outage.customers.edit(cobalt, {"anonymous": "yes"})
    outage.customers.codename(cobalt)
    with pytest.raises(Refused):
        outage.several_texts.of_text(tickets_of(outage), "Hi {name}, you and Cobalt see the same")
    texts = outage.several_texts.of_text(tickets_of(outage), "Hi {name}, we are on it")
    assert len(texts) == 3


def test_a_template_becomes_one_text_with_words_where_it_differs(outage: Workspace) -> None:
    values = outage.several_texts.values_for_all(tickets_of(outage), "follow-up")
    assert (values["name"], values["subject"], values["ticket"]) == ("{name}", "{subject}", "{ticket}")
    outage.tickets.set("T-1001", {"server-version": "4.62"})
    with pytest.raises(Refused, match="questions is not the same for all"):
        outage.several_texts.values_for_all(tickets_of(outage), "details-request")
