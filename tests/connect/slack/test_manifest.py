"""The app that docs/connections.md has an administrator make can do what the service asks of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from fleettui.connect.slack_check import SENDS, TAKES
from fleettui.connect.slack_reception import MAKE_TICKET
from tests.support.slack_server import SCOPES

TOP = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def manifest() -> Any:
    page = (TOP / "docs/connections.md").read_text()
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return yaml.safe_load(block)


def test_it_has_every_scope(manifest: Any) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert sorted(scopes) == sorted(SCOPES)
    assert set(SENDS + TAKES) <= set(scopes)


def test_it_hears_of_messages_by_socket_mode(manifest: Any) -> None:
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] and settings["interactivity"]["is_enabled"]
    assert settings["event_subscriptions"]["bot_events"] == ["message.channels", "message.groups"]


def test_sup_1_it_has_the_shortcut(manifest: Any) -> None:
    (shortcut,) = manifest["features"]["shortcuts"]
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", MAKE_TICKET)
