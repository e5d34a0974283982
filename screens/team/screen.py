"""Team: who we are, who is away and who covers; who answers the web chat; the look back on the week, and its report.

People are told of in team_people.py, the rota in team_rota.py, the week in team_week.py; here they make one screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from fleettui.domain.team.people import Person
from fleettui.time.zones import day_of
from screens.commands.catalogue import bindings
from screens.dialogs.form import Form, FormField, SeenRevision, Values
from screens.shell.board import Board
from screens.team.people import day_typed, now_words, person_fields, person_page, their_time
from screens.team.rota import SHIFT, TeamRota
from screens.team.week import DOCUMENTATION, QUESTION, REPORT, Reckoner, TeamWeek
from screens.widgets.columns import Column
from screens.widgets.page import Para
from screens.widgets.row import Row

EDGE = 4
"""Cells at the sides of a page."""


class TeamScreen(TeamRota, TeamWeek, Board):
    NAME = "team"
    CONCERNS = frozenset({"people", "presence", "rota", "retros", "tickets", "handbook"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("team")
    COLUMNS = (
        Column("name", "Name", width=16, grow=2),
        Column("roles", "Role", width=12, grow=1, hide=1),
        Column("now", "Now", width=25, grow=2),
        Column("time", "Their time", width=10, hide=2),
    )
    EMPTY = (
        "Nobody is on the list yet. Press a to add the first person; the login is the account on this box."
    )

    def __init__(self) -> None:
        super().__init__()
        self.reckoner = Reckoner(self, self.week_ready)
        self._stands: object = None

    def fill(self) -> None:
        self.reckoner.outdated()
        self._stands = self._standing_now()
        super().fill()

    def _standing_now(self) -> object:
        """What a minute can change beside the time: who is on call, and which day it is."""
        return self.workspace.oncall.shift(), self.day

    def week_ready(self) -> None:
        """What was reckoned is there."""
        if self.is_mounted:
            self.rows.show(self.rows_now())
            self.show_page()

    # The list

    def rows_now(self) -> Sequence[Row]:
        here = {session.login for session in self.workspace.presence.here()} | {self.workspace.me.login}
        today = day_of(self.workspace.now(), self.workspace.zone)
        people = [
            self._person_row(person, today, person.login in here) for person in self.workspace.people.all()
        ]
        return [
            *people,
            Row("heading rota", ("On call for the web chat",), heading=True),
            *self.rota_rows(),
            Row("heading week", (self.week_title(),), heading=True),
            *self.week_rows(),
        ]

    def _person_row(self, person: Person, today: date, is_here: bool) -> Row:
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
        if self._stands != self._standing_now():
            self.fill()
        times = {
            key: {"time": (their_time(self.workspace, self.workspace.people.get(key)), "muted")}
            for key in self.rows.visible_keys()
            if self._is_person(key)
        }
        self.rows.update_cells(times)

    def _is_person(self, key: str) -> bool:
        return not (key.startswith((SHIFT, "heading ")) or self.is_week(key))

    def person_here(self) -> str:
        """Under the cursor."""
        key = self.rows.key
        return key if key is not None and self._is_person(key) else ""

    # The page

    def page_of(self, key: str) -> Sequence[Para]:
        if key.startswith(SHIFT):
            return self.shift_page()
        if self.is_week(key):
            return self.week_page(key)
        today = day_of(self.workspace.now(), self.workspace.zone)
        return person_page(self.workspace, self.workspace.people.get(key), today)

    def page_width(self) -> int:
        """Where the page is not yet laid out: what it will have."""
        return self.page.content_size.width or self.app.size.width // (2 if self.is_wide else 1) - EDGE

    def looking_at(self, key: str) -> str | None:
        return key if self._is_person(key) else None

    def reveal(self, id_: str, step: str = "") -> None:
        """A person; or who is on call, from Today: the shift that begins on the day that `step` says."""
        key = SHIFT + step if id_ == "on call" else id_
        if not self.rows.go_to(key):
            self.fleettui.say("That is not on this list: it may be filtered away.", "warning")

    # Commands

    def why_not(self, command_id: str) -> str | None:
        key = self.rows.key or ""
        if command_id in ("team.edit", "team.away") and not key:
            return "There is nobody here to change. a adds somebody."
        if command_id == "team.away" and not self.person_here():
            return "Put the cursor on somebody of the team."
        if command_id == "team.edit" and (key.startswith(SHIFT) or key == REPORT):
            return "There is nothing to change here; o puts somebody else on call."
        if command_id == "team.message" and not key.startswith((SHIFT, QUESTION)):
            return "Put the cursor on a shift, for its reminder, or on a question of the look back."
        return self.rota_why_not(command_id) or self.week_why_not(command_id) or super().why_not(command_id)

    def do_add(self) -> None:
        fields = [FormField("login", "Login", hint="the account on this box"), *person_fields(None)]

        def save(typed: Values) -> Person:
            login = typed.pop("login", "")
            return self.workspace.people.add(login, **typed)

        self.ask("Add a person", fields, "team add", save, self._said("{} is on the list now."))

    def do_edit(self) -> None:
        """Whatever is under the cursor."""
        key = self.rows.key or ""
        if key.startswith(QUESTION):
            self.answer_questions(key.removeprefix(QUESTION))
        elif key == DOCUMENTATION:
            self.write_documentation()
        else:
            self._edit_person()

    def _edit_person(self) -> None:
        person = self.workspace.people.get(self.person_here())
        seen = SeenRevision(person)

        def save(typed: Values) -> Person:
            return self.workspace.people.edit(person.login, typed, seen=seen.rev)

        self.ask(
            f"Change {person.shown}",
            person_fields(person),
            f"team edit {person.login}",
            save,
            self._said("{} is saved."),
            lambda: seen.renew(self.workspace.people.get(person.login)),
        )

    def do_away(self) -> None:
        person = self.workspace.people.get(self.person_here())
        fields = [
            FormField("first", "First day", hint="2026-03-09"),
            FormField("last", "Last day", hint="the same day when left empty"),
            FormField("cover", "Who covers", hint="a login, or the beginning of a name; or nobody"),
        ]

        def save(typed: Values) -> Person:
            first = day_typed(self.workspace, "first", typed.get("first", ""))
            last = typed.get("last", "").strip()
            last_day = day_typed(self.workspace, "last", last) if last else first
            return self.workspace.people.away(
                person.login, first, last_day, typed.get("cover", "").strip() or None
            )

        self.ask(
            f"Days off for {person.shown}",
            fields,
            f"team away {person.login}",
            save,
            self._said("Days off for {} are written down."),
        )

    def do_message(self) -> None:
        shift = self.shift_here()
        if shift is not None:
            self.copy_reminder(shift)
        elif (self.rows.key or "").startswith(QUESTION):
            self.copy_look_back()

    def _said(self, words: str) -> Callable[[Person], str]:
        """And the cursor goes to whom it is about."""

        def said(person: Person) -> str:
            self.rows.go_to(person.login)
            return words.format(person.shown)

        return said

    def ask(
        self,
        name: str,
        fields: Sequence[FormField],
        about: str,
        save: Callable[[Values], Any],
        said: Callable[[Any], str],
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        """A form over the screen; `said` tells what came of it."""

        def saved(made: Any) -> None:
            self.fleettui.say(f"{said(made)} u takes it back.")
            self.fleettui.present(self.NAME)

        self.fleettui.present(self.NAME, self.person_here() or None, typing=True)
        self.app.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))
