"""Steps of a checklist in words, as the handbook defines them: an outline of all, and all about one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleettui.domain.checklists.model import Span, Step
from screens.widgets.page import BLANK, Para, fact, step, title

TODO = "○"


def outline(steps: Sequence[Step], depth: int = 0, owner: str = "") -> Iterator[Para]:
    """Groups with what they hold, each step with its owner where that is another than the group's."""
    for one in steps:
        whose = f"  {one.owner}" if one.owner and one.owner != owner else ""
        if one.steps:
            yield Para(one.label + whose, "heading", (("  " * depth, ""),))
            yield from outline(one.steps, depth + 1, one.owner or owner)
            if depth == 0:
                yield BLANK
        else:
            yield step(TODO, one.label + whose, depth=depth, sign_style="muted")


def count_of(steps: Sequence[Step]) -> int:
    return sum(count_of(one.steps) if one.steps else 1 for one in steps)


def step_facts(one: Step) -> list[Para]:
    return [
        title(one.label),
        BLANK,
        *([Para(one.note), BLANK] if one.note else []),
        *([fact("Owner", one.owner)] if one.owner else []),
        *([fact("Needed", "no")] if one.optional else []),
        *([fact("Otherwise", one.why_not)] if one.why_not else []),
        *([fact("Waits", span_words(one.wait))] if one.wait else []),
        *([fact("Due", span_words(one.due))] if one.due else []),
        *([fact("Approval", one.approval.by)] if one.approval else []),
        *([fact("Proof", one.evidence.what)] if one.evidence else []),
        *([fact("Texts", ", ".join(one.text))] if one.text else []),
        *([fact("Rule", one.rule)] if one.rule else []),
    ]


def span_words(span: Span) -> str:
    amounts = (
        (span.business_days, "business day"),
        (span.days, "day"),
        (span.hours, "hour"),
    )
    told = ", ".join(f"{amount:g} {unit}{'' if amount == 1 else 's'}" for amount, unit in amounts if amount)
    return f"{told} {span.note}".strip()
