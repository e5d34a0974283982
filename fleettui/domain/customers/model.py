"""The customer list: accounts, their contacts and opportunities, and the checks of what is typed into them. Pure functions."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, Literal, get_args

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import Refused, all_checked
from fleettui.text import cleaning, finding, reading
from fleettui.time.zones import refuse_unknown_zone

PhoneKind = Literal["", "mobile", "landline"]
OpportunityState = Literal["open", "won", "lost"]

CUSTOMER_KIND = "customer"
"""The kind of an account that is a customer; gtm.json names the kinds of prospects."""


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person at the customer. A landline takes no text messages (CALL-8), so the kind of a phone is kept."""

    name: str = ""
    email: str = ""
    role: str = ""
    linkedin: str = ""
    phone: str = ""
    phone_kind: PhoneKind = ""
    champion: bool = False
    slack: str = ""
    """The member id, by which Slack names whoever writes."""


class Opportunity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deal with a customer."""

    name: str
    state: OpportunityState = "open"
    amount: int | None = None
    next_step: str = ""
    next_step_due: date | None = None
    close_date: date | None = None
    last_contact: date | None = None


class Customer(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer or prospect. `anonymous`: called by its codename wherever people outside the team can read it (SUP-13)."""

    name: str
    codename: str = ""
    anonymous: bool = False
    tier: str = "Free"
    """One of the policy's, at least when it was given (SLA-17)."""
    kind: str = CUSTOMER_KIND
    hosts: int | None = None
    zone: str = ""
    channel: str = ""
    lead_status: str = ""
    priority: str = ""
    owners: dict[str, str] = {}
    contacts: tuple[Contact, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    last_contact: date | None = None
    note: str = ""
    active: bool = True

    @property
    def shown(self) -> str:
        """The name to show on screens: an anonymous customer's codename."""
        return self.codename if self.anonymous and self.codename else self.name

    def is_commercial(self, paid_tiers: Collection[str]) -> bool:
        """A customer who pays; the policy says for which tiers (SLA-17)."""
        return self.active and self.kind == CUSTOMER_KIND and self.tier in paid_tiers


TEXT_FIELDS = ("name", "codename", "kind", "zone", "channel", "lead_status", "priority", "note", "tier")
EDITABLE = (*TEXT_FIELDS, "hosts", "anonymous", "active", "last_contact", "owners")
"""`owners` is written like AE=jonah,CSM=wen."""


def edited(before: Customer, fields: Mapping[str, Any]) -> Customer:
    """`before` with other fields, each checked; text or the typed value, as a form or a script gives it."""
    unknown = [field for field in fields if field not in EDITABLE]
    if unknown:
        raise Refused(f"there is no such field; a customer has {', '.join(EDITABLE)}", field=unknown[0])
    return replace(before, **all_checked(fields, _checked))


def _checked(field: str, value: Any) -> Any:
    if field in TEXT_FIELDS:
        return _text(field, value)
    return _READERS[field](field, value)


def _text(field: str, value: Any) -> str:
    cleaned = cleaning.line(reading.text(field, value))
    if field == "zone" and cleaned:
        refuse_unknown_zone(cleaned)
    if field == "name" and not cleaned:
        raise Refused("a customer needs a name", field=field)
    return cleaned


_COUNT_EXPECTED = {
    "hosts": "expected a number of hosts, like 300",
    "amount": "expected a whole amount, like 40000",
}


def _count(field: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    expected = _COUNT_EXPECTED[field]
    count = reading.whole_number(field, value, expected)
    if count < 0:
        raise Refused(expected, field=field)
    return count


def _owners(field: str, value: Any) -> dict[str, str]:
    if isinstance(value, str):
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        value = {role: login for role, _, login in pairs}
    owners = {cleaning.line(role): cleaning.line(login) for role, login in value.items()}
    if not all(role and login for role, login in owners.items()):
        raise Refused("write it like AE=jonah,CSM=wen", field=field)
    return owners


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "hosts": _count,
    "anonymous": reading.yes_or_no,
    "active": reading.yes_or_no,
    "last_contact": reading.day_or_none,
    "owners": _owners,
}

# -- contacts and opportunities, found by e-mail address or name; contacts also by Slack id


def with_contact(before: Customer, key: str, fields: Mapping[str, Any]) -> Customer:
    """Change the contact with this e-mail address, name or Slack id, or add one."""
    wanted = cleaning.line(key)
    if not wanted:
        raise Refused("a contact needs a name or an e-mail address", field="name")
    old = next(iter(finding.exact(before.contacts, wanted, _names_of_contact)), None)
    new = old or _new_contact(wanted)
    changed = replace(new, **all_checked(fields, _contact_field))
    if old is None:
        return replace(before, contacts=(*before.contacts, changed))
    return replace(
        before, contacts=tuple(changed if contact is old else contact for contact in before.contacts)
    )


def _new_contact(key: str) -> Contact:
    if reading.is_slack_id(key):
        return Contact(slack=key)
    return Contact(email=key) if "@" in key else Contact(name=key)


def _names_of_contact(contact: Contact) -> tuple[str, ...]:
    return (contact.email, contact.name, contact.slack)


def _contact_field(field: str, value: Any) -> Any:
    if field not in Contact.__struct_fields__:
        raise Refused(
            f"there is no such field; a contact has {', '.join(Contact.__struct_fields__)}", field=field
        )
    if field == "champion":
        return reading.yes_or_no(field, value)
    if field == "phone_kind":
        return reading.one_of(field, value, get_args(PhoneKind))
    cleaned = cleaning.line(str(value))
    if field == "slack" and cleaned:
        return reading.slack_id(field, cleaned)
    return reading.email(field, cleaned) if field == "email" and cleaned else cleaned


def without_contact(before: Customer, key: str) -> Customer:
    """Without the contact of this e-mail address or name."""
    leaving = finding.exact(before.contacts, key, _names_of_contact)
    if not leaving:
        raise Refused(f"{before.name} has no contact {cleaning.line(key, 60)!r}.")
    kept = tuple(contact for contact in before.contacts if contact not in leaving)
    return replace(before, contacts=kept)


def with_opportunity(before: Customer, name: str, fields: Mapping[str, Any]) -> Customer:
    """Change the opportunity of this name, or add one."""
    wanted = cleaning.line(name)
    if not wanted:
        raise Refused("an opportunity needs a name", field="name")
    old = next(iter(finding.exact(before.opportunities, wanted, lambda deal: (deal.name,))), None)
    new = old or Opportunity(name=wanted)
    changed = replace(new, **all_checked(fields, _opportunity_field))
    if old is None:
        return replace(before, opportunities=(*before.opportunities, changed))
    return replace(
        before,
        opportunities=tuple(
            changed if opportunity is old else opportunity for opportunity in before.opportunities
        ),
    )


def _opportunity_field(field: str, value: Any) -> Any:
    if field not in Opportunity.__struct_fields__:
        fields = ", ".join(Opportunity.__struct_fields__)
        raise Refused(f"there is no such field; an opportunity has {fields}", field=field)
    if field == "state":
        return reading.one_of(field, value, get_args(OpportunityState))
    if field == "amount":
        return _count(field, value)
    if field in ("next_step_due", "close_date", "last_contact"):
        return reading.day_or_none(field, value)
    return cleaning.line(str(value))


# -- finding


def matching(customers: Iterable[Customer], typed: str) -> Customer:
    """By id, name or codename; by the beginning of a name when only one fits."""
    return finding.find(
        customers,
        typed,
        names=names_of,
        beginnings=lambda customer: (customer.name,),
        label=lambda customer: customer.name,
        unknown="There is no customer {}; `fleettui customers add` makes one.",
    )


def names_of(customer: Customer) -> tuple[str, ...]:
    """What a customer can be named by."""
    return (customer.id, customer.name, customer.codename)


def refuse_taken(customers: Iterable[Customer], customer: Customer) -> None:
    """Two customers never have the same name or the same codename (SUP-13)."""
    for other in customers:
        if other.id == customer.id:
            continue
        if other.name.lower() == customer.name.lower():
            raise Refused(f"{other.name} is on the list already, as {other.id}", field="name")
        if customer.codename and other.codename.lower() == customer.codename.lower():
            raise Refused(
                f"{customer.codename} is another customer's; choose one that is free", field="codename"
            )
