"""What is chosen about tickets: the rows of each choice, which say what would come of it, and the list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from fleettui.domain.team.people import time_off_on
from fleettui.domain.tickets.escalation import level_of
from fleettui.domain.tickets.issues import missing_searches
from fleettui.errors import FleettuiError
from fleettui.time import wording
from fleettui.workspace.collections import TICKETS
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.triage.page import STEP_SIGNS
from screens.triage.row_keys import (
    ChecklistRowKey,
    FileWay,
    HelpKey,
    IssueKey,
    IssueSearch,
    IssueStep,
    LevelKey,
    NewChecklist,
    TicketFactKey,
    TicketStepKey,
    Typed,
)
from screens.widgets.columns import Column
from screens.widgets.row import Key, Row, Today

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.tickets.model import OpenChecklist, Ticket
    from fleettui.workspace.tickets.files import TicketFile
    from fleettui.workspace.workspace import Workspace

MOST_LABELS = 200
RECENT_TICKETS = 500
"""Their labels are offered, too."""


class ChoicePicker(Picker[Key]):
    """A picker whose rows are made by a function. What is typed is looked for in the names, not in what would come of a
    choice; it may be one more row."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("name", width=28, grow=2),
        Column("outcome", width=20, grow=3, hide=1),
    )

    def __init__(
        self,
        question: str,
        rows: Callable[[], Sequence[Row[Key]]],
        typed: Callable[[str], Row[Key] | None] = lambda text: None,
        about: str = "",
        today: Today[Key] | None = None,
        below: str = "",
    ) -> None:
        super().__init__(about, question, today, below)
        self._make_rows, self._typed = rows, typed

    def choices(self) -> Sequence[Row[Key]]:
        return self._make_rows()

    def matching(self, query: str, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
        matches = list(self.find(query, rows, _name_of))
        typed = self._typed(query.strip())
        return [*matches, typed] if typed is not None else matches


class Choices:
    """The rows of each choice."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def people(self) -> list[Row]:
        today = self.workspace.now().astimezone(self.workspace.zone).date()
        me = self.workspace.me.login
        rows = [_offer(me, "Me", "takes it"), _offer("nobody", "Nobody", "free for whoever takes it")]
        for person in self.workspace.people.all():
            if person.active and person.login != me:
                off = time_off_on(person, today)
                about = f"away until {wording.day(off.last)}" if off else ", ".join(person.roles)
                rows.append(Row(person.login, (person.shown, (about, "warn" if off else "muted"))))
        return rows

    def labels(self, tickets: Sequence[Ticket]) -> list[Row[str | Typed]]:
        """Those of the tickets first, then those of the handbook, then those that are in use."""
        policy = self.workspace.handbook.labels
        meanings = {
            label.name: label.meaning for label in (*policy.waiting, policy.customer_request, *policy.others)
        }
        carried = [label for ticket in tickets for label in ticket.labels]
        recent = [
            label for row in self.workspace.store.rows(TICKETS)[:RECENT_TICKETS] for label in row.labels
        ]
        names = list(dict.fromkeys([*carried, *meanings, *recent]))
        on_all = {name for name in names if all(name in ticket.labels for ticket in tickets)}

        def meaning(name: str) -> str:
            if name in on_all:
                return "takes it off"
            if name.startswith(policy.waiting_prefix):
                return meanings.get(name) or "waits for somebody outside: nothing is owed"
            return meanings.get(name, "")

        return [
            _offer(name, f"{_sign(name in on_all)} {name}", meaning(name)) for name in names[:MOST_LABELS]
        ]

    def label_typed(self, text: str) -> Row[str | Typed] | None:
        return _offer(Typed(text), f"+ {text}", "a new label") if text else None

    def snoozes(self) -> list[Row[datetime]]:
        now, zone, calendar = self.workspace.now(), self.workspace.zone, self.workspace.handbook.calendar
        if calendar.never_opens:
            spans = {"In an hour": 1, "In three hours": 3, "In a day": 24, "In a week": 7 * 24}
            plain = {name: now + timedelta(hours=hours) for name, hours in spans.items()}
            return [_offer(at, name, wording.moment(at, now, zone)) for name, at in plain.items()]
        morning = calendar.next_opening(max(now, calendar.open_until(now) or now))
        monday = morning
        while monday.astimezone(zone).weekday() != 0 or monday - now < timedelta(days=1):
            monday = calendar.next_opening(calendar.open_until(monday) or monday + timedelta(hours=1))
        moments = {
            "When we open next": morning,
            "In an hour": now + timedelta(hours=1),
            "In three hours": now + timedelta(hours=3),
            "On Monday": monday,
            "In a week": calendar.next_opening(now + timedelta(weeks=1)),
        }
        return [_offer(at, name, wording.moment(at, now, zone)) for name, at in moments.items()]

    def snooze_typed(self, text: str) -> Row[datetime] | None:
        at = self._moment_typed(text)
        if at is None:
            return None
        now, zone = self.workspace.now(), self.workspace.zone
        when = f"{wording.moment(at, now, zone)}, {wording.from_now(at, now)}"
        return _offer(at, f"Until {text}", when)

    def _moment_typed(self, text: str) -> datetime | None:
        """A day alone is when we open on it, or next."""
        from fleettui.time.typed import first_instant, moment

        workspace = self.workspace
        opens = (
            first_instant
            if workspace.handbook.calendar.never_opens
            else workspace.handbook.calendar.next_opening
        )
        try:
            return moment(text, "until", workspace.now(), workspace.zone, day_start=opens)
        except FleettuiError:
            return None

    def merges(self, tickets: Sequence[Ticket]) -> list[Row]:
        """Of one ticket: the others of the queue; the same customer's first, and of these what may be the same. Of several:
        they themselves come first."""
        ids, customers = {ticket.id for ticket in tickets}, {ticket.customer for ticket in tickets}
        view = "department" if all(ticket.is_for_department for ticket in tickets) else "all"
        entries = self.workspace.queue.queue(view).entries
        others = [entry for entry in entries if len(ids) > 1 or entry.ticket.id not in ids]
        alike = self._alike(tickets)
        others.sort(
            key=lambda entry: (
                entry.ticket.id not in ids,
                entry.ticket.customer not in customers,
                entry.ticket.id not in alike,
            )
        )
        return [
            Row(entry.ticket.id, (f"{entry.ticket.id} {entry.shown}: {entry.ticket.subject}",))
            for entry in others
        ]

    def _alike(self, tickets: Sequence[Ticket]) -> set[str]:
        """SUP-19: what may be about the same as the one ticket that is merged."""
        if len(tickets) != 1:
            return set()
        return {duplicate.ticket.id for duplicate in self.workspace.queue.duplicates(tickets[0]).tickets}

    def unanswered(self, ticket: Ticket) -> list[Row[str]]:
        """SLA-15: before a ticket is resolved whose customer has no answer."""
        return [
            _offer("answer", f"Answer {ticket.id} first", "nothing is resolved yet"),
            _offer("resolve", "Resolve without an answer", "the week's report counts it"),
        ]

    def documentation(self) -> list[Row[str | Typed]]:
        """SUP-9."""
        return [
            _offer("no", "No", "the solution helps nobody else"),
            _offer("yes", "Yes", "it goes on the week's documentation list"),
            _offer("later", "Later", "it is asked again at the end of the week"),
        ]

    def documentation_typed(self, text: str) -> Row[str | Typed] | None:
        return Row(Typed(text), ("Yes:", text)) if text else None

    def help(self, ticket: Ticket) -> list[Row[HelpKey | LevelKey]]:
        """Whom the ticket's level calls, and where (SUP-7); then the levels, with who works on each (SUP-6)."""
        handbook = self.workspace.handbook
        here = level_of(ticket, handbook.levels).key
        rows: list[Row[HelpKey | LevelKey]] = [
            _offer(
                HelpKey(helper.key),
                f"Call {helper.name}",
                f"{helper.mention} in {helper.channel}: {helper.when}".strip(),
            )
            for helper in self.workspace.support.help_for(ticket)
        ]
        for number, level in enumerate(handbook.levels.levels, start=1):
            who = ", ".join((*level.roles, *(f"{role} when needed" for role in level.when_needed)))
            name = f"{_sign(level.key == here)} L{number} {level.name}"
            rows.append(_offer(LevelKey(level.key), name, who))
        return rows

    def issue(self, ticket: Ticket) -> list[Row[IssueKey]]:
        """The steps to an issue, in their order (SUP-11)."""
        policy = self.workspace.handbook.tickets.issue
        return [
            *self._searches(ticket),
            *self._codename(ticket),
            _offer(IssueStep.NEW, "○ Open a new issue", self._wanted_for_issue(ticket)),
            _offer(
                IssueStep.LINK, f"{_sign(bool(ticket.issue))} Its link", ticket.issue or "write it down here"
            ),
            _offer(IssueStep.TELL, "○ Send the customer the link", "an answer to copy"),
            _offer(IssueStep.DATE, "○ Post the key date", f"in {policy.key_date_channel}"),
        ]

    def _searches(self, ticket: Ticket) -> list[Row[IssueKey]]:
        return [
            _offer(
                IssueSearch(search.words),
                f"{_sign(search.words in ticket.issue_searches)} Search: {search.words}",
                search.link,
            )
            for search in self.workspace.support.issue_tries(ticket)
        ]

    def _codename(self, ticket: Ticket) -> list[Row[IssueKey]]:
        """For a customer who is anonymous, or may become so (SUP-13)."""
        customer = self.workspace.support.customer_of(ticket)
        if customer is not None and not customer.codename:
            return [
                _offer(IssueStep.CODENAME, "○ Pick a codename", "for a customer who wishes to stay anonymous")
            ]
        if customer is not None and customer.anonymous:
            return [
                _offer(IssueStep.CODENAME, f"✓ Codename: {customer.codename}", "the public issue uses it")
            ]
        return []

    def _wanted_for_issue(self, ticket: Ticket) -> str:
        handbook = self.workspace.handbook
        still = missing_searches(ticket, handbook.tickets.issue)
        if still:
            return f"search {still} more {'time' if still == 1 else 'times'} first"
        return f"with the label “{handbook.labels.customer_request.name}”"

    def search_typed(self, text: str) -> Row[IssueKey] | None:
        """A search in one's own words counts as well (SUP-11)."""
        return _offer(IssueSearch(text), f"○ Search: {text}", "in your own words") if text else None

    def files(self, files: Sequence[TicketFile]) -> list[Row[int]]:
        """The newest first; what was left behind says so."""
        from fleettui.domain.tickets.attachments import mismatch, size_words

        rows = []
        for file in reversed(files):
            attachment = file.attachment
            wrong = mismatch(attachment)
            when = wording.moment(file.at, self.workspace.now(), self.workspace.zone)
            size = size_words(attachment.size) if attachment.size else ""
            what = [wrong, size, "" if wrong else attachment.type, "" if file.path else "left behind"]
            about = " · ".join(part for part in (*what, f"{file.by}, {when}") if part)
            rows.append(
                Row(file.number, (one_line(attachment.name), (one_line(about), "warn" if wrong else "muted")))
            )
        return rows

    def file_ways(self, ways: Mapping[FileWay, str]) -> list[Row[FileWay]]:
        """How to get at a file, each with what would be copied."""
        return [_offer(way, way.value, copied) for way, copied in ways.items()]

    def steps(self, ticket: Ticket) -> list[Row[ChecklistRowKey]]:
        """Questions and steps of the open checklists; then the checklists that can be opened."""
        from fleettui.domain.checklists.rules import leaves

        rows: list[Row[ChecklistRowKey]] = []
        for key, checklist in ticket.lists.items():
            rows += self._facts(ticket, key, checklist)
            steps = leaves(self.workspace.support.steps(ticket, key))
            rows += [_step_row(key, step) for step in steps]
        return rows + [
            _offer(NewChecklist(checklist.key), f"+ {checklist.name}", "opens this checklist")
            for checklist in self.workspace.handbook.tickets.checklists
            if checklist.key not in ticket.lists
        ]

    def _facts(self, ticket: Ticket, key: str, checklist: OpenChecklist) -> list[Row[ChecklistRowKey]]:
        answers = self.workspace.support.checklist_of(ticket, key).run.answers
        return [
            _offer(
                TicketFactKey(key, fact.key),
                f"{_answer_word(answers.get(fact.key))} {fact.question}",
                checklist.name,
            )
            for fact in checklist.checklist.facts
        ]


def _offer(key: Key, name: str, outcome: str) -> Row[Key]:
    return Row(key, (name, (outcome, "muted")))


def across_rows(theirs: str, customer: str) -> list[Row]:
    """Whether tickets of different customers are merged."""
    return [
        _offer("no", "No", "they stay apart"),
        Row("yes", (f"Yes: what {theirs} wrote stands in the ticket of {customer} then",)),
    ]


def _name_of(row: Row[Any]) -> str:
    """What a choice is called: its name, and its id where that is a text."""
    name = row.cells[0] if isinstance(row.cells[0], str) else row.cells[0][0]
    return f"{name} {row.key}".casefold() if isinstance(row.key, str) else name.casefold()


def _sign(done: bool) -> str:
    return "✓" if done else "○"


def _answer_word(answer: object) -> str:
    return "?" if answer is None else "yes" if answer else "no"


def _step_row(key: str, step: StepView) -> Row[ChecklistRowKey]:
    about = step.why_not or (f"texts: {', '.join(step.step.text)}" if step.step.text else step.step.note)
    sign = STEP_SIGNS.get(step.state, "○")
    return _offer(TicketStepKey(key, step.key), f"{sign} {step.label}", about)
