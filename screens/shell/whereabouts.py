"""Where one is on a screen, and coming back there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from screens.commands.place import Place
from screens.widgets.page import Page

if TYPE_CHECKING:
    from textual.css.query import DOMQuery
    from textual.widget import Widget

    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host
    from screens.widgets.rows import Rows


W = TypeVar("W", bound="Widget")


class Standing(Protocol):
    """A screen, as far as coming back to it asks it."""

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def fleettui(self) -> Host: ...
    @property
    def workspace(self) -> Workspace: ...
    @property
    def rows(self) -> Rows[Any]: ...
    @property
    def key(self) -> Any: ...
    @property
    def page(self) -> Page: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def is_filtering(self) -> bool: ...
    @property
    def inside(self) -> str: ...
    @property
    def view_shown(self) -> str: ...

    def go_inside(self, id_: str) -> None: ...

    def show_view_named(self, name: str) -> None: ...

    def query(self, selector: type[W]) -> DOMQuery[W]: ...


def place_on(board: Standing) -> Place:
    """Where one is on it."""
    key = board.key
    return Place(
        board.NAME,
        row="" if key is None else repr(key),
        is_open=board.is_open,
        inside=board.inside,
        view=board.view_shown,
    )


def return_to(board: Standing, place: Place) -> None:
    """As far as it is still there: else the screen stands as it is."""
    if place.view != board.view_shown:
        board.show_view_named(place.view)
    if place.inside != board.inside:
        board.go_inside(place.inside)
    is_there = _go_to_row(board, place.row)
    if not is_there and board.is_filtering:
        _clear_filters(board)
        is_there = _go_to_row(board, place.row)
    if is_there and place.is_open:
        board.rows.do_open()
    elif board.is_open and not place.is_open:
        board.page.post_message(Page.Left())


def _go_to_row(board: Standing, name: str) -> bool:
    """Whether it is shown: in the list that counts, or in one beside it."""
    from screens.widgets.rows import Rows

    beside = [rows for rows in board.query(Rows) if rows.size.height]
    for rows in (board.rows, *beside):
        key = rows.listing.key_named(name)
        if key is not None:
            rows.focus()
            return rows.go_to(key)
    return False


async def open_ticket_typed(board: Standing, id_: str) -> None:
    """In the line of a search: an id and nothing else is that ticket; of no ticket, it is a word to look for."""
    if await asyncio.to_thread(board.workspace.tickets.get, id_) is None:  # it may be archived
        return
    from screens.shell.links import open_document

    _clear_filters(board)
    await open_document(board.fleettui, "ticket", id_)


def _clear_filters(board: Standing) -> None:
    from screens.widgets.filter_line import FilterLine

    for line in board.query(FilterLine):
        if line.display:
            line.do_clear()
