"""What is done to several marked customers, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.errors import Refused
from fleettui.time.zones import day_of
from screens.customers.row_keys import CustomerKey, Key
from screens.dialogs.form import as_typed
from screens.dialogs.several import Several

if TYPE_CHECKING:
    from screens.customers.actions import CustomerActions
    from screens.dialogs.several import MarkedBoard

ALONE = {
    "work": "one goes to the work of one customer",
    "contact": "a contact belongs to one customer",
    "deal": "an opportunity belongs to one customer",
}


class SeveralCustomers:
    def __init__(self, board: MarkedBoard, actions: CustomerActions) -> None:
        self._board, self._actions = board, actions
        self._several = Several(board, "customers")

    def ids(self) -> list[str]:
        return [key.id for key in self._board.marked() if isinstance(key, CustomerKey)]

    def all_touched(self) -> None:
        workspace = self._board.workspace
        day = day_of(workspace.now(), workspace.zone)
        self._several.do(
            lambda within, key: within.customers.touched(_id(key), day), "are written down as in touch today"
        )

    def all_edit(self) -> None:
        from screens.customers.actions import FIELDS

        customers = self._board.workspace.customers
        self._several.edit(
            self._actions.fields(),
            lambda key: as_typed(customers.get(key.id), FIELDS) if isinstance(key, CustomerKey) else {},
            lambda within, key, typed: within.customers.edit(_id(key), typed),
        )


def _id(key: Key) -> str:
    if not isinstance(key, CustomerKey):
        raise Refused("This is no customer")
    return key.id
