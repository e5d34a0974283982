"""What invites do to the calls that are kept: planned on the documents as they are now, then written in one commit, which fails
if one of these documents was changed meanwhile; then it is planned again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.calls import invites
from fleettui.domain.calls.attendees import company_name, kind_for, person_name
from fleettui.domain.calls.invitation import Invite, Series
from fleettui.domain.calls.invites import InviteResult
from fleettui.domain.calls.model import GONE, Attendee, Call, checked
from fleettui.domain.calls.selection import CANCELLED, UNKNOWN, LeftOut, why_left_out
from fleettui.domain.calls.series import instance_key, of_one, takes_place, without
from fleettui.domain.checklists import rules as checklist
from fleettui.errors import Refused
from fleettui.workspace.calls.import_result import Choice, ImportedEvent, OvertakenError
from fleettui.workspace.collections import CALLS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.attendees import AddressBook
    from fleettui.domain.calls.stages import CallRules
    from fleettui.intake.ical.events import ParsedCalendar
    from fleettui.store.protocol import Editor


OLDER = "an older version of the invite"


class ImportPlan:
    def __init__(self, session: Session, rules: CallRules, address_book: AddressBook, choice: Choice) -> None:
        self._session, self._store = session, session.store
        self._rules, self._address_book, self._choice = rules, address_book, choice
        self._now = session.now()
        self._before: dict[str, Call | None] = {}
        self._after: dict[str, Call] = {}
        self._seen: dict[str, set[str]] = {}
        self.made: list[str] = []
        """By `make_missing`."""
        self.lines: list[ImportedEvent] = []
        self.problems: list[str] = []
        self.left_out: list[LeftOut] = []

    def take_all(self, reading: ParsedCalendar) -> None:
        """Plan the changes of all events."""
        taken, all_series = self._as_series(reading)
        older = {uid for uid, (usual, _) in all_series.items() if self._is_older(usual)}
        for invite in taken:
            if invite.uid in older:
                self._leave_out(invite, OLDER)
            else:
                self._take(invite)
        for uid, (_, series) in all_series.items():
            if uid in self._choice.without or uid in older:
                continue
            self._drop_missing(uid, series)
            self._keep_series(uid, lambda _, series=series: series)  # type: ignore[misc]

    def make_missing(self, invite: Invite, series: Series) -> None:
        """One more of a series: made where it does not exist, and nothing else."""
        id_, call = self._home_of(invite.uid, invite.recurrence)
        if call is None:
            self._after[id_] = replace(self._made(id_, invite), series=series)
            self.made.append(id_)

    def write(self, verb: str) -> int:
        """Write what was planned, and return how many calls have changed."""
        edits = {id_: self._writes(id_) for id_, new in self._after.items() if new != self._before.get(id_)}
        if edits:
            self._store.change_many(CALLS, edits, self._session.stamp(verb))
        return len(edits)

    def _writes(self, id_: str) -> Editor[Call]:
        planned, before = self._after[id_], self._before.get(id_)

        def write(current: Call | None) -> Call:
            if (current.rev if current else None) != (before.rev if before else None):
                raise OvertakenError
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
                single = self._single(uid, recurrence) if recurrence else None
                return (id_, None) if single is None else (single.id, single)
            if (call.uid, call.recurrence) == (uid, recurrence):
                return self._newest(call)
        raise Refused(f"no id is left for {uid}")  # three different events would have to share 14 signs

    def _single(self, uid: str, recurrence: str) -> Call | None:
        """The call of an event that was made a series since: it is the one of that series at its own time."""
        _, call = self._home_of(uid, "")
        sent = call.invite.start if call is not None and call.invite is not None else None
        return call if sent is not None and instance_key(sent) == recurrence else None

    def _newest(self, call: Call) -> tuple[str, Call]:
        while call.moved_to:
            following = self._get(call.moved_to)
            if following is None:
                break
            call = following
        return call.id, call

    def _of_uid(self, uid: str) -> list[Call]:
        """As they will be, new ones too."""
        known = {call.id: call for call in self._store.all(CALLS) if call.uid == uid}
        known |= {call.id: call for call in self._after.values() if call.uid == uid}
        return [call for id_ in known if (call := self._get(id_)) is not None]

    def _report(self, result: InviteResult, call: Call) -> None:
        self.lines.append(
            ImportedEvent(
                result=result.result,
                call=call.id,
                title=call.title,
                why=result.why,
                uid=call.uid,
                start=call.start,
                fields=result.fields,
            )
        )

    def _leave_out(self, invite: Invite, why: str, *, may_be_taken: bool = False) -> None:
        """Of a series once."""
        if not any((event.uid, event.why) == (invite.uid, why) for event in self.left_out):
            event = LeftOut(
                title=invite.title, why=why, uid=invite.uid, start=invite.start, may_be_taken=may_be_taken
            )
            self.left_out.append(event)

    # One invite

    def _take(self, invite: Invite) -> None:
        if invite.uid in self._choice.without:
            self._leave_out(invite, "left out by you", may_be_taken=True)
            return
        try:
            {"request": self._request, "reply": self._reply, "cancel": self._cancel}[invite.kind](invite)
        except Refused as refused:
            self.problems.append(f"{invite.title}: {refused}")

    def _request(self, invite: Invite) -> None:
        id_, call = self._home_of(invite.uid, invite.recurrence)
        attendees = self._address_book.attendees_of(invite)
        if call is None:
            why = self._why_left_out(invite, attendees)
            if why:
                self._leave_out(invite, why, may_be_taken=True)
                return
            self._seen.setdefault(invite.uid, set()).add(id_)
            self._keep(id_, self._made(id_, invite), InviteResult("new", ""))
            return
        self._seen.setdefault(invite.uid, set()).add(id_)
        self._again(call, invite, attendees)

    def _again(self, call: Call, invite: Invite, attendees: tuple[Attendee, ...]) -> None:
        """An invite for a call that we have."""
        if invites.is_older(invite, call):
            self._report(InviteResult("nothing", OLDER), call)
        elif call.ended == "cancelled" and (invite.sequence > call.sequence or call.ended_why == GONE):
            again = replace(call, ended="", ended_at=None, ended_why="")
            new, _ = invites.updated(again, invite, attendees, self._rules)
            self._keep(call.id, new, InviteResult("updated", "takes place after all"))
        elif invites.needs_new_call(call, invite, self._now):
            self._move_on(call, invite)
        elif call.ended:
            self._report(InviteResult("nothing", f"it is over already ({call.ended})"), call)
        else:
            new, result = invites.updated(call, invite, attendees, self._rules)
            self._keep(call.id, new, result)

    def _why_left_out(self, invite: Invite, attendees: tuple[Attendee, ...]) -> str:
        if self._choice.everything or invite.uid in self._choice.uids:
            return ""
        host = self._address_book.host_of(attendees, invite.organizer, None, self._session.login)
        leaders = {
            attendee.email
            for attendee in attendees
            if (person := self._address_book.person(attendee)) is not None
            and person.login in (host, self._session.login)
        }
        return why_left_out(invite, attendees, leaders, self._rules.policy.kinds)

    def _keep(self, id_: str, new: Call, result: InviteResult) -> None:
        self._after[id_] = new
        self._report(result, new)

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
            invite=invite,
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

    def _each(
        self, invite: Invite, act: Callable[[Call], tuple[Call, InviteResult]], unknown: str = UNKNOWN
    ) -> None:
        meant = list(self._calls_of(invite))
        for call in meant:
            self._keep(call.id, *act(call))
        if not meant:
            self._leave_out(invite, unknown)

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

        known = list(self._calls_of(invite))
        self._each(invite, off, CANCELLED)
        if invite.of_series:
            if not known or any(invite.sequence >= call.sequence for call in known):
                self._keep_series(invite.uid, lambda _: None)
        elif invite.recurrence:
            key = invite.recurrence
            self._keep_series(invite.uid, lambda call: call.series and without(call.series, key))

    # Series

    def _keep_series(self, uid: str, series_of: Callable[[Call], Series | None]) -> None:
        """The rule stays with every call of the series, so that the next ones can be laid out from any of them."""
        for call in self._of_uid(uid):
            series = series_of(call)
            if call.recurrence and call.series != series:
                self._after[call.id] = replace(call, series=series)

    def _as_series(self, reading: ParsedCalendar) -> tuple[list[Invite], dict[str, tuple[Invite, Series]]]:
        """What was read; an event that we have as a series, and that repeats no more, is the only one of it."""
        repeating = {
            call.uid for call in self._store.all(CALLS) if call.series is not None and not call.ended
        }
        all_series, taken = dict(reading.series), []
        for invite in reading.invites:
            if invite.kind == "request" and not invite.recurrence and invite.uid in repeating:
                invite, series = of_one(invite)
                all_series[invite.uid] = invite, series
            taken.append(invite)
        return taken, all_series

    def _is_older(self, usual: Invite) -> bool:
        """Whether we have a newer version of the whole series: then nothing of this one counts. A call that was changed by
        itself may have a newer invite than its series."""
        ahead = [
            call
            for call in self._of_uid(usual.uid)
            if self._now < call.start and not call.ended and call.series is not None
        ]
        return bool(ahead) and all(invites.is_older(usual, call) for call in ahead)

    def _drop_missing(self, uid: str, series: Series) -> None:
        """A whole series was read: calls to come that are no longer in it are cancelled."""
        for call in self._of_uid(uid):
            ahead = self._now < call.start and not call.ended and bool(call.recurrence)
            if not ahead or call.id in self._seen.get(uid, ()) or takes_place(series, call.recurrence):
                continue
            gone = replace(call, ended="cancelled", ended_at=self._now, ended_why="no longer in the series")
            self._keep(call.id, gone, InviteResult("cancelled", "no longer in the series"))
