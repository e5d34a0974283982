"""SUP-3: the automatic answer leaves by the outbox where the policy says so, once, and only while nobody is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.domain.tickets.model import Message
from tests.support.connections import connect
from tests.support.slack_connection import ACME, LEO, Connected, until
from tests.support.slack_events import envelope
from tests.support.slack_server import SlackServer


def automatic(connected: Connected) -> list[Message]:
    return [message for ticket in connected.tickets for message in ticket.messages if message.automatic]


@pytest.fixture
def sends(connected: Connected) -> Connected:
    connect(connected.workspace.home, slack={"auto_reply": "send"})
    connected.workspace.refresh()
    return connected


def test_sup_3_it_is_queued_with_the_ticket_s_first_message_and_never_again(
    sends: Connected, slack: SlackServer
) -> None:
    slack.sockets.twice = 1
    with sends.taking():
        first = slack.writes(ACME, LEO, "The hosts page is empty")
        slack.writes(ACME, LEO, "Still", first)
        until(lambda: len(sends.bodies()) == 2 and slack.sockets.unacknowledged == 0)
    with sends.taking():
        pass
    (message,) = automatic(sends)
    assert message.body.startswith("Hi Leo")
    assert message.delivery is not None
    assert (message.delivery.to, message.delivery.thread, message.delivery.state) == (
        (ACME,),
        first,
        "queued",
    )
    (order,) = sends.workspace.outbox.due()
    assert (order.body, order.who.name, order.is_automatic) == (message.body, "", True)


def test_without_a_line_of_the_policy_nothing_is_on_the_ticket_that_nobody_posts(
    connected: Connected, slack: SlackServer
) -> None:
    with connected.taking():
        slack.writes(ACME, LEO, "The hosts page is empty")
        until(lambda: connected.bodies() != [])
    assert not automatic(connected)


def test_sup_3_a_script_that_posts_gets_the_answer_as_before(
    connected: Connected, slack: SlackServer
) -> None:
    stamp = slack.writes(ACME, LEO, "The hosts page is empty", unseen=True)
    event = envelope(slack.message(ACME, stamp) | {"channel": ACME})
    (outcome,) = connected.workspace.intake.slack([event])
    assert outcome.reply
    assert f"<@{LEO}>" in outcome.reply.text
    (message,) = automatic(connected)
    assert message.delivery is None


def test_what_is_read_after_an_outage_in_office_hours_is_not_answered_by_a_program(
    sends: Connected, slack: SlackServer
) -> None:
    with sends.taking():
        pass
    slack.writes(ACME, LEO, "The hosts page is empty", unseen=True)
    start = slack.now()
    slack.now = lambda: start + timedelta(hours=14).total_seconds()
    with sends.taking():
        assert sends.bodies() == ["The hosts page is empty"]
    assert not automatic(sends)
