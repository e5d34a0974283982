"""Importing a calendar file: all of it or nothing, with the same result however many sessions do it at once.

All changes are planned on the documents as they are now, then written in one commit, which fails if one of these documents
was changed meanwhile; then it is planned again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fleettui.domain.calls import invites
from fleettui.domain.calls.attendees import company_name, kind_for, person_name
from fleettui.domain.calls.invites import Invite, InviteResult
from fleettui.domain.calls.model import Call, checked
from fleettui.domain.checklists import rules as checklist
from fleettui.errors import Refused
from fleettui.intake.ical import events as ics
from fleettui.workspace.collections import CALLS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.attendees import AddressBook
    from fleettui.domain.calls.stages import CallRules
    from fleettui.store.protocol import Editor

MOST_TRIES = 20


class ImportedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one event."""

    result: str
    call: str
    title: str
    why: str


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, event by event."""

    lines: tuple[ImportedEvent, ...]
    problems: tuple[str, ...]
    """What could not be read, by name."""

    @property
    def summary(self) -> str:
        """The counts in one line."""
        counts: dict[str, int] = {}
        for line in self.lines:
            counts[line.result] = counts.get(line.result, 0) + 1
        parts = [f"{number} {word}" for word, number in counts.items() if word != "nothing"]
        return (", ".join(parts) or "nothing new") + (
            f"; {len(self.problems)} not read" if self.problems else ""
        )


class _OvertakenError(Exception):
    """Somebody else was faster."""


def import_calendar(
    content: bytes, session: Session, rules: CallRules, address_book: AddressBook
) -> ImportResult:
    """Refused where nothing can be read, or where others keep changing the same calls."""
    reading = ics.read(content, session.now(), session.policy.zone)
    if not reading.invites and reading.problems:
        raise Refused("; ".join(reading.problems[:5]), field="file")
    for _ in range(MOST_TRIES):
        plan = _ImportPlan(session, rules, address_book, reading)
        try:
            lines = plan.carry_out()
        except _OvertakenError:
            continue
        return ImportResult(lines=tuple(lines), problems=tuple(reading.problems))
    raise Refused("somebody else keeps changing these calls; import it again in a moment", field="file")


class _ImportPlan:
    def __init__(
        self, session: Session, rules: CallRules, address_book: AddressBook, reading: ics.ParsedCalendar
    ) -> None:
        self._session, self._store = session, session.store
        self._rules, self._address_book, self._reading = rules, address_book, reading
        self._now = session.now()
        self._before: dict[str, Call | None] = {}
        self._after: dict[str, Call] = {}
        self._seen: dict[str, set[str]] = {}
        self._lines: list[ImportedEvent] = []
        self._problems: list[str] = []

    def carry_out(self) -> list[ImportedEvent]:
        """Plan the changes of all events and write them."""
        for invite in self._reading.invites:
            self._take(invite)
        for uid in self._reading.series:
            self._drop_missing(uid)
        edits = {id_: self._writes(id_) for id_, new in self._after.items() if new != self._before.get(id_)}
        if edits:
            self._store.change_many(CALLS, edits, self._session.stamp("calls.import"))
        self._reading.problems += self._problems
        return self._lines

    def _writes(self, id_: str) -> Editor[Call]:
        planned, before = self._after[id_], self._before.get(id_)

        def write(current: Call | None) -> Call:
            if (current.rev if current else None) != (before.rev if before else None):
                raise _OvertakenError
            return planned

        return write

    # The documents as they stand, and as they will

    def _get(self, id_: str) -> Call | None:
        if id_ not in self._before:
            self._before[id_] = self._store.get(CALLS, id_)
        return self._after.get(id_) or self._before[id_]

    def _home_of(self, uid: str, recurrence: str) -> tuple[str, Call | None]:
        """The id for an event, and its call, if there is one: the newest, where it was rescheduled after its time had come."""
        for id_ in invites.ids_for(uid, recurrence):
            call = self._get(id_)
            if call is None:
                return id_, None
            if (call.uid, call.recurrence) == (uid, recurrence):
                return self._newest(call)
        raise Refused(f"no id is left for {uid}")  # three different events would have to share 14 signs

    def _newest(self, call: Call) -> tuple[str, Call]:
        while call.moved_to:
            following = self._get(call.moved_to)
            if following is None:
                break
            call = following
        return call.id, call

    def _of_uid(self, uid: str) -> list[Call]:
        known = {call.id: call for call in self._store.all(CALLS) if call.uid == uid}
        return [call for id_ in known if (call := self._get(id_)) is not None]

    def _report(self, result: InviteResult, id_: str, title: str) -> None:
        self._lines.append(ImportedEvent(result=result.result, call=id_, title=title, why=result.why))

    # One invite

    def _take(self, invite: Invite) -> None:
        try:
            {"request": self._request, "reply": self._reply, "cancel": self._cancel}[invite.kind](invite)
        except Refused as refused:
            self._problems.append(f"{invite.title}: {refused}")

    def _request(self, invite: Invite) -> None:
        id_, call = self._home_of(invite.uid, invite.recurrence)
        self._seen.setdefault(invite.uid, set()).add(id_)
        attendees = self._address_book.attendees_of(invite)
        if call is None:
            self._keep(id_, self._made(id_, invite), InviteResult("new", ""))
        elif invites.is_older(invite, call):
            self._report(InviteResult("nothing", "an older version of the invite"), id_, call.title)
        elif call.ended == "cancelled" and invite.sequence > call.sequence:
            again = replace(call, ended="", ended_at=None, ended_why="")
            new, _ = invites.updated(again, invite, attendees, self._rules)
            self._keep(id_, new, InviteResult("updated", "takes place after all"))
        elif invite.start != call.start and invites.needs_new_call(call, invite, self._now):
            self._move_on(call, invite)
        elif call.ended:
            self._report(InviteResult("nothing", f"it is over already ({call.ended})"), id_, call.title)
        else:
            new, result = invites.updated(call, invite, attendees, self._rules)
            self._keep(id_, new, result)

    def _keep(self, id_: str, new: Call, result: InviteResult) -> None:
        self._after[id_] = new
        self._report(result, id_, new.title)

    def _move_on(self, call: Call, invite: Invite) -> None:
        """Rescheduled after its time had come: this call is over, and the new time is a new call, to be prepared again."""
        new_id = invites.next_id(call.id)
        if call.ended in ("", "missed"):
            self._after[call.id] = invites.rescheduled(call, new_id, self._now)
        else:
            self._after[call.id] = replace(call, moved_to=new_id)
        self._get(new_id)
        made = replace(self._made(new_id, invite), host=call.host)
        self._seen.setdefault(invite.uid, set()).add(new_id)
        self._keep(new_id, made, InviteResult("rescheduled", f"{call.id} is now {new_id}"))

    def _made(self, id_: str, invite: Invite) -> Call:
        attendees = self._address_book.attendees_of(invite)
        theirs = [person for person in attendees if not person.ours]
        customer = self._address_book.customer_of(theirs, invite.title)
        internal = bool(attendees) and not theirs
        kind = kind_for(
            invite.title, self._rules.policy.kinds, internal=internal, repeats=bool(invite.recurrence)
        )
        assert invite.start is not None and invite.end is not None  # noqa: S101  a request has both
        made = Call(
            id=id_,
            title=invite.title,
            customer=person_name(theirs, customer, invite.title),
            company=company_name(theirs, customer, invite.title),
            account=customer.id if customer else "",
            start=invite.start,
            end=invite.end,
            kind=kind.key,
            internal=internal,
            all_day=invite.all_day,
            zone=(customer.zone if customer else "") or invite.zone,
            join_url=invite.join_url,
            place=invite.place,
            about=invite.about,
            attendees=attendees,
            documents=invite.documents,
            documents_of_invite=invites.document_keys(invite.documents),
            host=self._address_book.host_of(attendees, invite.organizer, customer, self._session.login),
            uid=invite.uid,
            recurrence=invite.recurrence,
            sequence=invite.sequence,
            stamped=invite.stamped,
            checklist=self._rules.policy.checklist,
            run=checklist.begin(self._now),
        )
        return checked(made)

    # Answers and cancellations

    def _calls_of(self, invite: Invite) -> Iterator[Call]:
        """The calls that the invite is about: one, or all open ones of a series."""
        if invite.of_series:
            yield from (call for call in self._of_uid(invite.uid) if not call.ended)
            return
        for recurrence in (invite.recurrence, ""):
            _, call = self._home_of(invite.uid, recurrence)
            if call is not None:
                yield call
                return

    def _each(self, invite: Invite, act: Callable[[Call], tuple[Call, InviteResult]]) -> None:
        meant = list(self._calls_of(invite))
        for call in meant:
            self._keep(call.id, *act(call))
        if not meant:
            self._report(InviteResult("nothing", "we know no such call"), "", invite.title)

    def _reply(self, invite: Invite) -> None:
        self._each(
            invite, lambda call: invites.replied(call, invite, self._address_book.is_ours, self._rules)
        )

    def _cancel(self, invite: Invite) -> None:
        def off(call: Call) -> tuple[Call, InviteResult]:
            self._seen.setdefault(invite.uid, set()).add(call.id)
            if invite.sequence < call.sequence:
                return call, InviteResult("nothing", "it cancels an older version of the invite")
            return invites.cancelled_by_invite(call, invite, self._now)

        self._each(invite, off)

    def _drop_missing(self, uid: str) -> None:
        """A whole series was read: calls that are no longer in it, in the time that the file covers, are cancelled."""
        until = self._reading.until
        for call in self._of_uid(uid):
            ahead = self._now < call.start and (until is None or call.start <= until)
            if ahead and not call.ended and call.id not in self._seen.get(uid, set()):
                gone = replace(
                    call, ended="cancelled", ended_at=self._now, ended_why="no longer in the series"
                )
                self._keep(call.id, gone, InviteResult("cancelled", "no longer in the series"))
