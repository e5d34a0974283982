"""The weekly report, the look back on the week, and what customers' questions mean for the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from fleettui.domain.messages import RETRO
from fleettui.domain.team import retro
from fleettui.domain.team.retro import Retro, WeekSpan
from fleettui.domain.tickets import report_series
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.policy import Question
from fleettui.domain.tickets.report import FieldAt, TicketHistory, WeekReport, week_report
from fleettui.domain.tickets.report_series import Trend
from fleettui.errors import Refused
from fleettui.store.protocol import Entry
from fleettui.text import cleaning
from fleettui.workspace.collections import CALLS, RETROS, TICKETS
from fleettui.workspace.session import Session
from fleettui.workspace.tickets.past import clock_past

if TYPE_CHECKING:
    from fleettui.domain.calls.weekly import WeekCall
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.tickets.actions import Tickets
    from fleettui.workspace.tickets.queue import Queue

HistoryOf = Callable[[str], list[Entry]]


class LookBack(NamedTuple):
    """The week's facts beside its questions and what was answered (SUP-16)."""

    week: WeekSpan
    report: WeekReport
    facts: list[str]
    questions: tuple[Question, ...]
    answers: dict[str, str]
    on_call: list[str]
    revision: int


class DocumentationWork(NamedTuple):
    """SUP-17: tickets of a week whose solution belongs into the documentation."""

    to_write: list[Ticket]
    unanswered: list[Ticket]
    """Resolved without saying whether the solution could help others (SUP-9)."""
    done: list[Ticket]


class Reports:
    """Reports on a week of support."""

    def __init__(
        self,
        session: Session,
        tickets: Tickets,
        queue: Queue,
        people: People,
        customers: Customers,
        oncall: OnCall,
    ) -> None:
        self._session, self._store = session, session.store
        self._tickets, self._queue = tickets, queue
        self._people, self._customers, self._oncall = people, customers, oncall

    @property
    def _zone(self) -> ZoneInfo:
        return self._session.policy.zone

    def week_of(self, day: date | None = None) -> WeekSpan:
        """The week of that day, of today by default."""
        return WeekSpan(day or self._session.today(), self._zone)

    def week(self, day: date | None = None, *, department: bool = False) -> WeekReport:
        """The figures of one week: of customers' tickets, or of the requests to the department (SUP-20)."""
        week, now = self.week_of(day), self._session.now()
        tickets = _of_queue(self._store.all(TICKETS, archived=True), department)
        histories = self._ticket_histories(tickets, [week])
        at_its_end = tickets
        if week.end < now:
            at_its_end = _of_queue(self._store.as_of(TICKETS, week.end), department)
        return week_report(histories, at_its_end, self._queue.debt_policy, week, now, self._zone)

    def calls(self, day: date | None = None) -> list[WeekCall]:
        """What became of the calls of that week."""
        from fleettui.domain.calls.weekly import calls_of_week

        names = {customer.id: customer.shown for customer in self._customers.all()}
        return calls_of_week(
            self._store.all(CALLS, archived=True),
            self.week_of(day).has,
            lambda call: names.get(call.account, call.company),
            self._session.now(),
        )

    def trend(self, count: int, until: date | None = None) -> Trend:
        """The figures of the last weeks, and when customers wrote in them: what the plots show."""
        last = self.week_of(until).first
        weeks = [WeekSpan(last - timedelta(weeks=back), self._zone) for back in reversed(range(count))]
        tickets = _of_queue(self._store.all(TICKETS, archived=True), department=False)
        histories = self._ticket_histories(tickets, weeks)
        return report_series.trend(histories, self._queue.debt_policy, weeks, self._session.now(), self._zone)

    def _ticket_histories(self, tickets: Sequence[Ticket], weeks: Sequence[WeekSpan]) -> list[TicketHistory]:
        """Of those of which something can have happened in these weeks."""
        names = {customer.id: customer.shown for customer in self._customers.all()}
        touched = [ticket for ticket in tickets if any(_touches(ticket, week) for week in weeks)]
        entries = self._entries(touched)
        prefix = self._queue.debt_policy.waiting_prefix
        return [
            TicketHistory(
                ticket,
                _field_at(ticket, entries),
                cache(partial(clock_past, ticket, entries, prefix)),
                names.get(ticket.customer_id, ticket.customer),
            )
            for ticket in touched
        ]

    def _entries(self, tickets: Sequence[Ticket]) -> HistoryOf:
        """Reads all histories at once, when one is first needed: many weeks need none."""
        known: dict[str, list[Entry]] | None = None

        def history_of(id_: str) -> list[Entry]:
            nonlocal known
            if known is None:
                known = self._store.histories(TICKETS, {ticket.id for ticket in tickets})
            return known[id_] if id_ in known else self._store.history(TICKETS, id_)

        return history_of

    # -- SUP-16

    def look_back(self, day: date | None = None) -> LookBack:
        """The facts of the week with the questions of the retro and their answers."""
        week, report = self.week_of(day), self.week(day)
        kept = self.answers(week.first)
        return LookBack(
            week=week,
            report=report,
            facts=[*facts_of(report), *self._department_facts(week.first), *self._call_facts(week.first)],
            questions=self.questions,
            answers=kept.answers,
            on_call=self._on_call(week),
            revision=kept.rev,
        )

    def _department_facts(self, day: date) -> list[str]:
        words = department_words(self.week(day, department=True))
        return [f"requests to the department: {words}"] if words else []

    def _call_facts(self, day: date) -> list[str]:
        from fleettui.domain.calls.weekly import counts_in_words

        words = counts_in_words(self.calls(day))
        return [f"calls: {words}"] if words else []

    def answers(self, day: date | None = None) -> Retro:
        """The answers of that week; an empty document where there are none yet."""
        key = self.week_of(day).key
        return self._store.get(RETROS, key) or Retro(id=key)

    @property
    def questions(self) -> tuple[Question, ...]:
        return self._session.policy.handbook.tickets.retro

    def answer(
        self, answers: Mapping[str, str], day: date | None = None, *, seen: int | None = None
    ) -> LookBack:
        """Keep answers to the questions of the retro."""
        week = self.week_of(day)
        questions = {question.key: question.question for question in self.questions}

        def edit(kept: Retro | None) -> Retro:
            before = kept or Retro(id=week.key)
            return retro.answered(before, answers, questions, self._session.login, self._session.now())

        self._store.change(RETROS, week.key, edit, self._session.stamp("retro.answer"), seen=seen)
        return self.look_back(day)

    def _on_call(self, week: WeekSpan) -> list[str]:
        names = [
            self._people.get(shift.person).shown
            for shift in self._oncall.shifts(week.start, week.end)
            if shift.person and shift.week_of == week.first
        ]
        return list(dict.fromkeys(names))

    def retro_text(self, day: date | None = None) -> str:
        """The look back as a text to post."""
        look_back = self.look_back(day)
        known: dict[str, object] = {
            "week": look_back.week.key,
            "person": ", ".join(look_back.on_call) or "nobody",
            "facts": look_back.facts,
            **{key.replace("-", "_"): answer for key, answer in look_back.answers.items()},
        }
        return self._session.policy.handbook.renderer.render(RETRO, known)

    # -- SUP-17

    def documentation(self, day: date | None = None) -> DocumentationWork:
        """Of the tickets that were resolved in the week; what is still to write stays on the list until it is done."""
        week = self.week_of(day)
        to_write, unanswered, done = [], [], []
        for ticket in self._store.all(TICKETS, archived=True):
            asked = ticket.documentation
            if asked is None:
                if week.has(ticket.resolved_at) and not ticket.merged_into:
                    unanswered.append(ticket)
            elif asked.answer == "yes" and asked.at < week.end:
                if not asked.done:
                    to_write.append(ticket)
                elif week.has(asked.at) or week.has(ticket.resolved_at):
                    done.append(ticket)
        return DocumentationWork(to_write, unanswered, done)

    def documented(self, id_: str, link: str) -> Ticket:
        """The documentation was updated: `link` is a link to it, or says what was done."""
        tidy = cleaning.line(link)
        if not tidy:
            raise Refused("give the link to the update, or say what was done", field="done")

        def edit(ticket: Ticket) -> Ticket:
            if ticket.documentation is None or ticket.documentation.answer != "yes":
                raise Refused(f"{ticket.id}: nobody asked for documentation there")
            return replace(ticket, documentation=replace(ticket.documentation, done=tidy))

        return self._tickets.edit(id_, edit, "tickets.documented")[0]


def _field_at(ticket: Ticket, history_of: HistoryOf) -> FieldAt:
    def at(field: str, when: datetime) -> Any:
        """The field's value at that moment: the value before the first later change."""
        for entry in history_of(ticket.id):
            for change in entry.changes:
                if entry.at > when and change.path == (field,) and entry.kind == "changed":
                    return "" if change.before is msgspec.UNSET else change.before
        return getattr(ticket, field)

    return at


def _of_queue(tickets: Iterable[Ticket], department: bool) -> list[Ticket]:
    return [ticket for ticket in tickets if ticket.is_for_department is department]


def department_words(report: WeekReport) -> str:
    """SUP-20: "2 came, 1 of 1 promises kept, 1 open"; empty for a week without requests."""
    decided, is_open = report.in_time + report.late, report.still_open.open
    if not (report.arrivals or decided or is_open):
        return ""
    return f"{report.arrivals} came, {report.in_time} of {decided} promises kept, {is_open} open"


def _touches(ticket: Ticket, week: WeekSpan) -> bool:
    """Whether anything about the ticket can have happened in the week."""
    if ticket.opened_at >= week.end and not any(message.at < week.end for message in ticket.messages):
        return False
    return ticket.resolved_at is None or ticket.resolved_at >= week.start


def unanswered_words(report: WeekReport) -> str:
    """ "2 without an answer, 1 of them late"."""
    late = report.resolved_unanswered_late
    return f"{report.resolved_unanswered} without an answer" + (f", {late} of them late" if late else "")


def facts_of(report: WeekReport) -> list[str]:
    """The week in a few lines, for the retro."""
    from fleettui.time.wording import BUSINESS_HOURS, span

    share = report.share
    lines = [
        f"tickets that came: {report.arrivals}; answers: {report.answers}; resolved: {report.resolved}"
        + (f", {unanswered_words(report)}" if report.resolved_unanswered else ""),
        f"promises kept: {report.in_time} of {report.in_time + report.late}"
        + (f" ({share:.0%})" if share is not None else ""),
    ]
    if report.median is not None and report.worst is not None:
        median, worst = span(report.median, BUSINESS_HOURS), span(report.worst, BUSINESS_HOURS)
        lines.append(f"response in business time: median {median}, worst {worst} ({report.worst_ticket})")
    lines += [
        f"late: {breach.ticket} for {breach.customer}: {'; '.join(breach.reasons)}"
        for breach in report.breaches
    ]
    lines.append(f"open: {report.still_open.open}; owed an answer: {report.still_open.owed}")
    return lines
