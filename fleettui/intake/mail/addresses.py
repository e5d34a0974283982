"""Whose mail it is: ours, a customer's, or a stranger's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.public_mail import PUBLIC_MAILBOXES
from fleettui.domain.team.people import Person
from fleettui.intake.mail.message import Address, Mail


@dataclass(frozen=True)
class Directory:
    """The roster and the customers' contacts, by address."""

    ours: frozenset[str]
    our_domains: frozenset[str]
    logins: dict[str, str] = field(default_factory=dict)
    """Of those who are on the team now."""
    by_address: dict[str, Customer] = field(default_factory=dict)
    by_domain: dict[str, Customer | None] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Person], customers: Iterable[Customer]) -> Directory:
        """Built from the roster and the customers."""
        people = list(people)
        addresses = frozenset(person.email.casefold() for person in people if person.email)
        domains = frozenset(address.rpartition("@")[2] for address in addresses) - PUBLIC_MAILBOXES
        made = cls(addresses, domains)
        for person in people:
            if person.email and person.active:
                made.logins.setdefault(person.email.casefold(), person.login)
        for customer in customers:
            for contact in customer.contacts:
                made._learn(customer, contact.email.casefold())
        return made

    def _learn(self, customer: Customer, email: str) -> None:
        domain = email.rpartition("@")[2]
        if not domain:
            return
        self.by_address.setdefault(email, customer)
        if domain not in PUBLIC_MAILBOXES and not self._is_our_domain(domain):
            # Two customers share the domain: it identifies neither.
            shared = self.by_domain.get(domain, customer) != customer
            self.by_domain[domain] = None if shared else customer

    def author(self, mail: Mail) -> Address | None:
        """The sender. A form or group of ours sends for somebody else: then it is the address in Reply-To."""
        sender, reply_to = mail.author, mail.reply_to
        stands_in = (
            sender is not None and sender.email not in self.ours and self._is_our_domain(sender.domain)
        )
        if reply_to and (sender is None or (stands_in and not self.is_ours(reply_to))):
            return reply_to
        return sender

    def is_ours(self, address: Address) -> bool:
        return address.email in self.ours or self._is_our_domain(address.domain)

    def is_on_roster(self, address: Address) -> bool:
        """One of the team's own people, not only of our domain."""
        return address.email in self.ours

    def is_our_list(self, list_domain: str) -> bool:
        """Whether a mailing list belongs to one of our domains."""
        return bool(list_domain) and self._is_our_domain(list_domain)

    def by(self, address: Address) -> str:
        """How a message of this author is signed: the login of one of us, else the name."""
        return self.logins.get(address.email, address.shown)

    def is_aligned(self, domain: str, other: str) -> bool:
        """Whether both belong to the same domain of ours."""
        ours = (frozenset({own}) for own in self.our_domains)
        return any(_is_within(domain, own) and _is_within(other, own) for own in ours)

    def _is_our_domain(self, domain: str) -> bool:
        return _is_within(domain, self.our_domains)

    def customer(self, address: Address) -> Customer | None:
        """The customer with a contact of this address, else with one of its domain."""
        known = self.by_address.get(address.email)
        if known is not None:
            return known
        parts = address.domain.split(".")
        nearest = (".".join(parts[at:]) for at in range(len(parts) - 1))
        return next((self.by_domain[domain] for domain in nearest if domain in self.by_domain), None)


def _is_within(domain: str, owners: Iterable[str]) -> bool:
    return any(domain == owner or domain.endswith(f".{owner}") for owner in owners)


def company(address: Address) -> str:
    """The name of a customer who is not on the list."""
    return address.email if address.domain in PUBLIC_MAILBOXES else address.domain
