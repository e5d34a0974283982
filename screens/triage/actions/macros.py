"""Macros: chosen, looked at for each ticket, and carried out as one change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from screens.commands.effective import with_keys
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.triage.actions.planned import sheet, tell
from screens.triage.actions.tools import ids_words
from screens.triage.actions.writing import left_words
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.tickets.macros import Macro
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.macros import Plan
    from screens.dialogs.walk import Answer
    from screens.triage.actions.writing import TicketWriting


class MacroPicker(Picker[str]):
    """Found by any words of its name; its letter alone puts it on top."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("letter", width=2),
        Column("name", width=28, grow=2),
        Column("does", width=20, grow=3, hide=1),
    )
    HINT = "Which macro? Its letter, or words of its name"

    def __init__(self, macros: Sequence[Macro], about: str) -> None:
        super().__init__(about)
        self._macros = macros

    def choices(self) -> Sequence[Row[str]]:
        return [
            Row(
                macro.key,
                (
                    (macro.letter, "key"),
                    one_line(macro.name),
                    (one_line(macro.answer or macro.text), "muted"),
                ),
            )
            for macro in self._macros
        ]

    def matching(self, query: str, rows: Sequence[Row[str]]) -> Sequence[Row[str]]:
        letters = {macro.key: macro.letter for macro in self._macros}
        matches = self.find(query, rows)
        first = [row for row in rows if letters[row.key] and letters[row.key] == query.strip()]
        return [*first, *(row for row in matches if row not in first)]


class TicketMacros:
    def __init__(self, writing: TicketWriting) -> None:
        self._writing, self._tools = writing, writing.tools

    def do_macro(self) -> None:
        """The handbook's, and below them what there is for an outage."""
        from screens.triage.actions.outage import Outage
        from screens.triage.several import about

        ids, workspace, host = self._tools.selection.targets(), self._tools.workspace, self._tools.host
        known = {macro.key: macro for macro in workspace.handbook.macros.macros}
        outage = Outage(self._tools, ids)
        of_outage = {row.key: row for row in outage.choices()}

        def chosen(key: str | None) -> None:
            if key is not None:
                try:
                    outage.begin(key) if key in of_outage else self._unless_asked(known[key], ids)
                except Exception as error:
                    host.report(error, {**known, **of_outage}[key].name)

        rows = [*known.values(), *of_outage.values()]
        host.push_screen(MacroPicker(rows, about(workspace, self._tools.tickets(ids))), chosen)

    def _unless_asked(self, macro: Macro, ids: Sequence[str]) -> None:
        """GTM-3."""
        from fleettui.workspace import macros
        from screens.dialogs.do_not_contact import unless_asked

        refuse = partial(macros.refuse_contact, self._tools.workspace, macro, ids)
        unless_asked(self._tools.host, refuse, "Write the answer", partial(self._show, macro, ids))

    def _show(self, macro: Macro, ids: Sequence[str]) -> None:
        """What it would do to each; where its text still wants something, the composer."""
        from fleettui.workspace import macros
        from screens.dialogs.texts import written
        from screens.dialogs.walk import Walk

        workspace = self._tools.workspace
        if len(ids) == 1 and macro.answer:
            text = written(workspace, macro.answer, workspace.tickets.find(ids[0]))
            if text.gaps:
                (plan,) = macros.plans(workspace, macro, ids, texts={ids[0]: text.text})
                self._edit(macro, plan)
                return
        planned = macros.plans(workspace, macro, ids)

        def answered(answer: Answer | None) -> None:
            if answer == "edit":
                self._edit(macro, planned[0])
            elif answer == "take":
                self._carry_out(macro, planned)

        why_no_edit = "" if macro.answers else "It has no text for the customer."
        if len(planned) > 1 and macro.answers:
            why_no_edit = with_keys("The text of several is written with [triage.reply].")
        sheets = [list(sheet(workspace, plan)) for plan in planned]
        self._tools.host.push_screen(Walk(one_line(macro.name), sheets, why_no_edit), answered)

    def _carry_out(self, macro: Macro, planned: Sequence[Plan]) -> None:
        from fleettui.workspace import macros

        tools = self._tools
        tools.host.write(
            lambda: macros.carry_out(tools.workspace, macro, planned),
            lambda outcome: tell(
                tools, planned, outcome, f"{ids_words(list(outcome.done))}: {one_line(macro.name)}"
            ),
            doing="the macro",
            keys_wait=True,
        )

    def _edit(self, macro: Macro, plan: Plan) -> None:
        """The composer, with its checks; sending does the acts, too."""
        from msgspec.structs import replace

        from fleettui.workspace import macros
        from screens.dialogs.composition import Job

        workspace, ticket = self._tools.workspace, plan.ticket

        def send(text: str, since: int, wait: bool) -> Ticket:
            then = replace(macro, wait=True, snooze="", resolve=False) if wait else macro
            outcome = macros.carry_out(workspace, then, [replace(plan, text=text, since=since)], whole=True)
            return outcome.done[ticket.id]

        job = Job(
            title=f"{macro.name} · {ticket.id} · {ticket.subject}",
            kind=f"macro {macro.key}",
            ticket_id=ticket.id,
            send=send,
            left=lambda done: left_words([done], workspace.now()),
            done=lambda done: with_keys(f"{ticket.id}: done. [app.undo] takes all of it back."),
            goes_to=plan.goes_to,
            ready=tuple(message.name for message in workspace.support.canned()),
            waits=True,
        )
        draft = json.dumps({"text": plan.text, "since": plan.since, "typed": False})
        if not workspace.drafts.get(job.draft_name(ticket.id)):
            workspace.drafts.keep(job.draft_name(ticket.id), draft)
        self._writing.compose(ticket, job)
