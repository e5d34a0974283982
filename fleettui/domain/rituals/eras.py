"""What a ritual was before it was changed: its rhythms and its DRIs, day by day. A change never rewrites what was. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from fleettui.domain.rituals.history import period_on
from fleettui.domain.rituals.model import Era, FormerDri, Instance, Ritual
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.errors import Refused
from fleettui.time.business import Calendar

A_DAY = timedelta(days=1)


def with_rhythm(before: Ritual, rhythm: Rhythm, today: date) -> Ritual:
    """The ritual in another rhythm from today on; the earlier one is kept for what was owed until now."""
    if rhythm == before.rhythm:
        return before
    return replace(_begun_anew(before, today - A_DAY, today), rhythm=rhythm, frequency="")


def retired(before: Ritual, today: date, replaced_by: str = "") -> Ritual:
    """Not due from today on; its history is kept."""
    if before.retired is not None:
        raise Refused(f"{before.name} is retired already, since {before.retired}")
    return replace(before, retired=today, replaced_by=replaced_by)


def brought_back(before: Ritual, today: date) -> Ritual:
    """Due again from today on; the days in between do not count."""
    if before.retired is None:
        raise Refused(f"{before.name} is not retired")
    return replace(_begun_anew(before, before.retired - A_DAY, today), retired=None, replaced_by="")


def _begun_anew(before: Ritual, last: date, today: date) -> Ritual:
    """`last`: the last day of the rhythm that was."""
    earlier = before.earlier
    if before.since <= last:
        era = Era(rhythm=before.rhythm, first=before.since, last=last, carried=before.carried)
        earlier = (*earlier, era)
    return replace(before, since=today, earlier=earlier, carried="")


def with_dri(before: Ritual, dri: str, today: date) -> Ritual:
    """Somebody else's from today on. Until yesterday it stays whose it was."""
    if dri == before.dri:
        return before
    former, last = before.former_dris, today - A_DAY
    theirs_since = former[-1].last + A_DAY if former else before.counted_from
    if theirs_since <= last:
        former = (*former, FormerDri(dri=before.dri, last=last))
    return replace(before, dri=dri, former_dris=former)


def taking_ticks_along(
    before: Ritual, changed: Ritual, instances: Mapping[str, Instance], today: date, calendar: Calendar
) -> Ritual:
    """`changed`, whose first period goes on with what was done in the running one of `before`, if it lies in its days.

    If it does not (a daily ritual that was weekly, done on Monday), it stays where it was done.
    """
    if changed.retired is not None or (changed.since, changed.rhythm) == (before.since, before.rhythm):
        return changed
    running = period_on(_as_if_owed(before), today, calendar, instances)
    instance = instances.get(running.id) if running else None
    first = period_on(changed, today, calendar)
    if running is None or instance is None or not instance.touched or first is None:
        return changed
    days = [calendar.day_of(at) for at in _times_of(instance)]
    if not all(first.dates.first <= day <= first.dates.last for day in days):
        return changed
    if len(changed.earlier) == len(before.earlier):
        # Changed on the day on which it began. The empty era makes all other periods have other ids than the one taken along.
        empty = Era(rhythm=before.rhythm, first=before.since, last=today - A_DAY)
        changed = replace(changed, earlier=(*changed.earlier, empty))
    return replace(changed, carried=running.id)


def _as_if_owed(before: Ritual) -> Ritual:
    """A ritual that is retired, on the day of its return: what was ticked before it was retired goes on."""
    return before if before.retired is None else replace(before, retired=None)


def _times_of(instance: Instance) -> Iterator[datetime]:
    yield from (tick.at for tick in (*instance.ticks, *instance.boxes.values()))
    yield from (skip.at for skip in instance.left_out.values())
    if instance.skipped is not None:
        yield instance.skipped.at
    yield from (mark.at for mark in (instance.run.marks.values() if instance.run else ()))
