"""What becomes of a text that is to leave by mail or Slack, as it is kept with the text itself."""

from datetime import datetime
from typing import Literal

import msgspec

Way = Literal["mail", "slack", "github"]
"""The last one is for new issues alone."""
State = Literal["queued", "sending", "sent", "failed", "uncertain"]

TO_DO: tuple[State, ...] = ("failed", "uncertain")
"""A person has to decide: send again, or leave it."""


class Delivery(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """The order to send a text. `states.py` says how it goes on; a text without one is for somebody to copy."""

    way: Way
    to: tuple[str, ...]
    """Addresses, the id of the channel, or the repository."""
    copies: tuple[str, ...] = ()
    """Who gets the mail too, as "Name <address>"."""
    thread: str = ""
    """The stamp of the thread in Slack. A mail finds its thread by the ids of the mails before it."""
    state: State
    leaves_at: datetime
    """Until then undo takes back the text with its order."""
    tries: int = 0
    tried_at: datetime | None = None
    """When the last try began."""
    sent_at: datetime | None = None
    again_at: datetime | None = None
    """When the next try may begin, after one that surely did not get through."""
    external: str = ""
    """The Message-ID of a mail, known when it is queued; the stamp that Slack gave to the message, or the link of
    the issue, known when it is sent."""
    unsure: bool = False
    """An earlier try may have got through: whoever sends it looks first."""
    repeats: int = 0
    """How often it was sent again by itself after a try of unknown outcome."""
    why: str = ""
    """Why the last try did not get through, or why its outcome is not known."""

    @property
    def is_open(self) -> bool:
        """It is not sent yet, and nobody has given it up."""
        return self.state != "sent"

    @property
    def is_untried(self) -> bool:
        """No try has begun: nothing of it can have left."""
        return self.state == "queued" and self.tried_at is None

    @property
    def next_at(self) -> datetime:
        """When it may leave, or be tried again."""
        return max(self.leaves_at, self.again_at) if self.again_at else self.leaves_at

    def is_due(self, now: datetime) -> bool:
        return self.state == "queued" and self.next_at <= now
