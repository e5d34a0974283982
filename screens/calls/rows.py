"""Calls and their steps as rows of a list, in words and signs. No rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.calls.model import Call, NextStep
from fleettui.domain.calls.stages import CallView, declined
from fleettui.domain.checklists.rules import progress
from fleettui.time import wording
from fleettui.time.wording import coming_moment, countdown
from screens.calls.row_keys import CallKey, Key, NextStepKey, StepKey
from screens.shell.signs import STATE_SIGNS
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Cell, Row

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.workspace.workspace import Workspace

CALL_COLUMNS = (
    Column("who", width=16, grow=3, share=0.45),
    Column("when", width=12),
    Column("left", width=11, hide=2, second=True),
    Column("stage", width=8, grow=2, shorten="from sign"),
    Column("leader", width=2, grow=1, hide=1, second=True, shorten="name"),
)
STEP_COLUMNS = (
    Column("step", width=30, grow=2, share=0.75, whole=True),
    Column("about", width=8, grow=1, hide=1, second=True),
)

INSIDE = "│ "
"""Before a step, for each group that it is in: blanks at the beginning of a cell are not drawn."""
SHORT_STAGES = {"how did it go?": "outcome?"}
"""As long as a column is wide."""
NOT_PREPARED = ("missed?", "started", "how did it go?")
"""Stages at which nobody asks any more what is prepared."""
STAGE_STYLES = {
    "missed?": "bad",
    "how did it go?": "warn",
    "join now": "warn",
    "started": "accent",
    "today": "accent",
    "later": "muted",
}


class CallWords:
    """What needs the workspace to be put in words: names, times, policy."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now: datetime = workspace.now()
        self.zone = workspace.zone
        self.leading = workspace.calls.leading()

    def person(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else ""

    def company(self, call: Call) -> str:
        return one_line(self.workspace.calls.company(call))

    def when(self, at: datetime) -> str:
        return coming_moment(at, self.now, self.zone)

    def ago(self, at: datetime) -> str:
        return "just now" if self.now - at < timedelta(minutes=1) else countdown(at, self.now)

    def call_row(self, call: Call) -> Row[Key]:
        view = self.workspace.calls.view(call)
        cells: tuple[Cell, ...] = (
            f"{one_line(call.customer)} ({self.company(call)})",
            self.when(call.start),
            countdown(call.start, self.now),
            stage_cell(view),
            self.leader_cell(call),
        )
        return Row(CallKey(call.id), cells, style="muted" if call.over else "")

    def leader_cell(self, call: Call) -> Cell:
        """Who leads it; marked where they cannot."""
        name = self.person(call.host) or "nobody"
        return (f"! {name}", "bad") if self.leader_trouble(call) else (name, "muted")

    def leader_trouble(self, call: Call) -> str:
        """Why whoever leads it cannot; empty where they can."""
        if self.leading.is_away(call):
            return f"away; {self.person(self.leading.cover(call)) or 'nobody'} covers"
        others = self.leading.overlapping(call)
        return f"at the same time: {', '.join(self._short(other) for other in others)}" if others else ""

    def _short(self, call: Call) -> str:
        return f"{one_line(call.customer)}, {self.when(call.start)}"

    def step_row(self, view: CallView, shown: StepView, depth: int) -> Row[Key]:
        sign, style = STATE_SIGNS[view.state_of(shown)]
        label = (f"{INSIDE * depth}{sign} {shown.label}", "heading" if shown.steps else style)
        return Row(StepKey(shown.key), (label, (self.about_step(view, shown), "muted")))

    def about_step(self, view: CallView, shown: StepView) -> str:
        """Who did it and how long ago; or why there is nothing to do."""
        if view.state_of(shown) == "stale":
            return view.call.stale[shown.key]
        if shown.mark is not None:
            return f"{self.person(shown.mark.by)}, {self.ago(shown.mark.at)}"
        return "" if shown.steps and shown.state == "todo" else shown.why_not

    def next_step_row(self, step: NextStep) -> Row[Key]:
        done = step.done_at is not None
        late = not done and step.due < self.now.astimezone(self.zone).date()
        sign, style = ("✓", "good") if done else ("!", "bad") if late else ("○", "")
        until = f"{self.person(step.owner)}, until {wording.day(step.due)}"
        return Row(
            NextStepKey(step.key),
            (
                (f"{sign} {one_line(step.what)}", style),
                (f"{until}, late" if late else until, "bad" if late else "muted"),
            ),
        )


def stage_cell(view: CallView) -> Cell:
    call = view.call
    if call.over:
        return f"{view.stage}: {call.ended}" if view.stage == "done" else view.stage, "muted"
    ready = "✓ ready" if view.ready else "✗ declined" if declined(call) else f"○ {prepared(view)}"
    is_past = view.stage in NOT_PREPARED
    word = SHORT_STAGES.get(view.stage, view.stage) if is_past else f"{view.stage} {ready}"
    return word, STAGE_STYLES.get(view.stage, "")


def prepared(view: CallView) -> str:
    """ "2/4": how much of the preparation is done, of what applies."""
    counted = progress(view.steps[:1])
    return f"{counted.done}/{counted.of}"
