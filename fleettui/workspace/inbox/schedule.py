"""When the open tickets become news by themselves. Each ticket is looked at again only when it, or the policy, has changed."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.events.deadlines import BEGINNING, Stand, deadlines, sound_debt, thresholds
from fleettui.time.timeline import instant_at, moment_of
from fleettui.workspace.collections import TICKETS

if TYPE_CHECKING:
    from fleettui.domain.events.model import Event
    from fleettui.domain.events.policy import Alarms
    from fleettui.domain.events.team import Team
    from fleettui.domain.tickets.debt import DebtPolicy
    from fleettui.domain.tickets.model import TicketRow
    from fleettui.workspace.session import Session

BACK = timedelta(hours=1)
"""Who looks further back than this asks each ticket."""
NEVER = 1 << 62


class Schedule:
    """Of each ticket one moment is known, as a number: fifty thousand of them take little room."""

    def __init__(self, session: Session) -> None:
        self._store = session.store
        self._rows: list[TicketRow] = []
        self._next = array("q")
        """When each of these becomes news for the first time since `_since`."""
        self._since = BEGINNING
        self._by: tuple[DebtPolicy, Alarms] | None = None

    def events(
        self, after: datetime, now: datetime, team: Team, *, without: Collection[str]
    ) -> Iterator[Event]:
        """What becomes news from `after` until now."""
        self._refresh(now, team)
        for ticket in self._rows if after < self._since else self._reached(now):
            if ticket.id not in without:
                yield from deadlines([Stand(BEGINNING, ticket)], after, now, team)

    def next_after(self, now: datetime, team: Team) -> datetime | None:
        self._refresh(now, team)
        moment = moment_of(now)
        later = [self._first(ticket, team, moment + 1) for ticket in self._reached(now)]
        nearest = min((at for at in (*self._next, *later) if at > moment), default=NEVER)
        return None if nearest == NEVER else instant_at(nearest)

    def _reached(self, now: datetime) -> Iterator[TicketRow]:
        """Those that have become news since `_since`."""
        moment = moment_of(now)
        return (ticket for ticket, at in zip(self._rows, self._next, strict=True) if at <= moment)

    def _refresh(self, now: datetime, team: Team) -> None:
        current, by = self._store.rows(TICKETS), (team.debts(), team.alarms)
        is_new = self._by is None or self._by[0] is not by[0] or self._by[1] != by[1] or now < self._since
        if is_new or now - self._since > 2 * BACK:
            self._since = now - BACK
        elif current == self._rows:
            return
        known = {} if is_new else dict(zip(map(id, self._rows), self._next, strict=True))
        since = moment_of(self._since)
        moments = array("q")
        for ticket in current:
            at = known.get(id(ticket), -NEVER)
            moments.append(at if at >= since else self._first(ticket, team, since))
        self._rows, self._next, self._by = current, moments, by

    @staticmethod
    def _first(ticket: TicketRow, team: Team, since: int) -> int:
        owed = sound_debt(ticket, team)
        if owed is None or owed.due is None or moment_of(owed.due) < since:
            return NEVER
        steps = (moment_of(step.at) for step in thresholds(owed, team.alarms))
        return next((at for at in steps if at >= since), NEVER)
