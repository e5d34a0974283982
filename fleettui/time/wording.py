"""Every time and span that a person reads, in one style: signs and words, short enough for a column.

The words for a moment depend on how near it is: `moment` is for a column, `named_moment` for a sentence; `dated` and
`exact_moment` say the same whenever they are read. Spans have two units at most.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

WEEK = 7
_MINUTE = timedelta(minutes=1)
BUSINESS_HOURS = 100
"""From how many hours on business time is written in days of 24 hours. Below it, a day could mean a day of opening hours."""


# Moments


def clock(now: datetime, zone: ZoneInfo) -> str:
    """ "Mon 09:42 PDT"."""
    return now.astimezone(zone).strftime("%a %H:%M %Z")


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "09:42" today, "Mon 09:42" within a week, "9 Mar 09:42" this year, else "9 Mar 2027 09:42"."""
    return f"{_day_near(at, now, zone, {0: ''})} {at.astimezone(zone):%H:%M}".lstrip()


def named_moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "today 08:10", "tomorrow 08:10", "Thu 08:10", "2 Apr 08:10", "2 Apr 2027 08:10"."""
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return f"{_day_near(at, now, zone, names)} {at.astimezone(zone):%H:%M}"


def coming_moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "today 10:00", "Fri 10:00" in the next six days, else "20 Mar 10:00": weekdays are not for the past."""
    then, here = at.astimezone(zone), now.astimezone(zone)
    is_past = then.date() < here.date()
    day_words = _calendar_day(then, here) if is_past else _day_near(at, now, zone, {0: "today"})
    return f"{day_words} {then:%H:%M}"


def _day_near(at: datetime, now: datetime, zone: ZoneInfo, names: dict[int, str]) -> str:
    then, here = at.astimezone(zone), now.astimezone(zone)
    days = (then.date() - here.date()).days
    if days in names:
        return names[days]
    if abs(days) < WEEK:
        return f"{then:%a}"
    return _calendar_day(then, here)


def _calendar_day(then: datetime, here: datetime) -> str:
    return f"{then.day} {then:%b}" + (f" {then.year}" if then.year != here.year else "")


def exact_moment(at: datetime, zone: ZoneInfo) -> str:
    """ "Thursday 12 March, 10:00 PDT"."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M} {zone_word(local)}"


def zone_word(local: datetime) -> str:
    """CET, EDT; and where a zone has no such name, its offset after UTC."""
    name, offset = local.tzname() or "", local.strftime("%z")
    if name.isalpha():
        return name
    return f"UTC{offset[:3]}" + (f":{offset[3:5]}" if offset[3:5] != "00" else "")


def both_clocks(at: datetime, theirs: ZoneInfo, ours: ZoneInfo) -> str:
    """Theirs first; ours beside it where the clocks differ."""
    there, here = at.astimezone(theirs), at.astimezone(ours)
    text = exact_moment(at, theirs)
    if there.utcoffset() == here.utcoffset():
        return text
    day = "" if here.date() == there.date() else f"{here:%A} "
    return f"{text} ({day}{here:%H:%M} {zone_word(here)} for us)"


def dated(at: datetime, zone: tzinfo, *, with_zone: bool = False) -> str:
    """ "Mon 9 Mar 09:42", "Mon 9 Mar 09:42 PDT": the same whenever it is read."""
    local = at.astimezone(zone)
    return f"{day(local)} {local:%H:%M}" + (f" {local:%Z}" if with_zone else "")


def day(date_: date, *, with_year: bool = False) -> str:
    """ "Mon 9 Mar", "Mon 9 Mar 2026"."""
    return f"{date_:%a} {date_.day} {date_:%b}" + (f" {date_.year}" if with_year else "")


def opening(is_open: bool, until: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """ "open until 16:00", "closed until Mon 06:00", "never open"."""
    if until is None:
        return "always open" if is_open else "never open"
    return f"{'open' if is_open else 'closed'} until {moment(until, now, zone)}"


# Spans


def span(amount: timedelta, hours_in_days: int = 24) -> str:
    """ "under 1 m", "12 m", "2 h 05 m", "1 d 3 h", "9 d". Written in days from `hours_in_days` on."""
    minutes = int(abs(amount) / _MINUTE)
    if minutes < 1:
        return "under 1 m"
    days, hours, minutes = _parts(minutes)
    if days and days * 24 + hours >= hours_in_days:
        return f"{days} d {hours} h" if hours and days < WEEK else f"{days} d"
    hours += days * 24
    if not hours:
        return f"{minutes} m"
    return f"{hours} h {minutes:02} m" if minutes else f"{hours} h"


def left(due: datetime | None, now: datetime) -> str:
    """ "12 m" left, "-2 h 05 m" late; empty where nothing is due."""
    if due is None:
        return ""
    return f"-{span(now - due)}" if due < now else span(due - now)


def countdown(at: datetime, now: datetime) -> str:
    """ "in 2 h 05", "12 min ago": how long until then, or since. What is ahead is rounded up."""
    minutes, rest = divmod(abs(at - now), _MINUTE)
    ahead = at >= now
    days, hours, minutes = _parts(minutes + bool(ahead and rest))
    if days:
        text = f"{days} d {hours} h" if hours and days < 10 else f"{days} d"
    elif hours:
        text = f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    else:
        text = f"{minutes} min"
    return f"in {text}" if ahead else f"{text} ago"


def beside_start(start: datetime, now: datetime) -> str:
    """ "2 min before the start": how punctual somebody was (CALL-7)."""
    minutes = round(abs(start - now) / _MINUTE)
    if not minutes:
        return "at the start"
    return f"{minutes} min {'before' if now < start else 'after'} the start"


def from_now(at: datetime, now: datetime) -> str:
    """ "in 2 hours", "3 days ago": one unit, spelled out, for an answer to what somebody typed."""
    import pendulum  # late: 15 ms

    return pendulum.format_diff(pendulum.instance(at).diff(pendulum.instance(now)), is_now=True)


def _parts(minutes: int) -> tuple[int, int, int]:
    """Days, hours, minutes."""
    days, minutes = divmod(minutes, 1440)
    return days, *divmod(minutes, 60)
