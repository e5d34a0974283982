"""The search of a list: the rows that it finds, what is offered while one types, and what one searched for before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from screens.widgets.row import Aside, Key, Row

if TYPE_CHECKING:
    from fleettui.domain.searching.completion import Completion
    from fleettui.domain.searching.language import Mistake
    from fleettui.workspace.searches import Searcher
    from screens.commands.host import Host


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


MANY = 500
"""With so many rows a search is made beside the event loop."""
AT_ONCE = 256
"""Rows between two questions whether somebody still waits for the answer."""


def find_aside(
    typed: str, rows: Sequence[Row[Any]], searcher: Searcher[Any], document_of: Callable[[Any], Any]
) -> Aside | None:
    """The same beside the event loop, where there are many rows."""
    if len(rows) < MANY:
        return None

    def run(is_cancelled: Callable[[], bool]) -> Callable[[], Sequence[Row[Any]]]:
        matches = searcher.tester(typed)
        matching: list[Row[Any]] = []
        for start in range(0, len(rows), AT_ONCE):
            if is_cancelled():
                break
            piece = rows[start : start + AT_ONCE]
            matching += [row for row in piece if not row.heading and matches(document_of(row.key), row.text)]
        return lambda: matching

    return run


def find(
    typed: str, rows: Sequence[Row[Key]], searcher: Searcher[Any], document_of: Callable[[Key], Any]
) -> Sequence[Row[Key]]:
    """The rows that match by what they show or by what they are about; headings never do."""
    matches = searcher.tester(typed)
    return [row for row in rows if not row.heading and matches(document_of(row.key), row.text)]
