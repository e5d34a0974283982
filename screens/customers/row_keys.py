"""What names the rows of Customers and of its lists to choose from."""

from __future__ import annotations

from msgspec import Struct

from screens.widgets.sections import SectionKey


class CustomerKey(Struct, frozen=True):
    id: str


class AdviceKey(Struct, frozen=True):
    """A page of rules for reaching out: "first", "texts" or "sanctions"."""

    topic: str


Key = CustomerKey | AdviceKey | SectionKey


class PartKey(Struct, frozen=True):
    """A contact or an opportunity, by name; empty for a new one."""

    name: str


class WorkKey(Struct, frozen=True):
    """A ticket, a call or a playbook."""

    kind: str
    id: str
