"""Ticking, skipping and taking back in one period of a ritual. Each returns the new instance.

What is done already stays as the first one left it: two sessions that tick the same thing at the same moment tick it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist, Run
from fleettui.domain.rituals.followed import refuse_followed, to_keep
from fleettui.domain.rituals.model import Instance, Ritual, Skip, Tick
from fleettui.errors import Refused
from fleettui.text import cleaning

T = TypeVar("T")

LONGEST_NOTE = 10_000


class Actor(msgspec.Struct, frozen=True):
    """Who does something, when, and for whom they stand in (an empty name: for nobody)."""

    by: str
    moment: checklist.Moment
    covers: str = ""
    roles: frozenset[str] | None = None
    """Theirs; None: whoever approves a step is not asked."""

    @property
    def day(self) -> date:
        """Today, by the team's clocks."""
        return self.moment.now.astimezone(self.moment.zone).date()

    def tick(self, evidence: str = "") -> Tick:
        """A tick of theirs."""
        proof = cleaning.clean(evidence, LONGEST_NOTE).strip()
        return Tick(by=self.by, at=self.moment.now, covers=self.covers, evidence=proof)

    def skip(self, why: str) -> Skip:
        """A skip of theirs; a reason is required."""
        reason = cleaning.clean(why, LONGEST_NOTE).strip()
        if not reason:
            raise Refused(
                "say why it is left out; a skip without a reason teaches nobody anything", field="why"
            )
        return Skip(by=self.by, at=self.moment.now, why=reason)


# The whole


def tick(
    ritual: Ritual,
    instance: Instance,
    actor: Actor,
    *,
    evidence: str = "",
    seen: int | None = None,
    again: bool = False,
) -> Instance:
    """One more tick. `seen` is how many ticks the person knew of: if another session was faster, this is the same tick.

    It is also the same tick when somebody else has ticked a ritual of several times on this day, unless it was done `again`.
    """
    _refuse_skipped(ritual, instance)
    if instance.followed is not None:
        return instance
    if instance.per_customer or instance.run is not None:
        raise Refused(f"{ritual.name}: {_parts_left(instance, actor)}")
    if _is_known(instance, actor, seen, again):
        return instance
    _require_evidence(ritual, evidence)
    return replace(instance, ticks=(*instance.ticks, actor.tick(evidence)))


def _is_known(instance: Instance, actor: Actor, seen: int | None, again: bool) -> bool:
    _, most = instance.times
    if len(instance.ticks) >= most or (seen is not None and len(instance.ticks) > seen):
        return True
    if again or instance.first == instance.last:
        return False
    zone = actor.moment.zone
    others = (tick for tick in instance.ticks if tick.by != actor.by)
    return any(tick.at.astimezone(zone).date() == actor.day for tick in others)


def _require_evidence(ritual: Ritual, evidence: str) -> None:
    if ritual.evidence and ritual.evidence.required and not evidence.strip():
        raise Refused(f"{ritual.name} wants {ritual.evidence.what}", field="evidence")


def _parts_left(instance: Instance, actor: Actor) -> str:
    if instance.per_customer:
        return (
            "it has a box for each customer; name the customer, or all of them"
            if instance.customers
            else "no commercial customer is on the list yet"
        )
    assert instance.checklist is not None and instance.run is not None, "asked before"  # noqa: S101
    leaves = checklist.leaves(checklist.view(instance.checklist, instance.run, actor.moment))
    todo = [leaf.key for leaf in leaves if leaf.state == "todo"]
    listed = ", ".join(todo[:5]) + (", …" if len(todo) > 5 else "")
    return f"it has steps; name the step ({listed}), or all of them"


def _refuse_skipped(ritual: Ritual, instance: Instance) -> None:
    if instance.skipped is not None:
        raise Refused(
            f"{ritual.name}: skipped by {instance.skipped.by}: {instance.skipped.why}; untick it first"
        )


def tick_all(ritual: Ritual, instance: Instance, actor: Actor) -> Instance:
    """Every box or step that is still open."""
    _refuse_skipped(ritual, instance)
    if instance.followed is not None:
        return instance
    if instance.per_customer:
        settled = {*instance.boxes, *instance.left_out}
        left = [customer for customer in instance.customers if customer not in settled]
        if not instance.customers:
            raise Refused(f"{ritual.name}: {_parts_left(instance, actor)}")
        return replace(instance, boxes=instance.boxes | {customer: actor.tick() for customer in left})
    if instance.checklist is None or instance.run is None:
        return tick(ritual, instance, actor)
    for step in instance.checklist.steps:
        shown = checklist.find(instance.checklist, instance.run, actor.moment, step.key)
        if shown.state not in ("done", "skipped", "not applicable"):
            instance = tick_step(ritual, instance, step.key, actor)
    return instance


def skip(ritual: Ritual, instance: Instance, actor: Actor, why: str, is_done: bool) -> Instance:
    """The whole period left out, for a reason."""
    wanted = actor.skip(why)
    if is_done:
        raise Refused(f"{ritual.name}: it is done already; untick it first")
    if instance.skipped is not None and instance.skipped.why == wanted.why:
        return instance
    return replace(instance, skipped=wanted)


def untick(ritual: Ritual, instance: Instance) -> Instance:
    """Takes back the skip, else the newest tick; of boxes and steps, all of them."""
    if not instance.touched:
        raise Refused(f"{ritual.name}: nothing to take back")
    if instance.skipped is not None:
        return replace(instance, skipped=None)
    by_hand = to_keep(instance)
    if not by_hand.touched:
        refuse_followed(ritual, instance.followed or next(iter(instance.boxes.values()), None))
    if instance.run is not None:
        return replace(instance, run=replace(instance.run, marks={}), covers={})
    return replace(instance, ticks=instance.ticks[:-1], boxes={}, left_out={})


# A customer's box


def tick_box(ritual: Ritual, instance: Instance, customer: str, actor: Actor, evidence: str = "") -> Instance:
    """Done for this customer."""
    _refuse_skipped(ritual, instance)
    if customer in instance.boxes:
        return instance
    return replace(
        instance,
        boxes=instance.boxes | {customer: actor.tick(evidence)},
        left_out=without(instance.left_out, customer),
    )


def skip_box(ritual: Ritual, instance: Instance, customer: str, actor: Actor, why: str) -> Instance:
    """Left out for this customer, for a reason."""
    _refuse_skipped(ritual, instance)
    if customer in instance.boxes:
        raise Refused(f"{ritual.name}: that one is done already; untick it first")
    return replace(instance, left_out=instance.left_out | {customer: actor.skip(why)})


def untick_box(ritual: Ritual, instance: Instance, customer: str) -> Instance:
    """Takes back what was done or left out for this customer."""
    if customer not in instance.boxes and customer not in instance.left_out:
        raise Refused(f"{ritual.name}: nothing to take back there")
    refuse_followed(ritual, instance.boxes.get(customer))
    return replace(
        instance, boxes=without(instance.boxes, customer), left_out=without(instance.left_out, customer)
    )


def without(rows: Mapping[str, T], key: str) -> dict[str, T]:
    """`rows` without one key."""
    return {name: row for name, row in rows.items() if name != key}


# A step


def tick_step(ritual: Ritual, instance: Instance, key: str, actor: Actor, evidence: str = "") -> Instance:
    """A step of its checklist is done."""
    _refuse_skipped(ritual, instance)
    steps, run = _run_of(ritual, instance)
    proof = cleaning.clean(evidence, LONGEST_NOTE)
    ticked = checklist.tick(steps, run, key, actor.by, actor.moment, evidence=proof, roles=actor.roles)
    new = {step_key: actor.covers for step_key in ticked.marks.keys() - run.marks.keys() if actor.covers}
    return replace(instance, run=ticked, covers=instance.covers | dict(sorted(new.items())))


def skip_step(ritual: Ritual, instance: Instance, key: str, actor: Actor, why: str) -> Instance:
    """A step is left out, for a reason."""
    _refuse_skipped(ritual, instance)
    steps, run = _run_of(ritual, instance)
    return replace(
        instance, run=checklist.skip(steps, run, key, actor.by, actor.moment, why=actor.skip(why).why)
    )


def untick_step(ritual: Ritual, instance: Instance, key: str) -> Instance:
    """Takes back a step."""
    steps, run = _run_of(ritual, instance)
    left = checklist.untick(steps, run, key)
    return replace(
        instance,
        run=left,
        covers={step_key: login for step_key, login in instance.covers.items() if step_key in left.marks},
    )


def fill(ritual: Ritual, instance: Instance, key: str, value: str) -> Instance:
    """Writes down what a step asks for."""
    steps, run = _run_of(ritual, instance)
    return replace(instance, run=checklist.fill(steps, run, key, value))


def _run_of(ritual: Ritual, instance: Instance) -> tuple[Checklist, Run]:
    if instance.checklist is None or instance.run is None:
        raise Refused(f"{ritual.name}: it has no steps")
    return instance.checklist, instance.run
