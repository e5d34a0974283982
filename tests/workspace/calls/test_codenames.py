"""SUP-13: an anonymous customer goes by its codename wherever calls are listed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess


def test_sup_13_today_and_the_list_of_calls_name_an_anonymous_customer_by_its_codename(
    workspace: Workspace,
) -> None:
    """Calls had the codename on the screen, Today and the command line the name."""
    workspace.customers.add("Northwind", codename="Falcon", anonymous=True)
    workspace.customers.add("Cobalt")
    for customer, hours in (("Northwind", 2), ("Cobalt", 3)):
        workspace.calls.new(customer, MONDAY_MORNING + timedelta(hours=hours))
    today = " ".join(due.what for due in workspace.calls.for_today())
    assert "Falcon" in today
    assert "Cobalt" in today
    assert "Northwind)" not in today
    listed = InProcess(Path(workspace.home)).ok("calls", "list")
    assert "(Falcon)" in listed
    assert "(Northwind)" not in listed
    assert "(Cobalt)" in listed
