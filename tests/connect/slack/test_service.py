"""Slack by the real service: from the first message to the answer in its thread, and what `connect --check` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleettui.domain.delivery.policy import Connections, SlackConnection
from fleettui.domain.tickets.model import Message
from fleettui.errors import Refused
from fleettui.workspace.connections import set_up
from fleettui.workspace.workspace import Workspace
from tests.support.slack_connection import ACME, LEO, until
from tests.support.slack_server import Fault, SlackServer
from tests.support.slack_service import SlackService, check, connected_home

pytestmark = pytest.mark.slow


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        server.channel(ACME, "fleet-at-acme")
        server.person(LEO, "Leo Marsh")
        yield server


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = connected_home(tmp_path / "home", auto_reply="send")
    yield made
    made.close()


@pytest.fixture
def service(workspace: Workspace, slack: SlackServer) -> Iterator[SlackService]:
    made = SlackService(workspace.home, slack)
    until(lambda: slack.sockets.connections > 0, 60)
    yield made
    assert made.stop() == 0
    assert "Traceback" not in made.log.read_text()


def messages(workspace: Workspace) -> list[Message]:
    workspace.store.watch()
    return [message for ticket in workspace.tickets.all() for message in ticket.messages]


def states(workspace: Workspace) -> list[str]:
    return [message.delivery.state for message in messages(workspace) if message.delivery]


def texts(slack: SlackServer) -> list[str]:
    return [message["text"] for message in slack.posted(ACME)]


def test_from_the_first_message_to_the_answer_in_its_thread(
    workspace: Workspace, slack: SlackServer, service: SlackService
) -> None:
    thread = slack.writes(ACME, LEO, "The hosts page is empty")
    until(lambda: states(workspace) == ["sent"], 30)
    (ticket,) = workspace.tickets.all()
    slack.fail("chat.postMessage", Fault("done then cut"))
    workspace.tickets.reply(ticket.id, "It is <back>, @kathy helped")
    until(lambda: states(workspace) == ["sent", "sent"], 30)
    slack.writes(ACME, LEO, "Thanks", thread)
    until(lambda: messages(workspace)[-1].body == "Thanks", 30)
    automatic, answer = slack.posted(ACME)
    assert automatic["text"].startswith("Hi Leo") and "username" not in automatic
    assert (answer["text"], answer["username"]) == ("It is &lt;back&gt;, @kathy helped", "Kathy Bates")
    assert answer["thread_ts"] == thread
    assert len(messages(workspace)) == 4, "what we posted comes back, and is not taken in again"
    sent = messages(workspace)[2]
    assert sent.delivery
    assert sent.external == sent.delivery.external == answer["ts"]
    with pytest.raises(Refused):
        workspace.outbox.drop(f"{ticket.id}/{sent.key}")


def test_how_slack_stands_is_known_before_anything_leaves(
    workspace: Workspace, service: SlackService
) -> None:
    status = workspace.home / "service/status.json"
    until(lambda: status.exists() and status.read_text().count('"state":"ok"') == 2, 30)


def test_what_will_never_work_is_said_and_sent_again_by_a_person(
    workspace: Workspace, slack: SlackServer, service: SlackService
) -> None:
    slack.writes(ACME, LEO, "The hosts page is empty")
    until(lambda: states(workspace) == ["sent"], 30)
    (ticket,) = workspace.tickets.all()
    slack.channels[ACME].archived = True
    workspace.tickets.reply(ticket.id, "It is back")
    until(lambda: states(workspace) == ["sent", "failed"], 30)
    (order,) = workspace.outbox.all(failed=True)
    assert order.delivery.why == "is_archived: the channel is archived"
    slack.channels[ACME].archived = False
    workspace.outbox.retry(order.about)
    until(lambda: states(workspace) == ["sent", "sent"], 30)
    assert texts(slack)[1:] == ["It is back"]


def test_an_answer_deleted_in_slack_is_owed_again(
    workspace: Workspace, slack: SlackServer, service: SlackService
) -> None:
    slack.writes(ACME, LEO, "The hosts page is empty")
    until(lambda: states(workspace) == ["sent"], 30)
    workspace.tickets.reply(workspace.tickets.all()[0].id, "It is back")
    until(lambda: states(workspace) == ["sent", "sent"], 30)
    slack.deletes(ACME, slack.posted(ACME)[1]["ts"])
    until(lambda: messages(workspace)[-1].deleted_at is not None, 30)


def test_check_says_in_a_line_each_what_is_wrong(workspace: Workspace, slack: SlackServer) -> None:
    ends, lines = check(workspace.home, slack)
    assert (ends, [line.partition(": ")[0] for line in lines]) == (0, ["slack out", *["slack in"] * 4])
    slack.channel("C02OTHER", joined=False)
    workspace.channels.add("C02OTHER", "Globex")
    slack.scopes = tuple(scope for scope in slack.scopes if scope != "users:read")
    wrong = {"FLEETTUI_SLACK_APP_TOKEN": "xapp-of-somebody"}
    ends, lines = check(workspace.home, slack, **wrong)
    assert ends == 1
    assert lines == [
        "slack out: ok",
        "slack in: bot token, of Fleet: ok",
        "slack in: scopes: users:read is missing: add it to the app and install the app again",
        "slack in: app token: invalid_auth: Slack does not accept the token",
        f"slack in: channel {ACME}: ok",
        "slack in: channel C02OTHER: not_in_channel: the app is not in the channel; type /invite and the app's name there",
    ]


def test_check_names_a_secret_that_is_missing(
    workspace: Workspace, slack: SlackServer, tmp_path: Path
) -> None:
    empty = {"FLEETTUI_SLACK_BOT_TOKEN": "", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    ends, lines = check(workspace.home, slack, **empty)
    assert ends == 1
    assert "slack out: slack-bot-token: there is no slack-bot-token among the service's secrets" in lines


@pytest.mark.parametrize(
    ("slack", "shown"),
    [
        (SlackConnection(), []),
        (SlackConnection(events="take"), ["slack in"]),
        (SlackConnection(auto_reply="send"), ["slack out"]),
        (SlackConnection(events="take", answers="send"), ["slack out", "slack in"]),
    ],
)
def test_only_what_is_set_up_is_shown(slack: SlackConnection, shown: list[str]) -> None:
    assert set_up(Connections(slack=slack)) == shown
