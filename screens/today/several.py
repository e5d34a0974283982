"""What is done to several marked rows of Today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fleettui.errors import Refused
from screens.commands.effective import key_of
from screens.dialogs.several import MarkedBoard, Several

if TYPE_CHECKING:
    from fleettui.domain.agenda import Item
    from screens.today.row_keys import Key


class MarkedItems(MarkedBoard, Protocol):
    def item_at(self, key: Key | None) -> Item | None: ...


class SeveralItems:
    """What they are is looked up before: the rows may go while they are done."""

    def __init__(self, board: MarkedItems) -> None:
        self._board, self._several = board, Several(board, "things")

    def _items(self) -> dict[Key, Item | None]:
        return {key: self._board.item_at(key) for key in self._board.marked()}

    def tick(self) -> None:
        items = self._items()
        self._several.do(lambda within, key: within.agenda.do(_wanted(items[key], "tick")), "done")

    def held(self) -> None:
        items = self._items()
        self._several.do(
            lambda within, key: within.calls.held(_wanted(items[key], "record").id), "took place"
        )


def _wanted(item: Item | None, does: str) -> Item:
    if item is None:
        raise Refused("This wants nothing")
    if item.does != does:
        raise Refused(f"That is not done from here: {key_of('list.open')} opens it")
    return item
