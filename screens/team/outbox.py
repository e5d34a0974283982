"""What has not left, on Team: whose it is, for whom, and how it stands. Shown only while there is something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fleettui.domain.delivery.wording import goes_to, state_words
from screens.commands.effective import with_keys
from screens.team.row_keys import Heading, OutboxKey, TeamKey
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.orders import Order
    from fleettui.workspace.workspace import Workspace

MOST = 50
STYLES = {"failed": "bad", "uncertain": "bad"}


class OutboxView:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def rows(self) -> list[Row[TeamKey]]:
        open_ = [order for order in self._workspace.outbox.all() if order.delivery.is_open]
        if not open_:
            return []
        return [
            Row(Heading.OUTBOX, (f"What has not left yet: {len(open_)}",), heading=True),
            *(self._row(order) for order in open_[:MOST]),
        ]

    def _row(self, order: Order) -> Row[TeamKey]:
        state = self._state(order)
        style = STYLES.get(order.delivery.state, "muted")
        return Row(
            OutboxKey(order.about),
            (one_line(order.about), one_line(order.who.shown), (one_line(state), style), ""),
        )

    def _state(self, order: Order) -> str:
        return state_words(order.delivery, self._workspace.now(), self._workspace.zone)

    def page(self, key: OutboxKey) -> Sequence[Para]:
        order = self._workspace.outbox.get(key.about)
        if order is None:
            return [Para(f"{key.about} is not in the outbox any more.", "muted")]
        channel = self._workspace.channels.shown(order.delivery.to[0])
        return [
            title(one_line(order.subject)),
            BLANK,
            fact("State", one_line(self._state(order)), STYLES.get(order.delivery.state, "")),
            fact("Whose", one_line(order.who.shown)),
            fact("To", one_line(goes_to(order.delivery, channel))),
            fact("Tries", str(order.delivery.tries)),
            BLANK,
            Para(with_keys("[team.unsent] sends it again, copies it or leaves it."), "accent"),
            BLANK,
            Para(order.body),
        ]
