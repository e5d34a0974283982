"""The lists to choose from what belongs to a customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from screens.customers.page import CustomerPage
from screens.customers.row_keys import PartKey, WorkKey
from screens.dialogs.picker import Picker
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.workspace.workspace import Workspace


class PartPicker(Picker[PartKey]):
    """One of a customer's contacts or opportunities, or a new one."""

    COLUMNS = (Column("name", width=20, grow=1),)

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        super().__init__()
        self._kind, self._names = kind, names

    def choices(self) -> Sequence[Row[PartKey]]:
        rows = [Row(PartKey(name), (name,)) for name in self._names]
        return [*rows, Row(PartKey(""), (f"+ a new {self._kind}",))]


class WorkPicker(Picker[WorkKey]):
    """What is at work with a customer, to go there."""

    COLUMNS = (Column("kind", width=10), Column("what", width=30, grow=1))

    def __init__(self, workspace: Workspace, customer: Customer) -> None:
        super().__init__()
        self._rows = list(_work(workspace, customer))

    def choices(self) -> Sequence[Row[WorkKey]]:
        return self._rows


def _work(workspace: Workspace, customer: Customer) -> Iterator[Row[WorkKey]]:
    page = CustomerPage(workspace, customer)
    for entry in page.queue_entries():
        yield Row(WorkKey("ticket", entry.ticket.id), (entry.ticket.id, entry.ticket.subject))
    for call in page.calls():
        yield Row(WorkKey("call", call.id), (call.id, call.title))
    for run in page.open_runs():
        yield Row(WorkKey("playbook", run.id), (run.id, run.name))
