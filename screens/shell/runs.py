"""Runs of playbooks in words, for the lists and pages of several screens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.time import wording
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Progress
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.workspace.workspace import Workspace

BAR = 8


def bar(counted: Progress) -> str:
    """ "▰▰▰▱▱▱▱▱ 12/42": how much of what applies is done."""
    full = BAR * counted.done // counted.of if counted.of else BAR
    return f"{'▰' * full}{'▱' * (BAR - full)} {counted.done}/{counted.of}"


class RunWords:
    """What needs the workspace to be put in words: names, times, turns."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now, self.zone = workspace.now(), workspace.zone

    def person(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else ""

    def customer(self, run: PlaybookRun) -> str:
        customer = self.workspace.customers.get(run.customer) if run.customer else None
        return one_line(customer.shown) if customer else run.customer

    def at(self, moment: datetime | None) -> str:
        return wording.moment(moment, self.now, self.zone) if moment else ""

    def turn(self, run: PlaybookRun) -> str:
        """Whose turn it is; what became of it, once it is closed."""
        if not run.open:
            return f"{run.outcome} {self.at(run.closed)}"
        turns = self.workspace.playbooks.turns(run)
        return ", ".join(dict.fromkeys(self.person(turn.who) or turn.owner for turn in turns)) or "nobody's"
