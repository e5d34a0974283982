"""The real service beside a Slack of our own, as a process that is killed and started again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from fleettui.connect.slack_web import ADDRESS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceProcess, environment
from tests.support.homes import make_home
from tests.support.slack_connection import ACME
from tests.support.slack_methods import APP_TOKEN, BOT_TOKEN
from tests.support.slack_server import SlackServer


def connected_home(home: Path, **slack: Any) -> Workspace:
    """A workspace that takes from Slack and sends there at once, and that is never open, so that every message is a ticket's."""
    make_home(home, MONDAY_MORNING)
    policy = {"undo_seconds": 0, "tries": 50, "slack": {"events": "take", "answers": "send", **slack}}
    (home / "handbook/connections.json").write_text(json.dumps(policy))
    (home / "handbook/hours.json").write_text(json.dumps({"rule": "SLA-12", "zone": "UTC", "open": {}}))
    workspace = Workspace.open(home, login="kathy")
    workspace.people.edit("kathy", {"name": "Kathy Bates"})
    workspace.customers.add("Acme", tier="Premium")
    workspace.channels.add(ACME, "Acme")
    return workspace


def slack_secrets(slack: SlackServer) -> dict[str, str]:
    """For the environment of the service."""
    return {
        ADDRESS: slack.url,
        "FLEETTUI_SLACK_BOT_TOKEN": BOT_TOKEN,
        "FLEETTUI_SLACK_APP_TOKEN": APP_TOKEN,
    }


def check(home: Path, slack: SlackServer, **secrets: str) -> tuple[int, list[str]]:
    """`fleettui connect --check`: how it ends, and its lines."""
    words = [sys.executable, "-m", "fleettui", "connect", "--check", "--home", str(home)]
    done = subprocess.run(
        words, env=environment(slack_secrets(slack) | secrets), capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


class SlackService(ServiceProcess):
    """The command itself, beside that Slack."""

    def __init__(self, home: Path, slack: SlackServer) -> None:
        super().__init__(home, home.parent / "service.log", **slack_secrets(slack))
