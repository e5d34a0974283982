"""The shape of views.json: the views that everybody has from the handbook, and who may save one for the team."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from fleettui.domain.views import ALL, View, Way, checked_way, view_key
from fleettui.errors import FleettuiError

EVERYBODY = "everybody"
Screen = Literal["today", "rituals", "calls", "triage", "playbooks", "team", "customers"]


class HandbookView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of views.json."""

    screen: Screen
    name: str
    search: str = ""
    columns: tuple[str, ...] = ()
    order: str = ""
    grouped: bool = False
    split: str = ""

    @property
    def view(self) -> View:
        way = checked_way(self.screen, Way(self.columns, self.order, self.grouped, self.split))
        return View(view_key(self.name), self.name, self.search, screen=self.screen).shown_by(way)


class ViewPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """views.json."""

    saved_by: tuple[str, ...] = (EVERYBODY,)
    """The roles whose people may save, rename and take off a view of the team."""
    views: tuple[HandbookView, ...] = ()

    def of(self, screen: str) -> list[View]:
        return [row.view for row in self.views if row.screen == screen]

    def mistakes(self) -> Iterator[tuple[str, str]]:
        known: set[tuple[str, str]] = set()
        for number, row in enumerate(self.views):
            key = view_key(row.name)
            if not key or key == ALL:
                yield (
                    f"views[{number}].name",
                    f"a name is missing, or is that of the view of everything ({ALL})",
                )
            if (row.screen, key) in known:
                yield f"views[{number}].name", f"there are two views {row.name!r} of {row.screen}"
            known.add((row.screen, key))
            try:
                _ = row.view
            except FleettuiError as error:
                yield f"views[{number}].{error.field}", error.text
