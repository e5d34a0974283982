"""The page of a call, and the page of one of its steps. No rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fleettui.domain.calls.invites import changed_here
from fleettui.domain.calls.model import Attendee, Call
from fleettui.domain.calls.stages import CallView, declined
from fleettui.domain.checklists.status import every_view
from fleettui.errors import FleettuiError
from fleettui.time.wording import both_clocks, countdown
from screens.calls.rows import STAGE_STYLES, CallWords
from screens.commands.effective import key_of, with_keys
from screens.shell.history import Story
from screens.shell.signs import STATE_SIGNS
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, fact_if, part, step, title

if TYPE_CHECKING:
    from fleettui.domain.calls.missed import ContactStep
    from fleettui.domain.checklists.model import Mark, StepView
    from fleettui.workspace.workspace import Workspace

ANSWER_SIGNS: dict[str, tuple[str, str]] = {
    "accepted": ("✓", "good"),
    "declined": ("✗", "bad"),
    "tentative": ("~", "warn"),
    "delegated": ("→", "muted"),
    "needs-action": ("○", "warn"),
}
NOBODY = Para("Nobody that we know of.", "muted")
ANSWER_WORDS = {"needs-action": "no answer yet", "tentative": "perhaps"}


class CallPage:
    def __init__(self, workspace: Workspace, call: Call, story: Story) -> None:
        self.workspace, self.call, self.story = workspace, call, story
        self.words = CallWords(workspace)
        self.view = workspace.calls.view(call)

    def paras(self) -> list[Para]:
        call, view, words = self.call, self.view, self.words
        about = self.workspace.calls.texts.context(call)
        left = countdown(call.start, words.now)
        both = both_clocks(call.start, about.theirs, about.ours)
        return [
            title(f"{one_line(call.customer)} ({words.company(call)})"),
            Para(one_line(call.title), "muted"),
            BLANK,
            fact("When", f"{both}, {'all day' if call.all_day else f'{call.minutes} min'}"),
            fact("Stage", f"{view.stage}, {left}", STAGE_STYLES.get(view.stage, "")),
            *self._readiness(),
            fact("Link", call.join_url),
            *self._changed_here(),
            fact("Notes", self.workspace.calls.texts.notes_title(call)),
            self._leader(),
            fact("Reaches out", self.workspace.calls.texts.reach_out(call)),
            fact("Id", call.id),
            *part("Who is invited", map(self._attendee, call.attendees) if call.attendees else [NOBODY]),
            *part("Documents", self._documents()),
            *part("Next steps", self._agreed()),
            *part("Notes", [Para(call.notes)] if call.notes else []),
            *part("About", [Para(call.about)] if call.about else []),
            *part("What happened", self.story(call.id, 20)),
        ]

    def _readiness(self) -> Iterator[Para]:
        call, view = self.call, self.view
        if call.over:
            yield fact("Ended", f"{call.ended}{': ' + call.ended_why if call.ended_why else ''}")
            return
        if view.ready:
            yield fact("Ready", "✓ yes", "good")
        else:
            why_not = declined(call)
            yield fact("Ready", f"○ no: {why_not}" if why_not else "○ no", "warn")
            yield from (fact("", f"○ {label}") for label in missing(view))
        yield fact("Prepare", f"from {self.words.when(view.prepare_from)} on")
        for why in dict.fromkeys(call.stale.values()):
            yield Para(f"↻ {one_line(why)}", "warn")
        for link, answer in call.failing.items():
            yield Para(f"✗ {one_line(link)}: {one_line(answer)}", "bad")

    def _leader(self) -> Para:
        trouble = self.words.leader_trouble(self.call)
        name = self.words.person(self.call.host)
        return fact("Leads", f"{name} ({trouble})" if trouble else name, "bad" if trouble else "")

    def _changed_here(self) -> Iterator[Para]:
        """What somebody changed by hand, and the time that the organizer knows."""
        fields, invite = changed_here(self.call), self.call.invite
        if fields and invite is not None and invite.start is not None:
            time = f"; the invite says {self.words.when(invite.start)}" if "time" in fields else ""
            yield fact("Changed", f"{', '.join(fields)}, here by hand{time}", "muted")

    def _attendee(self, attendee: Attendee) -> Para:
        sign, style = ANSWER_SIGNS[attendee.status]
        side = "ours" if attendee.ours else "theirs" if attendee.invited else "theirs, not invited"
        answer = attendee.old_answer or ANSWER_WORDS.get(attendee.status, attendee.status)
        name = f"{one_line(attendee.shown)} <{one_line(attendee.email)}>"
        return step(sign, f"{name}: {answer} ({side})", sign_style=style)

    def _documents(self) -> Iterator[Para]:
        for document in self.call.documents:
            yield step("▤", f"{one_line(document.title)}  {document.url or '(in the invite)'}")

    def _agreed(self) -> Iterator[Para]:
        for agreed in self.call.next_steps:
            who = f"{self.words.person(agreed.owner)}, until {agreed.due.isoformat()}"
            yield step("✓" if agreed.done_at else "○", f"{one_line(agreed.what)} ({who})")

    # The page of a step

    def step_paras(self, shown: StepView, contact: ContactStep | None) -> list[Para]:
        """`contact`: to whom a step of the ladder writes."""
        state = self.view.state_of(shown)
        sign, style = STATE_SIGNS[state]
        text = self._text(shown.key) if state != "not applicable" else ""
        explained = state in ("stale", "blocked", "not applicable")
        return [
            title(shown.label),
            BLANK,
            fact("State", f"{sign} {state}", style),
            *([fact("Why", self.words.about_step(self.view, shown))] if explained else []),
            *fact_if("To", contact.to if contact is not None else ""),
            *self._proof(shown),
            *fact_if("Rule", shown.step.rule),
            *([BLANK, Para(shown.step.note, "accent")] if shown.step.note else []),
            *self._advice(shown),
            *part(with_keys("Text: [app.copy] copies it"), [Para(text)] if text else []),
        ]

    def _text(self, step_key: str) -> str:
        """The text to copy, or what is still missing for it."""
        try:
            return self.workspace.calls.texts.of_step(self.call, step_key)
        except FleettuiError as error:
            return f"({error})"

    def _proof(self, shown: StepView) -> list[Para]:
        """What was kept of who did it; else what is wanted."""
        mark: Mark | None = self.call.run.marks.get(shown.key)
        if mark is None:
            wanted = shown.step.evidence
            return [fact("Proof", f"{wanted.what} ({key_of('calls.proof')})")] if wanted else []
        words = self.words
        return [
            fact("By", f"{words.person(mark.by)}, {words.when(mark.at)} ({words.ago(mark.at)})"),
            fact("Proof", mark.evidence or mark.why),
        ]

    def _advice(self, shown: StepView) -> list[Para]:
        """CALL-10: wherever somebody is missed, kindness comes first."""
        policy = self.workspace.handbook.calls
        ladder = tuple(top for top in self.view.steps if top.key == policy.missed.group)
        if shown.key not in {step_.key for step_ in every_view(ladder)}:
            return []
        return [BLANK, Para(policy.etiquette.text, "accent")]


def missing(view: CallView) -> list[str]:
    """Which checks of the preparation are open. Of a group its name is enough: its steps stand in the list."""
    steps = view.steps[0].steps if view.steps else ()
    return [
        f"{step.label}?" if step.state == "unanswered" else step.label for step in steps if _is_open(step)
    ]


def _is_open(step: StepView) -> bool:
    if step.optional or step.state not in ("todo", "unanswered"):
        return False
    return step.state == "unanswered" or not step.steps or any(map(_is_open, step.steps))
