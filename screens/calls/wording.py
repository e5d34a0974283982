"""Calls in words and signs: the rows of the list, the page of a call, the page of a step. No rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.calls.model import Attendee, Call, NextStep
from fleettui.domain.calls.stages import CallView, every_view
from fleettui.domain.calls.wording import both_clocks, countdown
from fleettui.domain.checklists.rules import progress
from fleettui.errors import FleettuiError
from screens.shell.history import story
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.row import Cell, Row

if TYPE_CHECKING:
    from fleettui.domain.calls.missed import ContactStep
    from fleettui.domain.checklists.model import Mark, StepView
    from fleettui.workspace.workspace import Workspace

SIGNS: dict[str, tuple[str, str]] = {
    "todo": ("○", ""),
    "done": ("✓", "good"),
    "skipped": ("–", "muted"),
    "stale": ("↻", "warn"),
    "unanswered": ("?", "accent"),
    "blocked": ("·", "muted"),
    "not applicable": ("⊘", "muted"),
}
INSIDE = "│ "
"""Before a step, for each group that it is in: blanks at the beginning of a cell are not drawn."""
ANSWER_SIGNS: dict[str, tuple[str, str]] = {
    "accepted": ("✓", "good"),
    "declined": ("✗", "bad"),
    "tentative": ("~", "warn"),
    "delegated": ("→", "muted"),
    "needs-action": ("○", "warn"),
}
ANSWER_WORDS = {"needs-action": "no answer yet", "tentative": "perhaps"}
STAGE_STYLES = {
    "missed?": "bad",
    "join now": "warn",
    "started": "accent",
    "today": "accent",
    "later": "muted",
}


class CallWords:
    """What needs the workspace to be said: names, times, policy."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now: datetime = workspace.now()
        self.zone = workspace.zone

    def person(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else ""

    def company(self, call: Call) -> str:
        """An anonymous customer goes by its codename where others may look over a shoulder (SUP-13)."""
        found = self.workspace.calls.customer(call)
        return one_line(found.shown if found else call.company)

    def when(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        days = (local.date() - self.now.astimezone(self.zone).date()).days
        if days == 0:
            return f"today {local:%H:%M}"
        return f"{local:%a %H:%M}" if 0 < days < 7 else f"{local.day} {local:%b %H:%M}"

    def ago(self, at: datetime) -> str:
        return "just now" if self.now - at < timedelta(minutes=1) else countdown(at, self.now)

    # Rows

    def row(self, call: Call, prefix: str) -> Row:
        view = self.workspace.calls.view(call)
        who = f"{one_line(call.customer)} ({self.company(call)})"
        cells: tuple[Cell, ...] = (
            who,
            self.when(call.start),
            (countdown(call.start, self.now), ""),
            stage_cell(view),
        )
        return Row(prefix + call.id, cells, style="muted" if call.over else "")

    def step_row(self, view: CallView, shown: StepView, depth: int, prefix: str) -> Row:
        state = view.state_of(shown)
        sign, style = SIGNS.get(state, ("·", ""))
        label = (f"{INSIDE * depth}{sign} {shown.label}", "heading" if shown.steps else style)
        return Row(prefix + shown.key, (label, (self.about_step(view, shown), "muted")))

    def about_step(self, view: CallView, shown: StepView) -> str:
        """Who did it and how long ago; or why there is nothing to do."""
        if view.state_of(shown) == "stale":
            return view.call.stale[shown.key]
        if shown.mark is not None:
            return f"{self.person(shown.mark.by)}, {self.ago(shown.mark.at)}"
        return "" if shown.steps and shown.state == "todo" else shown.why_not

    def next_row(self, one: NextStep, prefix: str) -> Row:
        done = one.done_at is not None
        late = not done and one.due < self.now.astimezone(self.zone).date()
        sign, style = ("✓", "good") if done else ("!", "bad") if late else ("○", "")
        until = f"{self.person(one.owner)}, until {one.due:%a} {one.due.day} {one.due:%b}" + (
            ", late" if late else ""
        )
        return Row(
            prefix + one.key, ((f"{sign} {one_line(one.what)}", style), (until, "bad" if late else "muted"))
        )

    # The page of a call

    def page(self, call: Call) -> list[Para]:
        view = self.workspace.calls.view(call)
        about = self.workspace.calls.about(call)
        return [
            title(f"{one_line(call.customer)} ({self.company(call)})"),
            Para(one_line(call.title), "muted"),
            BLANK,
            fact(
                "When",
                f"{both_clocks(call.start, about.theirs, about.ours)}, {'all day' if call.all_day else f'{call.minutes} min'}",
            ),
            fact(
                "Stage", f"{view.stage}, {countdown(call.start, self.now)}", STAGE_STYLES.get(view.stage, "")
            ),
            *self._standing(view),
            fact("Link", call.join_url),
            fact("Notes", self.workspace.calls.notes_title(call)),
            fact("Leads", self.person(call.host)),
            fact("Reaches out", self.workspace.calls.reach_out_words(call)),
            fact("Id", call.id),
            BLANK,
            heading("Who is invited"),
            *(self._attendee(one) for one in call.attendees),
            *([] if call.attendees else [Para("Nobody that we know of.", "muted")]),
            *self._documents(call),
            *self._agreed(call),
            *([BLANK, heading("Notes"), Para(call.notes)] if call.notes else []),
            *([BLANK, heading("About"), Para(call.about)] if call.about else []),
            BLANK,
            heading("What happened"),
            *story(self.workspace, call.id),
        ]

    def _standing(self, view: CallView) -> Iterator[Para]:
        call = view.call
        if call.over:
            yield fact("Ended", f"{call.ended}{': ' + call.ended_why if call.ended_why else ''}")
            return
        yield fact(
            "Ready", "✓ yes" if view.ready else f"○ no: {missing(view)}", "good" if view.ready else "warn"
        )
        yield fact("Prepare", f"from {self.when(view.prepare_from)} on")
        for why in dict.fromkeys(call.stale.values()):
            yield Para(f"↻ {one_line(why)}", "warn")

    def _attendee(self, one: Attendee) -> Para:
        sign, style = ANSWER_SIGNS[one.status]
        side = "ours" if one.ours else "theirs" if one.invited else "theirs, not invited"
        said = ANSWER_WORDS.get(one.status, one.status)
        return step(sign, f"{one_line(one.shown)} <{one_line(one.email)}>: {said} ({side})", sign_style=style)

    def _documents(self, call: Call) -> Iterator[Para]:
        if call.documents:
            yield BLANK
            yield heading("Documents")
        for one in call.documents:
            yield step("▤", f"{one_line(one.title)}  {one.url or '(in the invite)'}")

    def _agreed(self, call: Call) -> Iterator[Para]:
        if call.next_steps:
            yield BLANK
            yield heading("Next steps")
        for one in call.next_steps:
            sign = "✓" if one.done_at else "○"
            yield step(sign, f"{one_line(one.what)} ({self.person(one.owner)}, until {one.due.isoformat()})")

    # The page of a step

    def step_page(self, call: Call, shown: StepView, rung: ContactStep | None) -> list[Para]:
        view = self.workspace.calls.view(call)
        state = view.state_of(shown)
        sign, style = SIGNS.get(state, ("·", ""))
        text = self._text(call, shown.key) if state != "not applicable" else ""
        kept = call.run.marks.get(shown.key)
        return [
            title(shown.label),
            BLANK,
            fact("State", f"{sign} {state}", style),
            *(
                [fact("Why", self.about_step(view, shown))]
                if state in ("stale", "blocked", "not applicable")
                else []
            ),
            *([fact("To", rung.to)] if rung is not None and rung.to else []),
            *(self._proof(kept) if kept is not None else []),
            *(
                [fact("Proof", f"{shown.step.evidence.what} (p)")]
                if shown.step.evidence and kept is None
                else []
            ),
            *([fact("Rule", shown.step.rule)] if shown.step.rule else []),
            *([BLANK, Para(shown.step.note, "accent")] if shown.step.note else []),
            *self._advice(shown),
            *([BLANK, heading("Text: y copies it"), Para(text)] if text else []),
        ]

    def _text(self, call: Call, step: str) -> str:
        """The text to copy, or what is still missing for it."""
        try:
            return self.workspace.calls.text_of(call, step)
        except FleettuiError as error:
            return f"({error})"

    def _proof(self, mark: Mark) -> list[Para]:
        return [
            fact("By", f"{self.person(mark.by)}, {self.when(mark.at)} ({self.ago(mark.at)})"),
            fact("Proof", mark.evidence or mark.why),
        ]

    def _advice(self, shown: StepView) -> list[Para]:
        """CALL-10: wherever somebody is missed, kindness comes first."""
        calls = self.workspace.handbook.calls
        if not shown.key.startswith(calls.missed.group):
            return []
        return [BLANK, Para(calls.etiquette.text, "accent")]


def stage_cell(view: CallView) -> Cell:
    call = view.call
    if call.over:
        return f"{view.stage}: {call.ended}" if view.stage == "done" else view.stage, "muted"
    ready = "✓ ready" if view.ready else f"○ {prepared(view)}"
    word = view.stage if view.stage in ("missed?", "started") else f"{view.stage} {ready}"
    return word, STAGE_STYLES.get(view.stage, "")


def prepared(view: CallView) -> str:
    """ "2/4": how much of the preparation is done, of what applies."""
    counted = progress(view.steps[:1])
    return f"{counted.done}/{counted.of}"


def missing(view: CallView) -> str:
    """Which checks of the preparation are open, in a few words."""
    top = view.steps[0] if view.steps else None
    inner = every_view(top.steps) if top else iter(())
    keys = [
        one.key for one in inner if not one.steps and not one.optional and one.state in ("todo", "unanswered")
    ]
    return ", ".join(keys)
