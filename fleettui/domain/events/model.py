"""An event: something that concerns somebody. It is derived from a change, or from a promise and the time, and never kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from fleettui.documents import Document

Kind = Literal[
    "assigned",
    "mentioned",
    "answered",
    "breaching",
    "breached",
    "p0",
    "approval",
    "handed_over",
    "fixed",
    "touched",
]

KIND_WORDS: dict[Kind, str] = {
    "assigned": "somebody gave you a ticket",
    "mentioned": "somebody named you with @ in a note or an answer",
    "answered": "a customer wrote in what is yours, or what you follow",
    "breaching": "a promise is about to be broken",
    "breached": "a promise was broken",
    "p0": "an urgent ticket arrived",
    "approval": "your approval is asked",
    "handed_over": "somebody handed you a step, a call, a shift, or their work while they are away",
    "fixed": "an issue that your tickets wait for is closed",
    "touched": "somebody changed what is yours",
}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is a sentence to those in `logins`."""

    key: str
    """The same for the same event, whoever derives it and whenever."""
    kind: Kind
    at: datetime
    collection: str
    id: str
    logins: tuple[str, ...] = ()
    by: str = ""
    """The login of who did it, or the name of the customer who wrote; empty where only time passed."""
    text: str
    about: tuple[str, ...] = ()
    """Also news for those who follow one of these: the ticket, the customer."""
    together: tuple[str, ...] = ()
    """The ids of all documents that it is about, where they are several."""


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one document, as far as events need it."""

    collection: str
    id: str
    rev: int
    at: datetime
    by: str
    verb: str
    before: Document | None
    after: Document | None
    done: Callable[[], str]
    """What was done, in words."""
    arrived: bool = False
    """It came from outside, whoever's account took it in."""
    is_news: bool = True
    """It was not taken back since, and takes nothing back itself."""

    def event(self, kind: Kind, logins: tuple[str, ...], text: str, **fields: object) -> Event:
        """Never to whoever did it."""
        to = logins if self.arrived else tuple(login for login in logins if login != self.by)
        values = {"by": "" if self.arrived else self.by, **fields}
        key = f"{self.collection}/{self.id}/{self.rev}/{kind}"
        return Event(
            key=key, kind=kind, at=self.at, collection=self.collection, id=self.id, logins=to, text=text,
            **values,  # type: ignore[arg-type]
        )  # fmt: skip
