"""Slack events on standard input: SUP-1 to SUP-5, through the command line; as real processes where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fleettui.store.tinydb.store import TinyDBStore
from tests.support.connections import connect
from tests.support.slack_events import (
    CHANNEL,
    CUSTOMER_ID,
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

# SUP-2


def test_sup_2_it_acts_on_a_customer_out_of_hours_in_a_listed_channel(slack: Slack) -> None:
    done = slack.take(envelope(message()))
    assert (done["result"], done["ticket"]) == ("created", slack.ticket.id)
    ticket = slack.ticket
    assert (ticket.customer, ticket.tier, ticket.channel, ticket.way) == ("Acme", "Premium", CHANNEL, "slack")
    assert ticket.thread == stamp(SUNDAY_NIGHT)
    assert slack.bodies("in") == ["The hosts page is empty"]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (message(user=STAFF_ID), "on the team"),
        (message(user=STAFF_ID.lower()), "on the team"),
        (message(user="U0X", user_profile={"email": "Kathy@Fleet.example"}), "on the team"),
        (message(at=MONDAY_MORNING), "in business hours"),
        (message(at="2026-03-06 15:59"), "in business hours"),
        (message(channel="C0OTHER"), "not on the list"),
        (message(bot_id="B01"), "a bot"),
        (message(subtype="bot_message"), "a bot"),
        (message(user="USLACKBOT"), "a bot"),
        (message(user=None), "who wrote it"),
        (message(words="  "), "nothing in it"),
        (message(subtype="channel_join"), "channel_join"),
    ],
)
def test_sup_2_every_one_of_its_conditions_is_needed(slack: Slack, event: dict[str, Any], why: str) -> None:
    done = slack.take(envelope(event))
    assert (done["result"], done["ticket"], "reply" in done) == ("ignored", None, False)
    assert why in done["why"]
    assert slack.tickets == []


@pytest.mark.parametrize(
    "at", ["2026-03-06 16:00", "2026-03-09 05:59", "2026-03-07 11:00", "2026-02-16 10:00"]
)
def test_sup_2_closing_time_weekends_and_holidays_are_outside_business_hours(slack: Slack, at: str) -> None:
    """16:00 is closed, 16 February 2026 is a federal holiday, and the moment of posting counts, not that of arrival."""
    assert slack.take(envelope(message(at=at)))["result"] == "created"


def test_sup_2_whoever_left_the_team_is_a_customer_like_others(slack: Slack) -> None:
    slack.workspace.people.edit("kathy", {"active": False})
    assert slack.take(message(user=STAFF_ID))["result"] == "created"


# SUP-3


def test_sup_3_the_first_message_is_answered_once_and_the_next_are_added(slack: Slack) -> None:
    first = message()
    created, appended = slack.send(
        envelope(first),
        envelope(message("It is back", unique=200, thread_ts=first["ts"]), "Ev02"),
    )
    reply = created["reply"]
    assert (reply["channel"], reply["thread"]) == (CHANNEL, first["ts"])
    assert f"<@{CUSTOMER_ID}>" in reply["text"]
    assert "Monday to Friday, 6:00 to 16:00" in reply["text"]
    assert created["ticket"] in reply["text"]
    assert (appended["result"], appended["ticket"], "reply" in appended) == (
        "appended",
        created["ticket"],
        False,
    )
    assert slack.bodies("in") == ["The hosts page is empty", "It is back"]


def test_sup_3_sla_15_the_automatic_answer_is_on_the_ticket_and_clears_no_debt(slack: Slack) -> None:
    slack.take(envelope(message()))
    (automatic,) = [message for message in slack.ticket.messages if message.direction == "out"]
    assert automatic.automatic
    shown = slack.cli.json("tickets", "show", slack.ticket.id)
    assert shown["owed_since"] is not None
    assert [message["direction"] for message in shown["messages"]] == ["in", "out"]


def test_sup_3_where_the_policy_says_so_the_automatic_answer_leaves_by_the_outbox_once(slack: Slack) -> None:
    connect(slack.workspace.home, slack={"answers": "copy", "auto_reply": "send"})
    done = slack.send(envelope(message()), envelope(message()))
    assert not any("reply" in outcome for outcome in done), "nobody else posts it"
    slack.workspace.refresh()
    (order,) = slack.workspace.outbox.all()
    assert (order.delivery.way, order.delivery.to, order.is_automatic) == ("slack", (CHANNEL,), True)
    assert order.delivery.thread == stamp(SUNDAY_NIGHT)
    assert order.delivery.is_due(order.delivery.leaves_at)
    assert slack.cli.json("tickets", "show", order.id)["owed_since"] is not None


def test_sup_3_a_ticket_that_was_typed_in_for_the_thread_gets_the_message_and_nobody_is_answered(
    slack: Slack,
) -> None:
    slack.workspace.tickets.new("Acme", "Hosts page", thread=stamp(SUNDAY_NIGHT), channel="#fleet-at-acme")
    done = slack.take(message("More of it", unique=300, thread_ts=stamp(SUNDAY_NIGHT)))
    assert (done["result"], done["ticket"], "reply" in done) == ("appended", slack.ticket.id, False)


def test_sup_3_a_thread_that_is_written_with_its_channel_is_found_too(slack: Slack) -> None:
    root = stamp(SUNDAY_NIGHT)
    slack.workspace.tickets.new("Acme", "Hosts page", thread=f"{CHANNEL}/{root}", channel=CHANNEL)
    assert slack.take(message("More", unique=300, thread_ts=root))["ticket"] == slack.ticket.id


def test_sup_3_the_same_stamp_in_another_channel_is_another_thread(slack: Slack) -> None:
    slack.workspace.channels.add("C02BOLT", "Bolt")
    ours, theirs = slack.send(message(), message("Ours is slow", channel="C02BOLT"))
    assert (ours["result"], theirs["result"]) == ("created", "created")
    again = slack.take(message("Still slow", channel="C02BOLT", unique=500, thread_ts=stamp(SUNDAY_NIGHT)))
    assert (again["result"], again["ticket"]) == ("appended", theirs["ticket"])
    assert [ticket.customer for ticket in slack.tickets] == ["Acme", "Bolt"]


def test_sup_3_a_new_message_opens_a_resolved_ticket_again(slack: Slack) -> None:
    slack.take(message())
    slack.workspace.refresh()
    slack.workspace.tickets.resolve(slack.ticket.id, documentation="no", unanswered=True)
    assert (
        slack.take(message("Not solved", unique=300, thread_ts=stamp(SUNDAY_NIGHT)))["result"] == "appended"
    )
    assert slack.ticket.status == "open"


# SUP-4, SUP-5


def test_sup_4_a_ticket_from_a_thread_reply_has_the_link_and_only_that_message(slack: Slack) -> None:
    root = stamp("2026-03-06 09:00")
    done = slack.take(message("Still there?", thread_ts=root, parent_user_id=STAFF_ID))
    assert done["result"] == "created"
    assert done["reply"]["thread"] == root
    assert slack.ticket.thread == root
    assert slack.ticket.link == f"https://slack.com/archives/{CHANNEL}/p{root.replace('.', '')}"
    assert slack.bodies("in") == ["Still there?"]


FILES = [{"id": "F01", "name": "debug.zip", "url_private": "https://files.example/x"}, {"id": "F02"}]


def test_sup_5_what_is_only_a_file_begins_nothing(slack: Slack) -> None:
    done = slack.take(message("", subtype="file_share", files=FILES))
    assert (done["result"], done["ticket"]) == ("ignored", None)
    assert "SUP-5" in done["why"]
    assert slack.tickets == []


def test_sup_5_the_ticket_notes_that_files_were_left_behind(slack: Slack) -> None:
    slack.take(message("See the archive", subtype="file_share", files=FILES))
    assert slack.ticket.messages[0].files == ("debug.zip", "F02")
    assert slack.bodies("note") == [
        "2 files were left behind in Slack: debug.zip (https://files.example/x), F02"
    ]


def test_sup_5_a_file_alone_is_noted_on_the_ticket_that_is_there(slack: Slack) -> None:
    slack.take(message())
    before = len(slack.ticket.messages)
    only_a_file = message("", unique=300, thread_ts=stamp(SUNDAY_NIGHT), files=FILES[:1])
    first, again = slack.send(only_a_file, only_a_file)
    assert (first["ticket"], "reply" in first) == (slack.ticket.id, False)
    assert slack.bodies("note") == ["A file was left behind in Slack: debug.zip (https://files.example/x)"]
    assert (again["result"], len(slack.ticket.messages)) == ("ignored", before + 1)


# Retries, edits, deletions


def test_sup_3_a_retried_event_changes_nothing(slack: Slack) -> None:
    event = envelope(message("Look", files=FILES))
    slack.take(event)
    before = slack.ticket
    again = slack.send(event, event, {"envelope_id": "e", "type": "events_api", "payload": event})
    assert [(outcome["result"], outcome["ticket"], "reply" in outcome) for outcome in again] == [
        ("ignored", before.id, False)
    ] * 3
    assert slack.ticket == before


def test_sup_3_one_event_in_many_sessions_at_once_makes_one_ticket_and_one_answer(slack: Slack) -> None:
    event = json.dumps(envelope(message()))
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda _: slack.process.json("intake", "slack", stdin=event), range(6)))
    done = [only for (only,) in outcomes]
    assert sorted(outcome["result"] for outcome in done) == ["created", *["ignored"] * 5]
    assert sum("reply" in outcome for outcome in done) == 1
    assert [message.direction for message in slack.ticket.messages] == ["in", "out"]


def test_sup_3_an_answer_that_a_crash_kept_back_goes_out_with_the_retry(slack: Slack) -> None:
    """The process died after the ticket and before its answer: nobody has posted it yet."""
    template = slack.workspace.home / "handbook" / "templates" / "out-of-hours.j2"
    template.parent.mkdir(exist_ok=True)
    template.write_text("{{ nobody_knows }}")
    first = slack.take(message())
    assert first["result"] == "created"
    assert "no answer was sent" in first["why"]
    template.unlink()
    again, third = slack.send(message(), message())
    assert again["reply"]["text"].startswith(f"Hi <@{CUSTOMER_ID}>")
    assert "reply" not in third


def test_an_edit_is_recorded_at_any_hour_and_an_older_one_does_not_undo_it(slack: Slack) -> None:
    first = message()
    newest = edit(first, "Both pages are empty", at=MONDAY_MORNING)
    late = edit(first, "The page", at=SUNDAY_NIGHT)
    slack.take(first)
    assert slack.take(newest)["result"] == "appended"
    assert [outcome["result"] for outcome in slack.send(newest, late)] == ["ignored", "ignored"]
    assert slack.bodies("in") == ["Both pages are empty"]
    assert slack.ticket.messages[0].edited_at is not None


def test_an_unfolded_link_is_no_edit(slack: Slack) -> None:
    slack.take(message())
    before = slack.ticket
    assert "as they were" in slack.take(edit(message(), message()["text"]))["why"]
    assert slack.ticket == before


@pytest.mark.parametrize("whole", [True, False])
def test_a_deletion_is_recorded_once_and_owes_nothing(slack: Slack, whole: bool) -> None:
    gone = deletion(message())
    if not whole:
        gone.pop("previous_message")
    slack.take(message())
    first, again = slack.send(gone, gone)
    assert (first["result"], again["result"]) == ("appended", "ignored")
    assert slack.ticket.messages[0].deleted_at is not None
    assert slack.ticket.messages[0].body == "The hosts page is empty"


def test_the_first_message_of_a_thread_leaves_a_tombstone_when_it_is_deleted(slack: Slack) -> None:
    slack.take(message())
    tomb = edit(message(), "This message was deleted.")
    tomb["message"]["subtype"] = "tombstone"
    assert slack.take(tomb)["result"] == "appended"
    assert slack.ticket.messages[0].deleted_at is not None


def test_edits_of_what_is_on_no_ticket_are_ignored(slack: Slack) -> None:
    done = slack.send(edit(message(), "else"), deletion(message()), edit(message(user=STAFF_ID), "x"))
    assert [outcome["result"] for outcome in done] == ["ignored"] * 3
    assert slack.tickets == []


# SUP-1


def test_sup_1_a_flagged_thread_becomes_a_ticket_at_any_hour_and_is_not_answered(slack: Slack) -> None:
    done = slack.take(envelope(message(at=MONDAY_MORNING)), flag=True)
    assert (done["result"], "reply" in done) == ("created", False)
    assert (slack.ticket.way, slack.ticket.customer) == ("flag", "Acme")
    assert "reply" not in slack.take(envelope(message(at=MONDAY_MORNING)))


def test_sup_1_a_message_shortcut_flags_its_message(slack: Slack) -> None:
    shortcut = {
        "type": "message_action",
        "team": {"id": "T1", "domain": "ourteam"},
        "channel": {"id": "C0PRIVATE", "name": "elsewhere"},
        "user": {"id": STAFF_ID},
        "message": message(at=MONDAY_MORNING),
    }
    assert slack.take(shortcut)["result"] == "ignored"
    assert slack.take(shortcut, flag=True)["result"] == "created"
    assert (slack.ticket.customer, slack.ticket.channel) == ("#elsewhere", "C0PRIVATE")
    assert slack.ticket.link.startswith("https://ourteam.slack.com/archives/C0PRIVATE/p")


def test_sup_1_words_of_ours_on_a_flagged_thread_are_a_note_where_there_is_a_ticket(slack: Slack) -> None:
    slack.take(message())
    ours = message("Needs a look", MONDAY_MORNING, user=STAFF_ID, thread_ts=stamp(SUNDAY_NIGHT))
    assert slack.take(ours, flag=True)["result"] == "appended"
    assert slack.bodies("note") == ["Needs a look"]
    alone = message("From a call", MONDAY_MORNING, user=STAFF_ID, unique=900)
    assert slack.take(alone, flag=True)["result"] == "created"


def test_sup_8_a_flagged_direct_message_is_known_as_one(slack: Slack) -> None:
    slack.take(message(channel="D01PRIVATE", channel_type="im"), flag=True)
    assert slack.ticket.by_dm


# Shapes and batches


def test_every_shape_of_a_payload_is_taken(slack: Slack) -> None:
    event = envelope(message("socket", unique=3))
    as_array = json.dumps([message("array", unique=1), envelope(message("array too", unique=2))])
    assert len(slack.cli.json("intake", "slack", stdin=as_array)) == 2
    pretty = json.dumps({"envelope_id": "e", "type": "events_api", "payload": event}, indent=2)
    assert slack.cli.json("intake", "slack", stdin=pretty)[0]["result"] == "created"
    assert slack.cli.json("intake", "slack", stdin="\ufeff" + json.dumps(message("bare", unique=4)))
    assert len(slack.tickets) == 4


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"type": "url_verification", "challenge": "x"}, "answers that"),
        ({"type": "event_callback", "event": {"type": "reaction_added"}}, "'reaction_added'"),
        ({"type": "app_rate_limited"}, "too many"),
        ({"type": "event_callback"}, "no Slack event"),
        ({}, "nothing for the queue"),
        (7, "expected an object"),
        (None, "expected an object"),
        (message(ts="yesterday"), "`ts`"),
        (message(ts=None), "`ts`"),
        (message(thread_ts={"a": 1}, channel=["C"]), "`channel`"),
        (message(ts="9999999999999999.1"), "`ts`"),
    ],
)
def test_what_is_nothing_for_the_queue_is_ignored_with_the_reason(
    slack: Slack, payload: Any, why: str
) -> None:
    done = slack.take([payload] if payload is None else payload)
    assert (done["result"], done["ticket"]) == ("ignored", None)
    assert why in done["why"]


def test_one_bad_message_does_not_stop_a_batch(slack: Slack) -> None:
    good = [json.dumps(message(f"No. {n}", unique=n)) for n in (1, 2)]
    done = slack.cli.json("intake", "slack", stdin="\n".join([good[0], '{"type": "mess', "", good[1]]))
    assert [outcome["result"] for outcome in done] == ["created", "ignored", "created"]
    assert done[1]["error"] is True
    assert "not JSON" in done[1]["why"]


def test_without_json_every_outcome_is_a_line_of_its_own(slack: Slack) -> None:
    text = slack.process.ok("intake", "slack", stdin=json.dumps([message(unique=1), message(unique=2)]))
    assert [json.loads(row)["result"] for row in text.splitlines()] == ["created", "created"]


def test_nothing_on_standard_input_is_nothing_to_do_and_nothing_readable_is_an_error(slack: Slack) -> None:
    assert slack.process.json("intake", "slack", stdin=" \n") == []
    assert "not JSON" in slack.process.fails(2, "intake", "slack", stdin="hello there")


def test_the_other_messages_of_a_batch_are_told_when_the_workspace_fails(slack: Slack) -> None:
    (slack.workspace.home / "locks").rename(slack.workspace.home / "elsewhere")
    (slack.workspace.home / "locks").write_text("in the way")
    done = slack.process.run(
        "intake", "slack", "--json", stdin=json.dumps([message(user=STAFF_ID), message()])
    )
    assert done.returncode == 3
    assert [outcome["result"] for outcome in json.loads(done.stdout)] == ["ignored"]
    assert done.stderr.startswith("fleettui: ")


def test_a_batch_shows_its_progress_to_a_person(slack: Slack) -> None:
    ours, theirs = os.openpty()
    try:
        words = [sys.executable, "-m", "fleettui", "--home", str(slack.cli.home), "intake", "slack", "--json"]
        raw = json.dumps([message(unique=1), message(unique=2)]).encode()
        done = subprocess.run(words, input=raw, stdout=subprocess.PIPE, stderr=theirs, check=True)
        assert b"2 of 2 taken in" in os.read(ours, 10_000)
        assert len(json.loads(done.stdout)) == 2
    finally:
        os.close(ours)
        os.close(theirs)


# Hostile text


def test_hostile_text_is_harmless_on_the_ticket_and_in_the_answer(slack: Slack) -> None:
    evil = "\x1b[2J[@click=app.quit]x[/]\u202ereversed\x00 \ud800 <!channel> &lt;b&gt;"
    name = "Eve <!channel> \u202e{{ 7*7 }}"
    done = slack.take(message(evil, user="<!here>", user_profile={"real_name": name}))
    (text,) = slack.bodies("in")
    assert not set(text) & set("\x1b\u202e\x00\ud800")
    assert "<b>" in text
    assert "<!channel>" not in done["reply"]["text"]
    assert "{{ 7*7 }}" in done["reply"]["text"]


def test_a_megabyte_of_subject_and_links_is_cut_and_not_slow(slack: Slack) -> None:
    done = slack.take(message("<" * 500_000 + "<https://x.example|" * 30_000))
    assert done["result"] == "created"
    assert len(slack.ticket.messages[0].body) <= 100_000
    assert len(slack.ticket.subject) <= 500


def test_mentions_links_and_words_in_blocks_are_readable(slack: Slack) -> None:
    slack.take(message("<http://x.example/|x.example> is slow", unique=4))
    assert slack.bodies("in") == ["http://x.example/ is slow"]
    text = f"<@{STAFF_ID}> see <https://x.example/a|the page> &amp; <#C1|general>, <mailto:a@b.example|a@b.example>"
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "only in blocks"}]},
            ],
        }
    ]
    passed_on = [{"text": "passed on", "fallback": "x"}]
    slack.send(
        message(text, unique=5, thread_ts=stamp(SUNDAY_NIGHT, 4)),
        message("", unique=6, thread_ts=stamp(SUNDAY_NIGHT, 4), blocks=blocks),
        message("", unique=7, thread_ts=stamp(SUNDAY_NIGHT, 4), attachments=passed_on),
    )
    assert slack.bodies("in")[1:] == [
        "@Kathy Satterlee see the page (https://x.example/a) & #general, a@b.example",
        "only in blocks",
        "passed on",
    ]


def test_sup_3_a_message_that_is_passed_on_with_words_of_ones_own_is_kept(slack: Slack) -> None:
    slack.take(message("It is down", unique=4))
    shared = {"is_share": True, "author_name": "Leo", "text": "We see 502 since noon\nand lost a host"}
    unfolded = {"from_url": "https://x.example", "text": "A page that Slack has unfolded"}
    passed_on = message(
        "Read this", unique=5, thread_ts=stamp(SUNDAY_NIGHT, 4), attachments=[unfolded, shared]
    )
    assert slack.take(passed_on)["result"] == "appended"
    assert slack.bodies("in")[-1] == "Read this\n\n> We see 502 since noon\n> and lost a host"


def test_sup_3_replies_to_threads_without_a_ticket_do_not_read_the_archive_each_time(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = []
    whole = TinyDBStore.all

    def counted(self: TinyDBStore, collection: Any, **more: Any) -> Any:
        reads.append(more.get("archived", False))
        return whole(self, collection, **more)

    monkeypatch.setattr(TinyDBStore, "all", counted)
    thread = stamp(SUNDAY_NIGHT, 99)
    replies = [message("Hi", unique=100 + n, thread_ts=thread, channel="C404") for n in range(30)]
    assert {done["result"] for done in slack.send(*replies)} == {"ignored"}
    assert sum(reads) == 1
