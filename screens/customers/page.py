"""All that concerns one customer, on one page; and the lists to choose from what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleettui.domain.customers import outreach
from fleettui.domain.customers.model import Contact, Customer, quiet_opportunities
from fleettui.time.zones import day_of
from screens.dialogs.picker import Picker
from screens.shell.history import story
from screens.shell.runs import RunWords, bar
from screens.shell.words import moment_words
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.workspace import Workspace

NEW = "part "
"""The key of the row that begins a new one."""


class CustomerPage:
    def __init__(self, workspace: Workspace, one: Customer) -> None:
        self.workspace, self.one = workspace, one
        self.now, self.zone = workspace.now(), workspace.zone
        self.gtm = workspace.handbook.gtm

    def paras(self) -> Iterator[Para]:
        yield title(self.one.shown)
        yield BLANK
        yield from self._facts()
        yield from self._reaching_out()
        yield from self._part("Contacts: c", map(self._contact, self.one.contacts))
        yield from self._part("Opportunities: d", self._deals())
        yield from self._part("Answers owed", self._tickets())
        yield from self._part("Calls", self._calls())
        yield from self._part("Rituals", self._rituals())
        yield from self._part("Playbooks", self._runs())
        yield from self._part("Texts to mend", self._texts())
        yield BLANK
        yield heading("What changed")
        yield from story(self.workspace, self.one.id, 8)

    def _part(self, name: str, paras: Iterable[Para]) -> Iterator[Para]:
        found = list(paras)
        if found:
            yield BLANK
            yield heading(name)
            yield from found

    def _facts(self) -> Iterator[Para]:
        one = self.one
        group = self.workspace.handbook.groups.of(one.hosts)
        hosts = "" if one.hosts is None else f"{one.hosts:,}"
        if one.anonymous:
            yield fact("Name", f"{one.name} (never in public)", "warn")
        elif one.codename:
            yield fact("Codename", one.codename)
        yield fact("Tier", one.tier)
        yield fact("Hosts", f"{hosts}{f', {group.name} {group.channel}' if group else ''}")
        yield fact("Their time", self._their_time())
        yield fact("Slack", one.channel)
        for role, login in one.owners.items():
            yield fact(role, self.workspace.people.get(login).shown)
        if one.note:
            yield fact("Note", one.note)

    def _their_time(self) -> str:
        from zoneinfo import ZoneInfo

        if not self.one.zone:
            return ""
        return f"{self.now.astimezone(ZoneInfo(self.one.zone)):%a %H:%M} ({self.one.zone})"

    def _reaching_out(self) -> Iterator[Para]:
        """GTM-1 to GTM-4"""
        one, gtm = self.one, self.gtm
        writer = outreach.writer_of(one, gtm)
        status, priority = outreach.status_of(one, gtm), outreach.priority_of(one, gtm)
        yield fact("Kind", writer.name if writer else one.kind)
        if writer:
            yield fact("Writes", f"{writer.role}{f'. {writer.note}' if writer.note else ''}")
        if priority:
            yield fact("Priority", priority.name)
        if status:
            closed = "" if status.contact else ": nobody writes to them"
            yield fact("Lead", status.name + closed, "bad" if closed else "")
        days = [one.last_contact, *(deal.last_contact for deal in one.opportunities)]
        last = max((day for day in days if day is not None), default=None)
        yield fact("In touch", f"{last:%a %-d %b %Y}" if last else "never written down")
        advice = outreach.first_contact(one, gtm)
        if advice and (status is None or status.contact):
            yield from self._part("A first contact", (step("·", row.text) for row in advice))

    def _contact(self, one: Contact) -> Para:
        star = "★ " if one.champion else ""
        kind = f" ({one.phone_kind})" if one.phone and one.phone_kind else ""
        details = ", ".join(
            part for part in (one.role, one.email, one.linkedin, f"{one.phone}{kind}") if part
        )
        return step("·", f"{star}{one.name or one.email}: {details}" if one.name else f"{star}{details}")

    def _deals(self) -> Iterator[Para]:
        today = day_of(self.now, self.zone)
        quiet = {
            deal.name: days for _, deal, days in quiet_opportunities([self.one], today, self.gtm.quiet_days)
        }
        for deal in self.one.opportunities:
            amount = f", {deal.amount:,}" if deal.amount is not None else ""
            following = f": {deal.next_step}" if deal.next_step else ""
            by = f" by {deal.next_step_due:%-d %b}" if deal.next_step_due else ""
            yield step("·", f"{deal.name} ({deal.state}{amount}){following}{by}")
            if deal.name in quiet:
                days = quiet[deal.name]
                since = "never in touch" if days is None else f"{days} days without contact"
                yield Para(
                    f"{since}: closed lost from {self.gtm.quiet_days} days on (RIT-11)",
                    "warn",
                    (("    ", ""),),
                )

    def _tickets(self) -> Iterator[Para]:
        queue = self.workspace.queue
        for found in queue.queue().entries:
            if found.ticket.customer_id == self.one.id:
                row = queue.row(found, self.now)
                yield step(row.glyph, f"{row.id} {row.priority} {row.subject}  {row.words}")

    def _calls(self) -> Iterator[Para]:
        for call in self.calls():
            yield step("·", f"{moment_words(call.start, self.now, self.zone)}  {call.title}  {call.id}")

    def calls(self) -> list[Call]:
        return [call for call in self.workspace.calls.all() if call.account == self.one.id]

    def _rituals(self) -> Iterator[Para]:
        """Where they have a box of their own (RIT-9)."""
        for line in self.workspace.rituals.board():
            if self.one.id in (line.asked.customers or ()):
                ticks = line.instance.boxes.get(self.one.id) if line.instance else None
                left_out = line.instance.left_out.get(self.one.id) if line.instance else None
                sign, told = ("✓", "done") if ticks else ("–", "left out") if left_out else ("○", "to do")
                due = moment_words(line.period.due, self.now, self.zone)
                yield step(sign, f"{line.ritual.name}: {told}, due {due}")

    def _runs(self) -> Iterator[Para]:
        words = RunWords(self.workspace)
        for run in self.workspace.playbooks.of_customer(self.one.id):
            if run.open:
                counted = self.workspace.playbooks.progress(run)
                yield step("·", f"{run.id} {run.name}  {bar(counted)}  {words.turn(run)}")

    def _texts(self) -> Iterator[Para]:
        """GTM-5"""
        return (step("!", f"{where}: {what}", "warn") for where, what in outreach.text_complaints(self.one))


class PartPicker(Picker):
    """One of a customer's contacts or opportunities, or a new one."""

    COLUMNS = (Column("name", width=20, grow=1),)

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        super().__init__()
        self._kind, self._names = kind, names

    def choices(self) -> Sequence[Row]:
        return [*(Row(NEW + name, (name,)) for name in self._names), Row(NEW, (f"+ a new {self._kind}",))]


class WorkPicker(Picker):
    """What is at work with a customer, to go there."""

    COLUMNS = (Column("kind", width=10), Column("what", width=30, grow=1))

    def __init__(self, workspace: Workspace, one: Customer) -> None:
        super().__init__()
        self._rows = list(self._work(workspace, one))

    def _work(self, workspace: Workspace, one: Customer) -> Iterator[Row]:
        for found in workspace.queue.queue().entries:
            if found.ticket.customer_id == one.id:
                yield Row(f"ticket {found.ticket.id}", (found.ticket.id, found.ticket.subject))
        for call in CustomerPage(workspace, one).calls():
            yield Row(f"call {call.id}", (call.id, call.title))
        for run in workspace.playbooks.of_customer(one.id):
            if run.open:
                yield Row(f"playbook {run.id}", (run.id, run.name))

    def choices(self) -> Sequence[Row]:
        return self._rows


def as_typed(one: Any, names: Mapping[str, str]) -> dict[str, str]:
    """Fields as they are typed into a form."""
    return {name: _typed(getattr(one, name)) for name in names}


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ",".join(f"{key}={part}" for key, part in value.items())
    return value.isoformat() if isinstance(value, datetime) else str(value)
