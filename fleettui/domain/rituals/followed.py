"""Ticks that follow from other work: a held call ticks its customer's box (RIT-9), a playbook that was carried through its ritual
(RIT-12), a finished look back the retro (RIT-17).

They are worked out whenever a record is read, and never kept: what they follow from is kept once, and when it is taken back,
they are gone. What somebody ticked or left out by hand stays as it is. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from fleettui.domain.rituals.model import Instance, Ritual, Tick
from fleettui.errors import Refused


def with_boxes(instance: Instance, held: Mapping[str, Tick]) -> Instance:
    """With the boxes of customers with whom a call was held; those that somebody settled stay."""
    settled = {*instance.boxes, *instance.left_out}
    new = {customer: tick for customer, tick in held.items() if customer not in settled}
    return replace(instance, boxes=instance.boxes | new) if new else instance


def as_a_whole(instance: Instance, tick: Tick) -> Instance:
    """Done, because that was done."""
    return replace(instance, followed=tick)


def to_keep(instance: Instance) -> Instance:
    """Without what follows from other work."""
    boxes = {customer: tick for customer, tick in instance.boxes.items() if not tick.source}
    return replace(instance, boxes=boxes, followed=None)


def sources(instance: Instance | None) -> tuple[str, ...]:
    """What its ticks follow from."""
    if instance is None:
        return ()
    ticks = [*instance.boxes.values(), *([instance.followed] if instance.followed else [])]
    return tuple(dict.fromkeys(tick.source for tick in ticks if tick.source))


def refuse_followed(ritual: Ritual, tick: Tick | None) -> None:
    """It can only be taken back where it comes from."""
    if tick is not None and tick.source:
        raise Refused(f"{ritual.name}: it follows from {tick.source}; it goes when that is taken back")
