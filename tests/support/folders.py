"""The folder behind a workspace, for tests that look into it, and the store on the files in it."""

from __future__ import annotations

from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.workspace import Workspace


def files_of(workspace: Workspace) -> TinyDBStore:
    """Its own store: with what only files have, such as checkpoints."""
    assert isinstance(workspace.store, TinyDBStore)
    return workspace.store
