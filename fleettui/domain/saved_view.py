"""A view as it is kept. By itself: each start reads what is kept, and few need to know the columns of lists."""

import msgspec

from fleettui.documents import Document

TRIAGE = "triage"
"""The screen of views that do not say theirs: those of earlier versions."""


class SavedView(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Made by the team; `View.id` says how its id is made."""

    name: str
    search: str = ""
    screen: str = TRIAGE
    columns: tuple[str, ...] = ()
    """By name, in their order; none: as the screen has them."""
    order: str = ""
    """A field, and `down` where the last comes first: "created down". Empty: the screen's own order."""
    grouped: bool = False
    """Below a heading for each value of that field."""
    split: str = ""
    """One of SPLITS; empty: as the person has it."""

    @property
    def way(self) -> "Way":
        return Way(self.columns, self.order, self.grouped, self.split)


class Way(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a view shows what it finds."""

    columns: tuple[str, ...] = ()
    order: str = ""
    grouped: bool = False
    split: str = ""
