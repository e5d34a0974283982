"""What is written into the fields of a step, checked against the field's type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleettui.domain.checklists.model import Field
from fleettui.errors import Refused
from fleettui.text import cleaning, reading


def parsed_field(field: Field, value: str) -> str:
    """The value as it is kept; refused, with the field's name, where it cannot be one."""
    if field.type == "long text":
        return cleaning.clean(value).strip()
    read = _READERS.get(field.type)
    tidy = cleaning.line(value)
    return read(field, tidy) if read else tidy


def with_day_read(field: Field, value: str, read: Callable[[str, str], date]) -> str:
    """`value` as it is kept where the field is a date and somebody typed "friday"."""
    return read(field.key, value).isoformat() if field.type == "date" and value.strip() else value


def _date(field: Field, value: str) -> str:
    day = reading.day(field.label, value)
    # 20260309 and 2026-W11-1 are dates too, but not as people here write them.
    if day.isoformat() != value or not 1970 <= day.year <= 2200:
        raise Refused(
            f"{value!r} is not a date that can be meant; write it like 2026-03-09", field=field.label
        )
    return value


def _number(field: Field, value: str) -> str:
    reading.number(field.label, value)
    return value  # as it was typed: "1,200" is easier to read


def _yes_or_no(field: Field, value: str) -> str:
    return "yes" if reading.yes_or_no(field.label, value) else "no"


_READERS: dict[str, Callable[[Field, str], str]] = {
    "date": _date,
    "number": _number,
    "email": lambda field, value: reading.email(field.label, value, dotted=True),
    "link": lambda field, value: reading.link(field.label, value),
    "choice": lambda field, value: reading.one_of(field.label, value, field.choices),
    "yes-no": _yes_or_no,
}
