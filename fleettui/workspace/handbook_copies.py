"""A copy of the handbook's files to edit, and what was edited put back: for a workspace whose handbook is in no folder."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from fleettui import access
from fleettui.errors import Refused
from fleettui.policy import files
from fleettui.policy.last_good import is_read
from fleettui.store.files import os_errors_about
from fleettui.workspace.handbook_check import check_folder

SUMS = ".pulled.json"
"""What each file was when it was copied: so that nobody's edit is overwritten unseen."""


def pull(handbook: Path, folder: Path) -> list[str]:
    """The names of what was copied."""
    _refuse_restricted()
    with os_errors_about(folder):
        if folder.exists() and any(folder.iterdir()):
            raise Refused(f"{folder} is not empty; name a new folder", field="DIR")
        contents = contents_of(handbook)
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (folder / SUMS).write_bytes(
            msgspec.json.encode({name: _sum(each) for name, each in contents.items()})
        )
    return sorted(contents)


def contents_of(folder: Path) -> dict[str, bytes]:
    """Of all files of a handbook."""
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    return {name: files.read_plain(folder / name, name)[0] for name in names if is_read(name)}


class Edits(msgspec.Struct, frozen=True):
    """What is another than it was: each with what is in force now, None where it is new."""

    new: Mapping[str, bytes]
    before: Mapping[str, bytes | None]


def edits_in(handbook: Path, folder: Path, logins: set[str] | None) -> Edits:
    """Checked as they would be together. Refused with each file that has a mistake, or that somebody changed meanwhile."""
    _refuse_restricted()
    if not folder.is_dir():
        raise Refused(f"there is no folder {folder}", field="DIR")
    now, mine = contents_of(handbook), contents_of(folder)
    with os_errors_about(folder):
        try:
            pulled = msgspec.json.decode((folder / SUMS).read_bytes(), type=dict[str, str])
        except (FileNotFoundError, msgspec.MsgspecError):
            raise Refused(f"{folder} was not made by `fleettui handbook pull`", field="DIR") from None
    new = {name: content for name, content in mine.items() if _sum(content) != pulled.get(name)}
    new = {name: content for name, content in new.items() if now.get(name) != content}
    stale = [name for name in new if name in now and _sum(now[name]) != pulled.get(name)]
    if stale:
        raise Refused(
            f"{', '.join(stale)}: changed by somebody else since you pulled; pull again, and edit that"
        )
    mistakes = [
        mistake for mistake in check_folder(folder, logins) if mistake.serious and mistake.file in new
    ]
    if mistakes:
        raise Refused("; ".join(f"{mistake.file}: {mistake.in_words}" for mistake in mistakes))
    return Edits(new, {name: now.get(name) for name in new})


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()


def _refuse_restricted() -> None:
    if access.current().restricted:
        raise Refused("this account copies no handbook")
