"""A calendar laid out as one line of segments, open and closed, each with its reason.

A moment is open exactly when the clock on the wall then shows opening hours. So an hour that clocks skip is not there to be
counted, and one that they repeat counts twice: real time passes, and the wall says "open".

Everything is an integer number of microseconds since 1970, so that nothing is ever rounded. A month is laid out when a question
first touches it, with running sums of the open time; from then on a question costs a few binary searches, and a look at each
month of the duration that it is about. (A year took 1 to 2 ms to lay out, and `fleettui today` asks in several calendars.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from fleettui.errors import Refused
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR, Steady, steady_stretches

DAY = 86_400
MICRO = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MICROS = DAY * MICRO


class DayPlan(NamedTuple):
    """A part of a day by the wall clock, in seconds after midnight."""

    start: int
    end: int
    is_open: bool
    why: str


class Segment(msgspec.Struct, frozen=True):
    """A part of a day as it really passed."""

    start: int
    day: int  # the local date it belongs to, in days since 1970
    is_open: bool
    why: str
    shift: int  # how far the clocks moved at its start, in seconds


PlanOf = Callable[[int], tuple[DayPlan, ...]]
"""The plan of a local date, given in days since 1970."""


def micros(span: timedelta) -> int:
    return span.days * _DAY_MICROS + span.seconds * MICRO + span.microseconds


def moment_of(at: datetime) -> int:
    since = at - EPOCH
    return (since.days * DAY + since.seconds) * MICRO + since.microseconds


def instant_at(moment: int) -> datetime:
    seconds, rest = divmod(moment, MICRO)
    return EPOCH + timedelta(0, seconds, rest)


class Month:
    """One month (by UTC) of segments without a gap, and the open time that lies before each of them."""

    __slots__ = ("before", "end", "segments", "starts", "total")

    def __init__(self, zone: ZoneInfo, number: int, plan_of: PlanOf) -> None:
        first, last = _first_second(number), _first_second(number + 1)
        self.end = last * MICRO
        self.segments = [
            segment
            for steady in steady_stretches(zone, first, last)
            for segment in _laid_out(steady, plan_of)
        ]
        self.starts = [segment.start for segment in self.segments]
        self.before = [0]
        for segment, end in zip(self.segments, [*self.starts[1:], self.end], strict=True):
            self.before.append(self.before[-1] + (end - segment.start if segment.is_open else 0))
        self.total = self.before[-1]

    def index_at(self, moment: int) -> int:
        return bisect_right(self.starts, moment) - 1

    def end_of(self, index: int) -> int:
        return self.starts[index + 1] if index + 1 < len(self.starts) else self.end

    def open_before(self, moment: int) -> int:
        """The open time from the month's start to `moment`."""
        index = self.index_at(moment)
        counted = self.before[index]
        return counted + moment - self.starts[index] if self.segments[index].is_open else counted

    def earliest_with(self, amount: int) -> int:
        """The first moment with `amount` of open time (more than none) before it: at the latest a closing."""
        index = bisect_left(self.before, amount, lo=1) - 1
        return self.starts[index] + amount - self.before[index]

    def latest_with(self, amount: int) -> int:
        """The last moment with no more than `amount` (less than all) before it: at the earliest an opening."""
        index = bisect_right(self.before, amount) - 1
        return self.starts[index] + amount - self.before[index]


def _first_second(month: int) -> int:
    year, number = divmod(month, 12)
    return int(datetime(year, number + 1, 1, tzinfo=UTC).timestamp())


def _month_of(at: datetime) -> int:
    """Counted from the year 0."""
    return at.year * 12 + at.month - 1


def _laid_out(steady: Steady, plan_of: PlanOf) -> Iterator[Segment]:
    """The days' plans over a stretch of one offset, in which wall time is real time moved by that offset."""
    first, last = steady.start + steady.offset, steady.end + steady.offset
    shift = steady.shift
    for day in range(first // DAY, -(-last // DAY)):
        midnight = day * DAY
        for start, end, is_open, why in plan_of(day):
            since, until = midnight + start, midnight + end
            if until > first and since < last:
                begin = since if since > first else first
                yield Segment((begin - steady.offset) * MICRO, day, is_open, why, shift)
                shift = 0


class Timeline:
    """All months, each laid out when it is first needed."""

    def __init__(self, zone: ZoneInfo, plan_of: PlanOf, prepare: Callable[[int], None]) -> None:
        self._zone = zone
        self._plan_of = plan_of
        self._prepare = prepare
        self._prepared: set[int] = set()
        self._months: dict[int, Month] = {}

    def month(self, number: int, field: str) -> Month:
        month = self._months.get(number)
        if month is None:
            year = number // 12
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise Refused(f"the answer lies outside the years {FIRST_YEAR} to {LAST_YEAR}", field=field)
            if year not in self._prepared:
                self._prepare(year)
                self._prepared.add(year)
            month = self._months[number] = Month(self._zone, number, self._plan_of)
        return month

    def segment_at(self, at: datetime) -> Segment:
        month = self.month(_month_of(at), "at")
        return month.segments[month.index_at(moment_of(at))]

    def segments(self, start: datetime, end: datetime) -> Iterator[tuple[int, int, Segment]]:
        """The segments that a stretch of time touches, in order, each clipped to it."""
        first, last = moment_of(start), moment_of(end)
        beginning = _month_of(start)
        for number in range(beginning, _month_of(end) + 1):
            month = self.month(number, "end")
            begin = month.index_at(first) if number == beginning else 0
            for index in range(begin, len(month.segments)):
                since = max(month.starts[index], first)
                if since >= last:
                    return
                yield since, min(month.end_of(index), last), month.segments[index]

    def open_between(self, start: datetime, end: datetime) -> int:
        first, last = _month_of(start), _month_of(end)
        whole_months = sum(self.month(number, "end").total for number in range(first, last))
        until_start = self.month(first, "start").open_before(moment_of(start))
        return whole_months + self.month(last, "end").open_before(moment_of(end)) - until_start

    def forward(self, start: datetime, amount: int) -> datetime:
        """The first moment by which `amount` of open time, more than none, has passed since `start`."""
        number = _month_of(start)
        month = self.month(number, "start")
        left = amount + month.open_before(moment_of(start))
        while left > month.total:
            left -= month.total
            number += 1
            month = self.month(number, "minutes")
        return instant_at(month.earliest_with(left))

    def backward(self, end: datetime, amount: int) -> datetime:
        """The last moment from which `amount` of open time passes until `end`; with none, the next open moment."""
        number = _month_of(end)
        month = self.month(number, "end")
        left = month.open_before(moment_of(end)) - amount
        while left < 0:
            number -= 1
            month = self.month(number, "minutes")
            left += month.total
        while left >= month.total:
            left -= month.total
            number += 1
            month = self.month(number, "at")
        return instant_at(month.latest_with(left))
