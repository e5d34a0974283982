"""The views of every list: those that everybody has, those of the team, and my own, which are in a private file.

What the team saves is a document with a history; what stands in the handbook's views.json is everybody's, and stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from msgspec.structs import replace

from fleettui.documents import UNREADABLE
from fleettui.domain import views as model
from fleettui.domain.views import LISTS, TRIAGE, SavedView, View, Way
from fleettui.errors import Refused
from fleettui.store.protocol import Editor, NoSuchDocument
from fleettui.workspace.collections import PEOPLE, VIEWS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.searching.language import Search
    from fleettui.store.beside_documents import Notebook
    from fleettui.workspace.place import Services

PLAIN = Way()


class Parses(Protocol):
    """What reads a search."""

    def parse(self, typed: str) -> Search: ...


class Views:
    def __init__(self, session: Session, services: Services, language: Callable[[str], Parses]) -> None:
        """`language`: in which the list of a screen is searched."""
        self._session, self._store, self._services = session, session.store, services
        self._language = language

    @cached_property
    def _notebook(self) -> Notebook:
        return self._services.notebook("views")

    # -- which there are

    def of(self, screen: str) -> list[View]:
        """In the order of a menu; of mine those whose name nobody else has taken."""
        everybodys = self._everybodys(screen)
        taken = {view.key for view in everybodys}
        return [*everybodys, *(view for view in self._mine(screen) if view.key not in taken)]

    def all(self) -> list[View]:
        """Of all screens."""
        return [view for screen in LISTS for view in self.of(screen)]

    def named(self, screen: str, typed: str) -> View:
        """By key or name."""
        return model.view_named(self.of(screen), typed)

    def _everybodys(self, screen: str) -> list[View]:
        ours = self._ours(screen)
        known = {view.key for view in ours}
        saved = [row for row in self._store.all(VIEWS) if row.screen == screen]
        views = sorted(map(model.of_saved, saved), key=lambda view: view.name.casefold())
        return [*ours, *(view for view in views if view.key not in known)]

    def _ours(self, screen: str) -> list[View]:
        handbook = self._session.policy.handbook
        of_handbook = handbook.views.of(screen)
        if screen != TRIAGE:
            return [model.everything(screen), *of_handbook]
        from fleettui.domain.tickets import sla
        from fleettui.domain.tickets.views import BUILT_IN, derived

        groups = [(group.key, group.name) for group in handbook.groups.groups]
        return [*BUILT_IN, *derived(sla.tiers(handbook.sla), groups), *of_handbook]

    def _mine(self, screen: str) -> list[View]:
        notebook = self._notebook
        notebook.follow()
        kept = (_read(id_, notebook.get(id_)) for id_ in notebook.keys(""))
        mine = [
            model.of_saved(saved, mine=True) for saved in kept if saved is not None and saved.screen == screen
        ]
        return sorted(mine, key=lambda view: view.name.casefold())

    # -- making and changing them

    def why_not_for_team(self) -> str:
        """Why I may not save one for the team; empty where I may."""
        from fleettui.domain.view_policy import EVERYBODY

        allowed = self._session.policy.handbook.views.saved_by
        me = self._store.get(PEOPLE, self._session.login)
        roles = {role.casefold() for role in me.roles} if me else set()
        if EVERYBODY in allowed or any(role.casefold() in roles for role in allowed):
            return ""
        who = ", ".join(allowed) or "nobody"
        return f"views of the team are saved by: {who} (handbook/views.json); keep it for yourself"

    def save(self, screen: str, name: str, search: str, way: Way = PLAIN, *, mine: bool) -> View:
        """For the whole team, or for me alone; replaces a saved view of the same name."""
        everybodys = self._everybodys(screen)
        made = model.saved_view(screen, name, search, way, everybodys)
        problems = self._language(screen).parse(made.search).problems
        if problems:
            raise Refused(problems[0], field="search")
        if mine:
            key = model.split_id(made.id)[1]
            if any(view.key == key for view in everybodys):
                raise Refused(f"the team has a view {made.name}; choose another name", field="name")
            self._notebook.note([(made.id, _written(made))])
            return model.of_saved(made, mine=True)
        self._refuse_for_team()
        self._store.change(VIEWS, made.id, lambda _: made, self._session.stamp("views.save"))
        return model.of_saved(made)

    def rename(self, view: View, name: str) -> View:
        """Whoever has it shown keeps it: only the name is another one."""
        self._refuse_everybodys(view)
        old = model.to_save(view)
        made = model.renamed(old, name, self.of(view.screen))
        if view.mine:
            self._notebook.note([(old.id, ""), (made.id, _written(made))])
            return model.of_saved(made, mine=True)
        self._refuse_for_team()
        if made.id == old.id:
            self._session.edit(VIEWS, old.id, lambda kept: replace(kept, name=made.name), "views.rename")
        else:
            self._move(old, made)
        return model.of_saved(made)

    def _move(self, old: SavedView, made: SavedView) -> None:
        """Both at once: one undo brings the old name back."""
        stamp = self._session.stamp("views.rename")
        self._store.change_many(VIEWS, {old.id: _removed(old.id), made.id: lambda _: made}, stamp)

    def drop(self, view: View) -> None:
        """Undo brings back one of the team; one of mine, `bring_back`."""
        self._refuse_everybodys(view)
        if view.mine:
            self._notebook.note([(view.id, "")])
            return
        self._refuse_for_team()
        self._store.change(VIEWS, view.id, _removed(view.id), self._session.stamp("views.drop"))

    def bring_back(self, view: View) -> View:
        """One of mine that I have taken off."""
        return self.save(view.screen, view.name, view.search, view.way, mine=True)

    def _refuse_everybodys(self, view: View) -> None:
        if not view.saved:
            raise Refused(f"{view.name} is a view that everybody has; it stays")

    def _refuse_for_team(self) -> None:
        why = self.why_not_for_team()
        if why:
            raise Refused(why, field="for")


def _removed(id_: str) -> Editor[SavedView]:
    def remove(kept: SavedView | None) -> None:
        if kept is None:
            raise NoSuchDocument("views", id_)

    return remove


def _written(saved: SavedView) -> str:
    plain = {
        name: value for name, value in msgspec.structs.asdict(saved).items() if name not in ("id", "rev")
    }
    return msgspec.json.encode(plain).decode()


def _read(id_: str, content: str) -> SavedView | None:
    """As it was noted, also by earlier versions, which knew the name and the search of a view of Triage."""
    try:
        if content.startswith("["):
            name, search = msgspec.json.decode(content, type=tuple[str, str])
            return SavedView(id=id_, name=name, search=search)
        plain = msgspec.json.decode(content, type=dict[str, Any])
        saved = msgspec.convert({**plain, "id": id_}, SavedView)
        return saved if saved.screen in LISTS else None
    except UNREADABLE:
        return None
