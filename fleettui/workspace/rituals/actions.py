"""Actions on rituals: the board, ticking, and track records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import StepView
from fleettui.domain.customers import model as customers
from fleettui.domain.rituals import history as ritual_past
from fleettui.domain.rituals import ticking
from fleettui.domain.rituals.history import Outcome, RitualPeriod, TrackRecord
from fleettui.domain.rituals.model import Instance, Ritual
from fleettui.domain.rituals.ticking import Actor
from fleettui.domain.team import people
from fleettui.errors import Refused
from fleettui.time import wording
from fleettui.workspace.collections import RITUALS, TICKS
from fleettui.workspace.rituals.board import ALL_AT_HAND, BoardReader, BoardRow, ReadRituals, in_order
from fleettui.workspace.rituals.keeping import RitualKeeping
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People
    from fleettui.workspace.rituals.feeds import Figure
    from fleettui.workspace.tickets.actions import Tickets

Edit = Callable[[Ritual, Instance, Actor], Instance]

NO_PERIOD = "{name} is not owed on {day}; {more}"


@dataclass(frozen=True)
class Done:
    """What came of an action: how the ritual stands now, and what to tell whoever did it."""

    row: BoardRow
    remarks: tuple[str, ...] = ()
    changed: bool = True
    """False where somebody else had done it already."""


@dataclass(frozen=True)
class RitualWeek:
    """A ritual in one week: of each period that was due in it, how it ended or stands."""

    ritual: Ritual
    outcomes: tuple[Outcome, ...]
    by: tuple[str, ...]

    def count(self, *outcomes: Outcome) -> int:
        return sum(outcome in outcomes for outcome in self.outcomes)


@dataclass(frozen=True)
class PersonRecord:
    """A person's rituals with their track records, the sum of them, and how often the person covered for others."""

    rows: list[tuple[Ritual, TrackRecord]]
    together: TrackRecord
    covered_others: int


class Rituals(RitualKeeping):
    """Reading and ticking; making and changing them is in `keeping`."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        read: ReadRituals,
        tickets: Callable[[], Tickets],
    ) -> None:
        """`tickets` is called only for the few rituals with figures from the queue."""
        super().__init__(session, people)
        self._customers, self._read, self._tickets = customers, read, tickets

    # -- reading

    def all(self, *, retired: bool = False) -> list[Ritual]:
        every = sorted(self._store.all(RITUALS), key=in_order)
        return [ritual for ritual in every if retired or ritual.retired is None]

    def get(self, id_: str) -> Ritual | None:
        return self._store.get(RITUALS, id_)

    def board(self, on: date | None = None, mine: bool = False) -> list[BoardRow]:
        """Every ritual that is owed on that day, today by default, in the handbook's order."""
        reading, day = self._reading(on)
        rows = reading.rows(day)
        return [row for row in rows if self._session.login in row.whose.doers] if mine else rows

    def row(self, id_: str, on: date | None = None) -> BoardRow | None:
        """One ritual on that day; nothing where it is not owed then."""
        reading, day = self._reading(on)
        ritual = self._existing(id_)
        dated = ritual_past.period_on(ritual, day, reading.calendar)
        return reading.row(ritual, dated, day) if dated else None

    def _reading(self, on: date | None) -> tuple[BoardReader, date]:
        today = self.today()
        day = on or today
        return self._read(archived=today - day > ALL_AT_HAND), day

    def week(self, of: date | None = None) -> list[RitualWeek]:
        """For the weekly report: what was due from Monday to Sunday."""
        monday = (of or self.today()) - timedelta(days=(of or self.today()).weekday())
        sunday = monday + timedelta(days=6)
        reading, _ = self._reading(monday)
        weeks = (self._week(reading, ritual, monday, sunday) for ritual in reading.rituals)
        return [week for week in weeks if week.outcomes]

    def _week(self, reading: BoardReader, ritual: Ritual, monday: date, sunday: date) -> RitualWeek:
        outcomes: list[Outcome] = []
        by: list[str] = []
        for dated in ritual_past.periods(ritual, monday, sunday, reading.calendar):
            instance = reading.instances.get(dated.id)
            is_due = monday <= reading.calendar.day_of(dated.period.due) <= sunday
            if is_due and ritual_past.is_counted(ritual, dated, instance, reading.calendar):
                row = reading.row(ritual, dated, dated.period.first)
                outcomes.append(reading.judge(ritual, dated, instance))
                by += row.stands.by
        return RitualWeek(ritual, tuple(outcomes), tuple(dict.fromkeys(by)))

    def track_record(self, id_: str, until: date | None = None, days: int = 365) -> TrackRecord:
        """A year of one ritual."""
        reading = self._read(archived=True)
        return self._track_record(reading, self._existing(id_), until or reading.today, days)

    def _track_record(self, reading: BoardReader, ritual: Ritual, until: date, days: int) -> TrackRecord:
        def judge(dated: RitualPeriod, instance: Instance | None) -> Outcome:
            return reading.judge(ritual, dated, instance)

        first = until - timedelta(days=days - 1)
        return ritual_past.look_back(ritual, reading.instances, judge, first, until, reading.calendar)

    def person(self, name: str, until: date | None = None, days: int = 365) -> PersonRecord:
        """A year of one person: the rituals that are theirs, and what they covered."""
        login = self._people.find(name).login
        reading = self._read(archived=True)
        end = until or reading.today
        rows: list[tuple[Ritual, TrackRecord]] = []
        together: list[tuple[date, date, Outcome]] = []
        covered_others = 0
        for ritual in reading.rituals:
            past = self._track_record(reading, ritual, end, days)
            covered_others += past.covered_by.get(login, 0)
            if login in reading.owners(ritual.dri, end) and past.outcomes:
                rows.append((ritual, past))
                together += past.outcomes
        return PersonRecord(rows, ritual_past.track_record(sorted(together), {}), covered_others)

    def figure(self, ritual: Ritual) -> Figure | None:
        """The live figure of RIT-2, RIT-11, RIT-16 and RIT-17; None for other rituals."""
        from fleettui.workspace.rituals.feeds import Feeds

        return Feeds(self._session, self._tickets(), self._customers).figure(ritual)

    # -- ticking

    def tick(
        self,
        id_: str,
        part: str = "",
        *,
        on: date | None = None,
        evidence: str = "",
        seen: int | None = None,
        again: bool = False,
    ) -> Done:
        """`part`: a customer or a step. `seen`: how many ticks the person knew of (see `ticking.tick`)."""

        def edit(ritual: Ritual, instance: Instance, act: Actor) -> Instance:
            if not part:
                return ticking.tick(ritual, instance, act, evidence=evidence, seen=seen, again=again)
            if instance.per_customer:
                return ticking.tick_box(ritual, instance, self._customer(part), act, evidence)
            return ticking.tick_step(ritual, instance, part, act, evidence)

        return self._act(id_, on, edit, "rituals.tick")

    def tick_all(self, id_: str, *, on: date | None = None) -> Done:
        """Every box or step that is still open."""
        return self._act(id_, on, ticking.tick_all, "rituals.tick")

    def untick(self, id_: str, part: str = "", *, on: date | None = None) -> Done:
        def edit(ritual: Ritual, instance: Instance, act: Actor) -> Instance:
            if not part:
                return ticking.untick(ritual, instance)
            if instance.per_customer:
                return ticking.untick_box(ritual, instance, self._customer(part))
            return ticking.untick_step(ritual, instance, part)

        return self._act(id_, on, edit, "rituals.untick")

    def skip(self, id_: str, why: str, part: str = "", *, on: date | None = None) -> Done:
        def edit(ritual: Ritual, instance: Instance, act: Actor) -> Instance:
            if part and instance.per_customer:
                return ticking.skip_box(ritual, instance, self._customer(part), act, why)
            if part:
                return ticking.skip_step(ritual, instance, part, act, why)
            row = self.row(id_, on)
            is_done = row is not None and row.state in ("done", "covered")
            return ticking.skip(ritual, instance, act, why, is_done)

        return self._act(id_, on, edit, "rituals.skip", why)

    def fill(self, id_: str, key: str, value: str, *, on: date | None = None) -> Done:
        """Write down what a step asks for (RIT-17's three questions)."""
        return self._act(
            id_,
            on,
            lambda ritual, instance, _: ticking.fill(ritual, instance, key, value),
            "rituals.fill",
        )

    def answer_step(
        self, id_: str, key: str, answers: Mapping[str, str], *, on: date | None = None, evidence: str = ""
    ) -> Done:
        """Fill in the fields of a step and tick it, in one change."""

        def edit(ritual: Ritual, instance: Instance, act: Actor) -> Instance:
            for field, value in answers.items():
                instance = ticking.fill(ritual, instance, field, value)
            return ticking.tick_step(ritual, instance, key, act, evidence)

        return self._act(id_, on, edit, "rituals.tick")

    def _customer(self, name: str) -> str:
        boxes = [customer for customer in self._customers.all() if customer.commercial]
        return customers.matching(boxes, name).id

    def _act(self, id_: str, on: date | None, edit: Edit, verb: str, why: str = "") -> Done:
        ritual = self._existing(id_)
        reading, day = self._reading(on)
        dated = self._owed(ritual, day, reading)
        act = self._mine(reading, ritual, day)
        changed = True

        def editor(kept: Instance | None) -> Instance:
            nonlocal changed
            instance = self._current(reading, ritual, dated, kept)
            edited = edit(ritual, instance, act)
            changed = edited is not instance
            return edited if changed else kept or edited

        self._store.change(TICKS, dated.id, editor, self._session.stamp(verb, why))
        after = self._read(archived=reading.today - day > ALL_AT_HAND)
        row = after.row(ritual, dated, day)
        return Done(row, tuple(self._remarks(after, row, day, verb, changed)), changed)

    def _owed(self, ritual: Ritual, day: date, reading: BoardReader) -> RitualPeriod:
        dated = ritual_past.period_on(ritual, day, reading.calendar)
        if dated is None:
            more = f"it is retired since {ritual.retired}" if ritual.retired else "it has no period then"
            raise Refused(NO_PERIOD.format(name=ritual.name, day=wording.day(day, with_year=True), more=more))
        if dated.period.first > reading.today:
            raise Refused(f"{ritual.name}: that is still to come, from {dated.period.first} on")
        return dated

    def _mine(self, reading: BoardReader, ritual: Ritual, day: date) -> Actor:
        login = self._session.login
        owners = reading.owners(ritual.dri, day)
        covers = "" if login in owners or not ritual.dri else ritual.dri
        me = reading.people.get(login) or people.stranger(login)
        from fleettui.domain.team.roles import roles_of

        return Actor(login, reading.moment, covers, roles_of(me, self._session.policy.handbook.roles))

    def _current(
        self, reading: BoardReader, ritual: Ritual, dated: RitualPeriod, kept: Instance | None
    ) -> Instance:
        """The record of the period, a new one if there is none; while the period lasts, it has the customers of today."""
        if kept is None:
            return self._new(reading, ritual, dated)
        if kept.per_customer and kept.last >= reading.today:
            return replace(kept, customers=tuple(reading.customers))
        return kept

    def _new(self, reading: BoardReader, ritual: Ritual, dated: RitualPeriod) -> Instance:
        steps = reading.steps_of(ritual)
        return Instance(
            id=dated.id,
            ritual=ritual.id,
            first=dated.period.first,
            last=dated.period.last,
            due=dated.period.due,
            times=ritual.rhythm.times,
            dri=ritual.dri,
            per_customer=bool(ritual.per_customer),
            customers=tuple(reading.customers) if ritual.per_customer else (),
            checklist=steps,
            run=checklist.begin(reading.now) if steps else None,
        )

    def views(self, row: BoardRow) -> tuple[StepView, ...]:
        """The steps of the period; also of one that has no record yet."""
        reading = self._read()
        if row.instance is not None:
            steps, run = row.instance.checklist, row.instance.run
        else:
            steps, run = reading.steps_of(row.ritual), checklist.begin(reading.now)
        return checklist.view(steps, run, reading.moment) if steps and run else ()

    def leaves(self, row: BoardRow) -> list[StepView]:
        return list(checklist.leaves(self.views(row)))

    def _remarks(self, reading: BoardReader, row: BoardRow, day: date, verb: str, changed: bool) -> list[str]:
        if verb != "rituals.tick":
            return []
        if not changed:
            by = ", ".join(reading.shown(login) for login in row.stands.by)
            return [f"{row.ritual.name}: ticked already{f' by {by}' if by else ''}"]
        remarks = []
        if reading.now > row.asked.due:
            due = wording.dated(row.asked.due, self._session.policy.zone)
            remarks.append(f"Late: it was due {due}")
        # Out of order is remarked on, not forbidden (RIT-7 before RIT-8).
        out_of_order = reading.out_of_order(row.ritual, day) or reading.done_before_its_turn(row.ritual, day)
        if out_of_order:
            remarks.append(out_of_order)
        if row.whose.owners and self._session.login not in row.whose.owners:
            whom = ", ".join(reading.shown(login) for login in row.whose.owners)
            remarks.append(f"Covered for {whom}")
        return remarks
