"""What a calendar file would do, before it is taken: each event of it, and which become calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from fleettui.domain.calls.invites import REPLACED
from fleettui.time.wording import coming_moment
from fleettui.workspace.calls.import_result import Choice, ImportedEvent, ImportResult
from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from screens.widgets.sections import section

if TYPE_CHECKING:
    from fleettui.domain.calls.selection import LeftOut

COLUMNS = (
    Column("what", width=24, grow=2),
    Column("when", width=14),
    Column("why", width=20, grow=1, hide=1),
)
WORDS = {"new": "new", "nothing": "no change"}


class ImportPreview(Dialog[Choice | None]):
    """Dismissed with what is chosen, or with None."""

    BINDINGS = bindings("preview")
    CSS_PATH = Path(__file__).with_name("import_preview.tcss")

    def __init__(self, imported: ImportResult) -> None:
        super().__init__()
        self._imported = imported
        self._uids: set[str] = set()
        self._without: set[str] = set()
        self._uid_of: dict[str, str] = {}
        """Of the rows that may be chosen."""

    def compose(self) -> Iterable[Widget]:
        rows: Rows[str] = Rows(COLUMNS)
        rows.can_focus = False
        with Vertical(id="preview"):
            yield Static(one_line(self._imported.summary), id="preview-about", markup=False)
            yield rows
        yield Footer()

    def on_mount(self) -> None:
        self._rows.lead(True)
        self._show()

    @property
    def _rows(self) -> Rows[str]:
        return self.query_one(Rows)

    def _show(self) -> None:
        self._uid_of = {}
        imported = self._imported
        events = [*imported.taken, *imported.updated]
        rows = [
            *section("taken", self._event_rows(events), "What is taken"),
            *section("left out", map(self._left_out_row, enumerate(imported.left_out)), "What is left out"),
            *section("problems", map(self._problem_row, enumerate(imported.problems)), "What cannot be read"),
            *section("known", self._event_rows(imported.unchanged), "What is known already"),
        ]
        self._rows.show(rows)

    def _when(self, event: ImportedEvent | LeftOut) -> str:
        workspace = self.fleettui.workspace
        return coming_moment(event.start, workspace.now(), workspace.zone) if event.start else ""

    def _event_rows(self, events: Iterable[ImportedEvent]) -> Iterator[Row[str]]:
        for event in events:
            key = f"event {len(self._uid_of)}"
            self._uid_of[key] = event.uid
            changes = event.result != "nothing"
            sign = ("✗" if event.uid in self._without else "✓") if changes else "·"
            why = one_line(event.why) or WORDS.get(event.result, event.result)
            cells = (f"{sign} {one_line(event.title)}", self._when(event), (why, "muted"))
            yield Row(key, cells, style="muted" if sign != "✓" else "")
            for change in event.fields:
                style = "warn" if change.verdict == REPLACED else "muted"
                text = f"  {change.field} {change.verdict}: {change.here or 'none'}; sent {change.sent or 'none'}"
                yield Row(f"{key} {change.field}", ((one_line(text), style),))

    def _left_out_row(self, numbered: tuple[int, LeftOut]) -> Row[str]:
        number, event = numbered
        key = f"left out {number}"
        if event.may_be_taken:
            self._uid_of[key] = event.uid
        taken = event.uid in self._uids and event.may_be_taken
        cells = (f"{'✓' if taken else '·'} {one_line(event.title)}", self._when(event), one_line(event.why))
        return Row(key, cells, style="" if taken else "muted")

    def _problem_row(self, numbered: tuple[int, str]) -> Row[str]:
        number, problem = numbered
        return Row(f"problem {number}", ((f"! {one_line(problem)}", "warn"),))

    # Commands

    @on(Rows.Opened)
    def do_take(self) -> None:
        self.dismiss(Choice(uids=frozenset(self._uids), without=frozenset(self._without)))

    def do_toggle(self) -> None:
        uid = self._uid_of.get(self._rows.key or "")
        if uid is None:
            self.fleettui.say("This cannot be taken: the line says why.")
            return
        chosen = self._without if any(event.uid == uid for event in self._imported.lines) else self._uids
        chosen.symmetric_difference_update({uid})
        self._show()
        self._rows.do_down()

    def do_close(self) -> None:
        self.dismiss(None)

    def do_down(self) -> None:
        self._rows.do_down()

    def do_up(self) -> None:
        self._rows.do_up()

    def do_page_down(self) -> None:
        self._rows.do_page_down()

    def do_page_up(self) -> None:
        self._rows.do_page_up()
