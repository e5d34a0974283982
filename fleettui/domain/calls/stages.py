"""How a call stands now: its stage by the clock, which steps apply, whether it is ready (CALL-3 to CALL-8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fleettui.domain.calls.model import Attendee, Call
from fleettui.domain.calls.policy import AGENDA_FACT
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Run, StepView, Value
from fleettui.time.zones import day_of

if TYPE_CHECKING:
    from fleettui.domain.calls.policy import CallPolicy
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.model import Contact, Customer
    from fleettui.time.business import Calendar

Stage = Literal[
    "later", "prepare", "today", "join now", "started", "missed?", "how did it go?", "done", "rescheduled", "cancelled"
]  # fmt: skip
UNRECORDED: Stage = "how did it go?"
PRESSING: tuple[Stage, ...] = ("missed?", "join now", "started", "how did it go?", "today", "prepare")


class CallRules(msgspec.Struct, frozen=True):
    """The policy of calls, with the calendar of the business hours that it counts in."""

    policy: CallPolicy
    calendar: Calendar

    def join_from(self, call: Call) -> datetime:
        """From when to join (CALL-7)."""
        return call.start - timedelta(minutes=self.policy.join.earliest)

    def missing_from(self, call: Call) -> datetime:
        """From when nobody there means missed (CALL-8)."""
        return call.start + timedelta(minutes=self.policy.missed.after_minutes)


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it stands now."""

    call: Call
    stage: Stage
    ready: bool
    prepare_from: datetime
    steps: tuple[StepView, ...]

    def step(self, key: str) -> StepView | None:
        """The step with this key, groups included."""
        return next((view for view in checklist.every_view(self.steps) if view.key == key), None)

    def state_of(self, step: StepView) -> str:
        """The state of a step; "stale" where the invite changed since it was ticked."""
        return "stale" if step.key in self.call.stale and step.state in ("todo", "unanswered") else step.state


# The clock


def prepare_from(start: datetime, rules: CallRules) -> datetime:
    """CALL-3: so many hours before; outside business time from the close of the business day before it. Where days follow it on
    which nobody works, from the opening of that day, unless the policy says otherwise: they are not lost behind a weekend."""
    moment = start - timedelta(hours=rules.policy.prepare.hours_before)
    calendar = rules.calendar
    if calendar.is_open(moment):
        return moment
    day = calendar.day_of(moment)
    for back in range(LONGEST_CLOSURE):
        closing = calendar.closing_of(day - timedelta(days=back))
        if closing is not None and closing <= moment:
            last = day - timedelta(days=back)
            early = rules.policy.prepare.closed_days == "opening" and _before_closed_days(moment, last, rules)
            return calendar.spans_on(last)[0][0] if early else closing
    return moment


def _before_closed_days(moment: datetime, last: date, rules: CallRules) -> bool:
    """Whether a closed day lies at `moment` or right after it, behind the business day `last`."""
    day, following = rules.calendar.day_of(moment), last + timedelta(days=1)
    return not rules.calendar.is_business_day(day if day > last else following)


LONGEST_CLOSURE = 60
"""Days. After a longer closure the reminder comes so many hours before, open or not."""


def stage_of(call: Call, now: datetime, rules: CallRules) -> Stage:
    """The stage at `now`."""
    if call.ended:
        return "done" if call.ended in ("held", "missed") else call.ended  # type: ignore[return-value]
    if call.missed_at is not None:
        return "missed?"
    if call.joined_at is not None:
        return "started"
    if now >= max(call.end, rules.missing_from(call)):
        return "how did it go?"
    return _before(call, now, rules) if now < call.start else _since(call, now, rules)


def _before(call: Call, now: datetime, rules: CallRules) -> Stage:
    if now >= rules.join_from(call) and not call.all_day:
        return "join now"
    if _day(call.start, rules) == _day(now, rules):
        return "today"
    return "prepare" if now >= prepare_from(call.start, rules) else "later"


def _since(call: Call, now: datetime, rules: CallRules) -> Stage:
    if call.all_day:
        return "today" if now < call.end else "started"
    return "missed?" if now >= rules.missing_from(call) and not call.internal else "started"


def _day(at: datetime, rules: CallRules) -> date:
    return day_of(at, rules.calendar.zone)


def next_change(call: Call, now: datetime, rules: CallRules) -> datetime | None:
    """When the clock moves it to another stage."""
    moments = (
        prepare_from(call.start, rules),
        rules.join_from(call),
        call.start,
        rules.missing_from(call),
        max(call.end, rules.missing_from(call)),
    )
    return min((at for at in moments if at > now), default=None) if not call.ended else None


# What needs no answer


def known_facts(call: Call, customer: Customer | None) -> dict[str, Value]:
    """The facts that the invite and the list of customers answer; what a person answered is in the run."""
    people = contacts_of(call, customer)
    facts: dict[str, Value] = {
        "accepted": accepted(call),
        "assistant": assistant_of(customer) is not None,
        "shared-channel": bool(customer and customer.channel),
        "invite-email": any(attendee.email for attendee in call.theirs),
        "linkedin": any(contact.linkedin for contact in people),
        "phone": phone_kind(people, call),
        "missed": call.missed_at is not None,
    }
    # CALL-6: that there are none is an answer that somebody gives.
    return facts | ({AGENDA_FACT: True} if call.documents else {})


def accepted(call: Call) -> bool:
    """Somebody of theirs has accepted, and their main contact has not declined; among ourselves, everybody has accepted."""
    wanted = call.wanted
    if call.internal:
        return all(attendee.status == "accepted" for attendee in wanted)
    return not declined(call) and any(attendee.status == "accepted" for attendee in wanted)


def main_contact(call: Call) -> Attendee | None:
    """Of theirs who are invited: whom the call is with, else the first."""
    invited = [attendee for attendee in call.theirs if attendee.invited]
    named = [attendee for attendee in invited if attendee.shown == call.customer]
    return next(iter((*named, *invited)), None)


def declined(call: Call) -> str:
    """CALL-3: who has declined, where without them there is no call; empty where it can take place."""
    wanted, main = call.wanted, None if call.internal else main_contact(call)
    if len(wanted) > 1 and all(attendee.status == "declined" for attendee in wanted):
        return "everybody has declined"
    if main is None and len(wanted) == 1:
        main = wanted[0]
    return f"{main.shown} has declined" if main is not None and main.status == "declined" else ""


def contacts_of(call: Call, customer: Customer | None) -> tuple[Contact, ...]:
    """The contacts who are in the invite; where none is, the champions or the first contact of the customer."""
    if customer is None:
        return ()
    addresses = {attendee.email for attendee in call.theirs}
    invited_contacts = tuple(contact for contact in customer.contacts if contact.email.lower() in addresses)
    people = tuple(contact for contact in customer.contacts if "assistant" not in contact.role.lower())
    champions = tuple(contact for contact in people if contact.champion)
    return invited_contacts or champions or people[:1]


def contact_of(call: Call, customer: Customer | None) -> str:
    """What names the person whom the call is with, among the contacts of the customer: the address, else the name."""
    person = next(iter(contacts_of(call, customer)), None)
    if person is not None:
        return person.email or person.name or person.slack
    main = main_contact(call)
    return main.email if main is not None else call.customer


def assistant_of(customer: Customer | None) -> Contact | None:
    """CALL-4: the contact who keeps their calendar, if there is one."""
    contacts = customer.contacts if customer else ()
    return next((contact for contact in contacts if "assistant" in contact.role.lower()), None)


def phone_kind(people: tuple[Contact, ...], call: Call) -> str:
    """ "mobile", "landline" or "none". A number of unknown kind counts as a landline, which gets no text (CALL-8)."""
    kinds = [contact.phone_kind for contact in people if contact.phone]
    kinds += [call.phone_kind] if call.phone else []
    if "mobile" in kinds:
        return "mobile"
    return "landline" if kinds else "none"


# The steps


def current_run(call: Call, customer: Customer | None) -> Run:
    """The run as it counts now: with the facts that we know, and without the checks that are stale."""
    marks = {key: mark for key, mark in call.run.marks.items() if key not in call.stale}
    answers = known_facts(call, customer) | call.run.answers
    if call.documents:  # also where somebody had said that there are none
        answers[AGENDA_FACT] = True
    return replace(call.run, marks=marks, answers=answers)


def with_stale_checks(call: Call, why: str, rules: CallRules, only: tuple[str, ...] = ()) -> Call:
    """The ticked steps of the preparation become stale: they have to be checked again.

    `only` names the rules, or the keys, whose steps are meant; empty: all but the rule of the notes' name.
    """
    top = next((step for step in call.checklist.steps if step.key == rules.policy.prepare.group), None)
    stale = dict(call.stale)
    for step in checklist.every_step(top.steps if top else ()):
        mark = call.run.marks.get(step.key)
        meant = bool({step.rule, step.key} & set(only)) if only else step.rule != rules.policy.notes.rule
        if mark is not None and meant:
            stale[step.key] = f"{why} since {mark.by} checked"
    return replace(call, stale=stale)


ANSWERED = ("CALL-3", "CALL-4")
"""The rules whose checks rest on what attendees answered."""


def with_run(call: Call, before: Run, after: Run) -> Call:
    """`call` with the run `after`, which was edited from `before`, as `current_run` gave it.

    The stale marks are kept beside it, and facts that we know are not stored as answers.
    """
    new_answers = {key: value for key, value in after.answers.items() if before.answers.get(key) != value}
    answers = {key: value for key, value in call.run.answers.items() if key in after.answers} | new_answers
    stale = {key: why for key, why in call.stale.items() if key not in after.marks}
    kept = {key: call.run.marks[key] for key in stale if key in call.run.marks}
    return replace(call, stale=stale, run=replace(after, marks=kept | after.marks, answers=answers))


def call_view(
    call: Call, customer: Customer | None, now: datetime, rules: CallRules, moment: Moment
) -> CallView:
    """The call with its stage and steps at `now`."""
    run = current_run(call, customer)
    steps = checklist.view(call.checklist, run, moment)
    prepared = next((view for view in steps if view.key == rules.policy.prepare.group), None)
    return CallView(
        call=call,
        stage=stage_of(call, now, rules),
        ready=prepared is None or prepared.state in ("done", "skipped", "not applicable"),
        prepare_from=prepare_from(call.start, rules),
        steps=steps,
    )
