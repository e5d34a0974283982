"""A place in the app: a screen, a row, what is open."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody is."""

    screen: str
    row: str = ""
    """Names the row under the cursor."""
    is_open: bool = False
    """The page of the row is."""
    inside: str = ""
    """The id of the call or the run whose steps are listed."""
    view: str = ""
    """Which rows the list shows."""

    @property
    def is_page(self) -> bool:
        return self.is_open or bool(self.inside)

    @property
    def stop(self) -> tuple[str, str, bool, str]:
        """What makes two places different stops: moving about in a list does not."""
        return self.screen, self.inside, self.is_open, self.row if self.is_open else ""
