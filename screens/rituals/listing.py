"""The rituals of one day as rows: mine or everybody's, with the boxes and steps that are unfolded."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import TYPE_CHECKING

from fleettui.domain.rituals.status import FINISHED
from fleettui.time import wording
from fleettui.workspace.damaged import Sieve
from screens.rituals.row_keys import Key, PartKey, RitualKey, ritual_id
from screens.rituals.rows import (
    SECTIONS,
    Part,
    is_mine,
    part_rows,
    parts_of,
    retired_row,
    ritual_row,
    section_of,
)
from screens.shell.damaged import damaged_rows
from screens.widgets.row import Row
from screens.widgets.sections import heading_row, section

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.workspace import Workspace


class Listing:
    def __init__(self, workspace: Workspace, day: date | None, mine: bool | None, unfolded: Set[str]) -> None:
        """`day`: None for today. `mine`: None for mine, if anything is, else everybody's."""
        self._workspace, self._day, self._unfolded = workspace, day, unfolded
        self._sieve = Sieve()
        everybodys = workspace.rituals.board(day, sieve=self._sieve)
        my_own = [owed for owed in everybodys if is_mine(owed, workspace)]
        self.mine = bool(my_own) if mine is None else mine
        self.owed: dict[str, BoardRow] = {
            owed.ritual.id: owed for owed in (my_own if self.mine else everybodys)
        }
        self.retired: dict[str, Ritual] = {
            ritual.id: ritual
            for ritual in workspace.rituals.all(retired=True)
            if ritual.retired is not None and ritual.id not in self.owed
        }
        self.parts: dict[PartKey, Part] = {}
        """What is unfolded."""

    def look_again(self) -> None:
        """At the same rituals: what falls due or late by itself."""
        now = {owed.ritual.id: owed for owed in self._workspace.rituals.board(self._day)}
        self.owed = {id_: now.get(id_, owed) for id_, owed in self.owed.items()}

    def owed_at(self, key: Key | None) -> BoardRow | None:
        return self.owed.get(ritual_id(key))

    def retired_at(self, key: Key | None) -> Ritual | None:
        return self.retired.get(ritual_id(key))

    def part_at(self, key: Key | None) -> Part | None:
        return self.parts.get(key) if isinstance(key, PartKey) else None

    def waits_at(self, key: Key | None) -> bool:
        """Whether the row wants a tick: of what is unfolded the parts do, not the ritual's own row."""
        part, owed = self.part_at(key), self.owed_at(key)
        if part is not None:
            return part.state == "todo"
        return owed is not None and owed.waits and owed.ritual.id not in self._unfolded

    def rows(self) -> list[Row[Key]]:
        """All in one list."""
        rows: list[Row[Key]] = []
        for number in range(len(SECTIONS)):
            says_the_day = number == 0 and bool(self.owed or self._day)
            if self._in_section(number) or says_the_day:
                rows += self.section_rows(number)
        retired = [] if self.mine else [retired_row(ritual) for ritual in self.retired.values()]
        rows += section("Damaged", damaged_rows(self._sieve, RitualKey, self._workspace.now()))
        return [*rows, *section("Retired", retired, f"Retired · {len(retired)}")]

    def section_rows(self, number: int) -> list[Row[Key]]:
        """Those of one rhythm, below a heading."""
        below = self._in_section(number)
        done = sum(owed.state in FINISHED for owed in below)
        words = f"{SECTIONS[number]} · {f'{done} of {len(below)}' if below else 'none'}"
        if number == 0:
            words += f" · {self._scope_words()}"
        rows: list[Row[Key]] = [heading_row(SECTIONS[number], words)]
        for owed in below:
            rows.append(ritual_row(owed, self._workspace))
            if owed.ritual.id in self._unfolded:
                parts = parts_of(self._workspace, owed)
                self.parts |= {part.row_key: part for part in parts}
                rows += part_rows(parts)
        return rows

    def _in_section(self, number: int) -> list[BoardRow]:
        return [owed for owed in self.owed.values() if section_of(owed.ritual) == number]

    def _scope_words(self) -> str:
        when = "today" if self._day is None else wording.day(self._day, with_year=True)
        return f"{'mine' if self.mine else 'everybody'}, {when}"
