"""What a calendar says of a call: who is invited and how they answered, one version of an invite, how a series goes on."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

Answer = Literal["needs-action", "accepted", "declined", "tentative", "delegated"]
Kind = Literal["request", "reply", "cancel"]
BusyAs = Literal["", "free", "out of office", "focus time", "elsewhere"]

ANSWERS: tuple[Answer, ...] = get_args(Answer)
OLD_ANSWERS = {"tentative": "perhaps at"}
MOST_ATTENDEES = 300
MOST_DOCUMENTS = 50


class Attendee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody in the invite, with their own answer. `invited` is false for who answered without being asked."""

    email: str
    name: str = ""
    status: Answer = "needs-action"
    ours: bool = False
    invited: bool = True
    optional: bool = False
    answered: datetime | None = None
    answered_before: Answer = "needs-action"
    """Their answer for the time that it was moved from: it says nothing of the new one."""

    @property
    def shown(self) -> str:
        """The name, or one made from the address."""
        return self.name or name_from_email(self.email)

    @property
    def old_answer(self) -> str:
        """What they answered for the old time, in words; empty where they answered for this one, or never."""
        if self.status != "needs-action" or self.answered_before == "needs-action":
            return ""
        return f"{OLD_ANSWERS.get(self.answered_before, self.answered_before)} the old time"


class AgendaDocument(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """CALL-6. Without a link it is inside the invite itself: everybody who has that can open it."""

    title: str
    url: str = ""


class Invite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One event as a calendar wrote it, cleaned; times in UTC."""

    kind: Kind = "request"
    uid: str
    recurrence: str = ""
    of_series: bool = False
    """Stands for a whole series (an answer or a cancellation of all of it)."""
    sequence: int = 0
    stamped: datetime | None = None
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    zone: str = ""
    join_url: str = ""
    place: str = ""
    about: str = ""
    organizer: str = ""
    organizer_name: str = ""
    attendees: tuple[Attendee, ...] = ()
    documents: tuple[AgendaDocument, ...] = ()
    private: bool = False
    """Marked so (CLASS): nobody else's business."""
    busy_as: BusyAs = ""
    """Where the calendar says that this is no meeting."""


class Series(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a series goes on: its rules as the calendar wrote them (RRULE), and what differs from them."""

    rules: tuple[str, ...] = ()
    start: datetime
    zone: str
    """On whose wall clock it repeats."""
    lasts: int
    """Minutes."""
    dates: tuple[datetime, ...] = ()
    """Single times besides (RDATE)."""
    without: tuple[str, ...] = ()
    """Those that do not take place (EXDATE, cancelled ones), by their planned start."""
    changed: tuple[Invite, ...] = ()
    """Those that differ (RECURRENCE-ID)."""


def name_from_email(email: str) -> str:
    """A name made from an address: sam.lee@… is Sam Lee."""
    words = email.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word and not word.isdigit()) or email
