"""The look back (SUP-16): its three questions, with the week's facts beside them.

What is typed is kept as a draft, as in every form; only answers that were changed are saved, so two people can answer two
questions at the same time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import Container, Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fleettui.errors import FleettuiError
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.dialogs.form import KEEP_AFTER, conflicts_of
from screens.shell.board import WIDE
from screens.terminal.text import one_line
from screens.widgets.footer import Footer
from screens.widgets.page import Page, Para, heading, step
from screens.widgets.text_pane import LongText

if TYPE_CHECKING:
    from fleettui.workspace.reports import LookBack
    from fleettui.workspace.workspace import Workspace


class AnswerPane(LongText):
    def __init__(self, key: str, text: str) -> None:
        super().__init__(text, id=f"answer-{key}")
        self.key = key


class RetroForm(Commanded, ModalScreen[None]):
    BINDINGS = bindings("form")
    CSS_PATH = "retro.tcss"

    def __init__(self, workspace: Workspace, day: date, key: str, saved: Callable[[LookBack], None]) -> None:
        """`key` is the question to begin with."""
        super().__init__()
        self._reports, self._drafts = workspace.reports, workspace.drafts
        self._day, self._key, self._saved = day, key, saved
        self._week = self._reports.week_of(day)
        self._about = f"retro {self._week.key}"
        kept = self._reports.answers(day)
        self._questions = self._reports.questions
        self._before = {one.key: kept.answers.get(one.key, "") for one in self._questions}
        self._seen = kept.rev
        self._keeping: Timer | None = None
        self._saving = False

    def compose(self) -> Iterable[Widget]:
        typed = self._draft()
        yield Static(
            f"Look back on the week {self._week.first} to {self._week.last}", id="retro-title", markup=False
        )
        with Container(id="retro"):
            yield Page(id="retro-facts")
            with Vertical(id="retro-answers"):
                for one in self._questions:
                    yield Static(one_line(one.question), classes="label", markup=False)
                    yield AnswerPane(one.key, typed.get(one.key, self._before[one.key]))
        yield Static("", id="retro-note", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        panes = list(self.query(AnswerPane))
        first = next((pane for pane in panes if pane.key == self._key), panes[0] if panes else None)
        if first is not None:
            first.focus()
            first.move_cursor(first.document.end)
        if self._changes():
            self._note("What you typed before is back. Ctrl+R starts over.")
        self.query_one(Page).show([Para("Reckoning the week …", "muted")])
        self.run_worker(self._look, thread=True, group="facts", exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")

    def _look(self) -> None:
        try:
            found = self._reports.look_back(self._day)
        except Exception as error:
            self.app.call_from_thread(self.fleettui.report, error, "reckoning the week")
            return
        self.app.call_from_thread(self._show_facts, found)

    def _show_facts(self, found: LookBack) -> None:
        if self.is_mounted:
            on_call = ", ".join(found.on_call) or "nobody was on call"
            facts = [step("·", one) for one in found.facts]
            self.query_one(Page).show([heading("The week"), step("☎", on_call), *facts])

    # What is typed

    def _changes(self) -> dict[str, str]:
        return {pane.key: pane.text for pane in self.query(AnswerPane) if pane.text != self._before[pane.key]}

    def _draft(self) -> dict[str, str]:
        try:
            kept = json.loads(self._drafts.get(self._about) or "{}")
            return {str(key): str(said) for key, said in kept.items()}
        except (ValueError, AttributeError, FleettuiError):
            return {}

    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, lambda: self.fleettui.write_quietly(self._keeper()))

    def _keeper(self) -> Callable[[], None]:
        typed, drafts, about = self._changes(), self._drafts, self._about
        if not typed:
            return lambda: drafts.drop(about)
        return lambda: drafts.keep(about, json.dumps(typed))

    def keep_draft(self) -> None:
        """Now: there may be no later."""
        if not self._saving:
            try:
                self._keeper()()
            except FleettuiError as error:
                self.fleettui.report(error, "keeping the draft")

    def _note(self, text: str) -> None:
        self.query_one("#retro-note", Static).update(one_line(text))

    # Commands

    def do_next(self) -> None:
        self.focus_next(AnswerPane)

    def do_previous(self) -> None:
        self.focus_previous(AnswerPane)

    @on(Page.Left)
    def _back_to_answers(self) -> None:
        self.focus_next(AnswerPane)

    def do_reset(self) -> None:
        for pane in self.query(AnswerPane):
            pane.text = self._before[pane.key]
        self._note("")

    def do_close(self) -> None:
        changed = bool(self._changes())
        self.keep_draft()
        self.dismiss()
        if changed:
            self.fleettui.say("Kept as a draft: it is there when you open this again.")

    def do_save(self) -> None:
        changes = self._changes()
        if self._saving:
            return
        if not changes:
            self._note("Nothing is changed yet. Esc closes.")
            return
        self._saving = True
        self._note("Saving …")
        seen = self._seen
        self.fleettui.write(
            lambda: self._reports.answer(changes, self._day, seen=seen), self._done, self._refused
        )

    def _done(self, found: LookBack) -> None:
        if self._keeping is not None:
            self._keeping.stop()
        about, drafts = self._about, self._drafts
        self.fleettui.write_quietly(lambda: drafts.drop(about))
        self.dismiss()
        self._saved(found)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self.keep_draft()
        conflicts: Any = conflicts_of(error)
        if conflicts:
            self._seen = self._reports.answers(self._day).rev
            told = "; ".join(f"{field.rpartition('.')[2]}: {said}" for field, said in conflicts.items())
            self._note(f"Somebody was faster: Ctrl+S now saves yours over theirs. {told}")
        elif isinstance(error, FleettuiError):
            self._note(f"Not saved: {error}")
        else:
            self._note("Not saved. What you typed is kept.")
            self.fleettui.report(error, "the look back")
