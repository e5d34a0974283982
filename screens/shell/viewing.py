"""The views of a screen: which of them is shown, what it makes of the rows, and the line that names them with their counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from fleettui.domain.views import ALL, View, Way
from fleettui.errors import FleettuiError
from screens.commands.effective import with_keys
from screens.shell.view_counts import Counting, Rests, ViewCounts
from screens.shell.view_rows import count, shown_by
from screens.terminal.layouts import Layout
from screens.terminal.text import one_line
from screens.widgets.lines import Span
from screens.widgets.row import Row
from screens.widgets.view_line import Tab, ViewLine

NONE_BESIDE = "There is one view only: [board.keep_view] keeps what is shown as another one."
FOUND = "Found"
OTHERS = "[board.views] goes to another one."
INSIDE = "This is the inside of one; the list has views: [board.back] goes back to it."


class BoardViews:
    """Of one screen. Triage finds and counts in its own way (`is_found_by_screen`, `prepare`)."""

    def __init__(self, board: Any) -> None:
        """`board`: a `Board`, which knows this module."""
        self._board = board
        self.key = ALL
        self._way: Way | None = None
        """Columns and order as they were changed for now, without keeping them as a view."""
        self._rows: Sequence[Row[Any]] = ()
        """All that the screen has, whatever the view."""
        self._line: ViewLine | None = None
        self.dropped: View | None = None
        """One of mine that was taken off in this session."""
        self.is_found_by_screen = False
        """The screen looks for the rows of a view by itself, and orders them."""
        self.finds_more = False
        """A search shows rows that the view has not."""
        self.prepare: Callable[[Sequence[View]], Counting] = self._prepare
        self.spans: Callable[[], tuple[Sequence[Span], Sequence[Span]]] = lambda: ((), ())
        """What else stands on the line: before the views, and after them."""
        self.counts = ViewCounts(board, lambda: self.prepare(self.all()), self.show)

    # -- which there are

    def all(self) -> list[View]:
        views: list[View] = self._board.workspace.views.of(self._board.NAME)
        return views

    @property
    def current(self) -> View:
        """With what was changed of it for now."""
        views = self.all()
        view = next((view for view in views if view.key == self.key), views[0])
        return view if self._way is None else view.shown_by(self._way)

    @property
    def is_changed(self) -> bool:
        return self._way is not None

    @property
    def is_own(self) -> bool:
        """It shows something else than the screen does by itself."""
        view = self.current
        return bool(view.search or view.order or view.columns)

    @property
    def columns(self) -> Sequence[str]:
        """The names of those that are shown, in their order; none: all."""
        return () if self._board.inside else self.current.columns

    # -- going to one

    def go_to(self, key: str) -> None:
        self.key, self._way = key, None
        self._arrange()
        self._board.fill()

    def go_by(self, steps: int) -> None:
        """To the view that many places on."""
        keys = [view.key for view in self.all()]
        place = keys.index(self.key) if self.key in keys else 0
        self.go_to(keys[(place + steps) % len(keys)])

    def use(self, way: Way | None) -> None:
        """Columns and order for now; None: those of the view."""
        self._way = way
        self._board.fill()

    def _arrange(self) -> None:
        """A view may say where the page stands. It is not kept as if the person had chosen it."""
        split, board = self.current.split, self._board
        before = board.arranged_by_view
        kept = board.fleettui.layouts.get(board.NAME, Layout())
        board.arranged_by_view = None if not split else _split(kept, split)
        if before != board.arranged_by_view:
            board.lay_out(board.app.size)
            board.after_layout()

    # -- the rows

    def applied(self, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """What the view shows of all rows; the line above the list follows."""
        board = self._board
        if board.inside:
            self._hide()
            return rows
        self._rows = rows
        view = self.current
        self.key = view.key  # somebody may have taken away the one that was shown
        board.rows.empty = self._empty_words(view)
        if not self.is_found_by_screen and (view.search or view.order):
            rows = self._shown(view, rows)
        self._begin()
        self.counts.ask()
        return rows

    def _empty_words(self, view: View) -> str:
        if not view.search or self.is_found_by_screen:
            return with_keys(self._board.EMPTY)
        return f"Nothing is in the view “{one_line(view.name)}” now. {with_keys(OTHERS)}"

    def _shown(self, view: View, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        board = self._board
        try:
            return shown_by(view, rows, board.searcher(), board.document_of, board.workspace)
        except FleettuiError as error:  # a field that the policy does not know any more
            board.fleettui.report(error, view.name)
            return rows

    def _prepare(self, views: Sequence[View]) -> Counting:
        board, rows = self._board, self._rows
        searcher, document_of = board.searcher(), board.document_of

        def counting(rests: Rests) -> Mapping[str, int] | None:
            counts: dict[str, int] = {}
            for view in views:
                counted = count(view.search, rows, searcher, document_of, rests)
                if counted is None:
                    return None
                counts[view.key] = counted
            return counts

        return counting

    # -- the line

    def _begin(self) -> None:
        """Once there is a choice, there is a line."""
        board, has_choice = self._board, len(self.all()) > 1
        if self._line is None and has_choice:
            self._line = next(iter(board.query(ViewLine)), None) or ViewLine()
            if not self._line.is_attached:
                board.mount(self._line, before="#board")
        if self._line is not None:
            self._line.set_class(not has_choice, "-none")
            board.call_later(self.show)

    def _hide(self) -> None:
        if self._line is not None:
            self._line.add_class("-none")

    def show(self) -> None:
        """The line, as of now."""
        line = self._line
        if line is None:
            return
        before, after = self.spans()
        view = self.current
        number = self._count_here()
        tabs = [self._tab(other, number) for other in self.all()]
        mistakes = self._mistakes(view)
        changed: list[Span] = [(" · changed", "warn")] if self._way is not None else []
        name = FOUND if self.finds_more else one_line(view.name)
        line.show_views(tabs, view.key, before, [*changed, *after, *mistakes], f"{name}: {number:,}")

    def _tab(self, view: View, here: int) -> Tab:
        if view.key == self.key:
            return Tab(view.key, FOUND if self.finds_more else one_line(view.name), f"{here:,}")
        counted = self.counts.counts.get(view.key)
        return Tab(view.key, one_line(view.name), "" if counted is None else f"{counted:,}")

    def _count_here(self) -> int:
        board = self._board
        if self.is_found_by_screen:
            return int(board.rows.listing.count)
        shown = board.rows.listing.shown
        return sum(not row.heading and board.document_of(row.key) is not None for row in shown)

    def _mistakes(self, view: View) -> list[Span]:
        if self.is_found_by_screen or not view.search:
            return []
        problems = self._board.searcher().parse(view.search).problems
        return [(f" · {one_line(problem)}", "warn") for problem in problems[:1]]

    # -- commands

    def why_not(self, command_id: str) -> str | None:
        if command_id not in COMMANDS:
            return None
        if self._board.inside:
            return with_keys(INSIDE)
        if command_id in ("board.next_view", "board.last_view") and len(self.all()) < 2:
            return with_keys(NONE_BESIDE)
        return None

    def do_next_view(self) -> None:
        self.go_by(1)

    def do_last_view(self) -> None:
        self.go_by(-1)

    def do_views(self) -> None:
        self._board.fleettui.open_views("choose", self)

    def do_keep_view(self) -> None:
        self._board.fleettui.open_views("keep", self)

    def do_columns(self) -> None:
        self._board.fleettui.open_views("columns", self)

    # -- what the dialogs ask

    @property
    def screen(self) -> str:
        return str(self._board.NAME)

    def filter_text(self) -> str:
        """What is searched for within the view."""
        from screens.widgets.filter_line import FilterLine

        return " ".join(line.value for line in self._board.query(FilterLine) if line.display).strip()

    def end_filter(self) -> None:
        from screens.shell.links import end_filters

        end_filters(self._board)


COMMANDS = frozenset(f"board.{verb}" for verb in ("views", "next_view", "last_view", "keep_view", "columns"))


def _split(layout: Layout, split: str) -> Layout:
    if split == "zoomed":
        return replace(layout, zoomed=True)
    return replace(layout, turn="below" if split == "below" else "beside", zoomed=False)
