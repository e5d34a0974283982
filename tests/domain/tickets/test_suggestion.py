"""SUP-19: what the words of a ticket suggest, and which tickets may be about the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fleettui.domain.tickets.duplicates import duplicates_of
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.domain.tickets.suggestion import suggestion_for
from fleettui.domain.tickets.triage import TriagePolicy
from fleettui.policy import files
from tests.support.clocks import MONDAY_MORNING

POLICY = files.load(None, "triage.json", TriagePolicy)
PRIORITIES = ("P0", "P1", "P2", "P3")
MINUTE = timedelta(minutes=1)


def ticket(
    subject: str, body: str = "", *, customer: str = "Acme", id_: str = "T-1", minutes: int = 0
) -> Ticket:
    at = MONDAY_MORNING + minutes * MINUTE
    message = Message(key="m1", at=at, by="Jo", direction="in", body=body or subject, rev=1)
    return Ticket(
        id=id_, subject=subject, customer=customer, tier="Premium", priority="P3", status="open", opened_at=at,
        messages=(message,), untriaged=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "body", "shown"),
    [
        ("Outage?", "", "P1? “outage” in the subject"),
        ("Login", "Since 9 we get 502 on the page", "P1? “502” in their message"),
        ("We cannot log in", "", "P1? “cannot log in” in the subject"),
        ("We can’t  log\nin", "", "P1? “can't log in” in the subject"),
        ("How do I add a label?", "", "P3? “how do i” in the subject"),
        ("Production is down", "every request fails", "P0? “production is down” in the subject"),
        ("Ausfall seit heute früh", "", "P1? “ausfall” in the subject"),
        ("Comment faire une mise à jour", "", "P3? “comment faire” in the subject"),
        ("Hosts", "The list fails to load", "P2? “fails” in their message"),
    ],
)
def test_sup_19_words_of_subject_and_message_suggest_a_priority(subject: str, body: str, shown: str) -> None:
    suggestion = suggestion_for(ticket(subject, body), POLICY, PRIORITIES)
    assert suggestion
    assert suggestion.shown == shown


@pytest.mark.parametrize(
    "subject", ["Where to scroll down?", "Order 15020", "Downloads", "This is not urgent"]
)
def test_sup_19_parts_of_words_and_harmless_phrases_suggest_nothing(subject: str) -> None:
    assert suggestion_for(ticket(subject), POLICY, PRIORITIES) is None


def test_sup_19_the_tier_limits_the_suggestion_and_what_is_triaged_gets_none() -> None:
    free = replace(ticket("Outage"), tier="Free")
    suggestion = suggestion_for(free, POLICY, PRIORITIES)
    assert suggestion
    assert suggestion.shown == "P2? “outage” in the subject; Free is P2 at most"
    assert suggestion_for(replace(free, untriaged=False), POLICY, PRIORITIES) is None


def test_sup_19_a_script_without_blanks_and_a_team_without_words() -> None:
    raw = {"suggestions": [{"priority": "P1", "words": {"ja": ["障害"]}}], "otherwise": "P3"}
    import msgspec

    policy = msgspec.convert(raw, TriagePolicy)
    suggestion = suggestion_for(ticket("本日の障害について"), policy, PRIORITIES)
    assert suggestion
    assert suggestion.priority == "P1"
    assert suggestion_for(ticket("Hosts"), TriagePolicy(), PRIORITIES) is None
    other = suggestion_for(ticket("Hosts"), policy, PRIORITIES)
    assert other
    assert other.shown == "P3? no word of theirs sounds more urgent"


# Duplicates


def same(first: Ticket, *others: Ticket) -> list[str]:
    return [duplicate.ticket.id for duplicate in duplicates_of(first, others, POLICY.similar).tickets]


def test_sup_19_open_tickets_of_the_same_customer_with_similar_words_are_named() -> None:
    first = ticket("Live query returns error 500")
    again = ticket("Error 500 with a live query", id_="T-2", minutes=60 * 24 * 9)
    other = ticket("Labels are wrong", id_="T-3")
    over = replace(again, id="T-4", status="resolved")
    assert same(first, first, again, other, over) == ["T-2"]


def test_sup_19_many_customers_with_the_same_words_within_an_hour_may_be_an_outage() -> None:
    first = ticket("The server is down, 502")
    others = [
        ticket("Server down (502)", customer=f"C{number}", id_=f"T-{number}", minutes=number)
        for number in range(2, 5)
    ]
    late = ticket("Server down (502)", customer="Late", id_="T-9", minutes=200)
    result = duplicates_of(first, [first, *others, late], POLICY.similar)
    assert [duplicate.ticket.id for duplicate in result.tickets] == ["T-2", "T-3", "T-4"]
    assert result.customers == 4
    assert duplicates_of(first, others[:1], POLICY.similar).customers == 0


def test_sup_19_words_that_everybody_writes_make_no_duplicates() -> None:
    assert same(ticket("Hello, I have a question"), ticket("Hello, we have a problem", id_="T-2")) == []


def test_sup_19_one_alarming_word_is_enough_for_tickets_of_the_same_hour() -> None:
    first = ticket("502 for everybody this morning")
    near = ticket("Outage: nobody gets anything but 502", customer="Oak", id_="T-2", minutes=20)
    nearby = ticket("Nothing but 502", customer="Lumen", id_="T-3", minutes=40)
    later = ticket("We had a 502 on the labels page", customer="Paper", id_="T-4", minutes=90)
    result = duplicates_of(first, [near, nearby, later], POLICY.similar)
    assert {duplicate.ticket.id for duplicate in result.tickets} == {"T-2", "T-3"}
    assert result.customers == 3
