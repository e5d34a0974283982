"""Writing down what did not arrive by itself: a new request, and what a customer wrote or said to an old one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleettui.domain.tickets.model import DEPARTMENT
from screens.commands.effective import key_of
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from screens.dialogs.form import Values
    from screens.triage.actions.tools import TicketTools

WHEN = ("When", "now when left empty; 9:40, yesterday 16:00, 20 min ago")
NEW_FIELDS = {
    "customer": ("Customer", "a name of the customer list, or any other"),
    "subject": ("Subject", "what it is about"),
    "body": ("Message", "what they wrote, if there is more"),
    "priority": ("Priority", "left empty: not triaged yet, it counts as P3"),
    "tier": ("Tier", "the customer's when left empty"),
    "by": ("Who wrote", "the customer's name when left empty"),
    "at": WHEN,
    "channel": ("Channel", "where it goes on"),
    "link": ("Link", "to the thread"),
    "department": ("Department", "yes: another team or a partner asks; its name above (SUP-20)"),
    "by_dm": ("Came by DM", "yes or no; it will want a summary in the channel (SUP-8)"),
}


class TicketArrivals:
    def __init__(self, tools: TicketTools) -> None:
        self.tools = tools

    def do_create(self) -> None:
        from fleettui.domain.tickets import sla
        from screens.dialogs.entries import helped
        from screens.dialogs.field_choices import known_customers, read_customer, read_moment
        from screens.dialogs.form import YES_NO, Form, FormField, choices_of

        handbook = self.tools.workspace.handbook
        choices = {
            "priority": tuple((row.key, row.name) for row in handbook.sla.priorities),
            "tier": choices_of(sla.tiers(handbook.sla)),
            "department": YES_NO,
            "by_dm": YES_NO,
        }
        meanings = {"priority": "\n".join(sla.meanings(self.tools.workspace.handbook.sla))}  # SLA-10
        fields = [
            FormField(
                name,
                label,
                hint=example,
                long=name == "body",
                about=meanings.get(name, ""),
                choices=choices.get(name, ()),
            )
            for name, (label, example) in NEW_FIELDS.items()
        ]
        workspace = self.tools.workspace
        fields = helped(
            fields,
            {"customer": known_customers(workspace)},
            {
                "customer": read_customer(workspace),
                "at": read_moment(workspace, is_past=True),
            },
        )
        insisted: set[str] = set()
        """Names that look like one of the list, and were kept when that was asked."""

        def save(typed: Values) -> Ticket:
            from fleettui.text.reading import yes_or_no

            customer = typed.get("customer", "")
            if customer not in insisted:
                insisted.add(customer)
                self.tools.workspace.support.refuse_nearly_known(customer)
            given: dict[str, Any] = dict(typed)
            given["by_dm"] = yes_or_no("by_dm", typed.get("by_dm") or "no")
            if yes_or_no("department", given.pop("department", "") or "no"):
                given["tier"] = DEPARTMENT
            return self.tools.workspace.tickets.new(
                given.pop("customer", ""), given.pop("subject", ""), **given
            )

        def saved(ticket: Ticket) -> None:
            self.tools.selection.reveal(ticket.id)
            self.tools.host.say(f"{ticket.id} is in the queue. {key_of('app.undo')} takes it back.")

        self.tools.host.push_screen(
            Form("Write down a request", fields, about="ticket new", save=save, saved=saved)
        )

    def write_down(self) -> None:
        """What the customer said in opening hours, by telephone, in a direct message."""
        from screens.dialogs.field_choices import read_moment
        from screens.dialogs.form import Form, FormField

        ticket = self.tools.selection.here()
        fields = [
            FormField("body", "Message", hint="what they wrote or said", long=True),
            FormField("by", "Who wrote", one_line(ticket.contact or ticket.customer)),
            FormField("at", WHEN[0], hint=WHEN[1], reads=read_moment(self.tools.workspace, is_past=True)),
        ]

        def save(typed: Values) -> Ticket:
            return self.tools.workspace.tickets.received(
                ticket.id, typed.get("body", ""), by=typed.get("by", ""), at=self._moment(typed)
            )

        form = Form(
            f"What the customer wrote to {ticket.id}",
            fields,
            about=f"received {ticket.id}",
            save=save,
            saved=self._received,
        )
        self.tools.host.push_screen(form)

    def do_count(self) -> None:
        """A mail of ours that is only a note becomes the answer that it is."""
        ticket, tickets = self.tools.selection.here(), self.tools.workspace.tickets

        def words(done: tuple[Ticket, str]) -> str:
            after, what = done
            return f"{after.id}: {what}."

        self.tools.act(lambda: tickets.count(ticket.id), words, "counting it")

    def _received(self, ticket: Ticket) -> None:
        queue = self.tools.workspace.queue
        debt = queue.debt_text(ticket, queue.debt(ticket))
        self.tools.host.say(f"{ticket.id}: {debt.words}. {key_of('app.undo')} takes it back.")

    def _moment(self, typed: Values) -> datetime | None:
        from fleettui.time.typed import moment

        at, workspace = typed.get("at", "").strip(), self.tools.workspace
        return moment(at, "at", workspace.now(), workspace.zone, past=True) if at else None
