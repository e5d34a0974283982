"""The shape of calls.json."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, absent, checklist_mistakes, unique
from fleettui.domain.checklists.model import Checklist, Count, Fact, Step
from fleettui.domain.checklists.status import every_step
from fleettui.domain.customers.policy import Advice
from fleettui.errors import WrongUsage
from fleettui.time.business import Hours

HOST = r"[\w-]+(\.[\w-]+)*\.?"
NETWORK = r"[0-9a-fA-F:.]+(/\d{1,3})?"

# The keys by which the product knows steps, facts and messages of a call, and what each is needed for.

ACCEPTED_STEP = "check-accepted"
CONFIRM_STEP = "confirm"
CONFIRMED_STEP = "confirmed"
LINK_STEP = "link"
DOCUMENTS_STEP = "documents-open"
DOCUMENTS_GROUP = "documents"
DOCUMENTS_ATTACHED_STEP = "documents-attached"
AGENDA_FACT = "agenda"
NUMBER_STEP = "missed-number"
SLOTS_STEP = "missed-slots"
NEXT_STEPS_STEP = "after-next-steps"

NEEDED_STEPS = {
    ACCEPTED_STEP: "noting who has accepted (CALL-3)",
    CONFIRM_STEP: "asking whether they are coming (CALL-4)",
    LINK_STEP: "trying the link of the call (CALL-5)",
    DOCUMENTS_STEP: "trying the links of the documents (CALL-6)",
    SLOTS_STEP: "proposing other times (CALL-8)",
    NEXT_STEPS_STEP: "reminding of next steps that nobody wrote down (CALL-11)",
}
CONFIRM_WAYS = ("assistant", "email", "slack")
MISSED_WAYS = ("slack", "email", "linkedin", "text", "call", "slots", "details")
"""The last words of the keys of steps that reach somebody. They tell which address a step uses."""
KNOWN_FACTS = (
    "accepted",
    "assistant",
    "shared-channel",
    "invite-email",
    "linkedin",
    "phone",
    "missed",
    "agenda",
)
"""What the product answers by itself, from the invite and the customer list."""


class Preparation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CALL-3: how long before a call it is prepared."""

    hours_before: Count
    closed_days: Literal["opening", "closing"] = "opening"
    """Where that is on days on which nobody works: from the opening, or the closing, of the last business day before them."""
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
    """CALL-8: after how many minutes nobody there means missed."""

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
    """CALL-12: a kind of call, with its usual length."""

    key: str
    name: str
    minutes: Count
    internal: bool = False
    repeats_weeks: Count | None = None
    purpose: str = ""
    rule: str


class Links(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CALL-5, CALL-6: which links of a call are tried."""

    private: tuple[str, ...] = ()
    """Hosts, addresses and networks behind our firewall that may be asked."""

    def mistakes(self) -> Iterator[Mistake]:
        for place, entry in enumerate(self.private):
            if not re.fullmatch(NETWORK, entry) and not re.fullmatch(HOST, entry):
                what = "a host (wiki.example.com), an address or a network (10.20.0.0/16)"
                yield f"links.private[{place}]", f"is not {what}"


class CallPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """calls.json."""

    kinds: tuple[CallKind, ...]
    notes: Notes
    prepare: Preparation
    join: Joining
    missed: Missed
    after: str
    """The key of the group of what follows a call."""
    slots: Slots
    series_weeks: Count = 6
    """So many weeks ahead a series is laid out; the next one is there in any case."""
    links: Links = msgspec.field(default_factory=Links)
    etiquette: Advice
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]

    @property
    def checklist(self) -> Checklist:
        """What every call goes through."""
        return Checklist(facts=self.facts, steps=self.steps)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("kinds", "key", self.kinds)
        yield from checklist_mistakes(self.checklist)
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
        yield from self.links.mistakes()
        if self.join.latest > self.join.earliest:
            yield "join", "latest is nearer to the start than earliest: fewer minutes"

    def missing_keys(self) -> Iterator[Mistake]:
        steps = {step.key: step for step in every_step(self.steps)}
        yield from absent("steps", "step", NEEDED_STEPS, steps)
        for group, ways in ((CONFIRM_STEP, CONFIRM_WAYS), (self.missed.group, MISSED_WAYS)):
            if group in steps:
                endings = {step.key.rpartition("-")[2] for step in every_step(steps[group].steps)}
                needed = {
                    f"{group}-{way}": f"saying whom to reach by {way}" for way in ways if way not in endings
                }
                yield from absent(f"steps: {group}", "step", needed, ())
        facts = dict.fromkeys(KNOWN_FACTS, "what the product answers by itself")
        yield from absent("facts", "fact", facts, {fact.key for fact in self.facts})
