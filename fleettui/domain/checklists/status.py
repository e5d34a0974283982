"""How a checklist stands now: the state of every step, with the reason, worked out from the definition and the marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

import msgspec

from fleettui.domain.checklists.conditions import applies, first_open_fact
from fleettui.domain.checklists.model import Checklist, Mark, Progress, Run, Span, State, Step, StepView, Turn

SETTLED: frozenset[State] = frozenset({"done", "skipped", "not applicable"})
_OPEN_TO_ACT: frozenset[State] = frozenset({"todo", "unanswered", "expired", "declined"})
# The state of a group is the first of these that one of its steps is in.
_LOUDEST: tuple[State, ...] = ("todo", "unanswered", "declined", "expired", "waiting", "blocked")


class Moment(msgspec.Struct, frozen=True):
    """Now, the team's zone, and how it counts business days."""

    now: datetime
    zone: tzinfo
    business_days_after: Callable[[datetime, int], datetime]


class _StateReason(msgspec.Struct, frozen=True):
    """A state and its reason. As a barrier it is why a step, and all steps below it, cannot be done now."""

    state: State
    why: str
    fact: str = ""


class _Evaluation(msgspec.Struct, frozen=True, dict=True):
    """Works out the state of every step of one run."""

    checklist: Checklist
    run: Run
    moment: Moment

    @cached_property
    def steps(self) -> dict[str, Step]:
        return {step.key: step for step in every_step(self.checklist.steps)}

    @cached_property
    def out(self) -> frozenset[str]:
        """What does not apply, with all that is below it."""
        return frozenset(self._left_out(self.checklist.steps, inherited=False))

    def _left_out(self, steps: tuple[Step, ...], *, inherited: bool) -> Iterator[str]:
        for step in steps:
            left_out = inherited or applies(step.when, self.run.answers) is False
            if left_out:
                yield step.key
            yield from self._left_out(step.steps, inherited=left_out)

    def settled(self, step: Step) -> bool:
        """Done, skipped or not needed: nothing waits for it any more."""
        if step.key in self.out:
            return True
        if step.steps:
            return all(self.settled(leaf) for leaf in _wanted_leaves(step.steps))
        mark = self.run.marks.get(step.key)
        return mark is not None and mark.state != "declined"

    # The tree of steps

    def siblings(
        self, steps: tuple[Step, ...], barrier: _StateReason | None, owner: str, who: str
    ) -> tuple[StepView, ...]:
        views = []
        approval: _StateReason | None = None
        for step in steps:
            views.append(self.view_of(step, barrier or approval, owner, who))
            if step.approval and not self.settled(step):
                approval = approval or self._held_by(step, step.approval.by)
        return tuple(views)

    def approvals(
        self, steps: tuple[Step, ...], barrier: _StateReason | None, owner: str, who: str
    ) -> Iterator[StepView]:
        """As `siblings`, of approvals alone: how all other steps stand is most of the work."""
        approval: _StateReason | None = None
        for step in steps:
            inherited = barrier or approval
            if step.steps:
                if any(inner.approval for inner in every_step(step.steps)):
                    owner_here, who_here = self._whose(step, owner, who)
                    within = self._barrier(step, inherited)
                    yield from self.approvals(step.steps, within, owner_here, who_here)
            elif step.approval:
                yield self.view_of(step, inherited, owner, who)
            if step.approval and not self.settled(step):
                approval = approval or self._held_by(step, step.approval.by)

    def _held_by(self, step: Step, role: str) -> _StateReason:
        mark = self.run.marks.get(step.key)
        if mark and mark.state == "declined":
            return _StateReason("blocked", f"{step.label}: declined by {mark.by}: {mark.why}")
        return _StateReason("blocked", f"waits for {role}: {step.label}")

    def view_of(self, step: Step, inherited: _StateReason | None, owner: str, who: str) -> StepView:
        owner, who = self._whose(step, owner, who)
        barrier = self._barrier(step, inherited)
        if step.steps:
            return self._group(step, barrier, owner, who)
        return self._leaf(step, barrier, owner, who)

    def _whose(self, step: Step, owner: str, who: str) -> tuple[str, str]:
        """The role and the person, which a step has from the group around it where it names none."""
        if step.owner and step.owner != owner:
            owner, who = step.owner, ""
        return owner, self.run.owners.get(step.key) or who or self.run.cast.get(owner, "")

    def _barrier(self, step: Step, inherited: _StateReason | None) -> _StateReason | None:
        """The first that holds, in this order: does not apply, unanswered, blocked."""
        if inherited and inherited.state == "not applicable":
            return inherited
        verdict = applies(step.when, self.run.answers)
        if verdict is False:
            return _StateReason("not applicable", step.why_not or "does not apply here")
        if inherited and inherited.state == "unanswered":
            return inherited
        if verdict is None:
            fact = first_open_fact(step.when, self.run.answers)
            return _StateReason("unanswered", f"answer first: {self._question(fact)}", fact)
        return inherited or self._needs(step)

    def _question(self, key: str) -> str:
        return next((fact.question for fact in self.checklist.facts if fact.key == key), key)

    def _needs(self, step: Step) -> _StateReason | None:
        for key in step.needs:
            first = self.steps.get(key)
            if first is not None and not self.settled(first):
                return _StateReason("blocked", f"comes after: {first.label}")
        return None

    def _leaf(self, step: Step, barrier: _StateReason | None, owner: str, who: str) -> StepView:
        mark = self.run.marks.get(step.key)
        not_before, due, expires = self.end(step.wait), self.end(step.due), self.end(step.expires)
        reason = self._state(step, barrier, mark, not_before, expires)
        return StepView(
            key=step.key,
            label=step.label,
            state=reason.state,
            owner=owner,
            who=who,
            step=step,
            optional=step.optional,
            why_not=reason.why,
            fact=reason.fact,
            mark=mark,
            not_before=not_before,
            expires=expires,
            due=due,
            late=due is not None and reason.state not in SETTLED and self.moment.now >= due,
            round=self.run.rounds.get(step.key, 0) + 1,
        )

    def _state(
        self,
        step: Step,
        barrier: _StateReason | None,
        mark: Mark | None,
        not_before: datetime | None,
        expires: datetime | None,
    ) -> _StateReason:
        if barrier and barrier.state == "not applicable":
            return barrier
        if mark and mark.state != "declined":
            return _StateReason(mark.state, mark.why)
        if barrier:
            return barrier
        late = self._expiry(step, expires)
        if late:
            return late
        if step.wait:
            waiting = self._waiting(step.wait, not_before)
            if waiting:
                return waiting
        if mark and not self._asked_again(step, mark):
            return _StateReason("declined", mark.why)
        return _StateReason("todo", "")

    def _expiry(self, step: Step, expires: datetime | None) -> _StateReason | None:
        if step.expires is None:
            return None
        if expires is None and step.expires.field:
            # Without the day nobody knows whether it is too late already.
            return _StateReason("blocked", f"fill in first: {self._field_label(step.expires.field)}")
        if expires and self.moment.now >= expires:
            return _StateReason("expired", step.expires.note or "too late")
        return None

    def _asked_again(self, step: Step, declined: Mark) -> bool:
        """What comes first was done anew since it was declined."""
        first = every_step(tuple(self.steps[key] for key in step.needs if key in self.steps))
        marks = [self.run.marks[inner.key] for inner in first if inner.key in self.run.marks]
        return any(mark.state == "done" and mark.at > declined.at for mark in marks)

    def _waiting(self, wait: Span, not_before: datetime | None) -> _StateReason | None:
        if not_before is None:
            return self._not_begun(wait)
        if self.moment.now < not_before:
            return _StateReason("waiting", wait.note or "nobody chases yet")
        return None

    def _not_begun(self, wait: Span) -> _StateReason | None:
        """What the wait counts from has not happened yet. If it never will, the step need not wait."""
        first = self.steps.get(wait.after)
        if first is None:
            return _StateReason("blocked", f"fill in first: {self._field_label(wait.field)}")
        return None if self.settled(first) else _StateReason("blocked", f"comes after: {first.label}")

    def _field_label(self, key: str) -> str:
        fields = (field for step in self.steps.values() for field in step.fields)
        return next((field.label for field in fields if field.key == key), key)

    def _group(self, step: Step, barrier: _StateReason | None, owner: str, who: str) -> StepView:
        children = self.siblings(step.steps, barrier, owner, who)
        due = self.end(step.due)
        state, deciding = _sum(children)
        return StepView(
            key=step.key,
            label=step.label,
            state=state,
            owner=owner,
            who=who,
            step=step,
            steps=children,
            optional=step.optional,
            why_not=_group_reason(state, barrier, deciding),
            fact=deciding.fact if deciding else "",
            due=due,
            late=due is not None and state not in SETTLED and self.moment.now >= due,
            round=self.run.rounds.get(step.key, 0) + 1,
        )

    # Times

    def end(self, span: Span | None) -> datetime | None:
        """The end of the span; None while what it counts from has not happened."""
        if span is None:
            return None
        start = self._begin(span)
        if start is None:
            return None
        if span.business_days is not None:
            return self.moment.business_days_after(start, span.business_days)
        if span.days is not None:
            # Days are days of the team's calendar: the same wall time, whatever daylight saving does in between.
            local = start.astimezone(self.moment.zone) + timedelta(days=span.days)
            return local.astimezone(start.tzinfo)
        return start + timedelta(hours=span.hours or 0)

    def _begin(self, span: Span) -> datetime | None:
        if span.field:
            return self._end_of_day(self.run.filled.get(span.field, ""))
        if span.after:
            mark = self.run.marks.get(span.after)
            return mark.at if mark and mark.state == "done" else None
        return self.run.started

    def _end_of_day(self, text: str) -> datetime | None:
        if not text:
            return None
        following = date.fromisoformat(text) + timedelta(days=1)
        local = datetime.combine(following, time(), tzinfo=self.moment.zone)
        return local.astimezone(self.run.started.tzinfo)


def _sum(children: tuple[StepView, ...]) -> tuple[State, StepView | None]:
    """A group's state, and the step whose reason is the group's."""
    wanted = wanted_of(children)
    if not wanted:
        return "not applicable", next(leaves(children), None)
    states = {leaf.state for leaf in wanted}
    if states == {"skipped"}:
        return "skipped", wanted[0]
    if states <= SETTLED:
        return "done", None
    loudest = next(state for state in _LOUDEST if state in states)
    deciding = next(leaf for leaf in wanted if leaf.state == loudest)
    return loudest, (None if loudest == "todo" else deciding)


def _group_reason(state: State, barrier: _StateReason | None, deciding: StepView | None) -> str:
    if barrier and state not in ("done", "skipped"):
        return barrier.why
    return deciding.why_not if deciding else ""


# Walking over views


def every_step(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Groups and what is in them, in reading order."""
    for step in steps:
        yield step
        yield from every_step(step.steps)


def every_view(views: tuple[StepView, ...]) -> Iterator[StepView]:
    """Groups and what is in them, in reading order."""
    for shown in views:
        yield shown
        yield from every_view(shown.steps)


def leaves(views: tuple[StepView, ...]) -> Iterator[StepView]:
    """What can be ticked, in reading order."""
    for shown in views:
        if shown.step.steps:
            yield from leaves(shown.steps)
        else:
            yield shown


def dated(views: tuple[StepView, ...]) -> list[StepView]:
    """Groups, and steps for which something else comes first, that are wanted until a certain time."""
    return [
        part
        for part in every_view(views)
        if part.due is not None and part.state not in SETTLED and (part.step.steps or part.state == "blocked")
    ]


def wanted_of(views: tuple[StepView, ...]) -> list[StepView]:
    """The steps that decide whether a group is done: what applies and is not optional; if all is optional, all of it."""
    counted = [leaf for leaf in _counted(views) if leaf.state != "not applicable"]
    return counted or [leaf for leaf in leaves(views) if leaf.state != "not applicable"]


def _counted(views: tuple[StepView, ...]) -> Iterator[StepView]:
    for shown in views:
        if shown.optional:
            continue
        if shown.step.steps:
            yield from _counted(shown.steps)
        else:
            yield shown


def _wanted_leaves(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if step.optional:
            continue
        if step.steps:
            yield from _wanted_leaves(step.steps)
        else:
            yield step


def view(checklist: Checklist, run: Run, moment: Moment) -> tuple[StepView, ...]:
    """Every step as it stands now."""
    return _Evaluation(checklist, run, moment).siblings(checklist.steps, None, "", "")


def approvals(checklist: Checklist, run: Run, moment: Moment) -> list[StepView]:
    """The approvals among the steps, as they stand now: those of `view`, for a small part of its work."""
    return list(_Evaluation(checklist, run, moment).approvals(checklist.steps, None, "", ""))


def progress(views: tuple[StepView, ...]) -> Progress:
    """How much of what applies and is not optional is done."""
    counted = [leaf for leaf in _counted(views) if leaf.state != "not applicable"]
    done = sum(leaf.state == "done" for leaf in counted)
    skipped = sum(leaf.state == "skipped" for leaf in counted)
    return Progress(done=done, of=len(counted) - skipped, skipped=skipped)


def whose_turn(views: tuple[StepView, ...]) -> tuple[Turn, ...]:
    """Who can act now, in the order of the checklist; optional steps give nobody the turn.

    A wait that may end early is for the others: whoever owns the step has the turn meanwhile. After a decline it is the turn of
    who asked.
    """
    turns: dict[tuple[str, str], list[str]] = {}
    for leaf in _counted(views):
        if leaf.state in _OPEN_TO_ACT or (
            leaf.state == "waiting" and leaf.step.wait and leaf.step.wait.early
        ):
            actor = _asker(views, leaf) if leaf.state == "declined" else leaf
            turns.setdefault((actor.owner, actor.who), []).append(leaf.key)
    return tuple(Turn(owner=owner, who=who, keys=tuple(keys)) for (owner, who), keys in turns.items())


def _asker(views: tuple[StepView, ...], declined: StepView) -> StepView:
    """The step whose owner asked for an approval: what it needs, else what stands before it; else the approval itself."""
    every = list(leaves(views))
    before = every[: next(number for number, leaf in enumerate(every) if leaf.key == declined.key)]
    needed = [shown for shown in every_view(views) if shown.key in declined.step.needs]
    asked = [shown for shown in (*needed, *reversed(before)) if shown.state != "not applicable"]
    other = (declined.owner, declined.who)
    return next((shown for shown in asked if (shown.owner, shown.who) != other), declined)
