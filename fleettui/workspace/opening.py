"""From an address to the place that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.workspace.folder.place import FolderPlace

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.workspace.place import WorkspacePlace


def place_at(address: Address) -> WorkspacePlace:
    """Opens nothing yet."""
    return FolderPlace(address)
