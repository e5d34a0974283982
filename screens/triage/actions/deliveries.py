"""Answers that leave by themselves: what is done with one that did not get through, and the seconds until one leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from fleettui.domain.delivery.model import TO_DO
from fleettui.domain.delivery.wording import state_words
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.orders import Order
    from screens.triage.actions.tools import TicketTools
    from screens.widgets.row import Row


class Unsent(StrEnum):
    """What can be done with an answer that did not get through."""

    AGAIN = "again"
    COPY = "copy"
    DROP = "drop"
    RECEIVED = "received"


class TicketDeliveries:
    def __init__(self, tools: TicketTools, received: Callable[[], None]) -> None:
        """`received`: what the key does where every answer has left."""
        self.tools, self._received = tools, received

    def do_received(self) -> None:
        """R: where an answer did not get through, that comes first; what they wrote can still be chosen."""
        ticket = self.tools.selection.here()
        unsent = self._unsent(ticket)
        if not unsent:
            self._received()
            return
        order = unsent[0]
        workspace = self.tools.workspace
        question = f"The answer {state_words(order.delivery, workspace.now(), workspace.zone)}"
        self.tools.choose(
            [ticket.id], one_line(question), self._ways, lambda way: self._decided(Unsent(way), order)
        )

    def count_down(self, ticket: Ticket | None) -> bool:
        """Whether the page tells seconds."""
        now = self.tools.workspace.now()
        return any(
            message.delivery is not None and message.delivery.is_untried and message.delivery.leaves_at > now
            for message in (ticket.messages if ticket else ())
        )

    def _unsent(self, ticket: Ticket) -> list[Order]:
        if not any(message.delivery and message.delivery.state in TO_DO for message in ticket.messages):
            return []  # the common case, without a look at the whole outbox
        return [order for order in self.tools.workspace.outbox.all(failed=True) if order.id == ticket.id]

    def _ways(self) -> Sequence[Row[str]]:
        from screens.widgets.row import Row

        ways = (
            (Unsent.AGAIN, "Send it again", "as it is"),
            (Unsent.COPY, "Copy it", "you send it by hand; it is not sent again"),
            (Unsent.DROP, "Leave it", "it stays here and is not sent"),
            (Unsent.RECEIVED, "They wrote", "write down what they wrote or said another way"),
        )
        return [Row(way.value, (name, (about, "muted"))) for way, name, about in ways]

    def _decided(self, way: Unsent, order: Order) -> None:
        outbox = self.tools.workspace.outbox
        if way is Unsent.RECEIVED:
            self._received()
        elif way is Unsent.AGAIN:
            self.tools.act(lambda: outbox.retry(order.about), f"{order.id}: sent again.", "sending it again")
        elif way is Unsent.DROP:
            self.tools.act(lambda: outbox.drop(order.about), f"{order.id}: not sent.", "leaving it")
        else:
            self.tools.host.write(lambda: outbox.drop(order.about), self._copied, doing="copying it")

    def _copied(self, order: Order) -> None:
        from screens.dialogs.copied import copy

        names = self.tools.workspace.names
        goes_to = names.goes_to(order.ticket) if order.ticket else ""
        copy(self.tools.host, order.body, f"{order.id}: to be sent by hand.", goes_to=goes_to)
