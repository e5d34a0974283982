"""One run of a playbook. It keeps the definition that it began with, so that an edited file does not change it."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist, Opens, Progress, Run, StepView, Turn, Value
from fleettui.errors import Ambiguous, Refused
from fleettui.text import cleaning, finding

if TYPE_CHECKING:
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.policy import Playbook

Outcome = Literal["", "finished", "cancelled"]
Edit = Callable[[Checklist, Run], Run]


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket, call, ritual or other run that a step has begun."""

    step: str
    kind: str
    id: str


class PlaybookRun(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is stored of one run."""

    playbook: str
    """The id of the playbook."""
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
        """Neither finished nor cancelled."""
        return self.closed is None


def started(
    id_: str,
    playbook: "Playbook",
    *,
    by: str,
    now: datetime,
    customer: "Customer | None" = None,
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


def known_answers(definition: Checklist, customer: "Customer | None") -> dict[str, Value]:
    """What the product knows by itself: a fact that is `known_from` "customer.hosts" is not asked."""
    answers: dict[str, Value] = {}
    for fact in definition.facts:
        source, _, field = fact.known_from.partition(".")
        value = getattr(customer, field, None) if source == "customer" and customer else None
        if isinstance(value, bool | int | float | str) and value != "":
            answers[fact.key] = value
    return answers


# Reading


def step_views(playbook_run: PlaybookRun, moment: "Moment") -> tuple[StepView, ...]:
    """Every step as it stands now."""
    return checklist.view(playbook_run.definition, playbook_run.run, moment)


def progress(playbook_run: PlaybookRun, moment: "Moment") -> Progress:
    """How much of it is done."""
    return checklist.progress(step_views(playbook_run, moment))


def turns(playbook_run: PlaybookRun, views: tuple[StepView, ...]) -> tuple[Turn, ...]:
    """Whose turn it is; nobody's once it is closed."""
    return checklist.whose_turn(views) if playbook_run.open else ()


def is_turn_of(turn: Turn, logins: Collection[str], roles: Collection[str]) -> bool:
    """Whether it is their turn: by name, or by role where nobody plays that role in this run."""
    return turn.who in logins if turn.who else turn.owner in roles


def step_key(playbook_run: PlaybookRun, typed: str) -> str:
    """A step's key, from the key or else its label, in any case; of a label that several steps have, none is meant."""
    every = list(checklist.every_step(playbook_run.definition.steps))
    by_key = finding.exact(every, typed, lambda step: (step.key,))
    steps = by_key or finding.exact(every, typed, lambda step: (step.label,))
    if len(steps) > 1:
        keys = ", ".join(step.key for step in steps)
        raise Ambiguous(f"{finding.quoted(typed)} is the name of several steps; say which: {keys}")
    return steps[0].key if steps else typed.strip()


def opens_of(playbook_run: PlaybookRun, typed: str) -> tuple[Opens, ...]:
    """What a step begins elsewhere; nothing where there is no such step."""
    key = step_key(playbook_run, typed)
    every = checklist.every_step(playbook_run.definition.steps)
    return next((step.opens for step in every if step.key == key), ())


def matching_key(names: Iterable[str], typed: str) -> str:
    """The key of a fact or field, in any case; as it was typed where there is none, so that the refusal can name it."""
    return next(iter(finding.exact(names, typed, lambda name: (name,))), typed.strip())


# Changing


def changed(playbook_run: PlaybookRun, edit: Edit, moment: "Moment", *, reopens: bool = False) -> PlaybookRun:
    """`edit` applied to what is done so far; the last step finishes the run.

    With `reopens` a finished run may be changed too, and is open again where something is left to do.
    """
    if playbook_run.outcome == "cancelled":
        raise Refused(f"{playbook_run.id} was cancelled ({playbook_run.why}); reopen it first")
    if playbook_run.outcome == "finished" and not reopens:
        raise Refused(
            f"{playbook_run.id} is finished; reopen it first, or take back the step that is not done"
        )
    edited = replace(
        playbook_run, run=edit(playbook_run.definition, playbook_run.run), closed=None, outcome=""
    )
    if progress(edited, moment).finished:
        return replace(edited, closed=playbook_run.closed or moment.now, outcome="finished")
    return edited


def cancelled(playbook_run: PlaybookRun, why: str, now: datetime) -> PlaybookRun:
    """It will not be finished."""
    if not playbook_run.open:
        raise Refused(f"{playbook_run.id} is {playbook_run.outcome} already")
    return replace(playbook_run, closed=now, outcome="cancelled", why=cleaning.line(why) or "no reason given")


def reopened(playbook_run: PlaybookRun) -> PlaybookRun:
    """It is open again."""
    if playbook_run.open:
        raise Refused(f"{playbook_run.id} is open")
    return replace(playbook_run, closed=None, outcome="", why="")


def linked(playbook_run: PlaybookRun, link: Link) -> PlaybookRun:
    """With something that a step of it has begun."""
    if link in playbook_run.links:
        return playbook_run
    return replace(playbook_run, links=(*playbook_run.links, link))


class CarriedOut(msgspec.Struct, frozen=True):
    """A run that was finished."""

    id: str
    playbook: str
    at: datetime
    by: str
    """Whoever did its last step; else who began it."""


def carried_out(playbook_run: PlaybookRun) -> CarriedOut | None:
    """None where it is open or was cancelled, or where nothing in it was done: a run of nothing but skips proves nothing."""
    done = [mark for mark in playbook_run.run.marks.values() if mark.state == "done"]
    if playbook_run.outcome != "finished" or playbook_run.closed is None or not done:
        return None
    last = max(done, key=lambda mark: mark.at)
    return CarriedOut(playbook_run.id, playbook_run.playbook, playbook_run.closed, last.by or playbook_run.by)
