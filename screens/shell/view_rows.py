"""What a view makes of the rows of a screen: which of them, in which order, below which headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fleettui.domain.searching.pieces import pieces
from screens.widgets.row import Key, Row
from screens.widgets.sections import heading_row

if TYPE_CHECKING:
    from fleettui.domain.views import View
    from fleettui.workspace.searches import Searcher
    from fleettui.workspace.workspace import Workspace


def shown_by(
    view: View,
    rows: Sequence[Row[Key]],
    searcher: Searcher[Any],
    document_of: Callable[[Key], Any],
    workspace: Workspace,
) -> Sequence[Row[Key]]:
    """Rows of a part that nothing is left of lose its heading. Parts of a row stay below it."""
    if view.search:
        matches = searcher.tester(view.search)
        rows = list(_without_empty_parts(_matching(rows, matches, document_of)))
    if not view.order:
        return rows
    from fleettui.workspace.sorting import Sorting  # seldom needed

    sorting, parts = Sorting(workspace), list(_parts(rows, document_of))
    about = [part for part in parts if part[0] is not None]
    if view.grouped:
        groups = sorting.groups(view.screen, view.way, about, lambda part: part[0])
        ordered = [
            row
            for group in groups
            for row in (heading_row(group.heading), *(row for part in group.rows for row in part[1]))
        ]
    else:
        ordered = [
            row
            for part in sorting.ordered(view.screen, view.way, about, lambda part: part[0])
            for row in part[1]
        ]
    others = [row for document, below in parts if document is None for row in below]
    return [*ordered, *_without_empty_parts(others)]


def _matching(
    rows: Iterable[Row[Key]], matches: Callable[[Any, str], bool], document_of: Callable[[Key], Any]
) -> Iterator[Row[Key]]:
    for row in rows:
        if row.heading or matches(document_of(row.key), row.text):
            yield row


def _without_empty_parts(rows: Iterable[Row[Key]]) -> Iterator[Row[Key]]:
    heading: Row[Key] | None = None
    for row in rows:
        if row.heading:
            heading = row
            continue
        if heading is not None:
            yield heading
            heading = None
        yield row


def _parts(
    rows: Iterable[Row[Key]], document_of: Callable[[Key], Any]
) -> Iterator[tuple[Any, list[Row[Key]]]]:
    """Rows beside each other that are about the same document, and those that are about none one by one."""
    pairs = ((None if row.heading else document_of(row.key), row) for row in rows)
    for _, below in groupby(pairs, lambda pair: id(pair[0]) if pair[0] is not None else id(pair[1])):
        together = list(below)
        yield together[0][0], [row for _, row in together]


def count(
    search: str,
    rows: Sequence[Row[Any]],
    searcher: Searcher[Any],
    document_of: Callable[[Any], Any],
    rests: Callable[[], bool],
) -> int | None:
    """How many rows that are about a document a view finds. `rests` is asked now and then, and may say that nobody wants to
    know any more: then None."""
    matches = searcher.tester(search)
    counted = 0
    for piece in pieces(rows, lambda: not rests()):
        for row in piece:
            document = None if row.heading else document_of(row.key)
            counted += document is not None and matches(document, row.text)
    return counted if rests() else None
