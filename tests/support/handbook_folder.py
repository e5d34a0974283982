"""A handbook as a new workspace has it, and slips of the hand in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fleettui.policy.handbook import seed_files

TEAM = ["kathy", "alex", "taylor", "brad", "zay"]


def new_folder(parent: Path) -> Path:
    for name, content in seed_files():
        path = parent / "handbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return parent / "handbook"


def edit(folder: Path, name: str, *path: str | int, to: Any) -> None:
    """One value of one file becomes another."""
    raw = json.loads((folder / name).read_text())
    inner = raw
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = to
    (folder / name).write_text(json.dumps(raw, indent=2))


def file_policy(home: Path, **policy: object) -> None:
    """Write `files` of tickets.json: whether files are kept, and how large they may be (SUP-5)."""
    path = home / "handbook" / "tickets.json"
    tickets = json.loads(path.read_bytes())
    path.write_text(json.dumps({**tickets, "files": {**tickets["files"], **policy}}))
