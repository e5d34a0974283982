"""Deciding on Team what becomes of a text that did not get through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.errors import Refused
from screens.dialogs.unsent import offer
from screens.team.row_keys import OutboxKey

if TYPE_CHECKING:
    from screens.team.actions.tools import TeamTools


class OutboxActions:
    def __init__(self, tools: TeamTools) -> None:
        self.tools = tools

    def do_unsent(self) -> None:
        key = self.tools.selection.key
        order = self.tools.workspace.outbox.get(key.about) if isinstance(key, OutboxKey) else None
        if order is None:
            raise Refused("That is not in the outbox any more.")
        offer(self.tools.host, order, lambda: None)
