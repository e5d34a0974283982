"""What a workspace keeps besides its documents, and what each promises: notes of one person for themselves, who is here, and the
files that documents name. Nothing above this module may know how any of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol


class Standing(NamedTuple):
    """How the way to what a workspace is kept on stands."""

    where: str = ""
    away_since: datetime | None = None
    """None: it is there."""
    pause: float = 0.0
    """Seconds until it is tried again."""
    why: str = ""
    is_read_only: bool = False
    """It is read, and cannot be written now."""


class Drafts(Protocol):
    """What one person has typed and not sent, by what it is about. Nobody else reads it."""

    def get(self, about: str) -> str | None: ...

    def keep(self, about: str, text: str) -> None:
        """Somewhere, also where the workspace cannot be written; only where nothing can be it is an error."""

    def drop(self, about: str) -> None: ...

    def texts(self) -> dict[str, str]:
        """All of them. Costs little where nothing has changed."""

    def all(self) -> list[tuple[str, datetime]]:
        """What there are drafts of, and from when."""


class Visitor(Protocol):
    """A session of somebody, and what it shows of itself."""

    @property
    def login(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def key(self) -> str:
        """Tells two sessions apart."""

    @property
    def since(self) -> datetime: ...

    @property
    def screen(self) -> str: ...

    @property
    def looking_at(self) -> str | None: ...

    @property
    def typing(self) -> bool: ...


class Presence(Protocol):
    """Who is at work. A courtesy to others: where it cannot be shown, the work goes on without it."""

    def enter(self, login: str, name: str, now: datetime) -> None: ...

    def show(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None: ...

    def leave(self) -> None: ...

    def changed(self) -> bool:
        """Whether somebody came, went or moved since the last call. Several times a second."""

    def others(self) -> Sequence[Visitor]:
        """Everybody else, the longest here first. Whose process has ended is not among them for long."""


class ReadMarks(Protocol):
    """Up to which revision one person has seen each document, over all sessions of that person."""

    @property
    def version(self) -> int:
        """Higher after every look, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions noted; whether there was something."""

    def rev(self, id_: str) -> int: ...

    def look(self, id_: str, rev: int) -> None: ...


class Notebook(Protocol):
    """Keys and values that one person notes for themselves, over all sessions of that person."""

    @property
    def version(self) -> int:
        """Higher after every change, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions noted; whether there was something."""

    def get(self, key: str) -> str:
        """Empty where nothing is noted."""

    def keys(self, beginning: str) -> list[str]:
        """What stands behind that beginning, in the order in which it was noted."""

    def note(self, values: Iterable[tuple[str, str]]) -> None:
        """An empty value takes a key off. Where it cannot be kept this says so."""


class Noted(NamedTuple):
    """A read mark, or a line of a notebook, as it is when the workspace moves."""

    login: str
    kind: str
    """ "seen", or what the notebook is about."""
    key: str
    value: str


class PastSearches(Protocol):
    """What one person searched for, by the name of the list."""

    def of(self, name: str) -> list[str]:
        """The last one first, each once."""

    def keep(self, name: str, typed: str) -> None: ...


class FollowLists(Protocol):
    """Who follows what, for those who tell others of it: everybody reads it, and each session writes its own person's."""

    def publish(self, login: str, followed: Mapping[str, int]) -> None: ...

    def all(self) -> dict[str, dict[str, int]]:
        """By login: ids, each with the microsecond since when."""


class Chosen(Protocol):
    """What somebody chose lately in this workspace, and how often: for that person alone, on this box."""

    def follow(self) -> None: ...

    def choose(self, key: str, now: datetime) -> None: ...

    def used(self, now: datetime) -> dict[str, float]: ...


class KeptFiles(Protocol):
    """The files that documents name, by the sha256 of their content."""

    def keep(self, content: bytes) -> str:
        """Kept for good when this returns. The same content twice is one file."""

    def read(self, name: str) -> bytes:
        """Refused where it is missing."""

    def path(self, name: str) -> Path:
        """A file of this box that has the content, or would have it: to be shown and opened."""

    def names(self) -> Sequence[str]:
        """All of them."""
