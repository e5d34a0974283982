"""The team's answers that arrive from another program. Rules SUP-21 and SLA-15."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.domain.tickets import messages
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.answers import recorded, with_team_answer
from fleettui.domain.tickets.arrivals import Arrival, opened
from fleettui.domain.tickets.episodes import ClockPast, episodes
from fleettui.domain.tickets.messages import NewMessage, Overtaken
from fleettui.domain.tickets.model import Ticket

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
RECORDED = "Please *restart* the server, see https://x.example/docs.\n\nIt is fixed in 4.80."


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def kept(ticket: Ticket) -> Ticket:
    """As the store gives it back: one revision on."""
    return replace(ticket, rev=ticket.rev + 1)


def asked() -> Ticket:
    arrival = Arrival(
        at=NOW, by="Dana", body="It is down", thread="1", external="1", subject="Down", customer="Acme",
        tier="Premium", priority="P2",
    )  # fmt: skip
    return kept(opened("T-1001", arrival))


def answered(ticket: Ticket, minutes: float, body: str = RECORDED, **more: Any) -> Ticket:
    """Typed into fleettui."""
    message = NewMessage(at=after(minutes), by=more.pop("by", "kathy"), direction="out", body=body, **more)
    return kept(messages.replied(ticket, message))


def asked_again(ticket: Ticket, minutes: float) -> Ticket:
    message = NewMessage(at=after(minutes), by="Dana", direction="in", body="And now?")
    return kept(messages.received(ticket, message, "+"))


def arriving(ticket: Ticket, minutes: float, body: str = RECORDED, **more: Any) -> Ticket:
    """Seen in Slack or in the mailbox."""
    answer = NewMessage(
        at=after(minutes), by="kathy", direction="out", body=body, external=more.pop("external", "s1")
    )
    return kept(with_team_answer(ticket, answer)[0])


def outgoing(ticket: Ticket) -> list[tuple[str, str]]:
    return [(message.by, message.external) for message in ticket.messages if message.direction == "out"]


@pytest.mark.parametrize(
    "seen",
    [
        RECORDED,
        "Please restart the server, see https://x.example/docs. It is fixed in 4.80. :tada:",
        "Please restart the server, see x.example/docs. It is fixed in 4.80.",
        "Hi Dana,\n\nPlease *restart* the server,  see <https://x.example/docs>.\nIt is _fixed_ in `4.80`.",
        "Hey Dana! Please restart the server, see https://x.example/docs. It is fixed in 4.80.\n\n-- \nKathy\nFleet",
        "please restart the server, see https://x.example/docs. it is fixed in 4.80.\n\nBest regards,\nKathy",
        "> It is down\n\nPlease restart the server, see https://x.example/docs.\nIt is fixed in 4.80.",
    ],
)
def test_sup_21_an_answer_that_was_recorded_before_it_is_seen_where_it_was_sent_counts_once(
    seen: str,
) -> None:
    ticket = arriving(answered(asked(), 5), 6, seen)
    assert outgoing(ticket) == [("kathy", "s1")]
    assert ticket.messages[-1].body == RECORDED.strip()


def test_sup_21_it_is_the_same_answer_also_when_another_of_us_recorded_it_later() -> None:
    ticket = arriving(answered(asked(), 30, by="zay"), 6)
    assert outgoing(ticket) == [("zay", "s1")]


def test_sup_21_what_was_seen_in_slack_before_it_is_recorded_counts_once() -> None:
    seen = arriving(asked(), 5, "Hi Dana, it is fixed.")
    answer = NewMessage(at=after(7), by="kathy", direction="out", body="It is fixed.")
    assert recorded(seen, answer) == seen
    assert recorded(seen, answer, since=1, wait=True).status == "waiting"
    with pytest.raises(Overtaken):
        recorded(asked_again(seen, 6), answer, since=1)
    assert len(outgoing(recorded(asked_again(seen, 6), answer))) == 2


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("We are looking into it", "We are looking into it. Which version is it?"),
        ("Thanks", "Thanks a lot"),
        ("Hello,", "Hi!"),
        ("Version 4.80", "Version 4.81"),
    ],
)
def test_sup_21_other_words_are_another_answer(typed: str, seen: str) -> None:
    assert len(outgoing(arriving(answered(asked(), 5, typed), 6, seen))) == 2


def test_sup_21_the_same_words_after_the_customer_wrote_again_are_another_answer() -> None:
    ticket = asked_again(answered(asked(), 5, "Done."), 10)
    ticket = arriving(ticket, 15, "Done.")
    assert len(outgoing(ticket)) == 2
    assert tickets.owed_since(ticket, "+") is None


def test_sup_21_the_same_words_days_later_or_sent_twice_from_outside_are_two_answers() -> None:
    assert len(outgoing(arriving(answered(asked(), 5), 60 * 25 + 6))) == 2
    twice = arriving(arriving(asked(), 5), 6, external="s2")
    assert outgoing(twice) == [("kathy", "s1"), ("kathy", "s2")]


def test_sup_21_the_automatic_answer_seen_where_it_was_posted_clears_nothing() -> None:
    ticket = answered(asked(), 1, "Support is closed just now.", automatic=True, by="fleettui")
    ticket = arriving(ticket, 2, "Support is closed just now.")
    assert outgoing(ticket) == [("fleettui", "")]
    assert tickets.owed_since(ticket, "+") == NOW


def test_sup_21_sla_15_an_answer_delivered_late_does_not_answer_what_was_asked_after_it() -> None:
    ticket = arriving(asked_again(asked(), 10), 5)
    assert [message.direction for message in ticket.messages] == ["in", "out", "in"]
    assert tickets.owed_since(ticket, "+") == after(10)
    assert [(debt.since, debt.answered) for debt in episodes(ticket, ClockPast())] == [
        (NOW, after(5)),
        (after(10), None),
    ]


def test_sup_21_sla_15_a_repeated_answer_stays_where_it_was_recorded() -> None:
    """Recorded at once, asked again, and only then seen in Slack: the newer question stays owed."""
    ticket = arriving(asked_again(answered(asked(), 5), 10), 6)
    assert outgoing(ticket) == [("kathy", "s1")]
    assert tickets.owed_since(ticket, "+") == after(10)


def test_sup_21_sla_15_an_answer_that_is_taken_back_is_owed_again() -> None:
    ticket = arriving(asked(), 5)
    assert tickets.owed_since(ticket, "+") is None
    ticket = kept(messages.deleted(ticket, "s1", after(6)))
    assert tickets.owed_since(ticket, "+") == NOW
    assert [debt.answered for debt in episodes(ticket, ClockPast())] == [None]


@pytest.mark.parametrize(
    "hostile",
    ["--" + " " * 90_000 + "x", "regards" + "\t" * 90_000 + "x", "--\n" * 30_000, "hi" + " " * 90_000],
    ids=["blanks", "tabs", "signatures", "greeting"],
)
def test_sup_21_no_text_from_outside_takes_long_to_compare(hostile: str) -> None:
    began = time.process_time()
    assert arriving(answered(asked(), 5), 6, hostile).messages[-1].by == "kathy"
    assert time.process_time() - began < 3
