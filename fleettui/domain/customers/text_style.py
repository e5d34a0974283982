"""The style of texts for Salesforce and other systems (GTM-5). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z&]+[A-Z](?:s)?(?![\w-])|(?<![\w-])[A-Z]{2}s?(?![\w-])")
_FEWEST = 2
"""With so many capitalised words a sentence is a headline."""


def style_mistakes(written: str, names: Iterable[str] = ()) -> list[str]:
    """What is wrong with the style of a text for another system. `names` may have their capitals."""
    plain = cleaning.clean(written)
    name_words = {word.casefold() for name in names for word in _WORD.findall(name)}
    return [*_case(plain, name_words), *_acronyms(plain, name_words)]


def _case(written: str, name_words: set[str]) -> list[str]:
    """Sentence case: one capital at the beginning of a sentence, and for names."""
    problems = []
    for sentence in re.split(r"(?<=[.!?:])\s+|\n+", written):
        words = _WORD.findall(sentence)
        if words and words[0][0].islower() and words[0].casefold() not in name_words:
            problems.append(f"sentence case: begin with a capital: “{cleaning.line(sentence, 40)}”")
        if _shouts(words):
            problems.append(f"sentence case: not all in capitals: “{cleaning.line(sentence, 40)}”")
        elif _is_title(words[1:], name_words):
            problems.append(f"sentence case: only the first word and names: “{cleaning.line(sentence, 40)}”")
    return problems


def _shouts(words: list[str]) -> bool:
    return len(words) > _FEWEST and all(word.isupper() for word in words)


def _is_title(words: list[str], name_words: set[str]) -> bool:
    """A headline: most of the longer words have a capital. One or two may be names that we do not know."""
    counted = [
        word for word in words if len(word) > 3 and not word.isupper() and word.casefold() not in name_words
    ]
    capital = [word for word in counted if word[0].isupper()]
    return len(capital) >= _FEWEST and len(capital) * 2 > len(counted)


def _acronyms(written: str, name_words: set[str]) -> list[str]:
    """Each is spelled out once, with the short form in brackets, before it is used."""
    if _shouts(_WORD.findall(written)):
        return []
    problems = []
    for short in dict.fromkeys(match.group().removesuffix("s") for match in _ACRONYM.finditer(written)):
        if short.casefold() in name_words:
            continue
        spelled = [match.start() for match in re.finditer(rf"\(\s*{re.escape(short)}s?\s*\)", written)]
        first = re.search(rf"(?<![\w-]){re.escape(short)}", written)
        if not spelled:
            problems.append(f"acronyms: spell out {short} once, with {short} in brackets")
        elif first and first.start() < spelled[0]:
            problems.append(f"acronyms: spell out {short} where it comes first")
        elif len(spelled) > 1:
            problems.append(f"acronyms: {short} is spelled out {len(spelled)} times; once is enough")
    return problems


def customer_style_mistakes(customer: Customer) -> list[tuple[str, str]]:
    """Of the texts that go to Salesforce: where, and what."""
    names = [customer.name, customer.codename, *(contact.name for contact in customer.contacts)]
    texts = [("note", customer.note)]
    texts += [
        (f"next step of {opportunity.name}", opportunity.next_step) for opportunity in customer.opportunities
    ]
    return [(where, what) for where, text in texts for what in style_mistakes(text, names)]
