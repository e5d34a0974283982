"""Calls whose events a calendar has no more that had them."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from fleettui.domain.calls import model as calls
from fleettui.domain.calls.model import Call
from fleettui.workspace.collections import CALLS
from fleettui.workspace.session import Session


def gone_from_calendar(session: Session, uids: Set[str], until: datetime | None = None) -> list[Call]:
    """Their calls to come, up to `until`, do not take place. If an event comes back, so does its call."""
    now = session.now()
    ids = [
        call.id
        for call in session.store.all(CALLS)
        if call.uid in uids and not call.ended and now < call.start and (until is None or call.start < until)
    ]

    def cancel(call: Call | None) -> Call | None:
        return call if call is None or call.ended else calls.cancelled(call, now, calls.GONE)

    if not ids:
        return []
    changed = session.store.change_many(CALLS, dict.fromkeys(ids, cancel), session.stamp("calls.gone"))
    return [call for call in changed if call is not None]
