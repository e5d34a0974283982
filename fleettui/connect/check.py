"""Tries each connection, once, and says in a line what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

import msgspec

from fleettui.connect.connections import assembled, surroundings
from fleettui.connect.secrets import Secrets
from fleettui.connect.senders import Down
from fleettui.connect.takers import InDetail
from fleettui.errors import FleettuiError

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One connection."""

    name: str
    ok: bool
    why: str = ""


def check_all(workspace: Workspace) -> Iterator[Checked]:
    """Every connection that is set up, each as soon as it is tried. Sends nothing and takes nothing in."""
    secrets = Secrets()
    parts = assembled(surroundings(workspace, secrets, lambda line: None), Event(), settles=False)
    for runner in parts.runners:
        if isinstance(runner, InDetail):
            for what, why in runner.lines():
                yield Checked(name=f"{runner.name}: {what}", ok=not why, why=secrets.hidden(why))
            continue
        try:
            runner.check()
        except (Down, FleettuiError) as error:
            why = secrets.hidden(" ".join(str(error).split()))
            yield Checked(name=runner.name, ok=False, why=why)
        else:
            yield Checked(name=runner.name, ok=True)
