"""Who is who in an invite: ours and theirs, which customer it is, what kind of call, who of us leads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from fleettui.domain.calls.invitation import Attendee, Invite, name_from_email
from fleettui.domain.calls.policy import CallKind
from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.public_mail import PUBLIC_MAILBOXES
from fleettui.domain.team.people import Person
from fleettui.domain.team.policy import CSM_ROLE

SHORTEST_LABEL = 4
SHARED_ENDS = frozenset(["co", "com", "org", "net", "ac", "gov", "edu"])
"""Second levels under which companies register: example.co.uk is Example."""


@dataclass(frozen=True)
class AddressBook:
    """The people whose addresses we know: the roster and the customers' contacts."""

    people: Sequence[Person]
    customers: Sequence[Customer]

    @cached_property
    def _domains(self) -> frozenset[str]:
        return frozenset(_domain(person.email) for person in self.people if person.email) - PUBLIC_MAILBOXES

    @cached_property
    def _by_email(self) -> dict[str, Person]:
        return {person.email.lower(): person for person in self.people if person.email}

    @cached_property
    def _by_name(self) -> dict[str, Person]:
        return {person.name.lower(): person for person in self.people if person.name}

    @cached_property
    def _customer_domains(self) -> dict[str, Customer]:
        rows = (
            (_domain(contact.email), customer)
            for customer in self.customers
            for contact in customer.contacts
            if contact.email
        )
        return {domain: customer for domain, customer in rows if domain not in PUBLIC_MAILBOXES}

    @cached_property
    def _customer_emails(self) -> dict[str, Customer]:
        return {
            contact.email.lower(): customer
            for customer in self.customers
            for contact in customer.contacts
            if contact.email
        }

    def person(self, attendee: Attendee) -> Person | None:
        """Who of us an attendee is, by address or name."""
        return self._by_email.get(attendee.email) or self._by_name.get(
            attendee.name.lower() if attendee.name else ""
        )

    def attendees_of(self, invite: Invite) -> tuple[Attendee, ...]:
        """Everybody in the invite, marked as ours or theirs; the organizer too, who need not accept."""
        people = invite.attendees
        if invite.organizer and all(attendee.email != invite.organizer for attendee in people):
            people = (
                *people,
                Attendee(email=invite.organizer, name=invite.organizer_name, status="accepted"),
            )
        ours = self._our_domains(invite, people)
        return tuple(
            replace(self.with_name(attendee), ours=self.is_ours(attendee, ours)) for attendee in people
        )

    def with_name(self, attendee: Attendee) -> Attendee:
        """The attendee with a name, where the invite has only an address that we know."""
        if attendee.name:
            return attendee
        customer, person = self._customer_emails.get(attendee.email), self._by_email.get(attendee.email)
        contacts = customer.contacts if customer else ()
        theirs = next((contact.name for contact in contacts if contact.email.lower() == attendee.email), "")
        return replace(attendee, name=theirs or (person.name if person else ""))

    def _our_domains(self, invite: Invite, people: tuple[Attendee, ...]) -> frozenset[str]:
        """By the roster's addresses and names; else the organizer's domain is ours, unless it is a customer's."""
        named = (
            frozenset(_domain(attendee.email) for attendee in people if self.person(attendee))
            - PUBLIC_MAILBOXES
        )
        our_domains = (self._domains | named) - self._customer_domains.keys()
        if our_domains or not invite.organizer or invite.organizer in self._customer_emails:
            return our_domains
        return frozenset({_domain(invite.organizer)}) - PUBLIC_MAILBOXES - self._customer_domains.keys()

    def is_ours(self, attendee: Attendee, domains: frozenset[str] | None = None) -> bool:
        """Whether an attendee is one of us; `domains`: ours, where they are worked out already."""
        if attendee.email in self._customer_emails:
            return False
        our_domains = self._domains if domains is None else domains
        return self.person(attendee) is not None or _domain(attendee.email) in our_domains

    def customer_of(self, theirs: Iterable[Attendee], title: str) -> Customer | None:
        """The customer, by address, then by domain, then by a name in the title, then by the name in the domain."""
        people = list(theirs)
        by_email = (self._customer_emails.get(attendee.email) for attendee in people)
        by_domain = (self._customer_domains.get(_domain(attendee.email)) for attendee in people)
        lowered = title.lower()
        by_name = (
            customer
            for customer in self.customers
            if len(customer.name) > 3 and customer.name.lower() in lowered
        )
        by_label = (self._customer_called(_label(_domain(attendee.email))) for attendee in people)
        candidates = (*by_email, *by_domain, *by_name, *by_label)
        return next((candidate for candidate in candidates if candidate is not None), None)

    def _customer_called(self, label: str) -> Customer | None:
        """Northwind Robotics for northwind.example, unless another customer could be meant as well."""
        if len(label) < SHORTEST_LABEL:
            return None
        fitting = [customer for customer in self.customers if label in _domain_labels(customer.name)]
        return fitting[0] if len(fitting) == 1 else None

    def host_of(
        self, attendees: Iterable[Attendee], organizer: str, customer: Customer | None, me: str
    ) -> str:
        """The organizer if ours; else who of us is in the invite; else whose customer it is; else who imports it."""
        ours = [attendee for attendee in attendees if attendee.ours]
        first = sorted(ours, key=lambda attendee: attendee.email != organizer)
        login = next(
            (person.login for attendee in first if (person := self.person(attendee)) is not None), ""
        )
        owners = customer.owners if customer else {}
        return login or owners.get(CSM_ROLE) or next(iter(owners.values()), "") or me


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def person_name(theirs: Sequence[Attendee], customer: Customer | None, title: str) -> str:
    """CALL-2: the customer's name: of theirs in the invite whom we know as a contact, else of the first of them."""
    contacts = (
        {contact.email.lower(): contact for contact in customer.contacts if contact.email} if customer else {}
    )
    for attendee in theirs:
        contact = contacts.get(attendee.email)
        if contact is not None:
            return contact.name or attendee.shown
    if theirs:
        return theirs[0].shown
    return (
        next((contact.name for contact in customer.contacts if contact.name), customer.name)
        if customer
        else title
    )


def company_name(theirs: Sequence[Attendee], customer: Customer | None, title: str) -> str:
    """CALL-2: the customer's company: from the list, else from an attendee's domain, else from the title."""
    if customer is not None:
        return customer.name
    label = next((label for attendee in theirs if (label := _label(_domain(attendee.email)))), "")
    if label:
        return name_from_email(label)
    return theirs[0].shown if theirs else title


def _label(domain: str) -> str:
    """The name in a domain: "northwind" in mail.northwind.co.uk; empty for public mailboxes."""
    if domain in PUBLIC_MAILBOXES:
        return ""
    parts = [part for part in domain.split(".")[:-1] if part]
    while len(parts) > 1 and parts[-1] in SHARED_ENDS:
        parts.pop()
    return parts[-1] if parts else ""


def _domain_labels(name: str) -> set[str]:
    """The names that a domain of this customer may have: the first word, or all words together."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in name.lower().split()]
    return {words[0], "".join(words), "-".join(words)} if words else set()


def kind_for(title: str, kinds: Sequence[CallKind], *, internal: bool, repeats: bool) -> CallKind:
    """CALL-12: by what the title calls it; a series is a check-in."""
    title_key = title.lower().replace(" ", "-")
    for kind in kinds:
        if kind.key.lower() in title_key or kind.key.replace("-", "") in title_key:
            return kind
    fitting = [kind for kind in kinds if kind.internal == internal]
    repeating = [kind for kind in fitting if kind.repeats_weeks]
    return (repeating if repeats and repeating else fitting or list(kinds))[0]
