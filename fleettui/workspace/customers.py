"""Actions on the list of customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.customers import model as customers
from fleettui.domain.customers import outreach
from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets import sla
from fleettui.errors import Fields, Refused
from fleettui.text import reading
from fleettui.workspace.collections import CUSTOMERS, TICKETS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Opens
    from fleettui.domain.customers.policy import Gtm
    from fleettui.domain.tickets.model import Listed, Ticket

JUDGED = frozenset({"kind", "lead_status", "priority"})
"""Fields whose values the handbook lists."""
COMING_DAYS, PAST_DAYS = ("next_step_due", "close_date"), ("last_contact",)


class Customers:
    """What a person can do with the list of customers."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    @property
    def _gtm(self) -> Gtm:
        return self._session.policy.handbook.gtm

    def all(self) -> list[Customer]:
        return sorted(
            self._store.all(CUSTOMERS), key=lambda customer: (not customer.active, customer.name.lower())
        )

    def commercial(self) -> list[Customer]:
        """Those who pay."""
        paid = sla.paid_tiers(self._session.policy.handbook.sla)
        return [customer for customer in self.all() if customer.is_commercial(paid)]

    def by_priority(self) -> list[Customer]:
        """Whom to reach out to first (GTM-2)."""
        return outreach.by_priority((customer for customer in self.all() if customer.active), self._gtm)

    def find(self, name: str) -> Customer:
        """By id, name, codename or the beginning of a name."""
        return customers.matching(self._store.all(CUSTOMERS), name)

    def get(self, id_: str) -> Customer | None:
        return self._store.get(CUSTOMERS, id_)

    def add(self, name: str, **fields: Any) -> Customer:
        given = {**fields, "name": name, "tier": fields.get("tier") or self._tiers[0]}

        def made(id_: str) -> Customer:
            return self._edited(Customer(id=id_, name=""), given)

        return self._store.add(CUSTOMERS, made, self._session.stamp("customers.add"))

    def edit(self, id_: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Customer:
        """A new tier is passed on to their open tickets, as a change of its own (SLA-15)."""
        before: list[str] = []

        def change(customer: Customer) -> Customer:
            before.append(customer.tier)
            return self._edited(customer, fields)

        done = self._change(id_, change, "customers.edit", seen)
        if done.tier != before[-1]:
            self._retier(done, before[-1])
        return done

    def _retier(self, customer: Customer, before: str) -> None:
        """A ticket that was given a tier of its own keeps it."""

        def follows(ticket: Listed) -> bool:
            theirs = ticket.customer_id == customer.id and ticket.status != "resolved"
            return theirs and ticket.tier == before

        def edit(ticket: Ticket | None) -> Ticket | None:
            # Looked at again inside the lock: another session may have set or resolved it.
            return replace(ticket, tier=customer.tier) if ticket and follows(ticket) else ticket

        stamp = self._session.stamp("tickets.tier", f"{customer.shown} is {customer.tier} now")
        edits = {ticket.id: edit for ticket in self._store.rows(TICKETS) if follows(ticket)}
        if edits:
            self._store.change_many(TICKETS, edits, stamp)

    @property
    def _tiers(self) -> list[str]:
        return sla.tiers(self._session.policy.handbook.sla)

    def _edited(self, before: Customer, fields: Mapping[str, Any]) -> Customer:
        """`before` with other fields; all that is wrong is said at once. The tier that they have may stay, also when the policy
        no longer names it (SLA-17)."""
        checked = Fields()
        given = self._days_read(fields, checked)
        with checked.check():
            if given.get("tier", before.tier) != before.tier:
                given["tier"] = reading.one_of("tier", given["tier"], self._tiers)
        with checked.check():
            if JUDGED & given.keys():
                given |= outreach.checked_fields(given, self._gtm)
        names: dict[str, Any] = {field: given[field] for field in ("name", "codename") if field in given}
        with checked.check():
            customers.refuse_taken(self._store.all(CUSTOMERS), customers.edited(before, names))
        after = before
        with checked.check():
            after = customers.edited(before, given)
        checked.refuse()
        return after

    def _days_read(self, fields: Mapping[str, Any], checked: Fields) -> dict[str, Any]:
        from fleettui.time import typed

        now, zone, read = self._session.now(), self._session.policy.zone, dict(fields)
        for field in fields:
            with checked.check():
                read |= typed.days_read({field: fields[field]}, now, zone, coming=COMING_DAYS, past=PAST_DAYS)
        return read

    def touched(self, id_: str, day: date, opportunity: str = "") -> Customer:
        """We were in touch with them, or about one opportunity. Refused for those who must not be contacted (GTM-3)."""

        def change(customer: Customer) -> Customer:
            outreach.refuse_contact(customer, self._gtm)
            if opportunity:
                return customers.with_opportunity(customer, opportunity, {"last_contact": day})
            return customers.edited(customer, {"last_contact": day})

        return self._change(id_, change, "customers.touched")

    def refuse_contact(self, name: str) -> None:
        """Asked before a call is planned, a quote begun or an answer written: `DoNotContact` where nobody is to reach out to them
        (GTM-3). By id or name; whoever is not on the list refuses nothing."""
        try:
            customer = self.find(name)
        except Refused:
            return
        outreach.refuse_contact(customer, self._gtm)

    def refuse_begin(self, opens: Iterable[Opens], name: str) -> None:
        """The same before a call with them or a playbook begins, if it reaches out: a call among ourselves does not."""
        handbook = self._session.policy.handbook
        among_us = {kind.key for kind in handbook.calls.kinds if kind.internal}
        for what in opens:
            is_call = what.kind == "call" and what.name not in among_us
            is_quote = what.kind == "playbook" and handbook.playbook(what.name).id in self._gtm.reaching_out
            if name and (is_call or is_quote):
                self.refuse_contact(name)

    def codename(self, id_: str) -> Customer:
        """SUP-13: give a customer who wishes to stay anonymous a free codename; an existing one is kept."""
        from fleettui.domain.customers import codenames

        pool = self._session.policy.handbook.labels.codenames

        def change(customer: Customer) -> Customer:
            # Inside the lock: two sessions never pick the same one.
            name = customer.codename or codenames.free_codename(pool, self._store.all(CUSTOMERS), customer)
            return replace(customer, codename=name, anonymous=True)

        return self._change(id_, change, "customers.codename")

    def contact(self, id_: str, key: str, fields: Mapping[str, Any]) -> Customer:
        """Add or change a contact person; `key` is the e-mail address."""
        return self._change(
            id_, lambda customer: customers.with_contact(customer, key, fields), "customers.contact"
        )

    def drop_contact(self, id_: str, key: str) -> Customer:
        return self._change(
            id_, lambda customer: customers.without_contact(customer, key), "customers.drop_contact"
        )

    def opportunity(
        self, id_: str, name: str, fields: Mapping[str, Any], *, seen: int | None = None
    ) -> Customer:
        """Add or change an opportunity, by its name."""

        def change(customer: Customer) -> Customer:
            checked, after = Fields(), customer
            given = self._days_read(fields, checked)
            with checked.check():
                after = customers.with_opportunity(customer, name, given)
            checked.refuse()
            return after

        return self._change(id_, change, "customers.opportunity", seen)

    def _change(
        self, id_: str, edit: Callable[[Customer], Customer], verb: str, seen: int | None = None
    ) -> Customer:
        return self._session.edit(CUSTOMERS, id_, edit, verb, seen=seen)
