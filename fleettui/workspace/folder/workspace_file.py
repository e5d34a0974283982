"""workspace.json: the file that makes a folder a workspace.

It ends with a checksum of its text, as lines of a journal do. One of before has none, nor has one that somebody wrote by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import in_workspace
from fleettui.store import files, sums

WORKSPACE_FILE = "workspace.json"


class WorkspaceFile(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in it."""

    format: int
    name: str
    made: datetime


class _NotThere(Unusable):
    """There is no such file, or what is there is none."""


def encode(workspace_file: WorkspaceFile) -> bytes:
    return sums.sealed(msgspec.json.encode(workspace_file)) + b"\n"


def read_workspace_file(home: Path) -> WorkspaceFile:
    """Refused where there is no workspace, or one of a newer format."""
    file = in_workspace(home) / WORKSPACE_FILE
    with files.os_errors_about(file):
        if not home.is_dir() or not file.exists():
            raise _NotThere(
                f"There is no workspace in {home}. Make one with `fleettui init`, or name another with --home."
            )
        content = files.read_file(file).rstrip()
    try:
        workspace_file = msgspec.json.decode(content, type=WorkspaceFile)
    except UNREADABLE as error:
        what = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise _NotThere(f"{file}, line 1: {what}. To mend it: fleettui restore") from None
    if sums.is_sealed(content) and not sums.is_whole(content):
        raise _NotThere(
            f"{file}, line 1: {sums.CHANGED}. To mend it: fleettui restore. If you changed it on purpose, remove its `sum`."
        )
    if workspace_file.format > files.FORMAT:
        raise Unusable(
            f"{home}: is of format {workspace_file.format}, this fleettui reads up to {files.FORMAT}. "
            "Update fleettui on this machine."
        )
    return workspace_file


def made_anew(home: Path, modes: files.Modes, now: datetime, backups: Iterable[bytes]) -> str:
    """The name of the workspace, where its file could not be read and is written anew; empty where it can be read. `backups`
    are contents that it had; without them what can be read of it counts, and then the name of the folder."""
    file = in_workspace(home) / WORKSPACE_FILE
    try:
        read_workspace_file(home)
    except _NotThere:
        if not files.is_folder(home / "journal"):
            raise
    else:
        return ""
    with files.os_errors_about(file):
        there = [files.read_file(file)] if file.exists() else []
        known = next(filter(None, map(_readable, [*backups, *there])), None)
        known = known or WorkspaceFile(format=files.FORMAT, name=home.name, made=now)
        files.write_atomic(file, encode(msgspec.structs.replace(known, format=files.FORMAT)), modes.file)
    return known.name


def _readable(content: bytes) -> WorkspaceFile | None:
    try:
        return msgspec.json.decode(content, type=WorkspaceFile)
    except UNREADABLE:
        return None
