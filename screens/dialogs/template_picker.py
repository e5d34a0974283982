"""Choosing a ready text for what is written about a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fleettui.errors import FleettuiError
from screens.dialogs.picker import Picker
from screens.dialogs.texts import missing_variables
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket


class TemplatePicker(Picker):
    """Ready texts, those first that need nothing more; what is missing is named."""

    COLUMNS = (
        Column("title", width=24, grow=1),
        Column("wants", width=18, grow=1, hide=1),
        Column("name", width=16, hide=2),
    )
    HINT = "Which text?"

    def __init__(self, names: Sequence[str], ticket: Ticket) -> None:
        super().__init__()
        self._names, self._ticket = names, ticket

    def choices(self) -> Sequence[Row]:
        rows = [self._row(name) for name in self._names]
        return [row for _, row in sorted(rows, key=lambda pair: pair[0])]

    def _row(self, name: str) -> tuple[bool, Row]:
        """Whether something is missing, and the row."""
        workspace = self.workspace
        message = workspace.handbook.renderer.message(name)
        try:
            missing = missing_variables(workspace, name, self._ticket)
        except FleettuiError as error:
            return True, Row(name, (message.title, (str(error), "bad"), (name, "muted")))
        wants = ", ".join(variable.name.replace("_", " ") for variable in missing)
        state = (f"wants {wants}", "warn") if wants else ("✓ complete", "good")
        return bool(wants), Row(name, (message.title, state, (name, "muted")))
