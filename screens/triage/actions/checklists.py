"""The checklists of a ticket: opening one, answering its questions, ticking its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.triage.row_keys import ChecklistRowKey, NewChecklist, TicketFactKey, TicketStepKey

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.tickets.model import Ticket
    from screens.triage.actions.tools import TicketTools


class TicketChecklists:
    def __init__(self, tools: TicketTools) -> None:
        self.tools = tools

    def do_steps(self) -> None:
        ticket, choices = self.tools.selection.here(), self.tools.choices
        self.tools.choose(
            [ticket.id], "Which step?", lambda: choices.steps(ticket), lambda key: self._step(ticket, key)
        )

    def _step(self, ticket: Ticket, key: ChecklistRowKey) -> None:
        support = self.tools.workspace.support
        match key:
            case NewChecklist():
                self.tools.act(
                    lambda: support.open_checklist(ticket.id, key.key), "The checklist is open.", "checklist"
                )
            case TicketFactKey():
                self._answer(ticket, key)
            case TicketStepKey():
                self._tick(ticket, key)

    def _answer(self, ticket: Ticket, key: TicketFactKey) -> None:
        """Yes where it is unknown or no, else no."""
        support = self.tools.workspace.support
        answer = support.checklist_of(ticket, key.list).run.answers.get(key.fact)
        self.tools.act(
            lambda: support.answer(ticket.id, key.list, key.fact, not answer),
            f"Answered: {'no' if answer else 'yes'}.",
            "checklist",
        )

    def _tick(self, ticket: Ticket, key: TicketStepKey) -> None:
        from fleettui.domain.checklists.rules import leaves

        support = self.tools.workspace.support
        step = next(view for view in leaves(support.steps(ticket, key.list)) if view.key == key.step)
        if step.state == "done":
            self.tools.act(
                lambda: support.untick(ticket.id, key.list, key.step), "Not done after all.", "checklist"
            )
        elif step.step.evidence is not None and step.step.evidence.required:
            self._tick_with_proof(ticket, key, step)
        else:
            self.tools.act(
                lambda: support.tick(ticket.id, key.list, key.step), f"✓ {step.label}.", "checklist"
            )

    def _tick_with_proof(self, ticket: Ticket, key: TicketStepKey, step: StepView) -> None:
        from screens.dialogs.form import Form, FormField

        support, evidence = self.tools.workspace.support, step.step.evidence
        form = Form(
            step.label,
            [FormField("evidence", "Proof", hint=evidence.what if evidence else "")],
            about=f"step {ticket.id} {key.list} {key.step}",
            save=lambda typed: support.tick(ticket.id, key.list, key.step, evidence=typed["evidence"]),
            saved=lambda _: self.tools.say_saved(ticket.id),
        )
        self.tools.host.push_screen(form)
