"""Checking files of the handbook, before they are saved or where they stand."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from fleettui import access, named_files
from fleettui.errors import Refused, WrongUsage
from fleettui.policy import files
from fleettui.policy.handbook import Handbook, load
from fleettui.policy.mistakes import PolicyMistake, check


def check_folder(folder: Path, logins: Collection[str] | None) -> list[PolicyMistake]:
    """All mistakes of a handbook."""
    return check(load(folder), logins)


def check_file(folder: Path, path: Path, name: str, logins: Collection[str] | None) -> list[PolicyMistake]:
    """What would be wrong if the file stood in the handbook as `name`: in the file itself, and what other files would miss.

    Without a workspace, the other files are those that fleettui comes with.
    """
    before, after = Handbook(folder), Handbook(folder, unsaved={name: content_of(path)})
    known = {(mistake.file, mistake.field, mistake.what) for mistake in check(before, logins)}
    return [
        mistake
        for mistake in check(after, logins)
        if mistake.file == name or (mistake.file, mistake.field, mistake.what) not in known
    ]


def content_of(path: Path) -> bytes:
    if access.current().restricted:
        return named_files.read(path, files.LARGEST, field="FILE")
    try:
        return files.read_plain(path, path.name)[0]
    except FileNotFoundError:
        raise Refused(f"there is no file {path}", field="FILE") from None


def name_in_handbook(path: Path, called: str = "") -> str:
    """Which file of the handbook it is: `called` so, else by its own name, else by what is in it."""
    name = Path(called or path.name).name
    if name in files.TOP_FILES:
        return name
    if name.endswith(".j2"):
        return f"{files.TEMPLATES}/{name}"
    inside = Path(called).parent.name if called else path.parent.name
    if name.endswith(".json") and (inside == files.PLAYBOOKS or called or _is_playbook(path)):
        return f"{files.PLAYBOOKS}/{name}"
    raise WrongUsage(
        f"{path.name} is not the name of a file of the handbook; say which with --as: one of {', '.join(files.TOP_FILES)}, "
        "playbooks/NAME.json or templates/NAME.j2",
        field="FILE",
    )


def _is_playbook(path: Path) -> bool:
    try:
        raw = json.loads(content_of(path))
    except (ValueError, RecursionError):
        return False
    return isinstance(raw, dict) and {"id", "steps"} <= set(raw)
