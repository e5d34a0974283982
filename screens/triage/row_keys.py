"""Keys of the rows that a choice about a ticket offers, where an id alone does not say what a row is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket


class Typed(Struct, frozen=True):
    """What was typed into a choice, taken as it is."""

    text: str


class FieldValue(Struct, frozen=True):
    """A field of the ticket, and what it becomes."""

    field: str
    value: str

    def is_of(self, ticket: Ticket) -> bool:
        """Whether the ticket has it today. A priority that nobody has chosen is none (SUP-19)."""
        if self.field == "priority" and ticket.untriaged:
            return False
        return bool(getattr(ticket, self.field) == self.value)


class HelpKey(Struct, frozen=True):
    """Somebody to call, as the handbook calls them."""

    key: str


class LevelKey(Struct, frozen=True):
    key: str


class IssueSearch(Struct, frozen=True):
    """A search among the issues, with these words."""

    words: str


class IssueStep(Enum):
    CODENAME = "codename"
    NEW = "new"
    LINK = "link"
    TELL = "tell"
    DATE = "date"


IssueKey = IssueSearch | IssueStep


class FileWay(Enum):
    """How to get at a file."""

    SCP = "The line that fetches it"
    PATH = "Where it is"
    LINK = "Its link"


class NewChecklist(Struct, frozen=True):
    """A checklist that is not open yet."""

    key: str


class TicketFactKey(Struct, frozen=True):
    """A question of an open checklist."""

    list: str
    fact: str


class TicketStepKey(Struct, frozen=True):
    """A step of an open checklist."""

    list: str
    step: str


ChecklistRowKey = NewChecklist | TicketFactKey | TicketStepKey
