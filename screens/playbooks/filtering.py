"""What a filter shows: runs, each found by all that its steps say; inside one, what matches with the groups around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fleettui.domain.checklists.model import StepView
from fleettui.domain.checklists.status import every_step
from fleettui.domain.playbooks.runs import PlaybookRun
from screens.playbooks.row_keys import Key, StepKey
from screens.widgets.row import Row


def matching_runs(typed: str, rows: Sequence[Row[Key]], more_of: Callable[[Key], str]) -> Sequence[Row[Key]]:
    """`more_of`: what a row does not show and is found by."""
    words = typed.casefold().split()
    return [row for row in rows if not row.heading and _has(words, f"{row.text} {more_of(row.key)}")]


def matching_steps(typed: str, rows: Sequence[Row[Key]], views: Sequence[StepView]) -> Sequence[Row[Key]]:
    """The steps that match, the groups that they are in, and all that is in a group that matches; below the name of the run."""
    words = typed.casefold().split()
    texts = {row.key: row.text for row in rows}

    def shown(group: Sequence[StepView], *, all_of_it: bool) -> Iterator[str]:
        for view in group:
            matches = all_of_it or _has(words, texts.get(StepKey(view.key), ""))
            below = list(shown(view.steps, all_of_it=matches))
            if matches or below:
                yield view.key
            yield from below

    keys: set[Key] = {StepKey(key) for key in shown(views, all_of_it=False)}
    kept = [
        row
        for row in rows
        if row.heading or row.key in keys or (not isinstance(row.key, StepKey) and _has(words, row.text))
    ]
    return kept if any(not row.heading for row in kept) else []


def words_of(run: PlaybookRun) -> str:
    """All that a run is found by: its number, its steps, and what was written down."""
    steps = every_step(run.definition.steps)
    return " ".join([run.id, run.rule, *(step.label for step in steps), *run.run.filled.values()])


def _has(words: Sequence[str], text: str) -> bool:
    whole = text.casefold()
    return all(word in whole for word in words)
