"""When the open tickets become news by themselves. Each ticket is looked at again only when it, or the policy, has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.events.deadlines import BEGINNING, Stand, deadlines, sound_debt, thresholds
from fleettui.workspace.collections import TICKETS

if TYPE_CHECKING:
    from fleettui.domain.events.model import Event
    from fleettui.domain.events.policy import Alarms
    from fleettui.domain.events.team import Team
    from fleettui.domain.tickets.debt import DebtPolicy
    from fleettui.domain.tickets.model import TicketRow
    from fleettui.workspace.session import Session


class Schedule:
    def __init__(self, session: Session) -> None:
        self._store = session.store
        self._rows: list[TicketRow] = []
        self._known: dict[str, tuple[TicketRow, tuple[datetime, ...]]] = {}
        self._by: tuple[DebtPolicy, Alarms] | None = None
        self._since = BEGINNING
        """Moments before it are not among what is known."""
        self._moments: list[datetime] = []

    def events(
        self, after: datetime, now: datetime, team: Team, *, without: Collection[str]
    ) -> Iterator[Event]:
        """What becomes news from `after` until now."""
        self._refresh(after, team)
        if not any(after <= moment <= now for moment in self._moments):
            return
        for id_, (ticket, moments) in self._known.items():
            if id_ not in without and any(after <= moment <= now for moment in moments):
                yield from deadlines([Stand(BEGINNING, ticket)], after, now, team)

    def next_after(self, now: datetime, team: Team) -> datetime | None:
        self._refresh(now, team)
        return next((moment for moment in self._moments if moment > now), None)

    def _refresh(self, after: datetime, team: Team) -> None:
        current, by = self._store.rows(TICKETS), (team.debts(), team.alarms)
        is_new = self._by is None or self._by[0] is not by[0] or self._by[1] != by[1] or after < self._since
        if not is_new and current == self._rows:
            return
        if is_new:
            self._known, self._since = {}, after
        known = self._known
        self._known = {}
        for ticket in current:
            kept = known.get(ticket.id)
            is_same = kept is not None and kept[0] is ticket
            self._known[ticket.id] = kept if kept and is_same else (ticket, self._moments_of(ticket, team))
        self._rows, self._by = current, by
        self._moments = sorted(moment for _, moments in self._known.values() for moment in moments)

    def _moments_of(self, ticket: TicketRow, team: Team) -> tuple[datetime, ...]:
        owed = sound_debt(ticket, team)
        if owed is None or owed.due is None or owed.due < self._since:
            return ()
        return tuple(step.at for step in thresholds(owed, team.alarms) if step.at >= self._since)
