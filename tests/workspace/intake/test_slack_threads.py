"""A Slack thread that has a ticket takes everything, at any hour, from anybody: SUP-3, SUP-12, SUP-21."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.folders import files_of
from tests.support.slack_events import (
    MONDAY_MORNING,
    STAFF_ID,
    SUNDAY_NIGHT,
    deletion,
    edit,
    envelope,
    message,
    stamp,
)
from tests.support.slack_intake import Slack

ROOT = stamp(SUNDAY_NIGHT)


def in_thread(words: str, at: str = MONDAY_MORNING, **more: Any) -> dict[str, Any]:
    return message(words, at, thread_ts=ROOT, **more)


def ours(words: str, at: str = MONDAY_MORNING, **more: Any) -> dict[str, Any]:
    return in_thread(words, at, user=STAFF_ID, **more)


def owed(slack: Slack) -> str | None:
    since: str | None = slack.cli.json("tickets", "show", slack.ticket.id)["owed_since"]
    return since


def answers(slack: Slack) -> list[tuple[str, str]]:
    return [
        (message.by, message.body)
        for message in slack.ticket.messages
        if message.direction == "out" and not message.automatic
    ]


@pytest.fixture
def asked(slack: Slack) -> Slack:
    assert slack.take(envelope(message()))["result"] == "created"
    return slack


def test_sup_3_a_customer_who_adds_to_the_thread_in_business_hours_is_heard(asked: Slack) -> None:
    """The automatic answer itself promises it: whatever you add in this thread goes into the ticket."""
    asked.cli.ok("tickets", "reply", asked.ticket.id, "--body", "We look into it.")
    assert owed(asked) is None
    done = asked.take(in_thread("It is worse now"))
    assert (done["result"], done["ticket"], "reply" in done) == ("appended", asked.ticket.id, False)
    assert asked.bodies("in")[-1] == "It is worse now"
    assert owed(asked) is not None


def test_sup_12_waiting_labels_go_and_the_ticket_opens_again_in_business_hours(asked: Slack) -> None:
    id_ = asked.ticket.id
    asked.cli.ok("tickets", "label", id_, "--add", "+logs")
    asked.take(in_thread("Here they are"))
    assert asked.ticket.labels == ()
    asked.cli.ok("tickets", "resolve", id_, "--documentation", "no", "--unanswered")
    asked.take(in_thread("Not solved", unique=300))
    assert asked.ticket.status == "open"


def test_sup_3_a_thread_goes_on_when_its_channel_is_no_longer_listed(asked: Slack) -> None:
    asked.cli.ok("channels", "remove", message()["channel"])
    assert asked.take(in_thread("And now?"))["result"] == "appended"


def test_sup_3_what_arrives_for_a_merged_ticket_goes_to_the_one_that_continues_it(asked: Slack) -> None:
    gone = asked.ticket.id
    stays = asked.cli.json("tickets", "new", "--customer", "Acme", "--subject", "Hosts page")["id"]
    asked.cli.ok("tickets", "merge", gone, "--into", stays)
    done = asked.send(in_thread("And now?"), ours("Better?", "2026-03-09 08:10"))
    assert [(row["result"], row["ticket"]) for row in done] == [("appended", stays)] * 2


def test_sup_21_our_words_in_the_thread_are_an_answer_in_our_name(asked: Slack) -> None:
    done = asked.take(ours("Please restart it"))
    assert (done["result"], done["ticket"]) == ("appended", asked.ticket.id)
    assert answers(asked) == [("kathy", "Please restart it")]
    assert owed(asked) is None


def test_sup_21_what_was_recorded_in_fleettui_and_posted_in_slack_counts_once(asked: Slack) -> None:
    asked.cli.ok("tickets", "reply", asked.ticket.id, "--body", "Please *restart* the server.")
    event = envelope(ours("Hi Leo, please restart the server.", "2026-03-09 07:40"))
    done = asked.send(event, event)
    assert [row["result"] for row in done] == ["ignored", "ignored"]
    assert "recorded already" in done[0]["why"]
    assert len(answers(asked)) == 1


def test_sup_21_an_answer_that_is_edited_or_taken_back_in_slack_is_so_here(asked: Slack) -> None:
    first = ours("Restart it")
    asked.send(first, edit(first, "Restart the server", MONDAY_MORNING))
    assert answers(asked) == [("kathy", "Restart the server")]
    assert owed(asked) is None
    asked.take(deletion(first, MONDAY_MORNING))
    assert owed(asked) is not None


def test_sup_21_an_answer_delivered_after_a_newer_question_leaves_that_owed(asked: Slack) -> None:
    question, answer = in_thread("And now?", "2026-03-09 08:20"), ours("Restart it", "2026-03-09 08:10")
    asked.send(question, answer, question, answer)
    assert [message.direction for message in asked.ticket.messages] == ["in", "out", "out", "in"]
    since = owed(asked)
    assert since is not None
    assert since.startswith("2026-03-09T08:20")


def test_sup_3_an_edit_that_arrives_before_its_message_is_that_message(asked: Slack) -> None:
    posted = in_thread("It is dwon")
    done = asked.send(edit(posted, "It is down", "2026-03-09 08:05"), posted)
    assert [row["result"] for row in done] == ["appended", "ignored"]
    assert asked.bodies("in")[-1] == "It is down"


def test_sup_4_an_edit_of_what_is_older_than_the_ticket_is_not_added(asked: Slack) -> None:
    older = in_thread("Long ago", "2026-03-06 09:00")
    assert asked.take(edit(older, "Longer ago", MONDAY_MORNING))["result"] == "ignored"


def test_sup_3_a_bot_in_the_thread_is_noted_and_nobody_is_owed_an_answer(asked: Slack) -> None:
    asked.cli.ok("tickets", "reply", asked.ticket.id, "--body", "We look into it.")
    alert = in_thread(
        "Alert: CPU at 90 %", subtype="bot_message", bot_id="B01", bot_profile={"name": "Alerts"}
    )
    assert asked.take(alert)["result"] == "appended"
    assert asked.bodies("note") == ["Alert: CPU at 90 %"]
    assert asked.ticket.messages[-1].by == "Alerts"
    assert owed(asked) is None


def test_sup_3_our_automatic_answer_seen_in_the_thread_stays_automatic(slack: Slack) -> None:
    text = slack.take(message())["reply"]["text"]
    posted = slack.take(in_thread(text, bot_id="B02"))
    by_user_token = slack.take(ours(text, unique=400))
    assert [posted["result"], by_user_token["result"]] == ["ignored", "ignored"]
    assert [message.direction for message in slack.ticket.messages] == ["in", "out"]
    assert owed(slack) is not None


def test_sup_2_a_thread_without_a_ticket_is_left_alone_in_business_hours(slack: Slack) -> None:
    done = slack.send(in_thread("Hello?"), ours("Hello!"))
    assert [row["result"] for row in done] == ["ignored", "ignored"]
    assert slack.tickets == []


def test_sup_3_a_flagged_thread_takes_what_follows(slack: Slack) -> None:
    slack.take(message(at=MONDAY_MORNING, channel="C0OTHER"), flag=True)
    root = stamp(MONDAY_MORNING)
    more = message("More", "2026-03-09 08:30", channel="C0OTHER", thread_ts=root)
    answer = message("Solved", "2026-03-09 08:40", channel="C0OTHER", thread_ts=root, user=STAFF_ID)
    assert [row["result"] for row in slack.send(more, answer)] == ["appended", "appended"]
    assert answers(slack) == [("kathy", "Solved")]


def test_sup_3_a_reply_to_a_thread_of_an_archived_ticket_opens_it_again(asked: Slack) -> None:
    id_, months_later = asked.ticket.id, NOW + timedelta(days=90)
    asked.cli.ok("tickets", "resolve", id_, "--documentation", "no", "--unanswered")
    later = Workspace.open(asked.workspace.home, clock=frozen_clock(months_later), login="kathy")
    files_of(later).checkpoint(TICKETS, months_later)
    assert asked.tickets == []
    assert asked.take(in_thread("It is back", "2026-06-08 09:00"))["ticket"] == id_
    assert asked.ticket.status == "open"
