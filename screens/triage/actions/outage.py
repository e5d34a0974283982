"""Outage mode: the marked tickets become one incident; its news and its end go to all of them. Shown first, undone as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.tickets.macros import Macro
from fleettui.errors import Refused
from screens.terminal.text import one_line
from screens.triage.actions.planned import sheet, tell
from screens.triage.actions.tools import ids_words

if TYPE_CHECKING:
    from fleettui.workspace.incidents import Step
    from screens.dialogs.form import FormField, Values
    from screens.dialogs.walk import Answer
    from screens.triage.actions.tools import TicketTools

TITLES = {
    "declare": "Outage: one incident for these tickets",
    "update": "Outage: news for all of the incident",
    "close": "Outage: it is over, resolve all",
    "leave": "Outage: take out of the incident",
}


class Outage:
    """What `;` offers for an outage, for the tickets that it is about."""

    def __init__(self, tools: TicketTools, ids: Sequence[str]) -> None:
        self._tools, self._ids = tools, list(ids)
        tickets = tools.tickets(ids)
        named = {
            ticket.incident_of or ticket.id for ticket in tickets if ticket.incident_of or ticket.incident
        }
        self._incident = named.pop() if len(named) == 1 else ""
        self._belong = [ticket.id for ticket in tickets if ticket.incident_of]

    def choices(self) -> Iterator[Macro]:
        """As rows among the macros. What belongs to an incident is not offered another one."""
        is_one = self._incident and self._ids != [self._incident]
        joins = (
            f"they join {self._incident}" if is_one else f"{self._parent('declare')} stands for the incident"
        )
        if len(self._ids) > len(self._belong) and self._ids != [self._incident]:
            yield _row("declare", joins)
        if self._incident:
            yield _row("update", f"{self._incident} and what belongs to it")
            yield _row("close", f"{self._incident} and what belongs to it")
        if self._belong:
            yield _row("leave", ids_words(self._belong))

    def begin(self, key: str) -> None:
        if key == TITLES["leave"]:
            from fleettui.workspace import incidents

            ids, workspace = self._belong, self._tools.workspace
            self._tools.act(
                lambda: incidents.leave(workspace, ids),
                f"{ids_words(ids)}: no longer part of the incident.",
                "leaving the incident",
            )
            return
        act = next(act for act, title in TITLES.items() if title == key)
        self._form(act, {"status": self._status if act != "declare" or self._incident else ""})

    @property
    def _status(self) -> str:
        ticket = self._tools.workspace.tickets.get(self._incident) if self._incident else None
        return ticket.incident if ticket else ""

    def _form(self, act: str, values: Values) -> None:
        from screens.dialogs.form import Form

        typed: Values = {}

        def save(given: Values) -> Step:
            typed.update(given)
            return self._step(act, {**values, **given})

        self._tools.host.push_screen(
            Form(
                self._title(act),
                list(self._fields(act, values)),
                about=f"outage {act} {self._parent(act)}",
                save=save,
                saved=lambda step: self._show(act, {**values, **typed}, step),
                as_it_is=True,
            )
        )

    def _title(self, act: str) -> str:
        """Which ticket stands for the incident has to be plain before it is declared."""
        parent = self._parent(act)
        if act != "declare":
            return f"{TITLES[act]} ({parent})"
        others = [id_ for id_ in self._ids if id_ != parent]
        if not others:
            return f"Outage: {parent} stands for the incident"
        verb = "belongs" if len(others) == 1 else "belong"
        return f"Outage: {parent} stands for the incident, {ids_words(others)} {verb} to it"

    def _fields(self, act: str, values: Values) -> Iterator[FormField]:
        from screens.dialogs.form import FormField, choices_of

        names = [message.name for message in self._tools.workspace.support.canned()]
        if act != "close":
            hint = "all tickets of the incident show it"
            yield FormField("status", "Status line", values.get("status", ""), hint)
        yield FormField(
            "text", "Text", values.get("text", ""), "for each customer: {name}, {subject}", long=True
        )
        yield FormField(
            "template", "or template", values.get("template", ""), choices=choices_of(names, "none")
        )

    def _parent(self, act: str) -> str:
        """The incident: one that is known among them, else the ticket under the cursor where it is one of them."""
        if self._incident:
            return self._incident
        here = self._tools.selection.here().id
        return here if here in self._ids else self._ids[0]

    def _step(self, act: str, typed: Values) -> Step:
        from fleettui.workspace import incidents

        workspace, parent = self._tools.workspace, self._parent(act)
        words = incidents.Words(
            status=typed.get("status", "") if act != "close" else "",
            text=typed.get("text", "").strip(),
            template=typed.get("template", ""),
        )
        if words.text and words.template:
            raise Refused("there is a text already; one of them is sent", field="template")
        if act == "declare":
            return incidents.declare(workspace, self._ids, parent, words)
        return (incidents.update if act == "update" else incidents.close)(workspace, parent, words)

    def _show(self, act: str, typed: Values, step: Step) -> None:
        """What each of them gets."""
        from fleettui.workspace import incidents
        from screens.dialogs.do_not_contact import unless_asked
        from screens.dialogs.walk import Walk

        workspace, host = self._tools.workspace, self._tools.host

        def answered(answer: Answer | None) -> None:
            if answer == "take":
                refuse = partial(incidents.refuse_contact, workspace, step)
                unless_asked(host, refuse, "Write the answers", lambda: self._carry_out(act, step))
            else:
                self._form(act, typed)

        sheets = [list(sheet(workspace, plan)) for plan in step.plans]
        host.push_screen(Walk(f"{TITLES[act]} · {step.incident}", sheets, ""), answered)

    def _carry_out(self, act: str, step: Step) -> None:
        from fleettui.workspace import incidents

        tools = self._tools
        what = one_line(f"Incident {step.incident}: {step.status or 'over'}")
        tools.host.write(
            lambda: incidents.carry_out(tools.workspace, step),
            lambda outcome: tell(tools, step.plans, outcome, what),
            doing="the incident",
            keys_wait=True,
        )


def _row(act: str, about: str) -> Macro:
    return Macro(key=TITLES[act], name=TITLES[act], text=about)
