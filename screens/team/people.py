"""The people of the team: the text of a row, the page of a person, the fields of the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.team.people import Person, TimeOff, edited, stranger, time_off_on
from fleettui.time import wording
from screens.commands.effective import with_keys
from screens.dialogs.entries import helped
from screens.dialogs.field_choices import known_groups, known_roles, known_zones
from screens.dialogs.form import YES_NO, FormField, as_typed, fields_of
from screens.shell.history import Story
from screens.widgets.page import BLANK, Para, fact, part, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace
    from screens.team.row_keys import TeamKey

FIELDS = {
    "name": ("Name", "Kathy Satterlee"),
    "roles": ("Roles", "CSE, on-call"),
    "group": ("Group", "Unicorns"),
    "zone": ("Time zone", "America/Los_Angeles"),
    "slack": ("Slack id", "U02ABCDEF"),
    "email": ("E-mail", "kathy@example.com"),
    "github": ("GitHub", "login on GitHub"),
    "phone": ("Phone", ""),
    "active": ("On the team", "yes, or no: no longer on the team"),
}
"""Each field's label, and what a good answer looks like."""


def person_row(workspace: Workspace, person: Person, today: date, is_here: bool) -> Row[TeamKey]:
    return Row(
        person.login,
        (
            person.shown,
            (", ".join(person.roles), "muted"),
            now_words(person, today, is_here),
            (their_time(workspace, person), "muted"),
        ),
        style="" if person.active else "muted",
    )


def person_page(workspace: Workspace, person: Person, today: date, story: Story) -> Sequence[Para]:
    return [
        title(person.shown),
        BLANK,
        fact("Login", person.login),
        fact("Roles", ", ".join(person.roles)),
        fact("Group", person.group),
        fact("Time zone", person.zone),
        fact("Their time", their_time(workspace, person)),
        fact("Slack id", person.slack),
        fact("E-mail", person.email),
        fact("GitHub", person.github),
        fact("Phone", person.phone),
        *([] if person.active else [fact("On team", "no longer", "warn")]),
        *part(
            "Days off",
            days_off(person, today)
            or [Para(with_keys("None planned. [team.away] writes some down."), "muted")],
        ),
        *part("What changed", story(person.login, 20)),
    ]


def person_fields(workspace: Workspace, person: Person | None) -> list[FormField]:
    fields = fields_of(FIELDS, as_typed(person, FIELDS), {"active": YES_NO})
    return helped(
        [field for field in fields if person is not None or field.name != "active"],
        {"zone": known_zones(workspace), "roles": known_roles(workspace), "group": known_groups(workspace)},
        several=("roles",),
        check=lambda name, typed: edited(person or stranger(""), {name: typed}),
    )


def day_typed(workspace: Workspace, field: str, text: str) -> date:
    from fleettui.time import typed

    return typed.day(text, field, workspace.now(), workspace.zone)


def now_words(person: Person, today: date, is_here: bool) -> tuple[str, str]:
    """Away, here, or neither; and when that changes, if it is soon."""
    if not person.active:
        return "no longer here", "muted"
    off = time_off_on(person, today)
    if off is not None:
        cover = f" · {off.cover}" if off.cover else ""
        return f"◌ until {wording.day(off.last)}{cover}", "warn"
    soon = next((off for off in person.time_off if today < off.first <= today + timedelta(days=7)), None)
    if soon is not None:
        return f"{'●' if is_here else '·'} away from {wording.day(soon.first)}", "accent"
    return ("● here", "good") if is_here else ("", "")


def days_off(person: Person, today: date) -> list[Para]:
    coming = [off for off in person.time_off if off.last >= today]
    return [Para(off_words(off), lead=(("◌ ", "warn"),)) for off in coming]


def off_words(off: TimeOff) -> str:
    days = (
        wording.day(off.first)
        if off.first == off.last
        else f"{wording.day(off.first)} to {wording.day(off.last)}"
    )
    return f"{days}, {off.cover} covers" if off.cover else f"{days}, nobody covers"


def their_time(workspace: Workspace, person: Person) -> str:
    try:
        zone = ZoneInfo(person.zone) if person.zone else workspace.zone
    except (KeyError, ValueError, OSError):
        return "?"
    return workspace.now().astimezone(zone).strftime("%H:%M %Z")
