"""A series of calls, laid out as time passes: a pure function of its rule and the time now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice

from msgspec.structs import replace

from fleettui.domain.calls.invitation import Invite, Series
from fleettui.time.recurrence import Steps, laid_out, read_rule
from fleettui.time.zones import instant_of, zone_or_none

DAYS_BACK = 7
"""Calls that ended earlier are left out."""
HORIZON = timedelta(days=5 * 366)
"""How far ahead the next one is looked for; 29 February comes every four years."""
STEPS = 30_000
"""The work for one series; daily since 1990 takes less."""


def instance_key(start: datetime) -> str:
    """What names one event of a series: its planned start."""
    return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def planned(series: Series, since: datetime, before: datetime, steps: Steps) -> Iterator[datetime]:
    """When it takes place by its rules, each start once; without what was cancelled."""
    zone = zone_or_none(series.zone) or zone_or_none("UTC")
    assert zone is not None, "UTC is always known"  # noqa: S101

    def wall(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=None)

    start = wall(series.start)
    by_rule = [
        (
            instant_of(at, zone)
            for at in laid_out(read_rule(rule), start, zone, wall(since), wall(before), steps)
        )
        for rule in series.rules
    ]
    single = sorted(at for at in {series.start, *series.dates} if since <= at < before)
    last = None
    for at in merge(single, *by_rule):
        if at != last and instance_key(at) not in series.without:
            yield at
        last = at


def coming(
    series: Series,
    usual: Invite,
    now: datetime,
    weeks: int,
    steps: Steps | None = None,
    over: Collection[str] = (),
) -> list[Invite]:
    """Its calls of the next weeks, and the next one however far ahead it is. `usual`: what any of them looks like.
    `over`: keys of those that ended already, which are not the next one."""
    steps = steps or Steps(STEPS)
    since, until = now - timedelta(days=DAYS_BACK), now + timedelta(weeks=weeks)
    starts = list(planned(series, since, until, steps))
    if all(at < now or instance_key(at) in over for at in starts):
        later = planned(series, until, now + HORIZON, steps)
        starts += islice((at for at in later if instance_key(at) not in over), 1)
    changed = {invite.recurrence: invite for invite in series.changed}
    laid = {instance_key(at): at for at in starts}
    moved_in = [
        invite
        for key, invite in changed.items()
        if key not in laid and invite.start and since <= invite.start < until
    ]
    return [*(changed.get(key) or _at(usual, series, at) for key, at in laid.items()), *moved_in]


def _at(usual: Invite, series: Series, start: datetime) -> Invite:
    end = start + timedelta(minutes=series.lasts)
    return replace(usual, recurrence=instance_key(start), start=start, end=end, of_series=False)


def of_one(event: Invite) -> tuple[Invite, Series]:
    """An event that repeats no more, as the only one of its series."""
    assert event.start is not None and event.end is not None  # noqa: S101  a request has both
    lasts = max(1, (event.end - event.start) // timedelta(minutes=1))
    series = Series(start=event.start, zone=event.zone or "UTC", lasts=lasts)
    return replace(event, recurrence=instance_key(event.start)), series


def without(series: Series, key: str) -> Series:
    """The series, with one of its calls cancelled."""
    if key in series.without:
        return series
    changed = tuple(invite for invite in series.changed if invite.recurrence != key)
    return replace(series, without=(*series.without, key), changed=changed)


def goes_on(series: Series, after: datetime) -> bool:
    """Whether another one follows."""
    return (
        next(planned(series, after + timedelta(seconds=1), after + HORIZON, Steps(STEPS)), None) is not None
    )


def takes_place(series: Series, key: str) -> bool:
    """Whether the series still has the call that was planned for this start."""
    start = datetime.strptime(key, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return next(planned(series, start, start + timedelta(seconds=1), Steps(STEPS)), None) is not None
