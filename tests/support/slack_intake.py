"""The command that takes Slack events, and what it makes of the queue."""

from __future__ import annotations

import json
from typing import Any

from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine, InProcess


class Slack:
    """The intake's command, and what it made of the queue."""

    def __init__(self, workspace: Workspace) -> None:
        self.cli, self.workspace = InProcess(workspace.home), workspace
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

    @property
    def tickets(self) -> list[Ticket]:
        self.workspace.refresh()
        return sorted(self.workspace.tickets.all(), key=lambda ticket: ticket.id)

    @property
    def ticket(self) -> Ticket:
        (only,) = self.tickets
        return only

    def bodies(self, direction: str) -> list[str]:
        return [message.body for message in self.ticket.messages if message.direction == direction]
