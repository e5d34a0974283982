"""Who answers the web chat this week: weekly shifts, in turn (SUP-15).

A shift starts Saturday 00:00 by the team's clocks, in the night from Friday, and is for the week that begins on the Monday
after; that Monday, at the start of the day, whoever took over is reminded. Days and times are the rota's data.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from fleettui.errors import WrongUsage
from fleettui.time import zones
from fleettui.time.business import WEEKDAYS

_WEEK = timedelta(weeks=1)

Away = Mapping[str, Sequence[tuple[date, date]]]
"""The days on which people are away, by login: first and last, both included."""


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody else on these days, first and last included; nobody, if `person` is null. A later one wins."""

    first: date
    last: date
    person: str | None
    why: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise WrongUsage(f"{self.last} is before {self.first}", field="overrides")


class Swap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two shifts exchange their people. Each is named by the date on which it starts."""

    one: date
    other: date


class RotaOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another order from the shift that starts on `first`, which goes to the first of them; earlier shifts do not change."""

    first: date
    order: list[str]


class Rota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People take turns in `order` (logins), from the shift that starts on `first`; in another order from later on."""

    rule: str = ""
    order: list[str]
    first: date
    handover_weekday: str = "sat"
    handover_at: str = "00:00"
    reminder_weekday: str = "mon"
    reminder_at: str = "06:00"
    overrides: list[Override] = []
    swaps: list[Swap] = []
    later: list[RotaOrder] = []

    def __post_init__(self) -> None:
        for field in ("handover_weekday", "reminder_weekday"):
            if getattr(self, field) not in WEEKDAYS:
                raise WrongUsage(f"{getattr(self, field)!r} is not one of {', '.join(WEEKDAYS)}", field=field)
        for field in ("handover_at", "reminder_at"):
            zones.parse_clock(getattr(self, field), field)
        zones.refuse_far(self.first.year, "first")
        starts = [("first", self.first)]
        starts += [("swaps", day) for swap in self.swaps for day in (swap.one, swap.other)]
        starts += [("later", turns.first) for turns in self.later]
        for field, day in starts:
            if WEEKDAYS[day.weekday()] != self.handover_weekday or day < self.first:
                raise WrongUsage(
                    f"no shift starts on {day}; shifts start each {self.handover_weekday}", field=field
                )


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch with one person on call, or nobody. `week_of` is the day on which the week begins that it is for."""

    start: datetime
    end: datetime
    person: str | None
    why: str
    week_of: date


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be reminded that their week begins."""

    at: datetime
    person: str
    week_of: date


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch in which nobody answers."""

    start: datetime
    end: datetime
    why: str


def shift_at(rota: Rota, at: datetime, zone: ZoneInfo) -> Shift | None:
    """Who is on call at an instant, and for how long; nothing before the first shift."""
    at = zones.as_utc(at, "at")
    turn = turn_at(rota, at, zone)
    if turn < rota.first:
        return None
    return next(shift for shift in _shifts_of(rota, turn, zone) if shift.end > at)


def shifts_between(rota: Rota, start: datetime, end: datetime, zone: ZoneInfo) -> list[Shift]:
    """Every shift with a moment in `[start, end)`, whole, in order."""
    start, end = zones.as_utc(start, "start"), zones.as_utc(end, "end")
    if end < start:
        raise WrongUsage(f"{end.isoformat()} is before the start, {start.isoformat()}", field="end")
    shifts: list[Shift] = []
    turn = max(turn_at(rota, start, zone), rota.first)
    while handover(rota, turn, zone) < end:
        shifts += [shift for shift in _shifts_of(rota, turn, zone) if shift.start < end and shift.end > start]
        turn += _WEEK
    return shifts


def next_shift(rota: Rota, at: datetime, zone: ZoneInfo) -> Shift:
    """The shift that begins next."""
    current = shift_at(rota, at, zone)
    begin = current.end if current else handover(rota, rota.first, zone)
    shift = shift_at(rota, begin, zone)
    assert shift is not None, "it begins when the other ends"  # noqa: S101
    return shift


def gaps(rota: Rota, start: datetime, end: datetime, zone: ZoneInfo, away: Away | None = None) -> list[Gap]:
    """The stretches of `[start, end)` in which nobody answers, and why."""
    start, end = zones.as_utc(start, "start"), zones.as_utc(end, "end")
    unattended: list[Gap] = []
    opening = handover(rota, rota.first, zone)
    if start < opening:
        unattended.append(Gap(start=start, end=min(end, opening), why="before the first shift"))
    for shift in shifts_between(rota, start, end, zone):
        since, until = max(shift.start, start), min(shift.end, end)
        if shift.person is None:
            unattended.append(Gap(start=since, end=until, why=shift.why))
        else:
            unattended += _absences(shift.person, since, until, zone, (away or {}).get(shift.person, ()))
    return _joined(unattended)


def _joined(gaps: list[Gap]) -> list[Gap]:
    """Gaps that follow each other for the same reason become one, also across a handover."""
    joined: list[Gap] = []
    for gap in gaps:
        if joined and (joined[-1].end, joined[-1].why) == (gap.start, gap.why):
            gap = Gap(start=joined.pop().start, end=gap.end, why=gap.why)
        joined.append(gap)
    return joined


def reminders_between(rota: Rota, start: datetime, end: datetime, zone: ZoneInfo) -> list[Reminder]:
    """SUP-15: who is to be reminded in `[start, end)`, and when. A week without a person has nobody to remind."""
    start, end = zones.as_utc(start, "start"), zones.as_utc(end, "end")
    reminders: list[Reminder] = []
    turn = max(turn_at(rota, start, zone) - _WEEK, rota.first)
    while handover(rota, turn, zone) < end:
        at = reminder_at(rota, _week_of(rota, turn), zone)
        shift = shift_at(rota, at, zone)
        if start <= at < end and shift and shift.person is not None:
            reminders.append(Reminder(at=at, person=shift.person, week_of=_week_of(rota, turn)))
        turn += _WEEK
    return reminders


def reminder_at(rota: Rota, week_of: date, zone: ZoneInfo) -> datetime:
    """When the reminder for this week is due."""
    return _wall(week_of, rota.reminder_at, zone)


# Turns are named by the local date on which they start


def turn_of(rota: Rota, day: date) -> date:
    """The day on which the shift starts that `day` belongs to."""
    return rota.first + (day - rota.first).days // 7 * _WEEK


def turn_at(rota: Rota, at: datetime, zone: ZoneInfo) -> date:
    """The day on which the shift started that is on at this moment."""
    weeks = (zones.day_of(at, zone) - rota.first).days // 7
    turn = rota.first + weeks * _WEEK
    return turn - _WEEK if at < handover(rota, turn, zone) else turn


def handover(rota: Rota, day: date, zone: ZoneInfo) -> datetime:
    """When the shift begins that starts on this day."""
    return _wall(day, rota.handover_at, zone)


def _wall(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return zones.instant_of(datetime.combine(day, zones.parse_clock(clock, "at")), zone)


def _week_of(rota: Rota, turn: date) -> date:
    ahead = (WEEKDAYS.index(rota.reminder_weekday) - turn.weekday()) % 7
    return turn + timedelta(days=ahead)


def _shifts_of(rota: Rota, turn: date, zone: ZoneInfo) -> list[Shift]:
    """The shifts of one week: split where an override begins or ends."""
    shifts: list[Shift] = []
    for day in (turn + timedelta(days=number) for number in range(7)):
        person, why = _on_day(rota, turn, day)
        start, end = handover(rota, day, zone), handover(rota, day + timedelta(days=1), zone)
        if shifts and (shifts[-1].person, shifts[-1].why) == (person, why):
            start = shifts.pop().start
        shifts.append(Shift(start=start, end=end, person=person, why=why, week_of=_week_of(rota, turn)))
    return shifts


def _on_day(rota: Rota, turn: date, day: date) -> tuple[str | None, str]:
    for override in reversed(rota.overrides):
        if override.first <= day <= override.last:
            return override.person, override.why or "override"
    return person_for_turn(rota, turn)


def person_for_turn(rota: Rota, turn: date) -> tuple[str | None, str]:
    """Whose shift it is by turns and swaps, and by which of them."""
    source = _swapped(rota, turn)
    turns = order_for_turn(rota, source)
    if not turns.order:
        return None, "nobody is on the rota"
    person = turns.order[(source - turns.first).days // 7 % len(turns.order)]
    return person, "turn" if source == turn else "swap"


def order_for_turn(rota: Rota, turn: date) -> RotaOrder:
    """The order that holds for a shift; of two that begin together, the one written down last."""
    held = RotaOrder(first=rota.first, order=rota.order)
    for later in rota.later:
        if held.first <= later.first <= turn:
            held = later
    return held


def _swapped(rota: Rota, turn: date) -> date:
    """The turn whose person has this one, after all swaps."""
    for swap in reversed(rota.swaps):
        if turn in (swap.one, swap.other):
            turn = swap.other if turn == swap.one else swap.one
    return turn


def _absences(
    person: str, since: datetime, until: datetime, zone: ZoneInfo, days: Sequence[tuple[date, date]]
) -> list[Gap]:
    absences: list[Gap] = []
    earliest, latest = zones.day_of(since, zone), zones.day_of(until, zone)
    for first, last in sorted(days):
        start = max(
            zones.start_of_day(max(first, earliest), zone), since, absences[-1].end if absences else since
        )
        end = min(zones.end_of_day(min(last, latest), zone), until)
        if start < end:
            absences.append(Gap(start=start, end=end, why=f"{person} is away"))
    return absences
