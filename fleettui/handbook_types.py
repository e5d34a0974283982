"""The shape of the handbook's files about support and the team: one class for each file, and what is in it.

Every row carries the id of the rule that it states, in `rule`. Rituals, playbooks, calls and reaching out have theirs in
`handbook_work`; business time, promises and the on-call rota in `businesstime`, `holidaydays`, `sla` and `oncall`; steps in
`checklist_types`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from fleettui.checklist_check import Mistake, mistakes, repeated
from fleettui.checklist_types import Checklist, Fact, Step

NAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def unique(field: str, by: str, rows: tuple[msgspec.Struct, ...]) -> Iterator[Mistake]:
    """Rows of `field` that share what each should have for itself."""
    named = ((f"{field}[{number}].{by}", str(getattr(row, by))) for number, row in enumerate(rows))
    yield from repeated(by, named)


# channels.json


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the team's own channels. `*` in the name stands for any ending."""

    name: str
    purpose: str
    dri: str = ""
    rule: str


class Help(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to call for help, and what to post there (SUP-7)."""

    key: str
    name: str
    when: str
    channel: str
    mention: str = ""
    otherwise: tuple[str, ...] = ()
    """The channels to try where nobody answers."""
    message: str
    rule: str


class Booking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link through which customers book time. Empty until the team fills it in."""

    key: str
    name: str
    url: str = ""
    rule: str


class Emergency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Ultimate customers may use for a P0. Empty until the team fills it in."""

    phone: str = ""
    email: str = ""
    rule: str


class Channels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    channels: tuple[Channel, ...]
    help: tuple[Help, ...]
    booking: tuple[Booking, ...]
    emergency: Emergency

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("channels", "name", self.channels)
        yield from unique("help", "key", self.help)
        yield from unique("booking", "key", self.booking)


# levels.json


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


# labels.json


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    meaning: str
    rule: str


class Codenames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names for customers who wish to stay anonymous in public (SUP-13)."""

    meaning: str
    pool: tuple[str, ...]
    rule: str


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
        names = ((f"codenames.pool[{n}]", name.casefold()) for n, name in enumerate(self.codenames.pool))
        yield from repeated("codename", names)


# details.json


class Detail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to know about a problem before it can be solved (SUP-10)."""

    key: str
    label: str
    question: str
    required: bool = False
    choices: tuple[str, ...] = ()
    rule: str


class Details(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    details: tuple[Detail, ...]

    @property
    def required(self) -> tuple[Detail, ...]:
        return tuple(detail for detail in self.details if detail.required)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("details", "key", self.details)


# groups.json


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A go-to-market group, the customers that belong to it, and who answers for what (SUP-18)."""

    key: str
    name: str
    channel: str
    hosts_from: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Organisations with this many hosts or more, up to where another group begins."""
    revenue: str = ""
    pipeline: str = ""
    customer_success: str = ""
    cses: tuple[str, ...] = ()
    rule: str


class Groups(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    groups: tuple[Group, ...]

    def of(self, hosts: int) -> Group | None:
        """The group with the highest threshold that `hosts` reaches."""
        reached = [group for group in self.groups if group.hosts_from <= hosts]
        return max(reached, key=lambda group: group.hosts_from, default=None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("groups", "key", self.groups)
        yield from unique("groups", "hosts_from", self.groups)


# roles.json


class Role(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody does on the team. Steps, approvals and rituals name roles by key."""

    key: str
    name: str
    also: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    """Filled by somebody with one of these roles, case by case."""
    by_rota: bool = False
    """Filled by whoever is on call."""
    note: str = ""


class Roles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    roles: tuple[Role, ...]

    def find(self, name: str) -> Role | None:
        """By key, name or another name, in any case."""
        wanted = name.strip().casefold()
        names = ((role, {role.key, role.name, *role.also}) for role in self.roles)
        return next((role for role, called in names if wanted in {one.casefold() for one in called}), None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("roles", "key", self.roles)
        keys = {role.key for role in self.roles}
        for number, role in enumerate(self.roles):
            for place, key in enumerate(role.one_of):
                if key not in keys:
                    yield f"roles[{number}].one_of[{place}]", f"no role is called {key!r}"


# tickets.json


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
    """Steps that a ticket brings along when it comes to this."""

    key: str
    name: str
    opens_with: str = ""
    """A priority: the list opens by itself with such a ticket."""
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]
    rule: str

    @property
    def checklist(self) -> Checklist:
        return Checklist(facts=self.facts, steps=self.steps)


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    question: str
    rule: str


class Tickets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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

    def checklist(self, key: str) -> TicketChecklist | None:
        return next((one for one in self.checklists if one.key == key), None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("checklists", "key", self.checklists)
        yield from unique("resolving", "key", self.resolving)
        yield from unique("retro", "key", self.retro)
        for number, one in enumerate(self.checklists):
            for path, what in mistakes(one.checklist):
                yield f"checklists[{number}].{path}", what


# messages.json


class Variable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    meaning: str
    list: bool = False
    default: str | None = None
    """With a default, even an empty one, the variable may be left out."""
    known_from: str = ""
    """Where the product knows it by itself, for example "customer.name"."""


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that leaves for somebody. Its words are in templates/NAME.j2."""

    name: str
    title: str
    audience: Literal["customer", "colleague", "notes"]
    public: bool = False
    """Anybody can read it: no real name of an anonymous customer may be in it (SUP-13)."""
    canned: bool = False
    """Offered as an answer in the composer."""
    by: str = ""
    """How it leaves: Slack, e-mail, ..."""
    variables: tuple[Variable, ...] = ()
    rule: str


class Messages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    messages: tuple[Message, ...]

    def find(self, name: str) -> Message | None:
        return next((message for message in self.messages if message.name == name), None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("messages", "name", self.messages)
        for number, message in enumerate(self.messages):
            path = f"messages[{number}]"
            if not NAME_SIGNS.issuperset(message.name):
                # It becomes a file name.
                yield f"{path}.name", "only a to z, 0 to 9, - and _ make a name"
            for field, what in unique("variables", "name", message.variables):
                yield f"{path}.{field}", what
