"""What is done to several marked people, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.errors import Refused
from screens.dialogs.field_choices import read_day
from screens.dialogs.form import FormField, Values, as_typed
from screens.dialogs.several import MarkedBoard, Several
from screens.team.people import FIELDS, day_typed, person_fields
from screens.team.row_keys import TeamKey

if TYPE_CHECKING:
    from fleettui.domain.team.people import Person
    from fleettui.workspace.workspace import Workspace

ALONE = {
    "override": "one person stands in for a shift",
    "swap": "one shift is swapped with one other",
    "turns": "shifts go back to their turn one by one",
    "message": "each text is looked at for itself",
    "unsent": "each text is decided on for itself",
    "ticket": "one goes to one ticket",
}


class SeveralPeople:
    def __init__(self, board: MarkedBoard) -> None:
        self._board, self._several = board, Several(board, "people")

    def all_away(self) -> None:
        """The same days off for all of them: a holiday, an offsite."""
        day = read_day(self._board.workspace)
        fields = [
            FormField("first", "First day", hint="fri, tomorrow, 2026-03-09", reads=day),
            FormField("last", "Last day", hint="the same day when left empty", reads=day),
        ]

        def away(within: Workspace, key: TeamKey, typed: Values) -> Person:
            first = day_typed(within, "first", typed.get("first", ""))
            end = typed.get("last", "").strip()
            return within.people.away(
                _login(key), first, day_typed(within, "last", end) if end else first, None
            )

        self._several.ask("Days off for {}", fields, away, "have these days off")

    def all_edit(self) -> None:
        people = self._board.workspace.people
        somebody = next((people.get(key) for key in self._board.marked() if isinstance(key, str)), None)
        self._several.edit(
            person_fields(self._board.workspace, somebody),
            lambda key: as_typed(people.get(key), FIELDS) if isinstance(key, str) else {},
            lambda within, key, typed: within.people.edit(_login(key), typed),
        )


def _login(key: TeamKey) -> str:
    if not isinstance(key, str):
        raise Refused("This is nobody of the team")
    return key
