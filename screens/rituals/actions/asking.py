"""What the actions on rituals ask of their screen, and the form that most of them open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.host import Host, Owner
from screens.dialogs.form import Form, FormField, Values
from screens.shell.acting import needed

if TYPE_CHECKING:
    from datetime import date

    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.actions import Done
    from fleettui.workspace.rituals.board import BoardRow
    from screens.rituals.rows import Part

NO_RITUAL = "There is no ritual here."


class RitualBoard(Owner, Protocol):
    @property
    def day(self) -> date | None:
        """The day that is shown; None for today."""

    def show_view_named(self, name: str) -> None:
        """The day that is named; empty: today."""

    def ritual_here(self) -> Ritual | None:
        """The ritual under the cursor, retired or not."""

    def owed_here(self) -> BoardRow | None:
        """The ritual under the cursor as it is owed on the day."""

    def part_here(self) -> Part | None:
        """The box or step under the cursor."""

    def is_unfolded(self, id_: str) -> bool: ...

    def fold(self, id_: str) -> None: ...

    def unfold(self, id_: str, part: Part) -> None:
        """Show the boxes or steps of a ritual, the cursor on this one."""

    def go_to(self, id_: str) -> None:
        """The cursor to a ritual."""

    def go_on(self) -> None:
        """The cursor to the next row that wants a tick."""


def owed_of(board: RitualBoard) -> BoardRow:
    return needed(board.owed_here(), NO_RITUAL)


def ritual_of(board: RitualBoard) -> Ritual:
    return needed(board.ritual_here(), NO_RITUAL)


def show_remarks(host: Host, done: Done) -> None:
    if done.remarks:
        host.say(". ".join(done.remarks) + ".")


def ask(
    board: RitualBoard,
    name: str,
    fields: list[FormField],
    about: str,
    save: Callable[[Values], Any],
    saved: Callable[[Any], None],
    stale: Callable[[], None] = lambda: None,
    preview: Callable[[Values], str] | None = None,
) -> None:
    ritual = board.ritual_here()
    board.fleettui.announce("rituals", ritual.id if ritual else None, typing=True)
    form = Form(name, fields, about=about, save=save, saved=saved, stale=stale, preview=preview)
    board.fleettui.push_screen(form)
