"""Who else is at work in this workspace, and what I show of myself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.workspace.people import People
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fleettui.store.beside_documents import Presence
    from fleettui.store.beside_documents import Visitor as Visitor  # also for screens, which know no store


class TeamPresence:
    """Shows who is at work; the files behind it are removed when their process ends."""

    def __init__(self, session: Session, people: People, presence: Presence) -> None:
        self._session, self._people, self._presence = session, people, presence

    def here(self) -> Sequence[Visitor]:
        """Everybody else who is at work, the longest here first."""
        return self._presence.others()

    def enter(self) -> None:
        me = self._people.me
        self._presence.enter(me.login, me.shown, self._session.now())

    def show(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        """Tell the others which screen and document I have open, and whether I am typing."""
        self._presence.show(screen, looking_at, typing)

    def leave(self) -> None:
        self._presence.leave()
