"""What the team itself changes of the on-call rota (SUP-15), beside the handbook's policy. Pure functions.

The handbook says who takes turns, when shifts begin and when the reminder is due. What people agree among themselves (somebody
else for some days, two shifts exchanged, another order) is one document that is applied on top of that policy. So it has a
history, and an edit of the handbook's file still counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.team.rota import (
    Override,
    Rota,
    RotaOrder,
    Swap,
    order_for_turn,
    person_for_turn,
    turn_of,
)
from fleettui.errors import Refused
from fleettui.time import zones

ID = "rota"
LONGEST_ORDER = 100
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


class KeptRota(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The only document of its kind. Each list is in the order in which things were agreed; a later entry wins."""

    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    later: tuple[RotaOrder, ...] = ()


def rota_in_force(policy: Rota, kept: KeptRota | None) -> Rota:
    """The rota as it is in force. What was agreed before the policy's first shift is ignored. Shifts are found by a day in them,
    because the day of handover may have changed since."""
    if kept is None:
        return policy
    swaps = [Swap(one=turn_of(policy, swap.one), other=turn_of(policy, swap.other)) for swap in kept.swaps]
    later = [RotaOrder(first=turn_of(policy, order.first), order=order.order) for order in kept.later]
    return replace(
        policy,
        overrides=[*policy.overrides, *kept.overrides],
        swaps=[*policy.swaps, *(swap for swap in swaps if min(swap.one, swap.other) >= policy.first)],
        later=[*policy.later, *(order for order in later if order.first >= policy.first)],
    )


def overridden(kept: KeptRota, policy: Rota, wanted: Override) -> KeptRota:
    """Somebody else, or nobody, on these days."""
    zones.refuse_far(wanted.first.year, "first")
    zones.refuse_far(wanted.last.year, "last")
    if wanted.last < policy.first:
        raise Refused(f"the rota begins on {policy.first}; give days from then on", field="last")
    newest = next(
        (old for old in reversed(kept.overrides) if old.first <= wanted.last and wanted.first <= old.last),
        None,
    )
    if newest == wanted:
        return kept
    return replace(kept, overrides=(*kept.overrides, wanted))


def cleared(kept: KeptRota, policy: Rota, first: date, last: date) -> KeptRota:
    """No override on these days; one that covers more days is kept for the others."""
    if last < first:
        raise Refused(f"{last} is before the first day, {first}", field="last")
    left = tuple(piece for override in kept.overrides for piece in _outside(override, first, last))
    if left != kept.overrides:
        return replace(kept, overrides=left)
    if any(override.first <= last and first <= override.last for override in policy.overrides):
        raise Refused(
            "it stands in handbook/oncall.json that somebody else has these days; change it there",
            field="first",
        )
    raise Refused(f"nobody stands in from {first} to {last}; the turns hold already", field="first")


def _outside(override: Override, first: date, last: date) -> Iterator[Override]:
    if override.last < first or last < override.first:
        yield override
        return
    if override.first < first:
        yield replace(override, last=first - _DAY)
    if last < override.last:
        yield replace(override, first=last + _DAY)


def swapped(kept: KeptRota, policy: Rota, days: tuple[date, date], current: date) -> KeptRota:
    """Two shifts, each named by any day in it, exchange their people. `current` is the day on which the shift of now began.

    Refused where they are exchanged already: when two people write down what they agreed, it must not be taken back.
    """
    shift, other = _two_shifts(policy, days)
    if max(shift, other) < current:
        raise Refused("both shifts are over; one of them has to be still to come", field="other")
    if _is_last(kept, policy, shift, other):
        raise Refused(
            "these two are swapped already; swap them back instead, if that is meant", field="other"
        )
    rota = rota_in_force(policy, kept)
    whose = person_for_turn(rota, shift)[0]
    if whose == person_for_turn(rota, other)[0]:
        raise Refused(f"{whose or 'nobody'} has both shifts; there is nothing to exchange", field="other")
    return replace(kept, swaps=(*kept.swaps, Swap(one=shift, other=other)))


def swapped_back(kept: KeptRota, policy: Rota, days: tuple[date, date]) -> KeptRota:
    """The exchange of these two shifts is taken back."""
    shift, other = _two_shifts(policy, days)
    if not _is_last(kept, policy, shift, other):
        raise Refused(
            "these two are not swapped, or one of them has been swapped with another since", field="other"
        )
    left = list(kept.swaps)
    for number in reversed(range(len(left))):
        if {turn_of(policy, left[number].one), turn_of(policy, left[number].other)} == {shift, other}:
            del left[number]
            return replace(kept, swaps=tuple(left))
    raise Refused("that swap stands in handbook/oncall.json; change it there", field="other")


def last_swap(kept: KeptRota, policy: Rota, turn: date) -> Swap | None:
    """The newest swap of this shift."""
    swaps = rota_in_force(policy, kept).swaps
    return next((swap for swap in reversed(swaps) if turn in (swap.one, swap.other)), None)


def _is_last(kept: KeptRota, policy: Rota, shift: date, other: date) -> bool:
    """Whether the newest swap of both shifts is with each other."""
    touching = (
        {swap.one, swap.other}
        for swap in reversed(rota_in_force(policy, kept).swaps)
        if {swap.one, swap.other} & {shift, other}
    )
    return next(touching, None) == {shift, other}


def _two_shifts(policy: Rota, days: tuple[date, date]) -> tuple[date, date]:
    for field, day in zip(("one", "other"), days, strict=True):
        zones.refuse_far(day.year, field)
        if day < policy.first:
            raise Refused(f"no shift is on {day} yet; the rota begins on {policy.first}", field=field)
    shift, other = (turn_of(policy, day) for day in days)
    if shift == other:
        raise Refused(
            f"{days[0]} and {days[1]} are in the same shift; name a day of another one", field="other"
        )
    return shift, other


def reordered(kept: KeptRota, policy: Rota, order: Sequence[str], since: date) -> KeptRota:
    """These people take turns, in this order, from the shift of that day on."""
    zones.refuse_far(since.year, "from")
    if not order:
        raise Refused("say who takes turns, the first one first", field="order")
    if len(order) > LONGEST_ORDER:
        raise Refused(f"at most {LONGEST_ORDER} can take turns", field="order")
    first = turn_of(policy, max(since, policy.first))
    before = tuple(kept_order for kept_order in kept.later if turn_of(policy, kept_order.first) != first)
    return replace(kept, later=(*before, RotaOrder(first=first, order=list(order))))


def next_change(rota: Rota, current: date) -> date:
    """When a new order begins: with the next shift, or with the present one where nobody takes turns yet."""
    if current < rota.first:
        return rota.first
    return current + _WEEK if order_for_turn(rota, current).order else current
