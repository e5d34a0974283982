"""Team: who we are, in which roles and where; who is away and who covers; how it came to be written so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.errors import Refused
from fleettui.localtime import day_of
from fleettui.people import Person, TimeOff, time_off_on
from screens.base import Board
from screens.commands import bindings
from screens.form import Field, Form, Values
from screens.past import story
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, title
from screens.widgets.rows import Row

if TYPE_CHECKING:
    from fleettui.workspace import Workspace

HINTS = {
    "name": "Kathy Satterlee",
    "roles": "CSE, on-call",
    "group": "Unicorns",
    "zone": "America/Los_Angeles",
    "slack": "U02ABCDEF",
    "email": "kathy@example.com",
    "github": "login on GitHub",
    "phone": "",
    "active": "yes, or no: no longer on the team",
}
LABELS = {
    "slack": "Slack id",
    "email": "E-mail",
    "github": "GitHub",
    "zone": "Time zone",
    "active": "On the team",
}


class TeamScreen(Board):
    NAME = "team"
    CONCERNS = frozenset({"people", "presence"})
    CSS_PATH = "team.tcss"
    BINDINGS = bindings("team")
    COLUMNS = (
        Column("name", "Name", width=16, grow=2),
        Column("roles", "Role", width=12, grow=1, hide=1),
        Column("now", "Now", width=30, grow=2),
        Column("time", "Their time", width=10, hide=2),
    )
    EMPTY = (
        "Nobody is on the list yet. Press a to add the first person; the login is the account on this box."
    )

    def rows_now(self) -> Sequence[Row]:
        here = {session.login for session in self.workspace.presence.here()} | {self.workspace.me.login}
        today = day_of(self.workspace.now(), self.workspace.zone)
        return [self._row(person, today, person.login in here) for person in self.workspace.people.all()]

    def _row(self, person: Person, today: date, is_here: bool) -> Row:
        return Row(
            person.login,
            (
                person.shown,
                (", ".join(person.roles), "muted"),
                now_words(person, today, is_here),
                (their_time(self.workspace, person), "muted"),
            ),
            style="" if person.active else "muted",
        )

    def minute(self) -> None:
        times = {
            key: {"time": (their_time(self.workspace, self.workspace.people.get(key)), "muted")}
            for key in self.rows.visible_keys()
        }
        self.rows.update_cells(times)

    def page_of(self, key: str) -> Sequence[Para]:
        person = self.workspace.people.get(key)
        today = day_of(self.workspace.now(), self.workspace.zone)
        return [
            title(person.shown),
            BLANK,
            fact("Login", person.login),
            fact("Roles", ", ".join(person.roles)),
            fact("Group", person.group),
            fact("Time zone", person.zone),
            fact("Their time", their_time(self.workspace, person)),
            fact("Slack id", person.slack),
            fact("E-mail", person.email),
            fact("GitHub", person.github),
            fact("Phone", person.phone),
            *([] if person.active else [fact("On team", "no longer", "warn")]),
            BLANK,
            heading("Days off"),
            *(days_off(person, today) or [Para("None planned. w writes some down.", "muted")]),
            BLANK,
            heading("What changed"),
            *story(self.workspace, person.login),
        ]

    # Commands

    def why_not(self, command_id: str) -> str | None:
        if command_id in ("team.edit", "team.away") and self.rows.key is None:
            return "There is nobody here to change. a adds somebody."
        return None

    def do_add(self) -> None:
        fields = [Field("login", "Login", hint="the account on this box"), *person_fields(None)]

        def save(typed: Values) -> Person:
            login = typed.pop("login", "")
            return self.workspace.people.add(login, **typed)

        self._form(
            "Add a person", fields, "team add", save, lambda person: f"{person.shown} is on the list now."
        )

    def do_edit(self) -> None:
        person = self.workspace.people.get(self.rows.key or "")
        seen = Seen(person.rev)

        def save(typed: Values) -> Person:
            return self.workspace.people.edit(person.login, typed, seen=seen.rev)

        self._form(
            f"Change {person.shown}",
            person_fields(person),
            f"team edit {person.login}",
            save,
            lambda changed: f"{changed.shown} is saved.",
            stale=lambda: seen.renew(self.workspace.people.get(person.login)),
        )

    def do_away(self) -> None:
        person = self.workspace.people.get(self.rows.key or "")
        fields = [
            Field("first", "First day", hint="2026-03-09"),
            Field("last", "Last day", hint="the same day when left empty"),
            Field("cover", "Who covers", hint="a login, or the beginning of a name; or nobody"),
        ]

        def save(typed: Values) -> Person:
            first = a_day("first", typed.get("first", ""))
            last = a_day("last", typed["last"]) if typed.get("last", "").strip() else first
            return self.workspace.people.away(
                person.login, first, last, typed.get("cover", "").strip() or None
            )

        self._form(
            f"Days off for {person.shown}",
            fields,
            f"team away {person.login}",
            save,
            lambda changed: f"Days off for {changed.shown} are written down.",
        )

    def _form(
        self,
        name: str,
        fields: Sequence[Field],
        about: str,
        save: Callable[[Values], Person],
        said: Callable[[Person], str],
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        def saved(person: Person) -> None:
            self.rows.go_to(person.login)
            self.fleettui.say(f"{said(person)} u takes it back.")
            self.fleettui.present(self.NAME)

        self.fleettui.present(self.NAME, self.rows.key, typing=True)
        self.app.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))


class Seen:
    """The revision that the form's writer has looked at."""

    def __init__(self, rev: int) -> None:
        self.rev = rev

    def renew(self, person: Person) -> None:
        self.rev = person.rev


def person_fields(person: Person | None) -> list[Field]:
    values: Mapping[str, str] = {} if person is None else as_typed(person)
    names = [name for name in HINTS if person is not None or name != "active"]
    return [
        Field(name, LABELS.get(name, name.capitalize()), values.get(name, ""), HINTS[name]) for name in names
    ]


def as_typed(person: Person) -> dict[str, str]:
    """A person's fields as they are typed into a form."""
    values = {name: getattr(person, name) for name in HINTS}
    return values | {"roles": ", ".join(person.roles), "active": "yes" if person.active else "no"}


def a_day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{field}: {text.strip()!r} is not a day; write it like 2026-03-09") from None


def now_words(person: Person, today: date, is_here: bool) -> tuple[str, str]:
    """Away, here, or neither; and when that changes, if it is soon."""
    if not person.active:
        return "no longer here", "muted"
    off = time_off_on(person, today)
    if off is not None:
        cover = f", {off.cover} covers" if off.cover else ""
        return f"◌ away to {day_words(off.last)}{cover}", "warn"
    soon = next((one for one in person.time_off if today < one.first <= today + timedelta(days=7)), None)
    if soon is not None:
        return f"{'●' if is_here else '·'} away from {day_words(soon.first)}", "accent"
    return ("● here", "good") if is_here else ("", "")


def days_off(person: Person, today: date) -> list[Para]:
    coming = [off for off in person.time_off if off.last >= today]
    return [Para(off_words(off), lead=(("◌ ", "warn"),)) for off in coming]


def off_words(off: TimeOff) -> str:
    days = (
        day_words(off.first) if off.first == off.last else f"{day_words(off.first)} to {day_words(off.last)}"
    )
    return f"{days}, {off.cover} covers" if off.cover else f"{days}, nobody covers"


def day_words(day: date) -> str:
    return day.strftime("%a %-d %b")


def their_time(workspace: Workspace, person: Person) -> str:
    try:
        zone = ZoneInfo(person.zone) if person.zone else workspace.zone
    except (KeyError, ValueError, OSError):
        return "?"
    return workspace.now().astimezone(zone).strftime("%H:%M %Z")
