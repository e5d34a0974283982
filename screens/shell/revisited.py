"""What a screen answers when somebody comes back to it, or goes to a document on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast, runtime_checkable

from screens.widgets.row import Key, Row

if TYPE_CHECKING:
    from screens.commands.place import Place
    from screens.shell.viewing import BoardViews
    from screens.shell.whereabouts import Standing
    from screens.widgets.filter_line import FilterLine


EVERY_ROW = "every row"


@runtime_checkable
class LeadsBack(Protocol):
    """An object of a screen's `actions` that lists something else than usual, until Esc."""

    @property
    def back_to(self) -> str:
        """What Esc leads back to, in a word or two; empty while it leads nowhere."""


class Revisited:
    """A mixin of every board; named before Textual's class among its bases."""

    OUTSIDE: ClassVar[str] = ""
    """What Esc leads back to from inside a row, in a word or two."""
    actions: Sequence[object] = ()

    @property
    def back_to(self) -> str:
        """What Esc leads back to in the list, for the footer; empty where it leads nowhere."""
        if cast("Any", self).is_filtering:
            return EVERY_ROW
        if self.inside:
            return self.OUTSIDE
        others = (action.back_to for action in self.actions if isinstance(action, LeadsBack))
        return next(filter(None, others), "")

    @property
    def inside(self) -> str:
        """The id of what is listed instead of the list, where the screen has such a thing."""
        return ""

    def go_inside(self, id_: str) -> None:
        """List the inside of that; empty: the list."""

    @property
    def view_shown(self) -> str:
        """Which rows are listed, where one can choose."""
        return self.views.key if "views" in vars(self) else ""

    def show_view_named(self, name: str) -> None:
        """List those."""
        views = self.views
        if name != views.key and any(view.key == name for view in views.all()):
            views.go_to(name)

    @cached_property
    def views(self) -> BoardViews:
        """Which of its views is shown."""
        from screens.shell.viewing import BoardViews  # not where there is one view only

        return BoardViews(cast("Any", self))

    @property
    def common_actions(self) -> Sequence[object]:
        return (self.views,)

    def listed(self, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
        """What the view shows of the rows."""
        board = cast("Any", self)
        has_views = "views" in vars(self) or len(board.workspace.views.of(board.NAME)) > 1
        return self.views.applied(rows) if has_views else rows

    @property
    def columns_shown(self) -> Sequence[str]:
        """Their names, in the order of the view; none: all."""
        return self.views.columns if "views" in vars(self) else ()

    def go_to_view(self, key: str) -> None:
        """Of the list, not of the inside of a row."""
        if self.inside:
            self.go_inside("")
        self.views.end_filter()
        self.views.go_to(key)

    def whereabouts(self) -> Place:
        """Where one is on it."""
        from screens.shell.whereabouts import place_on  # not before the first key

        return place_on(cast("Standing", self))

    def return_to(self, place: Place) -> None:
        """As far as it is still there."""
        from screens.shell.whereabouts import return_to  # seldom needed

        return_to(cast("Standing", self), place)

    def links_here(self) -> Sequence[str]:
        """The addresses on the page of the row under the cursor, in order."""
        from screens.terminal.hyperlinks import addresses  # seldom needed
        from screens.widgets.page import plain

        board = cast("Any", self)
        return list(addresses(plain(list(board.page_of(board.key))))) if board.key is not None else []

    def open_document(self, id_: str) -> None:
        """Put the cursor on it, and show what it says."""
        board = cast("Any", self)
        board.reveal(id_)
        if board.rows.key == board.key_of(id_):
            board.rows.do_open()

    async def on_filter_line_ticket_typed(self, event: FilterLine.TicketTyped) -> None:
        from screens.shell.whereabouts import open_ticket_typed  # seldom needed

        await open_ticket_typed(cast("Standing", self), event.id)
