"""All that a person can do, and where a workspace may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.workspace.place import WorkspacePlace


def place_at(address: Address) -> WorkspacePlace:
    """The place that it names; opens nothing yet. The only line that knows which kinds of places there are."""
    if isinstance(address, Path):
        from fleettui.workspace.folder.place import FolderPlace

        return FolderPlace(address)
    from fleettui.workspace.database.place import DatabasePlace  # late: most workspaces are in a folder

    return DatabasePlace(address)
