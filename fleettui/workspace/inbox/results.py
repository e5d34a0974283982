"""What the feed and the inbox answer with. Without text as annotations: each would cost a start 25 µs."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.events.model import Event
from fleettui.workspace.inbox.position import Position


class Placed(msgspec.Struct, frozen=True):
    """An event, and the position behind it."""

    event: Event
    position: Position


def as_json(placed: Placed, zone: ZoneInfo, concerned: tuple[str, ...]) -> dict[str, Any]:
    """As `follow --json` prints it, and hooks read it."""
    event = placed.event
    return {
        "cursor": placed.position.cursor,
        "at": event.at.astimezone(zone).isoformat(),
        "kind": event.kind,
        "for": list(concerned),
        "collection": event.collection,
        "id": event.id,
        "by": event.by or None,
        "text": event.text,
        "key": event.key,
        "ids": list(event.together or (event.id,)),
    }


class Look(msgspec.Struct, frozen=True):
    """What is new since a position, and the position behind all of it."""

    placed: list[Placed]
    position: Position
    taken_back: frozenset[str] = frozenset()
    """How the keys of events begin that were news before, and are none any more."""


class Item(msgspec.Struct, frozen=True):
    """A line of the inbox."""

    event: Event
    seen: bool


class News(msgspec.Struct, frozen=True):
    """What came for me since a cursor."""

    events: list[Event]
    ringing: list[Event]
    cursor: str


class Promises(NamedTuple):
    """What I owe: how many answers are late, and the next that will be, while it is near."""

    late: int
    nearest: str
    """The id of the ticket; empty while all is calm."""
    due: datetime | None
    subject: str
