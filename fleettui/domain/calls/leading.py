"""Who leads a call, and whether they can: not when they are away on that day, nor when they lead another at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.calls.model import Call
from fleettui.domain.team.people import time_off_on, who_works_for
from fleettui.time.zones import day_of

if TYPE_CHECKING:
    from fleettui.domain.team.people import Person

AHEAD = timedelta(days=7)
"""How far ahead somebody is told that a call has no leader."""


class Leading(msgspec.Struct, frozen=True, dict=True):
    """The leaders of all calls that are not over."""

    calls: Iterable[Call]
    people: Mapping[str, Person]
    zone: ZoneInfo

    @cached_property
    def _of_host(self) -> dict[str, list[Call]]:
        by_host: dict[str, list[Call]] = {}
        for call in self.calls:
            if call.host and not call.over and not call.all_day:
                by_host.setdefault(call.host, []).append(call)
        return by_host

    def overlapping(self, call: Call) -> list[Call]:
        """The other calls that the same person leads at the same time, by their start."""
        if call.over or call.all_day:
            return []
        at_once = (
            other
            for other in self._of_host.get(call.host, ())
            if other.id != call.id and other.start < call.end and call.start < other.end
        )
        return sorted(at_once, key=lambda other: (other.start, other.id))

    def is_away(self, call: Call) -> bool:
        """Whether whoever leads it has that day off."""
        person = self.people.get(call.host)
        if call.over or person is None:
            return False
        return time_off_on(person, day_of(call.start, self.zone)) is not None

    def cover(self, call: Call) -> str:
        """Who does the work of its leader on that day; empty where nobody does, or nobody has to."""
        if not self.is_away(call):
            return ""
        return self.at_work(call.host, call.start)

    def at_work(self, login: str, at: datetime) -> str:
        """Who does the work of this person on that day: they themselves, or whoever covers; empty where nobody does."""
        return who_works_for(self.people, login, day_of(at, self.zone)) or ""

    def shown(self, login: str) -> str:
        """The name, or the login of somebody who is not on the roster."""
        person = self.people.get(login)
        return person.shown if person is not None else login

    def is_near(self, call: Call, now: datetime) -> bool:
        """Whether it is so soon that somebody has to be told."""
        return not call.over and now < call.start <= now + AHEAD
