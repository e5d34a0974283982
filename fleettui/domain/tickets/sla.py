"""When an answer is due to a customer (SLA-1 to SLA-16).

The numbers are policy (data/sla.json, then the team's own). `Commitment` is a row of the policy, `Promise` that row with its
calendars, `Debt` an answer that is owed since a moment. To ask "what if", call the same functions with another policy, tier,
priority or calendar.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fleettui.errors import WrongUsage
from fleettui.time.business import Calendar, Holidays, Hours, Stretch, TraceItem, around_the_clock

ClockName = Literal["clock hours", "business hours", "business days"]

Names = Collection[str]
"""What a customer is called: the id, the name, the codename."""

ANY = "any"
URGENT = "urgent"
"""The name of the warning that makes a ticket urgent; any other warning makes it "soon"."""


class Priority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SLA-10; and SLA-13: whether a weekday holiday is business time at this priority."""

    rule: str = ""
    key: str
    name: str
    meaning: str
    holidays_count: bool = False


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How soon an answer is due. Amounts are hours or business days, as the clock says; without a clock nothing is promised.

    `due` is when it is breached, `due_out_of_hours` stands instead for what arrives outside business hours, `aim` is
    the earlier time that is aimed for.
    """

    rule: str = ""
    clock: ClockName | None = None
    due: float | None = None
    due_out_of_hours: float | None = None
    aim: float | None = None

    def __post_init__(self) -> None:
        amounts = {"due": self.due, "due_out_of_hours": self.due_out_of_hours, "aim": self.aim}
        if self.clock is None or self.due is None:
            if self.clock is not None or any(amount is not None for amount in amounts.values()):
                raise WrongUsage("a clock and an amount go together", field=f"{self.rule} due")
            return
        for field, amount in amounts.items():
            if amount is not None and amount <= 0:
                raise WrongUsage(f"{amount:g} is not a time to answer in", field=f"{self.rule} {field}")
            if amount is not None and self.clock == "business days" and amount % 1:
                raise WrongUsage(
                    f"{amount:g} is not a whole number of business days", field=f"{self.rule} {field}"
                )
        if self.aim is not None and self.aim >= self.due:
            raise WrongUsage(f"{self.aim:g} is not earlier than due, {self.due:g}", field=f"{self.rule} aim")


class Commitment(Measure, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table. `priority` may be "any"."""

    tier: str
    priority: str
    contact: str = ""


class InternalTarget(Measure, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SLA-16: the team's own target; shown, never promised."""

    key: str
    name: str
    note: str = ""
    ways: list[str] = []
    """For what came in these ways (SUP-1); "" is what somebody typed in."""


class AnswerChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SLA-11: the channels that a tier may use at a priority. Rows for "any" tier and for one tier add up."""

    rule: str = ""
    tier: str
    priority: str
    ways: list[str]


class WarningLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The word for a debt with this share of its time left, or less."""

    name: str
    left: float


class OwnHours(Hours, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SLA-17: opening hours of some tiers, or of some customers (by id or name), by which their promises are counted."""

    tiers: list[str] = []
    customers: list[str] = []
    holidays: bool = True
    """Whether the team's holidays are theirs."""


class SlaPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """sla.json."""

    priorities: list[Priority]
    commitments: list[Commitment]
    channels: list[AnswerChannel] = []
    internal: list[InternalTarget] = []
    warnings: list[WarningLevel] = []
    paid: list[str] | None = None
    """SLA-17: the tiers of customers who pay; left out: those to whom something is promised."""
    hours: list[OwnHours] = []

    def missing_keys(self) -> Iterator[tuple[str, str]]:
        from fleettui.domain.checklists.mistakes import absent

        known = tiers(self)
        named = [(f"paid[{number}]", tier) for number, tier in enumerate(self.paid or [])]
        for number, own in enumerate(self.hours):
            named += [(f"hours[{number}].tiers[{place}]", tier) for place, tier in enumerate(own.tiers)]
            if not own.tiers and not own.customers:
                yield f"hours[{number}]", "names no tier and no customer"
            if not any(own.open.values()):
                yield f"hours[{number}].open", "is never open, so nothing would ever be due"
        for field, tier in named:
            if tier not in known:
                yield field, f"no tier is called {tier!r}; there are {', '.join(known)}"

        names = {level.name for level in self.warnings}
        needed = {URGENT: "marking tickets as urgent"} if names else {}
        yield from absent("warnings", "warning", needed, names)


class Calendars(msgspec.Struct, frozen=True):
    """The three calendars that due times are counted on, all of the same opening hours."""

    working: Calendar
    """Opening hours without holidays."""
    through_holidays: Calendar
    """Opening hours, also on holidays."""
    clock: Calendar
    """Every hour of every day."""
    own: tuple["Calendars", ...] = ()
    """SLA-17: those of the policy's own hours, in its order."""

    @classmethod
    def of(cls, hours: Hours, holidays: Holidays | None = None, own: Iterable[OwnHours] = ()) -> "Calendars":
        """The calendars of these opening hours."""
        theirs = tuple(cls.of(row, holidays if row.holidays else None) for row in own)
        return cls(Calendar(hours, holidays), Calendar(hours), around_the_clock(hours.zone), theirs)


class Debt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An answer that is owed, and when it is due. Without a clock nothing is promised, and `due` is empty.

    Every open ticket has one: what is only needed for a ticket that somebody looks at is computed then.
    """

    rule: str
    since: datetime
    due: datetime | None = None
    clock: ClockName | None = None
    aim: float | None = None
    reason: str = ""
    calendar: Calendar | None = None

    @property
    def target(self) -> datetime | None:
        """When the team aims to have answered."""
        if self.calendar is None or self.clock is None or self.aim is None:
            return None
        return _stretch(self.calendar, self.clock, self.since, self.aim).end

    def trace(self) -> list[TraceItem]:
        """How the due time came about, span by span."""
        if self.calendar is None or self.due is None:
            return []
        return self.calendar.stretch(self.since, self.due).trace()


class Promise:
    """How soon an answer is promised to one tier at one priority: the policy is looked up once for many debts."""

    __slots__ = ("_calendar", "_hours", "_measure", "_reason", "_reason_inside", "_reason_outside")

    def __init__(self, measure: Measure, hours: Calendar, clock: Calendar) -> None:
        self._measure, self._hours = measure, hours
        self._calendar = clock if measure.clock == "clock hours" else hours
        if measure.clock is None or measure.due is None:
            self._reason = in_words(measure)
        else:
            self._reason = _amount(measure.due, measure.clock) + self._calendar.caveat
            # Written once: tens of thousands of debts say so.
            outside = measure.due if measure.due_out_of_hours is None else measure.due_out_of_hours
            self._reason_inside = f"{_amount(measure.due, measure.clock)}: it arrived in business hours"
            self._reason_outside = f"{_amount(outside, measure.clock)}: it arrived outside business hours"

    def debt_since(self, at: datetime) -> Debt:
        """SLA-1 to SLA-9: when an answer is due to what arrived then."""
        measure, amount, reason = self._measure, self._measure.due, self._reason
        if measure.clock is None or amount is None or self._calendar.never_opens:
            return Debt(rule=measure.rule, since=at, reason=reason)
        if measure.due_out_of_hours is not None:
            inside = self._hours.is_open(at)
            amount = amount if inside else measure.due_out_of_hours
            reason = self._reason_inside if inside else self._reason_outside
        stretch = _stretch(self._calendar, measure.clock, at, amount)
        return Debt(
            rule=measure.rule,
            since=stretch.start,
            due=stretch.end,
            clock=measure.clock,
            aim=measure.aim,
            reason=reason,
            calendar=self._calendar,
        )


class DebtStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a debt stands now. `left` is real time, `left_on_clock` the time its own clock still counts; negative: over."""

    breached: bool
    past_target: bool
    left: timedelta
    left_on_clock: timedelta
    share_left: float
    warning: str


# The debt


def promise_for(
    policy: SlaPolicy, calendars: Calendars, tier: str, priority: str, customer: Names = ()
) -> Promise:
    """SLA-1 to SLA-9: how soon this tier is answered at this priority, by the hours of this customer (SLA-17)."""
    commitment = commitment_for(policy, tier, priority)
    place = own_hours(policy, tier, customer)
    calendars = calendars if place is None else calendars.own[place]
    # SLA-13: some priorities are not delayed by a holiday.
    through = priority_named(policy, priority).holidays_count
    return Promise(commitment, calendars.through_holidays if through else calendars.working, calendars.clock)


def debt_for(
    policy: SlaPolicy,
    calendars: Calendars,
    tier: str,
    priority: str,
    since: datetime,
    customer: Names = (),
) -> Debt:
    """When an answer is due to what arrived at `since`."""
    return promise_for(policy, calendars, tier, priority, customer).debt_since(since)


def own_hours(policy: SlaPolicy, tier: str, customer: Names = ()) -> int | None:
    """SLA-17: the place in the policy of the hours that count for this customer, or else for the tier; None: the team's."""
    if not policy.hours:
        return None
    names = {name.casefold() for name in customer if name}
    rows = list(enumerate(policy.hours))
    theirs = [place for place, row in rows if names & {name.casefold() for name in row.customers}]
    return next(iter([*theirs, *(place for place, row in rows if tier in row.tiers)]), None)


def debt_status(policy: SlaPolicy, owed: Debt, now: datetime) -> DebtStatus | None:
    """How it stands at `now`; nothing where nothing is promised. An answer at the due instant is in time."""
    if owed.due is None or owed.calendar is None:
        return None
    breached = now > owed.due
    counted = owed.calendar.between
    left_on_clock = -counted(owed.due, now) if breached else counted(max(now, owed.since), owed.due)
    share_left = left_on_clock / counted(owed.since, owed.due)
    return DebtStatus(
        breached=breached,
        past_target=now > (owed.target or owed.due),
        left=owed.due - now,
        left_on_clock=left_on_clock,
        share_left=share_left,
        warning=_warning(policy, share_left),
    )


def breached(owed: Debt, now: datetime) -> bool:
    """Whether it is late."""
    return owed.due is not None and now > owed.due


# The table


def commitment_for(policy: SlaPolicy, tier: str, priority: str) -> Commitment:
    """The row of the table for this tier and priority; "any" where there is no closer one."""
    tier, key = tier_named(policy, tier), priority_named(policy, priority).key
    rows = [row for row in policy.commitments if row.tier == tier and row.priority in (key, ANY)]
    if not rows:
        raise WrongUsage(f"the policy says nothing for {tier} at {key}", field="priority")
    return min(rows, key=lambda row: row.priority == ANY)


def tiers(policy: SlaPolicy) -> list[str]:
    """All tiers, in the order of the table."""
    return list(dict.fromkeys(row.tier for row in policy.commitments))


def paid_tiers(policy: SlaPolicy) -> list[str]:
    """SLA-17: the tiers of customers who pay."""
    if policy.paid is not None:
        return policy.paid
    promised = {row.tier for row in policy.commitments if row.due is not None}
    return [tier for tier in tiers(policy) if tier in promised]


def tier_in_words(policy: SlaPolicy, tier: str) -> str:
    """A tier as a list shows it, also one that the policy no longer names."""
    return tier if tier in tiers(policy) else f"{tier}?"


def tier_named(policy: SlaPolicy, text: str) -> str:
    """The tier as the policy spells it."""
    for tier in tiers(policy):
        if tier.casefold() == text.casefold():
            return tier
    raise WrongUsage(f"there is no tier {text!r}; known: {', '.join(tiers(policy))}", field="tier")


def priority_named(policy: SlaPolicy, text: str) -> Priority:
    """The priority of this key or name."""
    for priority in policy.priorities:
        if text.casefold() in (priority.key.casefold(), priority.name.casefold()):
            return priority
    known = "; ".join(line.rstrip(".") for line in meanings(policy))
    raise WrongUsage(f"there is no priority {text!r}; there are {known}", field="priority")


def meanings(policy: SlaPolicy, of: str = "") -> list[str]:
    """SLA-10: what each priority means, or one of them: for whoever chooses, and for whoever wonders at a due time."""
    return [f"{row.key} {row.name}: {row.meaning}" for row in policy.priorities if of in ("", row.key)]


def ways_in(policy: SlaPolicy, tier: str, priority: str) -> list[str]:
    """SLA-11: the channels to use. A tier to which nothing is promised has its contact only (SLA-1)."""
    row = commitment_for(policy, tier, priority)
    if row.contact:
        return [row.contact]
    key = priority_named(policy, priority).key
    fitting = [
        line for line in policy.channels if line.tier in (row.tier, ANY) and line.priority in (key, ANY)
    ]
    return [way for line in sorted(fitting, key=lambda line: line.tier == ANY) for way in line.ways]


def in_words(measure: Measure) -> str:
    """ "4 business hours"; "aim for 1 business day, at most 2"; "1 clock hour in business hours, else 2"."""
    if measure.clock is None or measure.due is None:
        return "none promised"
    if measure.aim is not None:
        return f"aim for {_amount(measure.aim, measure.clock)}, at most {measure.due:g}"
    if measure.due_out_of_hours is not None:
        return f"{_amount(measure.due, measure.clock)} in business hours, else {measure.due_out_of_hours:g}"
    return _amount(measure.due, measure.clock)


def _stretch(calendar: Calendar, clock: ClockName, since: datetime, amount: float) -> Stretch:
    if clock == "business days":
        return calendar.forward_days(since, int(amount))
    return calendar.forward(since, timedelta(hours=amount))


def _amount(amount: float, clock: ClockName) -> str:
    return f"{amount:g} {clock.removesuffix('s') if amount == 1 else clock}"


def _warning(policy: SlaPolicy, share_left: float) -> str:
    reached = [level for level in policy.warnings if share_left <= level.left]
    return min(reached, key=lambda level: level.left).name if reached else ""
