"""The issues that tickets are linked to, by how many they touch: show their tickets, close one, open it again (SUP-11, RIT-7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from screens.commands.effective import with_keys
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.tickets.issue_ranking import RankedIssue
    from fleettui.domain.tickets.linked_issues import LinkedIssue
    from screens.triage.actions.tools import TicketTools

NONE_YET = "No ticket is linked to an issue yet: [triage.issue] on a ticket links one."


class IssueScreen(Protocol):
    """The screen, as far as the list of issues asks it."""

    def show_found(self, search: str) -> None:
        """List what this search finds."""


class IssueWay(Enum):
    """What can be done with an issue."""

    SHOW = "Show its tickets"
    DONE = "It is done: close it"
    NOT_PLANNED = "It is not planned: close it"
    REOPEN = "It is open again"
    LINK = "Copy its link"


class IssueList:
    def __init__(self, tools: TicketTools, screen: IssueScreen) -> None:
        self._tools, self._screen = tools, screen

    def do_issues(self) -> None:
        from screens.triage.choices import ChoicePicker

        issues = self._tools.workspace.issues
        by_id = {row.id: row for row in issues.all()}
        if not by_id:
            self._tools.host.say(with_keys(NONE_YET))
            return

        def chosen(id_: str | None) -> None:
            if id_ is not None:
                self._ask_way(by_id[id_])

        rows = [self._row(row) for row in by_id.values()]
        question = "which issue? what touches most stands on top"
        self._tools.host.push_screen(ChoicePicker(question, lambda: rows), chosen)

    def _row(self, row: RankedIssue) -> Row[str]:
        from fleettui.domain.tickets.issue_ranking import touches_words
        from fleettui.domain.tickets.linked_issues import short_name
        from screens.terminal.text import one_line

        sign = "✓" if row.is_closed else "○"
        own = self._tools.workspace.handbook.tickets.issue.repository
        name = one_line(f"{sign} {short_name(row.id, own)} {row.title}")
        return Row(row.id, (name, (f"{touches_words(row)}{self._owed_words(row)}", "muted")))

    def _owed_words(self, row: RankedIssue) -> str:
        owed = sum(owed.issue.id == row.id for owed in self._tools.workspace.issues.owed())
        return f" · {owed} to be told" if owed else ""

    def _ask_way(self, row: RankedIssue) -> None:
        from screens.triage.choices import ChoicePicker

        ways = self._ways(row)

        def chosen(way: IssueWay | None) -> None:
            if way is not None:
                ways[way][1]()

        def rows() -> Sequence[Row[IssueWay]]:
            return [Row(way, (way.value, (about, "muted"))) for way, (about, _) in ways.items()]

        self._tools.host.push_screen(ChoicePicker("What is to be done with it?", rows, about=row.id), chosen)

    def _ways(self, row: RankedIssue) -> dict[IssueWay, tuple[str, Callable[[], None]]]:
        waits = "who waits for it is owed a word"
        tickets = ", ".join(row.tickets[:5]) + (", …" if len(row.tickets) > 5 else "")
        ways: dict[IssueWay, tuple[str, Callable[[], None]]] = {
            IssueWay.SHOW: (tickets, lambda: self._screen.show_found(f"issue:{row.id}"))
        }
        if row.is_closed:
            ways[IssueWay.REOPEN] = ("nobody is owed a word", lambda: self._reopen(row))
        else:
            ways[IssueWay.DONE] = (waits, lambda: self._close(row, is_done=True))
            ways[IssueWay.NOT_PLANNED] = (waits, lambda: self._close(row, is_done=False))
        ways[IssueWay.LINK] = (row.link, lambda: self._copy(row))
        return ways

    def _close(self, row: RankedIssue, *, is_done: bool) -> None:
        issues = self._tools.workspace.issues

        def words(issue: LinkedIssue) -> str:
            number = len(issue.owed)
            owed = f"{number} {'customer is' if number == 1 else 'customers are'} owed a word, on Today"
            return f"{issue.id} is closed: {owed if number else 'nobody waits for it'}."

        self._tools.act(
            lambda: issues.close_known(row.id, outcome="done" if is_done else "not planned"), words, "closing"
        )

    def _reopen(self, row: RankedIssue) -> None:
        issues = self._tools.workspace.issues
        self._tools.act(lambda: issues.reopen_known(row.id), f"{row.id} is open again.", "reopening")

    def _copy(self, row: RankedIssue) -> None:
        from screens.dialogs.copied import copy_on_page, destination

        copy_on_page(self._tools.host, row.link, [row.title, destination("your browser")])
