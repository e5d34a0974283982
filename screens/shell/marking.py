"""Marks on a list: what is done next is done to all marked rows. What that is, the actions of each screen say (several.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from screens.commands.effective import with_keys

if TYPE_CHECKING:
    from screens.widgets.rows import Rows


class Marking:
    """A mixin of every board; named behind Textual's class among its bases."""

    ALONE: ClassVar[Mapping[str, str]] = {}
    """By the last word of a command's id: what is done to one row at a time, and why."""
    _counted = 0

    def lists(self) -> Sequence[Rows[Any]]:
        """All lists that are shown, where there are several beside each other."""
        return [self._board.rows]

    @property
    def _board(self) -> Any:
        """The board, of which this is a part."""
        return cast("Any", self)

    @property
    def marks_counted(self) -> int:
        """As many are marked, for the line of keys; none while a page is open."""
        return 0 if self._board.is_open else self._counted

    def marked(self) -> list[Any]:
        """The keys of the marked rows that no filter hides; none while a page is open: then a key is about that."""
        if self._board.is_open:
            return []
        return [key for rows in self.lists() for key in rows.listing.marked_shown]

    def unmark(self, keys: Sequence[Any]) -> None:
        """Their marks have done their work."""
        for rows in self.lists():
            rows.set_marks([key for key in rows.listing.marked if key not in keys])

    def take_marks_away(self) -> None:
        for rows in self.lists():
            rows.set_marks()

    def row_name(self, key: Any) -> str:
        """What people call a row: what stands in it to be read."""
        for rows in self.lists():
            row = next((row for row in rows.listing.shown if row.key == key), None)
            if row is not None:
                return rows.painter.text_of(rows.listing.with_cells(row))
        return ""

    def why_not_all(self, verb: str) -> str | None:
        """Of what can only be done to one row, while several are marked."""
        why = self.ALONE.get(verb)
        count = len(self.marked()) if why else 0
        if not count:
            return None
        rows = "1 row is" if count == 1 else f"{count} rows are"
        return with_keys(f"{rows} marked, but {why}. [board.mark_all] takes the marks away.")

    def on_rows_counted(self) -> None:
        """The line of keys says how many are marked, and offers what can be done to all of them."""
        count = len(self.marked())
        if count != self._counted:
            self._counted = count
            from screens.widgets.footer import Footer  # the screen has it already

            self._board.parts.get(Footer).update_keys()

    # Commands

    def do_mark(self) -> None:
        self._board.rows.toggle_mark()

    def do_mark_all(self) -> None:
        """All of the kind of the row under the cursor; where there are marks, takes them away."""
        lists = self.lists()
        if any(rows.listing.marked for rows in lists):
            self.take_marks_away()
            return
        kind = type(self._board.rows.key)
        for rows in lists:
            rows.mark_all(kind)
