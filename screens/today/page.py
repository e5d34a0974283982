"""The page of each row of Today. No rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fleettui.domain.agenda import FIXED, UNSENT, Item, Workload, untriaged_words
from fleettui.time import wording
from screens.commands.effective import with_keys
from screens.today.row_keys import (
    FirstStepKey,
    HistoryKey,
    ItemKey,
    Key,
    TroubleKey,
    UntriagedKey,
    WorkloadKey,
)
from screens.today.rows import STYLES, TodayRows
from screens.widgets.page import BLANK, Para, fact, fact_if, part, step, title

if TYPE_CHECKING:
    from datetime import datetime

    from fleettui.workspace.happenings import HistoryLine

MANY = 50
OVERVIEW = (
    "Above stands what wants something of you, the least time left first. [list.open] opens it, "
    "[today.tick] does what can be done from here. [go.playbooks] begins a playbook, [app.help] shows every key."
)
WORD_OWED = "[list.open] opens the answer with its text. [today.tick] says that they know already."
UNSENT_HELP = "[list.open] opens it. There [triage.received] sends it again, copies it or leaves it."
HOW = {FIXED: WORD_OWED, UNSENT: UNSENT_HELP}
IN_PLACE = {
    "tick": "[today.tick] does it here, [list.open] opens it.",
    "join": "[list.open] opens the call with its link.",
}


class TodayPage:
    def __init__(self, listing: TodayRows) -> None:
        self.listing, self.workspace = listing, listing.workspace
        self.now, self.zone = self.workspace.now(), self.workspace.zone

    def of(self, key: Key) -> Iterator[Para]:
        """How things are in general, where the row is about nothing in particular."""
        listing = self.listing
        match key:
            case ItemKey() if key in listing.items:
                yield from self._item(listing.items[key])
            case FirstStepKey() if key in listing.first_steps:
                first = listing.first_steps[key]
                yield from (title(first.title), BLANK, Para(with_keys(first.how)))
                yield from fact_if("Command", first.command)
                yield from (fact("State", "✓ done" if first.done else "still to do"), BLANK)
                yield Para(
                    with_keys("[list.open] goes there. [today.dismiss] takes this list away, for you."),
                    "accent",
                )
            case UntriagedKey():
                yield from self._untriaged()
            case TroubleKey(text=text):
                yield from (title("What cannot be read"), BLANK, Para(text, "bad"), BLANK)
                yield Para("`fleettui doctor` names everything that is wrong.", "accent")
            case WorkloadKey() if key in listing.workloads:
                yield from self._workload(listing.workloads[key])
            case HistoryKey() if key in listing.history:
                yield from self._history(listing.history[key])
            case _:
                yield from self._overview()

    def _item(self, item: Item) -> Iterator[Para]:
        style = STYLES[item.state]
        yield title(item.title)
        yield BLANK
        yield fact("What", item.kind)
        yield fact("Id", item.id)
        yield from fact_if("Customer", item.about)
        if item.due:
            yield fact("Due", f"{self._at(item.due)}  ({self.workspace.agenda.left(item)})", style)
        yield fact("State", f"{item.sign} {item.state}", style)
        yield fact("Whose", self.listing.name_of(item.who) or item.role)
        if item.who and item.who != self.workspace.me.login:
            yield fact("Why me", f"{self.listing.name_of(item.who)} is away, and you cover")
        yield BLANK
        how = with_keys(HOW.get(item.step, "") or IN_PLACE.get(item.does, "[list.open] opens it."))
        yield Para(how, "accent")

    def _untriaged(self) -> Iterator[Para]:
        yield title(f"{untriaged_words(self.listing.untriaged)} yet")
        yield BLANK
        for id_ in self.listing.untriaged[:MANY]:
            ticket = self.workspace.tickets.get(id_)
            if ticket is not None:
                yield step("?", f"{id_} {ticket.subject}", sign_style="warn")
        yield BLANK
        yield Para(
            with_keys("[list.open] lists them on Triage; there [triage.priority] chooses the priority."),
            "accent",
        )

    def _workload(self, load: Workload) -> Iterator[Para]:
        yield title(self.listing.name_of(load.who) or "What nobody has taken yet")
        yield BLANK
        for item in load.items:
            about = f"{item.about}: " if item.about else ""
            sign = f"{item.sign} {self.workspace.agenda.left(item):>10}"
            yield step(sign, f"{item.id} {about}{item.title}", sign_style=STYLES[item.state])

    def _history(self, line: HistoryLine) -> Iterator[Para]:
        yield title(line.about)
        yield BLANK
        yield fact("Who", line.who)
        yield fact("When", self._at(line.at))
        yield fact("What", line.words.short)
        yield from fact_if("Why", line.why)
        yield from part("Changed", map(Para, line.changes))

    def _overview(self) -> Iterator[Para]:
        is_open, until = self.workspace.handbook.calendar.opening(self.workspace.now())
        yield title("Today")
        yield BLANK
        yield fact("Support", wording.opening(is_open, until, self.now, self.zone))
        yield fact("On call", self._on_call())
        yield BLANK
        yield Para(with_keys(OVERVIEW))

    def _on_call(self) -> str:
        shift = self.workspace.oncall.shift(self.now)
        if shift is None or shift.person is None:
            return with_keys("nobody; on Team, [team.order] says who takes turns")
        return f"{self.listing.name_of(shift.person)} until {self._at(shift.end)}"

    def _at(self, moment: datetime) -> str:
        return wording.moment(moment, self.now, self.zone)
