"""Making, changing and retiring a ritual. Values are text, as a form or a script gives them, or the typed value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from msgspec.structs import replace

from fleettui.domain.checklists.model import Evidence
from fleettui.domain.rituals.eras import with_dri, with_rhythm
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.rituals.recurrence import MONTHS, Every, Rhythm
from fleettui.domain.rituals.sense import nonsense
from fleettui.errors import Fields, Refused, WrongUsage
from fleettui.text import cleaning, reading
from fleettui.time.business import WEEKDAYS
from fleettui.time.zones import parse_clock

LONGEST_TEXT = 4000

TEXT_FIELDS = ("name", "purpose", "channel", "url", "note", "repo")
RHYTHM_FIELDS = (
    "frequency",
    "every",
    "interval",
    "phase",
    "weekday",
    "day",
    "nth",
    "months",
    "start",
    "times",
    "at",
)
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
    changed, checked = before, Fields()
    for field, value in plain.items():
        with checked.check():
            changed = _with(changed, field, value, today)
            if field == "name" and not changed.name:
                raise Refused("a ritual needs a name", field="name")
    rhythm_fields = {field: value for field, value in fields.items() if field in RHYTHM_FIELDS}
    if rhythm_fields:
        with checked.check():
            changed = with_rhythm(changed, new_rhythm(before.rhythm, rhythm_fields, today), today)
    checked.refuse()
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


def new_rhythm(before: Rhythm, fields: Mapping[str, Any], today: date) -> Rhythm:
    """`before` with other parts, each checked."""
    parts: dict[str, Any] = {name: getattr(before, name) for name in Rhythm.__struct_fields__}
    checked = Fields()
    with checked.check():
        parts |= _of_frequency(before, fields)
    for field, value in fields.items():
        if field != "frequency":
            with checked.check():
                parts[field] = _part(field, value)
    checked.refuse()
    return _sensible(before, parts, fields, today)


def _of_frequency(before: Rhythm, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a rhythm has of the words for it. Parts that belong to the rhythm before are dropped."""
    if "frequency" not in fields:
        return {}
    every, interval = parsed_frequency(fields["frequency"])
    parts: dict[str, Any] = {"every": every, "interval": interval}
    if interval != before.interval:
        parts["phase"] = 1
    if every != before.every:
        parts |= {"weekday": None, "day": None, "nth": None, "months": (), "exact": False}
    return parts


def _sensible(before: Rhythm, parts: Mapping[str, Any], fields: Mapping[str, Any], today: date) -> Rhythm:
    def typed_as(field: str) -> str:
        return "frequency" if field == "interval" and "frequency" in fields else field

    try:
        rhythm = Rhythm(**parts)
    except WrongUsage as error:
        raise Refused(error.text, field=typed_as(error.field)) from None
    checked, known = Fields(), set(nonsense(before))
    for field, what in nonsense(rhythm, today):
        if (field, what) not in known:
            with checked.check():
                raise Refused(what, field=typed_as(field))
    checked.refuse()
    return rhythm


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
        return {"interval": 1, "phase": 1, "times": (1, 1), "months": ()}.get(field)
    return _PARTS[field](field, value)


def _every(field: str, value: Any) -> str:
    return reading.one_of(field, value, get_args(Every))


def _weekday(field: str, value: Any) -> str:
    """ "mon, Wed and friday" is "mon,wed,fri"."""
    return ",".join(_known(field, name, WEEKDAYS) for name in _first_letters(value))


def _months(field: str, value: Any) -> tuple[str, ...]:
    """Names, or numbers from 1 to 12."""
    return tuple(
        MONTHS[int(name) - 1] if name.isdecimal() and 1 <= int(name) <= 12 else _known(field, name, MONTHS)
        for name in _first_letters(value)
    )


def _known(field: str, name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise Refused(f"{name!r} is not one of {', '.join(names)}", field=field)
    return name


def _first_letters(value: Any) -> list[str]:
    text = cleaning.line(value if isinstance(value, str) else " ".join(map(str, value))).lower()
    return [word[:3] for word in re.split(r"[^\w]+", text) if word not in ("", "and")]


def _times(field: str, value: Any) -> tuple[int, int]:
    numbers = re.findall(r"\d+", str(value)[:40])
    if not 1 <= len(numbers) <= 2 or int(numbers[0]) < 1:
        raise Refused(f"{cleaning.line(str(value), 40)!r}: write it like 3-4, or 2", field=field)
    return int(numbers[0]), int(numbers[-1])


def _clock(field: str, value: Any) -> str:
    clock = cleaning.line(str(value))
    try:
        parse_clock(clock, field)
    except WrongUsage as error:
        raise Refused(error.text, field=field) from None
    return clock


_PARTS: dict[str, Callable[[str, Any], Any]] = {
    "every": _every,
    "interval": reading.whole_number,
    "phase": reading.whole_number,
    "weekday": _weekday,
    "months": _months,
    "day": reading.whole_number,
    "nth": reading.whole_number,
    "start": reading.day,
    "times": _times,
    "at": _clock,
}
