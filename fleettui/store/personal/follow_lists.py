"""Who follows what, for those who tell others of it: a file for each person, which the whole team may read.

Each person's own session writes theirs. What cannot be read or written is left out: the person's own inbox does without it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from urllib.parse import quote, unquote

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import Where, in_workspace
from fleettui.store import files

ENDING = ".follows"
Followed = dict[str, int]
"""Ids of tickets and customers, each with the microsecond since when."""


class FollowLists:
    def __init__(self, home: Where, modes: files.Modes) -> None:
        self._folder, self._modes = in_workspace(home) / "seen", modes
        self._known: dict[str, tuple[tuple[int, int, int], Followed]] = {}

    def publish(self, login: str, followed: Mapping[str, int]) -> None:
        """In the name of the person whose session this is."""
        name = f"{quote(login, safe='')}{ENDING}"
        if self._read(name) == dict(followed):
            return
        with contextlib.suppress(OSError, Unusable):
            files.make_folder(self._folder, self._modes)
            content = msgspec.json.encode(dict(followed))
            files.write_atomic(self._folder.of_mine(name), content, self._modes.file & ~0o020)

    def all(self) -> dict[str, Followed]:
        """By login. A file is read again only when it has changed."""
        try:
            entries = self._folder.entries()
        except (OSError, Unusable):
            return {}
        known = {}
        for name, facts in entries:
            if name.endswith(ENDING):
                stamp = facts.st_ino, facts.st_mtime_ns, facts.st_size
                before = self._known.get(name)
                known[name] = before if before and before[0] == stamp else (stamp, self._read(name))
        self._known = known
        return {unquote(name.removesuffix(ENDING)): followed for name, (_, followed) in known.items()}

    def _read(self, name: str) -> Followed:
        with contextlib.suppress(OSError, Unusable, *UNREADABLE):
            return msgspec.json.decode(files.read_file(self._folder / name), type=Followed)
        return {}
