"""Calls: what prepares a customer call, and what to do when nobody comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleettui.checklist_types import Step
from screens.base import Board
from screens.outline import step_facts
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, title
from screens.widgets.rows import Row


class CallsScreen(Board):
    NAME = "calls"
    CONCERNS = frozenset({"handbook"})
    CSS_PATH = "calls.tcss"
    COLUMNS = (
        Column("step", "Every call goes through", width=30, grow=1),
        Column("rule", "Rule", width=8, hide=1),
    )
    EMPTY = "The handbook of this workspace has no steps for calls. They stand in handbook/calls.json."

    def rows_now(self) -> Sequence[Row]:
        calls = self.workspace.handbook.calls
        rows = [row for one in calls.steps for row in group_rows(one)]
        rows.append(Row("heading kinds", ("Kinds of call",), heading=True))
        return [*rows, *(Row(f"kind {kind.key}", (kind.name, (kind.rule, "muted"))) for kind in calls.kinds)]

    def page_of(self, key: str) -> Sequence[Para]:
        calls = self.workspace.handbook.calls
        kind = next((one for one in calls.kinds if f"kind {one.key}" == key), None)
        if kind is not None:
            return [
                title(kind.name),
                BLANK,
                Para(kind.purpose),
                BLANK,
                fact("Length", f"{kind.minutes} minutes"),
                *([fact("Again", f"every {weeks(kind.repeats_weeks)}")] if kind.repeats_weeks else []),
                *([fact("With", "our own people")] if kind.internal else []),
                fact("Rule", kind.rule),
            ]
        found = next((one for top in calls.steps for one in all_of(top) if one.key == key), None)
        missed = (
            [BLANK, Para(calls.etiquette.text, "accent")]
            if key in members(calls.steps, calls.missed.group)
            else []
        )
        return [*step_facts(found), *missed] if found is not None else ()


def weeks(number: int) -> str:
    return "week" if number == 1 else f"{number} weeks"


def group_rows(one: Step) -> Iterator[Row]:
    """A group is a heading; what it holds are rows."""
    note = f" · {one.note}" if one.note else ""
    if one.steps:
        yield Row(f"heading {one.key}", (one.label + note,), heading=True)
    for inner in one.steps or (one,):
        yield Row(inner.key, (inner.label, (inner.rule or one.rule, "muted")))


def all_of(one: Step) -> Iterator[Step]:
    yield one
    for inner in one.steps:
        yield from all_of(inner)


def members(steps: Sequence[Step], group: str) -> set[str]:
    return {inner.key for one in steps if one.key == group for inner in all_of(one)}
