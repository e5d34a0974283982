"""Our answers are posted in their thread, each once, whatever becomes of the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from msgspec.structs import replace

from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.connect.slack_sender import ANSWER, SlackSender
from fleettui.connect.slack_web import SlackWeb
from fleettui.domain.delivery.model import Delivery
from fleettui.domain.team.people import Person
from fleettui.workspace.orders import Order
from tests.support.slack_connection import ACME, KATHY, LEO
from tests.support.slack_methods import BOT_TOKEN
from tests.support.slack_server import Fault, SlackServer, rate_limited

AT = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
LONG = "\n\n".join(f"Paragraph {number}: " + "some words. " * 100 for number in range(9))
NAMES = {"leo": LEO, "kathy": KATHY}


def names(_: Order) -> Mapping[str, str]:
    return NAMES


@pytest.fixture
def sender(slack: SlackServer) -> SlackSender:
    return SlackSender(
        lambda: SlackWeb(BOT_TOKEN, slack.url, timeout=2), names, lambda: LATER, Event(), settles_in=0.1
    )


def order(
    thread: str = "", body: str = "It is <done>", tries: int = 1, channel: str = ACME, key: str = "m7"
) -> Order:
    delivery = Delivery(
        way="slack", to=(channel,), thread=thread, state="sending", leaves_at=AT, tries=tries, tried_at=AT
    )
    who = Person(id="kathy", name="Kathy Bates")
    return Order(f"T-1042/{key}", delivery, "The hosts page", body, AT, who)


def bodies(slack: SlackServer) -> list[str]:
    return [message["text"] for message in slack.posted(ACME)]


def test_an_answer_goes_into_its_thread_in_its_author_s_name(sender: SlackSender, slack: SlackServer) -> None:
    thread = slack.writes(ACME, LEO, "Is it?")
    stamp = sender.send(order(thread, "Hi @Leo, it is <done> <!here>"))
    (posted,) = slack.posted(ACME)
    assert (posted["ts"], posted["thread_ts"], posted["username"]) == (stamp, thread, "Kathy Bates")
    assert posted["text"] == f"Hi <@{LEO}>, it is &lt;done&gt; &lt;!here&gt;"
    assert posted["metadata"]["event_type"] == ANSWER
    assert posted["metadata"]["event_payload"]["key"] == "T-1042/m7"
    ((_, asked),) = [call for call in slack.calls if call[0] == "chat.postMessage"]
    assert (asked["parse"], asked["link_names"], asked["unfurl_links"], asked["unfurl_media"]) == (
        "none", False, False, False,
    )  # fmt: skip


def test_what_nobody_wrote_has_the_app_s_own_name(sender: SlackSender, slack: SlackServer) -> None:
    automatic = order()
    sender.send(Order("L-3", automatic.delivery, "", "We are closed", AT, Person(id="fleettui", name="")))
    assert "username" not in slack.posted(ACME)[0]


def test_a_long_answer_is_posted_in_parts_each_with_its_own_key(
    sender: SlackSender, slack: SlackServer
) -> None:
    thread = slack.writes(ACME, LEO, "Is it?")
    first = sender.send(order(thread, LONG))
    posted = slack.posted(ACME)
    keys = [message["metadata"]["event_payload"]["key"] for message in posted]
    assert keys == ["T-1042/m7", "T-1042/m7#2", "T-1042/m7#3"]
    assert posted[0]["ts"] == first
    assert all(len(message["text"]) <= 4000 and message["thread_ts"] == thread for message in posted)


@pytest.mark.parametrize("thread", [True, False])
@pytest.mark.parametrize(
    "fault",
    [Fault("done then cut"), Fault("done then hang", hang=10), Fault("cut"), Fault("status", "503"),
     Fault("garbage"), Fault("error", "fatal_error")],
)  # fmt: skip
def test_where_nobody_knows_the_thread_is_read_before_another_try(
    sender: SlackSender, slack: SlackServer, fault: Fault, thread: bool
) -> None:
    written = order(slack.writes(ACME, LEO, "Is it?") if thread else "")
    slack.fail("chat.postMessage", fault)
    if fault.kind.startswith("done"):
        stamp = sender.send(written)
    else:
        with pytest.raises(NotSent) as raised:
            sender.send(written)
        assert raised.value.again_after is not None
        again = order(written.delivery.thread, tries=2)
        assert sender.look(again) is None
        stamp = sender.send(again)
        assert sender.look(again) == stamp
    assert [message["ts"] for message in slack.posted(ACME)] == [stamp]


def test_it_goes_on_with_the_part_at_which_it_stopped(sender: SlackSender, slack: SlackServer) -> None:
    thread, tries = slack.writes(ACME, LEO, "Is it?"), 1
    posts = 0

    def plan(method: str) -> Fault | None:
        nonlocal posts
        posts += method == "chat.postMessage"
        if method != "chat.postMessage":
            return None
        return {
            2: rate_limited(90),
            3: Fault("cut"),
            4: Fault("status", "500"),
            5: Fault("done then cut"),
        }.get(posts)

    slack.plan = plan
    while True:
        try:
            sender.send(order(thread, LONG, tries))
        except NotSent as error:
            assert error.again_after
            assert sender.look(order(thread, LONG, tries)) is None
            tries += 1
        else:
            break
    keys = [message["metadata"]["event_payload"]["key"] for message in slack.posted(ACME)]
    assert keys == ["T-1042/m7", "T-1042/m7#2", "T-1042/m7#3"]
    assert tries > 3


def test_what_cannot_be_found_out_is_unknown(sender: SlackSender, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", Fault("done then cut"))
    slack.fail("conversations.history", *[Fault("status", "503")] * 3)
    with pytest.raises(Unknown):
        sender.send(order())
    assert sender.look(order()) == slack.posted(ACME)[0]["ts"]


def test_the_same_number_of_another_workspace_s_text_is_another_answer(
    sender: SlackSender, slack: SlackServer
) -> None:
    sender.send(order(body="before the backup was put back"))
    assert sender.look(order()) is None
    sender.send(order(tries=2))
    assert bodies(slack) == ["before the backup was put back", "It is &lt;done&gt;"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "invite the app"),
        ("is_archived", "archived"),
        ("msg_too_long", "too long"),
        ("restricted_action", "do not let the app post"),
        ("something_new", "Slack says something_new"),
    ],
)
def test_what_will_never_work_is_said_in_words(
    sender: SlackSender, slack: SlackServer, error: str, words: str
) -> None:
    slack.fail("chat.postMessage", Fault("error", error))
    with pytest.raises(NotSent, match=words) as raised:
        sender.send(order())
    assert raised.value.again_after is None
    assert error in raised.value.why


def test_a_channel_without_the_app_is_said_by_slack_itself(sender: SlackSender, slack: SlackServer) -> None:
    slack.channel("C02OTHER", joined=False)
    for channel, word in (("C02OTHER", "not_in_channel"), ("C03NONE", "channel_not_found")):
        with pytest.raises(NotSent, match=word):
            sender.send(order(channel=channel))


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_what_is_wrong_with_the_connection_is_no_fault_of_the_answer(
    sender: SlackSender, slack: SlackServer, error: str
) -> None:
    sender.open()
    slack.fail("chat.postMessage", Fault("error", error))
    with pytest.raises(NotSent) as raised:
        sender.send(order())
    assert raised.value.again_after == timedelta(minutes=5)
    slack.fail("auth.test", Fault("error", error))
    with pytest.raises(Down, match=error):
        sender.open()
    sender.open()
    sender.send(order(tries=2))
    assert len(bodies(slack)) == 1


def test_it_waits_itself_when_slack_wants_fewer_requests(sender: SlackSender, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", rate_limited(1), rate_limited(0))
    sender.send(order())
    slack.fail("chat.postMessage", rate_limited(600))
    with pytest.raises(NotSent) as raised:
        sender.send(order(key="m8", body="more"))
    assert raised.value.again_after == timedelta(seconds=600)
    assert len(bodies(slack)) == 1


def test_after_a_restart_a_thread_that_is_gone_has_no_answer_of_ours(
    sender: SlackSender, slack: SlackServer
) -> None:
    assert sender.look(order("1700000000.000001")) is None


def test_what_cannot_be_read_for_now_is_read_later(sender: SlackSender, slack: SlackServer) -> None:
    for fault in (Fault("status", "503"), Fault("cut"), rate_limited(60), Fault("error", "invalid_auth")):
        slack.fail("conversations.history", fault)
        with pytest.raises(Down):
            sender.look(order())
    slack.channel("C02OTHER", joined=False)
    with pytest.raises(Unknown, match="not_in_channel"):
        sender.look(order(channel="C02OTHER"))


def test_after_a_person_said_again_what_is_there_is_not_posted_twice(
    sender: SlackSender, slack: SlackServer
) -> None:
    stamp = sender.send(order())
    unsure = order()
    again = Order(unsure.about, replace(unsure.delivery, unsure=True), "", unsure.body, AT, unsure.who)
    assert sender.send(again) == stamp
    assert len(bodies(slack)) == 1


def test_a_text_without_a_thread_is_found_behind_newer_ones(sender: SlackSender, slack: SlackServer) -> None:
    stamp = sender.send(order())
    for number in range(5):
        slack.writes(ACME, LEO, f"message {number}")
    slack.page = 2
    assert sender.look(order()) == stamp


def test_where_slack_hides_which_post_is_ours_nothing_is_posted_again(
    sender: SlackSender, slack: SlackServer
) -> None:
    sender.send(order())
    slack.scopes = tuple(scope for scope in slack.scopes if scope != "metadata.message:read")
    with pytest.raises(Unknown, match=r"metadata\.message:read"):
        sender.look(order())
    with pytest.raises(NotSent, match=r"metadata\.message:read") as raised:
        sender.send(order(tries=2))
    assert raised.value.again_after is None
    assert len(bodies(slack)) == 1
