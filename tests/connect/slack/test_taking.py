"""What is written in Slack gets into the queue by Socket Mode, once, whatever the line does."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from fleettui.connect import slack_taker
from fleettui.connect.slack_stamps import NAME
from fleettui.errors import Unusable
from tests.support.slack_connection import ACME, KATHY, LEO, Connected, until
from tests.support.slack_methods import BOT_ID
from tests.support.slack_server import Fault, SlackServer, rate_limited


def test_sup_3_an_event_opens_a_ticket_and_its_thread_goes_on_there(
    connected: Connected, slack: SlackServer
) -> None:
    with connected.taking():
        first = slack.writes(ACME, LEO, "The hosts page is empty")
        slack.writes(ACME, LEO, "It is still empty", first)
        until(lambda: connected.bodies() == ["The hosts page is empty", "It is still empty"])
    (ticket,) = connected.tickets
    assert (ticket.customer, ticket.thread, ticket.way) == ("Acme", first, "slack")


def test_an_event_is_acknowledged_only_when_it_is_in_the_store(
    connected: Connected, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, tries = connected.desk.take, []

    def full(payloads: list[object], *, flag: bool = False) -> list[object]:
        tries.append(len(slack.sockets.acknowledged))
        if len(tries) < 3:
            raise Unusable("the disk is full")
        return list(take(payloads, flag=flag))

    with connected.taking():
        monkeypatch.setattr(connected.desk, "take", full)
        slack.writes(ACME, LEO, "The hosts page is empty")
        until(lambda: connected.bodies() == ["The hosts page is empty"])
        until(lambda: slack.sockets.unacknowledged == 0)
        until(lambda: connected.standing.now == "ok")
    assert tries[:3] == [0, 0, 0]
    assert any("the disk is full" in line for line in connected.lines)


def test_what_was_written_during_an_outage_is_read_afterwards(
    connected: Connected, slack: SlackServer
) -> None:
    with connected.taking():
        old = slack.writes(ACME, LEO, "before")
        until(lambda: connected.bodies() == ["before"])
    slack.page = 2
    for number in range(5):
        slack.writes(ACME, LEO, f"new {number}", unseen=True)
    slack.writes(ACME, LEO, "a reply", old, unseen=True)
    with connected.taking():
        assert sorted(connected.bodies()) == ["a reply", "before", *(f"new {number}" for number in range(5))]


def test_an_answer_in_an_old_thread_with_an_open_ticket_is_not_missed(
    connected: Connected, slack: SlackServer
) -> None:
    with connected.taking():
        old = slack.writes(ACME, LEO, "before")
        until(lambda: connected.bodies() == ["before"])
    start = slack.now()
    slack.now = lambda: start + timedelta(days=30).total_seconds()
    with connected.taking():
        slack.writes(ACME, LEO, "something else")
        until(lambda: len(connected.tickets) == 2)
    slack.writes(ACME, LEO, "a reply", old, unseen=True)
    with connected.taking():
        assert "a reply" in connected.bodies()


@pytest.mark.parametrize("content", ["", "{", '{"C01ACME": "yesterday"}'])
def test_the_file_of_seen_moments_may_be_lost(connected: Connected, slack: SlackServer, content: str) -> None:
    with connected.taking():
        slack.writes(ACME, LEO, "before")
        until(lambda: connected.bodies() == ["before"])
    file = connected.workspace.home / "service" / NAME
    file.write_text(content)
    slack.writes(ACME, LEO, "meanwhile", unseen=True)
    with connected.taking():
        assert connected.bodies() == ["before", "meanwhile"]


def test_a_channel_that_is_new_on_the_list_is_not_read_from_its_beginning(
    connected: Connected, slack: SlackServer
) -> None:
    slack.writes(ACME, LEO, "long ago", unseen=True)
    start = slack.now()
    slack.now = lambda: start + timedelta(days=2).total_seconds()
    with connected.taking():
        assert connected.bodies() == []


def test_slack_asks_for_a_new_connection_and_nothing_is_lost(
    connected: Connected, slack: SlackServer
) -> None:
    slack.sockets.grace = 3
    with connected.taking():
        for number in range(30):
            slack.writes(ACME, LEO, f"message {number}")
            if number in (5, 15):
                opened = slack.sockets.opened
                slack.sockets.refresh("refresh_requested" if number == 5 else "warning")
                until(lambda: slack.sockets.opened > opened)  # noqa: B023
        until(lambda: len(connected.bodies()) == 30)
    assert sorted(connected.bodies()) == sorted(f"message {number}" for number in range(30))
    assert not [line for line in connected.standing.said if line != "ok"]


def test_a_slack_that_ends_each_connection_is_not_asked_without_end(
    connected: Connected, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_taker, "OPEN_EVERY", 1.0)
    with connected.taking():
        slack.sockets.is_full = True
        before = slack.sockets.opened
        slack.sockets.refresh("too_many_websockets")
        began = time.monotonic()
        until(lambda: slack.sockets.opened >= before + 3)
        assert time.monotonic() - began > 1.5
        slack.sockets.is_full = False
        slack.writes(ACME, LEO, "after that")
        until(lambda: connected.bodies() == ["after that"])


def test_a_channel_that_is_listed_while_it_runs_is_known_from_then_on(
    connected: Connected, slack: SlackServer
) -> None:
    slack.channel("C02OTHER", "globex")
    slack.writes("C02OTHER", LEO, "long ago", unseen=True)
    start = slack.now()
    slack.now = lambda: start + 3600
    with connected.taking():
        connected.workspace.channels.add("C02OTHER", "Globex")
        opened = slack.sockets.opened
        slack.sockets.refresh()
        until(lambda: slack.sockets.opened > opened)
        until(lambda: connected.workspace.channels.get("C02OTHER").name == "globex")  # type: ignore[union-attr]
    slack.writes("C02OTHER", LEO, "meanwhile", unseen=True)
    with connected.taking():
        assert connected.bodies() == ["meanwhile"]


def test_a_broken_line_is_opened_again(connected: Connected, slack: SlackServer) -> None:
    with connected.taking():
        slack.fail("apps.connections.open", Fault("status", "503"), rate_limited(1), Fault("cut"))
        slack.sockets.cut()
        slack.writes(ACME, LEO, "after that")
        until(lambda: connected.bodies() == ["after that"], 30)
        until(lambda: connected.standing.now == "ok")
    assert any("503" in line for line in connected.standing.said)


def test_events_that_come_twice_and_out_of_order_are_there_once_and_in_order(
    connected: Connected, slack: SlackServer
) -> None:
    slack.sockets.twice, slack.sockets.reach = 0.5, 6
    with connected.taking():
        threads = [slack.writes(ACME, LEO, f"question {number}") for number in range(6)]
        for number in range(24):
            slack.writes(ACME, LEO, f"reply {number}", threads[number % 6])
        until(lambda: len(connected.bodies()) == 30 and slack.sockets.unacknowledged == 0)
    assert len(connected.tickets) == 6
    for ticket in connected.tickets:
        number = threads.index(ticket.thread)
        replies = [f"reply {reply}" for reply in range(number, 24, 6)]
        assert [message.body for message in ticket.messages] == [f"question {number}", *replies]


def test_our_own_posts_are_no_second_answer(connected: Connected, slack: SlackServer) -> None:
    with connected.taking():
        first = slack.writes(ACME, LEO, "The hosts page is empty")
        until(lambda: connected.bodies() != [])
        before = len(connected.tickets[0].messages)
        connected.bot.chat_postMessage(channel=ACME, text="We look", thread_ts=first, username="Kathy")
        slack.writes(ACME, LEO, "Thanks", first)
        until(lambda: "Thanks" in connected.bodies())
        assert slack.message(ACME, first)["reply_count"] == 2
    with connected.taking():
        assert len(connected.tickets[0].messages) == before + 1
    assert [message["bot_id"] for message in slack.posted(ACME)] == [BOT_ID]


def test_sup_1_the_shortcut_makes_a_ticket_of_any_message(connected: Connected, slack: SlackServer) -> None:
    slack.channel("C02OTHER", "general")
    with connected.taking():
        stamp = slack.writes("C02OTHER", LEO, "Can somebody look at this?")
        slack.shortcut("C02OTHER", stamp, KATHY)
        until(lambda: connected.bodies() == ["Can somebody look at this?"])
        until(lambda: len(slack.ephemeral) == 1)
        slack.shortcut("C02OTHER", slack.writes("C02OTHER", LEO, "And this?"), LEO)
        until(lambda: len(slack.ephemeral) == 2)
    (ticket,) = connected.tickets
    assert (ticket.way, ticket.contact) == ("flag", "Leo Marsh")
    made, refused = slack.ephemeral
    assert (made["user"], made["text"]) == (KATHY, f"{ticket.id} is made of it.")
    assert (refused["user"], "Only the team" in refused["text"]) == (LEO, True)


def test_names_of_people_and_channels_are_learned_where_nobody_gave_one(
    connected: Connected, slack: SlackServer
) -> None:
    customer = connected.workspace.customers.all()[0]
    connected.workspace.customers.contact(customer.id, LEO, {"slack": LEO})
    with connected.taking():
        slack.writes(ACME, LEO, "The hosts page is empty")
        until(lambda: connected.bodies() != [])
        slack.writes(ACME, LEO, "and more")
        until(lambda: len(connected.bodies()) == 2)
    assert slack.times("users.info") == 1
    (channel,) = connected.workspace.channels.all()
    assert channel.name == "fleet-at-acme"
    (contact,) = connected.workspace.customers.all()[0].contacts
    assert (contact.name, contact.slack) == ("Leo Marsh", LEO)
    assert connected.tickets[0].messages[0].by == "Leo Marsh"


def test_a_name_that_somebody_gave_stays(connected: Connected, slack: SlackServer) -> None:
    customer = connected.workspace.customers.all()[0]
    connected.workspace.customers.contact(customer.id, "Leonard M.", {"slack": LEO})
    connected.workspace.channels.name(ACME, "acme-vip")
    with connected.taking():
        slack.writes(ACME, LEO, "The hosts page is empty")
        until(lambda: connected.bodies() != [])
    assert connected.workspace.channels.all()[0].name == "acme-vip"
    assert connected.workspace.customers.all()[0].contacts[0].name == "Leonard M."
    assert connected.tickets[0].messages[0].by == "Leonard M."


def test_an_edit_and_a_deletion_reach_the_ticket(connected: Connected, slack: SlackServer) -> None:
    with connected.taking():
        first = slack.writes(ACME, LEO, "The hosts page is emtpy")
        second = slack.writes(ACME, LEO, "oops", first)
        until(lambda: len(connected.bodies()) == 2)
        slack.edits(ACME, first, "The hosts page is empty")
        slack.deletes(ACME, second)
        until(lambda: connected.tickets[0].messages[-1].deleted_at is not None)
        until(lambda: connected.bodies()[0] == "The hosts page is empty")
    slack.edits(ACME, first, "The hosts page is empty again", unseen=True)
    with connected.taking():
        assert connected.bodies()[0] == "The hosts page is empty again"


def test_a_history_that_slack_puts_off_is_read_later(connected: Connected, slack: SlackServer) -> None:
    with connected.taking():
        pass
    slack.writes(ACME, LEO, "meanwhile", unseen=True)
    slack.fail("conversations.history", rate_limited(1), rate_limited(0))
    with connected.taking():
        assert connected.bodies() == ["meanwhile"]


def test_a_channel_that_cannot_be_read_does_not_stop_the_others(
    connected: Connected, slack: SlackServer
) -> None:
    connected.workspace.channels.add("C03GONE", "Globex")
    with connected.taking():
        pass
    slack.writes(ACME, LEO, "meanwhile", unseen=True)
    with connected.taking():
        assert connected.bodies() == ["meanwhile"]
    assert connected.standing.remarks[-1].startswith("C03GONE cannot be read: channel_not_found")
