"""Another time for a call that did not take place: one change, with the invitation to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.calls import invites, rebooking
from fleettui.domain.calls.model import Call
from fleettui.errors import Refused
from fleettui.time import typed as typed_times
from fleettui.workspace.collections import CALLS, PEOPLE
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.stages import CallRules
    from fleettui.workspace.calls.texts import CallTexts


class Rebooked(NamedTuple):
    """A call at another time, and its invitation."""

    call: Call
    invitation: bytes

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"call-{self.call.id}.ics"


class Rebooking:
    """Moves calls that did not take place."""

    def __init__(
        self,
        session: Session,
        find: Callable[[str], Call],
        rules: Callable[[], CallRules],
        texts: Callable[[], CallTexts],
    ) -> None:
        self._session, self._store, self._find = session, session.store, find
        self._rules, self._texts = rules, texts

    def time_of(self, call: Call, typed: str, field: str) -> datetime:
        """The new time: the number of a proposed one, or a time as people type it."""
        text = typed.strip()
        if not (text.isdecimal() and len(text) == 1):
            return typed_times.moment(text, field, self._session.now(), self._session.policy.zone)
        slots = self._texts().slots(call).slots
        if not 1 <= int(text) <= len(slots):
            raise Refused(f"there are {len(slots)} proposed times; `calls slots` shows them", field=field)
        return slots[int(text) - 1].start

    def no_show(self, id_: str, start: datetime) -> Rebooked:
        """CALL-8: nobody came, and this is the new time."""
        now, rules = self._session.now(), self._rules()
        return self._follow(
            id_, start, lambda call, new: rebooking.missed_and_over(call, new, now, rules), "calls.rebook"
        )

    def moved(self, id_: str, start: datetime | None) -> Rebooked | None:
        """It was moved by agreement; None: nobody knows yet to when."""
        now = self._session.now()
        if start is not None:
            return self._follow(id_, start, lambda call, new: rebooking.moved(call, new, now), "calls.moved")
        self._session.edit(
            CALLS, self._find(id_).id, lambda call: rebooking.moved(call, "", now), "calls.moved"
        )
        return None

    def _follow(self, id_: str, start: datetime, end: Callable[[Call, str], Call], verb: str) -> Rebooked:
        old, now, rules = self._find(id_), self._session.now(), self._rules()
        new_id = self._free_id(old, start)
        gone, new = end(old, new_id), rebooking.following(old, new_id, start, now, rules)

        def ended(call: Call | None) -> Call:
            if call is None or call.rev != old.rev:
                raise Refused(f"somebody changed {old.id} at the same moment; look at it, and try once more")
            return gone

        def made(call: Call | None) -> Call:
            if call is not None:
                raise Refused(f"{new_id} is there already; look at it")
            return new

        self._store.change_many(CALLS, {old.id: ended, new_id: made}, self._session.stamp(verb))
        call = self._find(new_id)
        return Rebooked(call, self._invitation(call))

    def _free_id(self, call: Call, start: datetime) -> str:
        """The id by which an answer to the invitation finds the call."""
        ids = invites.ids_for(rebooking.uid_of(call, start), "")
        free = next((id_ for id_ in ids if self._store.get(CALLS, id_) is None), None)
        if free is None:
            raise Refused(f"{call.id} was moved to that time before; choose another one", field="start")
        return free

    def _invitation(self, call: Call) -> bytes:
        from fleettui.domain.team.people import stranger
        from fleettui.intake.ical.inviting import invite_file

        leader = self._store.get(PEOPLE, call.host) or stranger(call.host or self._session.login)
        return invite_file(call, leader, self._session.now())
