"""What every group of actions is given: the store, the login of the person, the clock, and the team's policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from zoneinfo import ZoneInfo

from fleettui.documents import Document
from fleettui.store.protocol import Collection, NoSuchDocument, Stamp, Store
from fleettui.text import cleaning
from fleettui.time.clock import Clock

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.time.business import Calendar


T = TypeVar("T", bound=Document)


class PolicySource(Protocol):
    """The team's handbook. Read it each time it is needed, and keep no copy: somebody may edit it."""

    @property
    def handbook(self) -> Handbook: ...

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def calendar(self) -> Calendar: ...


@dataclass(frozen=True)
class Session:
    """Who acts, when, and on what."""

    store: Store
    login: str
    clock: Clock
    policy: PolicySource

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The day in the team's time zone."""
        return self.clock().astimezone(self.policy.zone).date()

    def stamp(self, verb: str, why: str = "") -> Stamp:
        """Who, when and why, as the history keeps it."""
        return Stamp(by=self.login, at=self.clock(), verb=verb, why=why)

    def edit(
        self,
        collection: Collection[T],
        id_: str,
        edit: Callable[[T], T],
        verb: str,
        why: str = "",
        *,
        seen: int | None = None,
    ) -> T:
        """Change a document that exists. `seen` is the revision that the writer looked at."""
        changed = self.store.change(
            collection, id_, editing_existing(collection, id_, edit), self.stamp(verb, why), seen=seen
        )
        assert changed is not None, "an edit never removes"  # noqa: S101
        return changed


def editing_existing(collection: Collection[T], id_: str, edit: Callable[[T], T]) -> Callable[[T | None], T]:
    """`edit` as the store calls it (an `Editor`): refused where there is no document."""

    def change(document: T | None) -> T:
        if document is None:
            raise NoSuchDocument(collection.name, cleaning.line(id_, 40))
        return edit(document)

    return change
