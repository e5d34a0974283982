"""Actions on customer calls: reading, planning, checking off steps, and what happened in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.calls import fields as call_fields
from fleettui.domain.calls import missed as missed_calls
from fleettui.domain.calls import model as calls
from fleettui.domain.calls.leading import Leading
from fleettui.domain.calls.model import Call, NextStep
from fleettui.domain.calls.policy import DOCUMENTS_ATTACHED_STEP, DOCUMENTS_STEP, NEXT_STEPS_STEP
from fleettui.domain.calls.stages import CallRules, CallView, call_view, current_run, stage_of, with_run
from fleettui.domain.checklists import rules as checklist
from fleettui.errors import Ambiguous, Fields, Refused, all_checked
from fleettui.text import cleaning, finding
from fleettui.time.wording import beside_start
from fleettui.workspace.calls.due import CallDue, due_today, next_steps_of
from fleettui.workspace.collections import CALLS, CUSTOMERS, PEOPLE
from fleettui.workspace.damaged import Sieve
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.attendees import AddressBook
    from fleettui.domain.calls.missed import ContactStep
    from fleettui.domain.calls.policy import CallKind
    from fleettui.domain.customers.model import Customer
    from fleettui.policy.handbook import Handbook
    from fleettui.workspace.calls.check_ins import CheckIns
    from fleettui.workspace.calls.checking import CallSteps
    from fleettui.workspace.calls.import_result import Choice, ImportResult
    from fleettui.workspace.calls.rebooking import Rebooking
    from fleettui.workspace.calls.texts import CallTexts
    from fleettui.workspace.calls.typed_call import TypedCall


class Calls:
    """What a person can do with customer calls."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    # Looking

    def all(self, *, past: bool = False) -> list[Call]:
        """Calls to come and calls still open, by time; with `past` those that are over, the latest first."""
        chosen = [call for call in self._store.all(CALLS, archived=past) if call.over == past]
        return sorted(chosen, key=lambda call: (call.start, call.id), reverse=past)

    def get(self, id_: str) -> Call | None:
        return self._store.get(CALLS, id_)

    def find(self, name: str) -> Call:
        """By id, or by the beginning of a name in it."""
        return self._store.get(CALLS, name.strip()) or calls.matching(self._store.all(CALLS), name)

    def rules(self) -> CallRules:
        """The handbook's policy of calls, with the calendar."""
        handbook = self._handbook
        return CallRules(handbook.calls, handbook.calendar)

    def view(self, call: Call) -> CallView:
        """How it stands now: stage, ready or not, every step."""
        now = self._session.now()
        return call_view(call, self.customer(call), now, self.rules(), self._handbook.moment(now))

    def stage(self, call: Call) -> str:
        """The stage of the call now, by its time and checklist."""
        return stage_of(call, self._session.now(), self.rules())

    def leading(self) -> Leading:
        """Who leads the calls to come, and whether they can."""
        people = {person.login: person for person in self._store.all(PEOPLE)}
        return Leading(self._store.all(CALLS), people, self._handbook.zone)

    def customer(self, call: Call) -> Customer | None:
        """The customer of the list whom the call is with, if there is one."""
        return self._store.get(CUSTOMERS, call.account) if call.account else None

    def company(self, call: Call) -> str:
        """An anonymous customer goes by its codename where others may look over a shoulder (SUP-13)."""
        customer = self.customer(call)
        return customer.shown if customer else call.company

    def ladder(self, call: Call) -> tuple[ContactStep, ...]:
        """What is tried when nobody comes (CALL-8)."""
        return missed_calls.ladder(self.view(call), self.texts.context(call), self._handbook.calls)

    def confirming(self, call: Call) -> tuple[ContactStep, ...]:
        """How it can be confirmed with them."""
        return missed_calls.confirmation_steps(self.view(call), self.texts.context(call))

    @cached_property
    def texts(self) -> CallTexts:
        from fleettui.workspace.calls.texts import CallTexts

        return CallTexts(self._session, self.view)

    # Making and changing

    def new(
        self,
        customer: str,
        start: datetime | str,
        *,
        minutes: Any = None,
        kind: str = "",
        attendees: Sequence[str] = (),
        fields: Mapping[str, Any] | None = None,
    ) -> Call:
        """Plan a call by hand. `customer` is a customer of the list, or any company's name; in `fields` it is a person's.
        All that is wrong is said at once."""
        from fleettui.domain.calls.attendees import person_name

        address_book = self.address_book()
        readers: dict[str, Callable[[Any], Any]] = {
            "customer": lambda name: _known_customer(address_book, name),
            "kind": self._kind,
            "attendees": lambda emails: tuple(calls.new_attendee(email) for email in emails),
            "fields": self._typed.checked,
        }
        timed = {**(fields or {}), "start": start, "minutes": minutes}
        given = {"customer": customer, "kind": kind, "attendees": attendees, "fields": timed}
        read = all_checked(given, lambda part, value: readers[part](value))
        known, chosen = read["customer"], read["kind"]
        company = known.name if known else cleaning.line(customer)
        people = tuple(
            replace(address_book.with_name(person), ours=address_book.is_ours(person))
            for person in read["attendees"]
        )
        starts, length = read["fields"]["start"], read["fields"]["minutes"] or chosen.minutes
        made = Call(
            id="",
            title=f"{chosen.name}: {company}",
            customer=person_name([person for person in people if not person.ours], known, company),
            company=company,
            account=known.id if known else "",
            start=starts,
            end=starts + timedelta(minutes=length),
            kind=chosen.key,
            internal=chosen.internal,
            zone=known.zone if known else "",
            attendees=people,
            host=self._session.login,
            checklist=self._handbook.calls.checklist,
            run=checklist.begin(self._session.now()),
        )
        made = calls.checked(call_fields.edited(made, {**read["fields"], "minutes": length}))
        return self._store.add(CALLS, lambda id_: replace(made, id=id_), self._session.stamp("calls.new"))

    def edit(self, id_: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Call:
        """Edit by hand. A new time, link or document makes checks stale, as an updated invite does."""

        given = self._typed.checked(fields)

        def change(call: Call) -> Call:
            changed = calls.checked(call_fields.edited(call, given))
            if (changed.start, changed.join_url) == (call.start, call.join_url):
                return changed
            from fleettui.domain.calls.invites import moved_by_hand
            from fleettui.domain.calls.stages import with_stale_checks

            moved = moved_by_hand(changed, self.rules()) if changed.start != call.start else changed
            return with_stale_checks(moved, "the call was changed", self.rules())

        return self._edit(id_, change, "calls.edit", seen=seen)

    def attach(self, id_: str, url: str, title: str = "") -> Call:
        """CALL-6: add a document for the agenda, which opens the checks of documents again."""
        from fleettui.domain.calls.stages import with_stale_checks

        def change(call: Call) -> Call:
            attached, checks = (
                calls.with_document(call, url, title),
                (DOCUMENTS_ATTACHED_STEP, DOCUMENTS_STEP),
            )
            return with_stale_checks(attached, "a document was added", self.rules(), checks)

        return self._edit(id_, change, "calls.attach")

    def import_file(
        self, content: bytes, choice: Choice | None = None, *, dry_run: bool = False
    ) -> ImportResult:
        """Import the calls of a calendar file (*.ics); with `dry_run` only say what it would do."""
        from fleettui.workspace.calls.importing import import_calendar  # late: brings the calendar library

        return import_calendar(
            content, self._session, self.rules(), self.address_book(), choice, dry_run=dry_run
        )

    def address_book(self) -> AddressBook:
        """Team members and customers, to recognise attendees."""
        from fleettui.domain.calls.attendees import AddressBook

        customers = [customer for customer in self._store.all(CUSTOMERS) if customer.active]
        return AddressBook(self._store.all(PEOPLE), customers)

    # Steps

    @cached_property
    def steps(self) -> CallSteps:
        from fleettui.workspace.calls.checking import CallSteps

        return CallSteps(self._session, self.find, self.view, self.rules, lambda: self.texts)

    @cached_property
    def rebooking(self) -> Rebooking:
        from fleettui.workspace.calls.rebooking import Rebooking

        return Rebooking(self._session, self.find, self.rules, lambda: self.texts)

    # What happens

    def joined(self, id_: str) -> Call:
        """The customer is in the call (CALL-7); this ends the ladder if it was begun."""
        rules = self.rules()

        def here(call: Call) -> Call:
            after = calls.joined(call, self._session.now())
            group = rules.policy.join.group
            if group in after.run.marks:
                return after
            before = current_run(after, self.customer(after))
            proof = beside_start(after.start, self._session.now())
            run = checklist.tick(
                after.checklist, before, group, self._session.login, self._moment(), evidence=proof
            )
            return with_run(after, before, run)

        return self._edit(id_, here, "calls.joined")

    def missed(self, id_: str) -> Call:
        """Nobody came: this opens the ladder, the ways to reach them (CALL-8)."""
        rules = self.rules()
        return self._edit(
            id_,
            lambda call: calls.missed(call, self._session.now(), rules.missing_from(call)),
            "calls.missed",
        )

    def done(
        self,
        id_: str,
        *,
        why: str = "",
        notes: str = "",
        next_steps: tuple[tuple[str, str, date | str], ...] = (),
        check_in: datetime | str | None = None,
    ) -> Call:
        """The call is over, with what was agreed (CALL-11). With `check_in` the next one is made for that time (CALL-12)."""

        def over(call: Call) -> Call:
            for what, owner, due in next_steps:
                call = self._agreed(call, what, owner, due)
            return calls.done(call, self._session.now(), why=why, notes=notes)

        checked, following = Fields(), None
        with checked.check():
            following = self._typed.time(check_in, "check_in") if check_in else None
        with checked.check():
            over(self.find(id_))
        checked.refuse()
        if following is not None:
            return self.check_ins.ended(self.find(id_), over, following)
        return self._edit(id_, over, "calls.done")

    def held(self, id_: str) -> Call:
        """It took place, and there is nothing more to say yet. A check-in makes the next one."""

        def over(call: Call) -> Call:
            return calls.held(call, self._session.now())

        call = self.find(id_)
        check_in = self.check_ins.proposed(call)
        if check_in is not None:
            return self.check_ins.ended(call, over, check_in)
        return self._edit(id_, over, "calls.done")

    @cached_property
    def check_ins(self) -> CheckIns:
        from fleettui.workspace.calls.check_ins import CheckIns

        return CheckIns(self._session, self.rules)

    def cancel(self, id_: str, why: str = "") -> Call:
        return self._edit(id_, lambda call: calls.cancelled(call, self._session.now(), why), "calls.cancel")

    def note(self, id_: str, notes: str, *, seen: int | None = None) -> Call:
        """Keep the notes of the call."""
        return self._edit(id_, lambda call: calls.with_notes(call, notes), "calls.note", seen=seen)

    # Next steps (CALL-11)

    def agree(self, id_: str, what: str, owner: str, due: date | str) -> Call:
        """Add a next step that was agreed on."""
        return self._edit(id_, lambda call: self._agreed(call, what, owner, due), "calls.agree")

    def _agreed(self, call: Call, what: str, owner: str, due: date | str) -> Call:
        """Add a next step. With the first one, the checklist's step of writing them down is done."""
        until, checked = date.max, Fields()
        with checked.check():
            until = self._typed.day(due)
        with checked.check():
            call = calls.with_next_step(call, what, self._owner(owner), until)
        checked.refuse()
        step = NEXT_STEPS_STEP
        before = current_run(call, self.customer(call))
        view = self.view(call).step(step)
        if view is None or view.state != "todo":
            return call
        run = checklist.tick(call.checklist, before, step, self._session.login, self._moment())
        return with_run(call, before, run)

    def _owner(self, name: str) -> str:
        """The login of a team member, else the name as it was typed: customers have next steps, too."""
        from fleettui.domain.team.people import matching

        try:
            return matching(self._store.all(PEOPLE), name).login
        except Refused:
            return name

    def next_step_done(self, id_: str, key: str) -> Call:
        return self._edit(
            id_,
            lambda call: calls.next_step_done(call, key, self._session.login, self._session.now()),
            "calls.next_step_done",
        )

    def next_steps(self, login: str | None = None) -> list[tuple[Call, NextStep]]:
        """Open next steps, the earliest first: of one person, or of everybody."""
        return next_steps_of(self._store.all(CALLS), login)

    # Today

    def for_today(self, login: str | None = None, sieve: Sieve | None = None) -> list[CallDue]:
        """Calls that need something now, and next steps due today or earlier: of one person, or of everybody."""
        return due_today(
            (
                replace(call, company=company) if (company := self.company(call)) != call.company else call
                for call in self._store.all(CALLS)
            ),
            self._session.now(),
            self.rules(),
            self.view,
            self.leading(),
            login,
            sieve or Sieve(),
        )

    # Inside

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    @property
    def _typed(self) -> TypedCall:
        from fleettui.workspace.calls.typed_call import TypedCall

        return TypedCall(self._session)

    def _kind(self, name: str) -> CallKind:
        kinds = self._handbook.calls.kinds
        fitting = finding.exact(kinds, name, lambda kind: (kind.key, kind.name)) if name else kinds
        if not fitting:
            raise Refused(
                f"{finding.quoted(name)} is none of {', '.join(kind.key for kind in kinds)}", field="kind"
            )
        return fitting[0]

    def _moment(self) -> checklist.Moment:
        return self._handbook.moment(self._session.now())

    def _edit(
        self, id_: str, edit: Callable[[Call], Call], verb: str, why: str = "", *, seen: int | None = None
    ) -> Call:
        return self._session.edit(CALLS, id_, edit, verb, why, seen=seen)


def _known_customer(address_book: AddressBook, name: str) -> Customer | None:
    from fleettui.domain.customers.model import matching

    if not cleaning.line(name):
        raise Refused("say whom the call is with", field="customer")
    try:
        return matching(address_book.customers, name)
    except Ambiguous:
        raise
    except Refused:
        return None
