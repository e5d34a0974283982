"""Answers that leave by themselves: what is done with one that did not get through, and the seconds until one leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.domain.delivery.model import TO_DO

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.orders import Order
    from screens.triage.actions.tools import TicketTools


class TicketDeliveries:
    def __init__(self, tools: TicketTools, received: Callable[[], None]) -> None:
        """`received`: what the key does where every answer has left."""
        self.tools, self._received = tools, received

    def do_received(self) -> None:
        """R: where an answer did not get through, that comes first; what they wrote can still be chosen."""
        unsent = self._unsent(self.tools.selection.here())
        if unsent is None:
            self._received()
            return
        from screens.dialogs.unsent import offer

        offer(self.tools.host, unsent, self.tools.selection.after_change, self._received)

    def count_down(self, ticket: Ticket | None) -> bool:
        """Whether the page tells seconds."""
        now = self.tools.workspace.now()
        return any(
            message.delivery is not None and message.delivery.is_untried and message.delivery.leaves_at > now
            for message in (ticket.messages if ticket else ())
        )

    def _unsent(self, ticket: Ticket) -> Order | None:
        """The oldest of its answers that did not get through."""
        orders = self.tools.workspace.outbox.of_ticket(ticket.id)
        return next((order for order in orders if order.delivery.state in TO_DO), None)
