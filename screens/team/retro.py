"""The look back (SUP-16): a form of its three questions, with the week's facts beside them.

Only answers that were changed are saved, so two people can answer two questions at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from screens.dialogs.form import Form, FormField, SeenRevision
from screens.team.week import PENDING, facts_paras
from screens.terminal.text import one_line
from screens.widgets.page import Page, heading

if TYPE_CHECKING:
    from fleettui.workspace.reports import LookBack, Reports
    from fleettui.workspace.workspace import Workspace


class WeekFacts(Page):
    """The facts of a week, computed in a thread."""

    def __init__(self, reports: Reports, day: date) -> None:
        super().__init__()
        self._reports, self._day = reports, day

    def on_mount(self) -> None:
        self.show([PENDING])
        self.run_worker(self._compute, thread=True, group="facts", exit_on_error=False)

    def _compute(self) -> None:
        """In the thread."""
        try:
            look = self._reports.look_back(self._day)
        except Exception as error:
            self.app.call_from_thread(self.fleettui.report, error, "computing the week")
        else:
            self.app.call_from_thread(self._show_facts, look)

    def _show_facts(self, look: LookBack) -> None:
        if self.is_mounted:
            self.show([heading("The week"), *facts_paras(look)])


def retro_form(workspace: Workspace, day: date, first: str, saved: Callable[[LookBack], None]) -> Form:
    """Of the week that the day is in. `first` is the question to begin with."""
    reports = workspace.reports
    week, kept = reports.week_of(day), reports.answers(day)
    seen = SeenRevision(kept)
    fields = [
        FormField(question.key, one_line(question.question), kept.answers.get(question.key, ""), long=True)
        for question in reports.questions
    ]
    return Form(
        f"Look back on the week {week.first} to {week.last}",
        fields,
        about=f"retro {week.key}",
        save=lambda typed: reports.answer(typed, day, seen=seen.rev),
        saved=saved,
        stale=lambda: seen.renew(reports.answers(day)),
        first=first,
        beside=WeekFacts(reports, day),
    )
