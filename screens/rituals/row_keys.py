"""What names the rows of Rituals."""

from __future__ import annotations

from msgspec import Struct

from screens.widgets.sections import SectionKey


class RitualKey(Struct, frozen=True):
    id: str


class PartKey(Struct, frozen=True):
    """A customer's box or a step of a ritual that is unfolded."""

    ritual: str
    part: str


Key = RitualKey | PartKey | SectionKey


def ritual_id(key: Key | None) -> str:
    """The ritual that a row is about; empty for none."""
    match key:
        case RitualKey(id=id_):
            return id_
        case PartKey(ritual=id_):
            return id_
        case _:
            return ""
