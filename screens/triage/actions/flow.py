"""What the keys of Triage do to a ticket, or to all that are marked. Each is one verb of the workspace, and one undo.

What it opens is imported when it is first opened: the queue is to be seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from screens.commands.dispatch import Commanded
from screens.terminal.text import clean, one_line

if TYPE_CHECKING:
    from textual.screen import Screen

    from screens.dialogs.composer import Job
    from screens.dialogs.form import FormField, SeenRevision, Values
    from screens.triage.choices import Choices
    from screens.widgets.row import Row

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
TAKE_AGAIN = 8.0
"""Seconds in which a second press takes over what somebody else has."""
TYPED = "typed "
"""How the key of a row begins that stands for what was typed."""


class TicketActs(Commanded):
    """Mixed into the screen, which says what is meant by these two."""

    def targets(self) -> list[str]:
        """The marked ones, else the one under the cursor."""
        raise NotImplementedError

    def here(self) -> Ticket:
        """The one under the cursor."""
        raise NotImplementedError

    _refused_to_take: tuple[str, ...] = ()

    @property
    def choices(self) -> Choices:
        from screens.triage.choices import Choices

        return Choices(self.workspace)

    def tickets_meant(self) -> list[Ticket]:
        return [self.workspace.tickets.find(id_) for id_ in self.targets()]

    # Doing it

    def act(self, verb: Callable[[], Any], said: Callable[[Any], str] | str, doing: str) -> None:
        def done(made: Any) -> None:
            self.acted()
            self.fleettui.say(f"{said if isinstance(said, str) else said(made)} u takes it back.")

        self.fleettui.write(verb, done, doing=doing)

    def acted(self) -> None:
        """For the screen: what was marked has been done."""

    def choose(
        self,
        hint: str,
        rows: Callable[[], Sequence[Row]],
        chosen: Callable[[str], None],
        typed: Callable[[str], Row | None] = lambda text: None,
    ) -> None:
        from screens.triage.choices import Choice

        def take(key: str | None) -> None:
            if key is not None:
                chosen(key)

        self.open_over(Choice(hint, rows, typed), take)

    def open_over(self, screen: Screen[Any], then: Callable[[Any], None] | None = None) -> None:
        self.fleettui.push_screen(screen, then)

    # The flow

    def do_take(self) -> None:
        ids = self.targets()
        over = self._refused_to_take == tuple(ids)
        tickets = self.workspace.tickets

        def refused(error: Exception) -> None:
            theirs = [
                one for one in map(tickets.find, ids) if one.assignee not in ("", self.workspace.me.login)
            ]
            if not isinstance(error, Refused) or not theirs:
                self.fleettui.report(error, "take")
                return
            self._refused_to_take = tuple(ids)
            self.fleettui.set_timer(TAKE_AGAIN, self._forget_refusal)
            whose = self.workspace.people.get(theirs[0].assignee).shown
            self.fleettui.say(f"{theirs[0].id} is with {whose}. t again takes it over.", "warning")

        def taken(done: list[Ticket]) -> None:
            self.acted()
            self.fleettui.say(f"{ids_words(done)}: yours. u takes it back.")

        self._refused_to_take = ()
        self.fleettui.write(lambda: tickets.take(ids, over=over), taken, refused)

    def _forget_refusal(self) -> None:
        self._refused_to_take = ()

    def do_assign(self) -> None:
        ids, tickets = self.targets(), self.workspace.tickets

        def assign(login: str) -> None:
            whom = "nobody's" if login == "nobody" else f"with {self.workspace.people.get(login).shown}"
            self.act(lambda: tickets.assign(ids, login), lambda done: f"{ids_words(done)}: {whom}.", "assign")

        self.choose(f"who takes {ids_words(ids)}?", self.choices.people, assign)

    def do_priority(self) -> None:
        ids, tickets, ticket = self.targets(), self.workspace.tickets, self.tickets_meant()[0]

        def put(key: str) -> None:
            field, _, value = key.partition("=")
            self.act(
                lambda: tickets.set(ids, {field: value}),
                lambda done: f"{ids_words(done)}: {value}.",
                "priority",
            )

        self.choose(f"what is {ids_words(ids)}?", lambda: self.choices.priorities(ticket), put)

    def do_label(self) -> None:
        meant, tickets = self.tickets_meant(), self.workspace.tickets
        ids = [one.id for one in meant]

        def toggle(key: str) -> None:
            label = key.removeprefix(TYPED)
            if all(label in one.labels for one in meant):
                self.act(lambda: tickets.label(ids, drop=[label]), f"Label off: {label}.", "labels")
            else:
                self.act(lambda: tickets.label(ids, add=[label]), f"Label on: {label}.", "labels")

        self.choose("which label?", lambda: self.choices.labels(meant), toggle, self.choices.label_typed)

    def do_wait(self) -> None:
        ids, tickets = self.targets(), self.workspace.tickets
        self.act(
            lambda: tickets.wait(ids), lambda done: f"{ids_words(done)}: waiting for the customer.", "wait"
        )

    def do_snooze(self) -> None:
        ids, tickets = self.targets(), self.workspace.tickets

        def put_away(key: str) -> None:
            until = self.choices.moment_typed(key)
            if until is not None:
                self.act(
                    lambda: tickets.snooze(ids, until), lambda done: f"{ids_words(done)}: put away.", "snooze"
                )

        self.choose(
            "until when? 2h, 3d, 2026-03-12 09:00", self.choices.snoozes, put_away, self.choices.snooze_typed
        )

    def do_reopen(self) -> None:
        ids, tickets = self.targets(), self.workspace.tickets
        self.act(lambda: tickets.reopen(ids), lambda done: f"{ids_words(done)}: open again.", "reopen")

    def do_merge(self) -> None:
        meant, tickets = self.tickets_meant(), self.workspace.tickets
        if len(meant) > 1:
            raise Refused("One at a time: take the marks away, and merge the one under the cursor.")
        gone = meant[0]

        def merge(into: str) -> None:
            self.act(lambda: tickets.merge(gone.id, into), f"{gone.id} goes on in {into}.", "merge")

        self.choose(f"where does {gone.id} go on?", lambda: self.choices.merges(meant), merge)

    def do_resolve(self) -> None:
        meant = self.tickets_meant()
        unsummed = [one for one in meant if one.by_dm and not one.channel_summary]
        if unsummed and len(meant) > 1:
            raise Refused(
                f"{unsummed[0].id} came by direct message: resolve it by itself, with its summary (SUP-8)."
            )
        if unsummed:
            self._write_summary(unsummed[0])
        else:
            self._resolve([one.id for one in meant])

    def _write_summary(self, ticket: Ticket) -> None:
        """SUP-8: it is posted to the channel first."""

        def keep(text: str, since: int, wait: bool) -> str:
            self.workspace.tickets.set(ticket.id, {"channel_summary": text})
            return text

        self._write_text(
            ticket,
            f"Summary of {ticket.id} for the channel",
            "summary",
            keep,
            lambda text: self._summed(ticket.id),
            start=self.workspace.handbook.tickets.dm_summary,
        )

    def _summed(self, id_: str) -> None:
        self.fleettui.say(
            "The summary is recorded, and on your clipboard: paste it into the channel.", seconds=10
        )
        self._resolve([id_])

    def _resolve(self, ids: Sequence[str]) -> None:
        """SUP-9: could the solution help others?"""
        tickets = self.workspace.tickets

        def resolve(key: str) -> None:
            answer = None if key == "later" else key.removeprefix(TYPED)
            self.act(
                lambda: tickets.resolve(ids, documentation=answer),
                lambda done: f"{ids_words(done)}: resolved.",
                "resolve",
            )

        self.choose(
            "does it belong into the documentation? or what should be written?",
            self.choices.documentation,
            resolve,
            self.choices.documentation_typed,
        )

    # Writing

    def do_reply(self) -> None:
        self._reply(self.here())

    def do_ask(self) -> None:
        ticket = self.here()
        self.workspace.support.details_question(ticket)  # refuses where all is known
        self._reply(ticket, self.workspace.handbook.tickets.details_request)

    def _reply(self, ticket: Ticket, start: str = "") -> None:
        survivor = self.workspace.tickets.survivor(ticket)
        if survivor.id != ticket.id:
            self.fleettui.say(f"{ticket.id} was merged into {survivor.id}: this answer goes there.")
        self._open_composer(survivor, self._answer(survivor, start))

    def _answer(self, ticket: Ticket, start: str) -> Job:
        from screens.dialogs.composer import Job
        from screens.triage.page import conversation

        shown = self.workspace.queue.of(ticket).shown
        where = f" in {ticket.channel}" if ticket.channel else ""
        return Job(
            title=f"Answer {ticket.id} · {shown}{where} · {ticket.subject}",
            kind="answer",
            ticket_id=ticket.id,
            send=lambda text, since, wait: self.workspace.tickets.reply(
                ticket.id, text, since=since, wait=wait
            ),
            sent=self._answered,
            said=lambda one: conversation(self.workspace, one),
            start=start,
            ready=tuple(one.name for one in self.workspace.support.canned()),
            waits=True,
            goes_on=lambda survivor: self._answer(survivor, start),
        )

    def _answered(self, ticket: Ticket) -> None:
        waits = "; waiting for them now" if ticket.status == "waiting" else ""
        self.fleettui.say(
            f"Recorded: {ticket.id} is answered{waits}. The text is on your clipboard. u takes the record back."
        )

    def do_note(self) -> None:
        ticket = self.here()
        self._write_text(
            ticket,
            f"Note on {ticket.id}: no customer sees it",
            "note",
            lambda text, since, wait: self.workspace.tickets.note(ticket.id, text),
            lambda made: self.fleettui.say(f"{ticket.id}: noted. u takes it back."),
            copies=False,
        )

    def _post(self, ticket: Ticket, name: str, channel: str) -> None:
        """A text for colleagues: copied, and noted on the ticket."""

        def keep(text: str, since: int, wait: bool) -> Any:
            return self.workspace.tickets.note(ticket.id, f"Posted in {channel}:\n{text}")

        message = self.workspace.handbook.writer.message(name)
        self._write_text(
            ticket,
            f"Post in {channel}: {message.title} · {ticket.id}",
            f"post {name}",
            keep,
            lambda made: self.fleettui.say(
                f"On your clipboard: paste it in {channel}. It is noted on {ticket.id}."
            ),
            start=name,
            public=message.public,
        )

    def _write_text(
        self,
        ticket: Ticket,
        title: str,
        kind: str,
        send: Callable[[str, int, bool], Any],
        sent: Callable[[Any], None],
        *,
        start: str = "",
        public: bool = False,
        copies: bool = True,
        keeps: Callable[[Any], bool] = lambda result: False,
    ) -> None:
        from screens.dialogs.composer import Job
        from screens.triage.page import conversation

        job = Job(
            title=title,
            kind=kind,
            ticket_id=ticket.id,
            send=send,
            sent=sent,
            said=lambda one: conversation(self.workspace, one),
            start=start,
            public=public,
            copies=copies,
            keeps=keeps,
        )
        self._open_composer(ticket, job)

    def _open_composer(self, ticket: Ticket, job: Job) -> None:
        from screens.dialogs.composer import Composer

        self.fleettui.present("triage", ticket.id, typing=True)
        self.fleettui.write_quietly(lambda: self.workspace.queue.look(ticket))
        self.open_over(Composer(job), lambda _: self._no_longer_typing())

    def _no_longer_typing(self) -> None:
        """What is open below says so itself when it is in front again."""
        self.fleettui.present("triage")

    # Forms

    def do_details(self) -> None:
        from screens.dialogs.form import FormField, SeenRevision

        ticket = self.here()
        seen = SeenRevision(ticket)
        fields = [
            FormField(
                known.detail.key,
                f"{'*' if known.detail.required else ' '}{known.detail.label}",
                clean(known.answer),
                " or ".join(known.detail.choices) or known.detail.question,
                long=not known.detail.choices,
            )
            for known in self.workspace.support.details(ticket)
        ]
        self._form(
            f"What is known of {ticket.id} (* is required)", fields, f"details {ticket.id}", ticket, seen
        )

    def do_edit(self) -> None:
        from screens.dialogs.form import FormField, SeenRevision

        ticket = self.here()
        fields = [
            FormField(name, label, as_typed(ticket, name), hint) for name, (label, hint) in FIELDS.items()
        ]
        self._form(f"Change {ticket.id}", fields, f"edit {ticket.id}", ticket, SeenRevision(ticket))

    def _form(
        self, name: str, fields: Sequence[FormField], about: str, ticket: Ticket, seen: SeenRevision
    ) -> None:
        from screens.dialogs.form import Form

        def save(typed: Values) -> Any:
            return self.workspace.tickets.set(ticket.id, typed, seen=seen.rev)

        def stale() -> None:
            seen.renew(self.workspace.tickets.find(ticket.id))

        self.fleettui.present("triage", ticket.id, typing=True)
        self.open_over(
            Form(name, fields, about=about, save=save, saved=lambda _: self._saved(ticket.id), stale=stale),
            lambda _: self._no_longer_typing(),
        )

    def _saved(self, id_: str) -> None:
        self.fleettui.say(f"{id_} is saved. u takes it back.")

    def reveal(self, id_: str, step: str = "") -> None:
        """For the screen: put the cursor on it, whatever view it takes."""

    def text_of(self, ticket: Ticket) -> str:
        from screens.triage.page import conversation
        from screens.widgets.page import plain

        return plain(conversation(self.workspace, ticket))


def as_typed(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else one_line(str(value))


def ids_words(tickets: Sequence[Ticket] | Sequence[str]) -> str:
    ids = [one if isinstance(one, str) else one.id for one in tickets]
    return ", ".join(ids) if len(ids) <= 3 else f"{len(ids)} tickets"
