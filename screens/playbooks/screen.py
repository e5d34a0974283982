"""Playbooks: what is on its way and whose turn it is; inside one, its steps; and what can be begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from textual import on

from fleettui.domain.checklists.model import StepView
from fleettui.domain.checklists.status import every_view
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.workspace.damaged import Sieve
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.playbooks.actions.answers import AnswerActions
from screens.playbooks.actions.runs import RunActions
from screens.playbooks.actions.several import ALONE, SeveralPlaybooks
from screens.playbooks.actions.steps import StepActions
from screens.playbooks.filtering import matching_steps, steps_aside
from screens.playbooks.page import StepPage, fact_page, playbook_page, run_page
from screens.playbooks.row_keys import BrokenKey, FactKey, Key, PlaybookKey, RunKey, StepKey
from screens.playbooks.rows import COLUMNS, STEP_COLUMNS, playbook_rows, rows_inside, run_row
from screens.shell.board import Board
from screens.shell.damaged import makes_sense
from screens.shell.links import end_filters
from screens.shell.runs import RunWords
from screens.widgets.page import BLANK, Para, title
from screens.widgets.row import Aside, Filter, Row
from screens.widgets.rows import Rows
from screens.widgets.sections import section


class PlaybooksScreen(Board[Key]):
    NAME = "playbooks"
    CONCERNS = frozenset({"handbook", "runs", "customers", "people", "views"})
    CHANGES = frozenset({"runs", "letters", "views"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("playbooks")
    ALONE = ALONE
    COLUMNS, INSIDE_COLUMNS = COLUMNS, STEP_COLUMNS
    OUTSIDE = "all of them"
    EMPTY = "The handbook of this workspace has no playbooks. They stand in the folder handbook/playbooks."

    def __init__(self) -> None:
        super().__init__()
        answers = AnswerActions(self)
        self.actions = (RunActions(self), StepActions(self, answers), answers, SeveralPlaybooks(self))
        self._inside = ""
        """The id of the run whose steps are shown; empty: all of them."""
        self._closed_too = False
        self.search_aside = self._aside
        self.searcher = lambda: self.workspace.searches.runs
        self.document_of = lambda key: (
            self.workspace.playbooks.get(key.id) if isinstance(key, RunKey) else None
        )

    # The list

    def rows_now(self) -> Sequence[Row[Key]]:
        words, playbooks = RunWords(self.workspace), self.workspace.playbooks
        inside = playbooks.get(self._inside) if self._inside else None
        if inside is not None:
            return list(rows_inside(words, inside))
        self._inside = ""  # its beginning may have been taken back
        runs = playbooks.all()
        under_way = [run for run in runs if run.open]
        turns = Sieve()
        mine = list(turns.each(under_way, lambda run: [run] if playbooks.my_turn(run) else []))
        others = [run for run in under_way if run not in mine]
        closed = [run for run in self._with_archive(runs) if not run.open] if self._closed_too else []

        def row(run: PlaybookRun) -> Row[Key]:
            return run_row(words, run)

        return [
            *section("Your turn", self.rows_of(mine, row)),
            *section("On their way", self.rows_of(others, row)),
            *section("Finished or cancelled", self.rows_of(closed, row)),
            *section(with_keys("Begin one: [playbooks.begin]"), playbook_rows(self.workspace.handbook)),
        ]

    def _with_archive(self, runs: list[PlaybookRun]) -> list[PlaybookRun]:
        read = partial(self.workspace.playbooks.all, archived=True)
        archive = self.asked.of("archive", read, runs, self.fill)
        return list({run.id: run for run in (*archive, *runs)}.values())

    def matching(self) -> Filter[Key]:
        return self._matches

    def _matches(self, typed: str, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
        if not self._inside:
            from screens.shell.searching import find  # with the first letter

            return find(typed, rows, self.searcher(), self.document_of)
        matches = self.workspace.searches.words.tester(typed)
        return matching_steps(
            lambda text: matches(None, text), rows, self.workspace.playbooks.view(self._shown_run())
        )

    def _aside(self, typed: str) -> Aside | None:
        if not self._inside:
            return self._search_aside(typed)
        rows, words = self.rows.listing.every, self.workspace.searches.words
        return steps_aside(
            lambda: words.tester(typed), rows, self.workspace.playbooks.view(self._shown_run())
        )

    def to_copy(self) -> str:
        """A step's link where it has one: that is what is pasted."""
        step = self.step_here()
        run = self.run_here()
        link = self.workspace.playbooks.texts.link_of(run, step.key) if run and step else None
        return link.link if link else super().to_copy()

    def minute(self) -> None:
        self.fill()

    def page_of(self, key: Key) -> Sequence[Para]:
        match key:
            case StepKey(step=step):
                run = self._shown_run()
                return list(StepPage(self.workspace, run, self._view(run, step)).paras())
            case FactKey(fact=name):
                run = self._shown_run()
                question = next(question for question in run.definition.facts if question.key == name)
                return list(fact_page(run, question))
            case RunKey(id=id_):
                return list(run_page(self.workspace, self.workspace.playbooks.find(id_)))
            case PlaybookKey(name=name):
                playbook = self.workspace.handbook.playbooks.get(name)
                return playbook_page(playbook) if playbook else ()
            case BrokenKey(error=error):
                return [title("A file that cannot be read"), BLANK, Para(error, "bad")]
            case _:
                return ()

    def looking_at(self, key: Key) -> str | None:
        return self._inside or (key.id if isinstance(key, RunKey) else None)

    def key_of(self, id_: str) -> Key:
        return RunKey(id_)

    def customer_here(self) -> str:
        run = self.run_here()
        return run.customer if run else ""

    # Going in and out

    @on(Rows.Opened)
    def _go_in(self, event: Rows.Opened) -> None:
        if isinstance(event.row.key, RunKey):
            event.prevent_default()
            self.enter(event.row.key.id)

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a run, the cursor on what is to be answered first, else where it is my turn."""
        run = self.workspace.playbooks.find(id_)
        if not makes_sense(self.fleettui, run.id, lambda: rows_inside(RunWords(self.workspace), run)):
            return
        end_filters(self)
        self._inside = run.id
        self.remove_class("-open")
        self.fill()
        self.rows.do_top()
        for key in self._where_to_begin(run, step):
            if self.rows.go_to(key):
                break
        self.rows.focus()
        self.fleettui.announce(self.NAME, run.id)

    def _where_to_begin(self, run: PlaybookRun, step: str) -> Iterator[Key]:
        """The best place first: it may not be among the rows."""
        playbooks = self.workspace.playbooks
        if step:
            yield StepKey(step)
        else:
            asked = (question.key for question in run.definition.facts)
            yield from (FactKey(key) for key in asked if key not in run.run.answers)
        yield from map(StepKey, playbooks.my_turn(run))
        yield from (StepKey(key) for turn in playbooks.turns(run) for key in turn.keys)

    @property
    def inside(self) -> str:
        return self._inside

    def go_inside(self, id_: str) -> None:
        if id_:
            self.enter(id_)
        else:
            self.show_all()

    def reveal(self, id_: str, step: str = "") -> None:
        self.enter(id_, step)

    def show_all(self) -> None:
        end_filters(self)
        self._inside = ""
        self.fill()

    async def do_back(self) -> None:
        if self._inside and not self.is_filtering:
            self.do_out()
        else:
            await super().do_back()

    def do_out(self) -> None:
        left = self._inside
        self.show_all()
        if left:
            self.rows.go_to(RunKey(left))
            self.fleettui.announce(self.NAME)

    def do_closed(self) -> None:
        self._closed_too = not self._closed_too
        self.show_all()
        self.fleettui.say("With what is finished." if self._closed_too else "Only what is on its way.")

    # What the cursor is on

    def _shown_run(self) -> PlaybookRun:
        return self.workspace.playbooks.find(self._inside)

    def run_here(self) -> PlaybookRun | None:
        if self._inside:
            return self._shown_run()
        return self.workspace.playbooks.find(self.key.id) if isinstance(self.key, RunKey) else None

    def step_here(self) -> StepView | None:
        if not isinstance(self.key, StepKey):
            return None
        return self._view(self._shown_run(), self.key.step)

    def _view(self, run: PlaybookRun, key: str) -> StepView:
        return next(shown for shown in every_view(self.workspace.playbooks.view(run)) if shown.key == key)
