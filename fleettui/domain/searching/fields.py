"""Ready-made fields for the search of any kind of thing: names, people, states, numbers, times. Pure functions.

Times are read as everywhere (`time/typed.py`). `due:<2h` is due within two hours; of the past a span is an age: `created:<2d` is
younger than two days. A day, or two with `..` between them, is meant whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from fleettui.domain.searching.language import Field, SearchContext
from fleettui.errors import FleettuiError
from fleettui.time import zones

D = TypeVar("D")
C = TypeVar("C", bound=SearchContext)

NOBODY = ("nobody", "none", "-")

# -- names


def beginning(meaning: str, of: Callable[[D], str], *, strict: bool = False) -> Field[D, Any]:
    """Begins like this; `strict`: only what is known may be typed."""

    def test(value: str, _: SearchContext) -> Callable[[D], bool]:
        return lambda thing: of(thing).casefold().startswith(value)

    return Field(meaning, test, _begins_none(meaning) if strict else _anything)


def containing(meaning: str, of: Callable[[D], Iterable[str]]) -> Field[D, Any]:
    """Any of its texts has this in it."""

    def test(value: str, _: SearchContext) -> Callable[[D], bool]:
        return lambda thing: any(value in text.casefold() for text in of(thing))

    return Field(meaning, test)


def listed(meaning: str, of: Callable[[D], Iterable[str]]) -> Field[D, Any]:
    """One of its words is this; with a `*` at the end, begins like this."""

    def test(value: str, _: SearchContext) -> Callable[[D], bool]:
        if value.endswith("*"):
            start = value[:-1]
            return lambda thing: bool(
                (words := of(thing)) and any(word.casefold().startswith(start) for word in words)
            )
        # Most have none: a generator for each of a hundred thousand takes longer than the look.
        return lambda thing: bool((words := of(thing)) and any(word.casefold() == value for word in words))

    return Field(meaning, test)


def person(meaning: str, of: Callable[[D], Iterable[str]]) -> Field[D, Any]:
    """By login, name, `me` or `nobody`; `of` gives logins."""

    def test(value: str, context: SearchContext) -> Callable[[D], bool]:
        if value in NOBODY:
            return lambda thing: not any(of(thing))
        login = context.me if value == "me" else context.logins.get(value, value)
        if login == context.me or value in context.logins:
            return lambda thing: login in of(thing)
        return lambda thing: any(known.casefold().startswith(login) for known in of(thing))

    return Field(meaning, test, values=("me", "nobody"))


def _anything(_: str, __: Sequence[str]) -> str:
    return ""


def _begins_none(field: str) -> Callable[[str, Sequence[str]], str]:
    def problem(value: str, choices: Sequence[str]) -> str:
        return begins_none(field, value, choices)

    return problem


def begins_none(field: str, value: str, choices: Sequence[str], shown: Iterable[str] = ()) -> str:
    """What is wrong with a value with which none of the choices begins."""
    if not choices or any(choice.casefold().startswith(value) for choice in choices):
        return ""
    return f"{field}: {value!r} is not one of {', '.join(shown or choices)}"


# -- states


def states(field: str, meaning: str, tests: Mapping[str, Callable[[C], Callable[[D], bool]]]) -> Field[D, C]:
    """One of a few words, each with its own test."""

    def problem(value: str, _: Sequence[str]) -> str:
        return "" if value in tests else f"{field}: {value!r} is not one of {', '.join(tests)}"

    def test(value: str, context: C) -> Callable[[D], bool]:
        return tests[value](context)

    return Field(meaning, test, problem, tuple(tests))


# -- comparisons

_SIGN = re.compile(r"^(?:[<>]=?|=)")


def _signed(value: str) -> tuple[str, str]:
    text = _SIGN.sub("", value, count=1)
    return value[: len(value) - len(text)], text


def numbers(field: str, meaning: str, of: Callable[[D], int | None]) -> Field[D, Any]:
    """`hosts:>1000`, `hosts:500..2000`, `hosts:300`."""

    def problem(value: str, _: Sequence[str]) -> str:
        return "" if _range(value) else f"{field}: write it like {field}:>1000 or {field}:500..2000"

    def test(value: str, _: SearchContext) -> Callable[[D], bool]:
        lowest, highest = _range(value) or (1, 0)
        return lambda thing: (number := of(thing)) is not None and lowest <= number <= highest

    return Field(meaning, test, problem, (">", "<"))


_ENDLESS = 1 << 62


def _range(value: str) -> tuple[int, int] | None:
    """The lowest and the highest that are meant."""
    if ".." in value:
        first, _, last = value.partition("..")
        low, high = (_number(first) if first else -_ENDLESS), (_number(last) if last else _ENDLESS)
        return None if low is None or high is None else (low, high)
    sign, text = _signed(value)
    number = _number(text)
    if number is None:
        return None
    below, above = -_ENDLESS, _ENDLESS
    return {
        "<": (below, number - 1),
        "<=": (below, number),
        ">": (number + 1, above),
        ">=": (number, above),
    }.get(sign, (number, number))


def _number(text: str) -> int | None:
    digits = text.replace(",", "").replace("'", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 15 else None


# -- times


class Stretch(NamedTuple):
    """From a moment until just before another; a moment alone is both."""

    start: datetime
    end: datetime
    is_span: bool = False


def moments(
    field: str, meaning: str, of: Callable[[D], datetime | date | None], *, past: bool = False
) -> Field[D, Any]:
    """`past`: what it is about has been, so that a span is an age and a weekday the last one."""

    def problem(value: str, _: Sequence[str]) -> str:
        return _time_problem(field, value, past)

    def test(value: str, context: SearchContext) -> Callable[[D], bool]:
        fits = _time_test(value, context, past)
        zone = context.zone

        def tested(thing: D) -> bool:
            at = of(thing)
            return at is not None and fits(at if isinstance(at, datetime) else zones.start_of_day(at, zone))

        return tested

    offered = ("today", "yesterday", "<2d", "mon..wed") if past else ("today", "tomorrow", "<2h", "<fri")
    return Field(meaning, test, problem, offered)


def _time_test(value: str, context: SearchContext, past: bool) -> Callable[[datetime], bool]:
    first, sign, last = _parts(value)
    start, end = (_stretch(part, context.now, context.zone, past) if part else None for part in (first, last))
    if (first and start is None) or (last and end is None):
        return lambda at: False
    if sign == "..":
        # Of two ages the greater may be typed first or last: 5d..2d and 2d..5d are the same days.
        begin = min((part.start for part in (start, end) if part), default=None) if start else None
        until = max((part.end for part in (start, end) if part), default=None) if end else None
        return lambda at: (begin is None or begin <= at) and (until is None or at < until)
    assert start is not None, "it was looked at above"  # noqa: S101
    if start.is_span and past:
        sign = {"<": ">=", "<=": ">=", "": ">=", "=": ">=", ">": "<", ">=": "<="}[sign]
    elif start.is_span and sign in ("", "="):
        sign = "<"
    return _compared(sign, start)


def _compared(sign: str, stretch: Stretch) -> Callable[[datetime], bool]:
    start, end = stretch.start, stretch.end
    match sign:
        case "<":
            return lambda at: at < start
        case "<=":
            return lambda at: at < end or at == start
        case ">":
            return lambda at: at >= end and at != start
        case ">=":
            return lambda at: at >= start
        case _:
            return lambda at: start <= at < end or at == start


def _parts(value: str) -> tuple[str, str, str]:
    """What is compared, how, and the end of a range."""
    if ".." in value:
        first, _, last = value.partition("..")
        return first.strip(), "..", last.strip()
    sign, text = _signed(value)
    return text, sign, ""


def _stretch(text: str, now: datetime, zone: ZoneInfo, past: bool) -> Stretch | None:
    from fleettui.time import typed  # late: a list that is only shown needs none of it

    ahead = typed.span(text.removesuffix(" ago") if past else text)
    if ahead is not None:
        at = _moved(now, -ahead if past else ahead)
        return Stretch(at, at, True) if at is not None else None
    day = typed.day_named(text, zones.day_of(now, zone), past=past)
    if day is not None:
        if not zones.FIRST_YEAR < day.year < zones.LAST_YEAR:
            return None
        return Stretch(zones.start_of_day(day, zone), zones.end_of_day(day, zone))
    try:
        at = typed.moment(text, "", now, zone, past=past)
    except FleettuiError:
        return None
    return Stretch(at, at)


def _moved(now: datetime, by: timedelta) -> datetime | None:
    try:
        return now + by
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if by < timedelta() else None


_ANY_MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _time_problem(field: str, value: str, past: bool) -> str:
    first, _, last = _parts(value)
    if not first and not last:
        return f"{field}: write it like {field}:<2{'d' if past else 'h'}"
    forms = ("<2d", "mon..wed", "<2026-03-12") if past else ("<2h", "today", "<2026-03-12")
    for part in (first, last):
        if part and _stretch(part, _ANY_MOMENT, ZoneInfo("UTC"), past) is None:
            *most, final = (f"{field}:{form}" for form in forms)
            return f"{field}: {part!r} is not a time; write it like {', '.join(most)} or {final}"
    return ""
