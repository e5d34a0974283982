"""What a search shows inside a run: what matches, with the groups around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fleettui.domain.checklists.model import StepView
from screens.playbooks.row_keys import Key, StepKey
from screens.widgets.row import MANY, Aside, Row


def matching_steps(
    matches_text: Callable[[str], bool], rows: Sequence[Row[Key]], views: Sequence[StepView]
) -> Sequence[Row[Key]]:
    """The steps that match, the groups that they are in, and all that is in a group that matches; below the name of the run."""
    texts = {row.key: row.text for row in rows}

    def shown(group: Sequence[StepView], *, all_of_it: bool) -> Iterator[str]:
        for view in group:
            matches = all_of_it or matches_text(texts.get(StepKey(view.key), ""))
            below = list(shown(view.steps, all_of_it=matches))
            if matches or below:
                yield view.key
            yield from below

    keys: set[Key] = {StepKey(key) for key in shown(views, all_of_it=False)}
    kept = [
        row
        for row in rows
        if row.heading or row.key in keys or (not isinstance(row.key, StepKey) and matches_text(row.text))
    ]
    return kept if any(not row.heading for row in kept) else []


def steps_aside(
    tester: Callable[[], Callable[[None, str], bool]], rows: Sequence[Row[Key]], views: Sequence[StepView]
) -> Aside | None:
    """The same beside the event loop, where there are many."""
    if len(rows) < MANY:
        return None

    def run(is_cancelled: Callable[[], bool]) -> Callable[[], Sequence[Row[Key]]]:
        matches = tester()
        matching = matching_steps(lambda text: not is_cancelled() and matches(None, text), rows, views)
        return lambda: matching

    return run
