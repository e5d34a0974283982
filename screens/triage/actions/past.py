"""The queue as it stood at a moment: asked for, listed, and left again. Nothing can be changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.time import typed, wording
from screens.commands.effective import key_of
from screens.dialogs.field_choices import read_moment

if TYPE_CHECKING:
    from datetime import datetime

    from fleettui.workspace.tickets.queue import PastQueue
    from screens.commands.host import Host
    from screens.dialogs.form import Values
    from screens.triage.actions.archive import ListScreen
    from screens.triage.listing import QueueListing
    from screens.widgets.lines import Span

WHEN = "9:00, yesterday 16:00, fri 9:30, 2026-03-02 9:00"
READS_ONLY = frozenset(("past", "older"))
"""The verbs of Triage that work in the past, too."""
CHANGES = frozenset(("app.undo", "app.redo"))


class TicketPast:
    def __init__(self, host: Host, listing: QueueListing, screen: ListScreen) -> None:
        self._host, self._listing, self._screen = host, listing, screen

    @property
    def at(self) -> datetime | None:
        """The moment that is listed; None for now."""
        return self._listing.past.at if self._listing.past else None

    @property
    def back_to(self) -> str:
        return "now" if self.at is not None else ""

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.partition(".")
        changes = (scope == "triage" and verb not in READS_ONLY) or command_id in CHANGES
        if self.at is not None and changes:
            return f"This is how it stood {self._words()}: nothing can be changed here. {key_of('board.back')} comes back to now."
        return None

    def do_past(self) -> None:
        from screens.dialogs.form import Form, FormField

        workspace = self._host.workspace
        fields = [FormField("when", "When", hint=WHEN, reads=read_moment(workspace, is_over=True))]

        def read(values: Values) -> PastQueue:
            at = typed.past_moment(values["when"], "when", workspace.now(), workspace.zone)
            return workspace.queue.past(at)

        form = Form(
            "How did the queue stand?", fields, about="queue in the past", save=read, saved=self._show
        )
        self._host.push_screen(form)

    def leave(self) -> None:
        """Back to now."""
        self._show(None)

    def spans(self) -> list[Span]:
        """Stands above the list while the past is listed."""
        return (
            [(f"As it stood {self._words()}", "warn"), (f" · {key_of('board.back')}: now  ", "")]
            if self.at
            else []
        )

    def _show(self, past: PastQueue | None) -> None:
        self._listing.past = past
        self._screen.show_other_time()

    def _words(self) -> str:
        workspace = self._host.workspace
        return wording.named_moment(self.at or workspace.now(), workspace.now(), workspace.zone)
