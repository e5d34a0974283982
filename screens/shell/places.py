"""Back and forward through where one was, and the next start where one left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.config import Address
from screens.commands.place import Place
from screens.shell.left import keep_place
from screens.shell.trail import Trail

if TYPE_CHECKING:
    from screens.commands.host import Host

NOTHING_BEHIND = "This is where you began."
NOTHING_AHEAD = "There is nothing ahead: < goes back."


class Places:
    """Carries out `<` and `>` for the app."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.trail = Trail()

    def note(self) -> None:
        """A command begins: this is where one is."""
        if self._host.has_screens:
            self.trail.note(self._host.base_screen.whereabouts())

    async def do_back(self) -> None:
        await self._go(self.trail.back(self._host.base_screen.whereabouts()), NOTHING_BEHIND)

    async def do_forward(self) -> None:
        await self._go(self.trail.forward(self._host.base_screen.whereabouts()), NOTHING_AHEAD)

    def keep(self, home: Address) -> None:
        """For the next start."""
        keep_place(home, self._host.base_screen.whereabouts())

    async def _go(self, place: Place | None, refusal: str) -> None:
        if place is None:
            self._host.say(refusal)
            return
        await self._host.go(place.screen)
        self._host.call_later(self._host.base_screen.return_to, place)
