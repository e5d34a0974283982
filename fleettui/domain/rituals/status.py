"""How one period of a ritual stands now. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.rituals.history import Outcome
from fleettui.domain.rituals.model import Instance, Ritual, Tick

State = Literal["coming", "open", "due soon", "late", "done", "missed", "skipped", "covered"]

FINISHED: tuple[State, ...] = ("done", "covered", "skipped")
WAITING: tuple[State, ...] = ("open", "due soon", "late")

SOON_IN_A_DAY, SOON = timedelta(hours=2), timedelta(hours=24)
"""How long before it is due a ritual of one day, and any other, is due soon."""


@dataclass(frozen=True)
class PeriodStatus:
    state: State
    count: int
    wanted: int
    """So many are enough; `most` is what there can be."""
    most: int
    late: bool
    """Done, or skipped, after it was due."""
    by: tuple[str, ...]
    covers: tuple[str, ...]
    at: datetime | None
    """When it was finished."""


@dataclass(frozen=True)
class PeriodDemand:
    """A period and what it asks for: of an instance what it began with, else of the ritual as it is now."""

    first: date
    last: date
    due: datetime
    times: tuple[int, int]
    customers: tuple[str, ...] | None
    """Those who have a box each; None: nobody has."""
    steps: int = 0
    """How many there will be, where none is ticked yet."""


def demand_of(
    ritual: Ritual,
    first: date,
    last: date,
    due: datetime,
    instance: Instance | None,
    customers: Sequence[str],
    is_over: bool,
    steps: int = 0,
) -> PeriodDemand:
    """`customers` are those of today: they count while the period lasts."""
    per_customer = bool(ritual.per_customer) if instance is None else instance.per_customer
    boxes: tuple[str, ...] | None = None
    if per_customer:
        boxes = instance.customers if instance is not None and is_over else tuple(customers)
    times = ritual.rhythm.times if instance is None else instance.times
    return PeriodDemand(first, last, due if instance is None else instance.due, times, boxes, steps)


def period_status(asked: PeriodDemand, instance: Instance | None, moment: checklist.Moment) -> PeriodStatus:
    numbers = count, wanted, most = counts(asked, instance, moment)
    if instance is not None and instance.skipped is not None:
        skip = instance.skipped
        return PeriodStatus("skipped", *numbers, skip.at > asked.due, (skip.by,), (), skip.at)
    ticks = done_by(asked, instance)
    people, covers = (_each(tick.by for tick in ticks), _each(tick.covers for tick in ticks))
    if instance is None or not wanted or count < wanted:
        return PeriodStatus(_unfinished(asked, wanted, moment), *numbers, False, people, covers, None)
    at = _finished_at(asked, instance, ticks)
    state: State = "done" if any(not tick.covers for tick in ticks) else "covered"
    if not ticks:  # every box or step was left out, each for a reason
        state = "skipped"
    return PeriodStatus(state, count, wanted, most, at > asked.due, people, covers, at)


def _finished_at(asked: PeriodDemand, instance: Instance, ticks: list[Tick]) -> datetime:
    """When enough had been done, whatever was added later."""
    times = sorted(tick.at for tick in ticks)
    if asked.customers is None and instance.run is None:
        return times[asked.times[0] - 1]
    marks = instance.run.marks.values() if instance.run else ()
    return max([*times, *(skip.at for skip in instance.left_out.values()), *(mark.at for mark in marks)])


def _unfinished(asked: PeriodDemand, wanted: int, moment: checklist.Moment) -> State:
    today = moment.now.astimezone(moment.zone).date()
    if today < asked.first:
        return "coming"
    if today > asked.last:
        return "missed" if wanted else "skipped"
    if moment.now > asked.due:
        return "late"
    soon = SOON_IN_A_DAY if asked.first == asked.last else SOON
    return "due soon" if moment.now >= asked.due - soon else "open"


def counts(asked: PeriodDemand, instance: Instance | None, moment: checklist.Moment) -> tuple[int, int, int]:
    """Settled, enough, and the most there can be."""
    if asked.customers is not None:
        settled = {*instance.boxes, *instance.left_out} if instance else set()
        wanted = len(asked.customers)
        return sum(customer in settled for customer in asked.customers), wanted, wanted
    if instance is not None and instance.run is not None and instance.checklist is not None:
        progress = checklist.progress(checklist.view(instance.checklist, instance.run, moment))
        wanted = progress.of + progress.skipped
        return progress.done + progress.skipped, wanted, wanted
    if instance is None and asked.steps:
        return 0, asked.steps, asked.steps
    return (len(instance.ticks) if instance else 0, *asked.times)


def done_by(asked: PeriodDemand, instance: Instance | None) -> list[Tick]:
    """Whatever was done, as ticks, oldest first."""
    if instance is None:
        return []
    ticks = list(instance.ticks)
    if asked.customers is not None:
        ticks = [instance.boxes[customer] for customer in asked.customers if customer in instance.boxes]
    elif instance.run is not None:
        ticks = [
            Tick(by=mark.by, at=mark.at, covers=instance.covers.get(key, ""))
            for key, mark in instance.run.marks.items()
            if mark.state == "done"
        ]
    return sorted(ticks, key=lambda tick: tick.at)


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def outcome_of(stands: PeriodStatus) -> Outcome:
    """What a period is for those who look back."""
    if stands.state == "covered":
        return "covered"
    if stands.state == "done":
        return "late" if stands.late else "kept"
    if stands.state in ("skipped", "missed"):
        return "skipped" if stands.state == "skipped" else "missed"
    return "open"
