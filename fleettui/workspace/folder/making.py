"""Making a workspace in a folder: the folder, its permissions, the handbook's files, and last of all its mark."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui.errors import Refused, Unusable
from fleettui.places import in_workspace, named
from fleettui.store import files
from fleettui.workspace.folder.workspace_file import WORKSPACE_FILE, WorkspaceFile, encode

if TYPE_CHECKING:
    from fleettui.workspace.place import NewPlace

FOLDERS = ("journal", "locks", "archive", "backups", "presence", "drafts", "handbook", "handbook-last-good")


def make(home: Path, new: NewPlace, fill: Callable[[], None]) -> None:
    """workspace.json is written last: what was interrupted is no workspace, and can be made again."""
    _refuse_occupied(home)
    modes = files.PRIVATE if new.group is None else files.SHARED
    with files.os_errors_about(home):
        _make_home(home, new.group, modes)
        top = in_workspace(home)  # as long as it is here, all of it is opened from there
        _write_handbook(home / "handbook", modes, new.policy_files)
        fill()
        workspace_file = WorkspaceFile(format=files.FORMAT, name=new.name, made=new.clock())
        files.write_atomic(top / WORKSPACE_FILE, encode(workspace_file), modes.file)


def account_of(home: Path) -> tuple[str, str]:
    """root makes a service ready that is not to run as root."""
    facts = home.stat()
    return pwd.getpwuid(os.geteuid() or facts.st_uid).pw_name, grp.getgrgid(facts.st_gid).gr_name


def _refuse_occupied(home: Path) -> None:
    if (home / WORKSPACE_FILE).exists():
        raise Refused(f"There is a workspace in {home} already.")
    if home.exists() and not home.is_dir():
        raise Unusable(f"{home}: is not a folder.")
    strangers = {entry.name for entry in home.iterdir()} - set(FOLDERS) if home.is_dir() else set()
    if any(not name.endswith((".json", ".lock")) for name in strangers):
        raise Refused(f"{home} is not empty ({min(strangers)} is there). Name an empty or a new folder.")


def _make_home(home: Path, group: str | None, modes: files.Modes) -> None:
    group_id = -1 if group is None else _group_id(group)
    home.mkdir(parents=True, exist_ok=True)
    os.chown(home, -1, group_id)
    home.chmod(modes.folder)
    for name in FOLDERS:
        files.make_folder(home / name, modes)
        if group is not None:
            os.chown(home / name, -1, group_id)
            (home / name).chmod(modes.folder)


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise Refused(
            f"there is no group {name!r} on this machine; make it first (groupadd {name})", field="--shared"
        ) from None


def _write_handbook(folder: Path, modes: files.Modes, contents: Iterable[tuple[str, bytes]]) -> None:
    from fleettui.policy.last_good import LastGood

    last_good = LastGood(folder.parent)
    for name, content in contents:
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            files.make_folder(folder / parent, modes)
        files.write_atomic(path, content, modes.file)
        last_good.keep(name, content, named(path).stat().st_mtime_ns)
