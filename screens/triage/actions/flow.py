"""From new to resolved: assignee, priority, labels, waiting, merging, escalation. Each action is one change, and one undo.

Dialogs are imported when they are first opened, so that the queue is shown without waiting for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.tickets.escalation import level_of
from fleettui.domain.tickets.merging import AcrossCustomers
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from screens.commands.effective import key_of
from screens.terminal.text import one_line
from screens.triage.actions.tools import ids_words
from screens.triage.row_keys import FieldValue, HelpKey, LevelKey, Typed
from screens.triage.several import common
from screens.widgets.row import Today

if TYPE_CHECKING:
    from screens.triage.actions.tools import TicketTools
    from screens.triage.actions.writing import TicketWriting

TAKE_AGAIN = 8.0
"""Seconds in which a second press takes over what somebody else has."""


class TicketFlow:
    """Each key acts on all targets at once; explain and escalate act on one ticket."""

    def __init__(self, tools: TicketTools, writing: TicketWriting) -> None:
        self.tools, self.writing = tools, writing
        self._refused_to_take: tuple[str, ...] = ()

    def _change(
        self,
        action: Callable[[], Sequence[Ticket]],
        outcome: str,
        doing: str,
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change the targets; the message names them and the outcome."""

        def message(changed: Sequence[Ticket]) -> str:
            return f"{ids_words([ticket.id for ticket in changed])}: {outcome}."

        self.tools.act(action, message, doing, refused)

    # Assignee

    def do_take(self) -> None:
        """What somebody else has is refused at first; a second press soon after takes it over."""
        ids = self.tools.selection.targets()
        over = self._refused_to_take == tuple(ids)
        take = self.tools.workspace.tickets.take
        self._refused_to_take = ()
        self._change(lambda: take(ids, over=over), "yours", "take", lambda error: self._not_taken(ids, error))

    def _not_taken(self, ids: Sequence[str], error: Exception) -> None:
        workspace, host = self.tools.workspace, self.tools.host
        theirs = [
            ticket for ticket in self.tools.tickets(ids) if ticket.assignee not in ("", workspace.me.login)
        ]
        if not isinstance(error, Refused) or not theirs:
            host.report(error, "take")
            return
        self._refused_to_take = tuple(ids)
        host.set_timer(TAKE_AGAIN, self._forget_refusal)
        whose = workspace.people.get(theirs[0].assignee).shown
        host.say(f"{theirs[0].id} is with {whose}. {key_of('triage.take')} again takes it over.", "warning")

    def _forget_refusal(self) -> None:
        self._refused_to_take = ()

    def do_assign(self) -> None:
        ids, workspace = self.tools.selection.targets(), self.tools.workspace
        today = common(ticket.assignee or "nobody" for ticket in self.tools.tickets(ids))

        def assign(login: str) -> None:
            whom = "nobody's" if login == "nobody" else f"with {workspace.people.get(login).shown}"
            if login == today:
                self.tools.say_unchanged(ids, whom)
            else:
                self._change(lambda: workspace.tickets.assign(ids, login), whom, "assign")

        self.tools.choose(
            ids, f"Who takes {ids_words(ids)}?", self.tools.choices.people, assign, today=Today(today)
        )

    # Priority and labels

    def do_priority(self) -> None:
        from screens.triage.priorities import PriorityChoice

        ids, tickets = self.tools.selection.targets(), self.tools.workspace.tickets
        chosen_for = self.tools.tickets(ids)
        choice = PriorityChoice(self.tools.workspace, chosen_for)
        # What nobody has chosen is not today's value (SUP-19): Enter alone must not choose it.
        priority = common("" if ticket.untriaged else ticket.priority for ticket in chosen_for)

        def put(key: FieldValue) -> None:
            if all(key.is_of(ticket) for ticket in chosen_for):
                self.tools.say_unchanged(ids, key.value)
            else:
                self._change(lambda: tickets.set(ids, {key.field: key.value}), key.value, "priority")

        self.tools.choose(
            ids,
            f"Priority or tier of {ids_words(ids)}?",
            choice.rows,
            put,
            today=Today(FieldValue("priority", priority) if priority else None),
            below=choice.meanings,
        )

    def do_label(self) -> None:
        ids, choices = self.tools.selection.targets(), self.tools.choices
        tickets = self.tools.workspace.tickets
        chosen_for = self.tools.tickets(ids)

        def toggle(key: str | Typed) -> None:
            label = key.text if isinstance(key, Typed) else key
            if all(label in ticket.labels for ticket in chosen_for):
                self.tools.act(lambda: tickets.label(ids, drop=[label]), f"Label off: {label}.", "labels")
            else:
                self.tools.act(lambda: tickets.label(ids, add=[label]), f"Label on: {label}.", "labels")

        self.tools.choose(
            ids,
            "Which label?",
            lambda: choices.labels(chosen_for),
            toggle,
            choices.label_typed,
            Today[str | Typed](None),  # Enter alone would take the first label off
        )

    # Waiting and merging

    def do_wait(self) -> None:
        ids, tickets = self.tools.selection.targets(), self.tools.workspace.tickets
        queue = self.tools.workspace.queue

        def message(changed: Sequence[Ticket]) -> str:
            names = ids_words([ticket.id for ticket in changed])
            owed = [ticket.id for ticket in changed if queue.debt(ticket)]
            if not owed:
                return f"{names}: waiting for the customer."
            of = "" if len(owed) == len(changed) else f" by {ids_words(owed)}"
            return f"{names}: waiting for the customer. An answer is still owed{of}: {key_of('triage.reply')} gives it."

        self.tools.act(lambda: tickets.wait(ids), message, "wait")

    def do_snooze(self) -> None:
        ids, choices = self.tools.selection.targets(), self.tools.choices
        tickets = self.tools.workspace.tickets

        def put_away(until: datetime) -> None:
            self._change(lambda: tickets.snooze(ids, until), "put away", "snooze")

        self.tools.choose(
            ids, "until when? 2h, 3d, 2026-03-12 09:00", choices.snoozes, put_away, choices.snooze_typed
        )

    def do_reopen(self) -> None:
        ids, tickets = self.tools.selection.targets(), self.tools.workspace.tickets
        self._change(lambda: tickets.reopen(ids), "open again", "reopen")

    def do_merge(self) -> None:
        ids, choices = self.tools.selection.targets(), self.tools.choices
        chosen_for = self.tools.tickets(ids)
        self.tools.choose(
            ids,
            f"Where {'does' if len(ids) == 1 else 'do'} {ids_words(ids)} go on?",
            lambda: choices.merges(chosen_for),
            lambda into: self._merge(ids, into),
        )

    def _merge(self, ids: Sequence[str], into: str, across: bool = False) -> None:
        tickets = self.tools.workspace.tickets

        def message(result: tuple[list[Ticket], Ticket]) -> str:
            merged, survivor = result
            verb = "goes" if len(merged) == 1 else "go"
            return f"{ids_words([ticket.id for ticket in merged])} {verb} on in {survivor.id}."

        def refused(error: Exception) -> None:
            if isinstance(error, AcrossCustomers):
                self._ask_across(ids, into, error)
            else:
                self.tools.host.report(error, "merge")

        self.tools.act(lambda: tickets.merge(ids, into, across=across), message, "merge", refused)

    def _ask_across(self, ids: Sequence[str], into: str, error: AcrossCustomers) -> None:
        """Whose words would stand in whose ticket; Enter alone leaves them apart."""
        from screens.triage.choices import ChoicePicker, across_rows

        theirs = ", ".join(dict.fromkeys(error.others.values()))

        def take(answer: str | None) -> None:
            if answer == "yes":
                self._merge(ids, into, across=True)
            else:
                self.tools.host.say("They stay apart: nothing is merged.")

        picker = ChoicePicker(
            "Merge across customers?",
            lambda: across_rows(theirs, error.customer),
            about=f"{error.stays} belongs to {error.customer}; {', '.join(error.others)} to {theirs}",
        )
        self.tools.host.push_screen(picker, take)

    # Due time and escalation

    def do_explain(self) -> None:
        from screens.dialogs.text_dialog import TextDialog
        from screens.triage.explanation import explanation

        self.tools.host.push_screen(
            TextDialog(explanation(self.tools.workspace, self.tools.selection.here()))
        )

    def do_escalate(self) -> None:
        ticket, choices = self.tools.selection.here(), self.tools.choices
        level = level_of(ticket, self.tools.workspace.handbook.levels)
        here = LevelKey(level.key)

        def go(key: HelpKey | LevelKey) -> None:
            if key == here:
                self.tools.say_unchanged([ticket.id], f"at {level.name}")
            elif isinstance(key, HelpKey):
                helpers = self.tools.workspace.support.help_for(ticket)
                called = next(helper for helper in helpers if helper.key == key.key)
                self.writing.post(ticket, called.message, called.channel)
            else:
                self._escalate(ticket, key.key)

        rows = choices.help(ticket)
        calls = any(isinstance(row.key, HelpKey) for row in rows)
        self.tools.choose(
            [ticket.id],
            "Who helps?",
            lambda: rows,
            go,
            today=None if calls else Today[HelpKey | LevelKey](here),
            below=self._whom_to_reach(ticket),
        )

    def _whom_to_reach(self, ticket: Ticket) -> str:
        workspace = self.tools.workspace
        lines = workspace.directory.for_help(
            ticket, workspace.support.customer_of(ticket), workspace.names.channel(ticket)
        )
        return "\n".join(one_line(f"{line.label}: {line.words}") for line in lines)

    def _escalate(self, ticket: Ticket, level: str) -> None:
        workspace = self.tools.workspace

        def message(result: tuple[Ticket, object]) -> str:
            name = level_of(result[0], workspace.handbook.levels).name
            return f"{ticket.id} is at {name}; {key_of('triage.escalate')} shows whom to call."

        self.tools.act(lambda: workspace.support.escalate(ticket.id, level), message, "escalate")

    # Resolving

    def do_resolve(self) -> None:
        ids = self.tools.selection.targets()
        without_summary = [
            ticket for ticket in self.tools.tickets(ids) if ticket.by_dm and not ticket.channel_summary
        ]
        if without_summary and len(ids) > 1:
            raise Refused(
                f"{without_summary[0].id} came by direct message: resolve it by itself, with its summary (SUP-8)."
            )
        if without_summary:
            self.writing.summarize(without_summary[0], lambda: self._resolve_unanswered(ids))
        else:
            self._resolve_unanswered(ids)

    def _resolve_unanswered(self, ids: Sequence[str]) -> None:
        """SLA-15: a customer who has no answer yet is only left without one on purpose."""
        queue = self.tools.workspace.queue
        owing = [ticket for ticket in self.tools.tickets(ids) if queue.debt(ticket) is not None]
        if not owing:
            self._resolve(ids)
            return

        def go(key: str) -> None:
            if key == "resolve":
                self._resolve(ids, unanswered=True)
            else:
                self.writing.reply(owing[0])

        names = ids_words([ticket.id for ticket in owing])
        self.tools.choose(ids, f"{names}: no answer yet", lambda: self.tools.choices.unanswered(owing[0]), go)

    def _resolve(self, ids: Sequence[str], unanswered: bool = False) -> None:
        """SUP-9: could the solution help others?"""
        tickets, choices = self.tools.workspace.tickets, self.tools.choices

        def resolve(key: str | Typed) -> None:
            answer = key.text if isinstance(key, Typed) else None if key == "later" else key
            outcome = "resolved without an answer" if unanswered else "resolved"
            self._change(
                lambda: tickets.resolve(ids, documentation=answer, unanswered=unanswered), outcome, "resolve"
            )

        self.tools.choose(
            ids,
            "Does it belong in the documentation? Or type what should be written",
            choices.documentation,
            resolve,
            choices.documentation_typed,
        )
