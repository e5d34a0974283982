"""Making, changing and retiring a ritual. Values are text, as a form or a script gives them, or the typed value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

from msgspec.structs import replace

from fleettui.domain.checklists.model import Evidence
from fleettui.domain.rituals.eras import with_dri, with_rhythm
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.rituals.recurrence import Every, Rhythm
from fleettui.errors import Refused, WrongUsage
from fleettui.text import cleaning, reading

LONGEST_TEXT = 4000

TEXT_FIELDS = ("name", "purpose", "channel", "url", "note", "repo")
RHYTHM_FIELDS = ("frequency", "every", "interval", "weekday", "day", "nth", "start", "times", "at")
EDITABLE = (
    *TEXT_FIELDS[:2],
    "dri",
    *TEXT_FIELDS[2:],
    *RHYTHM_FIELDS,
    "zone",
    "evidence",
    "evidence_required",
    "target_minutes",
    "per_customer",
    "before",
    "after",
    "labels",
)

FREQUENCIES: dict[str, tuple[Every, int]] = {
    "daily": ("day", 1),
    "every day": ("day", 1),
    "every business day": ("business day", 1),
    "weekly": ("week", 1),
    "biweekly": ("week", 2),
    "triweekly": ("week", 3),
    "monthly": ("month", 1),
    "quarterly": ("quarter", 1),
    "annually": ("year", 1),
    "yearly": ("year", 1),
}
"""Words for the usual rhythms, of which `every 2 weeks` is the long form."""

_EVERY_SO_MANY = re.compile(r"every (\d{1,3}) (day|week|month|quarter|year)s?")


def new_ritual(id_: str, name: str, fields: Mapping[str, Any], today: date) -> Ritual:
    """A ritual with these fields, each checked."""
    fresh = Ritual(id=id_, name="", rhythm=Rhythm(every="week", start=today), since=today)
    made = edited(fresh, {"name": name, **fields}, today)
    return replace(made, since=today, earlier=(), former_dris=())


def edited(before: Ritual, fields: Mapping[str, Any], today: date) -> Ritual:
    """`before` with other fields, each checked. A new rhythm begins today: what was owed until then stays owed."""
    unknown = [field for field in fields if field not in EDITABLE]
    if unknown:
        raise Refused(f"there is no such field; a ritual has {', '.join(EDITABLE)}", field=unknown[0])
    plain = {field: value for field, value in fields.items() if field not in RHYTHM_FIELDS}
    changed = before
    for field, value in plain.items():
        changed = _with(changed, field, value, today)
    rhythm_fields = {field: value for field, value in fields.items() if field in RHYTHM_FIELDS}
    if rhythm_fields:
        changed = with_rhythm(changed, new_rhythm(before.rhythm, rhythm_fields), today)
    if not changed.name:
        raise Refused("a ritual needs a name", field="name")
    return changed


# One field


def _with(before: Ritual, field: str, value: Any, today: date) -> Ritual:
    if field == "dri":
        return with_dri(before, _text(field, value), today)
    if field in TEXT_FIELDS:
        return replace(before, **{field: _text(field, value)})
    return _READERS[field](before, value)


def _text(field: str, value: Any) -> str:
    typed = reading.text(field, value)
    if field in ("purpose", "note"):
        return cleaning.clean(typed, LONGEST_TEXT).strip()
    cleaned = cleaning.line(typed)
    return reading.link(field, cleaned) if field == "url" and cleaned else cleaned


def _evidence(before: Ritual, value: Any) -> Ritual:
    what = cleaning.line(str(value))
    required = bool(before.evidence and before.evidence.required)
    return replace(before, evidence=Evidence(what=what, required=required) if what else None)


def _evidence_required(before: Ritual, value: Any) -> Ritual:
    required = reading.yes_or_no("evidence_required", value)
    if before.evidence is None:
        if not required:
            return before
        return replace(before, evidence=Evidence(what="a note or a link", required=True))
    return replace(before, evidence=replace(before.evidence, required=required))


def _target(before: Ritual, value: Any) -> Ritual:
    return replace(
        before,
        target_minutes=reading.whole_number("target_minutes", value) if value not in ("", None) else None,
    )


def _per_customer(before: Ritual, value: Any) -> Ritual:
    text = str(value).strip().lower()
    if text in ("", "no"):
        return replace(before, per_customer="")
    if text in ("yes", "commercial"):
        return replace(before, per_customer="commercial")
    raise Refused("write yes for a box for each commercial customer, or no", field="per_customer")


def _zone(before: Ritual, value: Any) -> Ritual:
    text = str(value).strip().lower()
    if text in ("", "team"):
        return replace(before, zone="")
    if text == "owner":
        return replace(before, zone="owner")
    raise Refused("write team, or owner for the zone of its DRI", field="zone")


def _names(field: str) -> Callable[[Ritual, Any], Ritual]:
    def read(before: Ritual, value: Any) -> Ritual:
        return replace(before, **{field: reading.names(value)})

    return read


_READERS: dict[str, Callable[[Ritual, Any], Ritual]] = {
    "evidence": _evidence,
    "evidence_required": _evidence_required,
    "target_minutes": _target,
    "per_customer": _per_customer,
    "zone": _zone,
    "before": _names("before"),
    "after": _names("after"),
    "labels": _names("labels"),
}

# The rhythm


def new_rhythm(before: Rhythm, fields: Mapping[str, Any]) -> Rhythm:
    """`before` with other parts, each checked."""
    parts: dict[str, Any] = {name: getattr(before, name) for name in Rhythm.__struct_fields__}
    if "frequency" in fields:
        every, interval = parsed_frequency(fields["frequency"])
        parts |= {"every": every, "interval": interval}
        if every != before.every:
            parts |= {"weekday": None, "day": None, "nth": None, "exact": False}
    for field, value in fields.items():
        if field != "frequency":
            parts[field] = _part(field, value)
    try:
        return Rhythm(**parts)
    except WrongUsage as error:
        raise Refused(error.text, field=error.field) from None


def parsed_frequency(text: Any) -> tuple[Every, int]:
    """ "Weekly", "every 3 weeks", "Daily ⏰": letters and numbers count, ornaments do not."""
    words = " ".join(re.findall(r"[a-z0-9]+", cleaning.line(str(text)).casefold()))
    usual = FREQUENCIES.get(words)
    if usual is not None:
        return usual
    counted = _EVERY_SO_MANY.fullmatch(words)
    if counted:
        every: Every = counted[2]  # type: ignore[assignment]
        return every, int(counted[1])
    raise Refused(
        f"{cleaning.line(str(text), 40)!r} is not one of {', '.join(FREQUENCIES)}, or like every 2 weeks",
        field="frequency",
    )


def _part(field: str, value: Any) -> Any:
    if value in ("", None):
        return {"interval": 1, "times": (1, 1)}.get(field)
    return _PARTS[field](field, value)


def _every(field: str, value: Any) -> str:
    return reading.one_of(field, value, get_args(Every))


def _weekday(field: str, value: Any) -> str:
    return cleaning.line(str(value)).lower()[:3]


def _times(field: str, value: Any) -> tuple[int, int]:
    numbers = re.findall(r"\d+", str(value))
    if not 1 <= len(numbers) <= 2:
        raise Refused(f"{cleaning.line(str(value), 40)!r}: write it like 3-4, or 2", field=field)
    return int(numbers[0]), int(numbers[-1])


def _clock(field: str, value: Any) -> str:
    return cleaning.line(str(value))


_PARTS: dict[str, Callable[[str, Any], Any]] = {
    "every": _every,
    "interval": reading.whole_number,
    "weekday": _weekday,
    "day": reading.whole_number,
    "nth": reading.whole_number,
    "start": reading.day,
    "times": _times,
    "at": _clock,
}
