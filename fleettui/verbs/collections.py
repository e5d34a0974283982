"""What a workspace keeps, by name."""

from __future__ import annotations

from typing import Any

from fleettui.customers import Customer
from fleettui.people import Person
from fleettui.store.protocol import Collection

PEOPLE = Collection("people", Person)
CUSTOMERS = Collection("customers", Customer, "K")

ALL: tuple[Collection[Any], ...] = (PEOPLE, CUSTOMERS)

BY_NAME = {collection.name: collection for collection in ALL}
