"""Series go on: the calls of the next weeks are made when somebody looks, once, by whoever looks first."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.calls.model import Call
from fleettui.errors import Refused, Unusable
from fleettui.workspace.collections import CALLS
from fleettui.workspace.session import INTAKE, Session

if TYPE_CHECKING:
    from fleettui.domain.calls.invitation import Invite, Series
    from fleettui.workspace.calls.actions import Calls

MOST_AT_ONCE = 500
"""Calls, the soonest first."""

Due = tuple[date, frozenset[str]]
"""A day, and the UIDs of the series that go on."""


class CallSeries:
    def __init__(self, session: Session, calls: Calls) -> None:
        self._session, self._calls = session, calls
        self._done: Due | None = None
        """For which day series were laid out, and which."""

    def lay_out(self) -> int:
        """Make the calls whose time has come, in one change that is nobody's to take back with a bare undo; how many were made.
        For whoever looks at calls: it costs nothing when it is done for the day."""
        series = self._going_on()
        due = (self._session.today(), frozenset(series))
        if due == self._done or not series:
            return 0
        made = self._make(series)
        self._done = due
        return made

    def _going_on(self) -> dict[str, list[Call]]:
        """The calls of each series, by UID."""
        series: dict[str, list[Call]] = defaultdict(list)
        for call in self._session.store.all(CALLS):
            if call.series is not None and call.recurrence:
                series[call.uid].append(call)
        return series

    def _make(self, series: dict[str, list[Call]]) -> int:
        # Late: only where there are series, and once a day.
        from fleettui.workspace.calls.import_plan import ImportPlan
        from fleettui.workspace.calls.import_result import Choice, OvertakenError

        now, intake = self._session.now(), replace(self._session, id=INTAKE)
        plan = ImportPlan(intake, self._calls.rules(), self._calls.address_book(), Choice(everything=True))
        coming = [pair for calls in series.values() for pair in self._coming(calls, now)]
        for invite, rule in sorted(coming, key=lambda pair: pair[0].start or now):
            if len(plan.made) < MOST_AT_ONCE:
                plan.make_missing(invite, rule)
        try:
            return plan.write("calls.lay_out")
        except (OvertakenError, Unusable):  # somebody else makes them, or I may only read
            return 0

    def _coming(self, calls: list[Call], now: datetime) -> list[tuple[Invite, Series]]:
        """What one series wants to be there, with how it goes on; calls of it that are there too."""
        from fleettui.domain.calls.series import coming

        series = max(calls, key=lambda call: (call.sequence, call.start)).series
        assert series is not None  # noqa: S101  those without were left aside
        changed = {invite.recurrence for invite in series.changed}
        usual = max(calls, key=lambda call: (call.recurrence not in changed, call.sequence, call.start))
        ended = {call.recurrence for call in calls if call.ended}
        if usual.invite is None:
            return []
        try:
            weeks = self._calls.rules().policy.series_weeks
            invites = coming(series, usual.invite, now, weeks, over=ended)
        except Refused:
            return []  # a rule that is too much to lay out was named when it was imported
        ahead = (invite for invite in invites if invite.start and invite.start >= now)
        return [(invite, series) for invite in ahead if invite.kind == "request"]
