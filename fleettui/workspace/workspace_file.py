"""workspace.json: the file that makes a folder a workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import in_workspace
from fleettui.store import files

WORKSPACE_FILE = "workspace.json"


class WorkspaceFile(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in it."""

    """The content of workspace.json."""

    format: int
    name: str
    made: datetime


def read_workspace_file(home: Path) -> WorkspaceFile:
    """Refused where there is no workspace, or one of a newer format."""
    file = in_workspace(home) / WORKSPACE_FILE
    with files.os_errors_about(file):
        if not home.is_dir() or not file.exists():
            raise Unusable(
                f"There is no workspace in {home}. Make one with `fleettui init`, or name another with --home."
            )
        content = files.read_file(file)
    try:
        workspace_file = msgspec.json.decode(content, type=WorkspaceFile)
    except UNREADABLE as error:
        what = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise Unusable(f"{file}, line 1: {what}. `fleettui doctor` tells how to mend it.") from None
    if workspace_file.format > files.FORMAT:
        raise Unusable(
            f"{home}: is of format {workspace_file.format}, this fleettui reads up to {files.FORMAT}. "
            "Update fleettui on this machine."
        )
    return workspace_file
