"""What is written into the fields of a step, checked against the field's type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleettui.domain.checklists.model import Field
from fleettui.errors import Refused
from fleettui.text import cleaning


def understand_field(field: Field, value: str) -> str:
    """The value as it is kept; refused, with the field's name, where it cannot be one."""
    if field.type == "long text":
        return cleaning.clean(value).strip()
    tidy = cleaning.line(value)
    check = _CHECKS.get(field.type)
    problem = check(field, tidy) if check else ""
    if problem:
        raise Refused(problem, field=field.label)
    return tidy


def _date(_field: Field, value: str) -> str:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return f"{value!r} is not a date; write it like 2026-03-09"
    # 20260309 and 2026-W11-1 are dates too, but not as people here write them.
    if found.isoformat() != value or not 1970 <= found.year <= 2200:
        return f"{value!r} is not a date that can be meant; write it like 2026-03-09"
    return ""


def _number(_field: Field, value: str) -> str:
    try:
        float(value.replace(",", ""))
    except ValueError:
        return f"{value!r} is not a number"
    return ""


def _email(_field: Field, value: str) -> str:
    name, _, host = value.partition("@")
    good = name and "." in host and " " not in value and "@" not in host
    return "" if good else f"{value!r} is not an e-mail address"


def _link(_field: Field, value: str) -> str:
    good = value.startswith(("https://", "http://")) and " " not in value
    return "" if good else f"{value!r} is not a link; it begins with https://"


def _choice(field: Field, value: str) -> str:
    return "" if value in field.choices else f"{value!r} is none of {', '.join(field.choices)}"


def _yes_or_no(_field: Field, value: str) -> str:
    return "" if value in ("yes", "no") else f"{value!r} is neither yes nor no"


_CHECKS: dict[str, Callable[[Field, str], str]] = {
    "date": _date,
    "number": _number,
    "email": _email,
    "link": _link,
    "choice": _choice,
    "yes-no": _yes_or_no,
}
