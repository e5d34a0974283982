"""Moments and spans of time as people say them. Signs and words, short enough for a column."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = 7


def clock_words(now: datetime, zone: ZoneInfo) -> str:
    """ "Mon 09:42 PDT"."""
    return now.astimezone(zone).strftime("%a %H:%M %Z")


def moment_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "09:42" today, "Mon 09:42" within a week, "9 Mar 09:42" this year, else "9 Mar 2027 09:42"."""
    then, here = at.astimezone(zone), now.astimezone(zone)
    days = abs((then.date() - here.date()).days)
    if days < WEEK:
        return then.strftime("%a %H:%M" if days else "%H:%M")
    return then.strftime("%-d %b %H:%M" if then.year == here.year else "%-d %b %Y %H:%M")


def opening_words(is_open: bool, until: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "open until 16:00", "closed until Mon 06:00"."""
    return f"{'open' if is_open else 'closed'} until {moment_words(until, now, zone)}"


def duration_words(span: timedelta) -> str:
    """ "6 h 12 m", "12 m", "2 d 3 h"; two units at most."""
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    return f"{minutes} m"


def until_next_minute(now: datetime) -> float:
    return 60 - (now - now.replace(second=0, microsecond=0)) / timedelta(seconds=1)
