"""Actions on rituals: the board, ticking, and track records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import StepView
from fleettui.domain.customers import model as customers
from fleettui.domain.rituals import history as ritual_history
from fleettui.domain.rituals import ticking
from fleettui.domain.rituals.followed import sources, to_keep
from fleettui.domain.rituals.history import Outcome, RitualPeriod, TrackRecord
from fleettui.domain.rituals.model import Instance, Ritual
from fleettui.domain.rituals.status import PeriodDemand
from fleettui.domain.rituals.ticking import Actor
from fleettui.domain.team import people
from fleettui.errors import Refused
from fleettui.time import wording
from fleettui.workspace.collections import RITUALS, TICKS
from fleettui.workspace.damaged import Sieve
from fleettui.workspace.rituals.board import ALL_AT_HAND, BoardReader, BoardRow, ReadRituals, in_order
from fleettui.workspace.rituals.keeping import RitualKeeping
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.people import People
    from fleettui.workspace.rituals.feeds import Figure
    from fleettui.workspace.rituals.people_week import PersonWeek
    from fleettui.workspace.tickets.actions import Tickets

Edit = Callable[[Ritual, Instance, Actor], Instance]

NO_PERIOD = "{name} is not owed on {day}; {more}"


class _NothingToKeep(Exception):
    """What was to be done follows from other work already, and no record is made for it."""


class Done(msgspec.Struct, frozen=True):
    """What came of an action: how the ritual stands now, and what to tell whoever did it."""

    row: BoardRow
    remarks: tuple[str, ...] = ()
    changed: bool = True
    """False where somebody else had done it already."""


class RitualWeek(msgspec.Struct, frozen=True):
    """A ritual in one week: of each period that was due in it, how it ended or stands."""

    ritual: Ritual
    outcomes: tuple[Outcome, ...]
    by: tuple[str, ...]

    def count(self, *outcomes: Outcome) -> int:
        """How many of its periods ended so."""
        return sum(outcome in outcomes for outcome in self.outcomes)


class PersonRecord(msgspec.Struct, frozen=True):
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
        facts: Callable[[], Facts],
    ) -> None:
        """`tickets` and `facts` are called only for the few rituals with figures from the work."""
        super().__init__(session, people)
        self._customers, self._read, self._tickets, self._facts = customers, read, tickets, facts

    # -- reading

    def all(self, *, retired: bool = False) -> list[Ritual]:
        every = sorted(self._store.all(RITUALS), key=in_order)
        return [ritual for ritual in every if retired or ritual.retired is None]

    def get(self, id_: str) -> Ritual | None:
        return self._store.get(RITUALS, id_)

    def board(self, on: date | None = None, mine: bool = False, sieve: Sieve | None = None) -> list[BoardRow]:
        """Every ritual that is owed on that day, today by default, in the handbook's order. `sieve` keeps the damaged ones."""
        reader, _ = self._reader_for(on)
        rows = reader.rows(on, sieve)
        return [row for row in rows if self._session.login in row.whose.doers] if mine else rows

    def row(self, id_: str, on: date | None = None) -> BoardRow | None:
        """One ritual on that day; nothing where it is not owed then."""
        reader, _ = self._reader_for(on)
        ritual = self._existing(id_)
        day = on or reader.today_of(ritual)
        period = reader.period_on(ritual, day)
        return reader.row(ritual, period, day) if period else None

    def _reader_for(self, on: date | None) -> tuple[BoardReader, date]:
        today = self.today()
        day = on or today
        return self._read(archived=today - day > ALL_AT_HAND), day

    def week(self, of: date | None = None) -> list[RitualWeek]:
        """For the weekly report: what was due from Monday to Sunday."""
        monday = (of or self.today()) - timedelta(days=(of or self.today()).weekday())
        sunday = monday + timedelta(days=6)
        reader, _ = self._reader_for(monday)
        weeks = (self._week(reader, ritual, monday, sunday) for ritual in reader.rituals)
        return [week for week in weeks if week.outcomes]

    def _week(self, reader: BoardReader, ritual: Ritual, monday: date, sunday: date) -> RitualWeek:
        outcomes: list[Outcome] = []
        by: list[str] = []
        calendar = reader.calendar_of(ritual)
        for period in ritual_history.periods(ritual, monday, sunday, calendar, reader.instances):
            instance = reader.instances.get(period.id)
            is_due = monday <= ritual_history.due_day(period, calendar) <= sunday
            if is_due and ritual_history.is_counted(period, instance, calendar):
                row = reader.row(ritual, period, period.dates.first)
                outcomes.append(reader.judge(ritual, period, instance))
                by += row.status.by
        return RitualWeek(ritual, tuple(outcomes), tuple(dict.fromkeys(by)))

    def people_week(self, of: date | None = None) -> list[PersonWeek]:
        """The same, for each person and day."""
        from fleettui.workspace.rituals.people_week import people_week

        day = of or self.today()
        monday = day - timedelta(days=day.weekday())
        reader, _ = self._reader_for(monday)
        return people_week(reader, monday)

    def track_record(self, id_: str, until: date | None = None, days: int = 365) -> TrackRecord:
        """A year of one ritual."""
        reader = self._read(archived=True)
        return self._track_record(reader, self._existing(id_), until or reader.today, days)

    def _track_record(
        self, reader: BoardReader, ritual: Ritual, until: date, days: int, login: str = ""
    ) -> TrackRecord:
        """With `login`, of what was theirs when it was due."""

        def judge(period: RitualPeriod, instance: Instance | None) -> Outcome:
            return reader.judge(ritual, period, instance)

        def is_theirs(period: RitualPeriod) -> bool:
            return not login or login in reader.owners_when_due(ritual, period)

        first, calendar = until - timedelta(days=days - 1), reader.calendar_of(ritual)
        return ritual_history.look_back(ritual, reader.instances, judge, first, until, calendar, is_theirs)

    def person(self, name: str, until: date | None = None, days: int = 365) -> PersonRecord:
        """A year of one person: of the rituals what was theirs when it was due, and what they covered."""
        login = self._people.find(name).login
        reader = self._read(archived=True)
        end = until or reader.today
        rows: list[tuple[Ritual, TrackRecord]] = []
        together: list[tuple[date, date, Outcome]] = []
        covered_others = 0
        for ritual in reader.rituals:
            everybodys = self._track_record(reader, ritual, end, days)
            covered_others += everybodys.covered_by.get(login, 0)
            past = self._track_record(reader, ritual, end, days, login)
            if past.outcomes:
                rows.append((ritual, past))
                together += past.outcomes
        return PersonRecord(rows, ritual_history.track_record(sorted(together), {}), covered_others)

    def figure(self, ritual: Ritual) -> Figure | None:
        """The live figure of RIT-2, RIT-11, RIT-16 and RIT-17; None for other rituals."""
        from fleettui.workspace.rituals.feeds import Feeds

        return Feeds(self._session, self._tickets(), self._customers, self._facts()).figure(ritual)

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

        def edit(ritual: Ritual, instance: Instance, actor: Actor) -> Instance:
            if not part:
                return ticking.tick(ritual, instance, actor, evidence=evidence, seen=seen, again=again)
            if instance.per_customer:
                return ticking.tick_box(ritual, instance, self._customer(part), actor, evidence)
            return ticking.tick_step(ritual, instance, part, actor, evidence)

        return self._act(id_, on, edit, "rituals.tick")

    def tick_all(self, id_: str, *, on: date | None = None) -> Done:
        """Every box or step that is still open."""
        return self._act(id_, on, ticking.tick_all, "rituals.tick")

    def untick(self, id_: str, part: str = "", *, on: date | None = None) -> Done:
        """Take back the skip or the newest tick, or with `part` that of a customer or step."""

        def edit(ritual: Ritual, instance: Instance, actor: Actor) -> Instance:
            if not part:
                return ticking.untick(ritual, instance)
            if instance.per_customer:
                return ticking.untick_box(ritual, instance, self._customer(part))
            return ticking.untick_step(ritual, instance, part)

        return self._act(id_, on, edit, "rituals.untick")

    def skip(self, id_: str, why: str, part: str = "", *, on: date | None = None) -> Done:
        """Mark the period, or a part of it, as not needed, with the reason."""

        def edit(ritual: Ritual, instance: Instance, actor: Actor) -> Instance:
            if part and instance.per_customer:
                return ticking.skip_box(ritual, instance, self._customer(part), actor, why)
            if part:
                return ticking.skip_step(ritual, instance, part, actor, why)
            row = self.row(id_, on)
            is_done = row is not None and row.state in ("done", "covered")
            return ticking.skip(ritual, instance, actor, why, is_done)

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

        def edit(ritual: Ritual, instance: Instance, actor: Actor) -> Instance:
            for field, value in answers.items():
                instance = ticking.fill(ritual, instance, field, value)
            return ticking.tick_step(ritual, instance, key, actor, evidence)

        return self._act(id_, on, edit, "rituals.tick")

    def _customer(self, name: str) -> str:
        boxes = self._customers.commercial()
        return customers.matching(boxes, name).id

    def _act(self, id_: str, on: date | None, edit: Edit, verb: str, why: str = "") -> Done:
        ritual = self._existing(id_)
        reader, _ = self._reader_for(on)
        day = on or reader.today_of(ritual)
        period = self._owed(ritual, day, reader)
        actor = self._actor(reader, ritual, period, day)
        changed = True

        def editor(kept: Instance | None) -> Instance:
            nonlocal changed
            instance = self._current(reader, ritual, period, kept)
            shown = reader.following.shown(period.id, instance) or instance
            edited = edit(ritual, shown, actor)
            changed = edited is not shown
            if not changed and kept is None:
                raise _NothingToKeep
            return to_keep(edited) if changed else kept or instance

        with suppress(_NothingToKeep):
            self._store.change(TICKS, period.id, editor, self._session.stamp(verb, why))
        after = self._read(archived=reader.today - day > ALL_AT_HAND)
        row = after.row(ritual, period, day)
        return Done(row, tuple(self._remarks(after, row, day, verb, changed)), changed)

    def _owed(self, ritual: Ritual, day: date, reader: BoardReader) -> RitualPeriod:
        period = reader.period_on(ritual, day)
        if period is None:
            more = f"it is retired since {ritual.retired}" if ritual.retired else "it has no period then"
            raise Refused(NO_PERIOD.format(name=ritual.name, day=wording.day(day, with_year=True), more=more))
        if period.dates.first > reader.today_of(ritual):
            raise Refused(f"{ritual.name}: that is still to come, from {period.dates.first} on")
        return period

    def _actor(self, reader: BoardReader, ritual: Ritual, period: RitualPeriod, day: date) -> Actor:
        login = self._session.login
        whose = reader.row(ritual, period, day).whose
        covers = "" if login in whose.owners or not whose.dri else whose.dri
        me = reader.people.get(login) or people.stranger(login)
        from fleettui.domain.team.roles import roles_of

        return Actor(
            login, reader.moment_of(ritual), covers, roles_of(me, self._session.policy.handbook.roles)
        )

    def _current(
        self, reader: BoardReader, ritual: Ritual, period: RitualPeriod, kept: Instance | None
    ) -> Instance:
        """The record of the period, a new one if there is none; while the period lasts, it has the customers of today."""
        if kept is None:
            return reader.new_record(ritual, period)
        if period.carried:
            kept = _fitted(reader.demand(ritual, period, kept), kept)
        if kept.per_customer and kept.last >= reader.today_of(ritual):
            return replace(kept, customers=tuple(reader.customers))
        return kept

    def views(self, row: BoardRow) -> tuple[StepView, ...]:
        """The steps of the period; also of one that has no record yet."""
        reader = self._read()
        if row.instance is not None:
            steps, run = row.instance.checklist, row.instance.run
        else:
            steps, run = reader.steps_of(row.ritual), checklist.begin(reader.now)
        return checklist.view(steps, run, reader.moment) if steps and run else ()

    def leaves(self, row: BoardRow) -> list[StepView]:
        """Its steps without the groups that they are in."""
        return list(checklist.leaves(self.views(row)))

    def _remarks(self, reader: BoardReader, row: BoardRow, day: date, verb: str, changed: bool) -> list[str]:
        if verb != "rituals.tick":
            return []
        if not changed:
            by = ", ".join(reader.shown(login) for login in row.status.by)
            source = ", ".join(sources(row.instance))
            why = f", it follows from {source}" if source else f" by {by}" if by else ""
            return [f"{row.ritual.name}: ticked already{why}"]
        remarks = []
        if reader.now > row.demand.due:
            due = wording.dated(row.demand.due, self._session.policy.zone)
            remarks.append(f"Late: it was due {due}")
        # Out of order is remarked on, not forbidden (RIT-7 before RIT-8).
        out_of_order = reader.out_of_order(row.ritual, day) or reader.done_before_its_turn(row.ritual, day)
        if out_of_order:
            remarks.append(out_of_order)
        if row.whose.owners and self._session.login not in row.whose.owners:
            owners = ", ".join(reader.shown(login) for login in row.whose.owners)
            remarks.append(f"Covered for {owners}")
        return remarks


def _fitted(demand: PeriodDemand, instance: Instance) -> Instance:
    """A record that was begun in another rhythm, with what is asked for now."""
    return replace(instance, first=demand.first, last=demand.last, due=demand.due, times=demand.times)
