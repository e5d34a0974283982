"""What the actions on tickets have in common: which tickets a key is about, making a change, offering a choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.effective import key_of
from screens.triage.several import about
from screens.widgets.row import Key

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host
    from screens.triage.choices import Choices
    from screens.widgets.row import Row, Today


class TicketSelection(Protocol):
    """The screen, as far as its actions ask it."""

    def targets(self) -> list[str]:
        """The ids of the tickets that a key is about: the marked ones, else the one under the cursor."""

    def here(self) -> Ticket:
        """The ticket under the cursor, for what can only be done to one."""

    def ticket(self, id_: str) -> Ticket | None:
        """Also one of the archive, if it is listed."""

    def after_change(self) -> None:
        """Called when a change of the tickets was made: the marks have done their work."""

    def reveal(self, id_: str, step: str = "") -> None:
        """Put the cursor on that ticket, whatever view it takes."""


class TicketTools:
    """Making a change and saying so, and offering choices that name their tickets."""

    def __init__(self, host: Host, selection: TicketSelection) -> None:
        self.host, self.selection = host, selection

    @property
    def workspace(self) -> Workspace:
        return self.host.workspace

    @property
    def choices(self) -> Choices:
        from screens.triage.choices import Choices

        return Choices(self.workspace)

    def tickets(self, ids: Sequence[str]) -> list[Ticket]:
        return [self.workspace.tickets.find(id_) for id_ in ids]

    def act(
        self,
        action: Callable[[], Any],
        message: Callable[[Any], str] | str,
        doing: str,
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Make a change, and say what came of it; `message` may depend on the result. Without `refused` errors are reported."""

        def done(result: Any) -> None:
            self.selection.after_change()
            text = message if isinstance(message, str) else message(result)
            self.host.say(f"{text} {key_of('app.undo')} takes it back.")

        self.host.write(action, done, refused, doing, keys_wait=True)

    def choose(
        self,
        ids: Sequence[str],
        question: str,
        rows: Callable[[], Sequence[Row[Key]]],
        chosen: Callable[[Key], None],
        typed: Callable[[str], Row[Key] | None] = lambda text: None,
        today: Today[Key] | None = None,
        below: str = "",
    ) -> None:
        """Offer the rows. The list covers the queue, so it says which tickets the choice is for. `today`: where the cursor
        begins, for what has a value already. `below`: what one has to know to choose."""
        from screens.triage.choices import ChoicePicker

        def take(key: Key | None) -> None:
            if key is not None:
                chosen(key)

        self.host.push_screen(ChoicePicker(question, rows, typed, self._about(ids), today, below), take)

    def _about(self, ids: Sequence[str]) -> str:
        tickets = [ticket for ticket in map(self.selection.ticket, ids) if ticket is not None]
        return about(self.workspace, tickets) if tickets else ", ".join(ids)

    def say_unchanged(self, ids: Sequence[str], state: str) -> None:
        """Today's value was chosen."""
        verb = "is" if len(ids) == 1 else "are all"
        self.host.say(f"{ids_words(ids)} {verb} {state} already: nothing is changed.")

    def say_saved(self, id_: str) -> None:
        self.host.say(f"{id_} is saved. {key_of('app.undo')} takes it back.")


def ids_words(ids: Sequence[str]) -> str:
    """The ids, as long as they are few."""
    return ", ".join(ids) if len(ids) <= 3 else f"{len(ids)} tickets"
