"""Choosing a customer or somebody of the team, by typing a part of the name."""

from __future__ import annotations

from collections.abc import Sequence

from screens.dialogs.picker import Picker
from screens.widgets.columns import Column
from screens.widgets.row import Row, Today

NOBODY = ""
"""The login that stands for nobody."""


class Sure(Picker[str]):
    """A question about something that is not done without asking: Enter is yes, Esc is no."""

    YES, NO = "yes", "no"
    HINT = "Enter: yes · Esc: no"

    def __init__(self, question: str, yes: str) -> None:
        super().__init__(question)
        self._yes = yes

    def choices(self) -> Sequence[Row[str]]:
        return [Row(self.YES, (self._yes,)), Row(self.NO, ("No, leave it",))]


class CustomerPicker(Picker):
    """One of the active customers, by id."""

    COLUMNS = (
        Column("name", width=20, grow=1),
        Column("kind", width=20, hide=1),
        Column("tier", width=10, hide=2),
    )
    HINT = "For which customer?"

    def choices(self) -> Sequence[Row]:
        return [
            Row(customer.id, (customer.shown, (customer.kind, "muted"), (customer.tier, "muted")))
            for customer in self.workspace.customers.all()
            if customer.active
        ]


class PersonPicker(Picker):
    """One of the team, by login; or nobody."""

    COLUMNS = (Column("name", width=20, grow=1), Column("roles", width=24, grow=1, hide=1))
    HINT = "To whom?"

    def __init__(self, nobody: str = "", about: str = "", today: Today[str] | None = None) -> None:
        """`nobody`: what it means to choose nobody; empty where that cannot be. `today`: who it is now."""
        super().__init__(about, today=today)
        self._nobody = nobody

    def choices(self) -> Sequence[Row]:
        rows = [
            Row(person.login, (person.shown, (", ".join(person.roles), "muted")))
            for person in self.workspace.people.all()
            if person.active
        ]
        return [*rows, *([Row(NOBODY, ("nobody", (self._nobody, "muted")))] if self._nobody else [])]
