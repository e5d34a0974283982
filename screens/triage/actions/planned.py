"""What is planned for tickets: shown before it is done, and afterwards what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.commands.effective import with_keys
from screens.dialogs.several import refusal_lines
from screens.terminal.text import one_line
from screens.triage.actions.writing import left_words
from screens.widgets.page import BLANK, Para, heading, plain, step

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.macros import Plan
    from fleettui.workspace.together import Outcome
    from fleettui.workspace.workspace import Workspace
    from screens.triage.actions.tools import TicketTools


def sheet(workspace: Workspace, plan: Plan) -> Sequence[Para]:
    """What would be done to one ticket, as the walk shows it."""
    shown = workspace.queue.of(plan.ticket).shown
    about = Para(one_line(f"{plan.ticket.id} · {shown} · {plan.ticket.subject}"), "strong")
    text = [heading(one_line(f"Answers, into {plan.goes_to}")), Para(plan.text), BLANK] if plan.text else []
    acts = [heading("Then"), *(step("·", one_line(act)) for act in plan.acts)] if plan.acts else []
    return [about, BLANK, *text, *acts]


def tell(tools: TicketTools, planned: Sequence[Plan], outcome: Outcome[str, Ticket], what: str) -> None:
    """What was done, what leaves by itself, why not everywhere; the texts that do not leave, to be copied."""
    tools.selection.after_change()
    left = left_words(list(outcome.done.values()), tools.workspace.now())
    lines = [f"{what}. {left or with_keys('[app.undo] takes it back.')}"]
    lines += refusal_lines(outcome.refused, {id_: id_ for id_ in outcome.refused})
    tools.host.say("\n".join(lines), "warning" if outcome.refused else "information", 8)
    _copy_texts(tools, planned, outcome)


def _copy_texts(tools: TicketTools, planned: Sequence[Plan], outcome: Outcome[str, Ticket]) -> None:
    """What does not leave by itself is pasted: with where."""
    from screens.dialogs.copied import copy_on_page

    answered = [plan for plan in planned if plan.ticket.id in outcome.done and plan.text]
    to_copy = [plan for plan in answered if not _leaves(outcome.done[plan.ticket.id])]
    if not to_copy:
        return
    paras = [
        para
        for plan in to_copy
        for para in (heading(one_line(f"{plan.ticket.id}, into {plan.goes_to}")), Para(plan.text), BLANK)
    ]
    about = [
        with_keys("Recorded and done. [app.undo] takes all of it back."),
        "Paste each where it goes.",
    ]
    copy_on_page(tools.host, plain(paras), about, paras)


def _leaves(ticket: Ticket) -> bool:
    return any(
        message.delivery is not None and message.delivery.is_untried for message in ticket.messages[-2:]
    )
