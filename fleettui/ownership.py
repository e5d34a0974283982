"""Whether a file or folder belongs to those whom the folder around it belongs to, and what to say where it does not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from fleettui.errors import Unusable

Owners = Literal["workspace", "me", "anybody"]
"""Whom everything in a folder must belong to. `workspace`: to its group where the group may write in it, else to its owner or
to root."""


class NotOpened(Unusable):
    """A link where none may be, or something that is not ours. The text names it and says what to do."""


def shared_group(top: os.stat_result) -> int | None:
    """The group of a workspace whose group may write in it."""
    return top.st_gid if top.st_mode & stat.S_IWGRP else None


def refuse_open_to_all(facts: os.stat_result, path: Path) -> None:
    if facts.st_mode & stat.S_IWOTH:
        raise NotOpened(
            f"{path}: everybody on this machine may change it, so it is not opened. Run: chmod o-w {path}"
        )


def is_mine(facts: os.stat_result) -> bool:
    return facts.st_uid == os.geteuid()


def is_of_workspace(facts: os.stat_result, top: os.stat_result) -> bool:
    """What belongs to somebody else may be anybody's file under a second name."""
    if top.st_mode & stat.S_IWGRP:
        return facts.st_gid == top.st_gid
    return facts.st_uid in (top.st_uid, 0)


def not_mine(facts: os.stat_result, path: Path) -> NotOpened:
    return NotOpened(f"{path}: belongs to {_account(facts.st_uid)} and not to you, so it is not opened.")


def not_of_workspace(facts: os.stat_result, top: os.stat_result, path: Path) -> NotOpened:
    if top.st_mode & stat.S_IWGRP:
        theirs, ours = f"the group {_group(facts.st_gid)}", _group(top.st_gid)
        command = f"chgrp {ours} {path}"
    else:
        theirs, ours = _account(facts.st_uid), _account(top.st_uid)
        command = f"chown {ours} {path}"
    return NotOpened(
        f"{path}: belongs to {theirs} and not to {ours}, as the workspace does, so it is not opened. "
        f"If it should, run: {command}"
    )


def not_a_folder(path: Path, facts: os.stat_result | None) -> NotOpened:
    """What stands where a folder should."""
    if facts is None:
        return NotOpened(f"{path}: has just been replaced. Try again.")
    if stat.S_ISLNK(facts.st_mode):
        return NotOpened(
            f"{path}: is a symbolic link where a folder is expected, so it is not followed. Remove the link."
        )
    return NotOpened(f"{path}: is not a folder. Move it away, then try again.")


def not_a_file(path: Path, *, is_link: bool) -> NotOpened:
    if is_link:
        return NotOpened(
            f"{path}: is a symbolic link where a file is expected, so it is not opened. Remove the link."
        )
    return NotOpened(f"{path}: is not a regular file, so it is not opened.")


def _account(uid: int) -> str:
    import pwd  # for a message only

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    import grp  # for a message only

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
