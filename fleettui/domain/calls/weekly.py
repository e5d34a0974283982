"""What became of a week's calls: held, missed, moved, cancelled, or nobody wrote it down. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fleettui.domain.calls.model import Call, Ending

Outcome = Literal["held", "missed", "moved", "cancelled", "not recorded"]
OUTCOMES: tuple[Outcome, ...] = ("held", "missed", "moved", "cancelled", "not recorded")
OF_ENDING: dict[Ending, Outcome] = {
    "held": "held",
    "missed": "missed",
    "rescheduled": "moved",
    "cancelled": "cancelled",
}


class WeekCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was planned for the week, and what became of it."""

    id: str
    customer: str
    company: str
    start: datetime
    host: str
    outcome: Outcome
    why: str
    moved_to: str


def calls_of_week(
    calls: Iterable[Call], has: Callable[[datetime], bool], company: Callable[[Call], str], now: datetime
) -> list[WeekCall]:
    """Those that were planned for the week, as `has` knows it, and whose time is over; by their start."""
    rows = [
        WeekCall(
            id=call.id,
            customer=call.customer,
            company=company(call),
            start=call.start,
            host=call.host,
            outcome=outcome,
            why=call.ended_why,
            moved_to=call.moved_to,
        )
        for call in calls
        if has(call.start) and (outcome := outcome_of(call, now)) is not None
    ]
    return sorted(rows, key=lambda row: (row.start, row.id))


def outcome_of(call: Call, now: datetime) -> Outcome | None:
    """None for what is still to come, or going on."""
    if call.ended:
        return OF_ENDING[call.ended]
    if call.missed_at is not None:
        return "missed"
    if now < call.end:
        return None
    return "held" if call.joined_at is not None else "not recorded"


def counts(rows: Sequence[WeekCall]) -> dict[Outcome, int]:
    """How many there were of each, also where there were none."""
    return {outcome: sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES}


def counts_in_words(rows: Sequence[WeekCall]) -> str:
    """ "3 held, 1 missed, 1 moved"; empty for a week without calls."""
    always = ("held", "missed", "moved")
    parts = [f"{count} {outcome}" for outcome, count in counts(rows).items() if count or outcome in always]
    return ", ".join(parts) if rows else ""
