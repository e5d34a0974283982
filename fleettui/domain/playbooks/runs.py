"""A playbook on its way: one run, with the definition that it began with, so that an edited file does not change it.

Pure functions over frozen documents. The steps themselves are `checklist.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist, Progress, Run, StepView, Turn, Value
from fleettui.errors import Refused
from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.policy import Playbook

Outcome = Literal["", "finished", "cancelled"]
Edit = Callable[[Checklist, Run], Run]


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a step of the run has begun."""

    step: str
    kind: str
    id: str


class PlaybookRun(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    playbook: str
    """The id of the playbook that it began as."""
    name: str
    purpose: str = ""
    rule: str = ""
    customer: str = ""
    """The customer's id; empty for work on ourselves."""
    definition: Checklist
    run: Run
    by: str
    """Who began it."""
    reminders: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    parent: str = ""
    """The run of which a step began this one."""
    parent_step: str = ""
    closed: datetime | None = None
    outcome: Outcome = ""
    why: str = ""

    @property
    def open(self) -> bool:
        return self.closed is None


def started(
    id_: str,
    playbook: Playbook,
    *,
    by: str,
    now: datetime,
    customer: Customer | None = None,
    answers: dict[str, Value] | None = None,
    cast: dict[str, str] | None = None,
    parent: tuple[str, str] = ("", ""),
    reminder: str = "",
) -> PlaybookRun:
    """`reminder`: a message that the handbook wants said at its beginning, besides the playbook's own (GTM-6)."""
    if playbook.customer and customer is None:
        raise Refused(f"{playbook.name} is done for a customer; say for which", field="customer")
    return PlaybookRun(
        id=id_,
        playbook=playbook.id,
        name=playbook.name,
        purpose=playbook.purpose,
        rule=playbook.rule,
        customer=customer.id if customer else "",
        definition=playbook.checklist,
        run=checklist.begin(now, answers, cast),
        by=by,
        reminders=tuple(dict.fromkeys((*playbook.reminders, *([reminder] if reminder else [])))),
        notes=playbook.notes,
        parent=parent[0],
        parent_step=parent[1],
    )


def roles_in(definition: Checklist) -> frozenset[str]:
    """Every role that a step or an approval names."""
    steps = list(checklist.every_step(definition.steps))
    owners = {step.owner for step in steps if step.owner}
    return frozenset(owners | {step.approval.by for step in steps if step.approval})


def known_answers(definition: Checklist, customer: Customer | None) -> dict[str, Value]:
    """What the product knows by itself: a fact that is `known_from` "customer.hosts" is not asked."""
    found: dict[str, Value] = {}
    for fact in definition.facts:
        source, _, field = fact.known_from.partition(".")
        value = getattr(customer, field, None) if source == "customer" and customer else None
        if isinstance(value, bool | int | float | str) and value != "":
            found[fact.key] = value
    return found


# Looking.


def step_views(one: PlaybookRun, moment: Moment) -> tuple[StepView, ...]:
    return checklist.view(one.definition, one.run, moment)


def leaves(views: tuple[StepView, ...]) -> Iterator[StepView]:
    """What can be ticked, in reading order."""
    return checklist.leaves(views)


def progress(one: PlaybookRun, moment: Moment) -> Progress:
    return checklist.progress(step_views(one, moment))


def turns(one: PlaybookRun, views: tuple[StepView, ...]) -> tuple[Turn, ...]:
    """Whose turn it is; nobody's once it is closed."""
    return checklist.whose_turn(views) if one.open else ()


def is_turn_of(turn: Turn, logins: Collection[str], roles: Collection[str]) -> bool:
    """Theirs by name; or by role, where nobody plays that role in this run."""
    return turn.who in logins if turn.who else turn.owner in roles


def step_key(one: PlaybookRun, said: str) -> str:
    """A step's key, from the key or its label, in any case."""
    wanted = said.strip().casefold()
    steps = list(checklist.every_step(one.definition.steps))
    for step in steps:
        if wanted in (step.key.casefold(), step.label.casefold()):
            return step.key
    return said.strip()


def matching_key(names: Iterable[str], said: str) -> str:
    """A fact's or field's key in any case; as it was said where there is none, for the engine to name what is near."""
    wanted = said.strip().casefold()
    return next((name for name in names if name.casefold() == wanted), said.strip())


# Changing.


def changed(one: PlaybookRun, edit: Edit, moment: Moment, *, wakes: bool = False) -> PlaybookRun:
    """`edit` on what is done so far. The last step closes the run; what `wakes` it opens it again."""
    if one.outcome == "cancelled":
        raise Refused(f"{one.id} was cancelled ({one.why}); reopen it first")
    if one.outcome == "finished" and not wakes:
        raise Refused(f"{one.id} is finished; reopen it first, or take back the step that is not done")
    edited = replace(one, run=edit(one.definition, one.run), closed=None, outcome="")
    if progress(edited, moment).finished:
        return replace(edited, closed=one.closed or moment.now, outcome="finished")
    return edited


def cancelled(one: PlaybookRun, why: str, now: datetime) -> PlaybookRun:
    if not one.open:
        raise Refused(f"{one.id} is {one.outcome} already")
    return replace(one, closed=now, outcome="cancelled", why=cleaning.line(why) or "no reason given")


def reopened(one: PlaybookRun) -> PlaybookRun:
    if one.open:
        raise Refused(f"{one.id} is open")
    return replace(one, closed=None, outcome="", why="")


def linked(one: PlaybookRun, link: Link) -> PlaybookRun:
    return one if link in one.links else replace(one, links=(*one.links, link))


# Texts to copy.


def variables(one: PlaybookRun, customer: Customer | None, me: str) -> dict[str, object]:
    """What a message may say, as far as the run and the customer know it. What was filled in wins."""
    known: dict[str, object] = {"me": me}
    if customer is not None:
        known |= _of_customer(customer)
    fields = {
        field.key: field for step in checklist.every_step(one.definition.steps) for field in step.fields
    }
    links = [value for key, value in one.run.filled.items() if key in fields and fields[key].type == "link"]
    known |= {"link": links[-1]} if links else {}
    rounds = max(one.run.rounds.values(), default=0)
    known |= {"round": rounds + 1} if rounds else {}
    return known | {key.replace("-", "_"): value for key, value in one.run.filled.items()}


def _of_customer(customer: Customer) -> dict[str, object]:
    named = [contact for contact in customer.contacts if contact.name]
    champion = next((contact for contact in named if contact.champion), named[0] if named else None)
    return {
        "company": customer.name,
        "customer": customer.name,
        "account": customer.name,
        "channel": customer.channel,
        "hosts": "" if customer.hosts is None else customer.hosts,
        "name": champion.name.split()[0] if champion else "",
        "address": champion.email if champion else "",
        "requester": champion.email if champion else "",
    }
