"""Actions on the roster: who is on the team, and who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fleettui.domain.team import people
from fleettui.domain.team.people import Person
from fleettui.errors import Refused
from fleettui.workspace.collections import PEOPLE
from fleettui.workspace.session import Session


class People:
    """What a person can do with the roster."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    def all(self) -> list[Person]:
        return sorted(self._store.all(PEOPLE), key=lambda person: (not person.active, person.shown.lower()))

    def get(self, login: str) -> Person:
        """An account that is not on the roster is shown by its login."""
        return self._store.get(PEOPLE, login) or people.stranger(login)

    @property
    def me(self) -> Person:
        return self.get(self._session.login)

    def find(self, name: str) -> Person:
        """By login, or by the beginning of a name."""
        return people.matching(self.all(), name)

    def add(self, login: str, **fields: Any) -> Person:
        def make(known: Person | None) -> Person:
            if known is not None:
                raise Refused(f"{login} is on the roster already, as {known.shown}.")
            return people.new_person(login, fields)

        self._store.change(PEOPLE, login, make, self._session.stamp("people.add"))
        return self.get(login)

    def edit(self, login: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Person:
        return self._session.edit(
            PEOPLE, login, lambda person: people.edited(person, fields), "people.edit", seen=seen
        )

    def away(self, login: str, first: date, last: date, cover: str | None = None) -> Person:
        """Note time off, both days included, and who covers."""
        if cover is not None:
            cover = self.find(cover).login
        return self._session.edit(
            PEOPLE, login, lambda person: people.with_time_off(person, first, last, cover), "people.away"
        )

    def back(self, login: str, today: date) -> Person:
        """At work from today on: removes the time off that is left."""
        return self._session.edit(PEOPLE, login, lambda person: people.returned(person, today), "people.back")
