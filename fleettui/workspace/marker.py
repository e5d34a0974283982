"""workspace.json: the file that makes a folder a workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from fleettui.errors import Unusable
from fleettui.store import files

MARK = "workspace.json"
"""Its name."""


class Marking(msgspec.Struct, frozen=True, kw_only=True):
    """The content of workspace.json."""

    format: int
    name: str
    made: datetime


def read_marking(home: Path) -> Marking:
    """Refused where there is no workspace, or one of a newer format."""
    path = home / MARK
    with files.explained(path):
        if not home.is_dir() or not (path.exists() or path.is_symlink()):
            raise Unusable(
                f"There is no workspace in {home}. Make one with `fleettui init`, or name another with --home."
            )
        content = files.read_file(path)
    try:
        marking = msgspec.json.decode(content, type=Marking)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{path}: {error}. `fleettui doctor` tells how to mend it.") from None
    if marking.format > files.FORMAT:
        raise Unusable(
            f"{home}: is of format {marking.format}, this fleettui reads up to {files.FORMAT}. Update fleettui on this machine."
        )
    return marking
