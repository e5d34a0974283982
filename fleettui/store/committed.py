"""What this process has put on disk, so that whatever fails afterwards cannot be taken for a refusal.

A command asks at its end: once there is a commit, it has succeeded, and what went wrong later is a warning.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

MOST = 100
"""So many are remembered: an app runs all day, a command makes a few."""


class Commit(NamedTuple):
    """A change that is on disk: the document with its new revision, or a file; and by which action."""

    id: str
    revision: int
    verb: str


class _Log:
    is_aside = False

    def __init__(self) -> None:
        self.commits: deque[Commit] = deque(maxlen=MOST)
        self.troubles: deque[str] = deque(maxlen=MOST)


_log = _Log()


def begin() -> None:
    """A command begins: what was done before is not its own."""
    _log.commits.clear()
    _log.troubles.clear()


def note(id_: str, revision: int, verb: str) -> None:
    """Right after the disk has it."""
    if not _log.is_aside:
        _log.commits.append(Commit(id_, revision, verb))


@contextmanager
def aside() -> Iterator[None]:
    """What is written in this block is not what the command is about."""
    _log.is_aside = True
    try:
        yield
    finally:
        _log.is_aside = False


def note_trouble(text: str) -> None:
    """What failed although the change is on disk."""
    _log.troubles.append(text)


def commits() -> list[Commit]:
    return list(_log.commits)


def troubles() -> list[str]:
    return list(_log.troubles)
