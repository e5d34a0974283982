"""Typing about a ticket: an answer, a note, a post for colleagues, and the forms of its fields.

While somebody types, the other sessions see on which ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fleettui.domain.delivery.wording import seconds_left
from screens.commands.effective import key_of
from screens.terminal.text import clean, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.tickets.sending import Leaving
    from fleettui.workspace.workspace import Workspace
    from screens.dialogs.composition import Job
    from screens.dialogs.form import FormField, Values
    from screens.dialogs.several_answers import SeveralAnswers
    from screens.triage.actions.tools import TicketTools
    from screens.widgets.page import Para

FIELDS = {
    "subject": ("Subject", ""),
    "customer": ("Customer", "a name of the customer list, or any other"),
    "contact": ("Contact", "who writes for them"),
    "channel": ("Channel", "#fleet-at-them, or an address"),
    "link": ("Link", "to the thread"),
    "key_date": ("Key date", "2026-03-09"),
    "by_dm": ("Came by DM", "yes or no"),
    "late_why": ("Why late", "in your own words, for the week's report"),
}

AT_ONCE = " at once; it cannot be taken back"


class TicketWriting:
    """Opens the composer and forms; other actions write texts with it, too."""

    def __init__(self, tools: TicketTools) -> None:
        self.tools = tools

    # To the customer

    def do_reply(self) -> None:
        ids = self.tools.selection.targets()
        if len(ids) > 1:
            self._reply_to_several(ids)
        else:
            self.reply(self.tools.selection.here() if not ids else self.tools.tickets(ids)[0])

    def do_ask(self) -> None:
        ids, workspace = self.tools.selection.targets(), self.tools.workspace
        tickets = self.tools.tickets(ids) or [self.tools.selection.here()]
        for ticket in tickets:
            workspace.support.details_question(ticket)  # refuses where all is known
        request = workspace.handbook.tickets.details_request
        if len(tickets) > 1:
            self._reply_to_several(ids, request)
        else:
            self.reply(tickets[0], request)

    def reply(self, ticket: Ticket, start: str = "") -> None:
        """`start` names the ready text to begin with."""
        survivor = self.tools.workspace.tickets.survivor(ticket)
        if survivor.id != ticket.id:
            self.tools.host.say(f"{ticket.id} was merged into {survivor.id}: this answer goes there.")
        self._unless_asked([survivor], lambda: self.compose(survivor, self._answer(survivor, start)))

    def tell_fixed(self, id_: str) -> None:
        """SUP-11: the issue is closed, and the text for the customer is ready."""
        from fleettui.workspace.tickets.issues import FIXED_MESSAGE

        try:
            self.reply(self.tools.workspace.tickets.find(id_), FIXED_MESSAGE)
        except Exception as error:
            self.tools.host.report(error, "answer")

    def _unless_asked(self, tickets: Sequence[Ticket], write: Callable[[], object]) -> None:
        """Who is not to be contacted is answered only where somebody says so (GTM-3): also they may be asking something."""
        from screens.dialogs.do_not_contact import unless_asked

        def refuse() -> None:
            for ticket in tickets:
                self.tools.workspace.customers.refuse_contact(ticket.customer_id)

        unless_asked(self.tools.host, refuse, "Write the answer", write)

    def _reply_to_several(self, ids: Sequence[str], start: str = "") -> None:
        """One text, each with their own words; one change, and one undo."""
        from screens.dialogs.composition import Job
        from screens.dialogs.several_answers import SeveralAnswers
        from screens.triage.several import about

        workspace = self.tools.workspace
        # In the order of their numbers, so that the draft has the same name however they are marked.
        tickets = sorted(self.tools.tickets(ids), key=lambda ticket: ticket.id)
        several = SeveralAnswers(workspace, [ticket.id for ticket in tickets])
        if start:
            several.written(start)  # refuses what is not the same for all
        job = Job(
            title=f"Answer {about(workspace, tickets)}",
            kind="answer several",
            ticket_id=tickets[0].id,
            send=lambda text, since, wait: several.send(text, wait),
            leaves=lambda: self._leaving_words(list(several.seen)),
            sent=lambda texts: self._answered_several(several, texts),
            start=start,
            ready=tuple(message.name for message in workspace.support.canned()),
            copies=False,
            waits=True,
            several=several,
        )
        self._unless_asked(tickets, lambda: self.compose(tickets[0], job))

    def _leaving_words(self, ids: Sequence[str]) -> str:
        """Where the answers go that leave by themselves; empty where none does."""
        from fleettui.workspace.tickets.sending import leaving as answer_leaving

        workspace = self.tools.workspace
        known = [workspace.tickets.get(id_) for id_ in ids]
        connections, me, team = workspace.handbook.connections, workspace.me.shown, workspace.name
        leaving = [
            answer_leaving(ticket, connections, me, team, workspace.names.channel(ticket))
            for ticket in known
            if ticket is not None
        ]
        there = [row for row in leaving if row is not None]
        if len(ids) == 1 or not there:
            return leaving_words(there[0]) if there else ""
        to_copy = f", {len(ids) - len(there)} are to be copied" if len(there) < len(ids) else ""
        return (
            f"{key_of('composer.send')} sends {len(there)} of {len(ids)} as {there[0].sender} in {there[0].seconds} s"
            f"{to_copy}; {key_of('app.undo')} takes all back. {key_of('composer.record')} only records them."
        )

    def _answered_several(self, several: SeveralAnswers, texts: dict[str, str]) -> None:
        """Each text is pasted in another place: all of them, with where."""
        from screens.dialogs.copied import copy_on_page
        from screens.widgets.page import plain

        self.tools.selection.after_change()
        left = left_words(several.leave, self.tools.workspace.now())
        texts = {id_: text for id_, text in texts.items() if id_ not in {row.id for row in several.leave}}
        if left:
            self.tools.host.say(left, seconds=8)
        if not texts:
            return
        paras = several.paras(texts)
        answered = "1 ticket is" if len(texts) == 1 else f"{len(texts)} tickets are"
        about = [
            f"Recorded: {answered} answered. {key_of('app.undo')} takes the record back.",
            "Paste each where it goes.",
        ]
        copy_on_page(self.tools.host, plain(paras), about, paras)

    def _answer(self, ticket: Ticket, start: str) -> Job:
        from screens.dialogs.composition import Job

        workspace = self.tools.workspace
        shown = workspace.queue.of(ticket).shown
        channel = workspace.names.channel(ticket)
        where = f" {'to' if '@' in channel else 'in'} {channel}" if channel else ""
        return Job(
            title=f"Answer {ticket.id} · {shown}{where} · {ticket.subject}",
            kind="answer",
            ticket_id=ticket.id,
            send=lambda text, since, wait: workspace.tickets.reply(ticket.id, text, since=since, wait=wait),
            record=lambda text, since, wait: workspace.tickets.reply(
                ticket.id, text, since=since, wait=wait, copy=True
            ),
            leaves=lambda: self._leaving_words([ticket.id]),
            left=lambda answered: left_words([answered], workspace.now()),
            done=_answered,
            goes_to=workspace.names.goes_to(ticket),
            start=start,
            ready=tuple(message.name for message in workspace.support.canned()),
            waits=True,
            goes_on=lambda survivor: self._answer(survivor, start),
        )

    # To colleagues

    def do_note(self) -> None:
        from screens.dialogs.composition import Job
        from screens.triage.actions.tools import ids_words
        from screens.triage.several import about

        workspace = self.tools.workspace
        ids = self.tools.selection.targets() or [self.tools.selection.here().id]
        ticket, names = workspace.tickets.find(ids[0]), ids_words(ids)
        which = names if len(ids) == 1 else about(workspace, self.tools.tickets(ids))

        def noted(_: object) -> None:
            self.tools.selection.after_change()
            self.tools.host.say(f"{names}: noted. {key_of('app.undo')} takes it back.")

        job = Job(
            title=f"Note on {which}: no customer sees it",
            kind="note",
            ticket_id=ticket.id,
            send=lambda text, since, wait: workspace.tickets.note(ids, text),
            sent=noted,
            copies=False,
            does="save",
        )
        self.compose(ticket, job)

    def post(self, ticket: Ticket, name: str, channel: str) -> None:
        """A ready text for a channel: copied, and noted on the ticket."""
        from screens.dialogs.composition import Job

        workspace = self.tools.workspace
        message = workspace.handbook.renderer.message(name)
        job = Job(
            title=f"Post in {channel}: {message.title} · {ticket.id}",
            kind=f"post {name}",
            ticket_id=ticket.id,
            send=lambda text, since, wait: workspace.tickets.note(ticket.id, f"Posted in {channel}:\n{text}"),
            done=lambda noted: f"Noted on {ticket.id}. {key_of('app.undo')} takes the note back.",
            goes_to=channel,
            start=name,
            does="copy, note",
            public=message.public,
        )
        self.compose(ticket, job)

    def summarize(self, ticket: Ticket, then: Callable[[], None]) -> None:
        """A ticket that came by direct message gets a summary in the channel before it is resolved (SUP-8)."""
        from screens.dialogs.composition import Job

        workspace = self.tools.workspace

        job = Job(
            title=f"Summary of {ticket.id} for the channel",
            kind="summary",
            ticket_id=ticket.id,
            send=lambda text, since, wait: workspace.tickets.set(ticket.id, {"channel_summary": text}),
            sent=lambda _: then(),
            done=lambda _: "The summary is recorded.",
            goes_to="the customer's channel",
            start=workspace.handbook.tickets.dm_summary,
        )
        self.compose(ticket, job)

    def _conversation(self, ticket: Ticket) -> Sequence[Para]:
        """What stands beside the text."""
        from screens.triage.page import conversation

        return conversation(self.tools.workspace, ticket)

    def compose(self, ticket: Ticket, job: Job) -> None:
        from screens.dialogs.composer import Composer

        workspace, host = self.tools.workspace, self.tools.host
        host.announce("triage", ticket.id, typing=True)
        host.write_quietly(lambda: workspace.queue.look(ticket))
        self.tools.host.push_screen(Composer(job, self._conversation), self._no_longer_typing)

    def _no_longer_typing(self, _: object) -> None:
        """An open ticket below presents itself when it is in front again."""
        self.tools.host.announce("triage")

    # Its fields

    def do_details(self) -> None:
        from screens.dialogs.form import FormField, choices_of

        ticket = self.tools.selection.here()
        fields = [
            FormField(
                known.detail.key,
                f"{'*' if known.detail.required else ' '}{known.detail.label}",
                clean(known.answer),
                " or ".join(known.detail.choices) or known.detail.question,
                long=not known.detail.choices,
                choices=choices_of(known.detail.choices),
            )
            for known in self.tools.workspace.support.details(ticket)
        ]
        self._open_form(
            ticket, f"What is known of {ticket.id} (* is required)", fields, f"details {ticket.id}"
        )

    def do_edit(self) -> None:
        from screens.dialogs.form import as_typed

        ticket = self.tools.selection.here()
        values = {name: one_line(text) for name, text in as_typed(ticket, FIELDS).items()}
        fields = ticket_fields(self.tools.workspace, values)
        self._open_form(ticket, f"Change {ticket.id}", fields, f"edit {ticket.id}")

    def _open_form(self, ticket: Ticket, title: str, fields: Sequence[FormField], about: str) -> None:
        from screens.dialogs.form import Form, SeenRevision

        tickets, seen = self.tools.workspace.tickets, SeenRevision(ticket)

        def save(typed: Values) -> Any:
            return tickets.set(ticket.id, typed, seen=seen.rev)

        form = Form(
            title,
            fields,
            about=about,
            save=save,
            saved=lambda _: self.tools.say_saved(ticket.id),
            stale=lambda: seen.renew(tickets.get(ticket.id)),
        )
        self.tools.host.announce("triage", ticket.id, typing=True)
        self.tools.host.push_screen(form, self._no_longer_typing)


def ticket_fields(workspace: Workspace, values: Values) -> list[FormField]:
    """As a form shows them."""
    from screens.dialogs.entries import helped
    from screens.dialogs.field_choices import known_customers, read_customer, read_day
    from screens.dialogs.form import YES_NO, fields_of

    return helped(
        fields_of(FIELDS, values, {"by_dm": YES_NO}),
        {"customer": known_customers(workspace)},
        {"customer": read_customer(workspace), "key_date": read_day(workspace)},
    )


def left_words(answered: Sequence[Ticket], now: datetime) -> str:
    """Of those whose answer leaves by itself: "T-1042 leaves in 20 s; u takes it back."; empty where none does."""
    leaving = [
        (ticket, ticket.messages[-1].delivery)
        for ticket in answered
        if ticket.messages and ticket.messages[-1].delivery is not None
    ]
    if not leaving:
        return ""
    left = max(seconds_left(delivery, now) for _, delivery in leaving if delivery)
    names = ", ".join(ticket.id for ticket, _ in leaving[:3]) + (" …" if len(leaving) > 3 else "")
    leaves = "leaves" if len(leaving) == 1 else "leave"
    return (
        f"{names} {leaves} in {left} s; {key_of('app.undo')} takes it back."
        if left
        else f"{names} {leaves} now."
    )


def _answered(ticket: Ticket) -> str:
    waits = "; waiting for them now" if ticket.status == "waiting" else ""
    return f"Recorded: {ticket.id} is answered{waits}. {key_of('app.undo')} takes the record back."


def leaving_words(leaving: Leaving) -> str:
    """ "Ctrl+S sends to jo@acme.example as Kathy (Fleet) in 20 s; u takes it back."."""
    send, undo, record = map(key_of, ("composer.send", "app.undo", "composer.record"))
    back = f" in {leaving.seconds} s; {undo} takes it back" if leaving.seconds else AT_ONCE
    return f"{send} sends to {leaving.to} as {leaving.sender}{back}. {record} only records it."
