"""Adding and changing people, and writing down their days off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.dialogs.field_choices import people_choices, read_day
from screens.dialogs.form import FormField, SeenRevision, Values
from screens.team.people import day_typed, person_fields

if TYPE_CHECKING:
    from fleettui.domain.team.people import Person
    from screens.team.actions.tools import TeamTools


class PeopleActions:
    """Adding and changing people."""

    def __init__(self, tools: TeamTools) -> None:
        self.tools = tools

    def do_add(self) -> None:
        fields = [
            FormField("login", "Login", hint="the account on this box"),
            *person_fields(self.tools.workspace, None),
        ]

        def save(typed: Values) -> Person:
            login = typed.pop("login", "")
            return self.tools.workspace.people.add(login, **typed)

        self.tools.ask("Add a person", fields, "team add", save, self._message("{} is on the list now."))

    def edit(self) -> None:
        people = self.tools.workspace.people
        person = people.get(self.tools.person)
        seen = SeenRevision(person)

        def save(typed: Values) -> Person:
            return people.edit(person.login, typed, seen=seen.rev)

        self.tools.ask(
            f"Change {person.shown}",
            person_fields(self.tools.workspace, person),
            f"team edit {person.login}",
            save,
            self._message("{} is saved."),
            lambda: seen.renew(people.get(person.login)),
        )

    def do_away(self) -> None:
        people = self.tools.workspace.people
        person, day = people.get(self.tools.person), read_day(self.tools.workspace)
        fields = [
            FormField("first", "First day", hint="fri, tomorrow, 2026-03-09", reads=day),
            FormField("last", "Last day", hint="the same day when left empty", reads=day),
            FormField("cover", "Who covers", choices=people_choices(self.tools.workspace, "nobody")),
        ]

        def save(typed: Values) -> Person:
            first = day_typed(self.tools.workspace, "first", typed.get("first", ""))
            end = typed.get("last", "").strip()
            last = day_typed(self.tools.workspace, "last", end) if end else first
            return people.away(person.login, first, last, typed.get("cover", "").strip() or None)

        self.tools.ask(
            f"Days off for {person.shown}",
            fields,
            f"team away {person.login}",
            save,
            self._message("Days off for {} are written down."),
        )

    def _message(self, text: str) -> Callable[[Person], str]:
        """With the name in it; the cursor goes to the person."""

        def message(person: Person) -> str:
            self.tools.selection.go_to(person.login)
            return text.format(person.shown)

        return message
