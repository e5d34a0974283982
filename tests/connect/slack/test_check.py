"""What is wrong with tokens, scopes and channels is said in a line each, before anybody waits for an answer."""

from __future__ import annotations

from fleettui.connect.slack_check import SENDS, TAKES, of_app, of_bot, of_channels
from fleettui.connect.slack_web import SlackWeb
from tests.support.slack_connection import ACME
from tests.support.slack_methods import APP_TOKEN, BOT_TOKEN
from tests.support.slack_server import SlackServer


def test_all_is_well(slack: SlackServer) -> None:
    bot = SlackWeb(BOT_TOKEN, slack.url)
    lines = [
        *of_bot(bot, SENDS + TAKES),
        of_app(SlackWeb(APP_TOKEN, slack.url)),
        *of_channels(bot, {ACME: "acme"}),
    ]
    assert [line.what for line in lines] == ["bot token, of Fleet", "scopes", "app token", "channel #acme"]
    assert not [line for line in lines if line.why]


def test_each_thing_that_is_missing_is_named(slack: SlackServer) -> None:
    slack.scopes = ("chat:write", "channels:read", "channels:history", "metadata.message:read")
    slack.channel("C02OTHER", "other", joined=False)
    slack.channel("C03OLD", "old", archived=True)
    slack.channel("C04SECRET", "secret", joined=False, private=True)
    bot = SlackWeb(BOT_TOKEN, slack.url)
    _, scopes = of_bot(bot, SENDS)
    assert scopes.why == "chat:write.customize is missing: add it to the app and install the app again"
    assert of_app(SlackWeb(BOT_TOKEN, slack.url)).why == "invalid_auth: Slack does not accept the token"
    whys = [
        line.why for line in of_channels(bot, dict.fromkeys([ACME, "C02OTHER", "C03OLD", "C04SECRET"], ""))
    ]
    assert [why.partition(":")[0] for why in whys] == [
        "",
        "not_in_channel",
        "is_archived",
        "channel_not_found",
    ]
    assert "/invite" in whys[1]


def test_a_wrong_token_is_one_line(slack: SlackServer) -> None:
    (line,) = of_bot(SlackWeb("xoxb-of-somebody-else", slack.url), SENDS)
    assert line == ("bot token", "invalid_auth: Slack does not accept the token")


def test_a_private_channel_wants_other_scopes(slack: SlackServer) -> None:
    slack.scopes = ("channels:read", "groups:read")
    slack.channel("C04SECRET", "secret", private=True)
    (line,) = of_channels(SlackWeb(BOT_TOKEN, slack.url), {"C04SECRET": ""})
    assert line.why.startswith("missing_scope: the app lacks a scope (channels:history)")
