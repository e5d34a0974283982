"""What a workspace keeps, by name."""

from __future__ import annotations

from typing import Any

from fleettui.people import Person
from fleettui.store.protocol import Collection

PEOPLE = Collection("people", Person)

ALL: tuple[Collection[Any], ...] = (PEOPLE,)

BY_NAME = {collection.name: collection for collection in ALL}
