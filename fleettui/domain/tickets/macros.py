"""The shape of macros.json: a ready text with acts, under one name."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, repeated, unique

Letter = Annotated[str, msgspec.Meta(max_length=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Macro(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done to a ticket in one go, in the order of these fields."""

    key: Name
    name: Name
    letter: Letter = ""
    """Typed first, it puts the macro on top of the list."""
    answer: str = ""
    """A message of messages.json, written with the ticket's facts, for the customer."""
    text: str = ""
    """Or a text, in which {name}, {customer}, {subject}, {ticket} and {issue} become the ticket's own."""
    note: str = ""
    """For the team."""
    fields: dict[str, str] = {}
    """As `tickets set` takes them."""
    labels: tuple[str, ...] = ()
    labels_off: tuple[str, ...] = ()
    assign: str = ""
    """A login, "me" or "nobody"."""
    playbook: str = ""
    """Begun for the ticket's customer."""
    wait: bool = False
    """For the customer."""
    snooze: str = ""
    """Put away for so long: 3d, or until the customer writes."""
    resolve: bool = False

    @property
    def answers(self) -> bool:
        """It has a text for the customer."""
        return bool(self.answer or self.text)


class Macros(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """macros.json."""

    macros: tuple[Macro, ...] = ()

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("macros", "key", self.macros)
        lettered = (
            (f"macros[{number}].letter", macro.letter)
            for number, macro in enumerate(self.macros)
            if macro.letter
        )
        yield from repeated("letter", lettered)
        for number, macro in enumerate(self.macros):
            for field, what in _mistakes_of(macro):
                yield f"macros[{number}].{field}", what


def _mistakes_of(macro: Macro) -> Iterator[Mistake]:
    if macro.answer and macro.text:
        yield "text", "stands beside answer; one of them is sent"
    if sum(map(bool, (macro.wait, macro.snooze, macro.resolve))) > 1:
        yield "resolve", "wait, snooze and resolve exclude each other"
    if not does_anything(macro):
        yield "key", "does nothing: it has neither a text nor an act"


def does_anything(macro: Macro) -> bool:
    bare = msgspec.structs.replace(macro, key="-", name="-", letter="")
    return bare != Macro(key="-", name="-")
