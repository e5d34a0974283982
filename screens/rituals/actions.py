"""What is done with a ritual by one key: ticking and going on, taking back, unfolding; and why not, where it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.errors import Refused
from screens.rituals.forms import RitualForms
from screens.rituals.rows import SECTIONS, parts_of
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleettui.workspace.rituals.actions import Done
    from fleettui.workspace.rituals.board import BoardRow


class RitualActs(RitualForms):
    """The part of the screen that acts."""

    _lines: dict[str, BoardRow]
    _unfolded: set[str]
    _column: int
    """Of the lists that stand beside each other, the one with the cursor that counts."""

    if TYPE_CHECKING:

        @property
        def in_columns(self) -> bool: ...

        @property
        def columns(self) -> Sequence[Rows]: ...

        def line_of(self, key: str | None) -> BoardRow | None: ...

        def fill(self) -> None: ...

        def _go_to(self, key: str | None) -> None: ...

    def do_tick(self) -> None:
        """Ticks and goes on; a ritual with boxes or steps unfolds instead."""
        line, part = self.here, self.part_of(self.rows.key)
        if part is None and self._has_parts(line):
            self._unfold(line)
            return
        if part is None and line.stands.count >= line.stands.most:
            self._say_done(line)
            self._go_on()
            return
        id_, day, key = line.ritual.id, self.day, part.key if part else ""
        seen = len(line.instance.ticks) if line.instance else 0
        verbs = self.workspace.rituals
        self._go_on()
        self.fleettui.write(lambda: verbs.tick(id_, key, on=day, seen=seen), self.told, doing="ticking")

    def _say_done(self, line: BoardRow) -> None:
        by = ", ".join(self.workspace.people.get(login).shown for login in line.stands.by)
        self.fleettui.say(f"{line.ritual.name} is done{f' by {by}' if by else ''}. x takes it back.")

    def told(self, done: Done) -> None:
        if done.remarks:
            self.fleettui.say(". ".join(done.remarks) + ".")

    def _has_parts(self, line: BoardRow) -> bool:
        return bool(line.asked.customers is not None or line.ritual.playbook or line.ritual.steps)

    def _unfold(self, line: BoardRow) -> None:
        parts = parts_of(self.workspace, line)
        if not parts:
            raise Refused("No commercial customer is on the list yet: there is nobody to meet.")
        if line.ritual.id not in self._unfolded:
            self._unfolded.add(line.ritual.id)
            self.fill()
        first = next((part for part in parts if part.state == "todo"), parts[0])
        self.rows.go_to(first.row_key)

    def _go_on(self) -> None:
        """To what is to be ticked next: further down, or in the columns to the right."""
        while True:
            before = self.rows.key
            self.rows.do_down()
            key = self.rows.key
            if key == before:
                break
            if self._is_open(key):
                return
        for number in range(self._column + 1, len(SECTIONS)) if self.in_columns else ():
            if self._to_open_in(number):
                return

    def _to_open_in(self, number: int) -> bool:
        rows = self.columns[number]
        key = next(
            (key for key in rows.visible_keys() if key in self._lines and self._lines[key].waits), None
        )
        if key is None:
            return False
        self._column = number
        rows.focus()
        rows.go_to(key)
        return True

    def _is_open(self, key: str | None) -> bool:
        part = self.part_of(key)
        if part is not None:
            return part.state == "todo"
        line = self.line_of(key)
        return line is not None and line.waits and line.ritual.id not in self._unfolded

    def do_untick(self) -> None:
        line, part = self.here, self.part_of(self.rows.key)
        id_, day, key = line.ritual.id, self.day, part.key if part else ""
        verbs = self.workspace.rituals
        self.fleettui.write(
            lambda: verbs.untick(id_, key, on=day),
            lambda done: self.fleettui.say(f"{done.row.ritual.name}: taken back."),
            doing="taking back",
        )

    def do_unfold(self) -> None:
        line = self.here
        if line.ritual.id in self._unfolded:
            self._unfolded.discard(line.ritual.id)
            self.fill()
            self._go_to(line.ritual.id)
        else:
            self._unfold(line)

    def why_not(self, command_id: str) -> str | None:
        acts = ("tick", "note", "untick", "skip", "edit", "retire", "unfold")
        verb = command_id.rpartition(".")[2]
        if not command_id.startswith("rituals.") or verb not in acts:
            return None
        key = self.rows.key
        if key is None:
            return "There is no ritual here. a adds one, m shows everybody's."
        if self.line_of(key) is None and verb not in ("edit", "retire"):
            return "It is retired: nothing is owed. R brings it back."
        return self._why_not_now(verb)

    def _why_not_now(self, verb: str) -> str | None:
        line = self.line_of(self.rows.key)
        if line is not None and line.state == "coming" and verb in ("tick", "note", "skip"):
            return f"That is still to come, from {line.period.first:%a %-d %b} on."
        if verb == "unfold" and line is not None and not parts_of(self.workspace, line):
            return "It has neither boxes nor steps."
        return None
