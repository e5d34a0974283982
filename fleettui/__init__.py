"""A terminal for a customer team: rituals, customer calls, the support queue and playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from fleettui.store.tinydb.database import WorkspaceDatabase

__version__ = "0.1.0"


def tinydb(home: str | PathLike[str] | None = None, *, why: str = "") -> WorkspaceDatabase:
    """A workspace as a TinyDB database, for scripts; without `home` the one that the command line would take.

    What is written is locked, checked, kept in the history (with `why`) and can be undone: docs/store.md has examples.
    """
    from os import fspath
    from pathlib import Path

    from fleettui import config
    from fleettui.errors import Refused
    from fleettui.workspace.folder.upkeep import database  # late: a start needs neither this nor TinyDB

    address = config.home(fspath(home) if home is not None else None)
    if not isinstance(address, Path):
        raise Refused("only a workspace in a folder is a TinyDB database", field="home")
    return database(address, why)
