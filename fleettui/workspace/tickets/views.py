"""The views of the queue: those that everybody has, those of the team, and my own, which are in a private file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.domain.tickets.views import QueueView, SavedView, saved_view, views
from fleettui.errors import Refused
from fleettui.store.files import Modes
from fleettui.store.protocol import NoSuchDocument
from fleettui.workspace.collections import VIEWS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.store.personal.notebook import Notebook


class Views:
    def __init__(self, session: Session, home: Path) -> None:
        self._session, self._store, self._home = session, session.store, home

    @cached_property
    def _notebook(self) -> Notebook:
        from fleettui.store.personal.notebook import Notebook  # late: seldom needed

        return Notebook(self._home, self._session.login, Modes.of(self._home), "views")

    def all(self) -> list[QueueView]:
        """In the order of a menu; of mine those whose name nobody else has taken."""
        everybodys = self._everybodys()
        taken = {view.key for view in everybodys}
        return [*everybodys, *(view for view in self._mine() if view.key not in taken)]

    def _everybodys(self) -> list[QueueView]:
        from fleettui.domain.tickets import sla

        handbook = self._session.policy.handbook
        groups = [(group.key, group.name) for group in handbook.groups.groups]
        return views(sla.tiers(handbook.sla), groups, self._store.all(VIEWS))

    def _mine(self) -> list[QueueView]:
        notebook = self._notebook
        notebook.follow()
        mine = []
        for key in notebook.keys(""):
            try:
                name, search = msgspec.json.decode(notebook.get(key), type=tuple[str, str])
            except UNREADABLE:
                continue
            mine.append(QueueView(key, name, search, saved=True, mine=True))
        return sorted(mine, key=lambda view: view.name.casefold())

    def save(self, name: str, search: str, *, mine: bool) -> QueueView:
        everybodys = self._everybodys()
        made = saved_view(name, search, everybodys)
        if not mine:
            self._store.change(VIEWS, made.id, lambda _: made, self._session.stamp("tickets.save_view"))
            return QueueView(made.id, made.name, made.search, True)
        if any(view.key == made.id for view in everybodys):
            raise Refused(f"the team has a view {made.name}; choose another name", field="name")
        self._notebook.note([(made.id, msgspec.json.encode((made.name, made.search)).decode())])
        return QueueView(made.id, made.name, made.search, True, True)

    def drop(self, view: QueueView) -> None:
        if not view.saved:
            raise Refused(f"{view.name} is a view that everybody has; it stays")
        if view.mine:
            self._notebook.note([(view.key, "")])
            return

        def gone(kept: SavedView | None) -> None:
            if kept is None:
                raise NoSuchDocument("views", view.key)

        self._store.change(VIEWS, view.key, gone, self._session.stamp("tickets.drop_view"))
