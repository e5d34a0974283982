"""The rows of Today, and what each of them is about. Made anew each time; no rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.agenda import Item, State, untriaged_words, workload_words, workloads
from fleettui.domain.team.people import time_off_on
from fleettui.time import wording
from fleettui.time.zones import day_of, start_of_day
from fleettui.workspace.tickets.drafts import SIGN as DRAFT_SIGN
from fleettui.workspace.tickets.drafts import begun_request, by_ticket
from screens.terminal.text import one_line
from screens.today.row_keys import (
    AllDoneKey,
    AwayKey,
    ComingKey,
    DraftKey,
    FirstStepKey,
    HistoryKey,
    ItemKey,
    Key,
    TroubleKey,
    UntriagedKey,
    VisitorKey,
    WorkloadKey,
)
from screens.widgets.row import Cell, Row
from screens.widgets.sections import section

if TYPE_CHECKING:
    from fleettui.workspace.happenings import HistoryLine
    from fleettui.workspace.workspace import Workspace

RECENT = 30
AHEAD = timedelta(days=7)
STYLES: dict[State, str] = {"late": "bad", "soon": "warn", "open": "", "waiting": "muted", "next": "muted"}
FARTHEST = date.max - timedelta(days=2)
"""Somebody who is away until the end of all days is back then."""
ALL_DONE = "Nothing wants you now"


class TodayRows:
    def __init__(self, workspace: Workspace, lately: Sequence[HistoryLine]) -> None:
        self.workspace = workspace
        self.now, self.zone = workspace.now(), workspace.zone
        look = workspace.agenda.look()
        self.troubles, self.untriaged = (*workspace.policy_troubles(), *look.troubles), look.untriaged
        self.items = {ItemKey(item.key): item for item in look.items if item.mine}
        self.first_steps = {FirstStepKey(step.key): step for step in workspace.first_steps.all()}
        self.workloads = {WorkloadKey(load.who): load for load in workloads(look.items)}
        self.drafts = {DraftKey(id_): draft for id_, draft in by_ticket(workspace.drafts).items()}
        self.begun_request = begun_request(workspace.drafts)
        self.history = {HistoryKey(*line.key): line for line in lately}

    def rows(self) -> list[Row[Key]]:
        items = self.items.values()
        return [
            *section("Cannot be read", self._trouble_rows()),
            *section("Begin here", self._first_step_rows()),
            *section("Now", self._now_rows([item for item in items if item.wants])),
            *section("Next", self._next_rows([item for item in items if not item.wants])),
            *section("The team", self._team_rows()),
            *section("Here", (*self._visitor_rows(), *self._away_rows())),
            *section("What changed", self._history_rows()),
        ]

    def _trouble_rows(self) -> Iterator[Row[Key]]:
        for text in self.troubles:
            yield Row(TroubleKey(text), (("✗", "bad"), (text, "bad")))

    def _first_step_rows(self) -> Iterator[Row[Key]]:
        for key, step in self.first_steps.items():
            if step.done:
                yield Row(key, (("✓ done", "good"), (step.title, "muted")))
            else:
                yield Row(key, (("→ begin", "accent"), step.title))

    def _now_rows(self, wanted: Sequence[Item]) -> Iterator[Row[Key]]:
        yield from self._untriaged_rows()
        yield from self._draft_rows()
        yield from map(self._item_row, wanted)
        if not wanted:
            yield Row(AllDoneKey(), (("✓", "good"), (ALL_DONE, "good")))

    def _untriaged_rows(self) -> Iterator[Row[Key]]:
        """SUP-19: on top, because among them may be what is most urgent."""
        if self.untriaged:
            sign: Cell = (f"? {len(self.untriaged):>8,}", "warn")
            yield Row(UntriagedKey(), (sign, f"{untriaged_words(self.untriaged)} yet", ("Triage", "muted")))

    def _draft_rows(self) -> Iterator[Row[Key]]:
        if self.begun_request:
            begun: Cell = (f"{DRAFT_SIGN} {'draft':>8}", "accent")
            words = f"request not written down: {one_line(self.begun_request)}"
            yield Row(DraftKey(""), (begun, words, ("Triage", "muted")))
        for key, draft in self.drafts.items():
            ticket = self.workspace.tickets.get(key.ticket)
            subject = one_line(ticket.subject) if ticket else "it is gone"
            sign: Cell = (f"{DRAFT_SIGN} {'draft':>8}", "accent")
            yield Row(
                key, (sign, f"{key.ticket} {', '.join(draft.kinds)} not sent: {subject}", ("Triage", "muted"))
            )

    def filled(self, row: Row[Key]) -> Row[Key]:
        """With the time left, which is reckoned only for rows that are to be seen."""
        item = self.items.get(row.key) if isinstance(row.key, ItemKey) else None
        if item is None:
            return row
        sign: Cell = (f"{item.sign} {self.workspace.agenda.left(item):>10}", STYLES[item.state])
        return replace(row, cells=(sign, *row.cells[1:]))

    def _item_row(self, item: Item) -> Row[Key]:
        sign: Cell = (item.sign, STYLES[item.state])
        about = item.about or ("" if item.who == self.workspace.me.login else self.name_of(item.who))
        return Row(ItemKey(item.key), (sign, one_line(item.title), (one_line(about), "muted")))

    def _next_rows(self, mine: Sequence[Item]) -> list[Row[Key]]:
        """Mine, and what the days bring for everybody."""
        rows = [(item.due or self.now + AHEAD, self._item_row(item)) for item in mine]
        for at, what in self._coming():
            cells: tuple[Cell, ...] = ((f"  {wording.moment(at, self.now, self.zone)}", "muted"), what)
            rows.append((at, Row(ComingKey(at, what), cells)))
        return [row for _, row in sorted(rows, key=lambda pair: pair[0])]

    def _coming(self) -> list[tuple[datetime, str]]:
        """What the next days bring, soonest first."""
        is_open, until = self.workspace.handbook.calendar.opening(self.workspace.now())
        events: list[tuple[datetime, str]] = []
        if until is not None:
            left = wording.span(until - self.now)
            events.append((until, f"Support {'closes' if is_open else 'opens'}, {left} from now"))
        for person in self.workspace.people.all():
            for off in person.time_off if person.active else ():
                first, back = start_of_day(off.first, self.zone), self._day_after(off.last)
                cover = f"; {self.name_of(off.cover)} covers" if off.cover else ""
                events += [(first, f"{person.shown} is away{cover}"), (back, f"{person.shown} is back")]
        return sorted((at, what) for at, what in events if self.now < at <= self.now + AHEAD)

    def _team_rows(self) -> Iterator[Row[Key]]:
        for key, load in self.workloads.items():
            who = self.name_of(load.who) or "Nobody yet"
            late: Cell = (f"! {load.late} late", "bad") if load.late else (f"  {len(load.items)}", "muted")
            yield Row(key, (late, f"{who}: {workload_words(load)}"))

    def _visitor_rows(self) -> Iterator[Row[Key]]:
        for visitor in self.workspace.presence.here():
            where = f"on {visitor.screen.capitalize()}" if visitor.screen else ""
            looking_at = f", {visitor.looking_at}" if visitor.looking_at else ""
            doing = " · writing" if visitor.typing else ""
            text = f"{one_line(visitor.name)}  {where}{one_line(looking_at)}{doing}"
            yield Row(VisitorKey(visitor.key), (("● here", "good"), text))

    def _away_rows(self) -> Iterator[Row[Key]]:
        today = day_of(self.now, self.zone)
        for person in self.workspace.people.all():
            off = time_off_on(person, today) if person.active else None
            if off is not None:
                cover = f"{self.name_of(off.cover)} covers" if off.cover else "nobody covers"
                back = wording.moment(self._day_after(off.last), self.now, self.zone)
                text = f"{person.shown}, back {back}; {cover}"
                yield Row(AwayKey(person.login), (("◌ away", "warn"), text))

    def _history_rows(self) -> Iterator[Row[Key]]:
        for key, line in self.history.items():
            when = f"  {wording.moment(line.at, self.now, self.zone)}"
            text = f"{line.about}: {line.done_to_subject}"
            yield Row(key, ((when, "muted"), text, (line.who, "muted")))

    def name_of(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else ""

    def _day_after(self, day: date) -> datetime:
        return start_of_day(min(day, FARTHEST) + timedelta(days=1), self.zone)
