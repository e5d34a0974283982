"""The roster: who is on the team, in which roles, and who is away. Pure functions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import Refused, all_checked
from fleettui.text import cleaning, finding, reading
from fleettui.time.zones import refuse_unknown_zone

LONGEST_LOGIN = 32


class TimeOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Away from the first to the last day, both included; `cover` is the login of whoever takes over."""

    first: date
    last: date
    cover: str | None = None


class Person(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The id is the login: the OS account that the person signs in with."""

    name: str
    roles: tuple[str, ...] = ()
    group: str = ""
    zone: str = ""
    slack: str = ""
    email: str = ""
    github: str = ""
    phone: str = ""
    active: bool = True
    time_off: tuple[TimeOff, ...] = ()

    @property
    def login(self) -> str:
        """The name of the OS account."""
        return self.id

    @property
    def shown(self) -> str:
        """The name, or the login where there is none."""
        return self.name or self.id


EDITABLE = ("name", "roles", "group", "zone", "slack", "email", "github", "phone", "active")


def stranger(login: str) -> Person:
    """Stands for an account that is not on the roster: it may work, and is shown by its login."""
    return Person(id=login, name="")


def new_person(login: str, fields: Mapping[str, Any]) -> Person:
    """A new member of the roster."""
    tidy = cleaning.line(login)
    if not tidy or tidy != login or len(tidy) > LONGEST_LOGIN or any(sign in "/:@ \t" for sign in tidy):
        raise Refused(
            f"{cleaning.line(login, 40)!r} cannot be a login; give the account name, like zay", field="login"
        )
    made = edited(stranger(login), fields)
    return made if made.name else replace(made, name=login)


def edited(before: Person, fields: Mapping[str, Any]) -> Person:
    """`before` with other fields, each checked; text or the typed value, as a form or a script gives it."""
    unknown = [field for field in fields if field not in EDITABLE]
    if unknown:
        raise Refused(f"there is no such field; a person has {', '.join(EDITABLE)}", field=unknown[0])
    return replace(before, **all_checked(fields, _checked))


def _checked(field: str, value: Any) -> Any:
    if field == "roles":
        return reading.names(value)
    if field == "active":
        return reading.yes_or_no(field, value)
    cleaned = cleaning.line(reading.text(field, value))
    if field == "zone" and cleaned:
        refuse_unknown_zone(cleaned)
    return reading.email(field, cleaned) if field == "email" and cleaned else cleaned


def with_time_off(before: Person, first: date, last: date, cover: str | None = None) -> Person:
    """Plan time off. Days that overlap an earlier plan replace it."""
    if last < first:
        raise Refused(f"{last} is before the first day, {first}", field="last")
    if cover == before.login:
        raise Refused("somebody else has to cover", field="cover")
    kept = (off for off in before.time_off if off.last < first or last < off.first)
    return replace(
        before, time_off=tuple(sorted((*kept, TimeOff(first, last, cover)), key=lambda off: off.first))
    )


def returned(before: Person, today: date) -> Person:
    """Back at work from today on: what was planned is cut short."""
    kept = []
    for off in before.time_off:
        if off.last < today:
            kept.append(off)
        elif off.first < today:
            kept.append(replace(off, last=date.fromordinal(today.toordinal() - 1)))
    return replace(before, time_off=tuple(kept))


def time_off_on(person: Person, day: date) -> TimeOff | None:
    """The time off that this day is part of."""
    return next((off for off in person.time_off if off.first <= day <= off.last), None)


def who_works_for(people: Mapping[str, Person], login: str, day: date) -> str | None:
    """Who does this person's work on that day: they themselves, whoever covers for them, or whoever covers for those. None
    when none of them is at work, also where people who are away cover for each other."""
    passed = set[str]()
    while login not in passed:
        passed.add(login)
        off = time_off_on(people[login], day) if login in people else None
        if off is None:
            return login
        if off.cover is None:
            return None
        login = off.cover
    return None


def matching(people: Iterable[Person], typed: str) -> Person:
    """By login, or by the beginning of a name when only one person fits."""
    return finding.find(
        people,
        typed,
        names=lambda person: (person.login,),
        beginnings=lambda person: (person.name,),
        label=lambda person: person.login,
        unknown="There is nobody called {}; `fleettui people list` shows who there is.",
    )
