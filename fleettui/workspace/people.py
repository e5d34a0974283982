"""What can be done with the roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fleettui.domain.team import people
from fleettui.domain.team.people import Person
from fleettui.errors import Refused
from fleettui.store.protocol import NoSuchDocument
from fleettui.workspace.collections import PEOPLE
from fleettui.workspace.session import Session


class People:
    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    def all(self) -> list[Person]:
        return sorted(self._store.all(PEOPLE), key=lambda one: (not one.active, one.shown.lower()))

    def get(self, login: str) -> Person:
        """An unknown account is somebody too: shown by the login."""
        return self._store.get(PEOPLE, login) or people.stranger(login)

    @property
    def me(self) -> Person:
        return self.get(self._session.login)

    def find(self, name: str) -> Person:
        return people.matching(self.all(), name)

    def add(self, login: str, **fields: Any) -> Person:
        def made(there: Person | None) -> Person:
            if there is not None:
                raise Refused(f"{login} is on the roster already, as {there.shown}.")
            return people.new_person(login, fields)

        return self._change(login, made, "people.add")

    def edit(self, login: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Person:
        return self._change(login, lambda one: people.edited(_there(one, login), fields), "people.edit", seen)

    def away(self, login: str, first: date, last: date, cover: str | None = None) -> Person:
        if cover is not None:
            cover = self.find(cover).login
        return self._change(
            login, lambda one: people.with_time_off(_there(one, login), first, last, cover), "people.away"
        )

    def back(self, login: str, today: date) -> Person:
        return self._change(login, lambda one: people.returned(_there(one, login), today), "people.back")

    def _change(
        self, login: str, edit: Callable[[Person | None], Person], verb: str, seen: int | None = None
    ) -> Person:
        changed = self._store.change(PEOPLE, login, edit, self._session.stamp(verb), seen=seen)
        return _there(changed, login)


def _there(one: Person | None, login: str) -> Person:
    if one is None:
        raise NoSuchDocument("people", login)
    return one
