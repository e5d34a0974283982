"""Writing down what came another way than by itself: a new request, and what a customer wrote or said to an old one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleettui.domain.tickets.model import Ticket
from screens.terminal.text import one_line
from screens.triage.actions.flow import TicketActs

if TYPE_CHECKING:
    from screens.dialogs.form import Values

WHEN = ("When", "now when left empty; 9:40, yesterday 16:00, 20 min ago")
NEW_FIELDS = {
    "customer": ("Customer", "a name of the customer list, or any other"),
    "subject": ("Subject", "what it is about"),
    "body": ("Message", "what they wrote, if there is more"),
    "priority": ("Priority", "P3 when left empty"),
    "tier": ("Tier", "the customer's when left empty"),
    "by": ("Who wrote", "the customer's name when left empty"),
    "at": WHEN,
    "channel": ("Channel", "where it goes on"),
    "link": ("Link", "to the thread"),
    "by_dm": ("Came by DM", "yes or no; it will want a summary in the channel (SUP-8)"),
}


class TicketArrivals(TicketActs):
    def do_create(self) -> None:
        from screens.dialogs.form import Form, FormField

        fields = [
            FormField(name, label, hint=hint, long=name == "body")
            for name, (label, hint) in NEW_FIELDS.items()
        ]

        def save(typed: Values) -> Ticket:
            from fleettui.text.reading import yes_or_no

            more: dict[str, Any] = {**typed, "at": self._moment(typed)}
            more["by_dm"] = yes_or_no("by_dm", typed.get("by_dm") or "no")
            return self.workspace.tickets.new(more.pop("customer", ""), more.pop("subject", ""), **more)

        def saved(made: Ticket) -> None:
            self.reveal(made.id)
            self.fleettui.say(f"{made.id} is in the queue. u takes it back.")

        self.open_over(Form("Write down a request", fields, about="ticket new", save=save, saved=saved))

    def do_received(self) -> None:
        """Where nothing arrives by itself: in opening hours, by telephone, in a direct message."""
        from screens.dialogs.form import Form, FormField

        ticket = self.here()
        fields = [
            FormField("body", "Message", hint="what they wrote or said", long=True),
            FormField("by", "Who wrote", one_line(ticket.contact or ticket.customer)),
            FormField("at", WHEN[0], hint=WHEN[1]),
        ]

        def save(typed: Values) -> Ticket:
            return self.workspace.tickets.received(
                ticket.id, typed.get("body", ""), by=typed.get("by", ""), at=self._moment(typed)
            )

        def saved(made: Ticket) -> None:
            owed = self.workspace.queue.debt(made)
            told = self.workspace.queue.debt_text(made, owed).words
            self.fleettui.say(f"{made.id}: {told}. u takes it back.")

        self.open_over(
            Form(
                f"What the customer wrote to {ticket.id}",
                fields,
                about=f"received {ticket.id}",
                save=save,
                saved=saved,
            )
        )

    def _moment(self, typed: Values) -> datetime | None:
        from fleettui.time.typed import a_past_time

        said = typed.get("at", "").strip()
        return a_past_time(said, "at", self.workspace.now(), self.workspace.zone) if said else None
