"""Team: who we are, who is away and who covers; who answers the web chat; the look back on the week, and its report.

People are shown by people.py, the rota by rota.py, the week by week.py; here they make one list. What the keys do is in actions/.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fleettui.domain.team.people import Person
from fleettui.time.zones import day_of
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.shell.board import Board
from screens.shell.history import stories
from screens.team.actions.outbox import OutboxActions
from screens.team.actions.people import PeopleActions
from screens.team.actions.rota import RotaActions
from screens.team.actions.several import ALONE, SeveralPeople
from screens.team.actions.tools import TeamTools
from screens.team.actions.week import WeekActions
from screens.team.connections import ConnectionsView
from screens.team.figures import FiguresCache
from screens.team.outbox import OutboxView
from screens.team.people import person_page, person_row, their_time
from screens.team.reach import ReachView
from screens.team.rota import RotaView
from screens.team.row_keys import (
    ConnectionKey,
    Heading,
    OutboxKey,
    QuestionKey,
    ReachKey,
    ShiftKey,
    TeamKey,
    WeekRow,
)
from screens.team.week import WeekView
from screens.widgets.columns import Column
from screens.widgets.page import Para
from screens.widgets.row import Row

EDGE = 4
"""Cells at the sides of a page."""


class TeamScreen(Board[TeamKey]):
    NAME = "team"
    CONCERNS = frozenset(
        {
            *("people", "presence", "rota", "retros", "tickets", "calls", "handbook", "rituals", "ticks"),
            *("connections", "letters", "views"),
        }
    )
    CHANGES = frozenset(
        {"people", "views", "rota", "retros", "tickets.documented", "outbox.retry", "outbox.drop"}
    )
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("team")
    ALONE = ALONE
    COLUMNS = (
        Column("name", "Name", width=16, grow=3, share=0.2),
        Column("roles", "Role", width=10, grow=1, hide=1, second=True),
        Column("now", "Now", width=14, grow=2),
        Column("time", "Their time", width=10, hide=2, second=True),
    )
    EMPTY = "Nobody is on the list yet. Press [team.add] to add the first person; the login is the account on this box."

    def __init__(self) -> None:
        super().__init__()
        self._story = stories(self.workspace, self.asked)
        self._figures = FiguresCache(self.fleettui, self._figures_ready)
        self._rota = RotaView(self.workspace, self.asked)
        self._week = WeekView(self.workspace, self._figures, self.page_width, self._story)
        self._reach = ReachView(self.workspace)
        self._outbox = OutboxView(self.workspace)
        self._connections = ConnectionsView(self.workspace)
        tools = TeamTools(self.fleettui, self)
        self._people_actions = PeopleActions(tools)
        self._rota_actions = RotaActions(tools, self._rota)
        self._week_actions = WeekActions(tools, self._week, self.fill)
        self.actions = (
            self._people_actions,
            self._rota_actions,
            self._week_actions,
            OutboxActions(tools),
            SeveralPeople(self),
        )
        self._shown_at: object = None
        self.searcher = lambda: self.workspace.searches.people
        self.document_of = lambda key: self.workspace.people.get(key) if isinstance(key, str) else None

    def fill(self) -> None:
        self._figures.invalidate()
        self._shown_at = self._time_now()
        super().fill()

    def _time_now(self) -> object:
        """What a minute can change besides the clocks: who is on call, and which day it is."""
        return self.workspace.oncall.shift(), self._week.day

    def _figures_ready(self) -> None:
        if self.is_mounted:
            self.rows.show(self.listed(self.rows_now()))
            self.show_page()

    # The list

    def rows_now(self) -> Sequence[Row[TeamKey]]:
        here = {visitor.login for visitor in self.workspace.presence.here()} | {self.workspace.me.login}
        today = self._today()

        def row(person: Person) -> Row[TeamKey]:
            return person_row(self.workspace, person, today, person.login in here)

        return [
            *self.rows_of(self.workspace.people.all(), row),
            *self._outbox.rows(),
            Row(Heading.ROTA, ("On call for the web chat",), heading=True),
            *self._rota.rows(),
            Row(Heading.WEEK, (self._week.title(),), heading=True),
            *self._week.rows(),
            Row(Heading.REACH, ("Whom to reach",), heading=True),
            *self._reach.rows(),
            *self._connections.rows(),
        ]

    def _today(self) -> date:
        return day_of(self.workspace.now(), self.workspace.zone)

    def minute(self) -> None:
        if self._shown_at != self._time_now():
            self.fill()
        people = self.workspace.people
        logins = [key for key in self.rows.visible_keys() if isinstance(key, str)]
        self.rows.update_cells(
            {login: {"time": (their_time(self.workspace, people.get(login)), "muted")} for login in logins}
        )

    def go_to(self, key: TeamKey) -> bool:
        return self.rows.go_to(key)

    # The page

    def page_of(self, key: TeamKey) -> Sequence[Para]:
        match key:
            case ShiftKey():
                return self._rota.page(key)
            case QuestionKey() | WeekRow():
                return self._week.page(key)
            case OutboxKey():
                return self._outbox.page(key)
            case ReachKey():
                return self._reach.page(key)
            case ConnectionKey():
                return self._connections.page(key)
            case str():
                return person_page(self.workspace, self.workspace.people.get(key), self._today(), self._story)
            case _:
                return ()

    def page_width(self) -> int:
        """In cells. Before the first layout: what it is going to be."""
        return self.page.content_size.width or self.app.size.width // (2 if self.is_wide else 1) - EDGE

    def reveal(self, id_: str, step: str = "") -> None:
        """A person; or who is on call, from Today: the shift that begins on the day that `step` says."""
        key = ShiftKey(date.fromisoformat(step)) if id_ == "on call" else id_
        if not self.rows.go_to(key):
            self.fleettui.say("That is not on this list: it may be filtered away.", "warning")

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """What depends on the row under the cursor."""
        key = self.key
        match command_id:
            case "team.edit" | "team.away" if key is None:
                return with_keys("There is nobody here to change. [team.add] adds somebody.")
            case "team.away" if not isinstance(key, str):
                return "Put the cursor on somebody of the team."
            case "team.edit" if isinstance(key, ConnectionKey):
                return "That stands in handbook/connections.json; `fleettui connect --check` tries it."
            case "team.edit" if isinstance(key, ReachKey):
                return "That stands in the handbook: channels.json, groups.json and sla.json."
            case "team.edit" if isinstance(key, ShiftKey) or key in (WeekRow.REPORT, WeekRow.RITUALS):
                return with_keys(
                    "There is nothing to change here; [team.override] puts somebody else on call."
                )
            case "team.unsent" if not isinstance(key, OutboxKey):
                return (
                    "Put the cursor on a text that has not left; where no such part is shown, everything has."
                )
            case "team.message" if not isinstance(key, ShiftKey | QuestionKey):
                return "Put the cursor on a shift, for its reminder, or on a question of the look back."
            case _:
                return None

    def do_edit(self) -> None:
        """Of whatever is under the cursor."""
        match self.key:
            case QuestionKey(question):
                self._week_actions.answer_questions(question)
            case WeekRow.DOCUMENTATION:
                self._week_actions.write_documentation()
            case _:
                self._people_actions.edit()

    def do_message(self) -> None:
        shift = self._rota.shift(self.key)
        if shift is not None:
            self._rota_actions.copy_reminder(shift)
        elif isinstance(self.key, QuestionKey):
            self._week_actions.copy_look_back()
