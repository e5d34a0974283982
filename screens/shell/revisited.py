"""What a screen answers when somebody comes back to it, or goes to a document on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from screens.commands.place import Place
    from screens.shell.whereabouts import Standing
    from screens.widgets.filter_line import FilterLine


class Revisited:
    """A mixin of every board; named before Textual's class among its bases."""

    @property
    def inside(self) -> str:
        """The id of what is listed instead of the list, where the screen has such a thing."""
        return ""

    def go_inside(self, id_: str) -> None:
        """List the inside of that; empty: the list."""

    @property
    def view_shown(self) -> str:
        """Which rows are listed, where one can choose."""
        return ""

    def show_view_named(self, name: str) -> None:
        """List those."""

    def whereabouts(self) -> Place:
        """Where one is on it."""
        from screens.shell.whereabouts import place_on  # not before the first key

        return place_on(cast("Standing", self))

    def return_to(self, place: Place) -> None:
        """As far as it is still there."""
        from screens.shell.whereabouts import return_to  # seldom needed

        return_to(cast("Standing", self), place)

    def open_document(self, id_: str) -> None:
        """Put the cursor on it, and show what it says."""
        board = cast("Any", self)
        board.reveal(id_)
        if board.rows.key == board.key_of(id_):
            board.rows.do_open()

    async def on_filter_line_ticket_typed(self, event: FilterLine.TicketTyped) -> None:
        from screens.shell.whereabouts import open_ticket_typed  # seldom needed

        await open_ticket_typed(cast("Standing", self), event.id)
