"""Times as mail programs print them above a mail that they forward: in the language and the zone of whoever forwards it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from fleettui.intake.mail.trouble import TROUBLE
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR

_LONGEST = 120
# How the names of the months begin, in English, German, French, Spanish, Italian, Dutch and Portuguese.
_MONTHS = (
    ("jan", "jän", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_NAMED = (
    re.compile(
        r"(?P<day>\d{1,2})(?:\.|er|º)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(?P<year>\d{4})"
    ),
    re.compile(r"(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:\s*([ap])\.?\s?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\u2212-])(\d{1,2}):?(\d{2})?\b")


def printed_date(text: str, forwarded: datetime) -> datetime | None:
    """The time, in UTC; None where it cannot be read. `forwarded` is when the mail was passed on, in the zone of whoever did
    that: what is printed without a zone is in this one, and is not after it."""
    text = " ".join(text.split())[:_LONGEST]
    by_rfc = _by_rfc(text)
    if by_rfc is not None:
        return by_rfc
    readings = list(_readings(text, forwarded))
    # "3/9/26" is read in both ways: the later day that is not after the forwarding is the likelier.
    past = [reading for reading in readings if reading <= forwarded.astimezone(UTC) + timedelta(hours=1)]
    return max(past, default=None)


def _by_rfc(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (*TROUBLE, OverflowError):
        return None
    usable = at.tzinfo is not None and FIRST_YEAR < at.year < LAST_YEAR
    return at.astimezone(UTC) if usable else None


def _readings(text: str, forwarded: datetime) -> Iterator[datetime]:
    for year, month, day, rest in _days(text):
        hour, minute, second, after = _clock(rest)
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(after, forwarded))
        except (ValueError, OverflowError):
            continue
        if FIRST_YEAR < year < LAST_YEAR:
            yield at.astimezone(UTC)


def _days(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Year, month and day, in each way in which they can be read, and the text without them."""
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            month = _month(match["month"])
            if month:
                yield int(match["year"]), month, int(match["day"]), _without(text, match)
                return
    iso = _ISO.search(text)
    if iso:
        yield int(iso[1]), int(iso[2]), int(iso[3]), _without(text, iso)
        return
    numbers = _NUMBERS.search(text)
    if numbers:
        first, second = int(numbers[1]), int(numbers[3])
        year = int(numbers[4]) + (2000 if len(numbers[4]) == 2 else 0)
        rest = _without(text, numbers)
        yield year, second, first, rest
        if numbers[2] == "/" and first != second:
            yield year, first, second, rest


def _month(name: str) -> int:
    start = name.casefold()
    return next((at for at, names in enumerate(_MONTHS, 1) if start.startswith(names)), 0)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _clock(text: str) -> tuple[int, int, int, str]:
    """Hour, minute, second, and what stands behind them."""
    match = _CLOCK.search(text)
    if not match:
        return 0, 0, 0, ""
    hour, half = int(match[1]), (match[4] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(match[2]), int(match[3] or 0), text[match.end() :]


def _zone(text: str, forwarded: datetime) -> timezone:
    match = _OFFSET.search(text)
    if match:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    elif re.search(r"\b(?:UTC|GMT)\b", text):
        return UTC
    else:
        return timezone(forwarded.utcoffset() or timedelta())
    return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=24) else UTC
