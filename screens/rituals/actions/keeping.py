"""The rituals themselves: added, changed, retired, brought back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.time.business import WEEKDAYS
from screens.commands.effective import key_of, with_keys
from screens.dialogs.entries import Choices, Known, choices_of, helped
from screens.dialogs.field_choices import dri_choices, known_rituals, read_day, read_link
from screens.dialogs.form import FormField, SeenRevision, Values, fields_of
from screens.rituals.actions.asking import RitualBoard, ask, ritual_of
from screens.rituals.fields import CHOICES, LABELS, USUAL_FREQUENCIES, as_typed, next_dates

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual

ON_RITUALS = ("tick", "note", "untick", "skip", "edit", "retire", "unfold", "text")


class KeepActions:
    def __init__(self, board: RitualBoard) -> None:
        self._board = board

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if scope == "rituals" and verb in ON_RITUALS and self._board.ritual_here() is None:
            return with_keys(
                "There is no ritual here. [rituals.add] adds one, [rituals.mine] shows everybody's."
            )
        return None

    def do_add(self) -> None:
        rituals = self._board.workspace.rituals

        def save(typed: Values) -> Ritual:
            return rituals.add(typed.pop("name", ""), **typed)

        fields = self._helped(fields_of(LABELS, {"frequency": "weekly", "zone": "team"}, self._choices()))
        ask(
            self._board,
            "Add a ritual",
            fields,
            "ritual add",
            save,
            self._kept,
            preview=partial(next_dates, self._board.workspace, None),
        )

    def fields(self) -> list[FormField]:
        """As a form shows them, without values."""
        return self._helped(fields_of(LABELS, choices=self._choices()))

    def _choices(self) -> dict[str, Choices]:
        return {**CHOICES, "dri": dri_choices(self._board.workspace)}

    def _helped(self, fields: list[FormField]) -> list[FormField]:
        """What decides when it is due has the line of the next days already."""
        workspace = self._board.workspace
        known: dict[str, Known] = {
            "frequency": partial(choices_of, USUAL_FREQUENCIES),
            "weekday": partial(choices_of, WEEKDAYS),
            "before": known_rituals(workspace),
        }
        reads = {"start": read_day(workspace), "url": read_link}
        return helped(fields, known, reads, several=("weekday", "before"))

    def do_edit(self) -> None:
        ritual, rituals = ritual_of(self._board), self._board.workspace.rituals
        seen = SeenRevision(ritual)
        ask(
            self._board,
            f"Change {ritual.name}",
            self._helped(fields_of(LABELS, as_typed(ritual), self._choices())),
            f"ritual edit {ritual.id}",
            lambda typed: rituals.edit(ritual.id, typed, seen=seen.rev),
            self._kept,
            lambda: seen.renew(rituals.get(ritual.id)),
            partial(next_dates, self._board.workspace, ritual),
        )

    def _kept(self, ritual: Ritual) -> None:
        self._board.fleettui.say(f"{ritual.name} is saved. {key_of('app.undo')} takes it back.")
        self._board.go_to(ritual.id)

    def do_retire(self) -> None:
        """Or brings back what is retired."""
        host, ritual, rituals = self._board.fleettui, ritual_of(self._board), self._board.workspace.rituals
        if ritual.retired is None:
            host.write(
                partial(rituals.retire, ritual.id),
                lambda retired: host.say(
                    f"{retired.name} is retired; its past stays. {key_of('app.undo')} takes it back."
                ),
                doing="retiring",
            )
        else:
            host.write(
                partial(rituals.bring_back, ritual.id),
                lambda kept: host.say(f"{kept.name} is owed again, from today on."),
                doing="bringing back",
            )
