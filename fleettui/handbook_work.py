"""The shape of the handbook's files about recurring and planned work: rituals, playbooks, calls, reaching out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from fleettui.businesstime import Hours
from fleettui.checklist_check import Mistake, mistakes
from fleettui.checklist_types import Checklist, Evidence, Fact, Step
from fleettui.errors import WrongUsage
from fleettui.handbook_types import unique
from fleettui.recurrence import Rhythm

Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


# rituals.json


class Ritual(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that the team does again and again (RIT)."""

    id: str
    name: str
    purpose: str
    dri: str
    """A login or a role."""
    rhythm: Rhythm
    frequency: str = ""
    """The rhythm in words, where words say it better than the product would."""
    per_customer: Literal["", "commercial"] = ""
    """One box for each customer of this kind in every period."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    all_day: bool = False
    target_minutes: Count | None = None
    """For duties that last all day: the figure to stay under."""
    fed_by: Literal["", "answer times", "documentation questions", "on-call retro", "quiet opportunities"] = (
        ""
    )
    quiet_days: Count | None = None
    """With "quiet opportunities": days without contact."""
    playbook: str = ""
    """Its steps are those of this playbook."""
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: Evidence | None = None
    messages: tuple[str, ...] = ()
    channel: str = ""
    url: str = ""
    note: str = ""
    retired: bool = False
    replaced_by: str = ""
    rule: str = ""

    @property
    def checklist(self) -> Checklist:
        return Checklist(facts=self.facts, steps=self.steps)


class Rituals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rituals: tuple[Ritual, ...]

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("rituals", "id", self.rituals)
        ids = {ritual.id for ritual in self.rituals}
        for number, ritual in enumerate(self.rituals):
            path = f"rituals[{number}]"
            yield from ((f"{path}.{field}", what) for field, what in _named_rituals(ritual, ids))
            yield from ((f"{path}.{field}", what) for field, what in mistakes(ritual.checklist))
            if ritual.playbook and ritual.steps:
                yield f"{path}.steps", "a ritual takes its steps from a playbook or has its own, not both"
            if ritual.fed_by == "quiet opportunities" and not ritual.quiet_days:
                yield f"{path}.quiet_days", "is wanted: days without contact"


def _named_rituals(ritual: Ritual, ids: set[str]) -> Iterator[Mistake]:
    replaced = (ritual.replaced_by,) if ritual.replaced_by else ()
    for field, names in (("before", ritual.before), ("after", ritual.after), ("replaced_by", replaced)):
        for name in names:
            if name not in ids:
                yield field, f"no ritual is called {name!r}"
            elif name == ritual.id:
                yield field, "names the ritual itself"


# playbooks/*.json


class Playbook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done on demand, as a checklist with owners (PLAY)."""

    id: str
    name: str
    purpose: str
    rule: str = ""
    dri: str = ""
    dri_note: str = ""
    customer: bool = True
    """Whether a run is for a customer."""
    reminders: tuple[str, ...] = ()
    """Messages shown when a run begins."""
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]

    @property
    def checklist(self) -> Checklist:
        return Checklist(facts=self.facts, steps=self.steps)

    def mistakes(self) -> Iterator[Mistake]:
        if not self.id.strip():
            yield "id", "is empty"
        yield from mistakes(self.checklist)


# calls.json


class Preparation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hours_before: Count
    group: str
    """The key of the steps' group; likewise below."""
    rule: str


class Joining(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Minutes before the start: not earlier than `earliest`, not later than `latest`."""

    earliest: Count
    latest: Count
    group: str
    rule: str


class Missed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    after_minutes: Count
    group: str
    rule: str


class Slots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many other times are proposed, from when on, and how many days ahead they are looked for."""

    least: Count
    most: Count
    from_business_days: Count
    within_days: Count
    step_minutes: Count
    their_hours: dict[str, list[tuple[str, str]]] = msgspec.field(
        default_factory=lambda: {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    )
    """When customers are usually at work, on the clock of their zone."""
    rule: str


class Notes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The messages that make the title and the heading of a call's notes (CALL-2)."""

    title: str
    heading: str
    document: str
    meeting_title: str
    folder: str = ""
    rule: str


class CallKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    name: str
    minutes: Count
    internal: bool = False
    repeats_weeks: Count | None = None
    purpose: str = ""
    rule: str


class Calls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kinds: tuple[CallKind, ...]
    notes: Notes
    prepare: Preparation
    join: Joining
    missed: Missed
    after: str
    """The key of the group of what follows a call."""
    slots: Slots
    etiquette: Advice
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]

    @property
    def checklist(self) -> Checklist:
        return Checklist(facts=self.facts, steps=self.steps)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("kinds", "key", self.kinds)
        yield from mistakes(self.checklist)
        groups = {step.key for step in self.steps}
        named = {"prepare.group": self.prepare.group, "join.group": self.join.group}
        named |= {"missed.group": self.missed.group, "after": self.after}
        for field, key in named.items():
            if key not in groups:
                yield field, f"none of the steps is called {key!r}"
        if not 1 <= self.slots.least <= self.slots.most:
            yield "slots", "least is at least 1 and at most as much as most"
        if not self.slots.step_minutes:
            yield "slots.step_minutes", "is at least 1"
        try:
            Hours(zone="UTC", open=self.slots.their_hours)
        except WrongUsage as error:
            yield "slots.their_hours", str(error)
        if self.join.latest > self.join.earliest:
            yield "join", "latest is nearer to the start than earliest: fewer minutes"


# gtm.json


class ReachOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who writes first to this kind of account (GTM-1)."""

    kind: str
    name: str
    role: str
    helps: tuple[str, ...] = ()
    note: str = ""
    rule: str


class Ranked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In the order of the list: the first comes first."""

    key: str
    name: str
    rule: str


class LeadStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    name: str
    open: bool = True
    contact: bool = True
    """Whether writing to them is allowed."""
    rule: str


class Advice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    text: str
    rule: str


class Sanctions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Said wherever a quote or an onboarding begins (GTM-6)."""

    reminder: str
    message: str
    at: tuple[str, ...]
    """The playbooks that begin with it."""
    url: str = ""
    rule: str


class Gtm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reach_out: tuple[ReachOut, ...]
    account_priorities: tuple[Ranked, ...]
    lead_statuses: tuple[LeadStatus, ...]
    review_days: Count
    """GTM-4: how far back a rep's activity is looked at."""
    quiet_days: Count
    """RIT-11: without contact for so long, an opportunity is closed lost."""
    first_contact: tuple[Advice, ...]
    text_rules: tuple[Advice, ...]
    sanctions: Sanctions

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("reach_out", "kind", self.reach_out)
        yield from unique("account_priorities", "key", self.account_priorities)
        yield from unique("lead_statuses", "key", self.lead_statuses)
