"""The week behind: the look back with its facts (SUP-16), what the documentation should learn (SUP-17), the report.

Rows and pages; the figures come from figures.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from fleettui.time.wording import moment
from fleettui.time.zones import day_of
from screens.commands.effective import with_keys
from screens.shell.history import Story
from screens.team.report import arrivals_plot, attainment_plot, days_words, promises
from screens.team.row_keys import QuestionKey, TeamKey, WeekRow
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, heading, part, step, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.calls.weekly import WeekCall
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.reports import LookBack
    from fleettui.workspace.workspace import Workspace
    from screens.team.figures import Figures, FiguresCache

CALL_SIGNS: dict[str, tuple[str, str]] = {
    "held": ("✓", "good"),
    "missed": ("✗", "bad"),
    "moved": ("→", ""),
    "cancelled": ("–", "muted"),
    "not recorded": ("?", "warn"),
}
PENDING = Para("Reckoning the week …", "muted")


class WeekView:
    """The rows of a week on Team's list, and their pages; it knows which week is shown."""

    def __init__(
        self, workspace: Workspace, figures: FiguresCache, page_width: Callable[[], int], story: Story
    ) -> None:
        self._workspace, self._figures, self._page_width = workspace, figures, page_width
        self._story = story
        self._chosen: date | None = None
        """A day of the week that is shown, where it is not this one."""

    # Which week

    @property
    def day(self) -> date:
        return self._chosen or self._today()

    @property
    def is_this_week(self) -> bool:
        return self._chosen is None

    def go_to(self, day: date | None) -> None:
        """None: this week."""
        self._chosen = None if day is None or day >= self._today() else day

    def _today(self) -> date:
        return day_of(self._workspace.now(), self._workspace.zone)

    def figures(self) -> Figures | None:
        """None while they are computed."""
        return self._figures.get(self.day)

    # The rows

    def title(self) -> str:
        week = self._workspace.reports.week_of(self.day)
        return f"{'This' if self.is_this_week else 'The'} week, {days_words(week.first, week.last)}"

    def rows(self) -> list[Row[TeamKey]]:
        """One cell each, so that it has the whole line."""
        answers = self._workspace.reports.answers(self.day).answers
        documentation, report = self._summaries()
        questions: list[Row[TeamKey]] = [
            Row(QuestionKey(question.key), (_question_words(question.question, answers.get(question.key)),))
            for question in self._workspace.reports.questions
        ]
        return [
            *questions,
            Row(WeekRow.DOCUMENTATION, (f"▤ Documentation: {documentation}",)),
            Row(WeekRow.RITUALS, ("▦ Rituals: who did what on which day",)),
            Row(WeekRow.REPORT, (f"▥ Report: {report}",)),
        ]

    def _summaries(self) -> tuple[str, str]:
        """Of documentation and report, as they were last computed."""
        figures = self._figures.known(self.day)
        if figures is None:
            return "what customers' questions ask of it", "promises kept, and when customers write"
        work, report = figures.work, figures.look.report
        return (
            f"{len(work.to_write)} to write, {len(work.unanswered)} not said, {len(work.done)} done",
            f"{report.arrivals} came, {report.in_time} of {report.in_time + report.late} promises kept",
        )

    # The pages

    def page(self, key: QuestionKey | WeekRow) -> Sequence[Para]:
        figures = self.figures()
        match key:
            case QuestionKey():
                return list(self._question_page(key.key, figures))
            case WeekRow.DOCUMENTATION:
                return list(self._documentation_page(figures))
            case WeekRow.REPORT:
                return list(self._report_page(figures))
            case WeekRow.RITUALS:
                from screens.team.rituals_week import rituals_page

                return list(rituals_page(self._workspace, self.day))

    def _question_page(self, key: str, figures: Figures | None) -> Iterator[Para]:
        reports = self._workspace.reports
        week, answers = reports.week_of(self.day), reports.answers(self.day).answers
        yield title(next((question.question for question in reports.questions if question.key == key), key))
        yield BLANK
        yield (
            Para(answers[key])
            if key in answers
            else Para(with_keys("Nobody has said yet. [team.edit] answers."), "muted")
        )
        facts = facts_paras(figures.look) if figures else (PENDING,)
        yield from part(f"The week {days_words(week.first, week.last)}", facts)
        yield from part("What changed", self._story(week.key, 8))

    def _documentation_page(self, figures: Figures | None) -> Iterator[Para]:
        yield title("What customers' questions ask of the documentation")
        yield BLANK
        if figures is None:
            yield PENDING
            return
        work = figures.work
        sections = (
            ("To write", work.to_write, "Nothing is waiting to be written.", "○"),
            ("Resolved without a word on it", work.unanswered, "", "?"),
            ("Written", work.done, "", "✓"),
        )
        for name, tickets, empty, sign in sections:
            if tickets or empty:
                yield heading(name)
                yield from (step(sign, documentation_words(ticket)) for ticket in tickets)
                yield Para(empty, "muted") if not tickets else BLANK
        if work.to_write:
            yield Para(
                with_keys("[team.edit] says that one is written, [team.ticket] opens its ticket."), "muted"
            )

    def _report_page(self, figures: Figures | None) -> Iterator[Para]:
        week = self._workspace.reports.week_of(self.day)
        yield title(f"Support, {days_words(week.first, week.last)} ({week.key})")
        yield BLANK
        if figures is None:
            yield PENDING
            return
        width = self._page_width()
        yield from (step("·", fact) for fact in figures.look.facts)
        yield BLANK
        yield from attainment_plot(figures.trend, week.first, width)
        yield BLANK
        yield from arrivals_plot(figures.trend, width)
        yield BLANK
        yield from promises(figures.look.report)
        yield from part("Calls", map(self._call, figures.calls))

    def _call(self, call: WeekCall) -> Para:
        """What became of it; how many there were of each stands above."""
        when = moment(call.start, self._workspace.now(), self._workspace.zone)
        why = f": {call.why}" if call.why else ""
        leads = one_line(self._workspace.people.get(call.host).shown) if call.host else "nobody"
        sign, style = CALL_SIGNS[call.outcome]
        who = f"{one_line(call.customer)} ({one_line(call.company)})"
        return step(sign, f"{when}  {who}, {call.outcome}{one_line(why)} ({leads})", sign_style=style)


def _question_words(question: str, answer: str | None) -> str:
    return f"○ {question}" if answer is None else f"✓ {question} · {answer}"


def documentation_words(ticket: Ticket) -> str:
    wanted = ticket.documentation
    what = (wanted.what if wanted else "") or ticket.subject
    return f"{ticket.id}  {what}" + (f": {wanted.done}" if wanted and wanted.done else "")


def facts_paras(look: LookBack) -> Iterator[Para]:
    yield step("☎", ", ".join(look.on_call) or "nobody was on call")
    yield from (step("·", fact) for fact in look.facts)
