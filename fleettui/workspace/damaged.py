"""Documents that can be read and yet make no sense: a call in the year 9999, a run whose steps are of another playbook. Each
stands as one damaged row where its own row would stand, and takes nothing else away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.errors import FleettuiError, Unusable
from fleettui.text import cleaning
from fleettui.time.zones import zone_or_none


class Identified(Protocol):
    @property
    def id(self) -> str: ...


D = TypeVar("D", bound=Identified)
T = TypeVar("T")


class Damaged(msgspec.Struct, frozen=True):
    """What is wrong with a document, in words, and what helps."""

    id: str
    why: str

    @property
    def helps(self) -> str:
        return f"`fleettui history {self.id}` shows what changed it, `fleettui undo {self.id}` takes the last change back"

    @property
    def in_words(self) -> str:
        return f"{self.id} is damaged: {self.why}; {self.helps}"


ZONE_OF_THE_DRI = "owner"
"""A ritual says so of its days."""


class MakesNoSense(ValueError):
    """What a document says cannot be, though it can be read. No action writes such a thing; a script, or somebody with an editor,
    could."""


def refuse_nonsense(document: object) -> None:
    """`MakesNoSense` where a document by itself does not: a time zone that nobody knows."""
    zone = getattr(document, "zone", "") if isinstance(document, Document) else ""
    if zone and zone != ZONE_OF_THE_DRI and not zone_or_none(zone):
        raise MakesNoSense(f"nobody knows its time zone {zone[:40]!r}")


def damaged_by(id_: str, error: Exception) -> Damaged:
    """`error` came while its row was made."""
    if isinstance(error, FleettuiError | MakesNoSense):
        why = str(error)
    elif isinstance(error, OverflowError):
        why = "a time in it is too far away to be reckoned with"
    elif isinstance(error, RecursionError):
        why = "it leads back to itself"
    elif isinstance(error, KeyError | IndexError | StopIteration):
        why = f"something that it names is not there ({cleaning.line(str(error), 60)})"
    else:
        why = f"it makes no sense ({cleaning.line(f'{type(error).__name__}: {error}', 100)})"
    return Damaged(id_, why)


class Sieve:
    """Makes something of each document, and keeps those aside of which nothing can be made."""

    def __init__(self) -> None:
        self._errors: dict[str, tuple[Damaged, Exception]] = {}

    @property
    def damaged(self) -> tuple[Damaged, ...]:
        return tuple(damaged for damaged, _ in self._errors.values())

    @property
    def errors(self) -> tuple[tuple[Damaged, Exception], ...]:
        """With the exception of each, for the log."""
        return tuple(self._errors.values())

    def each(self, documents: Iterable[D], make: Callable[[D], Iterable[T]]) -> Iterator[T]:
        """What `make` makes of every sound document. A mistake in the handbook is nobody's damage."""
        for document in documents:
            try:
                refuse_nonsense(document)
                yield from list(make(document))
            except Unusable:
                raise
            except Exception as error:
                self._errors[document.id] = damaged_by(document.id, error), error
