"""Opening hours and the arithmetic on them (SLA-12 to SLA-14), with the reasons for every result.

Business time is half-open, `[open, close)`: at closing time it is closed. A duration that runs out exactly at closing is due
at that closing, not at the next opening. docs/time.md explains the rules with examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, islice, pairwise

import msgspec

from fleettui.errors import Refused, WrongUsage
from fleettui.time import zones
from fleettui.time.timeline import DAY, EPOCH, MICRO, DayPlan, Timeline, instant_at, micros
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_EPOCH_DAY = EPOCH.date().toordinal()
_MINUTE = timedelta(minutes=1)

Holidays = Mapping[date, str] | Callable[[int], Mapping[date, str]]
"""Names of holidays by date: all that there are, or those of a year when it is asked for."""

Spans = tuple[tuple[datetime, datetime], ...]
"""Opening hours of a day as instants: from, to."""


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the team is open, as a person writes it: wall times in one zone; "24:00" is a closing time."""

    rule: str = ""
    zone: str
    open: dict[str, list[tuple[str, str]]]

    def __post_init__(self) -> None:
        zones.zone_named(self.zone)
        for weekday in self.open:
            if weekday not in WEEKDAYS:
                raise WrongUsage(
                    f"{weekday!r} is not a weekday; write one of {', '.join(WEEKDAYS)}", field="open"
                )
            _spans(self, weekday)

    def missing_keys(self) -> Iterator[tuple[str, str]]:
        """What is allowed, but hardly meant."""
        if not any(self.open.values()):
            yield (
                "open",
                "no weekday has hours: support is never open, and no time of business hours is promised",
            )


class TraceItem(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A stretch of time, how many of its minutes counted, and why."""

    start: datetime
    end: datetime
    counted: float
    why: str


class Stretch:
    """From one instant to another along a calendar: what was counted on the way, and why not the rest."""

    __slots__ = ("_line", "end", "start")

    def __init__(self, line: Timeline, start: datetime, end: datetime) -> None:
        self._line = line
        self.start = start
        self.end = end

    @property
    def counted(self) -> timedelta:
        return timedelta(microseconds=self._line.open_between(self.start, self.end))

    def trace(self) -> list[TraceItem]:
        """The segments walked over, without gap or overlap; neighbours with the same reason are one."""
        items: list[TraceItem] = []
        reason = ""
        for start, end, segment in self._line.segments(self.start, self.end):
            since, until = instant_at(start), instant_at(end)
            moved = segment.shift if start == segment.start else 0
            counted = minutes_in(until - since) if segment.is_open else 0
            if items and segment.why == reason and not moved:
                last = items.pop()
                item = TraceItem(last.start, until, last.counted + counted, last.why)
            else:
                item = TraceItem(since, until, counted, segment.why + _shift_in_words(moved))
            items.append(item)
            reason = segment.why
        return items


class Calendar:
    """Opening hours and holidays, ready for arithmetic. Keep it: it caches every month that a question touched."""

    def __init__(self, hours: Hours, holidays: Holidays | None = None, *, open_word: str = "open") -> None:
        self.hours = hours
        self.zone = zones.zone_named(hours.zone)
        self._week = [_day_plan(hours, number, open_word) for number in range(7)]
        self._opens = [any(plan.is_open for plan in plans) for plans in self._week]
        self.never_opens = not any(self._opens)
        """Not on a single weekday: its business time never passes."""
        self._spans: dict[date, Spans] = {}
        self._ahead: dict[tuple[date, int], date] = {}
        self._holidays = holidays or {}
        self._holiday_plans: dict[int, tuple[DayPlan, ...]] = {}
        self._elsewhere: dict[str, Calendar] = {}
        if isinstance(self._holidays, Mapping):
            self._learn(self._holidays)
        self._line = Timeline(self.zone, self._plan_of, self._learn_holidays_of)

    def in_zone(self, name: str) -> Calendar:
        """The same wall times and holidays in another zone, for what counts in somebody's own time."""
        if name == self.hours.zone:
            return self
        if name not in self._elsewhere:
            self._elsewhere[name] = Calendar(msgspec.structs.replace(self.hours, zone=name), self._holidays)
        return self._elsewhere[name]

    @property
    def caveat(self) -> str:
        """What is to be said after a length of its time; empty where that passes."""
        return ", but these hours are never open" if self.never_opens else ""

    # A moment

    def is_open(self, at: datetime) -> bool:
        return self._line.segment_at(zones.as_utc(at, "at")).is_open

    def next_opening(self, at: datetime) -> datetime:
        """The first open moment from `at` on: `at` itself in opening hours."""
        self._refuse_if_never_open()
        return self._line.backward(zones.as_utc(at, "at"), 0)

    def open_until(self, at: datetime) -> datetime | None:
        """When it closes; nothing if it is closed now, or if it does not close within a year."""
        start = zones.as_utc(at, "at")
        for since, _, segment in self._line.segments(start, start + timedelta(days=366)):
            if not segment.is_open:
                closing = instant_at(since)
                return closing if closing > start else None
        return None

    def opening(self, at: datetime) -> tuple[bool, datetime | None]:
        """Whether it is open, and until when; None where that never changes."""
        if self.never_opens:
            return False, None
        is_open = self.is_open(at)
        return is_open, self.open_until(at) if is_open else self.next_opening(at)

    # A day

    def day_of(self, at: datetime) -> date:
        return zones.day_of(zones.as_utc(at, "at"), self.zone)

    def spans_on(self, day: date) -> Spans:
        """The opening hours of a local date, as instants; none when it is not a business day."""
        if not FIRST_YEAR < day.year < LAST_YEAR:
            raise Refused(f"the year {day.year} is outside {FIRST_YEAR + 1} to {LAST_YEAR - 1}", field="day")
        spans = self._spans.get(day)
        if spans is None:
            spans = self._spans[day] = self._find_spans(day)
        return spans

    def _find_spans(self, day: date) -> Spans:
        if not self._opens[day.weekday()]:
            return ()
        number = day.toordinal() - _EPOCH_DAY
        # No zone is more than a day away from UTC, so the local date lies within these three days.
        midnight = number * DAY * MICRO
        near = self._line.segments(instant_at(midnight - DAY * MICRO), instant_at(midnight + 2 * DAY * MICRO))
        mine: list[tuple[int, int]] = []
        for start, end, part in near:
            if part.is_open and part.day == number:
                begin = mine.pop()[0] if mine and mine[-1][1] == start else start
                mine.append((begin, end))
        return tuple((instant_at(start), instant_at(end)) for start, end in mine)

    def opens_on(self, weekday: str) -> bool:
        """Whether that weekday is a business day when it is no holiday."""
        return self._opens[WEEKDAYS.index(weekday)]

    def is_business_day(self, day: date) -> bool:
        return bool(self.spans_on(day))

    def closing_of(self, day: date) -> datetime | None:
        spans = self.spans_on(day)
        return spans[-1][1] if spans else None

    # Arithmetic

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return self.forward(start, amount).end

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """The last moment from which `amount` of open time passes until `end`: it may be an opening, never a closing."""
        until, open_micros = zones.as_utc(end, "end"), _positive(amount)
        if not open_micros:
            return until
        self._refuse_if_never_open()
        return self._line.backward(until, open_micros)

    def between(self, start: datetime, end: datetime) -> timedelta:
        return self.stretch(start, end).counted

    def stretch(self, start: datetime, end: datetime) -> Stretch:
        since, until = zones.as_utc(start, "start"), zones.as_utc(end, "end")
        if until < since:
            raise WrongUsage(f"{end.isoformat()} is before the start, {start.isoformat()}", field="end")
        return Stretch(self._line, since, until)

    def forward(self, start: datetime, amount: timedelta) -> Stretch:
        """From `start` until `amount` of open time has passed; for no time at all, until it is open."""
        since, open_micros = zones.as_utc(start, "start"), _positive(amount)
        self._refuse_if_never_open()
        if not open_micros:
            return Stretch(self._line, since, self._line.backward(since, 0))
        return Stretch(self._line, since, self._line.forward(since, open_micros))

    def add_days(self, start: datetime, days: int) -> datetime:
        return self.forward_days(start, days).end

    def forward_days(self, start: datetime, days: int) -> Stretch:
        """From `start` until `days` business days have passed (SLA-14).

        Begun at a day's opening, as everything is that arrives out of hours, the last of the days ends at its closing.
        Begun within the hours, it ends at the same wall time `days` business days later, fitted into that day's hours.
        """
        if days < 1:
            raise WrongUsage(f"{days} is not a number of business days", field="days")
        since = zones.as_utc(start, "start")
        self._refuse_if_never_open()
        begin = self._line.backward(since, 0)
        wall = begin.astimezone(self.zone)
        first = wall.date()
        if begin == self.spans_on(first)[0][0]:
            due = self.spans_on(self._business_day(first, days - 1))[-1][1]
        else:
            last = self._business_day(first, days)
            due = _fitted(
                zones.instant_of(datetime.combine(last, wall.time()), self.zone), self.spans_on(last)
            )
        return Stretch(self._line, since, due)

    def _business_day(self, first: date, ahead: int) -> date:
        """The business day that comes `ahead` business days after `first`, itself one."""
        day = self._ahead.get((first, ahead))
        if day is None:
            following = (first + timedelta(days=number) for number in range((LAST_YEAR - first.year) * 366))
            day = next(islice(filter(self.is_business_day, following), ahead, None))
            self._ahead[first, ahead] = day
        return day

    # What the timeline is built from

    def _plan_of(self, day: int) -> tuple[DayPlan, ...]:
        weekday = (day + _EPOCH_DAY - 1) % 7
        usual = self._week[weekday]
        return self._holiday_plans.get(day, usual) if self._opens[weekday] else usual

    def _learn_holidays_of(self, year: int) -> None:
        if not isinstance(self._holidays, Mapping):
            # A year of UTC begins and ends within neighbouring years of local time.
            for near in (year - 1, year, year + 1):
                self._learn(self._holidays(near))

    def _learn(self, holidays: Mapping[date, str]) -> None:
        for day, name in holidays.items():
            why = f"holiday: {name}" if name else "holiday"
            self._holiday_plans[day.toordinal() - _EPOCH_DAY] = (DayPlan(0, DAY, False, why),)

    def _refuse_if_never_open(self) -> None:
        if self.never_opens:
            raise Refused("this calendar is never open, so its business time never passes", field="open")


@cache
def around_the_clock(zone: str) -> Calendar:
    """A calendar that never closes: so clock hours are counted by the same code as business hours."""
    hours = Hours(zone=zone, open={weekday: [("00:00", "24:00")] for weekday in WEEKDAYS})
    return Calendar(hours, open_word="day and night")


def minutes_in(span: timedelta) -> float:
    """Whole minutes as an int, so that they print as one."""
    minutes, rest = divmod(span, _MINUTE)
    return span / _MINUTE if rest else minutes


def _positive(amount: timedelta) -> int:
    if amount < timedelta(0):
        raise WrongUsage("a duration cannot be negative", field="minutes")
    return micros(amount)


def _fitted(at: datetime, spans: Spans) -> datetime:
    """The moment nearest to `at` at which a clock that counts these spans can run out."""
    if any(start < at <= end for start, end in spans):
        return at
    closings = [end for _, end in spans if end < at]
    return closings[-1] if closings else spans[0][0]


def _shift_in_words(seconds: int) -> str:
    if not seconds:
        return ""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    amount = " ".join(part for part in (f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes)) if part)
    return f" (clocks go {'forward' if seconds > 0 else 'back'} {amount})"


# Hours as a person writes them


def _spans(hours: Hours, weekday: str) -> list[tuple[int, int]]:
    """A weekday's opening hours in seconds after midnight, in order."""
    field = f"open.{weekday}"
    spans = sorted(
        (_seconds(start, field), _seconds(end, field), start, end)
        for start, end in hours.open.get(weekday, [])
    )
    for start, end, start_text, end_text in spans:
        if end <= start:
            hint = "; write 24:00 for midnight" if end == 0 else ""
            raise WrongUsage(f"{start_text} to {end_text} ends before it starts{hint}", field=field)
    for (_, end, *_), (start, _, start_text, _) in pairwise(spans):
        if start < end:
            raise WrongUsage(f"the hours overlap at {start_text}", field=field)
    return [(start, end) for start, end, *_ in spans]


def _seconds(text: str, field: str) -> int:
    if text == "24:00":
        return DAY
    clock = zones.parse_clock(text, field)
    return clock.hour * 3600 + clock.minute * 60


def _day_plan(hours: Hours, number: int, open_word: str) -> tuple[DayPlan, ...]:
    """A weekday from midnight to midnight, with a reason for each part."""
    spans = _spans(hours, WEEKDAYS[number])
    if not spans:
        return (DayPlan(0, DAY, False, "weekend" if number >= 5 else f"closed on {_LONG_NAMES[number]}"),)
    plans, at = [], 0
    for start, end in spans:
        plans += [DayPlan(at, start, False, "break" if at else "night"), DayPlan(start, end, True, open_word)]
        at = end
    plans.append(DayPlan(at, DAY, False, "night"))
    return tuple(plan for plan in plans if plan.start < plan.end)


class _CalendarFile(msgspec.Struct, forbid_unknown_fields=True):
    zone: str
    open: dict[str, list[tuple[str, str]]]
    holidays: list[date] = []


def parse_calendar(content: bytes) -> Calendar:
    """A calendar from the JSON that `fleettui businesstime` takes: zone, open, holidays."""
    try:
        read = msgspec.json.decode(content, type=_CalendarFile)
    except msgspec.MsgspecError as error:
        raise WrongUsage(str(error)) from None
    return Calendar(Hours(zone=read.zone, open=read.open), dict.fromkeys(read.holidays, ""))


# Hours as a customer reads them


def hours_in_words(hours: Hours) -> str:
    """ "Monday to Friday, 6:00 to 16:00 (Los Angeles time)"; neighbouring days with the same hours share a part."""
    parts = []
    for spans, days in groupby(WEEKDAYS, lambda day: sorted(hours.open.get(day, []))):
        if spans:
            parts.append(f"{_days_in_words(list(days))}, {_spans_in_words(spans)}")
    if not parts:
        return "never open"
    place = hours.zone.rpartition("/")[2].replace("_", " ")
    return f"{'; '.join(parts)} ({place} time)"


def _days_in_words(days: list[str]) -> str:
    names = [_LONG_NAMES[WEEKDAYS.index(day)].removesuffix("s") for day in days]
    if len(names) == 1:
        return names[0]
    return f"{names[0]} {'and' if len(names) == 2 else 'to'} {names[-1]}"


def _spans_in_words(spans: list[tuple[str, str]]) -> str:
    # 06:00 is read as 6:00, and 00:00 as 0:00.
    return " and ".join(f"{start.removeprefix('0')} to {end.removeprefix('0')}" for start, end in spans)
