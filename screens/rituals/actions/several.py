"""What is done to several marked rituals, boxes or steps, and what is not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from fleettui.errors import Refused
from screens.dialogs.form import Values
from screens.dialogs.several import MarkedBoard, Several
from screens.rituals.actions.ticking import has_parts
from screens.rituals.fields import as_typed
from screens.rituals.row_keys import Key, PartKey, RitualKey, ritual_id

if TYPE_CHECKING:
    from datetime import date

    from fleettui.workspace.workspace import Workspace
    from screens.rituals.actions.keeping import KeepActions

ALONE = {
    "note": "a note is about one of them",
    "text": "each has a text of its own",
    "unfold": "one ritual is unfolded at a time",
    "person": "a year is shown of one of them",
}


class MarkedRituals(MarkedBoard, Protocol):
    @property
    def day(self) -> date | None:
        """The day that is shown; None for today."""


class SeveralRituals:
    def __init__(self, board: MarkedRituals, keeping: KeepActions) -> None:
        self._board, self._keeping, self._several = board, keeping, Several(board, "rituals")

    def all_tick(self) -> None:
        self._several.do(partial(_tick, day=self._board.day), "ticked")

    def all_untick(self) -> None:
        day = self._board.day
        self._several.do(lambda within, key: within.rituals.untick(*_named(key), on=day), "opened again")

    def all_skip(self) -> None:
        day = self._board.day

        def skip(within: Workspace, key: Key, why: str) -> object:
            id_, part = _named(key)
            return within.rituals.skip(id_, why, part, on=day)

        self._several.ask_why("Skip {}", skip, "skipped", "for the others, and for later")

    def all_retire(self) -> None:
        """Where all of them are retired, brings them back."""
        rituals = [self._board.workspace.rituals.get(ritual_id(key)) for key in self._board.marked()]
        if all(ritual is not None and ritual.retired is not None for ritual in rituals):
            self._several.do(lambda within, key: within.rituals.bring_back(_whole(key)), "owed again")
        else:
            self._several.do(lambda within, key: within.rituals.retire(_whole(key)), "retired")

    def all_edit(self) -> None:
        rituals = self._board.workspace.rituals

        def values(key: Any) -> Values:
            ritual = rituals.get(ritual_id(key)) if isinstance(key, RitualKey) else None
            return as_typed(ritual) if ritual else {}

        self._several.edit(
            self._keeping.fields(),
            values,
            lambda within, key, typed: within.rituals.edit(_whole(key), typed),
        )


def _named(key: Key) -> tuple[str, str]:
    """The ritual and the box or step of it."""
    return ritual_id(key), key.part if isinstance(key, PartKey) else ""


def _whole(key: Key) -> str:
    if not isinstance(key, RitualKey):
        raise Refused("This is a part of a ritual; mark the ritual itself")
    return key.id


def _tick(within: Workspace, key: Key, day: date | None) -> object:
    id_, part = _named(key)
    owed = within.rituals.row(id_, day)
    if owed is not None and not part:
        if has_parts(owed):
            raise Refused("It has boxes or steps: unfold it, and mark those")
        if owed.status.count >= owed.status.most:
            raise Refused("It is done already")
    return within.rituals.tick(id_, part, on=day)
