"""How the way to what a workspace is kept on stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.time import wording

if TYPE_CHECKING:
    from fleettui.store.beside_documents import Standing


def in_words(standing: Standing, zone: ZoneInfo) -> tuple[str, ...]:
    """Nothing where all is well."""
    if standing.away_since is not None:
        since, pause = wording.clock(standing.away_since, zone), max(1, round(standing.pause))
        return (f"no connection since {since}, trying again in {pause} s: {standing.where}",)
    return ("read only: nothing can be changed now",) if standing.is_read_only else ()
