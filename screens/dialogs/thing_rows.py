"""How the palette shows what it lists. The cells of a row are made when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.domain.views import LISTS, split_id
from fleettui.workspace import things
from fleettui.workspace.things import parts_of
from screens.commands.catalogue import BY_ID
from screens.commands.command import ANYWHERE, key_words
from screens.commands.dispatch import refusal_of
from screens.commands.effective import keys_of
from screens.dialogs.finder import COMMAND, SETTING
from screens.dialogs.settings import setting_titled
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from screens.commands.host import Host

COLUMNS = (Column("what", width=8), Column("title", width=16), Column("help", width=20, grow=1, hide=1))
"""Of a command: its keys, its title, what it does. Of anything else: its kind, and a line."""


class ThingRows:
    """For one palette."""

    def __init__(self, host: Host) -> None:
        self._host, self._workspace = host, host.workspace

    def filled(self, row: Row[str]) -> Row[str]:
        kind, id_ = parts_of(row.key)
        if kind == COMMAND:
            return self._command_row(row.key, id_)
        words = setting_titled(id_) if kind == SETTING else self._line(kind, id_)
        return Row(row.key, ((kind, "muted"), one_line(words) or id_))

    def _command_row(self, key: str, id_: str) -> Row[str]:
        """A command of where we are that cannot act now says why, instead of what it does."""
        host, command = self._host, BY_ID[id_]
        is_here = command.scope in (ANYWHERE, "board", host.base_screen.NAME)
        owner = host if command.scope == ANYWHERE else host.base_screen
        refusal = refusal_of(owner, host.base_screen, id_) if is_here else None
        title = command.title if is_here else f"{command.scope} {command.title}"
        cells = ((key_words(keys_of(id_)), "key"), title.capitalize(), (refusal or command.help, "muted"))
        return Row(key, cells)

    def _line(self, kind: str, id_: str) -> str:
        """Empty where it is gone by now."""
        match kind:
            case things.TICKET:
                return self._ticket(id_)
            case things.CUSTOMER:
                customer = self._workspace.customers.get(id_)
                return f"{customer.shown} · {customer.kind} · {customer.tier}" if customer else ""
            case things.PERSON:
                person = self._workspace.people.get(id_)
                return " · ".join(filter(None, (person.shown, ", ".join(person.roles))))
            case things.CALL:
                call = self._workspace.calls.get(id_)
                return f"{call.title} · {call.company} · {id_}" if call else ""
            case things.RITUAL:
                ritual = self._workspace.rituals.get(id_)
                return ritual.name if ritual else ""
            case things.PLAYBOOK:
                return self._run(id_)
            case _:
                views = self._workspace.views.of(split_id(id_)[0])
                return next(
                    (f"{view.name} · {LISTS[view.screen].name}" for view in views if view.id == id_), ""
                )

    def _ticket(self, id_: str) -> str:
        ticket = self._workspace.tickets.get(id_)
        if ticket is None:
            return ""
        customer = self._workspace.customers.get(ticket.customer_id) if ticket.customer_id else None
        shown = customer.shown if customer else ticket.customer
        return " · ".join(filter(None, (f"{id_} {ticket.subject}", shown, ticket.status)))

    def _run(self, id_: str) -> str:
        run = self._workspace.playbooks.get(id_)
        if run is None:
            return ""
        customer = self._workspace.customers.get(run.customer) if run.customer else None
        return " · ".join(filter(None, (run.name, customer.shown if customer else "", id_)))
