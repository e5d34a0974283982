"""What has to be done now, and by whom: one method for each source of work, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.agenda import FAR, FIXED, UNSENT, Item, State, ordered, state_at
from fleettui.domain.checklists import status
from fleettui.domain.customers import outreach
from fleettui.domain.playbooks import runs
from fleettui.domain.team import people
from fleettui.domain.team import roles as team_roles
from fleettui.errors import FleettuiError, Refused
from fleettui.time import wording
from fleettui.workspace import ticket_items
from fleettui.workspace.calls.due import DOES, title_of
from fleettui.workspace.collections import ISSUES, TICKETS
from fleettui.workspace.damaged import Damaged, Sieve

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView, Turn
    from fleettui.domain.customers.model import Customer, Opportunity
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.domain.tickets.model import Listed
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.playbooks.actions import Playbooks
    from fleettui.workspace.rituals.actions import Rituals
    from fleettui.workspace.rituals.board import BoardRow, ReadRituals
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.issues import Issues, Owed
    from fleettui.workspace.tickets.queue import Queue

AHEAD = timedelta(days=7)
"""How far ahead the list looks."""


class Look(msgspec.Struct, frozen=True):
    items: list[Item]
    """The work of everybody, what is due first on top."""
    troubles: tuple[str, ...]  # what could not be read, in words
    untriaged: tuple[str, ...] = ()
    """SUP-19: the ids of the open tickets whose priority nobody has chosen."""
    damaged: tuple[Damaged, ...] = ()
    """Documents of which nothing can be said; what they would want is not among the items."""


class Agenda:
    """Today's list of work, from all groups of actions."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        queue: Queue,
        calls: Calls,
        playbooks: Playbooks,
        issues: Callable[[], Issues],
        oncall: OnCall,
        read_rituals: ReadRituals,
        rituals: Callable[[], Rituals],
    ) -> None:
        """`rituals` are asked for only where one is ticked: reading them needs less. `issues`, where one was closed."""
        self.session, self.people, self.customers, self.queue = session, people, customers, queue
        self.calls, self.playbooks, self.oncall, self._issues = calls, playbooks, oncall, issues
        self.read_rituals, self._rituals = read_rituals, rituals

    def look(self) -> Look:
        return Collecting(self).look()

    def items(self) -> list[Item]:
        """The work of everybody, what is due first on top."""
        return self.look().items

    def words_owed(self) -> Iterable[Owed]:
        """About issues that were closed: most workspaces have none."""
        return self._issues().owed() if self.session.store.all(ISSUES) else ()

    def left(self, item: Item) -> str:
        """The time left, in the words of the item's own screen: where business time was promised, that is what is left."""
        now = self.session.now()
        ticket = self.session.store.get(TICKETS, item.id) if item.kind == "ticket" else None
        if ticket is not None and item.step not in (FIXED, UNSENT):
            return self.queue.debt_text(ticket, self.queue.debt(ticket), now).left
        return wording.left(item.due, now)

    def do(self, item: Item) -> str:
        """Do what needs no form, and return the result in words."""
        if item.does != "tick":
            raise Refused(f"{item.title}: open it; there it is done")
        remarks: tuple[str, ...] = ()
        if item.kind == "ticket":
            self._issues().settle(item.id)
        elif item.kind == "playbook":
            self.playbooks.tick(item.id, item.step)
        elif item.kind == "ritual":
            remarks = self._rituals().tick(item.id).remarks
        else:
            self.calls.next_step_done(item.id, item.step)
        return " ".join((f"Done: {item.title}.", *remarks))


class Collecting:
    """Collects all items at one moment."""

    def __init__(self, agenda: Agenda) -> None:
        self.agenda = agenda
        self.policy = agenda.session.policy
        self.now = agenda.session.now()
        self.zone = self.policy.zone
        self.sieve = Sieve()

    def look(self) -> Look:
        """A file of the handbook that cannot be read hides only what needs this file; the problem is kept in `troubles`."""
        items: list[Item] = []
        troubles: list[str] = []
        for source in (
            self.from_tickets,
            self.from_issues,
            self.from_outbox,
            self.from_calls,
            self.from_rituals,
            self.from_playbooks,
            self.from_opportunities,
            self.from_rota,
        ):
            try:
                items += source()
            except FleettuiError as error:
                troubles.append(str(error))
        list(self.sieve.each(self.agenda.people.all(), lambda person: ()))
        circles = (Damaged(id_, why) for id_, why in self.agenda.queue.circles().items())
        damaged = (*self.sieve.damaged, *circles)
        troubles += [document.in_words for document in damaged]
        untriaged = tuple(ticket.id for ticket in self.agenda.queue.untriaged())
        return Look(ordered(items), tuple(dict.fromkeys(troubles)), untriaged, damaged)

    @cached_property
    def mine(self) -> frozenset[str]:
        """The logins whose work is mine today."""
        day = self.now.astimezone(self.zone).date()
        return team_roles.covered_logins(self.agenda.people.all(), self.agenda.people.me.login, day)

    @cached_property
    def my_roles(self) -> frozenset[str]:
        """The roles of whoever is at work here."""
        return team_roles.roles_of(self.agenda.people.me, self.policy.handbook.roles)

    @cached_property
    def only_one(self) -> dict[str, str]:
        """By role, the person who has it, where only one person does."""
        cast = team_roles.RoleAssignment(
            self.policy.handbook.roles, self.agenda.people.all(), starter=people.stranger("")
        )
        return cast.of([row.role for row in self.policy.handbook.gtm.reach_out])

    @cached_property
    def customers(self) -> dict[str, Customer]:
        return {customer.id: customer for customer in self.agenda.customers.all()}

    def shown(self, customer_id: str) -> str:
        """The customer's name, or codename."""
        customer = self.customers.get(customer_id)
        return customer.shown if customer else customer_id

    # Tickets: the answers that are owed (SLA-15), and the words about closed issues (SUP-11).

    def from_tickets(self) -> Iterator[Item]:
        return ticket_items.answers(self.agenda.queue, self._is_mine, self.now)

    def from_issues(self) -> Iterator[Item]:
        return ticket_items.words(
            self.agenda.words_owed(),
            self._is_mine,
            self.shown,
            lambda: self.policy.handbook.tickets.issue.repository,
        )

    def from_outbox(self) -> Iterator[Item]:
        return ticket_items.unsent(self.agenda.session.store, self.mine, self.now, self.zone)

    def _is_mine(self, ticket: Listed) -> bool:
        if ticket.assignee:
            return ticket.assignee in self.mine
        return bool(self._by_level.get(ticket.level, frozenset()) & self.my_roles)

    @cached_property
    def _by_level(self) -> dict[str, frozenset[str]]:
        """The roles that work on each level (SUP-6)."""
        return {level.key: frozenset(level.roles) for level in self.policy.handbook.levels.levels}

    # Calls: to prepare, to join, missed; and what was agreed in them (CALL-3, CALL-7, CALL-8, CALL-11).

    def from_calls(self) -> Iterator[Item]:
        for due in self.agenda.calls.for_today(sieve=self.sieve):
            at = due.when if isinstance(due.when, datetime) else self._end_of(due.when)
            is_step = due.kind == "next step"
            yield Item(
                kind="next step" if is_step else "call",
                id=due.call,
                title=due.what if is_step else title_of(due),
                due=at,
                state=self._call_state(due.kind, at),
                mine=due.who in self.mine,
                who=due.who,
                does="tick" if is_step else DOES.get(due.kind, ""),
                step=due.key,
            )

    def _call_state(self, kind: str, at: datetime) -> State:
        if kind in ("missed?", "how did it go?", "no next steps"):
            return "late"
        return "soon" if kind in ("join now", "started") else state_at(at, self.now)

    def _end_of(self, day: date) -> datetime:
        following = datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)
        return following.astimezone(self.now.tzinfo)

    # Rituals: what is open or late today, and mine of tomorrow.

    def from_rituals(self) -> Iterator[Item]:
        from fleettui.domain.rituals.status import FINISHED

        reader = self.agenda.read_rituals()
        for row in reader.rows(sieve=self.sieve):
            if row.waits:
                yield self._ritual(row, state_at(row.demand.due, self.now, late=row.state == "late"))
        tomorrow = reader.today + timedelta(days=1)
        for row in reader.rows(tomorrow, self.sieve):
            begins_or_ends = tomorrow in (row.period.first, reader.calendar.day_of(row.demand.due))
            if begins_or_ends and row.state not in FINISHED and self.mine & set(row.whose.doers):
                yield self._ritual(row, "next")

    def _ritual(self, row: BoardRow, state: State) -> Item:
        ritual, status, doers = row.ritual, row.status, row.whose.doers
        counted = f" ({status.count} of {status.wanted})" if status.wanted > 1 else ""
        by_parts = row.demand.customers is not None or ritual.steps or ritual.playbook
        proof = ritual.evidence is not None and ritual.evidence.required
        return Item(
            kind="ritual",
            id=ritual.id,
            title=f"{ritual.name}{counted}",
            due=row.demand.due,
            state=state,
            mine=bool(self.mine & set(doers)),
            who=doers[0] if doers else "",
            role=row.whose.dri if len(doers) != 1 else "",
            does="" if by_parts or proof or state == "next" else "tick",
            step=row.period.key if state == "next" else "",
        )

    # Playbooks: one item for each run and each person who has the turn in it; what has a time of its own is one of its own.

    def from_playbooks(self) -> Iterator[Item]:
        return self.sieve.each(self.agenda.playbooks.open_runs(), self._of_run)

    def _of_run(self, run: PlaybookRun) -> Iterator[Item]:
        look = self.agenda.playbooks.look(run)
        leaves = {leaf.key: leaf for leaf in status.leaves(look.views)}
        for turn in look.turns:
            yield from self._turns(run, turn, [leaves[key] for key in turn.keys])
        yield from (self._wait(run, leaf) for leaf in leaves.values() if leaf.state == "waiting")
        yield from self._parts(run, sorted(status.dated(look.views), key=lambda part: part.due or FAR))

    def _turns(self, run: PlaybookRun, turn: Turn, steps: list[StepView]) -> Iterator[Item]:
        dated = [step for step in steps if step.due is not None]
        undated = [step for step in steps if step.due is None]
        yield from (self._turn(run, turn, [step]) for step in dated)
        if undated:
            yield self._turn(run, turn, undated)

    def _parts(self, run: PlaybookRun, parts: list[StepView]) -> Iterator[Item]:
        """Groups, and steps that wait for others, by the time until which they are wanted: those of the next days; of later
        ones only the first."""
        later = [part for part in parts if part.due is not None and part.due - self.now > AHEAD]
        for part in parts:
            if part not in later[1:]:
                yield self._part(run, part, is_next=part in later)

    def _part(self, run: PlaybookRun, part: StepView, *, is_next: bool) -> Item:
        who = part.who or run.run.cast.get(team_roles.ANYBODY, "")
        state: State = "waiting" if part.state == "blocked" else state_at(part.due, self.now)
        why = f" ({part.why_not})" if part.state == "blocked" else ""
        return Item(
            kind="playbook",
            id=run.id,
            title=f"{part.label}{why} · {run.name}",
            about=self.shown(run.customer),
            due=part.due,
            state="late" if part.late else "next" if is_next else state,
            mine=who in self.mine if who else part.owner in self.my_roles,
            who=who,
            role=part.owner,
            step=part.key,
        )

    def _turn(self, run: PlaybookRun, turn: Turn, steps: list[StepView]) -> Item:
        first = min(steps, key=lambda step: (not step.late, _last_moment(step) or FAR, step.state != "todo"))
        due = _last_moment(first)
        label = first.why_not if first.state == "unanswered" else first.label
        label = f"Declined: {label}" if first.state == "declined" else label
        more = f" (+{len(steps) - 1})" if len(steps) > 1 else ""
        return Item(
            kind="playbook",
            id=run.id,
            title=f"{label}{more} · {run.name}",
            about=self.shown(run.customer),
            due=due,
            state=state_at(due, self.now, late=any(step.late for step in steps)),
            mine=runs.is_turn_of(turn, self.mine, self.my_roles),
            who=turn.who,
            role=turn.owner,
            does="tick" if first.state in ("todo", "waiting") else "",
            step=first.key,
        )

    def _wait(self, run: PlaybookRun, leaf: StepView) -> Item:
        who = leaf.who or run.run.cast.get(team_roles.ANYBODY, "")
        return Item(
            kind="playbook",
            id=run.id,
            title=f"{leaf.label}, once the wait is over · {run.name}",
            about=self.shown(run.customer),
            due=leaf.not_before,
            state="waiting",
            mine=who in self.mine,
            who=who,
            role=leaf.owner,
            step=leaf.key,
        )

    # Next steps with customers and prospects, by whoever writes to them (GTM-1).

    def from_opportunities(self) -> Iterator[Item]:
        return self.sieve.each(self.customers.values(), self._next_steps)

    def _next_steps(self, customer: Customer) -> Iterator[Item]:
        writer = outreach.writer_of(customer, self.policy.handbook.gtm)
        role = writer.role if writer else ""
        for deal in customer.opportunities if customer.active else ():
            if deal.state == "open" and deal.next_step and deal.next_step_due:
                yield self._next_step(customer, deal, role)

    def _next_step(self, customer: Customer, deal: Opportunity, role: str) -> Item:
        who = customer.owners.get(role, "") or self.only_one.get(role, "")
        due = self._end_of(deal.next_step_due or self.now.date())
        return Item(
            kind="next step",
            id=customer.id,
            title=f"{deal.next_step} ({deal.name})",
            about=customer.shown,
            due=due,
            state=state_at(due, self.now) if due - self.now <= timedelta(days=1) else "next",
            mine=who in self.mine if who else role in self.my_roles,
            who=who,
            role=role,
            step=deal.name,
        )

    # The rota (SUP-15)

    def from_rota(self) -> Iterator[Item]:
        oncall = self.agenda.oncall
        for shift in oncall.shifts(self.now, self.now + AHEAD):
            if shift.person is None:
                continue
            begun = shift.start <= self.now
            reminder = oncall.reminder_at(shift)
            state: State = "open" if begun else "next"
            yield Item(
                kind="on call",
                id="on call",
                title=self._on_call_words(begun, reminder),
                due=shift.end if begun else shift.start,
                state=state,
                mine=shift.person in self.mine,
                who=shift.person,
                step=shift.start.date().isoformat(),
            )

    def _on_call_words(self, begun: bool, reminder: datetime) -> str:
        if not begun:
            return "The web chat's on-call week begins"
        if reminder <= self.now < reminder + timedelta(days=1):
            return "The web chat is yours this week: answers go in the thread"
        return "On call for the web chat"


def _last_moment(step: StepView) -> datetime | None:
    """Until when it is wanted, or until when it is possible."""
    times = [at for at in (step.due, step.expires) if at is not None]
    return min(times, default=None)
