"""Everything that is to be done now, by whom, as one list ordered by the time that is left.

Each source of work (tickets, calls, rituals, playbooks, next steps, the rota) is turned into `Item`s by a collector in
`workspace/agenda.py`; what all of them share is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

Kind = Literal["ticket", "call", "ritual", "playbook", "next step", "on call"]
State = Literal["late", "soon", "open", "waiting", "next"]
"""`waiting`: nothing can be done before a certain time. `next`: it is the next thing to come."""
Does = Literal["", "tick", "join", "answer", "record", "rebook"]
"""What can be done with one key in the list; everything else is done where the item is opened."""

KINDS: tuple[Kind, ...] = ("call", "ticket", "ritual", "playbook", "next step", "on call")
SIGNS: dict[State, str] = {"late": "!", "soon": "◷", "open": "○", "waiting": "·", "next": "→"}
FAR = datetime.max.replace(tzinfo=UTC)
FIXED = "fixed"
"""The step of a ticket whose issue is closed: the customer is owed a word."""
UNSENT = "unsent"
"""The step of a ticket of which an answer did not get through."""
SOON = timedelta(hours=1)
"""With less time left than this an item is "soon"."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, whatever it comes from."""

    kind: Kind
    id: str
    """The id of what it is opened as."""
    title: str
    about: str = ""
    """The customer, where there is one."""
    due: datetime | None = None
    state: State = "open"
    mine: bool = False
    who: str = ""
    """The login; empty where only the role is known, or nobody has it yet."""
    role: str = ""
    does: Does = ""
    step: str = ""
    """The part of it that is meant: a step, a period, a customer's box."""
    own_sign: str = ""
    """As its own screen shows its state."""

    @property
    def key(self) -> str:
        """What names it in a list; two steps of one call are two items."""
        return " ".join((self.kind, self.id, self.step, self.who or self.role))

    @property
    def sign(self) -> str:
        """Its state as one character."""
        return self.own_sign or SIGNS[self.state]

    @property
    def wants(self) -> bool:
        """Something is to be done now."""
        return self.state in ("late", "soon", "open")


class FirstStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a new workspace needs, and whether it has it."""

    key: str
    title: str
    how: str
    home: str
    """The screen on which it is done."""
    command: str = ""
    """The same on the command line."""
    done: bool = False


def state_at(due: datetime | None, now: datetime, *, late: bool = False) -> State:
    """How an item that can be done stands: by its due time, or late because its own rule says so."""
    if late or (due is not None and due <= now):
        return "late"
    return "soon" if due is not None and due - now <= SOON else "open"


def ordered(items: Iterable[Item]) -> list[Item]:
    """The least time left first; what has no time comes last, in the order of the kinds."""
    return sorted(
        items,
        key=lambda item: (item.due is None, item.due or FAR, KINDS.index(item.kind), item.id, item.step),
    )


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody else has to do; with an empty `who`, what nobody has taken."""

    who: str
    items: tuple[Item, ...]

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(item.state == "late" for item in self.items)

    @property
    def counts(self) -> tuple[tuple[Kind, int], ...]:
        """How many of each kind, without the kinds of which there are none."""
        numbers = [(kind, sum(item.kind == kind for item in self.items)) for kind in KINDS]
        return tuple((kind, count) for kind, count in numbers if count)


def workloads(items: Iterable[Item]) -> list[Workload]:
    """What the rest of the team has to do: what nobody has first, then who has most that is late."""
    by: dict[str, list[Item]] = {}
    for item in items:
        if not item.mine and item.wants:
            by.setdefault(item.who, []).append(item)
    loads = [Workload(who=who, items=tuple(theirs)) for who, theirs in by.items()]
    return sorted(loads, key=lambda load: (load.who != "", -load.late, -len(load.items), load.who))


PLURALS: dict[Kind, tuple[str, str]] = {
    "call": ("call", "calls"),
    "ticket": ("answer", "answers"),
    "ritual": ("ritual", "rituals"),
    "playbook": ("playbook", "playbooks"),
    "next step": ("next step", "next steps"),
    "on call": ("on call", "on call"),
}


def untriaged_words(ids: Sequence[str]) -> str:
    """SUP-19: "3 tickets are not triaged"."""
    return f"{len(ids)} {'ticket is' if len(ids) == 1 else 'tickets are'} not triaged"


def workload_words(workload: Workload) -> str:
    """ "3 answers, 1 ritual; 2 late"."""
    listed = ", ".join(f"{count} {PLURALS[kind][count > 1]}" for kind, count in workload.counts)
    return f"{listed}; {workload.late} late" if workload.late else listed
