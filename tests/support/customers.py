"""Customers for tests of the domain, made as the list makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fleettui.domain.customers.model import Customer, edited


def new_customer(id_: str, name: str, fields: Mapping[str, Any]) -> Customer:
    """A customer with these fields, each checked."""
    return edited(Customer(id=id_, name=""), {"name": name, **fields})
