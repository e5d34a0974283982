"""Commands that work anywhere and that need a dialog or the screen in front: finding everything, the customer here, copying."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.dialogs.finder import Finder


class Going:
    """Carries them out for the app."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @cached_property
    def _finder(self) -> Finder:
        from screens.dialogs.finder import Finder  # when somebody first looks for something

        return Finder(self._host.workspace)

    def do_palette(self) -> None:
        from screens.dialogs.palette import open_palette

        if not self._host.screen.is_modal:
            open_palette(self._host, self._finder)

    do_find = do_palette

    async def do_customer(self) -> None:
        """The page of the customer whom the row under the cursor is about; where there is none, choose one."""
        from screens.dialogs.choosing import CustomerPicker

        customer = self._host.base_screen.customer_here()
        if customer:
            await self._to_customer(customer)
        elif not self._host.screen.is_modal:
            self._host.push_screen(CustomerPicker(), self._to_customer)

    async def _to_customer(self, id_: str | None) -> None:
        from screens.shell.links import reveal

        if id_ is not None:
            await reveal(self._host, "customer", id_)

    def do_links(self) -> None:
        from screens.dialogs.links import offer

        if not self._host.screen.is_modal:
            offer(self._host, self._host.base_screen.links_here())

    def do_copy(self) -> None:
        from screens.dialogs.copied import copy

        screen = self._host.base_screen
        text = screen.to_copy()
        if not text:
            self._host.say("There is nothing here to copy.", "warning")
            return
        copy(self._host, text, in_view=screen.shows(text))
