"""The command that takes Slack events, and what it makes of the queue."""

from __future__ import annotations

import json
from typing import Any

from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine
from tests.support.intake import Intake


class Slack(Intake):
    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.process = CommandLine(workspace.home)

    def send(self, *payloads: Any, flag: bool = False) -> list[dict[str, Any]]:
        words = ("intake", "slack", *(["--flag"] if flag else []))
        done: list[dict[str, Any]] = self.cli.json(
            *words, stdin="\n".join(json.dumps(payload) for payload in payloads)
        )
        return done

    def take(self, payload: Any, *, flag: bool = False) -> dict[str, Any]:
        (done,) = self.send(payload, flag=flag)
        return done
