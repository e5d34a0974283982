"""People and channels of Slack have names, and a quotation mentions nobody: SUP-3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.slack_events import (
    CHANNEL,
    CUSTOMER_ID,
    MONDAY_MORNING,
    STAFF_ID,
    SUNDAY_NIGHT,
    message,
    stamp,
)
from tests.support.slack_intake import Slack

ROOT = stamp(SUNDAY_NIGHT)


def shown(slack: Slack) -> dict[str, Any]:
    ticket: dict[str, Any] = slack.cli.json("tickets", "show", slack.ticket.id)
    return ticket


def asked_for_details(slack: Slack) -> str:
    text: str = slack.cli.json("message", "details-request", "--ticket", slack.ticket.id)["text"]
    return text


@pytest.mark.parametrize(
    "profile",
    [
        {"user_profile": {"real_name": "Marsh, Leo"}},
        {"username": "Leo Marsh"},
        {"user_profile": {"display_name": "Leo"}},
    ],
)
def test_sup_3_the_events_own_profile_names_the_author(slack: Slack, profile: dict[str, Any]) -> None:
    slack.take(message(**profile))
    assert "Leo" in shown(slack)["contact"]
    assert asked_for_details(slack).startswith("Hi Leo,")


def test_sup_3_a_contact_with_the_slack_id_names_the_author(slack: Slack) -> None:
    slack.cli.ok(
        "customers", "contact", "Acme", "leo@acme.example", "name=Marsh, Leo", f"slack={CUSTOMER_ID}"
    )
    done = slack.take(message(f"<@{CUSTOMER_ID}> here again"))
    assert shown(slack)["messages"][0]["by"] == "Marsh, Leo"
    assert slack.bodies("in") == ["@Marsh, Leo here again"]
    assert asked_for_details(slack).startswith("Hi Leo,")
    assert done["reply"]["text"].startswith(f"Hi <@{CUSTOMER_ID}>,")
    assert slack.bodies("out")[0].startswith("Hi Leo,")


def test_sup_3_an_address_that_is_a_contacts_is_that_contact(slack: Slack) -> None:
    slack.cli.ok("customers", "contact", "Acme", "leo@acme.example", "name=Leo Marsh")
    slack.take(message(user_profile={"email": "Leo@acme.example"}))
    assert shown(slack)["contact"] == "Leo Marsh"


def test_sup_3_without_a_name_nobody_is_greeted_by_an_id(slack: Slack) -> None:
    slack.cli.ok("customers", "contact", "Acme", "dana@acme.example", "name=Dana")
    slack.take(message())
    assert shown(slack)["contact"] is None
    assert asked_for_details(slack).startswith("Hi,")
    assert slack.bodies("out")[0].startswith("Hi, thank you")
    assert f"somebody ({CUSTOMER_ID})" in slack.cli.ok("tickets", "show", slack.ticket.id)


def test_sup_3_a_name_typed_once_on_the_ticket_is_known_for_all_time(slack: Slack) -> None:
    other = message("Another thing", unique=900)
    slack.send(message(), other)
    first, second = (ticket.id for ticket in slack.tickets)
    slack.cli.ok("tickets", "set", first, "contact=Leo Marsh")
    for id_ in (first, second):
        assert slack.cli.json("tickets", "show", id_)["messages"][0]["by"] == "Leo Marsh"
        assert slack.cli.json("message", "details-request", "--ticket", id_)["text"].startswith("Hi Leo,")
    (contact,) = slack.cli.json("customers", "show", "Acme")["contacts"]
    assert (contact["name"], contact["slack"]) == ("Leo Marsh", CUSTOMER_ID)
    slack.take(message("More", MONDAY_MORNING, thread_ts=ROOT))
    assert slack.tickets[0].messages[-1].by == "Leo Marsh"


def test_sup_3_whoever_of_us_is_flagged_is_not_the_customers_contact(slack: Slack) -> None:
    slack.take(message("From a call", user=STAFF_ID), flag=True)
    assert shown(slack)["contact"] is None
    assert asked_for_details(slack).startswith("Hi,")


def test_sup_3_a_channel_has_a_name(slack: Slack) -> None:
    slack.take(message())
    assert shown(slack)["channel_name"] == CHANNEL
    slack.cli.ok("channels", "name", CHANNEL, "#fleet-at-acme")
    assert (shown(slack)["channel"], shown(slack)["channel_name"]) == (CHANNEL, "#fleet-at-acme")
    assert "#fleet-at-acme" in slack.cli.ok("tickets", "show", slack.ticket.id)
    slack.cli.ok("channels", "add", "C02", "--customer", "Acme", "--name", "acme-two")
    assert "#acme-two" in slack.cli.ok("channels", "list")


def test_sup_3_a_subject_that_calls_everybody_calls_nobody_when_it_is_quoted(slack: Slack) -> None:
    slack.take(message(f"<!here> @channel <@{STAFF_ID}> it is down"))
    id_ = slack.ticket.id
    assert slack.ticket.subject == "Kathy Satterlee it is down"
    assert "@here" in slack.bodies("in")[0]
    slack.cli.ok("tickets", "set", id_, "subject=@everyone: <!channel> down")
    texts = [asked_for_details(slack)]
    texts += [row["text"] for row in slack.cli.json("tickets", "escalate", id_)["calls"]]
    assert len(texts) > 1
    for text in texts:
        assert not any(mark in text for mark in ("@here", "@channel", "@everyone", "<!", "@Kathy"))


def test_sup_3_the_automatic_answer_calls_nobody_but_the_author(slack: Slack) -> None:
    done = slack.take(message(user="<!here>", username="@channel"))
    assert done["reply"]["text"].startswith("Hi channel,")
