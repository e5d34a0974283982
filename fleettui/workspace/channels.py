"""The customer channels that the team keeps by hand (SUP-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.customers import channels
from fleettui.domain.customers.channels import CustomerChannel
from fleettui.domain.customers.model import Customer, matching, names_of
from fleettui.domain.tickets import sla
from fleettui.errors import Refused
from fleettui.text import cleaning, finding
from fleettui.workspace.collections import CHANNELS, CUSTOMERS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.store.protocol import Store


class Channels:
    """What a person can do with the list of customer channels."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    def all(self) -> list[CustomerChannel]:
        return sorted(
            self._store.all(CHANNELS), key=lambda channel: (channel.customer.casefold(), channel.id)
        )

    def get(self, id_: str) -> CustomerChannel | None:
        return self._store.get(CHANNELS, id_)

    def shown(self, id_: str) -> str:
        """The channel's name where it is known, else what was given: an id, an address, a name."""
        listed = self.get(id_)
        return listed.shown if listed else id_

    def add(self, id_: str, customer: str, tier: str = "", name: str = "") -> CustomerChannel:
        """Of a customer of the list where the name fits one, else of the name as it was typed."""
        listed = fitting(self._store.all(CUSTOMERS), customer)
        tier = sla.tier_named(self._session.policy.handbook.sla, tier) if tier else ""
        made = channels.new_channel(
            id_, listed.name if listed else customer, listed.id if listed else "", tier, name
        )

        def put(known: CustomerChannel | None) -> CustomerChannel:
            if known is not None:
                raise Refused(f"{known.id} is on the list already, as {known.customer}'s")
            return made

        return self._store.change(CHANNELS, made.id, put, self._session.stamp("channels.add")) or made

    def name(self, id_: str, name: str) -> CustomerChannel:
        """What people call it; without a name it is shown by its id."""
        if self.get(id_) is None:
            raise _no_such_channel(id_)
        named = channels.channel_name(name)
        return self._session.edit(CHANNELS, id_, lambda known: replace(known, name=named), "channels.name")

    def not_listed_warning(self, made: CustomerChannel) -> str:
        """For a channel of nobody on the customer list; empty for somebody's."""
        if made.customer_id:
            return ""
        return not_listed(self._store.all(CUSTOMERS), made.customer, made.tier and f"tier {made.tier}")

    def remove(self, id_: str) -> None:
        def take_off(known: CustomerChannel | None) -> None:
            if known is None:
                raise _no_such_channel(id_)

        self._store.change(CHANNELS, id_, take_off, self._session.stamp("channels.remove"))


def _no_such_channel(id_: str) -> Refused:
    return Refused(f"There is no channel {cleaning.line(id_, 60)!r} on the list.")


def with_channel_name(customer: Customer, store: Store) -> Customer:
    """`customer` with their channel as people call it, for what people read: an id says nothing to them."""
    listed = store.get(CHANNELS, customer.channel) if customer.channel else None
    return replace(customer, channel=listed.shown) if listed else customer


def fitting(customers: list[Customer], typed: str) -> Customer | None:
    """The customer of the list whom the name fits; None for a name that nobody has, which is kept as it is."""
    exact = finding.exact(customers, typed, names_of)
    if exact or finding.beginning(customers, typed, lambda customer: (customer.name,)):
        return matching(customers, typed)
    return None


def refuse_nearly_known(customers: list[Customer], name: str, field: str) -> None:
    """Refuses a name that nobody has and that looks like one of the list (`NearlyKnown`)."""
    typed = cleaning.line(name)
    if typed and fitting(customers, typed) is None:
        near = finding.nearest(typed, [customer.name for customer in customers])
        if near:
            raise finding.NearlyKnown(typed, near, field=field)


def not_listed(customers: list[Customer], name: str, consequence: str) -> str:
    """A warning about a name that is kept as it is: it may be mistyped."""
    near = finding.nearest(name, [customer.name for customer in customers])
    meant = f" Did you mean {near}?" if near else ""
    return f"{name} is not on the customer list{f': {consequence}' if consequence else ''}.{meant}"
