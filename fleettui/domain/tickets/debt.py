"""When an answer to a ticket is due, how that stands now, and how it is worded (SLA-15). Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.model import Listed
from fleettui.domain.tickets.sla import Calendars, Debt, Measure, Promise, SlaPolicy
from fleettui.errors import WrongUsage
from fleettui.time import wording

State = Literal[
    "breached",
    "urgent",
    "soon",
    "fine",  # an answer is owed, and there is time
    "unpromised",  # an answer is owed, but the policy promises no time
    "clear",  # open, and no answer is owed
    "waiting",
    "snoozed",
    "resolved",
]

GLYPHS: dict[str, str] = {
    "breached": "✗", "urgent": "▲", "soon": "△", "fine": "●", "unpromised": "◦", "clear": "·", "waiting": "…",
    "snoozed": "z", "resolved": "✓",
}  # fmt: skip


class DebtPolicy:
    """What is needed to work out when answers are due: the policy, the calendars, the prefix of waiting labels."""

    def __init__(
        self,
        policy: SlaPolicy,
        calendars: Calendars,
        waiting_prefix: str,
        department: Callable[[], Measure] | None = None,
    ) -> None:
        """`department`: what is promised to requests of other teams; asked for when there is one (SUP-20)."""
        self._department = department
        self.policy, self.calendars, self.waiting_prefix = policy, calendars, waiting_prefix
        self._promises: dict[tuple[str, str, tuple[str, ...]], Promise] = {}

    def promise(self, tier: str, priority: str, customer: tuple[str, ...] = ()) -> Promise:
        """Kept, because a queue of ten thousand tickets asks for it for each of them. `customer`: the id and the name."""
        key = tier, priority, customer if self.policy.hours else ()
        promise = self._promises.get(key)
        if promise is None:
            promise = self._promises[key] = self._promise(tier, priority, customer)
        return promise

    def _promise(self, tier: str, priority: str, customer: tuple[str, ...]) -> Promise:
        if tier == tickets.DEPARTMENT and self._department is not None:
            return Promise(self._department(), self.calendars.working, self.calendars.clock)
        return sla.promise_for(self.policy, self.calendars, tier, priority, customer)

    def debt(self, tier: str, priority: str, since: datetime, customer: tuple[str, ...] = ()) -> Debt:
        """If the policy no longer knows the tier or priority, nothing is promised; the reason says so."""
        try:
            return self.promise(tier, priority, customer).debt_since(since)
        except WrongUsage as error:
            return Debt(rule="", since=since, reason=str(error))


def debt_of(ticket: Listed, debt_policy: DebtPolicy, *, tier: str = "", priority: str = "") -> Debt | None:
    """The answer that is owed now; None where none is (SLA-15). With `tier` or `priority`: what would be owed with those."""
    since = tickets.owed_since(ticket, debt_policy.waiting_prefix)
    if since is None:
        return None
    whose = ticket.customer_id, ticket.customer
    return debt_policy.debt(tier or ticket.tier, priority or ticket.priority, since, whose)


def state_of(ticket: Listed, owed: Debt | None, debt_policy: DebtPolicy, now: datetime) -> State:
    """How the ticket stands: by its debt if it has one, else by its status."""
    if owed is not None:
        return _state_of_debt(owed, debt_policy, now)
    status = tickets.status_at(ticket, now)
    return "clear" if status == "open" else status


def _state_of_debt(owed: Debt, debt_policy: DebtPolicy, now: datetime) -> State:
    if sla.breached(owed, now):
        return "breached"  # at once: Today asks this of every ticket
    status = sla.debt_status(debt_policy.policy, owed, now)
    if status is None:
        return "unpromised"
    if status.warning == sla.URGENT:
        return "urgent"
    return "soon" if status.warning else "fine"


# In words


class DebtText(msgspec.Struct, frozen=True):
    """`left` fits a column; `words` is the sentence."""

    state: State
    glyph: str
    left: str
    words: str


def debt_text(
    ticket: Listed, owed: Debt | None, debt_policy: DebtPolicy, now: datetime, zone: ZoneInfo
) -> DebtText:
    """How the ticket stands, in words."""
    state = state_of(ticket, owed, debt_policy, now)
    left, words = _words(ticket, owed, debt_policy, now, zone, state)
    return DebtText(state, GLYPHS[state], left, words)


class StillOwed(msgspec.Struct, frozen=True):
    """That a ticket waits or sleeps does not clear its debt (SUP-12): both are shown."""

    sign: str
    words: str


def still_owed(ticket: Listed, owed: Debt | None, now: datetime) -> StillOwed | None:
    """For a ticket that waits or sleeps while an answer is owed."""
    status = tickets.status_at(ticket, now)
    if owed is None or status not in ("waiting", "snoozed"):
        return None
    return StillOwed(GLYPHS[status], f"{status}, but an answer is still owed")


def _words(
    ticket: Listed, owed: Debt | None, debt_policy: DebtPolicy, now: datetime, zone: ZoneInfo, state: State
) -> tuple[str, str]:
    if owed is not None:
        return _debt_in_words(owed, debt_policy, now, zone)
    if state == "snoozed" and ticket.snooze_until is not None:
        return "snoozed", f"snoozed until {wording.named_moment(ticket.snooze_until, now, zone)}"
    if state == "resolved":
        into = f"merged into {ticket.merged_into}" if ticket.merged_into else "resolved"
        return (
            into,
            f"{into} {wording.named_moment(ticket.resolved_at, now, zone)}" if ticket.resolved_at else into,
        )
    return ("waiting", "waiting, nothing owed") if state == "waiting" else ("", "nothing owed")


def _debt_in_words(owed: Debt, debt_policy: DebtPolicy, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    status = sla.debt_status(debt_policy.policy, owed, now)
    if status is None or owed.due is None:
        return "no SLA", f"{owed.reason}; asked {wording.named_moment(owed.since, now, zone)}"
    counting = "" if owed.clock == "clock hours" else " of business time"
    due = wording.named_moment(owed.due, now, zone)
    amount = wording.span(status.left_on_clock, wording.BUSINESS_HOURS)
    if status.breached:
        return f"-{amount}", f"{amount}{counting} over, was due {due}"
    aim = ""
    if owed.target is not None:
        missed = "missed " if status.past_target else ""
        aim = f" ({missed}aim {wording.named_moment(owed.target, now, zone)})"
    return amount, f"{amount}{counting}, due {due}{aim}"
