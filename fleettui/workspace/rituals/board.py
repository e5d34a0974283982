"""Reading the rituals: the state of each on a day, whose it is on that day, and its past periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace

from fleettui.documents import number_in
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist
from fleettui.domain.rituals import history as ritual_history
from fleettui.domain.rituals import status as ritual_status
from fleettui.domain.rituals.history import Outcome, RitualPeriod
from fleettui.domain.rituals.model import Instance, Ritual
from fleettui.domain.rituals.recurrence import Period
from fleettui.domain.rituals.status import FINISHED, WAITING, PeriodDemand, PeriodStatus, State
from fleettui.domain.team.people import Person, who_works_for
from fleettui.errors import FleettuiError
from fleettui.time.business import Calendar
from fleettui.time.zones import day_of, start_of_day, zone_or_none
from fleettui.workspace.collections import RITUALS, TICKS
from fleettui.workspace.damaged import Sieve
from fleettui.workspace.rituals.following import Following, Records
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.model import Customer
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People

RECENT = 10
"""How many past periods a row shows in its small grid."""
ALL_AT_HAND = timedelta(days=390)
"""Older periods may be archived (KEPT_AT_HAND of the domain's rituals)."""
NO_LATER_THAN = timedelta(days=800)
"""How far back a streak is followed."""


class Whose(msgspec.Struct, frozen=True):
    """`owners` is the DRI: one login, or everybody with the role. `doers` is whoever does it on that day: the owners who are
    there, and for those who are away their cover."""

    dri: str
    owners: tuple[str, ...]
    doers: tuple[str, ...]


class BoardRow(msgspec.Struct, frozen=True, dict=True):
    """One ritual on one day."""

    ritual: Ritual
    period: Period
    id: str
    """Of the period's record."""
    instance: Instance | None
    demand: PeriodDemand
    status: PeriodStatus
    whose: Whose
    counted: bool
    """Whether the team used this workspace by then; an earlier period cannot be missed."""
    read_past: Callable[[], Iterator[Outcome]]
    """The counted periods before this one, newest first."""
    out_of_order: str = ""
    """What should be done first, in words; empty where nothing is."""

    @cached_property
    def recent(self) -> tuple[Outcome, ...]:
        """The periods before this one, oldest first. Read only where they are shown: Today does without."""
        return tuple(islice(self.read_past(), RECENT))[::-1]

    @cached_property
    def streak(self) -> int:
        """How many periods in a row were done, back from this one."""
        return ritual_history.streak(self._followed())

    def _followed(self) -> Iterator[Outcome]:
        """The outcomes of this period and those before it, as far as a streak can reach."""
        yield ritual_status.outcome_of(self.status)
        yield from reversed(self.recent)
        if "missed" not in self.recent:
            yield from islice(self.read_past(), RECENT, None)

    @property
    def state(self) -> State:
        return self.status.state

    @property
    def waits(self) -> bool:
        """Whether it still has to be done."""
        return self.state in WAITING

    @property
    def why(self) -> str:
        """Why the period was skipped; empty where it was not."""
        skipped = self.instance.skipped if self.instance else None
        return skipped.why if skipped else ""


class BoardReader:
    """Reads all rituals at one moment; each collection is read once, when it is first needed."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        oncall: OnCall,
        facts: Callable[[], Facts],
        *,
        archived: bool = False,
    ) -> None:
        self._store, self._policy, self._archived = session.store, session.policy, archived
        self.following = Following(session, facts, lambda id_: self.by_id.get(id_), self._fresh_record)
        self._people, self._customers, self._oncall = people, customers, oncall
        self.now: datetime = session.now()
        self.today = day_of(self.now, session.policy.zone)
        self.calendar = session.policy.calendar
        self._steps_of: dict[str, int] = {}

    @cached_property
    def rituals(self) -> list[Ritual]:
        return sorted(self._store.all(RITUALS), key=in_order)

    @cached_property
    def by_id(self) -> dict[str, Ritual]:
        return {ritual.id: ritual for ritual in self.rituals}

    @cached_property
    def instances(self) -> Mapping[str, Instance]:
        kept = {instance.id: instance for instance in self._store.all(TICKS, archived=self._archived)}
        return Records(kept, self.following.shown)

    @cached_property
    def moment(self) -> Moment:
        return self._policy.handbook.moment(self.now)

    @cached_property
    def people(self) -> dict[str, Person]:
        return {person.login: person for person in self._people.all()}

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """Those who have a box each (RIT-9)."""
        return {customer.id: customer for customer in self._customers.commercial()}

    # Whose days count

    def calendar_of(self, ritual: Ritual) -> Calendar:
        """The team's; or in the zone of its DRI, if that is chosen and it is a person with a zone."""
        return calendar_of(ritual, self.calendar, self.people) if ritual.zone else self.calendar

    def today_of(self, ritual: Ritual) -> date:
        """Today where it counts."""
        return self.calendar_of(ritual).day_of(self.now)

    def moment_of(self, ritual: Ritual) -> Moment:
        return replace(self.moment, zone=self.calendar_of(ritual).zone) if ritual.zone else self.moment

    def period_on(self, ritual: Ritual, day: date) -> RitualPeriod | None:
        return ritual_history.owed_on(ritual, day, self.calendar_of(ritual), self.instances)

    # Rows

    def rows(self, day: date | None = None, sieve: Sieve | None = None) -> list[BoardRow]:
        """A row for each ritual that is owed on that day; None: today, by the days that count for each."""

        def owed(ritual: Ritual) -> Iterator[BoardRow]:
            on = day or self.today_of(ritual)
            period = self.period_on(ritual, on)
            if period is not None:
                yield self.row(ritual, period, on)

        return list((sieve or Sieve()).each(self.rituals, owed))

    def row(self, ritual: Ritual, period: RitualPeriod, day: date) -> BoardRow:
        instance = self.instances.get(period.id)
        demand = self.demand(ritual, period, instance)
        status = ritual_status.period_status(demand, instance, self.moment_of(ritual))
        whose = self.whose(ritual, day, demand.due)
        out_of_order = self.out_of_order(ritual, day) if ritual.after and status.state not in FINISHED else ""
        return BoardRow(
            ritual,
            period.dates,
            period.id,
            instance,
            demand,
            status,
            whose,
            ritual_history.is_counted(period, instance, self.calendar_of(ritual)),
            lambda: self._outcomes(ritual, period),
            out_of_order,
        )

    def demand(self, ritual: Ritual, period: RitualPeriod, instance: Instance | None) -> PeriodDemand:
        """What has to be done in a period: how often, by when, for which customers."""
        has_boxes = ritual.per_customer or (instance is not None and instance.per_customer)
        names = tuple(self.customers) if has_boxes else ()
        is_over = period.dates.last < self.today_of(ritual)
        steps = self._steps(ritual) if instance is None else 0
        return ritual_status.demand_of(
            ritual, period, instance, names, is_over, self.calendar_of(ritual), steps
        )

    def _steps(self, ritual: Ritual) -> int:
        """How many steps a period begins with: the same for each day that is asked for."""
        steps = self._steps_of.get(ritual.id)
        if steps is None:
            steps = self._steps_of[ritual.id] = self._steps_at_first(ritual)
        return steps

    def _steps_at_first(self, ritual: Ritual) -> int:
        """A playbook that is missing or cannot be read must not hide the whole board."""
        try:
            steps = self.steps_of(ritual)
        except FleettuiError:
            return 0
        if steps is None:
            return 0
        run = checklist.begin(self.now)
        return checklist.progress(checklist.view(steps, run, self.moment)).of

    def _fresh_record(self, ritual: Ritual, id_: str) -> Instance | None:
        """A playbook that is missing or cannot be read must not hide the whole board."""
        first = date.fromisoformat(id_.partition("@")[2][:10])
        period = ritual_history.period_on(ritual, first, self.calendar_of(ritual))
        try:
            return self.new_record(ritual, period) if period and period.id == id_ else None
        except FleettuiError:
            return None

    def new_record(self, ritual: Ritual, period: RitualPeriod) -> Instance:
        """The record of a period that nobody has touched."""
        steps = self.steps_of(ritual)
        return Instance(
            id=period.id,
            ritual=ritual.id,
            first=period.dates.first,
            last=period.dates.last,
            due=period.dates.due,
            times=period.rhythm.times,
            dri=ritual.dri_on(period.dates.first),
            per_customer=bool(ritual.per_customer),
            customers=tuple(self.customers) if ritual.per_customer else (),
            checklist=steps,
            run=checklist.begin(self.now) if steps else None,
        )

    def steps_of(self, ritual: Ritual) -> Checklist | None:
        """Its own, or its playbook's (RIT-12)."""
        if ritual.playbook:
            return self._policy.handbook.playbook(ritual.playbook).checklist
        return ritual.checklist

    def judge(self, ritual: Ritual, period: RitualPeriod, instance: Instance | None) -> Outcome:
        """How a period ended, or what its state is."""
        demand = self.demand(ritual, period, instance)
        return ritual_status.outcome_of(ritual_status.period_status(demand, instance, self.moment_of(ritual)))

    def _outcomes(self, ritual: Ritual, before: RitualPeriod) -> Iterator[Outcome]:
        """Of the counted periods before this one, newest first."""
        day, calendar = before.dates.first - timedelta(days=1), self.calendar_of(ritual)
        oldest = day - NO_LATER_THAN
        for period in ritual_history.periods_backwards(ritual, day, calendar, oldest, self.instances):
            instance = self.instances.get(period.id)
            if period.id == before.id:
                continue
            if not ritual_history.is_counted(period, instance, calendar):
                if period.dates.last < self._oldest_instance:
                    return
                continue
            yield self.judge(ritual, period, instance)

    @cached_property
    def _oldest_instance(self) -> date:
        return min((instance.first for instance in self.instances.values()), default=self.today)

    def out_of_order(self, ritual: Ritual, day: date) -> str:
        """RIT-7 comes before RIT-8: the ritual that comes first and is not done, in words."""
        for id_ in ritual.after:
            first = self.by_id.get(id_)
            period = self.period_on(first, day) if first else None
            if first is None or period is None:
                continue
            instance = self.instances.get(period.id)
            status = ritual_status.period_status(
                self.demand(first, period, instance), instance, self.moment_of(first)
            )
            if status.state not in FINISHED:
                return f"{first.name} comes first, and is not done"
        return ""

    def done_before_its_turn(self, ritual: Ritual, day: date) -> str:
        """The ritual that should have waited for this one and was done already, in words."""
        for id_ in ritual.before:
            second = self.by_id.get(id_)
            period = self.period_on(second, day) if second else None
            instance = self.instances.get(period.id) if period else None
            if second and instance and instance.ticks:
                return f"{second.name} was done before it; this should have come first"
        return ""

    # Whose

    def whose(self, ritual: Ritual, day: date, due: datetime) -> Whose:
        """Whose it is or was on that day; what is late stays with who was on call when it was due."""
        dri = ritual.dri_on(day)
        owners = self.owners(dri, min(self._moment_on(day), due))
        doers = (who_works_for(self.people, login, day) for login in owners)
        return Whose(dri, owners, tuple(dict.fromkeys(login for login in doers if login)))

    def owners_when_due(self, ritual: Ritual, period: RitualPeriod) -> tuple[str, ...]:
        """Whose a period was: of whoever had the ritual when it was due."""
        day = ritual_history.due_day(period, self.calendar_of(ritual))
        return self.owners(ritual.dri_on(day), period.dates.due)

    def owners(self, dri: str, at: datetime) -> tuple[str, ...]:
        """The logins behind a DRI: one person, everybody with the role, or whoever is on call at that moment."""
        if dri in self.people or not dri:
            return (dri,) if dri else ()
        role = self._policy.handbook.roles.find(dri)
        if role is None:
            return (dri,)
        if role.by_rota:
            on_call = self._oncall.person(at)
            return (on_call,) if on_call else ()
        from fleettui.domain.team.roles import roles_of

        roles = self._policy.handbook.roles
        return tuple(
            person.login
            for person in self.people.values()
            if person.active and role.key in roles_of(person, roles)
        )

    def _moment_on(self, day: date) -> datetime:
        """Now, or the noon of another day."""
        if day == self.today:
            return self.now
        return start_of_day(day, self._policy.zone) + timedelta(hours=12)

    def shown(self, login: str) -> str:
        person = self.people.get(login)
        return person.shown if person else login


def calendar_of(ritual: Ritual, teams: Calendar, people: Mapping[str, Person]) -> Calendar:
    """The calendar by whose days and wall times a ritual counts."""
    person = people.get(ritual.dri) if ritual.zone == "owner" else None
    return teams.in_zone(person.zone) if person and zone_or_none(person.zone) else teams


class ReadRituals(Protocol):
    """Makes a reader of the rituals as they are now; `archived` adds the periods in the archive."""

    def __call__(self, *, archived: bool = False) -> BoardReader: ...


def in_order(ritual: Ritual) -> tuple[int, int | str]:
    """By the number of the id; ids without a number come last."""
    number = number_in(ritual.id)
    return (1, ritual.id) if number is None else (0, number)
