"""Keys of the rows on Team. A person's row has the login, a string; the others are told apart by their type."""

from __future__ import annotations

from datetime import date
from enum import Enum

from msgspec import Struct


class ShiftKey(Struct, frozen=True):
    first: date | None
    """Its first day; None in the row that says that nobody takes turns."""


class QuestionKey(Struct, frozen=True):
    """A question of the look back."""

    key: str


class WeekRow(Enum):
    DOCUMENTATION = "documentation"
    REPORT = "report"
    RITUALS = "rituals"


class ReachKey(Enum):
    """Whom to reach, and where."""

    CHANNELS = "Channels"
    GROUPS = "Groups"
    EMERGENCY = "Emergency"
    BOOKING = "Links to book"
    TARGETS = "What we aim for"


class OutboxKey(Struct, frozen=True):
    """A text that has not left: "T-1042/m7", "L-3"."""

    about: str


class ConnectionKey(Struct, frozen=True):
    """A connection of the workspace, or the service of all of them."""

    name: str


class Heading(Enum):
    OUTBOX = "outbox"
    ROTA = "rota"
    WEEK = "week"
    REACH = "reach"
    CONNECTIONS = "connections"


TeamKey = str | ShiftKey | QuestionKey | WeekRow | ReachKey | OutboxKey | ConnectionKey | Heading
