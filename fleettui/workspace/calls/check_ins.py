"""CALL-12: a held check-in makes the next one, by one change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.calls import check_ins, invites, rebooking
from fleettui.domain.calls.model import Call
from fleettui.domain.calls.series import goes_on
from fleettui.domain.customers import outreach
from fleettui.errors import Refused
from fleettui.store.protocol import Editor
from fleettui.workspace.collections import CALLS, CUSTOMERS
from fleettui.workspace.session import Session, editing_existing

if TYPE_CHECKING:
    from fleettui.domain.calls.stages import CallRules


class CheckIns:
    def __init__(self, session: Session, rules: Callable[[], CallRules]) -> None:
        self._session, self._store, self._rules = session, session.store, rules

    def proposed(self, call: Call) -> datetime | None:
        """When the next one would be; None where none is to be made: it does not repeat, goes on by itself as a series, is
        planned already, or they are not to be contacted."""
        handbook = self._session.policy.handbook
        kind = next((kind for kind in handbook.calls.kinds if kind.key == call.kind), None)
        in_series = call.series is not None and goes_on(call.series, call.start)
        if kind is None or in_series or call.missed_at is not None:
            return None
        if not self._goes_on(call) or self._planned(call):
            return None
        before = self._store.get(CALLS, call.follows) if call.follows else None
        return check_ins.next_start(call, before, kind, self._session.now(), self._session.policy.zone)

    def _goes_on(self, call: Call) -> bool:
        customer = self._store.get(CUSTOMERS, call.account) if call.account else None
        if customer is None:
            return False
        try:
            outreach.refuse_contact(customer, self._session.policy.handbook.gtm)
        except Refused:
            return False
        return customer.active

    def _planned(self, call: Call) -> bool:
        return any(
            other.account == call.account and other.kind == call.kind and other.id != call.id
            for other in self._store.all(CALLS)
            if not other.over and other.start >= call.start
        )

    def after(self, call: Call) -> Call | None:
        """The one that was made when this one was held."""
        return next((other for other in self._store.all(CALLS) if other.follows == call.id), None)

    def ended(self, old: Call, over: Callable[[Call], Call], start: datetime) -> Call:
        """End the call, and make the next check-in at `start`: one change, and one undo separates them."""
        if over(old).ended != "held":
            return self._session.edit(CALLS, old.id, over, "calls.done")
        now, ids = self._session.now(), invites.ids_for(rebooking.uid_of(old, start), "")
        new_id = next((id_ for id_ in ids if self._store.get(CALLS, id_) is None), "")
        if not new_id:
            raise Refused("a call that follows this one at that time is there already", field="start")
        new = check_ins.made_after(old, new_id, start, now, self._rules())

        def made(call: Call | None) -> Call:
            if call is not None:
                raise Refused(f"{new_id} is there already; look at it")
            return new

        edits: dict[str, Editor[Call]] = {old.id: editing_existing(CALLS, old.id, over), new_id: made}
        done, _ = self._store.change_many(CALLS, edits, self._session.stamp("calls.done"))
        assert done is not None, "an edit never removes"  # noqa: S101
        return done
