"""What can be done with the list of customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fleettui import customers
from fleettui.customers import Customer
from fleettui.store.protocol import NoSuchDocument
from fleettui.verbs.acting import Acting
from fleettui.verbs.collections import CUSTOMERS


class CustomerVerbs:
    def __init__(self, acting: Acting) -> None:
        self._acting, self._store = acting, acting.store

    def all(self) -> list[Customer]:
        return sorted(self._store.all(CUSTOMERS), key=lambda one: (not one.active, one.name.lower()))

    def find(self, said: str) -> Customer:
        return customers.matching(self._store.all(CUSTOMERS), said)

    def get(self, id_: str) -> Customer | None:
        return self._store.get(CUSTOMERS, id_)

    def add(self, name: str, **fields: Any) -> Customer:
        def made(id_: str) -> Customer:
            one = customers.customer(id_, name, fields)
            customers.refuse_taken(self._store.all(CUSTOMERS), one)
            return one

        return self._store.add(CUSTOMERS, made, self._acting.stamp("customers.add"))

    def edit(self, id_: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Customer:
        def change(one: Customer) -> Customer:
            changed = customers.edited(one, fields)
            customers.refuse_taken(self._store.all(CUSTOMERS), changed)
            return changed

        return self._change(id_, change, "customers.edit", seen)

    def contact(self, id_: str, key: str, fields: Mapping[str, Any]) -> Customer:
        return self._change(id_, lambda one: customers.with_contact(one, key, fields), "customers.contact")

    def drop_contact(self, id_: str, key: str) -> Customer:
        return self._change(id_, lambda one: customers.without_contact(one, key), "customers.drop_contact")

    def opportunity(self, id_: str, name: str, fields: Mapping[str, Any]) -> Customer:
        return self._change(
            id_, lambda one: customers.with_opportunity(one, name, fields), "customers.opportunity"
        )

    def _change(
        self, id_: str, edit: Callable[[Customer], Customer], verb: str, seen: int | None = None
    ) -> Customer:
        def existing(one: Customer | None) -> Customer:
            if one is None:
                raise NoSuchDocument("customers", id_)
            return edit(one)

        changed = self._store.change(CUSTOMERS, id_, existing, self._acting.stamp(verb), seen=seen)
        if changed is None:
            raise NoSuchDocument("customers", id_)
        return changed
