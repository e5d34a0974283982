"""A calendar laid out as one line of segments, open and closed, each with its reason.

A moment is open exactly when the clock on the wall then shows opening hours. So an hour that clocks skip is not there to be
counted, and one that they repeat counts twice: real time passes, and the wall says "open".

Everything is an integer number of microseconds since 1970, so that nothing is ever rounded. A year is laid out when a question
first touches it, with running sums of the open time; from then on a question costs a few binary searches, however
long the duration it is about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

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


class Segment(NamedTuple):
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
    return micros(at - EPOCH)


def instant_at(moment: int) -> datetime:
    return EPOCH + timedelta(microseconds=moment)


class Year:
    """One year (by UTC) of segments without a gap, and the open time that lies before each of them."""

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
        """The open time from the year's start to `moment`."""
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


def _first_second(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


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
    """All years, each laid out when it is first needed."""

    def __init__(self, zone: ZoneInfo, plan_of: PlanOf, prepare: Callable[[int], None]) -> None:
        self._zone = zone
        self._plan_of = plan_of
        self._prepare = prepare
        self._years: dict[int, Year] = {}

    def year(self, number: int, field: str) -> Year:
        year = self._years.get(number)
        if year is None:
            if not FIRST_YEAR <= number <= LAST_YEAR:
                raise Refused(f"the answer lies outside the years {FIRST_YEAR} to {LAST_YEAR}", field=field)
            self._prepare(number)
            year = self._years[number] = Year(self._zone, number, self._plan_of)
        return year

    def segment_at(self, at: datetime) -> Segment:
        year = self.year(at.year, "at")
        return year.segments[year.index_at(moment_of(at))]

    def segments(self, start: datetime, end: datetime) -> Iterator[tuple[int, int, Segment]]:
        """The segments that a stretch of time touches, in order, each clipped to it."""
        first, last = moment_of(start), moment_of(end)
        for number in range(start.year, end.year + 1):
            year = self.year(number, "end")
            begin = year.index_at(first) if number == start.year else 0
            for index in range(begin, len(year.segments)):
                since = max(year.starts[index], first)
                if since >= last:
                    return
                yield since, min(year.end_of(index), last), year.segments[index]

    def open_between(self, start: datetime, end: datetime) -> int:
        whole_years = sum(self.year(number, "end").total for number in range(start.year, end.year))
        until_start = self.year(start.year, "start").open_before(moment_of(start))
        return whole_years + self.year(end.year, "end").open_before(moment_of(end)) - until_start

    def forward(self, start: datetime, amount: int) -> datetime:
        """The first moment by which `amount` of open time, more than none, has passed since `start`."""
        number = start.year
        year = self.year(number, "start")
        left = amount + year.open_before(moment_of(start))
        while left > year.total:
            left -= year.total
            number += 1
            year = self.year(number, "minutes")
        return instant_at(year.earliest_with(left))

    def backward(self, end: datetime, amount: int) -> datetime:
        """The last moment from which `amount` of open time passes until `end`; with none, the next open moment."""
        number = end.year
        year = self.year(number, "end")
        left = year.open_before(moment_of(end)) - amount
        while left < 0:
            number -= 1
            year = self.year(number, "minutes")
            left += year.total
        while left >= year.total:
            left -= year.total
            number += 1
            year = self.year(number, "at")
        return instant_at(year.latest_with(left))
