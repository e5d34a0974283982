"""What an administrator has to know of the connection to Slack before it works: tokens, scopes, channels. A line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from fleettui.connect.slack_errors import in_words
from fleettui.connect.slack_web import Refusal, SlackError, SlackWeb
from fleettui.domain.customers.channels import channel_shown
from fleettui.text import cleaning

SENDS = ("chat:write", "chat:write.customize", "channels:history", "metadata.message:read")
TAKES = ("channels:history", "channels:read", "users:read", "users:read.email", "commands")
"""Private channels want groups:history and groups:read instead of channels:…; whether there are such is seen at the channels."""


class Line(NamedTuple):
    """One thing that was tried."""

    what: str
    why: str = ""
    """What is wrong; empty: nothing."""


def of_bot(web: SlackWeb, scopes: tuple[str, ...]) -> Iterator[Line]:
    """The bot's token, and what it may do."""
    try:
        answer = web.auth_test()
    except SlackError as error:
        yield Line("bot token", in_words(error))
        return
    yield Line(f"bot token, of {cleaning.line(str(answer.get('team') or ''), 80)}")
    given = {scope.strip() for scope in answer.headers.get("X-Oauth-Scopes", "").split(",")}
    missing = [scope for scope in scopes if scope not in given]
    why = f"{', '.join(missing)} is missing: add it to the app and install the app again" if missing else ""
    yield Line("scopes", why)


def of_app(web: SlackWeb) -> Line:
    """The token of Socket Mode. Asks for an address and does not go there."""
    return Line("app token", _trouble(lambda: web.apps_connections_open(app_token=web.token or "")))


def of_channels(web: SlackWeb, channels: Mapping[str, str]) -> Iterator[Line]:
    """Whether the app hears each of them."""
    for id_, name in channels.items():
        yield Line(f"channel {channel_shown(name) or id_}", _trouble(partial(_hears, web, id_)))


def _hears(web: SlackWeb, channel: str) -> None:
    facts = web.conversations_info(channel=channel).get("channel") or {}
    if facts.get("is_archived"):
        raise Refusal("is_archived")
    if not facts.get("is_member"):
        raise Refusal("not_in_channel")
    web.conversations_history(channel=channel, limit=1)


def _trouble(work: Callable[[], Any]) -> str:
    try:
        work()
    except SlackError as error:
        return in_words(error)
    return ""
