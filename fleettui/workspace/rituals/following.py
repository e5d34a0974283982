"""The records of rituals with the ticks that follow from other work: calls, playbooks, look backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.rituals import followed
from fleettui.domain.rituals.model import Instance, Ritual, Tick
from fleettui.domain.team.retro import Retro, WeekSpan
from fleettui.errors import FleettuiError
from fleettui.workspace.collections import RETROS

if TYPE_CHECKING:
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.session import Session

A_WEEK = timedelta(days=7)


class Records(Mapping[str, Instance]):
    """By the ids of periods. A period that nobody touched has a record where something in it follows from other work; to
    iterate goes over those that are kept."""

    def __init__(
        self, kept: Mapping[str, Instance], shown: Callable[[str, Instance | None], Instance | None]
    ) -> None:
        self._kept, self._shown = kept, shown
        self._known: dict[str, Instance | None] = {}

    def __getitem__(self, id_: str) -> Instance:
        if id_ not in self._known:
            self._known[id_] = self._shown(id_, self._kept.get(id_))
        instance = self._known[id_]
        if instance is None:
            raise KeyError(id_)
        return instance

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class Following:
    """Adds to a record what follows from other work."""

    def __init__(
        self,
        session: Session,
        facts: Callable[[], Facts],
        ritual: Callable[[str], Ritual | None],
        fresh: Callable[[Ritual, str], Instance | None],
    ) -> None:
        """`ritual` finds one by its id; `fresh` makes the record of a period that nobody touched."""
        self._session, self._facts, self._ritual, self._fresh = session, facts, ritual, fresh

    def shown(self, id_: str, kept: Instance | None) -> Instance | None:
        """The record as it is read; None where nothing was done."""
        ritual = self._ritual(id_.partition("@")[0])
        if ritual is None or not (ritual.playbook or ritual.fed in ("held calls", "on-call retro")):
            return kept
        record = kept or self._fresh(ritual, id_)
        if record is None:
            return None
        shown = self._followed(ritual, record)
        return kept if shown is record else shown

    def _followed(self, ritual: Ritual, record: Instance) -> Instance:
        if record.per_customer:
            held = self._held(record) if ritual.fed == "held calls" else {}
            return followed.with_boxes(record, held)
        tick = self._carried_out(ritual, record) if ritual.playbook else self._looked_back(ritual, record)
        return record if tick is None else followed.as_a_whole(record, tick)

    def _day_of(self, tick: Tick) -> date:
        return tick.at.astimezone(self._session.policy.zone).date()

    def _held(self, record: Instance) -> dict[str, Tick]:
        """RIT-9: by customer, the first call that was held in these days."""
        ticks: dict[str, Tick] = {}
        calls = self._facts().held_calls(record.first).values()
        for call in sorted(calls, key=lambda call: (call.start, call.id)):
            tick = Tick(by=call.host, at=call.start, source=call.id)
            if record.first <= self._day_of(tick) <= record.last:
                ticks.setdefault(call.customer, tick)
        return ticks

    def _carried_out(self, ritual: Ritual, record: Instance) -> Tick | None:
        """RIT-12: the first run of its playbook that was finished in these days."""
        try:
            playbook = self._session.policy.handbook.playbook(ritual.playbook).id
        except FleettuiError:
            return None  # a playbook that is missing must not hide the board
        ticks = [
            Tick(by=run.by, at=run.at, source=run.id)
            for run in self._facts().carried_out(record.first).values()
            if run.playbook == playbook
        ]
        in_time = [tick for tick in ticks if record.first <= self._day_of(tick) <= record.last]
        return min(in_time, key=lambda tick: tick.at, default=None)

    def _looked_back(self, ritual: Ritual, record: Instance) -> Tick | None:
        """RIT-17: the look back on a week that begins in these days, once all its questions are answered."""
        if ritual.fed != "on-call retro" or record.first > record.last:  # that is a damaged record
            return None
        zone = self._session.policy.zone
        weeks = (WeekSpan(day, zone) for day in (record.first, record.first + A_WEEK))
        return next((tick for week in weeks if (tick := self._finished(week, record))), None)

    def _finished(self, week: WeekSpan, record: Instance) -> Tick | None:
        kept: Retro | None = self._session.store.get(RETROS, week.key)
        if kept is None or not record.first <= week.first <= record.last:
            return None
        questions = self._session.policy.handbook.tickets.retro
        if not questions or any(question.key not in kept.answers for question in questions):
            return None
        # A look back of before it was noted when it was finished counts as one in time.
        at = kept.finished_at or min(record.due, self._session.now())
        return Tick(by=kept.finished_by, at=at, source=week.key)
