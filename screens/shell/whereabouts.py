"""Where one is on a screen, and coming back there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.commands.place import Place
from screens.widgets.page import Page

if TYPE_CHECKING:
    from screens.shell.board import Board


def place_on(board: Board[Any]) -> Place:
    """Where one is on it."""
    key = board.key
    return Place(
        board.NAME,
        row="" if key is None else repr(key),
        is_open=board.is_open,
        inside=board.inside,
        view=board.view_shown,
    )


def return_to(board: Board[Any], place: Place) -> None:
    """As far as it is still there: else the screen stands as it is."""
    if place.view != board.view_shown:
        board.show_view_named(place.view)
    if place.inside != board.inside:
        board.go_inside(place.inside)
    is_there = board.go_to_row(place.row)
    if not is_there and board.is_filtering:
        _clear_filters(board)
        is_there = board.go_to_row(place.row)
    if is_there and place.is_open:
        board.rows.do_open()
    elif board.is_open and not place.is_open:
        board.page.post_message(Page.Left())


async def open_ticket_typed(board: Board[Any], id_: str) -> None:
    """In the line of a search: an id and nothing else is that ticket; of no ticket, it is a word to look for."""
    if board.workspace.tickets.get(id_) is None:
        return
    from screens.shell.links import open_document

    _clear_filters(board)
    await open_document(board.fleettui, "ticket", id_)


def _clear_filters(board: Board[Any]) -> None:
    from screens.widgets.filter_line import FilterLine

    for line in board.query(FilterLine):
        if line.display:
            line.do_clear()
