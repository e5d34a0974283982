"""What all dialogs have in common: they close themselves and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from screens.commands.dispatch import Commanded


class Dialog(Commanded, ModalScreen[ScreenResultType]):
    """Open over one of the seven screens."""

    def unless_closed(self, refused: Callable[[Exception], None]) -> Callable[[Exception], None]:
        """What is to be called where saving fails. Where the dialog was closed meanwhile, what was typed is in its draft."""

        def answer(error: Exception) -> None:
            if self in self.app.screen_stack:
                refused(error)
            else:
                self.fleettui.report(error, "saving what was typed")

        return answer

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Once. Textual closes whatever is in front: where Esc came while a save was under way, the end of the save would close
        the screen below, and then the app. What is open over the dialog goes with it."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)
