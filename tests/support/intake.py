"""An intake's command, and what it has made of the queue."""

from __future__ import annotations

from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess


class Intake:
    def __init__(self, workspace: Workspace) -> None:
        self.cli, self.workspace = InProcess(workspace.home), workspace

    @property
    def tickets(self) -> list[Ticket]:
        self.workspace.refresh()
        return sorted(self.workspace.tickets.all(), key=lambda ticket: ticket.id)

    @property
    def ticket(self) -> Ticket:
        (only,) = self.tickets
        return only

    def bodies(self, direction: str = "in") -> list[str]:
        return [message.body for message in self.ticket.messages if message.direction == direction]
