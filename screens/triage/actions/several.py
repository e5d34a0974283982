"""What is done to several marked tickets beside what the keys of one ticket do for several anyway; and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.dialogs.several import Several

if TYPE_CHECKING:
    from screens.dialogs.several import MarkedBoard

ALONE = {
    "explain": "a due time is explained for one ticket",
    "escalate": "each ticket has its own level and its own helpers",
    "received": "each customer wrote something of their own",
    "count": "each mail is looked at for itself",
    "details": "each problem has details of its own",
    "issue": "an issue is looked for with the words of one ticket",
    "files": "files are listed for one ticket",
    "steps": "each ticket has its own checklists",
}


class SeveralTickets:
    def __init__(self, board: MarkedBoard) -> None:
        self._board, self._several = board, Several(board, "tickets")

    def all_edit(self) -> None:
        """One field, the same for all."""
        from screens.dialogs.form import as_typed
        from screens.triage.actions.writing import FIELDS, ticket_fields

        tickets = self._board.workspace.tickets
        self._several.edit(
            ticket_fields(self._board.workspace, {}),
            lambda id_: as_typed(tickets.get(id_), FIELDS),
            lambda within, id_, typed: within.tickets.set(id_, typed),
        )
