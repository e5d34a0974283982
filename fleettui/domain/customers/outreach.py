"""Reaching out (GTM): who writes to whom, in which order, to whom nobody writes, and the style of texts for other systems.

The lists are the handbook's (gtm.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.domain.customers.model import CUSTOMER_KIND
from fleettui.errors import Refused, all_checked
from fleettui.text import cleaning, finding

if TYPE_CHECKING:
    from fleettui.domain.customers.in_touch import LastContact
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import AccountPriority, Advice, Gtm, LeadStatus, ReachOut


class Choice(msgspec.Struct, frozen=True):
    """A choice, by the key that is kept and the name that people read."""

    key: str
    name: str


def checked_fields(fields: Mapping[str, Any], gtm: Gtm) -> dict[str, Any]:
    """The fields of a customer that only the handbook can judge: the kind, the lead status, the priority."""
    choices = choices_by_field(gtm)
    given = {field: fields[field] for field in choices if field in fields}
    return {**fields, **all_checked(given, lambda field, value: _chosen(field, value, choices[field]))}


def choices_by_field(gtm: Gtm) -> dict[str, list[Choice]]:
    """What the handbook knows for each of these fields of a customer."""
    return {
        "kind": [Choice(row.kind, row.name) for row in gtm.reach_out],
        "lead_status": [Choice(status.key, status.name) for status in gtm.lead_statuses],
        "priority": [Choice(priority.key, priority.name) for priority in gtm.account_priorities],
    }


def _chosen(field: str, value: Any, choices: list[Choice]) -> str:
    typed, known = str(value or ""), ", ".join(choice.key for choice in choices)
    if not typed.strip():
        if field == "kind":
            raise Refused(f"one of {known} is wanted", field="kind")
        return ""
    named = finding.exact(
        choices, typed, lambda choice: (choice.key, choice.key.replace("-", " "), choice.name)
    )
    if not named:
        raise Refused(f"{finding.quoted(typed)} is not one of {known}", field=field)
    return named[0].key


# Who, and in which order.


def writer_of(customer: Customer, gtm: Gtm) -> ReachOut | None:
    """GTM-1: sales-ready prospects hear from the AE, customers from the CSM, any others from the SC."""
    return next((row for row in gtm.reach_out if row.kind == customer.kind), None)


def by_priority(customers: Iterable[Customer], gtm: Gtm) -> list[Customer]:
    """GTM-2: the first priority first; what has none comes last."""
    place = {priority.key: number for number, priority in enumerate(gtm.account_priorities)}
    return sorted(
        customers, key=lambda customer: (place.get(customer.priority, len(place)), customer.name.casefold())
    )


def status_of(customer: Customer, gtm: Gtm) -> LeadStatus | None:
    """GTM-3: the state of this lead."""
    return next((status for status in gtm.lead_statuses if status.key == customer.lead_status), None)


def priority_of(customer: Customer, gtm: Gtm) -> AccountPriority | None:
    """GTM-2: the priority of this account."""
    return next((priority for priority in gtm.account_priorities if priority.key == customer.priority), None)


class DoNotContact(Refused):
    """GTM-3: they are not to be reached out to again, by any way; somebody who means it may all the same."""


def refuse_contact(customer: Customer, gtm: Gtm) -> None:
    """GTM-3: some leads are not to be written to at all (`DoNotContact`)."""
    status = status_of(customer, gtm)
    if status is not None and not status.contact:
        raise DoNotContact(f"{customer.shown} is {status.name.lower()}: nobody writes to them")


def first_contact(customer: Customer, gtm: Gtm, contact: LastContact | None) -> tuple[Advice, ...]:
    """GTM-4: what makes a first contact personal; nothing where they have been in touch."""
    return () if customer.kind == CUSTOMER_KIND or contact else gtm.first_contact


# GTM-5: texts for Salesforce and other systems.

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
