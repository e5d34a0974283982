"""The shape of messages.json: the texts that are sent to somebody. Their words are in templates/."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, absent, unique

# The names by which the product knows messages that no other policy file names.

CALL_SLOTS = "call-slots"
ON_CALL_REMINDER = "oncall-reminder"
RETRO = "retro"

LATER = (
    *("department-urgent", "signer-notice", "signature-review", "signature-forward", "signature-ready"),
    *("nda-request", "soc-2-report"),
    *("ritual-customer-voice", "ritual-request-backlog", "ritual-feature-requests"),
    "issue-fixed",
)
"""Messages that came after the first version: where an older workspace's messages.json lacks them, they are as shipped."""


GREETINGS = ("customer.contact", "message.author")
"""What `known_from` says of a variable with the name that a text greets."""


class Variable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a message asks for."""

    name: str
    meaning: str
    list: bool = False
    default: str | None = None
    """With a default, even an empty one, the variable may be left out."""
    known_from: str = ""
    """Where the product knows it by itself, for example "customer.name"."""

    @property
    def is_greeting(self) -> bool:
        """Whom the text greets, which it does without a name where none is known."""
        return self.known_from in GREETINGS

    @property
    def is_optional(self) -> bool:
        return self.default is not None or self.is_greeting


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that is sent to somebody. Its words are in templates/NAME.j2."""

    name: str
    title: str
    audience: Literal["customer", "colleague", "notes"]
    public: bool = False
    """Anybody can read it: no real name of an anonymous customer may be in it (SUP-13)."""
    canned: bool = False
    """Offered as an answer in the composer."""
    by: str = ""
    """How it is sent: Slack, e-mail, ..."""
    variables: tuple[Variable, ...] = ()
    rule: str


class MessageTemplates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """messages.json."""

    messages: tuple[MessageTemplate, ...]

    def find(self, name: str) -> MessageTemplate | None:
        """The message of this name."""
        return next((message for message in self.messages if message.name == name), None)

    def missing_keys(self) -> Iterator[Mistake]:
        needed = {
            CALL_SLOTS: "proposing other times for a call (CALL-8)",
            ON_CALL_REMINDER: "reminding whoever is on call (SUP-15)",
            RETRO: "the weekly look back (SUP-16)",
        }
        yield from absent("messages", "message", needed, {message.name for message in self.messages})

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("messages", "name", self.messages)
        for number, message in enumerate(self.messages):
            path = f"messages[{number}]"
            if not NAME_CHARACTERS.issuperset(message.name):
                # It becomes a file name.
                yield f"{path}.name", "only a to z, 0 to 9, - and _ make a name"
            for field, what in unique("variables", "name", message.variables):
                yield f"{path}.{field}", what


NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
