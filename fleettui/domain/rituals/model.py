"""What the team does again and again, and the record of each time (RIT).

A `Ritual` is the definition: a new workspace has those of the handbook, and from then on they are the team's. An `Instance`
is one period of one ritual, stored from the first tick or skip on; a period that nobody touched is not stored but worked out.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from fleettui.documents import Document
from fleettui.domain.checklists.model import Checklist, Evidence, Fact, Run, Step
from fleettui.domain.rituals.recurrence import Period, Rhythm, in_words
from fleettui.text import finding

Feed = Literal[
    "", "answer times", "documentation questions", "held calls", "on-call retro", "quiet opportunities"
]
CUSTOMER_MEETINGS = "customer-meetings"
"""The handbook's name for RIT-9. A workspace of before `held calls` knows it only by this."""

KEPT_AT_HAND = timedelta(days=400)
"""Periods younger than this stay in the working file: a year's grid is drawn from them."""


class Era(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rhythm and the days on which it is in force, both included. A later rhythm does not change what was due before."""

    rhythm: Rhythm
    first: date
    last: date | None = None
    carried: str = ""
    """The id of the record with which its first period goes on; it was begun in the rhythm before."""


class FormerDri(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose the ritual was, and until when."""

    dri: str
    last: date


class ImportedFields(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a file said of the ritual when it was last read: only what differs from it then is taken over."""

    task: str
    started: date
    frequency: str
    description: str = ""
    url: str = ""
    dri: str = ""
    labels: tuple[str, ...] = ()
    repo: str = ""
    file: str = ""
    """Its path below the folder that was read, or its name. Part of what the entry is: several files may have the same task."""
    folder: str = ""
    """The name of the folder that was read as a whole; none where a single file was."""


class Ritual(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that the team does again and again."""

    name: str
    key: str = ""
    """What the handbook's files call it."""
    purpose: str = ""
    dri: str = ""
    """A login or a role."""
    former_dris: tuple[FormerDri, ...] = ()
    """The earliest first."""
    rhythm: Rhythm
    since: date
    """From this day on the rhythm counts."""
    carried: str = ""
    """As in `Era`."""
    earlier: tuple[Era, ...] = ()
    zone: Literal["", "owner"] = ""
    """Whose days and wall times count: the team's, or those of the DRI."""
    frequency: str = ""
    """The rhythm in words, where they say it better than the product would."""
    per_customer: Literal["", "commercial"] = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    all_day: bool = False
    target_minutes: int | None = None
    fed_by: Feed = ""
    quiet_days: int | None = None
    playbook: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: Evidence | None = None
    messages: tuple[str, ...] = ()
    channel: str = ""
    url: str = ""
    note: str = ""
    labels: tuple[str, ...] = ()
    repo: str = ""
    """Where the reminder is published as an issue, and under which labels."""
    retired: date | None = None
    """From this day on it is owed no more."""
    replaced_by: str = ""
    imported: ImportedFields | None = None

    @property
    def often(self) -> str:
        """The rhythm in words."""
        return self.frequency or in_words(self.rhythm)

    @property
    def fed(self) -> Feed:
        """By what it is fed."""
        return "held calls" if not self.fed_by and self.key == CUSTOMER_MEETINGS else self.fed_by

    @property
    def eras(self) -> tuple[Era, ...]:
        """All rhythms there were, oldest first. The last one ends when the ritual is retired.

        One that ends before it begins is ignored.
        """
        last = None if self.retired is None else self.retired - timedelta(days=1)
        now = Era(rhythm=self.rhythm, first=self.since, last=last, carried=self.carried)
        return (*self.earlier, now)

    def dri_on(self, day: date) -> str:
        """Whose it is, or was, on that day."""
        return next((former.dri for former in self.former_dris if day <= former.last), self.dri)

    @property
    def counted_from(self) -> date:
        """The first day of the first rhythm. Earlier periods are never counted as missed."""
        return self.eras[0].first

    @property
    def checklist(self) -> Checklist | None:
        """Its own steps, if it has any."""
        return Checklist(facts=self.facts, steps=self.steps) if self.steps else None


class Tick(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Done, by whom and when."""

    by: str
    at: datetime
    covers: str = ""
    """The DRI, where somebody else did it."""
    evidence: str = ""
    source: str = ""
    """What it follows from: the id of a call or a run, the week of a look back. Such a tick is never kept (`followed.py`)."""


class Skip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Left out, by whom and why."""

    by: str
    at: datetime
    why: str


class Instance(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One period of one ritual, with what it asked for: a later edit of the ritual does not change it."""

    ritual: str
    first: date
    last: date
    due: datetime
    times: tuple[int, int] = (1, 1)
    dri: str = ""
    ticks: tuple[Tick, ...] = ()
    per_customer: bool = False
    customers: tuple[str, ...] = ()
    """The ids of those who each have a box, as they were at the last change."""
    boxes: dict[str, Tick] = {}
    left_out: dict[str, Skip] = {}
    checklist: Checklist | None = None
    run: Run | None = None
    covers: dict[str, str] = {}
    """By step, the DRI where somebody else ticked it."""
    skipped: Skip | None = None
    followed: Tick | None = None
    """Done as a whole because something else was done. Never kept: it is worked out as the record is read (`followed.py`)."""

    @property
    def touched(self) -> bool:
        """Something in it was ticked or skipped, or follows from other work."""
        marks = self.run.marks if self.run else {}
        return bool(self.ticks or self.boxes or self.left_out or marks or self.skipped or self.followed)


def archive_after(instance: Instance) -> datetime:
    """From when on the record may leave the working file."""
    return instance.due + KEPT_AT_HAND


def instance_key(ritual: Ritual, era: int, period: Period) -> str:
    """The id of a period's record, the same for every session. The era tells periods of two rhythms apart."""
    return f"{ritual.id}@{period.key}" + (f".{era + 1}" if era else "")


def matching(rituals: Iterable[Ritual], typed: str) -> Ritual:
    """By id, by the handbook's name for it, or by name; by the beginning of a name when only one fits."""
    every = list(rituals)
    # The name of a retired ritual may be used again.
    active = [ritual for ritual in finding.exact(every, typed, _names_of) if ritual.retired is None]
    return finding.find(
        active or every,
        typed,
        names=_names_of,
        beginnings=lambda ritual: (ritual.name,),
        label=lambda ritual: ritual.id,
        unknown="There is no ritual {}; `fleettui rituals list` shows what there is.",
    )


def _names_of(ritual: Ritual) -> tuple[str, ...]:
    return (ritual.id, ritual.key, ritual.name)
