"""What every group of actions is given: the store, the login of the person, the clock, and the team's policy."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from fleettui import config
from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store.protocol import Collection, Entry, NoSuchDocument, Stamp, Store
from fleettui.text import cleaning
from fleettui.time.clock import Clock, machine_microseconds, steady_microseconds

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.store.signing import SshKey
    from fleettui.time.business import Calendar


T = TypeVar("T", bound=Document)

INTAKE, CONNECT = "intake", "connect"
"""The sessions of all that arrives by itself, and of what the outbox does: undo leaves it alone, whoever's account did it."""
BY_ITSELF = (INTAKE, CONNECT)
FOUNDING = ("init",)
"""The documents of a new workspace are nobody's change, so undo leaves them."""
ARRIVALS = ("tickets.arrive", "tickets.edited", "tickets.gone")
"""What came from outside, in a history that does not say yet that the intake wrote it."""


def is_arrival(entry: Entry) -> bool:
    """It came from outside, whoever's account took it in."""
    return entry.session in BY_ITSELF or entry.verb in ARRIVALS


class PolicySource(Protocol):
    """The team's handbook. Read it each time it is needed, and keep no copy: somebody may edit it."""

    @property
    def handbook(self) -> Handbook: ...

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def calendar(self) -> Calendar: ...


class Session(msgspec.Struct, frozen=True):
    """Who acts, when, and on what."""

    store: Store
    login: str
    clock: Clock
    policy: PolicySource
    id: str = ""
    """Of an open app, or INTAKE; empty for a command. The history keeps it, so that undo knows what was done here."""
    began: int = 0
    """Microseconds since 1970 by the machine's own clock, when it was opened."""
    began_after: int = 0
    """The same on the clock that is never set, which counts from no known moment."""
    request: str = ""
    """Of a script that may repeat its command; the history keeps it (`Entry.request`)."""

    @classmethod
    def of_app(cls, store: Store, login: str, clock: Clock, policy: PolicySource) -> Session:
        """With an id that no other session of that person has."""
        return cls(
            store, login, clock, policy, os.urandom(4).hex(), machine_microseconds(), steady_microseconds()
        )

    @classmethod
    def of_intake(cls, store: Store, login: str, clock: Clock, policy: PolicySource) -> Session:
        return cls(store, login, clock, policy, INTAKE)

    def since(self) -> int:
        """Nothing recorded before it is of this session, also where the machine's clock was set back meanwhile."""
        if not self.began:
            return 0
        return min(self.began, machine_microseconds() - (steady_microseconds() - self.began_after))

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The day in the team's time zone."""
        return self.clock().astimezone(self.policy.zone).date()

    def day_typed(self, field: str, text: str) -> date:
        """A day that lies ahead, as a person types it."""
        from fleettui.time import typed  # late: few commands read one

        return typed.day(text, field, self.now(), self.policy.zone)

    def stamp(self, verb: str, why: str = "") -> Stamp:
        """Who, when and why, as the history keeps it."""
        return Stamp(
            by=self.login,
            at=self.clock(),
            verb=verb,
            why=cleaning.clean(why).strip(),
            session=self.id,
            request=self.request,
        )

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


def refuse_removed(store: Store, collection: Collection[Any], id_: str) -> None:
    """Where there was such a document, say how it comes back."""
    if store.history(collection, id_):
        raise Refused(f"{id_} was removed; `fleettui undo {id_}` brings it back.")


def editing_existing(collection: Collection[T], id_: str, edit: Callable[[T], T]) -> Callable[[T | None], T]:
    """`edit` as the store calls it (an `Editor`): refused where there is no document."""

    def change(document: T | None) -> T:
        if document is None:
            raise NoSuchDocument(collection.name, cleaning.line(id_, 40))
        return edit(document)

    return change


def own_key() -> SshKey | None:
    """With which this person signs what they do; None where their config file does not say so, which is the rule."""
    file = config.signing_key()
    if file is None:
        return None
    from fleettui.store.signing import SshKey  # late: brings subprocess

    return SshKey(file)
