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


@pytest.mark.parametrize(
    ("write", "fields"),
    [
        (lambda workspace, fields: workspace.people.edit("kathy", fields), {"zone": "Mars", "email": "x"}),
        (
            lambda workspace, fields: workspace.customers.add("Acme", **fields),
            {"zone": "Mars", "hosts": "many", "anonymous": "perhaps"},
        ),
        (on_a_ticket, {"priority": "P9", "by_dm": "perhaps"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(
    workspace: Workspace, write: Write, fields: dict[str, str]
) -> None:
    with pytest.raises(Mistakes) as caught:
        write(workspace, fields)
    assert {error.field for error in caught.value.errors} == set(fields)
    assert all(f"{field}: " in str(caught.value) for field in fields)
