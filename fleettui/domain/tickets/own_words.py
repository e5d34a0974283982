"""One text for several tickets: the words in it that become each ticket's own, as in "Hi {name}". Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fleettui.errors import Refused
from fleettui.text import cleaning

WORDS = {
    "name": "customer.contact",
    "customer": "customer.shown",
    "subject": "ticket.subject",
    "ticket": "ticket.id",
    "issue": "ticket.issue",
}
"""What may stand in braces, and where its value is known from."""
ALIKE = {"message.author": "name", "customer.company": "customer"}
"""Other values that these words stand for."""
GREETED = "name"
"""May be empty: then the greeting has none."""
_WORD = re.compile("{(" + "|".join(WORDS) + ")}")


class NotAnswered(Refused):
    """None of several tickets is answered: some of them cannot be, or were answered meanwhile."""

    def __init__(self, why: Mapping[str, Refused]) -> None:
        self.why = dict(why)
        super().__init__(f"none is answered yet: {'; '.join(str(error) for error in why.values())}")


def words_in(text: str) -> tuple[str, ...]:
    """Each once, in the order of the text."""
    return tuple(dict.fromkeys(_WORD.findall(text)))


def with_own_words(text: str, values: Mapping[str, str]) -> str:
    """What stands in a value is not looked at again."""
    written = _WORD.sub(lambda match: values[match.group(1)], text)
    return written if values.get(GREETED, "") else cleaning.greeting_closed(written)


def word_for(known_from: str) -> str:
    """The word in braces for a value that differs from ticket to ticket; empty where there is none."""
    words = {source: word for word, source in WORDS.items()} | ALIKE
    return "{" + words[known_from] + "}" if known_from in words else ""
