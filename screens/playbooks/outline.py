"""The steps of a checklist as the handbook defines them, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleettui.domain.checklists.model import Span, Step
from screens.widgets.page import BLANK, Para, step

TODO = "○"


def outline(steps: Sequence[Step], depth: int = 0, owner: str = "") -> Iterator[Para]:
    """Groups with what they hold, each step with its owner where that is another than the group's."""
    for defined in steps:
        whose = f"  {defined.owner}" if defined.owner and defined.owner != owner else ""
        if defined.steps:
            yield Para(defined.label + whose, "heading", (("  " * depth, ""),))
            yield from outline(defined.steps, depth + 1, defined.owner or owner)
            if depth == 0:
                yield BLANK
        else:
            yield step(TODO, defined.label + whose, depth=depth, sign_style="muted")


def count_of(steps: Sequence[Step]) -> int:
    return sum(count_of(defined.steps) if defined.steps else 1 for defined in steps)


def span_words(span: Span) -> str:
    amounts = ((span.business_days, "business day"), (span.days, "day"), (span.hours, "hour"))
    amounts_in_words = ", ".join(
        f"{amount:g} {unit}{'' if amount == 1 else 's'}" for amount, unit in amounts if amount
    )
    return f"{amounts_in_words} {span.note}".strip()
