"""Who a customer's person is, by name, address or Slack id, and how we greet them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fleettui.domain.customers.model import Contact
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_id, slack_id_of

_TITLES = frozenset(
    ["dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "mx", "mx.", "prof", "prof.", "sir"]
)
_AFTER_A_NAME = frozenset(
    ["phd", "ph.d.", "md", "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "esq", "esq.", "mba", "cpa"]
)
_ASIDE = r"\([^()]*\)|\[[^\[\]]*\]|[\"“”]"


def contact_of(contacts: Iterable[Contact], written: str) -> Contact | None:
    """The contact with this name, address or Slack id."""
    wanted = cleaning.line(written).casefold()
    if not wanted:
        return None
    by_id = slack_id_of(written).casefold()
    for contact in contacts:
        if wanted in (contact.email.casefold(), contact.name.casefold()):
            return contact
        if contact.slack and contact.slack.casefold() == by_id:
            return contact
    return None


def greeting_of(written: str, contacts: Iterable[Contact], company: str = "") -> str:
    """The first name of who is written to; empty where it is not known."""
    contact = contact_of(contacts, written)
    return first_name(contact.name if contact and contact.name else written, company)


def first_name(name: str, company: str = "") -> str:
    """Of "Marsh, Leo" and "Dr. Leo Marsh" it is Leo. An address, a Slack id or the company is nobody's first name."""
    whole = cleaning.line(re.sub(_ASIDE, " ", name))
    if not whole or "@" in whole or is_slack_id(whole) or _is_company(whole, company):
        return ""
    last, comma, rest = whole.partition(",")
    before = rest if comma and rest.split() and rest.split()[0].casefold() not in _AFTER_A_NAME else last
    words = [word for word in before.split() if word.casefold() not in _TITLES]
    return words[0] if words else ""


def _is_company(name: str, company: str) -> bool:
    return bool(company) and name.casefold().startswith(company.casefold())
