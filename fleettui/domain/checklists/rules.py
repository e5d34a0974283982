"""What can be done with a run: tick, skip, decline, untick, answer, fill in. Each returns the new run, or refuses with a reason.

The rules:

- Only steps without steps of their own carry marks. A group is done when all that applies in it and is not optional is
  done or skipped. Ticking a group ticks what is open in it, or nothing if something in it cannot be ticked.
- A condition on a fact that nobody has answered leaves a step "unanswered"; one that does not hold takes it out, with a reason.
- An approval blocks the steps after it in its group until it is given; it cannot be skipped, only declined by who may give it.
  Once declined, it is the turn of who asked for it, who asks again (`repeat`) or does anew what comes before it.
- A wait says when somebody may chase; an expiry says from when it is too late, and then the step cannot be skipped either; a due
  time only makes a step late.
- A round begins clean: without ticks, without what was filled in, and without the answers that decide only about it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from fleettui.domain.checklists.conditions import facts_in, parsed_answer
from fleettui.domain.checklists.fields import parsed_field
from fleettui.domain.checklists.model import Checklist, Mark, Run, Step, StepView, Value
from fleettui.domain.checklists.status import (
    SETTLED,
    Moment,
    every_step,
    every_view,
    leaves,
    progress,
    view,
    wanted_of,
    whose_turn,
)
from fleettui.errors import Refused
from fleettui.text import finding

__all__ = [
    "Moment",
    "answer",
    "assign_role",
    "begin",
    "decline",
    "every_step",
    "every_view",
    "fill",
    "find",
    "hand_over",
    "leaves",
    "progress",
    "repeat",
    "skip",
    "tick",
    "untick",
    "view",
    "whose_turn",
]


def begin(
    started: datetime, answers: dict[str, Value] | None = None, cast: dict[str, str] | None = None
) -> Run:
    """A run of which nothing is done yet."""
    return Run(started=started, answers=answers or {}, cast=cast or {})


def tick(
    checklist: Checklist,
    run: Run,
    key: str,
    by: str,
    moment: Moment,
    *,
    evidence: str = "",
    roles: Collection[str] | None = None,
) -> Run:
    """The step is done. One that is done already is left as it is. `roles` are those of `by`; None: any role may approve."""
    shown = find(checklist, run, moment, key)
    if shown.state == "done":
        return run
    if shown.step.steps:
        return _tick_group(run, shown, by, moment)
    _may_tick(shown, run, evidence)
    _approver(shown, roles, "approves")
    return _marked(run, [key], Mark(state="done", by=by, at=moment.now, evidence=evidence.strip()))


def _tick_group(run: Run, shown: StepView, by: str, moment: Moment) -> Run:
    """All of its steps, or none if one of them cannot be ticked."""
    if shown.state in ("skipped", "not applicable"):
        raise Refused(f"{shown.label}: {_reason(shown)}")
    wanted = [leaf for leaf in wanted_of(shown.steps) if leaf.state not in SETTLED]
    for leaf in wanted:
        if leaf.step.approval:
            raise Refused(f"{leaf.label}: an approval is ticked by itself, not with its group")
        _may_tick(leaf, run, "")
    return _marked(run, [leaf.key for leaf in wanted], Mark(state="done", by=by, at=moment.now))


def _may_tick(leaf: StepView, run: Run, evidence: str) -> None:
    early = leaf.state == "waiting" and leaf.step.wait is not None and leaf.step.wait.early
    if leaf.state not in ("todo", "declined") and not early:
        raise Refused(f"{leaf.label}: {_reason(leaf)}")
    if any(opens.until for opens in leaf.step.opens) and not evidence.strip():
        raise Refused(f"{leaf.label}: it is done in the run that it begins; tick it by itself")
    missing = [field.label for field in leaf.step.fields if field.required and field.key not in run.filled]
    if missing:
        raise Refused(f"{leaf.label}: fill in first: {', '.join(missing)}")
    if leaf.step.evidence and leaf.step.evidence.required and not evidence.strip():
        raise Refused(f"{leaf.label}: evidence is wanted: {leaf.step.evidence.what}")


def _reason(shown: StepView) -> str:
    """Why it cannot be done now, with the moment from which it can."""
    if shown.state == "waiting" and shown.not_before:
        return f"{shown.why_not} (not before {shown.not_before.isoformat(timespec='minutes')})"
    if shown.state in ("done", "skipped"):
        return f"already {shown.state}{': ' + shown.why_not if shown.why_not else ''}; untick it first"
    return shown.why_not


def _approver(shown: StepView, roles: Collection[str] | None, verb: str) -> None:
    approval = shown.step.approval
    if approval is None or roles is None:
        return
    allowed = (approval.by, *approval.backup)
    if not {role.casefold() for role in allowed} & {role.casefold() for role in roles}:
        raise Refused(f"{shown.label}: only {' or '.join(allowed)} {verb} this")


def decline(
    checklist: Checklist,
    run: Run,
    key: str,
    by: str,
    moment: Moment,
    *,
    why: str,
    roles: Collection[str] | None = None,
) -> Run:
    """The approver says no; what follows stays blocked until the approval is given after all."""
    shown = find(checklist, run, moment, key)
    if shown.step.approval is None:
        raise Refused(f"{shown.label}: only an approval can be declined; skip the step instead")
    if shown.state not in ("todo", "declined"):
        raise Refused(f"{shown.label}: {_reason(shown)}")
    _approver(shown, roles, "declines")
    return _marked(run, [key], Mark(state="declined", by=by, at=moment.now, why=_required_reason(shown, why)))


def skip(checklist: Checklist, run: Run, key: str, by: str, moment: Moment, *, why: str) -> Run:
    """Left out for a reason; of a group, all that is open in it. An approval that applies is never skipped."""
    shown = find(checklist, run, moment, key)
    reason = _required_reason(shown, why)
    if shown.state == "not applicable":
        raise Refused(f"{shown.label}: {_reason(shown)}")
    leaves_open = [leaf for leaf in leaves((shown,)) if leaf.state not in SETTLED]
    if not leaves_open:
        raise Refused(f"{shown.label}: {_reason(shown)}")
    for leaf in leaves_open:
        _may_skip(leaf)
    keys = [leaf.key for leaf in leaves_open]
    return _marked(run, keys, Mark(state="skipped", by=by, at=moment.now, why=reason))


def _may_skip(leaf: StepView) -> None:
    if leaf.step.approval:
        raise Refused(f"{leaf.label}: an approval cannot be skipped, only given or declined")
    if leaf.step.mandatory:
        raise Refused(f"{leaf.label}: this cannot be left out; cancel it all instead")
    if leaf.state == "expired":
        raise Refused(f"{leaf.label}: {leaf.why_not}; it cannot be left out, only cancelled as a whole")


def _required_reason(shown: StepView, why: str) -> str:
    reason = why.strip()
    if not reason:
        raise Refused(f"{shown.label}: say why")
    return reason


def _marked(run: Run, keys: list[str], mark: Mark) -> Run:
    return replace(run, marks=run.marks | dict.fromkeys(keys, mark))


def untick(checklist: Checklist, run: Run, key: str) -> Run:
    """Takes back what was ticked, skipped or declined; of a group, all of it."""
    step = _known(checklist, key)
    taken_back = {inner.key for inner in every_step((step,))} & run.marks.keys()
    if not taken_back:
        raise Refused(f"{step.label}: nothing to take back")
    return replace(run, marks={name: mark for name, mark in run.marks.items() if name not in taken_back})


def repeat(checklist: Checklist, run: Run, key: str) -> Run:
    """A step or group that repeats is begun again, clean. An approval that was declined is asked for again."""
    step = _known(checklist, key)
    if step.approval and _is_declined(run, key):
        return untick(checklist, run, key)
    if not step.repeats:
        raise Refused(f"{step.label}: this does not repeat; untick it instead")
    cleared = untick(checklist, run, key)
    within = list(every_step((step,)))
    emptied = {field.key for inner in within for field in inner.fields if not field.stays}
    forgotten = _facts_only_of(checklist, {inner.key for inner in within})
    return replace(
        cleared,
        filled={name: text for name, text in run.filled.items() if name not in emptied},
        answers={name: given for name, given in run.answers.items() if name not in forgotten},
        rounds=run.rounds | {key: run.rounds.get(key, 0) + 1},
    )


def _is_declined(run: Run, key: str) -> bool:
    return key in run.marks and run.marks[key].state == "declined"


def _facts_only_of(checklist: Checklist, keys: Collection[str]) -> set[str]:
    """The facts that decide about these steps and about no others, and do not stay."""
    within: set[str] = set()
    outside: set[str] = set()
    for step in every_step(checklist.steps):
        (within if step.key in keys else outside).update(facts_in(step.when))
    staying = {fact.key for fact in checklist.facts if fact.stays}
    return within - outside - staying


def answer(checklist: Checklist, run: Run, key: str, value: Value | None) -> Run:
    """Answers a fact; None takes the answer back. Marks stay: they count again if the step applies again."""
    facts = {fact.key: fact for fact in checklist.facts}
    if key not in facts:
        raise Refused(_unknown("question", key, list(facts)))
    if value is None:
        return replace(run, answers={name: given for name, given in run.answers.items() if name != key})
    return replace(run, answers=run.answers | {key: parsed_answer(facts[key], value)})


def fill(checklist: Checklist, run: Run, key: str, value: str) -> Run:
    """Writes down a field; an empty value empties it."""
    fields = {field.key: field for step in every_step(checklist.steps) for field in step.fields}
    if key not in fields:
        raise Refused(_unknown("field", key, list(fields)))
    if not value.strip():
        return replace(run, filled={name: text for name, text in run.filled.items() if name != key})
    return replace(run, filled=run.filled | {key: parsed_field(fields[key], value)})


def hand_over(checklist: Checklist, run: Run, key: str, to: str) -> Run:
    """Gives a step, or a group with what is in it, to somebody; nobody (an empty login) gives it back to its role."""
    _known(checklist, key)
    owners = {name: login for name, login in run.owners.items() if name != key}
    return replace(run, owners=owners | ({key: to} if to else {}))


def assign_role(run: Run, role: str, login: str) -> Run:
    """Says who plays a role in this run."""
    others = {name: who for name, who in run.cast.items() if name != role}
    return replace(run, cast=others | ({role: login} if login else {}))


# Finding


def find(checklist: Checklist, run: Run, moment: Moment, key: str) -> StepView:
    """One step as it stands now."""
    _known(checklist, key)
    return next(shown for shown in every_view(view(checklist, run, moment)) if shown.key == key)


def _known(checklist: Checklist, key: str) -> Step:
    steps = {step.key: step for step in every_step(checklist.steps)}
    if key not in steps:
        raise Refused(_unknown("step", key, list(steps)))
    return steps[key]


def _unknown(kind: str, key: str, keys: list[str]) -> str:
    near = finding.nearest(key, keys, cutoff=0.4)
    if near:
        return f"there is no {kind} {key!r}; did you mean {near!r}?"
    listed = ", ".join(keys[:12]) + (", …" if len(keys) > 12 else "")
    return f"there is no {kind} {key!r}; there are: {listed or 'none'}"
