"""The rituals files below a folder: a checkout of a handbook, with whatever else lies in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from fleettui.errors import Refused

ENDING = ".rituals.yml"
LEFT_OUT = ("node_modules",)
"""Folders that hold no handbook; nor do those that begin with a dot."""
MOST_FILES, MOST_FOLDERS, DEEPEST = 200, 20_000, 16


class Checkout:
    """A folder that is read as a whole. No link is followed: what lies outside is not part of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = folder.resolve().name or "/"

    def files(self) -> list[Path]:
        """In the order of their paths; refused where there are too many to be a handbook."""
        files: list[Path] = []
        for folders, (folder, names) in enumerate(self._folders(), 1):
            files += [folder / name for name in names]
            if len(files) > MOST_FILES or folders > MOST_FOLDERS:
                raise Refused(
                    f"{self._folder}: more than {MOST_FILES} files of rituals or {MOST_FOLDERS:,} folders; "
                    "name a folder further down"
                )
        return sorted(files)

    def _folders(self) -> Iterator[tuple[Path, list[str]]]:
        for top, folders, names in os.walk(self._folder, followlinks=False):
            folder = Path(top)
            is_deep = len(folder.relative_to(self._folder).parts) >= DEEPEST
            folders[:] = [] if is_deep else [name for name in sorted(folders) if _is_handbook(name)]
            files = [name for name in names if name.endswith(ENDING)]
            yield folder, [name for name in files if _is_plain(folder / name)]


def _is_handbook(name: str) -> bool:
    return not name.startswith(".") and name not in LEFT_OUT


def _is_plain(path: Path) -> bool:
    """A file, and no link to one, nor a pipe that would be waited for."""
    return path.is_file() and not path.is_symlink()
