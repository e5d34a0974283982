"""What names the rows of Today."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from screens.widgets.sections import SectionKey


class TroubleKey(Struct, frozen=True):
    """Something of the handbook that cannot be read, in words."""

    text: str


class FirstStepKey(Struct, frozen=True):
    """What a new workspace still lacks."""

    step: str


class ItemKey(Struct, frozen=True):
    """Something that wants me."""

    item: str


class AllDoneKey(Struct, frozen=True):
    """The row that says that nothing wants me."""


class UntriagedKey(Struct, frozen=True):
    """The tickets whose priority nobody has chosen (SUP-19)."""


class DraftKey(Struct, frozen=True):
    """What I typed about a ticket and did not send; without a ticket it is a request that I began to write down."""

    ticket: str


class ComingKey(Struct, frozen=True):
    """What a day brings for everybody."""

    at: datetime
    what: str


class WorkloadKey(Struct, frozen=True):
    """What somebody of the team has before them; an empty login for what nobody has taken."""

    login: str


class VisitorKey(Struct, frozen=True):
    """Another session that is open."""

    session: str


class AwayKey(Struct, frozen=True):
    login: str


class HistoryKey(Struct, frozen=True):
    """An entry of the history."""

    collection: str
    id: str
    revision: int


Key = (
    TroubleKey
    | FirstStepKey
    | ItemKey
    | AllDoneKey
    | UntriagedKey
    | DraftKey
    | ComingKey
    | WorkloadKey
    | VisitorKey
    | AwayKey
    | HistoryKey
    | SectionKey
)
