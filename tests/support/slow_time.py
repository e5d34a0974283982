"""The slow, obvious clock: it looks at the wall once a minute and asks whether the door is open.

Written for the tests alone and sharing nothing with the fast code. Whole minutes only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=400_000)
def wall(zone: str, at: datetime) -> tuple[str, str, str]:
    """What the wall shows: the weekday, the date, the time."""
    shown = at.astimezone(ZoneInfo(zone))
    written = shown.isoformat()
    return shown.strftime("%a").lower(), written[:10], written[11:16]


class SlowClock:
    def __init__(self, zone: str, week: dict[str, list[tuple[str, str]]], holidays: set[str]) -> None:
        self.zone, self.week, self.holidays = zone, week, holidays

    def door_is_open(self, at: datetime) -> bool:
        weekday, today, clock = wall(self.zone, at)
        if today in self.holidays:
            return False
        return any(opens <= clock < closes for opens, closes in self.week.get(weekday, ()))

    def wait_for_opening(self, at: datetime) -> datetime:
        while not self.door_is_open(at):
            at += MINUTE
        return at

    def wait_for_closing(self, at: datetime) -> datetime:
        while self.door_is_open(at):
            at += MINUTE
        return at

    def count_forward(self, at: datetime, minutes: int) -> datetime:
        if not minutes:
            return self.wait_for_opening(at)
        while minutes:
            minutes -= self.door_is_open(at)
            at += MINUTE
        return at

    def count_back(self, at: datetime, minutes: int) -> datetime:
        while minutes:
            at -= MINUTE
            minutes -= self.door_is_open(at)
        return at

    def count(self, start: datetime, end: datetime) -> int:
        total = 0
        while start < end:
            total += self.door_is_open(start)
            start += MINUTE
        return total

    def after_business_days(self, arrived: datetime, days: int) -> datetime:
        """SLA-14 by looking: the last of the days closes, or the wall shows the same time that many open dates later."""
        began = self.wait_for_opening(arrived)
        _, date_begun, clock_begun = wall(self.zone, began)
        opened_earlier_today = any(
            wall(self.zone, began - MINUTE * n)[1] == date_begun and self.door_is_open(began - MINUTE * n)
            for n in range(1, 26 * 60)
        )
        dates = self.open_minutes_by_date(began, days + 1)
        if not opened_earlier_today:
            return dates[days - 1][-1] + MINUTE
        open_minutes = dates[days]
        date = wall(self.zone, open_minutes[0])[1]
        at = open_minutes[0] - timedelta(hours=30)
        while not (wall(self.zone, at)[1] == date and wall(self.zone, at)[2] >= clock_begun):
            if wall(self.zone, at)[1] > date:
                break
            at += MINUTE
        if at - MINUTE in open_minutes:
            return at
        passed = [minute for minute in open_minutes if minute < at]
        return passed[-1] + MINUTE if passed else open_minutes[0]

    def open_minutes_by_date(self, at: datetime, how_many: int) -> list[list[datetime]]:
        """The open minutes of the dates from `at`'s on. Two more are looked through: some clocks turn back past midnight."""
        by_date: dict[str, list[datetime]] = {}
        at -= timedelta(hours=26)
        first = wall(self.zone, at + timedelta(hours=26))[1]
        while len(by_date) < how_many + 2:
            if self.door_is_open(at) and wall(self.zone, at)[1] >= first:
                by_date.setdefault(wall(self.zone, at)[1], []).append(at)
            at += MINUTE
        return [by_date[date] for date in sorted(by_date)]
