"""Going from week to week, answering the look back, and saying what of the documentation is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from screens.commands.effective import key_of
from screens.dialogs.copied import copy
from screens.dialogs.form import FormField, Values
from screens.dialogs.picker import Picker
from screens.shell import links
from screens.team.retro import retro_form
from screens.team.row_keys import WeekRow
from screens.team.week import documentation_words
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from screens.team.actions.tools import TeamTools
    from screens.team.week import WeekView

WEEK = timedelta(days=7)


class WeekActions:
    """Going about in weeks, and writing down what came of them."""

    def __init__(self, tools: TeamTools, week: WeekView, fill: Callable[[], None]) -> None:
        """`fill` shows the screen anew."""
        self.tools, self.week, self._fill = tools, week, fill

    def why_not(self, command_id: str) -> str | None:
        if command_id == "team.ticket" and self.tools.selection.key is not WeekRow.DOCUMENTATION:
            return "Put the cursor on Documentation: this opens a ticket that asks something of it."
        if command_id == "team.later" and self.week.is_this_week:
            return "This is the week of now."
        if command_id == "team.now" and self.week.is_this_week:
            return "This is the week of now already."
        return None

    def do_earlier(self) -> None:
        self._go_to(self.week.day - WEEK)

    def do_later(self) -> None:
        self._go_to(self.week.day + WEEK)

    def do_now(self) -> None:
        self._go_to(None)

    def _go_to(self, day: date | None) -> None:
        self.week.go_to(day)
        self._fill()

    # The look back

    def answer_questions(self, key: str) -> None:
        """`key` is the question to begin with."""
        host = self.tools.host
        kept = f"The look back is kept. {key_of('app.undo')} takes it back."
        host.push_screen(retro_form(host.workspace, self.week.day, key, lambda _: host.say(kept)))

    def copy_look_back(self) -> None:
        """As a text to post."""
        host, day = self.tools.host, self.week.day
        text = partial(host.workspace.reports.retro_text, day)
        host.write(text, partial(copy, host), doing="writing the text", keys_wait=True)

    # The documentation

    def write_documentation(self) -> None:
        figures, host = self.week.figures(), self.tools.host
        if figures is None:
            host.say("One moment: it is being looked up.")
        elif not figures.work.to_write:
            host.say("Nothing is waiting to be written.")
        else:
            host.push_screen(TicketPicker(figures.work.to_write, "Which one is written?"), self._written)

    def _written(self, id_: str | None) -> None:
        if id_ is None:
            return

        def save(typed: Values) -> object:
            return self.tools.workspace.reports.documented(id_, typed.get("done", ""))

        self.tools.ask(
            f"{id_} is in the documentation",
            [FormField("done", "Where", "", "the link to the update, or what was done")],
            f"team documented {id_}",
            save,
            lambda _: f"{id_} is documented.",
        )

    def do_ticket(self) -> None:
        figures, host = self.week.figures(), self.tools.host
        if figures is None:
            host.say("One moment …")
            return
        work = figures.work
        tickets = [*work.to_write, *work.unanswered, *work.done]
        if not tickets:
            host.say("No ticket of this week asks anything of the documentation.")
            return
        host.push_screen(TicketPicker(tickets, "Open which ticket?"), self._open_ticket)

    async def _open_ticket(self, id_: str | None) -> None:
        if id_ is not None:
            await links.reveal(self.tools.host, "ticket", id_)


class TicketPicker(Picker):
    COLUMNS = (Column("subject", width=20, grow=1), Column("id", width=8))

    def __init__(self, tickets: Sequence[Ticket], question: str) -> None:
        super().__init__(hint=question)
        self._tickets = tickets

    def choices(self) -> Sequence[Row]:
        return [
            Row(ticket.id, (documentation_words(ticket), (ticket.id, "muted"))) for ticket in self._tickets
        ]
