"""Two or three other times for a call (CALL-8 e): free in our calendar and inside the hours of both sides.

Where there is no such time, the proposal says why and offers the times nearest to their hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.calls.policy import Slots
from fleettui.time.business import Calendar, Holidays, Hours
from fleettui.time.zones import day_of

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.team.people import Person

MINUTE = timedelta(minutes=1)

AWAY = "away"
Busy = Sequence[tuple[datetime, datetime]]


class Slot(msgspec.Struct, frozen=True):
    """A free time."""

    start: datetime
    end: datetime
    outside: int = 0
    """How many minutes away from their hours; 0: inside them."""


class Proposal(msgspec.Struct, frozen=True):
    """The times to offer."""

    slots: tuple[Slot, ...]
    note: str = ""
    """Why the times are not inside the hours of both sides."""


@dataclass(frozen=True)
class SlotRequest:
    """What is looked for. `like` is the time of day that suited them before."""

    minutes: int
    like: datetime
    now: datetime
    policy: Slots


def their_calendar(zone: str, policy: Slots) -> Calendar:
    """The usual hours of customers, in their zone, closed on the public holidays there."""
    hours = Hours(zone=zone, open={day: list(spans) for day, spans in policy.their_hours.items()})
    return Calendar(hours, _holidays_in(zone))


def leader_calendar(hours: Hours, holidays: Holidays, leader: Person | None) -> Calendar:
    """When the one who leads the call is at work: our hours, on their own clock; not on holidays, nor on their days off."""
    days_off = {
        off.first + timedelta(days=number): AWAY
        for off in (leader.time_off if leader else ())
        for number in range((off.last - off.first).days + 1)
    }

    def closed(year: int) -> Mapping[date, str]:
        of_year = holidays(year) if callable(holidays) else holidays
        return {**of_year, **{day: AWAY for day in days_off if day.year == year}}

    zone = leader.zone if leader and leader.zone else hours.zone
    return Calendar(msgspec.structs.replace(hours, zone=zone), closed)


def busy_times(calls: Iterable[Call], call: Call, leader: Person | None) -> Busy:
    """When whoever leads `call` is in another: leads it, or is invited and has not declined. Without a leader: anybody's."""
    others = [other for other in calls if not other.over and not other.all_day and other.id != call.id]
    mine = [other for other in others if not call.host or _is_in(other, call.host, leader)]
    return sorted((other.start, other.end) for other in mine)


def _is_in(call: Call, login: str, person: Person | None) -> bool:
    email = person.email.lower() if person else ""
    invited = (who for who in call.attendees if email and who.email == email and who.status != "declined")
    return call.host == login or any(invited)


def propose(
    ours: Calendar, theirs: Calendar, busy: Iterable[tuple[datetime, datetime]], request: SlotRequest
) -> Proposal:
    """Between two and three free times, as the policy says, or as many as there are."""
    search = _SlotSearch(ours, theirs, sorted(busy), request)
    inside = search.spread(search.candidates(0))
    if len(inside) >= request.policy.least:
        return Proposal(tuple(inside))
    return Proposal(tuple(search.filled(inside)), search.why_not(inside))


@dataclass(frozen=True)
class _SlotSearch:
    ours: Calendar
    theirs: Calendar
    busy: Busy
    request: SlotRequest

    def days(self) -> list[date]:
        """The business days to look at, not including today."""
        today = day_of(self.request.now, self.ours.zone)
        following = [
            today + timedelta(days=number) for number in range(1, self.request.policy.within_days + 1)
        ]
        open_days = [day for day in following if self.ours.is_business_day(day)]
        return open_days[max(0, self.request.policy.from_business_days - 1) :]

    def candidates(self, furthest: int) -> list[Slot]:
        """Every free time of ours that is at most so many minutes outside their hours, in order."""
        return [slot for slot in self._free() if slot.outside <= furthest]

    def _free(self) -> list[Slot]:
        return [slot for day in self.days() for slot in self._on(day) if not self._taken(slot)]

    def _on(self, day: date) -> list[Slot]:
        length = timedelta(minutes=self.request.minutes)
        slots = []
        for opening, closing in self.ours.spans_on(day):
            start = _on_grid(opening, self.ours.zone, self.request.policy.step_minutes)
            while start + length <= closing:
                outside = self._outside(start, start + length)
                if outside is not None:
                    slots.append(Slot(start, start + length, outside))
                start += timedelta(minutes=self.request.policy.step_minutes)
        return slots

    def _outside(self, start: datetime, end: datetime) -> int | None:
        """Minutes from their nearest opening hours; None on a day on which they do not work."""
        day = day_of(start, self.theirs.zone)
        spans = self.theirs.spans_on(day)
        if not spans or day_of(end - MINUTE, self.theirs.zone) != day:
            return None
        return min(_distance(start, end, span) for span in spans)

    def _taken(self, slot: Slot) -> bool:
        return any(start < slot.end and slot.start < end for start, end in self.busy)

    # Choosing

    def spread(self, slots: Sequence[Slot], beside: Sequence[Slot] = ()) -> list[Slot]:
        """On different days if possible, each as near as possible to the time of day that suited them."""
        chosen = list(beside)
        days: dict[date, list[Slot]] = {}
        for slot in slots:
            days.setdefault(day_of(slot.start, self.theirs.zone), []).append(slot)
        while days and len(chosen) < self.request.policy.most:
            chosen += self._one_a_day(days, chosen)
        return sorted(chosen, key=lambda slot: slot.start)

    def _one_a_day(self, days: dict[date, list[Slot]], chosen: Sequence[Slot]) -> list[Slot]:
        added: list[Slot] = []
        for day in list(days):
            fitting = [slot for slot in days[day] if not _overlaps(slot, (*chosen, *added))]
            if not fitting:
                del days[day]
            elif len(chosen) + len(added) < self.request.policy.most:
                added.append(min(fitting, key=self._unlike))
        return added

    def _unlike(self, slot: Slot) -> tuple[int, int, datetime]:
        wanted, minute = (_minute_of_day(at, self.theirs.zone) for at in (self.request.like, slot.start))
        apart = abs(wanted - minute)
        return (slot.outside, min(apart, 1440 - apart), slot.start)

    def filled(self, inside: Sequence[Slot]) -> list[Slot]:
        """The times inside, and the nearest ones outside their hours to fill up."""
        everything = self._free()
        for furthest in sorted({slot.outside for slot in everything}):
            near = [slot for slot in everything if 0 < slot.outside <= furthest]
            chosen = self.spread(near, inside)
            if len(chosen) >= self.request.policy.most:
                return chosen
        return self.spread([slot for slot in everything if slot.outside], inside)

    def why_not(self, inside: Sequence[Slot]) -> str:
        if not self._free():
            return f"There is no free time of ours within {self.request.policy.within_days} days on which they work."
        if inside:
            return "There is only one free time inside the hours of both sides; the others are the nearest to theirs."
        common = any(slot.outside == 0 for day in self.days() for slot in self._on(day))
        if common:
            return "The hours we have in common are all taken; these are the nearest to theirs."
        return "We have no business hour in common with them; these are the nearest to theirs."


def _distance(start: datetime, end: datetime, span: tuple[datetime, datetime]) -> int:
    early, late = span[0] - start, end - span[1]
    return max(0, early // MINUTE, late // MINUTE)


def _overlaps(slot: Slot, others: Iterable[Slot]) -> bool:
    return any(other.start < slot.end and slot.start < other.end for other in others)


def _minute_of_day(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


def _on_grid(at: datetime, zone: ZoneInfo, step: int) -> datetime:
    """The first full step of the wall clock from `at` on."""
    return at + timedelta(minutes=-_minute_of_day(at, zone) % step)


# Their holidays


def _holidays_in(zone: str) -> Callable[[int], Mapping[date, str]]:
    country = country_of(zone)

    def of_year(year: int) -> Mapping[date, str]:
        from fleettui.errors import FleettuiError
        from fleettui.time.holidays import HolidayPolicy, resolve

        if not country:
            return {}
        try:
            return resolve(HolidayPolicy(country=country, category="public"), (year,))
        except FleettuiError:  # not every country's holidays are known
            return {}

    return cache(of_year)


@cache
def country_of(zone: str) -> str:
    """The country of a zone, from the table of the time zone database; empty where it has none."""
    from importlib import resources

    try:
        table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError):
        return ""
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if len(row) > 2 and row[2] == zone), "")
