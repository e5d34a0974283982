"""What helps to answer a ticket: texts, missing details, whom to call, issues, checklists.

Nothing here sends anything: texts are returned to be copied, and what was done is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Run, StepView
from fleettui.domain.customers import codenames, public_text
from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.public_text import PublicText
from fleettui.domain.messages import MessageTemplate
from fleettui.domain.tickets import details as ticket_details
from fleettui.domain.tickets import escalation, issues, lifecycle, placeholders, sla
from fleettui.domain.tickets import fields as ticket_fields
from fleettui.domain.tickets.escalation import HelpCall
from fleettui.domain.tickets.issues import IssueDraft, IssueSearch
from fleettui.domain.tickets.linked_issues import issue_id
from fleettui.domain.tickets.messages import NewMessage, noted
from fleettui.domain.tickets.model import OpenChecklist, Ticket
from fleettui.domain.tickets.policy import ACTUAL_DETAIL, EXPECTED_DETAIL, TicketPolicy
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.text.mentions import defused
from fleettui.workspace.channels import not_listed, refuse_nearly_known
from fleettui.workspace.collections import ISSUES
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.customers.policy import Help
    from fleettui.policy.handbook import Handbook
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.tickets.actions import Tickets
    from fleettui.workspace.tickets.queue import Queue

Given = Mapping[str, object]
NOTHING: Given = MappingProxyType({})
Mark = Callable[[OpenChecklist], Run]


class Support:
    """What helps a person to answer a ticket."""

    def __init__(
        self,
        session: Session,
        tickets: Tickets,
        queue: Queue,
        customers: Customers,
        people: People,
        oncall: OnCall,
    ) -> None:
        self._session, self._tickets, self._queue = session, tickets, queue
        self._customers, self._people, self._oncall = customers, people, oncall

    # -- texts

    def canned(self) -> list[MessageTemplate]:
        """The answers that the composer offers (SUP-14)."""
        return [message for message in self._handbook.messages.messages if message.canned]

    def variables(self, name: str, ticket: Ticket | None = None, given: Given = NOTHING) -> dict[str, object]:
        """The values for a message's variables: what is known, and what is given."""
        message = self._handbook.renderer.message(name)
        customer = self.customer_of(ticket)
        known = placeholders.placeholder_values(ticket, self.around(customer))
        variables = placeholders.variables(message, known, customer, given)
        return self._from_details(message, ticket) | variables if ticket else variables

    def missing(self, name: str, ticket: Ticket | None = None, given: Given = NOTHING) -> list[str]:
        """The names of what has still to be given."""
        writer = self._handbook.renderer
        return [variable.name for variable in writer.missing(name, self.variables(name, ticket, given))]

    def render(self, name: str, ticket: Ticket | None = None, given: Given = NOTHING) -> str:
        """A text with the ticket's facts. Refused if a value is missing, or if a public text names an anonymous customer."""
        return self.rendered(name, ticket, given).text

    def rendered(self, name: str, ticket: Ticket | None = None, given: Given = NOTHING) -> PublicText:
        """As `render`, with what was left out of a public text."""
        writer = self._handbook.renderer
        written = PublicText(writer.render(name, self.variables(name, ticket, given)))
        if writer.message(name).public:
            written = self.public_text(written.text, ticket)
            self.guard(written.text, ticket)
        return written

    def public_text(self, written: str, ticket: Ticket | None) -> PublicText:
        """The text without addresses, of any customer (SUP-11)."""
        customer = self.customer_of(ticket)
        domains = codenames.domains_of(customer) if customer else []
        return public_text.without_addresses(written, domains)

    def guard(self, written: str, ticket: Ticket | None) -> None:
        """SUP-13: refuses a text that reveals an anonymous customer."""
        theirs = self.customer_of(ticket)
        wrote = {message.by for message in ticket.messages if message.direction == "in"} if ticket else set()
        for customer in [theirs] if theirs else self._customers.all():
            if customer.anonymous:
                names = {*wrote, ticket.customer} if ticket else set()
                codenames.refuse_leaks(written, customer, sorted(names))

    def customer_of(self, ticket: Ticket | None) -> Customer | None:
        """The customer of the list whose ticket it is, if there is one."""
        return self._customers.get(ticket.customer_id) if ticket and ticket.customer_id else None

    def refuse_nearly_known(self, name: str) -> None:
        """Refuses a customer's name that looks like one of the list (`NearlyKnown`): asked before a ticket is typed in."""
        refuse_nearly_known(self._customers.all(), name, "customer")

    def not_listed_warning(self, ticket: Ticket) -> str:
        """For the ticket of a customer who is not on the list; else empty."""
        if ticket.customer_id or ticket.is_for_department:
            return ""
        owed = self._queue.debt(ticket)
        unpromised = ", nothing promised" if owed is not None and owed.due is None else ""
        return not_listed(self._customers.all(), ticket.customer, f"tier {ticket.tier}{unpromised}")

    # -- SUP-10: details

    def details(self, ticket: Ticket) -> list[ticket_details.KnownDetail]:
        """What is known of the details that a ticket needs (SUP-10)."""
        return ticket_details.rows(ticket, self._handbook.details)

    def details_question(self, ticket: Ticket) -> str:
        """The message that asks for what is missing."""
        handbook = self._handbook
        if not ticket_details.missing(ticket, handbook.details, required=True):
            raise Refused(f"{ticket.id}: everything that is required is known")
        return self.render(handbook.tickets.details_request, ticket)

    def _from_details(self, message: MessageTemplate, ticket: Ticket) -> dict[str, object]:
        """Values from the ticket's details, issue and debt, for the variables of these names."""
        handbook = self._handbook
        missing = ticket_details.missing
        owed = self._queue.debt(ticket)
        known: dict[str, Any] = {
            "questions": [detail.question for detail in missing(ticket, handbook.details, required=True)],
            "nice": [detail.question for detail in missing(ticket, handbook.details, required=False)],
            "details": [defused(row) for row in ticket_details.answered(ticket, handbook.details)],
            "expected": defused(ticket.details.get(EXPECTED_DETAIL, "")),
            "actual": defused(ticket.details.get(ACTUAL_DETAIL, "")),
            "due": self._due_in_words(owed),
            "private": "yes" if ticket.issue_private else "",
            "declined": self._declined(ticket),
        }
        if message.public:  # what the text says already is not said again (SUP-11)
            details = ticket_details.answered(ticket, handbook.details, (EXPECTED_DETAIL, ACTUAL_DETAIL))
            known["details"] = [defused(public_text.without_quotes(line)) for line in details]
            known |= {name: public_text.without_quotes(known[name]) for name in ("expected", "actual")}
        if message.audience == "colleague" and not message.public:
            # A first version for whoever writes the post; never in a text for the public.
            summary = defused(escalation.summary_of(ticket))
            known |= {"summary": summary, "question": summary, "link": ticket.issue or ticket.link}
        wanted = {variable.name for variable in message.variables if not variable.known_from}
        return {name: value for name, value in known.items() if name in wanted and value}

    def _declined(self, ticket: Ticket) -> str:
        """Whether its issue was closed without being done."""
        issue = self._session.store.get(ISSUES, issue_id(ticket.issue)) if ticket.issue else None
        return "yes" if issue is not None and issue.is_closed and issue.outcome != "done" else ""

    def _due_in_words(self, owed: sla.Debt | None) -> str:
        if owed is None or owed.due is None:
            return ""
        return f"{owed.due.astimezone(self._session.policy.zone):%a %d %b %H:%M %Z}"

    def around(self, customer: Customer | None) -> placeholders.TicketContext:
        handbook = self._handbook
        booking = next((link.url for link in handbook.channels.booking if link.url), "")
        return placeholders.TicketContext(
            customer=customer,
            me=self._people.me,
            hours=handbook.hours,
            zone=handbook.zone,
            booking=booking,
            on_call=self._on_call(),
        )

    def _on_call(self) -> str:
        person = self._oncall.person()
        return self._people.get(person).shown if person else ""

    # -- SUP-6, SUP-7: levels, and whom to call

    def escalate(self, id_: str, to: str = "", given: Given = NOTHING) -> tuple[Ticket, list[HelpCall]]:
        """Escalate by one level, or to the named one. Returns whom to call there, with the texts to post."""
        levels = self._handbook.levels
        now, me = self._session.now(), self._session.login

        def edit(ticket: Ticket) -> Ticket:
            lifecycle.refuse_resolved(ticket)
            moved = escalation.escalated(ticket, levels, to)
            called = [f"{help_.mention} {help_.channel}".strip() for help_ in self.help_for(moved)]
            name = escalation.level_of(moved, levels).name
            text = f"Escalated to {name}" + (f"; call {', '.join(called)}" if called else "")
            return noted(moved, NewMessage(at=now, by=me, direction="note", body=text, automatic=True))

        (ticket,) = self._tickets.edit(id_, edit, "tickets.escalate")
        return ticket, self.calls(ticket, given)

    def help_for(self, ticket: Ticket) -> list[Help]:
        """Whom its level calls (SUP-7); before them the department's channel, where a request to the department is brought that
        is urgent (SUP-20)."""
        handbook = self._handbook
        urgent = [handbook.department.urgent] if ticket.is_for_department else []
        return [*urgent, *escalation.help_for(ticket, handbook.levels, handbook.channels)]

    def calls(self, ticket: Ticket, given: Given = NOTHING) -> list[HelpCall]:
        """Whom the ticket's level calls, where, and the text to post there."""
        calls = []
        for help_ in self.help_for(ticket):
            with_mention = {"mention": help_.mention, **given} if help_.mention else given
            missing = self.missing(help_.message, ticket, with_mention)
            written = "" if missing else self.render(help_.message, ticket, with_mention)
            calls.append(HelpCall(help_, written, tuple(missing)))
        return calls

    # -- SUP-11: issues

    def issue_tries(self, ticket: Ticket) -> list[IssueSearch]:
        """Suggested searches for the issue, in other words, each with its link."""
        return issues.suggested_searches(ticket, self._policy.issue)

    def searched(self, id_: str, words: str) -> Ticket:
        """Record a search for the issue."""
        return self._edit(id_, lambda ticket: issues.with_search(ticket, words), "tickets.searched")

    def issue_draft(
        self,
        ticket: Ticket,
        given: Given = NOTHING,
        *,
        title: str = "",
        body: str = "",
        private: bool = False,
    ) -> IssueDraft:
        """A new issue with its link, once enough was searched for. Public, it must not say who an anonymous customer is.

        Without `body` it is rendered from the template, with what is `given`.
        """
        still = issues.missing_searches(ticket, self._policy.issue)
        if still:
            raise Refused(
                f"{ticket.id}: search with other words first, {still} more {'time' if still == 1 else 'times'} (SUP-11)"
            )
        customer = self.customer_of(ticket)
        codename = customer.codename if customer and customer.anonymous else ""
        if customer and customer.anonymous and not codename:
            raise Refused(
                f"{customer.name} wishes to stay anonymous and has no codename yet (SUP-13)", field="codename"
            )
        handbook = self._handbook
        template = self._policy.issue.body
        title = title or ticket.subject
        if not body:
            rendered = handbook.renderer.render(template, self.variables(template, ticket, given))
            body = issues.without_title(rendered, title)
        heading, text = PublicText(title), PublicText(body)
        if not private:
            heading, text = self.public_text(heading.text, ticket), self.public_text(text.text, ticket)
            self.guard(f"{heading.text}\n{text.text}", ticket)
        made = issues.draft(heading.text, text.text, codename, handbook.labels, self._policy.issue)
        return made._replace(left_out=tuple(dict.fromkeys((*heading.left_out, *text.left_out))))

    def link_issue(self, id_: str, url: str, *, private: bool = False) -> Ticket:
        """Set the ticket's issue, an existing or a new one; this opens the checklist for issues."""
        now, policy = self._session.now(), self._policy
        return self._edit(
            id_,
            lambda ticket: ticket_fields.with_issue(ticket, url, policy, now, private=private),
            "tickets.issue",
        )

    def issue_link_text(self, ticket: Ticket) -> str:
        """The message to the customer with the link of the issue."""
        if not ticket.issue:
            raise Refused(f"{ticket.id} has no issue yet", field="issue")
        return self.render(self._policy.issue.customer_message, ticket, {"link": ticket.issue})

    def key_date_post(self, ticket: Ticket, why: str = "") -> tuple[str, str]:
        """The channel and the text of the post about the ticket's key date."""
        if ticket.key_date is None:
            raise Refused(f"{ticket.id} has no key date; set it first", field="key_date")
        given = {"why": why} if why else {}
        post = self.render(self._policy.issue.key_date_message, ticket, given)
        # Many read it, beside the link of a public issue: it must not connect codename and name.
        self.guard(post, ticket)
        return self._policy.issue.key_date_channel, post

    # -- checklists

    def open_checklist(self, id_: str, key: str) -> Ticket:
        """Add a checklist of the handbook to the ticket."""
        wanted, now = self._policy.checklist(key), self._session.now()
        if wanted is None:
            known = ", ".join(listed.key for listed in self._policy.checklists)
            raise Refused(f"there is no list {cleaning.line(key, 40)!r}; there are {known}", field="list")
        return self._edit(
            id_, lambda ticket: ticket_fields.with_checklist(ticket, wanted, now), "tickets.open_list"
        )

    def checklist_of(self, ticket: Ticket, key: str) -> OpenChecklist:
        """A checklist of the ticket, with the answers and proofs that the ticket itself gives."""
        _refuse_no_checklist(ticket, key)
        best = sla.tiers(self._handbook.sla)[-1]
        return ticket_fields.checklist_as_shown(ticket, key, best, self._policy)

    def steps(self, ticket: Ticket, key: str) -> tuple[StepView, ...]:
        open_checklist = self.checklist_of(ticket, key)
        return checklist.view(open_checklist.checklist, open_checklist.run, self._moment)

    def tick(self, id_: str, key: str, step: str, *, evidence: str = "") -> Ticket:
        me = self._session.login
        return self._mark(
            id_,
            key,
            lambda open_checklist: checklist.tick(
                open_checklist.checklist, open_checklist.run, step, me, self._moment, evidence=evidence
            ),
            "tickets.tick",
        )

    def untick(self, id_: str, key: str, step: str) -> Ticket:
        def untick(ticket: Ticket) -> Run:
            _refuse_no_checklist(ticket, key)
            kept, shown = ticket.lists[key], self.checklist_of(ticket, key)
            if step in shown.run.marks and step not in kept.run.marks:
                raise Refused(f"{step}: {ticket.id} itself shows that it is done; nobody ticked it")
            return checklist.untick(kept.checklist, kept.run, step)

        return self._keep(id_, key, untick, "tickets.untick")

    def skip(self, id_: str, key: str, step: str, why: str) -> Ticket:
        me = self._session.login
        return self._mark(
            id_,
            key,
            lambda open_checklist: checklist.skip(
                open_checklist.checklist, open_checklist.run, step, me, self._moment, why=why
            ),
            "tickets.skip",
        )

    def answer(self, id_: str, key: str, fact: str, value: bool | int | float | str | None) -> Ticket:
        def answer(ticket: Ticket) -> Run:
            _refuse_no_checklist(ticket, key)
            kept = ticket.lists[key]
            return checklist.answer(kept.checklist, kept.run, fact, value)

        return self._keep(id_, key, answer, "tickets.answer")

    # -- inside

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    @property
    def _policy(self) -> TicketPolicy:
        return self._handbook.tickets

    @property
    def _moment(self) -> checklist.Moment:
        return self._handbook.moment(self._session.now())

    def _mark(self, id_: str, key: str, mark: Mark, verb: str) -> Ticket:
        """Marks are checked against the list with the ticket's own answers, but only the mark is kept."""

        def marked(ticket: Ticket) -> Run:
            shown = self.checklist_of(ticket, key)
            return ticket_fields.run_to_keep(ticket.lists[key].run, shown.run, mark(shown))

        return self._keep(id_, key, marked, verb)

    def _keep(self, id_: str, key: str, run_of: Callable[[Ticket], Run], verb: str) -> Ticket:
        def edit(ticket: Ticket) -> Ticket:
            run = run_of(ticket)
            return replace(ticket, lists={**ticket.lists, key: replace(ticket.lists[key], run=run)})

        return self._edit(id_, edit, verb)

    def _edit(self, id_: str, edit: Callable[[Ticket], Ticket], verb: str) -> Ticket:
        return self._tickets.edit(id_, edit, verb)[0]


def _refuse_no_checklist(ticket: Ticket, key: str) -> None:
    if key not in ticket.lists:
        raise Refused(f"{ticket.id} has no list {cleaning.line(key, 40)!r}", field="list")
