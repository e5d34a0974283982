"""Opening hours as a customer reads them: "Monday to Friday, 6:00 to 16:00 (Los Angeles time)"."""

from __future__ import annotations

from itertools import groupby

from fleettui.time.business import WEEKDAYS, Hours

_DAYS = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)

Spans = tuple[tuple[str, str], ...]


def in_words(hours: Hours) -> str:
    """Neighbouring days with the same hours are told together."""
    told = [
        f"{_span_of_days(days)}, {_in_a_day(spans)}"
        for spans, days in _alike(hours)
        if spans  # closed days need no word
    ]
    if not told:
        return "closed"
    place = hours.zone.rpartition("/")[2].replace("_", " ")
    return f"{'; '.join(told)} ({place} time)"


def _alike(hours: Hours) -> list[tuple[Spans, list[str]]]:
    opened = [(day, tuple(sorted(hours.open.get(day, [])))) for day in WEEKDAYS]
    return [(spans, [day for day, _ in rows]) for spans, rows in groupby(opened, key=lambda row: row[1])]


def _span_of_days(days: list[str]) -> str:
    names = [_DAYS[day] for day in days]
    if len(names) == 1:
        return names[0]
    return f"{names[0]} {'and' if len(names) == 2 else 'to'} {names[-1]}"


def _in_a_day(spans: Spans) -> str:
    return " and ".join(f"{_clock(start)} to {_clock(end)}" for start, end in spans)


def _clock(text: str) -> str:
    return text.removeprefix("0")  # 06:00 is 6:00, and 00:00 is 0:00
