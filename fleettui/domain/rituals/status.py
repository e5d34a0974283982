"""How one period of a ritual stands now. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.rituals.history import Outcome, RitualPeriod, due_day
from fleettui.domain.rituals.model import Instance, Ritual, Tick
from fleettui.time.business import Calendar

State = Literal["coming", "open", "due soon", "late", "done", "missed", "skipped", "covered"]

FINISHED: tuple[State, ...] = ("done", "covered", "skipped")
WAITING: tuple[State, ...] = ("open", "due soon", "late")

SOON_IN_A_DAY, SOON = timedelta(hours=2), timedelta(hours=24)
"""How long before it is due a ritual of one day, and any other, is due soon."""


class PeriodStatus(msgspec.Struct, frozen=True):
    """How a period stands now: what was done of what is wanted, by whom, and whether in time."""

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


class PeriodDemand(msgspec.Struct, frozen=True):
    """What a period asks for: as its record began, or as the ritual is now where there is no record."""

    first: date
    last: date
    due: datetime
    times: tuple[int, int]
    customers: tuple[str, ...] | None
    """Those who have a box each; None: nobody has."""
    steps: int = 0
    """How many there will be, where none is ticked yet."""
    cut: bool = False
    """It was ended early: what was not done by then is not missed."""


def demand_of(
    ritual: Ritual,
    period: RitualPeriod,
    instance: Instance | None,
    customers: Sequence[str],
    is_over: bool,
    calendar: Calendar,
    steps: int = 0,
) -> PeriodDemand:
    """`customers` are those of today: they count while the period lasts."""
    span = period.dates
    per_customer = bool(ritual.per_customer) if instance is None else instance.per_customer
    boxes: tuple[str, ...] | None = None
    if per_customer:
        boxes = instance.customers if instance is not None and is_over else tuple(customers)
    times, due = period.rhythm.times, span.due
    if instance is not None and not period.carried:
        times, due = instance.times, instance.due
    elif instance is not None and due_day(period, calendar) < period.since:
        due = instance.due  # the new rhythm must not make late what was not
    return PeriodDemand(span.first, span.last, due, times, boxes, steps, period.cut)


def period_status(demand: PeriodDemand, instance: Instance | None, moment: checklist.Moment) -> PeriodStatus:
    """How the period stands at this moment."""
    instance = _once(demand, instance, moment)
    numbers = count, wanted, most = counts(demand, instance, moment)
    if instance is not None and instance.skipped is not None:
        skip = instance.skipped
        return PeriodStatus("skipped", *numbers, skip.at > demand.due, (skip.by,), (), skip.at)
    ticks = done_by(demand, instance)
    people, covers = (_each(tick.by for tick in ticks), _each(tick.covers for tick in ticks))
    if instance is None or not wanted or count < wanted:
        return PeriodStatus(_unfinished(demand, wanted, moment), *numbers, False, people, covers, None)
    at = _finished_at(demand, instance, ticks)
    state: State = "done" if any(not tick.covers for tick in ticks) else "covered"
    if not ticks:  # every box or step was left out, each for a reason
        state = "skipped"
    return PeriodStatus(state, count, wanted, most, at > demand.due, people, covers, at)


def _finished_at(demand: PeriodDemand, instance: Instance, ticks: list[Tick]) -> datetime:
    """When enough had been done."""
    if instance.followed is not None:
        return instance.followed.at
    times = sorted(tick.at for tick in ticks)
    if demand.customers is None and instance.run is None:
        return times[demand.times[0] - 1]
    marks = instance.run.marks.values() if instance.run else ()
    return max([*times, *(skip.at for skip in instance.left_out.values()), *(mark.at for mark in marks)])


def _unfinished(demand: PeriodDemand, wanted: int, moment: checklist.Moment) -> State:
    today = moment.now.astimezone(moment.zone).date()
    if demand.cut:
        return "skipped"
    if today < demand.first:
        return "coming"
    if today > demand.last:
        return "missed" if wanted else "skipped"
    if moment.now > demand.due:
        return "late"
    soon = SOON_IN_A_DAY if demand.first == demand.last else SOON
    return "due soon" if moment.now >= demand.due - soon else "open"


def counts(demand: PeriodDemand, instance: Instance | None, moment: checklist.Moment) -> tuple[int, int, int]:
    """Settled, enough, and the most there can be."""
    count, wanted, most = _by_hand(demand, instance, moment)
    follows = instance is not None and instance.followed is not None
    return (max(count, wanted) if follows else count), wanted, most


def _once(demand: PeriodDemand, instance: Instance | None, moment: checklist.Moment) -> Instance | None:
    """What somebody did by hand is not done a second time by what follows from other work."""
    if instance is None or instance.followed is None:
        return instance
    count, wanted, _ = _by_hand(demand, instance, moment)
    return replace(instance, followed=None) if wanted and count >= wanted else instance


def _by_hand(
    demand: PeriodDemand, instance: Instance | None, moment: checklist.Moment
) -> tuple[int, int, int]:
    if demand.customers is not None:
        settled = {*instance.boxes, *instance.left_out} if instance else set()
        wanted = len(demand.customers)
        return sum(customer in settled for customer in demand.customers), wanted, wanted
    if instance is not None and instance.run is not None and instance.checklist is not None:
        progress = checklist.progress(checklist.view(instance.checklist, instance.run, moment))
        wanted = progress.of + progress.skipped
        return progress.done + progress.skipped, wanted, wanted
    if instance is None and demand.steps:
        return 0, demand.steps, demand.steps
    return (len(instance.ticks) if instance else 0, *demand.times)


def done_by(demand: PeriodDemand, instance: Instance | None) -> list[Tick]:
    """Whatever was done, as ticks, oldest first."""
    if instance is None:
        return []
    ticks = list(instance.ticks)
    if demand.customers is not None:
        ticks = [instance.boxes[customer] for customer in demand.customers if customer in instance.boxes]
    elif instance.run is not None:
        ticks = [
            Tick(by=mark.by, at=mark.at, covers=instance.covers.get(key, ""))
            for key, mark in instance.run.marks.items()
            if mark.state == "done"
        ]
    ticks += [instance.followed] if instance.followed else []
    return sorted(ticks, key=lambda tick: tick.at)


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def outcome_of(status: PeriodStatus) -> Outcome:
    """How the period counts in the history."""
    if status.state == "covered":
        return "covered"
    if status.state == "done":
        return "late" if status.late else "kept"
    if status.state in ("skipped", "missed"):
        return "skipped" if status.state == "skipped" else "missed"
    return "open"
