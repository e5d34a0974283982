"""Customers who wish to stay anonymous in public: their codename, and what in a text would give them away (SUP-13)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.policy import Codenames
from fleettui.domain.customers.public_mail import PUBLIC_MAILBOXES
from fleettui.errors import Refused

# Words that many company names contain: on their own they tell nothing.
# fmt: off
_EVERYDAY = frozenset((
    "group", "groups", "labs", "lab", "inc", "ltd", "llc", "gmbh", "corp", "corporation", "company",
    "limited", "holding", "holdings", "international", "global", "systems", "system", "solutions",
    "services", "service", "software", "technologies", "technology", "tech", "digital", "data",
    "analytics", "media", "bank", "school", "schools", "hospital", "hospitals", "university", "college",
    "health", "energy", "security", "networks", "network", "partners", "industries", "capital",
    "ventures", "studio", "studios", "robotics", "shipping", "foods", "logistics", "consulting", "the",
    "and", "of", "for",
))
# fmt: on
_SHORTEST = 4
"""Shorter words are not looked for: they mean too many other things."""


def free_codename(pool: Codenames, customers: Iterable[Customer], customer: Customer) -> str:
    """The first of the pool that no customer has, and that is no part of this customer's name."""
    taken = {customer.codename.casefold() for customer in customers}
    own_words = set(_words(customer.name))
    for name in pool.pool:
        if name.casefold() not in taken and name.casefold() not in own_words:
            return name
    raise Refused(
        "all names of the pool are taken; add more minor planets to handbook/labels.json, codenames.pool",
        field="codename",
    )


def leaks(written: str, customer: Customer, others: Iterable[str] = ()) -> list[str]:
    """What in a public text would tell who they are: their name, their people, their addresses. `others` are more names.

    A first name alone is anybody's.
    """
    plain, squeezed = _plain(written), _squeezed(written)
    words = set(_words(written))
    leaked = [name for name in _whole_names(customer, others) if _has(name, plain, squeezed)]
    leaked += [word for word in _telling_words(customer) if word in words]
    leaked += [domain for domain in domains_of(customer) if domain in plain]
    return list(dict.fromkeys(leaked))


def refuse_leaks(written: str, customer: Customer, others: Iterable[str] = ()) -> None:
    """Refuses a public text that tells who the customer is."""
    leaked = leaks(written, customer, others)
    if leaked:
        named = ", ".join(repr(name) for name in leaked[:5])
        raise Refused(
            f"This text is public and the customer wishes to stay anonymous (SUP-13): take out {named}."
        )


def _whole_names(customer: Customer, others: Iterable[str]) -> list[str]:
    people = [
        name for name in (*others, *(contact.name for contact in customer.contacts)) if " " in name.strip()
    ]
    names = [customer.name, customer.channel, *people]
    for contact in customer.contacts:
        names += [contact.email, contact.linkedin, contact.phone]
    nothing = {customer.codename.casefold(), ""}
    return [name for name in dict.fromkeys(names) if name.strip().casefold() not in nothing]


def _telling_words(customer: Customer) -> list[str]:
    """The single words that tell who they are: of the company's name, of its people's names, of its domains."""
    telling = [word for word in _words(customer.name) if word not in _EVERYDAY]
    for contact in customer.contacts:
        telling += _words(contact.name)[1:]
    telling += [domain.split(".")[0] for domain in domains_of(customer)]
    return [
        word
        for word in dict.fromkeys(telling)
        if len(word) >= _SHORTEST and word not in _EVERYDAY and word != customer.codename.casefold()
    ]


def domains_of(customer: Customer) -> list[str]:
    """Their own, by the addresses of their people: no public mailboxes."""
    domains = (
        contact.email.rpartition("@")[2].casefold() for contact in customer.contacts if "@" in contact.email
    )
    return [domain for domain in dict.fromkeys(domains) if domain and domain not in PUBLIC_MAILBOXES]


def _has(name: str, plain: str, squeezed: str) -> bool:
    """As it is written, or run together as in a host name: Acme Foods, acme-foods, AcmeFoods."""
    wanted = _plain(name)
    if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain):
        return True
    together = _squeezed(name)
    return len(together) >= 2 * _SHORTEST and together in squeezed


def _words(written: str) -> list[str]:
    return re.findall(r"[^\W_]+", _plain(written))


def _plain(written: str) -> str:
    """The text without accents, capitals, invisible characters and look-alikes, which could hide a name."""
    taken_apart = unicodedata.normalize("NFKD", written)
    kept = (sign for sign in taken_apart if unicodedata.category(sign) not in ("Mn", "Cf"))
    return " ".join("".join(kept).casefold().split())


def _squeezed(written: str) -> str:
    return "".join(_words(written))
