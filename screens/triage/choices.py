"""What is chosen about a ticket: each a list that one types into to find the row, saying what would come of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from fleettui.domain.team.people import time_off_on
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.escalation import help_for, level_of
from fleettui.domain.tickets.issues import still_to_search
from fleettui.errors import FleettuiError
from fleettui.time.clock import parse_instant
from screens.dialogs.picker import Picker
from screens.shell.words import moment_words
from screens.triage.actions.flow import TYPED
from screens.triage.page import STEP_SIGNS, would_be
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace

MOST_LABELS = 200
SPAN = re.compile(r"(\d{1,4})\s*(m|h|d|w)[a-z]*")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Choice(Picker):
    """A picker whose rows are made by a function; what is typed may be a choice of its own."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("name", width=28, grow=2),
        Column("told", width=20, grow=3, hide=1),
    )

    def __init__(
        self,
        hint: str,
        rows: Callable[[], Sequence[Row]],
        typed: Callable[[str], Row | None] = lambda text: None,
    ) -> None:
        super().__init__()
        self._hint, self._rows_of, self._typed = hint, rows, typed

    @property
    def hint(self) -> str:
        return self._hint

    def choices(self) -> Sequence[Row]:
        return self._rows_of()

    def matching(self, query: str, rows: Sequence[Row]) -> Sequence[Row]:
        found = list(self.find(query, rows))
        own = self._typed(query.strip())
        return [*found, own] if own is not None else found


class Choices:
    """The rows of each choice, for a workspace and a ticket."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def people(self) -> list[Row]:
        now = self.workspace.now().astimezone(self.workspace.zone).date()
        me = self.workspace.me.login
        rows = [Row(me, ("Me", ("takes it", "muted")))]
        for one in self.workspace.people.all():
            if one.active and one.login != me:
                off = time_off_on(one, now)
                told = f"away until {off.last:%a %-d %b}" if off else ", ".join(one.roles)
                rows.append(Row(one.login, (one.shown, (told, "warn" if off else "muted"))))
        return [*rows, Row("nobody", ("Nobody", ("free for whoever takes it", "muted")))]

    def priorities(self, ticket: Ticket) -> list[Row]:
        """What would be due, before it is chosen (SLA-15)."""
        policy = self.workspace.handbook.sla
        rows = [
            Row(
                f"priority={one.key}",
                (
                    f"{'✓' if one.key == ticket.priority else '○'} {one.key} {one.name}",
                    would_be(self.workspace, ticket, ticket.tier, one.key),
                ),
            )
            for one in policy.priorities
        ]
        return rows + [
            Row(
                f"tier={tier}",
                (
                    f"{'✓' if tier == ticket.tier else '○'} Tier {tier}",
                    would_be(self.workspace, ticket, tier, ticket.priority),
                ),
            )
            for tier in sla.tiers(policy)
        ]

    def labels(self, tickets: Sequence[Ticket]) -> list[Row]:
        known = self.workspace.handbook.labels
        told = {one.name: one.meaning for one in (*known.waiting, known.customer_request, *known.others)}
        used = [label for ticket in tickets for label in ticket.labels]
        used += [label for ticket in self.workspace.tickets.all()[:500] for label in ticket.labels]
        names = list(dict.fromkeys([*(label for ticket in tickets for label in ticket.labels), *told, *used]))
        on = {label for label in names if all(label in ticket.labels for ticket in tickets)}
        return [
            Row(name, (f"{'✓' if name in on else '○'} {name}", (self._label_told(name, told, on), "muted")))
            for name in names[:MOST_LABELS]
        ]

    def _label_told(self, name: str, told: dict[str, str], on: set[str]) -> str:
        if name in on:
            return "takes it off"
        if name.startswith(self.workspace.handbook.labels.waiting_prefix):
            return told.get(name) or "waits for somebody outside: nothing is owed"
        return told.get(name, "")

    def label_typed(self, text: str) -> Row | None:
        return Row(f"{TYPED}{text}", (f"+ {text}", ("a new label", "muted"))) if text else None

    def snoozes(self) -> list[Row]:
        now, zone, calendar = self.workspace.now(), self.workspace.zone, self.workspace.calendar
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
        return [
            Row(at.isoformat(), (name, (moment_words(at, now, zone), "muted")))
            for name, at in moments.items()
        ]

    def snooze_typed(self, text: str) -> Row | None:
        at = self.moment_typed(text)
        if at is None:
            return None
        now, zone = self.workspace.now(), self.workspace.zone
        return Row(at.isoformat(), (f"Until {text}", (moment_words(at, now, zone), "muted")))

    def moment_typed(self, text: str) -> datetime | None:
        """ "90m", "3 h", "2d", "2026-03-12", "2026-03-12 09:00"."""
        spelled = SPAN.fullmatch(text.casefold())
        if spelled:
            return self.workspace.now() + timedelta(**{UNITS[spelled[2]]: int(spelled[1])})
        try:
            at = parse_instant(text, "until", self.workspace.zone)
        except FleettuiError:
            return None
        return self.workspace.calendar.next_opening(at) if len(text) == len("2026-03-12") else at

    def merges(self, tickets: Sequence[Ticket]) -> list[Row]:
        """The same customer's first."""
        gone = {one.id for one in tickets}
        customers = {one.customer for one in tickets}
        found = [one for one in self.workspace.queue.queue().entries if one.ticket.id not in gone]
        found.sort(key=lambda one: one.ticket.customer not in customers)
        return [
            Row(one.ticket.id, (f"{one.ticket.id} {one.shown}", (one.ticket.subject, "muted")))
            for one in found
        ]

    def views(self) -> list[Row]:
        counts = self.workspace.queue.counts()
        return [
            Row(
                view.key,
                (view.name, (f"{counts.get(view.key, 0):,} · {view.search or 'everything open'}", "muted")),
            )
            for view in self.workspace.queue.views()
        ]

    def documentation(self) -> list[Row]:
        """SUP-9."""
        return [
            Row("no", ("No", ("the solution helps nobody else", "muted"))),
            Row("yes", ("Yes", ("it goes on the week's documentation list", "muted"))),
            Row("later", ("Later", ("it is asked again at the end of the week", "muted"))),
        ]

    def documentation_typed(self, text: str) -> Row | None:
        return Row(f"{TYPED}{text}", ("Yes:", text)) if text else None

    def help(self, ticket: Ticket) -> list[Row]:
        """SUP-6: who works on it at each level. SUP-7: whom this one calls, and where."""
        handbook = self.workspace.handbook
        here = level_of(ticket, handbook.levels).key
        rows = [
            Row(
                f"call {one.key}",
                (f"Call {one.name}", (f"{one.mention} in {one.channel}: {one.when}".strip(), "muted")),
            )
            for one in help_for(ticket, handbook.levels, handbook.channels)
        ]
        for number, level in enumerate(handbook.levels.levels, start=1):
            sign = "✓" if level.key == here else "○"
            who = ", ".join((*level.roles, *(f"{one} when needed" for one in level.when_needed)))
            rows.append(Row(f"level {level.key}", (f"{sign} L{number} {level.name}", (who, "muted"))))
        return rows

    def issue(self, ticket: Ticket) -> list[Row]:
        """SUP-11, in its order; SUP-13 where somebody is anonymous."""
        support, policy = self.workspace.support, self.workspace.handbook.tickets.issue
        rows = [
            Row(
                f"search {one.words}",
                (
                    f"{'✓' if one.words in ticket.issue_searches else '○'} Search: {one.words}",
                    (one.link, "muted"),
                ),
            )
            for one in support.issue_tries(ticket)
        ]
        still = still_to_search(ticket, policy)
        wants = (
            f"search {still} more {'time' if still == 1 else 'times'} first"
            if still
            else f"with the label “{self._request_label()}”"
        )
        customer = support.customer_of(ticket)
        if customer is not None and not customer.codename:
            rows.append(
                Row(
                    "codename",
                    ("○ Pick a codename", ("for a customer who wishes to stay anonymous", "muted")),
                )
            )
        elif customer is not None and customer.anonymous:
            rows.append(
                Row("codename", (f"✓ Codename: {customer.codename}", ("the public issue uses it", "muted")))
            )
        rows += [
            Row("new", ("○ Open a new issue", (wants, "muted"))),
            Row(
                "link",
                (f"{'✓' if ticket.issue else '○'} Its link", (ticket.issue or "write it down here", "muted")),
            ),
            Row("tell", ("○ Send the customer the link", ("an answer to copy", "muted"))),
            Row("date", ("○ Post the key date", (f"in {policy.key_date_channel}", "muted"))),
        ]
        return rows

    def search_typed(self, text: str) -> Row | None:
        """SUP-11: several tries with other words, one's own too."""
        return Row(f"search {text}", (f"○ Search: {text}", ("in your own words", "muted"))) if text else None

    def _request_label(self) -> str:
        return self.workspace.handbook.labels.customer_request.name

    def steps(self, ticket: Ticket) -> list[Row]:
        from fleettui.domain.checklists.rules import leaves

        rows: list[Row] = []
        for key, one in ticket.lists.items():
            answers = self.workspace.support.listed(ticket, key).run.answers
            for fact in one.checklist.facts:
                answer = answers.get(fact.key)
                told = "?" if answer is None else "yes" if answer else "no"
                rows.append(Row(f"fact {key} {fact.key}", (f"{told} {fact.question}", (one.name, "muted"))))
            rows += [_step_row(key, view) for view in leaves(self.workspace.support.steps(ticket, key))]
        for listed in self.workspace.handbook.tickets.checklists:
            if listed.key not in ticket.lists:
                rows.append(
                    Row(f"open {listed.key}", (f"+ {listed.name}", ("opens this checklist", "muted")))
                )
        return rows


def _step_row(key: str, view: StepView) -> Row:
    told = view.why_not or (f"texts: {', '.join(view.step.text)}" if view.step.text else view.step.note)
    sign = STEP_SIGNS.get(view.state, "○")
    return Row(f"step {key} {view.key}", (f"{sign} {view.label}", (told, "muted")))
