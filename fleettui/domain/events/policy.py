"""The shape of alarms.json: when a promise that nobody keeps becomes news, and for whom."""

from typing import Annotated, Literal

import msgspec

Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Whom = Literal["owner", "on-call", "everybody"]
"""Each with those before it. Where a ticket is nobody's, its owner is whoever is on call, and then everybody."""


class BreachStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With this share of the promised time left, or less, these are told."""

    left: Share
    to: Whom


class Alarms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """alarms.json."""

    breaching: tuple[BreachStep, ...] = (
        BreachStep(left=0.25, to="owner"),
        BreachStep(left=0.1, to="on-call"),
        BreachStep(left=0.05, to="everybody"),
    )
    breached: Whom = "everybody"
    urgent: tuple[str, ...] = ("P0",)
    """The priorities that everybody is told of when such a ticket arrives."""
