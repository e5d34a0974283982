"""What all dialogs have in common: they close themselves and nothing else."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from screens.commands.dispatch import Commanded


class Dialog(Commanded, ModalScreen[ScreenResultType]):
    """Open over one of the seven screens."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Once. Textual closes whatever is in front: where Esc came while a save was under way, the end of the save would close
        the screen below, and then the app. What is open over the dialog goes with it."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)
