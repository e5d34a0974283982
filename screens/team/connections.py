"""How the connections of the workspace stand, on Team: what leaves by itself and what comes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fleettui.time.wording import moment
from fleettui.workspace.connections import WAYS, Connection
from screens.team.row_keys import ConnectionKey, Heading, TeamKey
from screens.widgets.page import BLANK, Para, fact, step, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

TONES = {"ok": "good", "down": "bad", "starting": "muted", "off": "muted"}
MOST_SHOWN = 20


class ConnectionsView:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def rows(self) -> list[Row[TeamKey]]:
        """None where nothing is set up: answers are copied by hand."""
        seen = self._workspace.connections.as_seen()
        if not seen:
            return []
        rows: list[Row[TeamKey]] = [Row(Heading.CONNECTIONS, ("Connections",), heading=True)]
        return rows + [
            Row(ConnectionKey(row.name), (row.name, "", (self._short(row), TONES[row.state]), ""))
            for row in seen
        ]

    def _short(self, row: Connection) -> str:
        counts = [
            f"{row.waiting:,} waiting" if row.waiting else "",
            f"{row.failed:,} failed" if row.failed else "",
        ]
        return ", ".join(filter(None, (row.state, row.why, *counts)))

    def page(self, key: ConnectionKey) -> Sequence[Para]:
        row = next((row for row in self._workspace.connections.as_seen() if row.name == key.name), None)
        return [title(row.name), BLANK, *self._facts(row)] if row else ()

    def _facts(self, row: Connection) -> Iterator[Para]:
        now, zone = self._workspace.now(), self._workspace.zone
        yield fact("State", row.state)
        if row.why:
            yield fact("Why", row.why)
        if row.since:
            yield fact("Since", moment(row.since, now, zone))
        yield fact("Last ok", moment(row.last_ok, now, zone) if row.last_ok else "none yet")
        way = WAYS.get(row.name)
        if way is not None:
            yield fact("Waiting", f"{row.waiting:,}")
            yield fact("Failed", f"{row.failed:,}")
            yield from self._failed(way)

    def _failed(self, way: str) -> Iterator[Para]:
        orders = [order for order in self._workspace.outbox.all(failed=True) if order.delivery.way == way]
        for order in orders[:MOST_SHOWN]:
            words = f"{order.about} {order.delivery.state}: {order.delivery.why} ({order.who.shown})"
            yield step("!", words)
