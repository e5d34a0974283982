"""What a restore would lose, and what it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from fleettui.errors import Refused
from fleettui.store.protocol import Entry

NEWER_THAN_THE_BACKUP = "the backup is older"


class Lost(msgspec.Struct, frozen=True):
    """A change that was acknowledged and cannot be had any more; what is not known of it is empty."""

    collection: str
    id: str
    who: str
    when: str
    verb: str
    why: str
    rev: int = 0


def in_order(lost: Iterable[Lost]) -> list[Lost]:
    return sorted(set(lost), key=lambda change: (change.collection, change.id, change.rev, change.why))


def lost_entry(collection: str, id_: str, entry: Entry, why: str) -> Lost:
    return Lost(collection, id_, entry.by, entry.at.isoformat(), entry.verb, why, entry.rev)


class WouldLose(Refused):
    """Changes that were acknowledged would be gone. Nothing was done."""

    def __init__(self, lost: list[Lost]) -> None:
        self.lost = lost
        changes = f"{len(lost):,} change{'s' if len(lost) != 1 else ''}"
        newer = any(change.why == NEWER_THAN_THE_BACKUP for change in lost)
        salvage = (
            "--salvage keeps all that can be read of what was changed since the backup; " if newer else ""
        )
        super().__init__(
            f"This would lose {changes} that somebody has made. Nothing was restored. "
            f"{salvage}--yes restores all the same, and keeps a copy of what is there now."
        )


@dataclass(frozen=True)
class Restored:
    """What was done, in words, and what is gone for good."""

    done: list[str]
    lost: list[Lost]
