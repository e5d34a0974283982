"""What is typed about a call: times, days and whoever leads it are read; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fleettui.domain.calls import fields as call_fields
from fleettui.domain.team.people import matching
from fleettui.errors import Ambiguous, Refused, all_checked
from fleettui.text import finding
from fleettui.time import typed as typed_times
from fleettui.workspace.collections import PEOPLE
from fleettui.workspace.session import Session


class TypedCall:
    def __init__(self, session: Session) -> None:
        self._session = session

    def checked(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The values as they are kept: a time that was typed is read, and whoever leads the call is one of us."""

        def checked_value(field: str, value: Any) -> Any:
            if field == "start":
                return self.time(value, field)
            value = call_fields.checked(field, value)
            return self._leader(value) if field == "host" else value

        return all_checked(fields, checked_value)

    def time(self, value: datetime | str, field: str) -> datetime:
        """A time as it is, or as somebody typed it."""
        if isinstance(value, str):
            return typed_times.moment(value, field, self._session.now(), self._session.policy.zone)
        return value

    def day(self, value: date | str) -> date:
        if isinstance(value, str):
            return typed_times.day(value, "due", self._session.now(), self._session.policy.zone)
        return value

    def _leader(self, typed: str) -> str:
        """Whoever leads it is one of us: found by login or name."""
        if typed in ("", self._session.login):
            return typed
        people = self._session.store.all(PEOPLE)
        try:
            return matching(people, typed).login
        except Ambiguous:
            raise
        except Refused:
            known = [name for person in people for name in (person.login, person.name) if name]
            near = finding.did_you_mean(typed, known)
            raise Refused(f"nobody of us is called {finding.quoted(typed)}{near}", field="host") from None
