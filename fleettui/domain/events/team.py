"""Who can be told of something: what the derivation of events knows of the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.events.policy import Alarms, Whom
from fleettui.domain.team.people import Person, stranger, time_off_on, who_works_for
from fleettui.domain.team.roles import roles_of

if TYPE_CHECKING:
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.team.policy import Roles
    from fleettui.domain.tickets.debt import DebtPolicy
    from fleettui.text.mentions import Mentioned


class Team(msgspec.Struct, frozen=True, dict=True):
    people: Mapping[str, Person]
    zone: ZoneInfo
    alarms: Alarms
    on_call: Callable[[datetime], str]
    roles: Callable[[], Roles]
    debts: Callable[[], DebtPolicy]
    moment: Callable[[datetime], Moment]

    def shown(self, login: str) -> str:
        """The first name, where nobody else has it."""
        person = self.people.get(login) or stranger(login)
        first = _first_name(person)
        return first if self._first_names[first.casefold()] == 1 else person.shown

    @cached_property
    def _first_names(self) -> Counter[str]:
        return Counter(_first_name(person).casefold() for person in self.people.values())

    @cached_property
    def active(self) -> list[Person]:
        return [person for person in self.people.values() if person.active]

    def present(self, at: datetime) -> tuple[str, ...]:
        """Everybody who is not away."""
        day = at.astimezone(self.zone).date()
        return tuple(person.login for person in self.active if time_off_on(person, day) is None)

    def working_for(self, login: str, at: datetime) -> str:
        """Whoever covers for somebody who is away."""
        return who_works_for(self.people, login, at.astimezone(self.zone).date()) or ""

    def of_role(self, role: str) -> tuple[str, ...]:
        return tuple(person.login for person in self.active if role in roles_of(person, self.roles()))

    def meant_by(self, to: Whom, owner: str, at: datetime) -> tuple[str, ...]:
        """Whom a step of alarms.json means."""
        if to == "everybody":
            return self.present(at)
        mine = self.working_for(owner, at) if owner else ""
        on_call = self.on_call(at) if to == "on-call" or not mine else ""
        return tuple(dict.fromkeys(filter(None, (mine, on_call)))) or self.present(at)

    def called_in(self, text: str) -> Mentioned:
        from fleettui.text.mentions import mentioned  # late: most messages call nobody

        return mentioned(text, [(person.login, person.name) for person in self.active])


def _first_name(person: Person) -> str:
    return (person.shown.split() or [person.login])[0]
