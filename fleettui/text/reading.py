"""Values as people and scripts write them: read as what a field holds, or refused with the field's name.

Each reader takes text, as a form gives it, or the value itself, as a script does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from math import isfinite
from typing import Any

from fleettui.errors import Refused
from fleettui.text import cleaning

_SLACK_ID = r"[UW](?:[A-Z]*[0-9][A-Z0-9]*|[A-Z]{8}|[A-Z]{10})"
"""Nearly all have a digit; what has none is told from a word by its length."""
_SLACK_CHANNEL_ID = r"[CG][0-9][A-Z0-9]+"
_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}


def text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("expected text", field=field)
    return value


def yes_or_no(field: str, value: Any) -> bool:
    answer = _ANSWERS.get(str(value).strip().casefold())
    if answer is None:
        raise Refused("write yes or no", field=field)
    return answer


def whole_number(field: str, value: Any, expected: str = "") -> int:
    """`expected` is what to write instead, where the field's name does not say it."""
    try:
        return int(str(value).strip())
    except ValueError:
        raise Refused(expected or f"{_quoted(value)} is not a number", field=field) from None


def number(field: str, value: Any) -> int | float:
    """Also "1,200" and "2.5"; a whole one is an int."""
    try:
        amount = float(str(value).replace(",", "").replace("_", ""))
        if not isfinite(amount):
            raise ValueError
    except ValueError:
        raise Refused(f"{_quoted(value)} is not a number", field=field) from None
    return int(amount) if amount.is_integer() else amount


def day(field: str, value: Any) -> date:
    """A date as it is kept: 2026-03-09. What else a person may type for a day is fleettui.time.typed's."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Refused(f"{_quoted(value)} is not a day; write it like 2026-03-09", field=field) from None


def day_or_none(field: str, value: Any) -> date | None:
    return None if value in (None, "") else day(field, value)


def one_of(field: str, value: Any, choices: Iterable[str]) -> str:
    """One of `choices`, in whatever case it was typed."""
    known = {choice.casefold(): choice for choice in choices}
    choice = known.get(str(value).strip().casefold())
    if choice is None:
        raise Refused(f"{_quoted(value)} is not one of {', '.join(known.values())}", field=field)
    return choice


def listed(text: str) -> list[str]:
    """The parts of a list that was typed: between commas, and on lines."""
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def names(value: Any) -> tuple[str, ...]:
    """ "a, b", one a line, or a list of them: each once, in order."""
    parts: Iterable[Any] = listed(value) if isinstance(value, str) else value
    return tuple(dict.fromkeys(name for name in (cleaning.line(str(part)) for part in parts) if name))


def email(field: str, value: Any, dotted: bool = False) -> str:
    """`dotted`: a host without a dot is a slip of the fingers."""
    address = cleaning.line(str(value))
    local, _, host = address.partition("@")
    if not local or not host or "@" in host or " " in address or (dotted and "." not in host):
        raise Refused(f"{_quoted(address)} is not an e-mail address", field=field)
    return address


def slack_id_of(written: str) -> str:
    """As Slack writes it, without the marks of a mention."""
    return written.strip().strip("<@>").partition("|")[0].upper()


def is_slack_id(text: str) -> bool:
    """Whether it is the id of somebody in Slack, which says to a reader nothing."""
    return re.fullmatch(_SLACK_ID, text) is not None


def name_in_words(name: str) -> str:
    """To people: that nobody knows the name is said."""
    return f"somebody ({name})" if is_slack_id(name) else name


def is_slack_channel_id(text: str) -> bool:
    """Whether it is the id of a channel in Slack: what people call a channel has small letters."""
    return re.fullmatch(_SLACK_CHANNEL_ID, text) is not None


def slack_id(field: str, value: Any) -> str:
    written = slack_id_of(cleaning.line(str(value)))
    if not is_slack_id(written):
        raise Refused(
            f"{_quoted(cleaning.line(str(value)))} is not a Slack member id; it looks like U01ABCDEF (profile, Copy member ID)",
            field=field,
        )
    return written


def link(field: str, value: Any, schemes: tuple[str, ...] = ("https://", "http://")) -> str:
    url = cleaning.line(str(value))
    if not url.startswith(schemes) or " " in url or not url.partition("://")[2].strip("/"):
        raise Refused(f"{_quoted(url)} is not a link; it begins with https://", field=field)
    return url


def _quoted(value: Any) -> str:
    return repr(cleaning.line(str(value), 40))
