"""Everything that is wrong in a form or a command is said at once, each with its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fleettui.errors import Mistakes
from fleettui.workspace.workspace import Workspace

Write = Callable[[Workspace, Mapping[str, Any]], object]


def on_a_ticket(workspace: Workspace, fields: Mapping[str, Any]) -> object:
    return workspace.tickets.set(workspace.tickets.new("Acme", "Slow").id, fields)


def on_a_call(workspace: Workspace, fields: Mapping[str, Any]) -> object:
    return workspace.calls.edit(a_call(workspace), fields)


def a_call(workspace: Workspace) -> str:
    return workspace.calls.new("Acme", "2027-03-09T10:00").id


@pytest.mark.parametrize(
    ("write", "fields"),
    [
        (lambda workspace, fields: workspace.people.edit("kathy", fields), {"zone": "Mars", "email": "x"}),
        (
            lambda workspace, fields: workspace.customers.add("Acme", **fields),
            {"zone": "Mars", "hosts": "many", "anonymous": "perhaps"},
        ),
        (
            lambda workspace, fields: workspace.customers.edit("K-1", fields),
            {"tier": "Wood", "last_contact": "soon", "kind": "friend", "hosts": "many", "name": " "},
        ),
        (
            lambda workspace, fields: workspace.customers.opportunity("K-1", "Renewal", fields),
            {"close_date": "soon", "next_step_due": "never", "amount": "much", "state": "hoped"},
        ),
        (on_a_ticket, {"priority": "P9", "by_dm": "perhaps"}),
        (
            lambda workspace, fields: workspace.tickets.new(**fields),
            {
                "customer": " ",
                "subject": " ",
                "priority": "P9",
                "tier": "Wood",
                "at": "soonish",
            },
        ),
        (
            lambda workspace, fields: workspace.calls.new(**fields),
            {"customer": " ", "start": "soonish", "minutes": "long", "kind": "chat", "attendees": ["ann"]},
        ),
        (
            lambda workspace, fields: workspace.calls.agree(a_call(workspace), **fields),
            {"what": "", "owner": " ", "due": "soonish"},
        ),
        (on_a_call, {"start": "soonish", "minutes": "0", "join_url": "zoom", "host": "nobody", "title": ""}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(
    workspace: Workspace, write: Write, fields: dict[str, str]
) -> None:
    workspace.customers.add("Northwind")  # K-1
    with pytest.raises(Mistakes) as caught:
        write(workspace, fields)
    assert {error.field for error in caught.value.errors} == set(fields)
    assert all(f"{field}: " in str(caught.value) for field in fields)
