"""Mistakes in a checklist's definition that its types cannot show: unknown names, cycles, impossible spans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from fleettui.domain.checklists.model import Checklist, Condition, Fact, Field, Span, Step, Value

Mistake = tuple[str, str]
"""The path of the field within the checklist, and what is wrong with it."""

LONGEST_SPAN = 3660  # ten years of days: beyond it is a slip of the finger


def checklist_mistakes(checklist: Checklist) -> Iterator[Mistake]:
    """Every mistake in one definition."""
    yield from _Definition(checklist).all()


class _PlacedStep(msgspec.Struct, frozen=True):
    path: str
    step: Step
    first: tuple[str, ...]
    """The keys of all steps that have to be settled before this one."""


def _place(steps: tuple[Step, ...], path: str, around: tuple[str, ...]) -> Iterator[_PlacedStep]:
    for number, step in enumerate(steps):
        step_path = f"{path}[{number}]"
        waits = (step.wait.after,) if step.wait and step.wait.after else ()
        needs = (*around, *step.needs)
        yield _PlacedStep(step_path, step, (*needs, *waits, *(child.key for child in step.steps)))
        yield from _place(step.steps, f"{step_path}.steps", needs)


class _Definition:
    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self.placed = list(_place(checklist.steps, "steps", ()))
        self.steps = {placed.step.key: placed.step for placed in self.placed}
        self.first = {placed.step.key: placed.first for placed in self.placed}
        self.facts = {fact.key: fact for fact in checklist.facts}
        self.fields = {field.key: field for step in self.steps.values() for field in step.fields}

    def all(self) -> Iterator[Mistake]:
        for number, fact in enumerate(self.checklist.facts):
            yield from _choices(f"facts[{number}]", fact)
        yield from self._twice()
        for placed in self.placed:
            yield from self._step(placed.path, placed.step)
            yield from self._times(placed.path, placed.step)
        yield from self._circles()

    def _twice(self) -> Iterator[Mistake]:
        """Steps, facts and fields each have their own names; within a kind none is used twice."""
        keys = [(f"{placed.path}.key", placed.step.key) for placed in self.placed]
        facts = [(f"facts[{number}].key", fact.key) for number, fact in enumerate(self.checklist.facts)]
        fields = [
            (f"{placed.path}.fields[{number}].key", field.key)
            for placed in self.placed
            for number, field in enumerate(placed.step.fields)
        ]
        for kind, named in (("step", keys), ("fact", facts), ("field", fields)):
            yield from repeated(kind, named)

    def _step(self, path: str, step: Step) -> Iterator[Mistake]:
        if not step.label.strip():
            yield f"{path}.label", "is empty"
        if step.approval and step.steps:
            yield f"{path}.approval", "a group cannot be an approval; give it to a step within"
        if step.steps and (step.wait or step.expires or step.evidence or step.fields):
            yield path, "a group takes no wait, expiry, evidence or fields; give them to a step within"
        for number, field in enumerate(step.fields):
            yield from _choices(f"{path}.fields[{number}]", field)
        if step.url and not step.url.startswith(("https://", "http://")):
            yield f"{path}.url", "a link begins with https://"
        for number, key in enumerate(step.needs):
            if key not in self.steps:
                yield f"{path}.needs[{number}]", f"no step is called {key!r}"
        if step.when:
            yield from self._condition(f"{path}.when", step.when)

    def _times(self, path: str, step: Step) -> Iterator[Mistake]:
        for name, span in (("wait", step.wait), ("due", step.due), ("expires", step.expires)):
            if span:
                yield from self._span(f"{path}.{name}", span, step)

    def _span(self, path: str, span: Span, step: Step) -> Iterator[Mistake]:
        given = [amount for amount in (span.business_days, span.days, span.hours) if amount is not None]
        if len(given) != 1:
            yield path, "one of business_days, days and hours is wanted"
        elif not 0 <= given[0] <= LONGEST_SPAN:
            yield path, f"the stretch must be between 0 and {LONGEST_SPAN:,}"
        if span.after and span.field:
            yield path, "counts from a step or from a field, not from both"
        if span.after:
            yield from self._after(f"{path}.after", span.after, step)
        if span.field and (span.field not in self.fields or self.fields[span.field].type != "date"):
            yield f"{path}.field", f"no field of the type 'date' is called {span.field!r}"

    def _after(self, path: str, key: str, step: Step) -> Iterator[Mistake]:
        first = self.steps.get(key)
        if first is None:
            yield path, f"no step is called {key!r}"
        elif first.steps:
            yield path, f"{key!r} is a group; name the step within it that counts"
        elif first is step:
            yield path, "a step cannot wait for itself"

    def _condition(self, path: str, condition: Condition) -> Iterator[Mistake]:
        shapes = [
            bool(condition.fact),
            bool(condition.any_of),
            bool(condition.all_of),
            condition.negated is not None,
        ]
        if sum(shapes) != 1:
            yield path, "one of fact, any, all and not is wanted"
        elif condition.fact or _compares(condition):
            yield from self._comparison(path, condition)
        for name, parts in (("any", condition.any_of), ("all", condition.all_of)):
            for number, part in enumerate(parts):
                yield from self._condition(f"{path}.{name}[{number}]", part)
        if condition.negated:
            yield from self._condition(f"{path}.not", condition.negated)

    def _comparison(self, path: str, condition: Condition) -> Iterator[Mistake]:
        fact = self.facts.get(condition.fact)
        if fact is None:
            yield f"{path}.fact", f"no fact is called {condition.fact!r}"
            return
        bounded = _bounded(condition)
        if (condition.equals is not None) == bounded:
            yield path, "either is, or over, at_least, under and at_most are wanted"
        elif bounded and fact.type != "number":
            yield path, f"{fact.key!r} is not a number and cannot be compared with one"
        elif condition.equals is not None and not _fits(fact, condition.equals):
            yield f"{path}.is", f"{condition.equals!r} can never be the answer to {fact.key!r} ({fact.type})"

    def _circles(self) -> Iterator[Mistake]:
        """A step that needs itself, directly or through others, would be blocked for ever."""
        if self._can_all_be_reached():
            return
        for placed in self.placed:
            if placed.step.key in self._ahead_of(placed.step.key):
                yield f"{placed.path}.needs", f"{placed.step.key!r} needs itself"

    def _can_all_be_reached(self) -> bool:
        """Whether there is no circle at all, which is quicker to see than where one is."""
        waits = {key: {other for other in first if other in self.first} for key, first in self.first.items()}
        behind: dict[str, list[str]] = {}
        for key, first in waits.items():
            for other in first:
                behind.setdefault(other, []).append(key)
        free = [key for key, first in waits.items() if not first]
        for reached in free:
            for key in behind.get(reached, ()):
                waits[key].discard(reached)
                if not waits[key]:
                    free.append(key)
        return len(free) == len(waits)

    def _ahead_of(self, key: str) -> set[str]:
        seen: set[str] = set()
        ahead = [*self.first[key]]
        while ahead:
            following = ahead.pop()
            if following not in seen:
                seen.add(following)
                ahead += self.first.get(following, ())
        return seen


def _choices(path: str, asked: Fact | Field) -> Iterator[Mistake]:
    if (asked.type == "choice") != bool(asked.choices):
        yield f"{path}.choices", "choices and the type 'choice' go together"


def _bounded(condition: Condition) -> bool:
    limits = (condition.over, condition.at_least, condition.under, condition.at_most)
    return any(limit is not None for limit in limits)


def _compares(condition: Condition) -> bool:
    return condition.equals is not None or _bounded(condition)


def _fits(fact: Fact, value: Value) -> bool:
    if fact.type == "yes-no":
        return isinstance(value, bool)
    if fact.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and (fact.type != "choice" or value in fact.choices)


def absent(field: str, kind: str, needed: Mapping[str, str], keys: Collection[str]) -> Iterator[Mistake]:
    """Keys that the product works with and that the file does not have. `needed`: the key, and what it is needed for."""
    for key, purpose in needed.items():
        if key not in keys:
            yield field, f"no {kind} is called {key!r}; it is needed for {purpose}"


def repeated(kind: str, named: Iterable[tuple[str, str]]) -> Iterator[Mistake]:
    """Names that are used a second time, or that are not there. Each comes with the path of its field."""
    seen: dict[str, str] = {}
    for path, key in named:
        if not key.strip():
            yield path, f"a {kind} needs a name"
        elif key in seen:
            yield path, f"the {kind} {key!r} is already at {seen[key]}"
        seen.setdefault(key, path)


def unique(field: str, by: str, rows: tuple[msgspec.Struct, ...]) -> Iterator[Mistake]:
    """Rows of `field` that have the same value of `by`, which has to be unique."""
    named = ((f"{field}[{number}].{by}", str(getattr(row, by))) for number, row in enumerate(rows))
    yield from repeated(by, named)
