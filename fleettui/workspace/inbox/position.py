"""How far somebody has come in the feed of events: a cursor of the store, a moment, and what was told of the next commit."""

from datetime import UTC, datetime, timedelta

import msgspec

from fleettui.errors import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGN = "~"
ALL = "z"
"""As `last`: behind every key. All promises of that moment are told."""


class Position(msgspec.Struct, frozen=True):
    store: str
    """Behind the commits that are told."""
    at: datetime
    """Promises are told up to here."""
    last: str = ""
    """The key of the promise that was told last, of those of the same moment."""
    of_next: int = 0
    """How many events of the next commit are told."""

    @property
    def cursor(self) -> str:
        micros = (self.at - EPOCH) // timedelta(microseconds=1)
        return _SIGN.join((self.store, str(micros), self.last, str(self.of_next)))

    @classmethod
    def of(cls, cursor: str) -> "Position":
        try:
            store, micros, last, of_next = cursor.split(_SIGN)
            return cls(store, EPOCH + timedelta(microseconds=int(micros)), last, int(of_next))
        except (ValueError, OverflowError):
            raise Refused(
                "this is no cursor; give one that `fleettui follow --json` printed", field="since"
            ) from None
