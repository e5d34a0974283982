"""Who answers the web chat (SUP-15): all other modules ask here who is on call, and the agreed changes are kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.messages import ON_CALL_REMINDER
from fleettui.domain.team import rota, rota_changes
from fleettui.domain.team.people import Person, who_works_for
from fleettui.domain.team.rota import Gap, Override, Reminder, Rota, RotaOrder, Shift
from fleettui.domain.team.rota_changes import ID, KeptRota
from fleettui.errors import Refused
from fleettui.store.protocol import Happening
from fleettui.text import cleaning
from fleettui.time import wording
from fleettui.time.zones import as_utc, day_of, end_of_day, start_of_day
from fleettui.workspace.collections import ROTA
from fleettui.workspace.history import History
from fleettui.workspace.people import People
from fleettui.workspace.session import Session

AHEAD = timedelta(weeks=4)
"""How far ahead gaps are looked for."""
REMINDED = timedelta(days=1)
"""How long a reminder is due."""
"""The name of the reminder's text."""
NOBODY = "nobody"


class OnCallNow(msgspec.Struct, frozen=True):
    """Who is on call at a moment, who is next, and what is missing."""

    at: datetime
    now: Shift | None
    """None before the first shift."""
    next: Shift
    gaps: list[Gap]
    reminder: Reminder | None
    """Set on the day on which somebody is to be reminded."""


class OnCall:
    """The rota: the handbook's turns with the team's changes."""

    def __init__(self, session: Session, people: People, history: History) -> None:
        self._session, self._store = session, session.store
        self._people, self._history = people, history
        self._merged: tuple[Rota, KeptRota | None, Rota] | None = None
        self._last: tuple[Rota, ZoneInfo, Shift] | None = None

    # -- who it is

    def rota(self) -> Rota:
        """The handbook's rota, with the changes that the team agreed on."""
        # Not by its id: where there is none, each of two weeks' events would have the archive searched for it.
        policy, kept = self._session.policy.handbook.rota, next(iter(self._store.all(ROTA)), None)
        if self._merged is None or self._merged[0] is not policy or self._merged[1] is not kept:
            self._merged = policy, kept, rota_changes.rota_in_force(policy, kept)
        return self._merged[2]

    def kept(self) -> KeptRota:
        """The changes that the team agreed on."""
        return self._store.get(ROTA, ID) or KeptRota(id=ID)

    def shift(self, at: datetime | None = None) -> Shift | None:
        """The shift at that moment, now by default; None before the first one."""
        in_force, zone, moment = self.rota(), self._zone, at or self._session.now()
        if self._last is not None and self._last[0] is in_force and self._last[1] is zone:
            known = self._last[2]
            if known.start <= moment < known.end:
                return known
        shift = rota.shift_at(in_force, moment, zone)
        if shift is not None:
            self._last = in_force, zone, shift
        return shift

    def person(self, at: datetime | None = None) -> str:
        """The login of whoever is on call; empty when nobody is."""
        shift = self.shift(at)
        return (shift.person or "") if shift else ""

    def shifts(self, start: datetime, end: datetime) -> list[Shift]:
        """Every shift that overlaps the time between `start` and `end`."""
        return rota.shifts_between(self.rota(), start, end, self._zone)

    def on_days(self, first: date, last: date) -> list[Shift]:
        """The shifts of these days, both included."""
        zone = self._zone
        return self.shifts(start_of_day(first, zone), end_of_day(last, zone))

    def turns(self, day: date) -> RotaOrder:
        """The order that holds for the shift of that day."""
        current = self.rota()
        return rota.order_for_turn(current, rota.turn_of(current, day))

    def now_and_next(self, at: datetime | None = None) -> OnCallNow:
        at = as_utc(at or self._session.now(), "at")
        following = rota.next_shift(self.rota(), at, self._zone)
        return OnCallNow(at, self.shift(at), following, self.gaps(at, at + AHEAD), self.reminder(at))

    def reminder_at(self, shift: Shift) -> datetime:
        return rota.reminder_at(self.rota(), shift.week_of, self._zone)

    def reminder(self, at: datetime | None = None) -> Reminder | None:
        """Who is to be reminded now, if anybody is."""
        at = at or self._session.now()
        just_after = at + timedelta(microseconds=1)
        due = rota.reminders_between(self.rota(), at - REMINDED, just_after, self._zone)
        return next((reminder for reminder in reversed(due) if reminder.at > at - REMINDED), None)

    def reminder_text(self, shift: Shift) -> str:
        """The reminder's text for whoever has the shift."""
        if shift.person is None:
            raise Refused("There is nobody to remind: nobody is on call then.")
        until = wording.dated(shift.end, self._zone)
        known = {"name": self._people.get(shift.person).shown, "until": until}
        return self._session.policy.handbook.renderer.render(ON_CALL_REMINDER, known)

    def cover(self, shift: Shift, at: datetime | None = None) -> str | None:
        """Who takes over from somebody who is away at that moment, or when the shift begins."""
        if shift.person is None:
            return None
        day = day_of(max(shift.start, at) if at else shift.start, self._zone)
        stands_in = who_works_for(self._roster(), shift.person, day)
        return stands_in if stands_in != shift.person else None

    def gaps(self, start: datetime, end: datetime) -> list[Gap]:
        """When nobody answers: the shift is nobody's, or whoever has it is away and not covered."""
        zone, roster = self._zone, self._roster()
        first, last = day_of(start, zone), day_of(end, zone)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        away = {
            login: [(day, day) for day in days if who_works_for(roster, login, day) is None]
            for login, person in roster.items()
            if person.time_off
        }
        return rota.gaps(self.rota(), start, end, zone, away)

    def _roster(self) -> dict[str, Person]:
        return {person.login: person for person in self._people.all()}

    def history(self, limit: int = 20) -> list[Happening]:
        """The agreed changes, newest first; `why` holds each in words."""
        try:
            return self._history.happenings(ID, limit)
        except Refused:
            return []

    # -- agreeing on something else

    def override(
        self, first: date, last: date, person: str, why: str = "", *, seen: int | None = None
    ) -> list[Shift]:
        """Put somebody else on call on these days, both included; also "nobody"."""
        if last < first:
            raise Refused(f"{last} is before the first day, {first}", field="last")
        on_call = None if person.strip().lower() == NOBODY else self._somebody("person", person)
        wanted = Override(
            first=first, last=last, person=on_call.login if on_call else None, why=cleaning.line(why, 200)
        )
        words = f"{on_call.shown if on_call else NOBODY} on call {_days(first, last)}"
        words += f": {wanted.why}" if wanted.why else ""
        self._change(
            "override", words, lambda kept: rota_changes.overridden(kept, self._policy, wanted), seen=seen
        )
        return self.on_days(first, last)

    def clear(self, first: date, last: date, *, seen: int | None = None) -> list[Shift]:
        """Remove the overrides on these days: the turns hold again."""
        words = f"back to the turns {_days(first, last)}"
        self._change(
            "clear", words, lambda kept: rota_changes.cleared(kept, self._policy, first, last), seen=seen
        )
        return self.on_days(first, last)

    def swap(self, first: date, second: date, *, back: bool = False, seen: int | None = None) -> list[Shift]:
        """Two shifts exchange their people; each is named by any day in it. `back` undoes such an exchange."""
        current = rota.turn_at(self._policy, self._session.now(), self._zone)

        def edit(kept: KeptRota) -> KeptRota:
            if back:
                return rota_changes.swapped_back(kept, self._policy, (first, second))
            return rota_changes.swapped(kept, self._policy, (first, second), current)

        words = f"the shifts of {first} and {second} swapped{' back' if back else ''}"
        self._change("swap", words, edit, seen=seen)
        turns = sorted(rota.turn_of(self._policy, day) for day in (first, second))
        return [shift for turn in turns for shift in self._of_turn(turn)]

    def swapped_with(self, day: date) -> date | None:
        """The other shift of an exchange, if the shift of that day is exchanged."""
        turn = rota.turn_of(self._policy, day)
        swap = rota_changes.last_swap(self.kept(), self._policy, turn)
        return (swap.other if swap.one == turn else swap.one) if swap else None

    def set_order(
        self, people: Sequence[str], since: date | None = None, *, seen: int | None = None
    ) -> list[Shift]:
        """Who takes turns, from a shift on; without `since` from the next one. Earlier shifts keep their people."""
        logins = [self._somebody("order", name).login for name in people]
        current = rota.turn_at(self._policy, self._session.now(), self._zone)
        begin = since or rota_changes.next_change(self.rota(), current)
        words = f"{', '.join(logins)} from {begin} on"
        self._change(
            "order", words, lambda kept: rota_changes.reordered(kept, self._policy, logins, begin), seen=seen
        )
        turn = rota.turn_of(self._policy, max(begin, self._policy.first))
        return [
            shift for number in range(len(logins)) for shift in self._of_turn(turn + timedelta(weeks=number))
        ]

    @property
    def _zone(self) -> ZoneInfo:
        return self._session.policy.zone

    @property
    def _policy(self) -> Rota:
        return self._session.policy.handbook.rota

    def _of_turn(self, turn: date) -> list[Shift]:
        start, end = (
            rota.handover(self._policy, day, self._zone) for day in (turn, turn + timedelta(weeks=1))
        )
        return self.shifts(start, end)

    def _somebody(self, field: str, name: str) -> Person:
        try:
            person = self._people.find(name)
        except Refused as error:
            raise Refused(str(error), field=field) from None
        if not person.active:
            raise Refused(f"{person.shown} is no longer on the team", field=field)
        return person

    def _change(
        self, verb: str, words: str, edit: Callable[[KeptRota], KeptRota], *, seen: int | None
    ) -> None:
        """`words` describe the change in its history: the lists before and after are hard to read."""

        def change(kept: KeptRota | None) -> KeptRota:
            return edit(kept or KeptRota(id=ID))

        self._store.change(ROTA, ID, change, self._session.stamp(f"oncall.{verb}", words), seen=seen)


def _days(first: date, last: date) -> str:
    return f"on {first}" if first == last else f"{first} to {last}"
