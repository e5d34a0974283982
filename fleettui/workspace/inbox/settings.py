"""How a person wants to be told: by kind of event, by bell and notification, and when not."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.events.model import KIND_WORDS, Kind
from fleettui.errors import WrongUsage

Way = Literal["on", "quiet", "off"]
"""In the inbox and with alarms; in the inbox alone; not at all."""
Bell = Literal["off", "once", "always"]
Notify = Literal["off", "9", "777", "99"]

WAYS, BELLS, NOTIFIES = get_args(Way), get_args(Bell), get_args(Notify)
QUIET_BY_ITSELF: tuple[Kind, ...] = ("touched",)
NAMES = {
    "bell": "the terminal's bell: off, once for each event, or always again until it is seen",
    "notify": "notifications of the terminal: off, or the number of the sequence that it knows: 9, 777 or 99",
    "quiet-hours": "no alarms from and until, like 22:00-07:00; off",
}
_HOURS = r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)"
"""Compiled where somebody has quiet hours: a greeting does without."""


class Settings(msgspec.Struct, frozen=True):
    kinds: Mapping[Kind, Way]
    bell: Bell
    notify: Notify
    quiet_hours: tuple[time, time] | None

    @property
    def quiet_in_words(self) -> str:
        return "off" if self.quiet_hours is None else "-".join(f"{at:%H:%M}" for at in self.quiet_hours)

    def is_quiet(self, now: datetime, zone: ZoneInfo) -> bool:
        if self.quiet_hours is None:
            return False
        first, last = self.quiet_hours
        at = now.astimezone(zone).time()
        return first <= at < last if first < last else at >= first or at < last


def checked(name: str, value: str) -> str:
    """The value as it is kept."""
    if name in KIND_WORDS:
        return _among(name, value, WAYS)
    if name == "bell":
        return _among(name, value, BELLS)
    if name == "notify":
        return _among(name, value, NOTIFIES)
    if name == "quiet-hours":
        return _hours(value)
    raise WrongUsage(f"there is no such setting; there are {', '.join((*KIND_WORDS, *NAMES))}", field=name)


def _among(name: str, value: str, known: Sequence[str]) -> str:
    typed = value.strip().casefold()
    if typed not in known:
        raise WrongUsage(f"{value[:40]!r} is none of {', '.join(known)}", field=name)
    return typed


def _hours(value: str) -> str:
    if value.strip().casefold() in ("off", ""):
        return "off"
    match = re.fullmatch(_HOURS, value.strip())
    if match is None:
        raise WrongUsage(f"{value[:40]!r} is no time of day; write 22:00-07:00, or off", field="quiet-hours")
    first, last = _times(match)
    if first == last:
        raise WrongUsage("it ends when it begins; write 22:00-07:00, or off", field="quiet-hours")
    return f"{first:%H:%M}-{last:%H:%M}"


def _times(match: re.Match[str]) -> tuple[time, time]:
    hour, minute, last_hour, last_minute = map(int, match.groups())
    return time(hour, minute), time(last_hour, last_minute)


def read(noted: Mapping[str, str]) -> Settings:
    """From what is noted; what a newer fleettui has noted counts as not set."""
    kinds: dict[Kind, Way] = {}
    for kind in KIND_WORDS:
        way = noted.get(kind, "")
        kinds[kind] = way if way in WAYS else "quiet" if kind in QUIET_BY_ITSELF else "on"  # type: ignore[assignment]
    bell, notify, hours = noted.get("bell", ""), noted.get("notify", ""), noted.get("quiet-hours", "")
    match = re.fullmatch(_HOURS, hours) if hours else None
    return Settings(
        kinds,
        bell if bell in BELLS else "once",  # type: ignore[arg-type]
        notify if notify in NOTIFIES else "off",  # type: ignore[arg-type]
        _times(match) if match else None,
    )
