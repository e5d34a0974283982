"""The lists of Playbooks: what is on its way and whose turn it is; inside one, its steps; and what can be begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on

from fleettui.domain.checklists.model import Fact, StepView
from fleettui.domain.playbooks.runs import PlaybookRun
from screens.playbooks.outline import count_of
from screens.playbooks.wording import SIGNS, Words, answer_words, bar, book_page, fact_page
from screens.shell.board import Board
from screens.widgets.columns import Column
from screens.widgets.filter_line import FilterLine
from screens.widgets.page import BLANK, Para, title
from screens.widgets.row import Row
from screens.widgets.rows import Rows

STEP, FACT, RUN, BOOK = "step ", "fact ", "run ", "book "
"""How the keys of rows begin."""


class PlaybookBoard(Board):
    NAME = "playbooks"
    CONCERNS = frozenset({"handbook", "runs", "customers", "people"})
    CSS_PATH = "screen.tcss"
    COLUMNS = (
        Column("name", width=24, grow=3),
        Column("about", width=14, grow=1, hide=2),
        Column("progress", width=15, hide=1),
        Column("turn", width=11, grow=1, hide=3),
    )
    EMPTY = "The handbook of this workspace has no playbooks. They stand in the folder handbook/playbooks."

    def __init__(self) -> None:
        super().__init__()
        self.inside = ""
        """The id of the run whose steps are shown; empty: all of them."""
        self.closed_too = False

    # All of them

    def rows_now(self) -> Sequence[Row]:
        inside = self.workspace.playbooks.get(self.inside) if self.inside else None
        if inside is not None:
            return list(self._step_rows(inside))
        self.inside = ""  # its beginning may have been taken back
        words, verbs = Words(self.workspace), self.workspace.playbooks
        runs = [one for one in verbs.all(archived=self.closed_too) if one.open or self.closed_too]
        mine = [one for one in runs if one.open and verbs.my_turn(one)]
        others = [one for one in runs if one.open and one not in mine]
        closed = [one for one in runs if not one.open]
        return [
            *self._section("Your turn", [self._run_row(words, one) for one in mine]),
            *self._section("On their way", [self._run_row(words, one) for one in others]),
            *self._section("Finished or cancelled", [self._run_row(words, one) for one in closed]),
            *self._section("Begin one: n", list(self._book_rows())),
        ]

    def _section(self, name: str, rows: list[Row]) -> list[Row]:
        return [Row(f"heading {name}", (name,), heading=True), *rows] if rows else []

    def _run_row(self, words: Words, one: PlaybookRun) -> Row:
        counted = self.workspace.playbooks.progress(one)
        about = words.customer(one)
        return Row(
            RUN + one.id,
            (f"{one.name}", about, (bar(counted), "accent"), (words.turn(one), "muted")),
            style="" if one.open else "muted",
        )

    def _book_rows(self) -> Iterator[Row]:
        handbook = self.workspace.handbook
        for one in handbook.playbooks.values():
            steps = f"{count_of(one.steps)} steps"
            yield Row(BOOK + one.id, (one.name, "", (steps, "muted"), (one.rule, "muted")))
        for error in handbook.broken_playbooks:
            yield Row(f"broken {error}", ((f"✗ {error}", "bad"),))

    # Inside one

    def shown_run(self) -> PlaybookRun:
        return self.workspace.playbooks.find(self.inside)

    def _step_rows(self, run: PlaybookRun) -> Iterator[Row]:
        verbs, words = self.workspace.playbooks, Words(self.workspace)
        counted = verbs.progress(run)
        about = words.customer(run)
        name = f"{run.id} {run.name}{f' · {about}' if about else ''} · {bar(counted)}"
        yield Row("heading run", (name,), heading=True)
        for one in run.definition.facts:
            answer = run.run.answers.get(one.key)
            told = f"? {one.question} {answer_words(answer)}"
            yield Row(FACT + one.key, ((told, "warn" if answer is None else ""),))
        yield from self._views(words, verbs.view(run), 0)

    def _views(self, words: Words, views: Sequence[StepView], depth: int) -> Iterator[Row]:
        for shown in views:
            sign, _ = SIGNS[shown.state]
            muted = shown.state in ("not applicable", "skipped", "blocked")
            style = "heading" if shown.steps else "muted" if muted else ""
            label = (f"{'│ ' * depth}{sign} {shown.label}", style)
            why = (shown.why_not if shown.state not in ("done", "todo") else "", "muted")
            yield Row(STEP + shown.key, (label, (words.who(shown), style), words.state(shown), why))
            yield from self._views(words, shown.steps, depth + 1)

    def minute(self) -> None:
        self.fill()

    def page_of(self, key: str) -> Sequence[Para]:
        kind, _, name = key.partition(" ")
        words, verbs = Words(self.workspace), self.workspace.playbooks
        if kind == "step":
            run = self.shown_run()
            return list(words.page(run, self._view(run, name), verbs.links_of(run, name)))
        if kind == "fact":
            run = self.shown_run()
            return list(fact_page(run, self.fact(run, name)))
        if kind == "run":
            run = verbs.find(name)
            return list(words.run_page(run, verbs.view(run), verbs.progress(run)))
        book = self.workspace.handbook.playbooks.get(name) if kind == "book" else None
        if book is not None:
            return book_page(book)
        return [title("A file that cannot be read"), BLANK, Para(key.removeprefix("broken "), "bad")]

    def _view(self, run: PlaybookRun, key: str) -> StepView:
        return next(one for one in _every(self.workspace.playbooks.view(run)) if one.key == key)

    def fact(self, run: PlaybookRun, key: str) -> Fact:
        return next(one for one in run.definition.facts if one.key == key)

    def looking_at(self, key: str) -> str | None:
        return self.inside or (key.removeprefix(RUN) if key.startswith(RUN) else None)

    def customer_here(self) -> str:
        run = self.run_here()
        return run.customer if run else ""

    # Going in and out

    @on(Rows.Opened)
    def _go_in(self, event: Rows.Opened) -> None:
        if event.row.key.startswith(RUN):
            event.prevent_default()
            self.enter(event.row.key.removeprefix(RUN))

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a run, the cursor on what is to be answered first, else where it is my turn."""
        run = self.workspace.playbooks.find(id_)
        self.inside = run.id
        self.remove_class("-open")
        self.fill()
        verbs = self.workspace.playbooks
        self.rows.do_top()
        anybody = [key for turn in verbs.turns(run) for key in turn.keys]
        asked = [FACT + one.key for one in run.definition.facts if one.key not in run.run.answers]
        wanted = [STEP + step] if step else asked
        for key in (*wanted, *(STEP + key for key in (*verbs.my_turn(run), *anybody))):
            if self.rows.go_to(key):
                break
        self.rows.focus()
        self.fleettui.present(self.NAME, run.id)

    def reveal(self, id_: str, step: str = "") -> None:
        self.enter(id_, step)

    async def do_back(self) -> None:
        if self.inside and not any(line.display for line in self.query(FilterLine)):
            self.do_out()
        else:
            await super().do_back()

    def do_out(self) -> None:
        was, self.inside = self.inside, ""
        self.fill()
        if was:
            self.rows.go_to(RUN + was)
            self.fleettui.present(self.NAME)

    # What the cursor is on

    def step(self) -> StepView | None:
        key = self.rows.key or ""
        return self._view(self.shown_run(), key.removeprefix(STEP)) if key.startswith(STEP) else None

    def run_here(self) -> PlaybookRun | None:
        key = self.rows.key or ""
        if self.inside:
            return self.shown_run()
        return self.workspace.playbooks.find(key.removeprefix(RUN)) if key.startswith(RUN) else None


def _every(views: Sequence[StepView]) -> Iterator[StepView]:
    for one in views:
        yield one
        yield from _every(one.steps)
