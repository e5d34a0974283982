"""The shape of levels.json, labels.json, details.json and tickets.json."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, absent, checklist_mistakes, repeated, unique
from fleettui.domain.checklists.model import Checklist, Fact, Step
from fleettui.domain.checklists.status import every_step
from fleettui.domain.customers.policy import Codenames

# The keys by which the product knows checklists, steps, questions and details.

ISSUE_CHECKLIST = "issue"
SEARCH_STEP, WRITE_STEP = "search", "write"
ISSUE_FOUND_FACT = "found"
DOCUMENTATION_QUESTION = "documentation"
EXPECTED_DETAIL, ACTUAL_DETAIL = "expected", "actual"


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who works on a request of this depth (SUP-6)."""

    key: str
    name: str
    meaning: str
    priorities: tuple[str, ...] = ()
    """The priorities that begin at this level."""
    roles: tuple[str, ...]
    """Who is on it."""
    when_needed: tuple[str, ...] = ()
    """Who helps on request."""
    help: tuple[str, ...] = ()
    """Keys of the calls for help in channels.json."""
    rule: str


class Levels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """levels.json."""

    levels: tuple[Level, ...]

    def of(self, priority: str) -> Level | None:
        """Where a request of this priority begins."""
        return next((level for level in self.levels if priority in level.priorities), None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("levels", "key", self.levels)
        placed = (
            (f"levels[{row}].priorities[{number}]", priority)
            for row, level in enumerate(self.levels)
            for number, priority in enumerate(level.priorities)
        )
        yield from repeated("priority", placed)


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label with a meaning."""

    name: str
    meaning: str
    rule: str


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """labels.json."""

    customer_request: Label
    waiting_prefix: str
    """A label that begins so means: waiting for somebody outside (SUP-12)."""
    waiting: tuple[Label, ...]
    others: tuple[Label, ...] = ()
    codenames: Codenames

    def mistakes(self) -> Iterator[Mistake]:
        if not self.waiting_prefix:
            # Every label begins with nothing: all tickets would wait.
            yield "waiting_prefix", "is empty"
        for number, label in enumerate(self.waiting):
            if not label.name.startswith(self.waiting_prefix):
                yield f"waiting[{number}].name", f"{label.name!r} does not begin with {self.waiting_prefix!r}"
        names = (
            (f"codenames.pool[{number}]", name.casefold()) for number, name in enumerate(self.codenames.pool)
        )
        yield from repeated("codename", names)


class Detail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to know about a problem before it can be solved (SUP-10)."""

    key: str
    label: str
    question: str
    required: bool = False
    choices: tuple[str, ...] = ()
    rule: str


class Details(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """details.json."""

    details: tuple[Detail, ...]

    @property
    def required(self) -> tuple[Detail, ...]:
        """What has to be known before work begins."""
        return tuple(detail for detail in self.details if detail.required)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("details", "key", self.details)

    def missing_keys(self) -> Iterator[Mistake]:
        needed = dict.fromkeys((EXPECTED_DETAIL, ACTUAL_DETAIL), "the text of a public issue (SUP-11)")
        yield from absent("details", "detail", needed, {detail.key for detail in self.details})


class NewIssue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a public issue is opened, and the message that is its body (SUP-11)."""

    repository: str
    label: str
    body: str
    key_date_channel: str
    key_date_message: str
    customer_message: str
    searches: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """How many searches with other words come before a new issue."""
    rule: str


class TicketChecklist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A checklist that can open with a ticket."""

    key: str
    name: str
    opens_with: str = ""
    """A priority: the list opens by itself with such a ticket."""
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]
    rule: str

    @property
    def checklist(self) -> Checklist:
        """What a run of it goes through."""
        return Checklist(facts=self.facts, steps=self.steps)


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that the team answers."""

    key: str
    question: str
    rule: str


class FilePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether files that come with messages are kept in the workspace (SUP-5)."""

    keep: bool = False
    """A tickets.json without this leaves them behind, as it did before it could be chosen."""
    largest_file_mb: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 20
    largest_message_mb: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 30
    """All files of one message together."""
    rule: str = "SUP-5"


class TicketPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """tickets.json."""

    issue: NewIssue
    auto_reply: str
    """The message that answers out of hours (SUP-3)."""
    details_request: str
    dm_summary: str
    checklists: tuple[TicketChecklist, ...]
    resolving: tuple[Question, ...]
    """What is asked when a ticket is resolved (SUP-8, SUP-9)."""
    retro: tuple[Question, ...]
    """What the weekly look back asks (SUP-16)."""
    files: FilePolicy = FilePolicy()

    def checklist(self, key: str) -> TicketChecklist | None:
        """The checklist of this key."""
        return next((definition for definition in self.checklists if definition.key == key), None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("checklists", "key", self.checklists)
        yield from unique("resolving", "key", self.resolving)
        yield from unique("retro", "key", self.retro)
        for number, definition in enumerate(self.checklists):
            for path, what in checklist_mistakes(definition.checklist):
                yield f"checklists[{number}].{path}", what

    def missing_keys(self) -> Iterator[Mistake]:
        questions = {DOCUMENTATION_QUESTION: "asking whether the solution helps others (SUP-9)"}
        yield from absent("resolving", "question", questions, {question.key for question in self.resolving})
        lists = {ISSUE_CHECKLIST: "the way to a public issue (SUP-11)"}
        yield from absent("checklists", "checklist", lists, {row.key for row in self.checklists})
        definition = self.checklist(ISSUE_CHECKLIST)
        if definition is None:
            return
        steps = {
            SEARCH_STEP: "ticking the searches when they are made (SUP-11)",
            WRITE_STEP: "ticking the new issue when its link is there (SUP-11)",
        }
        facts = {ISSUE_FOUND_FACT: "knowing whether there was an issue already (SUP-11)"}
        path = f"checklists: {ISSUE_CHECKLIST}"
        yield from absent(f"{path}.steps", "step", steps, {step.key for step in every_step(definition.steps)})
        yield from absent(f"{path}.facts", "fact", facts, {fact.key for fact in definition.facts})
