"""Who plays which role: in general, and in one run of a playbook. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from fleettui.domain.team.people import Person, time_off_on
from fleettui.domain.team.policy import ON_CALL_ROLE

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import Group
    from fleettui.domain.team.policy import Role, Roles

ANYBODY = ""
"""The role of steps that name none: they belong to whoever is responsible for the run."""


def roles_of(person: Person, roles: Roles) -> frozenset[str]:
    """The keys of the roles somebody has, by any name of a role, and of those that one of these roles can fill."""
    own_roles = {role.key if role else name for name in person.roles for role in (roles.find(name),)}
    return frozenset(own_roles | {role.key for role in roles.roles if own_roles & set(role.one_of)})


def covered_logins(people: Iterable[Person], login: str, today: date) -> frozenset[str]:
    """Whose work is theirs today: their own, and that of those who are away and whom they cover."""
    away = {person.login for person in people if (off := time_off_on(person, today)) and off.cover == login}
    return frozenset({login} | away)


class RoleAssignment:
    """Finds who plays a role in one run: the customer's owner, who begins it, or the only one who has the role."""

    def __init__(
        self,
        roles: Roles,
        people: Iterable[Person],
        *,
        starter: Person,
        customer: Customer | None = None,
        group: Group | None = None,
        first_writer: str = "",
        on_call: str = "",
    ) -> None:
        self._roles, self._starter = roles, starter
        self._people = [person for person in people if person.active]
        self._owners = customer.owners if customer else {}
        self._group = group.name if group else ""
        self._first_writer, self._on_call = first_writer, on_call

    def of(self, names: Collection[str]) -> dict[str, str]:
        """Role to login, where somebody is found."""
        logins = {name: self._login(name) for name in names}
        return {name: login for name, login in logins.items() if login}

    def _login(self, name: str) -> str:
        role = self._roles.find(name)
        if role is None:
            return ""
        if role.by_rota:
            return self._on_call if role.key == ON_CALL_ROLE else ""
        if role.one_of:
            return self._login(self._case(role))
        return self._owner(role) or self._own(role) or self._only(role)

    def _case(self, role: Role) -> str:
        """GTM-1 decides where it can: the AE before the first deal, the CSM for a customer."""
        return self._first_writer if self._first_writer in role.one_of else role.one_of[0]

    def _owner(self, role: Role) -> str:
        called = {name.casefold() for name in (role.key, role.name, *role.also)}
        return next((login for name, login in self._owners.items() if name.casefold() in called), "")

    def _own(self, role: Role) -> str:
        return self._starter.login if role.key in roles_of(self._starter, self._roles) else ""

    def _only(self, role: Role) -> str:
        """The only one who has the role, or the only one of the customer's group."""
        people = [person for person in self._people if role.key in roles_of(person, self._roles)]
        if len(people) > 1:
            people = [person for person in people if person.group and person.group == self._group] or people
        return people[0].login if len(people) == 1 else ""

    def responsible(self, dri: str) -> str:
        """Who is responsible for the run: its DRI, a login or a role; else who began it."""
        if any(person.login == dri for person in self._people):
            return dri
        return (self._login(dri) if dri else "") or self._starter.login
