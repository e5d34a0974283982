"""What a checklist is made of: the definition that a team writes, and the record of one run through it.

Rituals, calls, playbooks and tickets share it. The caller keeps a run together with the definition that it began with, so
that an edited definition does not change it.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Value = bool | int | float | str
"""The answer to a fact."""

Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]

FactType = Literal["yes-no", "number", "choice", "text"]
FieldType = Literal["text", "long text", "date", "number", "email", "link", "choice", "yes-no"]
MarkState = Literal["done", "skipped", "declined"]
State = Literal[
    "todo",
    "done",
    "skipped",
    "declined",  # who was asked to approve said no
    "unanswered",  # nobody has said yet whether it applies
    "blocked",  # something else comes first
    "waiting",  # nobody chases before a certain moment
    "expired",
    "not applicable",
]


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When something applies. Either one fact with one comparison, or `any`, `all` or `not` of other conditions."""

    fact: str = ""
    equals: Value | None = msgspec.field(default=None, name="is")
    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None
    any_of: tuple["Condition", ...] = msgspec.field(default=(), name="any")
    all_of: tuple["Condition", ...] = msgspec.field(default=(), name="all")
    negated: "Condition | None" = msgspec.field(default=None, name="not")


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that decides which steps apply, and the question that finds it out."""

    key: str
    question: str
    type: FactType = "yes-no"
    choices: tuple[str, ...] = ()
    known_from: str = ""
    """Where the product knows the answer by itself, for example "customer.hosts"."""
    stays: bool = False
    """Kept when what it decides about is begun anew."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something to write down at a step. Its key is unique in the whole checklist."""

    key: str
    label: str
    type: FieldType = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    stays: bool = False
    """Kept when its step or group is begun anew; all other fields in there are emptied."""


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A length of time. It counts from when the step `after` was ticked, from the end of the day in the field `field`, or else
    from the start of the run."""

    business_days: int | None = None
    days: int | None = None
    hours: float | None = None
    after: str = ""
    field: str = ""
    note: str = ""


class Wait(Span, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Nobody asks for it before this time is over."""

    early: bool = False
    """The step may be ticked earlier, if it happens earlier."""


class Approval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tick that only `by` or a backup may make. The steps after it, in the same group, wait for it."""

    by: str
    backup: tuple[str, ...] = ()
    what: str = msgspec.field(default="", name="for")


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to note or link as proof."""

    what: str
    required: bool = False


class Opens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that the step begins: a call or ticket of this kind, a playbook, a ritual, an issue from a template."""

    kind: Literal["call", "ticket", "playbook", "ritual", "issue"]
    name: str = ""
    """Of an issue: the template of the repository, or what the issue is."""
    until: str = ""
    """A step of the playbook that is begun: when that is done there, this step is done here, and not before."""
    repository: str = ""
    """Where an issue is opened, like acme/handbook; empty: where customers' issues are."""
    labels: tuple[str, ...] = ()
    """Of an issue."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a checklist. With `steps` it is a group: its state follows from theirs."""

    key: str
    label: str
    rule: str = ""
    note: str = ""
    owner: str = ""
    """A role; empty: the owner of the group around it."""
    optional: bool = False
    mandatory: bool = False
    """It cannot be left out where it applies."""
    url: str = ""
    """A page that the step is done with."""
    when: Condition | None = None
    why_not: str = ""
    """Shown where the step does not apply."""
    needs: tuple[str, ...] = ()
    """Steps that come first."""
    wait: Wait | None = None
    due: Span | None = None
    expires: Span | None = None
    approval: Approval | None = None
    evidence: Evidence | None = None
    fields: tuple[Field, ...] = ()
    text: tuple[str, ...] = ()
    """Names of messages to copy."""
    opens: tuple[Opens, ...] = ()
    repeats: str = ""
    """Why the step or group may be done again; empty: it may not."""
    steps: tuple["Step", ...] = ()


class Checklist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The part of a definition that a run keeps."""

    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done with a step, by whom and when."""

    state: MarkState
    by: str
    at: datetime
    evidence: str = ""
    why: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What has been done so far. Only steps without steps of their own are marked.

    Empty fields are kept too: so that the first tick is a change of one mark, which can be undone after others have ticked.
    """

    started: datetime
    marks: dict[str, Mark] = {}
    answers: dict[str, Value] = {}
    filled: dict[str, str] = {}
    owners: dict[str, str] = {}
    """Step key to login: who was handed a step or a group."""
    cast: dict[str, str] = {}
    """Role to login: who plays a role in this run."""
    rounds: dict[str, int] = {}
    """How many times a repeating step or group was begun anew."""


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it stands now."""

    key: str
    label: str
    state: State
    owner: str
    """The role."""
    who: str
    """The login, where one is known."""
    step: Step
    steps: tuple["StepView", ...] = ()
    optional: bool = False
    why_not: str = ""
    """Why it cannot be done now, in words; empty for what is to do or done."""
    fact: str = ""
    """The fact to answer first, where the state is unanswered."""
    mark: Mark | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    due: datetime | None = None
    late: bool = False
    round: int = 1


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """`of` counts what applies and is not optional; a skipped step counts as neither done nor wanted."""

    done: int
    of: int
    skipped: int

    @property
    def finished(self) -> bool:
        """Nothing is left to do."""
        return self.done == self.of


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one role, or one person, can do now."""

    owner: str
    who: str
    keys: tuple[str, ...]
