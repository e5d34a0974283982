"""What helps to fill in the fields of forms: people, roles, customers and time zones to choose from, and how times are read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.checklists.fields import parsed_field
from screens.dialogs.entries import Choices, Known, Reads, only_checked

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Field
    from fleettui.workspace.workspace import Workspace


def people_choices(workspace: Workspace, nobody: str = "") -> Choices:
    """Everybody on the team, by login; `nobody` is what it means to choose none."""
    people = tuple((person.login, person.shown) for person in workspace.people.all() if person.active)
    return (*((("", nobody),) if nobody else ()), *people)


def dri_choices(workspace: Workspace) -> Choices:
    """Everybody on the team, and the roles."""
    return (*people_choices(workspace, "nobody"), *role_choices(workspace, " (a role)"))


def role_choices(workspace: Workspace, about: str = "") -> Choices:
    return tuple((role.key, f"{role.name}{about}") for role in workspace.handbook.roles.roles)


# What a field can be, among other things


def known_people(workspace: Workspace) -> Known:
    return lambda: people_choices(workspace)


def known_roles(workspace: Workspace) -> Known:
    return lambda: role_choices(workspace)


def known_groups(workspace: Workspace) -> Known:
    """Those in which somebody is already."""
    return lambda: tuple(
        (group, "") for group in sorted({person.group for person in workspace.people.all()} - {""})
    )


def known_customers(workspace: Workspace) -> Known:
    """By name, as they are written on tickets and calls."""

    def names() -> Choices:
        customers = [customer for customer in workspace.customers.all() if customer.active]
        return tuple((customer.name, customer.tier) for customer in customers)

    return names


def known_zones(workspace: Workspace) -> Known:
    """Those of the team and of customers first."""

    def zones() -> Choices:
        from zoneinfo import available_timezones  # reads a folder

        near: dict[str, list[str]] = {}
        for person in workspace.people.all():
            near.setdefault(person.zone, []).append(person.shown)
        for customer in workspace.customers.all():
            near.setdefault(customer.zone, []).append(customer.shown)
        near.pop("", None)
        others = sorted(zone for zone in available_timezones() - near.keys() if "/" in zone or zone == "UTC")
        return (
            *((zone, ", ".join(names[:3])) for zone, names in sorted(near.items())),
            *((zone, "") for zone in others),
        )

    return zones


def known_rituals(workspace: Workspace) -> Known:
    return lambda: tuple((ritual.id, ritual.name) for ritual in workspace.rituals.all())


def known_attendees(workspace: Workspace) -> Known:
    """People at customers, and we ourselves, by e-mail address."""

    def addresses() -> Choices:
        theirs = [
            (contact.email, f"{contact.name or contact.email}, {customer.name}")
            for customer in workspace.customers.all()
            for contact in customer.contacts
        ]
        ours = [(person.email, person.shown) for person in workspace.people.all() if person.active]
        return tuple((email, name) for email, name in [*theirs, *ours] if email)

    return addresses


# How it is read


def read_moment(workspace: Workspace, *, is_past: bool = False, is_over: bool = False) -> Reads:
    """A time, with its weekday and in the team's zone. `is_over`: of the past, and nothing else will do."""

    def words(text: str) -> str:
        from fleettui.time import typed, wording  # late: not every form has a time

        now, zone = workspace.now(), workspace.zone
        read = typed.past_moment if is_over else partial(typed.moment, past=is_past)
        at = read(text, "", now, zone)
        return f"{wording.dated(at, zone, with_zone=True)}, {wording.from_now(at, now)}"

    return words


def read_day(workspace: Workspace, *, is_past: bool = False) -> Reads:
    """A day, with its weekday."""

    def words(text: str) -> str:
        from fleettui.time import typed, wording  # late: not every form has a day

        now, zone = workspace.now(), workspace.zone
        date = typed.day(text, "", now, zone, past=is_past)
        return wording.day(date, with_year=date.year != now.astimezone(zone).year)

    return words


def read_step_field(workspace: Workspace, field: Field) -> Reads:
    """A field of a step: a day, with its weekday; else what can be wrong with it."""
    if field.type == "date":
        return read_day(workspace)
    return partial(only_checked, partial(parsed_field, field))


def read_customer(workspace: Workspace, unlisted: str = "not on the list: kept as it is typed") -> Reads:
    """A customer of the list, or any company's name."""

    def words(text: str) -> str:
        from fleettui.workspace.channels import fitting  # late: not every form has a customer

        listed = fitting(workspace.customers.all(), text)
        if listed is not None:
            return f"{listed.shown}{f', {listed.tier}' if listed.tier else ''}"
        workspace.support.refuse_nearly_known(text)
        return unlisted

    return words


def read_link(text: str) -> str:
    from fleettui.text import reading

    reading.link("", text)
    return ""


def read_addresses(text: str) -> str:
    """E-mail addresses, with commas; the last may not be finished."""
    from fleettui.text import reading

    for address in text.split(","):
        if address.strip():
            reading.email("", address.strip())
    return ""
