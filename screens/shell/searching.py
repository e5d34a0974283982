"""The search of a list: the rows that it finds, what is offered while one types, and what one searched for before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fleettui.domain.searching.pieces import pieces
from screens.widgets.filter_line import FilterLine
from screens.widgets.row import MANY, Aside, Key, Row

if TYPE_CHECKING:
    from fleettui.domain.searching.completion import Completion
    from fleettui.domain.searching.language import Mistake
    from fleettui.workspace.searches import Searcher
    from screens.commands.host import Host
    from screens.shell.parts import Parts
    from screens.widgets.rows import Rows


class Words(Protocol):
    """A language, and the words that this team has for it."""

    def complete(self, typed: str, cursor: int) -> Completion: ...

    def mistakes(self, typed: str) -> Sequence[Mistake]: ...


class SearchGuide:
    """What a line to search in asks, for one list."""

    def __init__(
        self,
        host: Host,
        name: str,
        words: Callable[[], Words],
        aside: Callable[[str], Aside | None],
        prepare: Callable[[], None] | None,
    ) -> None:
        """`aside` makes a search beside the event loop where that takes long; `prepare` is called there before."""
        self._host, self._name, self._words = host, name, words
        self._aside, self._prepare = aside, prepare

    def complete(self, typed: str, cursor: int) -> Completion:
        return self._words().complete(typed, cursor)

    def mistakes(self, typed: str) -> Sequence[Mistake]:
        return self._words().mistakes(typed)

    def aside(self, typed: str) -> Aside | None:
        return self._aside(typed)

    def prepare(self) -> None:
        if self._prepare is not None:
            self._host.run_worker(self._prepare, group="prepare search", thread=True, exit_on_error=False)

    def past(self) -> Sequence[str]:
        """The last search first."""
        return self._host.workspace.searches.past.of(self._name)

    def keep(self, typed: str) -> None:
        past = self._host.workspace.searches.past
        self._host.write_quietly(lambda: past.keep(self._name, typed))


def find_aside(
    typed: str, rows: Sequence[Row[Key]], searcher: Searcher[Any], document_of: Callable[[Key], Any]
) -> Aside | None:
    """As `find`, beside the event loop, where there are many rows."""
    if len(rows) < MANY:
        return None

    def run(is_cancelled: Callable[[], bool]) -> Callable[[], Sequence[Row[Any]]]:
        matches = searcher.tester(typed)
        matching: list[Row[Key]] = []
        for piece in pieces(rows, is_cancelled):
            matching += _judged(piece, matches, document_of)
        return lambda: matching

    return run


def find(
    typed: str, rows: Sequence[Row[Key]], searcher: Searcher[Any], document_of: Callable[[Key], Any]
) -> Sequence[Row[Key]]:
    """The rows that match by what they show or by what they are about; headings never do."""
    return _judged(rows, searcher.tester(typed), document_of)


def _judged(
    rows: Sequence[Row[Key]], matches: Callable[[Any, str], bool], document_of: Callable[[Key], Any]
) -> list[Row[Key]]:
    return [row for row in rows if not row.heading and matches(document_of(row.key), row.text)]


def fill_anew(shown: Rows[Key], parts: Parts, rows: Sequence[Row[Key]]) -> None:
    """Other rows while a search stands. Of many, those that it has found stay until they are searched again, beside the event
    loop; a new letter does it then."""
    if len(rows) >= MANY:
        shown.show(rows, shown.listing.still_shown(rows))
        if parts.get(FilterLine).search_again():
            return
    shown.show(rows)
