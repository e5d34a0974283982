"""The methods of Slack's Web API that the Slack of our tests knows, with the errors that are documented for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.slack_server import Channel, SlackServer

BOT_TOKEN, APP_TOKEN = "xoxb-test-bot", "xapp-test-app"
BOT_USER, BOT_ID, APP_ID, TEAM_ID = "U0FLEET", "B0FLEET", "A0FLEET", "T0FLEET"
LONGEST_TEXT = 40_000
Answer = dict[str, Any]
Method = Callable[["SlackServer", dict[str, Any]], Answer]
METHODS: dict[str, Method] = {}


def _method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """`scopes`: any of them will do."""

    def put(method: Method) -> Method:
        @functools.wraps(method)
        def checked(slack: SlackServer, values: dict[str, Any]) -> Answer:
            if scopes and not set(scopes) & set(slack.scopes):
                return _error("missing_scope", needed=scopes[0], provided=",".join(slack.scopes))
            return method(slack, values)

        METHODS[name] = checked
        return checked

    return put


def _error(error: str, **more: Any) -> Answer:
    return {"ok": False, "error": error, **more}


def _truth(value: Any) -> bool:
    return value in (True, "1", "true", "True")


@_method("auth.test")
def _auth_test(slack: SlackServer, _: dict[str, Any]) -> Answer:
    return {
        "ok": True,
        "url": "https://acme-shared.slack.com/",
        "team": "Fleet",
        "user": "fleet",
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@_method("apps.connections.open")
def _connections_open(slack: SlackServer, _: dict[str, Any]) -> Answer:
    if slack.sockets.is_disabled:
        return _error("internal_error")
    return {"ok": True, "url": slack.sockets.new_url()}


@_method("chat.postMessage", "chat:write")
def _post(slack: SlackServer, values: dict[str, Any]) -> Answer:
    channel = slack.channels.get(values.get("channel", ""))
    text = values.get("text", "")
    if channel is None or (channel.private and not channel.joined):
        return _error("channel_not_found")
    why = (
        (not channel.joined and "not_in_channel")
        or (channel.archived and "is_archived")
        or (not text and "no_text")
        or (len(text) > LONGEST_TEXT and "msg_too_long")
    )
    if why:
        return _error(why)
    message = {"type": "message", "text": text, "ts": slack.stamp(), "bot_id": BOT_ID, "app_id": APP_ID}
    message |= {"team": TEAM_ID, "unfurl_links": values.get("unfurl_links", True)}
    if values.get("username") and "chat:write.customize" in slack.scopes:
        message |= {"subtype": "bot_message", "username": values["username"]}
    if values.get("metadata"):
        message["metadata"] = values["metadata"]
    stamp = slack.post(channel, message, values.get("thread_ts", ""))
    return {"ok": True, "channel": channel.id, "ts": stamp, "message": message}


@_method("chat.postEphemeral", "chat:write")
def _post_ephemeral(slack: SlackServer, values: dict[str, Any]) -> Answer:
    if values.get("channel") not in slack.channels:
        return _error("channel_not_found")
    slack.ephemeral.append(values)
    return {"ok": True, "message_ts": slack.stamp()}


@_method("conversations.history", "channels:history", "groups:history")
def _history(slack: SlackServer, values: dict[str, Any]) -> Answer:
    channel = slack.channels.get(values.get("channel", ""))
    if channel is None:
        return _error("channel_not_found")
    if not channel.joined:
        return _error("not_in_channel")
    top = [
        message for message in channel.messages if message.get("thread_ts", message["ts"]) == message["ts"]
    ]
    return _paged(
        slack, values, sorted(_between(top, values), key=lambda message: message["ts"], reverse=True)
    )


@_method("conversations.replies", "channels:history", "groups:history")
def _replies(slack: SlackServer, values: dict[str, Any]) -> Answer:
    channel, thread = slack.channels.get(values.get("channel", "")), values.get("ts", "")
    if channel is None:
        return _error("channel_not_found")
    if not channel.joined:
        return _error("not_in_channel")
    parent = [message for message in channel.messages if message["ts"] == thread]
    replies = [message for message in channel.messages if message.get("thread_ts") == thread != message["ts"]]
    if not (parent or replies):
        return _error("thread_not_found")
    # The first message of a thread always comes with it, however old.
    return _paged(
        slack, values, parent + sorted(_between(replies, values), key=lambda message: message["ts"])
    )


@_method("conversations.info", "channels:read", "groups:read")
def _info(slack: SlackServer, values: dict[str, Any]) -> Answer:
    channel = slack.channels.get(values.get("channel", ""))
    if channel is None or (channel.private and not channel.joined):
        return _error("channel_not_found")
    return {"ok": True, "channel": channel.shown()}


@_method("conversations.list", "channels:read", "groups:read")
def _list(slack: SlackServer, values: dict[str, Any]) -> Answer:
    channels: list[Channel] = [
        channel for channel in slack.channels.values() if channel.joined or not channel.private
    ]
    return _paged(slack, values, [channel.shown() for channel in channels], "channels")


@_method("users.info", "users:read")
def _user(slack: SlackServer, values: dict[str, Any]) -> Answer:
    person = slack.people.get(values.get("user", ""))
    if person is None:
        return _error("user_not_found")
    if "users:read.email" not in slack.scopes:
        profile = {name: value for name, value in person["profile"].items() if name != "email"}
        person = person | {"profile": profile}
    return {"ok": True, "user": person}


def _between(messages: list[dict[str, Any]], values: dict[str, Any]) -> list[dict[str, Any]]:
    oldest, latest = str(values.get("oldest") or "0"), str(values.get("latest") or "9999999999")
    inclusive = _truth(values.get("inclusive"))
    return [
        message
        for message in messages
        if float(oldest) < float(message["ts"]) < float(latest)
        or (inclusive and message["ts"] in (oldest, latest))
    ]


def _paged(slack: SlackServer, values: dict[str, Any], items: list[Any], name: str = "messages") -> Answer:
    limit = min(int(values.get("limit") or 100), slack.page)
    first = int(str(values.get("cursor") or "page:0").partition(":")[2])
    page, more = items[first : first + limit], first + limit < len(items)
    if not _truth(values.get("include_all_metadata")):
        page = [{key: value for key, value in item.items() if key != "metadata"} for item in page]
    elif "metadata.message:read" not in slack.scopes:
        page = [_with_hidden_payload(item) for item in page]
    answer: Answer = {"ok": True, name: page, "has_more": more}
    answer["response_metadata"] = {"next_cursor": f"page:{first + limit}" if more else ""}
    return answer


def _with_hidden_payload(item: dict[str, Any]) -> dict[str, Any]:
    return item | {"metadata": item["metadata"] | {"event_payload": {}}} if "metadata" in item else item
