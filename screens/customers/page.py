"""All that concerns one customer, on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fleettui.domain.customers import outreach, text_style
from fleettui.domain.customers.in_touch import quiet_opportunities
from fleettui.domain.customers.model import Contact, Customer
from fleettui.domain.tickets.sla import tiers
from fleettui.time import wording
from fleettui.time.zones import day_of
from screens.commands.effective import with_keys
from screens.shell.history import Story
from screens.shell.runs import RunWords, bar
from screens.widgets.page import BLANK, Para, fact, fact_if, part, step, title

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.customers.policy import Outbound
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.domain.tickets.entry import QueueEntry
    from fleettui.workspace.workspace import Workspace


def outbound_paras(outbound: Outbound) -> Iterator[Para]:
    """GTM-7"""
    yield step("·", f"{outbound.dri} decides; {outbound.backup} backs up")
    yield step("·", outbound.text)


NO_SUCH_TIER = ": the policy knows no such tier, so nothing is promised; [customers.edit] chooses one"


class CustomerPage:
    def __init__(self, workspace: Workspace, customer: Customer, story: Story | None = None) -> None:
        """`story`: where its history is shown."""
        self.workspace, self.customer, self.story = workspace, customer, story
        self.now, self.zone = workspace.now(), workspace.zone
        self.gtm = workspace.handbook.gtm

    def paras(self) -> Iterator[Para]:
        yield title(self.customer.shown)
        yield BLANK
        yield from self._facts()
        yield from self._reaching_out()
        yield from part(
            with_keys("Contacts: [customers.contact]"), map(self._contact, self.customer.contacts)
        )
        yield from part(with_keys("Opportunities: [customers.deal]"), self._deals())
        yield from part("Open tickets", self._tickets())
        yield from part("Calls", self._calls())
        yield from part("Rituals", self._rituals())
        yield from part("Playbooks", self._runs())
        yield from part("Texts to mend", self._texts())
        if self.story is not None:
            yield from part("What changed", self.story(self.customer.id, 8))

    def _facts(self) -> Iterator[Para]:
        customer = self.customer
        group = self.workspace.handbook.groups.of(customer.hosts)
        hosts = "" if customer.hosts is None else f"{customer.hosts:,}"
        if customer.anonymous:
            yield fact("Name", f"{customer.name} (never in public)", "warn")
        elif customer.codename:
            yield fact("Codename", customer.codename)
        known = customer.tier in tiers(self.workspace.handbook.sla)
        unknown = "" if known else with_keys(NO_SUCH_TIER)
        yield fact("Tier", f"{customer.tier}{unknown}", "" if known else "warn")
        directory = self.workspace.directory
        yield fact("Hosts", f"{hosts}{f', {directory.group_words(group)}' if group else ''}")
        yield fact("Their time", self._their_time())
        dri = directory.dri(self._channel_name())
        channel = self.workspace.channels.shown(customer.channel)
        yield fact("Slack", " · ".join(filter(None, (channel, dri))))
        for role, login in customer.owners.items():
            yield fact(role, self.workspace.people.get(login).shown)
        yield from fact_if("Note", customer.note)

    def _channel_name(self) -> str:
        """As people call it: the row of channels.json is found by it."""
        channels = (row for row in self.workspace.channels.all() if row.id == self.customer.channel)
        return next((row.name for row in channels if row.name), self.customer.channel)

    def _their_time(self) -> str:
        from zoneinfo import ZoneInfo

        if not self.customer.zone:
            return ""
        return f"{self.now.astimezone(ZoneInfo(self.customer.zone)):%a %H:%M} ({self.customer.zone})"

    def _reaching_out(self) -> Iterator[Para]:
        """GTM-1 to GTM-4"""
        customer, gtm = self.customer, self.gtm
        writer = outreach.writer_of(customer, gtm)
        status, priority = outreach.status_of(customer, gtm), outreach.priority_of(customer, gtm)
        yield fact("Kind", writer.name if writer else customer.kind)
        if writer:
            yield fact("Writes", f"{writer.role}{f'. {writer.note}' if writer.note else ''}")
        if priority:
            yield fact("Priority", priority.name)
        if status:
            closed = "" if status.contact else ": nobody writes to them"
            yield fact("Lead", status.name + closed, "bad" if closed else "")
        contact = self.workspace.facts.last_contact(customer)
        day = wording.day(contact.day, with_year=True) if contact else ""
        yield fact("In touch", f"{day}: {contact.words}" if contact else "no contact known")
        advice = outreach.first_contact(customer, gtm, contact)
        if advice and (status is None or status.contact):
            yield from part("A first contact", (step("·", row.text) for row in advice))
            yield from part("Outbound messages", outbound_paras(gtm.outbound))

    def _contact(self, contact: Contact) -> Para:
        star = "★ " if contact.champion else ""
        kind = f" ({contact.phone_kind})" if contact.phone and contact.phone_kind else ""
        details = ", ".join(
            part
            for part in (
                contact.role,
                contact.email,
                contact.linkedin,
                f"{contact.phone}{kind}",
                contact.slack,
            )
            if part
        )
        return step(
            "·", f"{star}{contact.name or contact.email}: {details}" if contact.name else f"{star}{details}"
        )

    def _deals(self) -> Iterator[Para]:
        today = day_of(self.now, self.zone)
        quiet = {
            deal.name: days
            for _, deal, days in quiet_opportunities(
                [self.customer], self.workspace.facts.at_work(), today, self.gtm.quiet_days
            )
        }
        for deal in self.customer.opportunities:
            amount = f", {deal.amount:,}" if deal.amount is not None else ""
            following = f": {deal.next_step}" if deal.next_step else ""
            by = f" by {deal.next_step_due:%-d %b}" if deal.next_step_due else ""
            yield step("·", f"{deal.name} ({deal.state}{amount}){following}{by}")
            if deal.name in quiet:
                days = quiet[deal.name]
                since = "no contact known" if days is None else f"{days} days without contact"
                yield Para(
                    f"{since}: closed lost from {self.gtm.quiet_days} days on (RIT-11)",
                    "warn",
                    (("    ", ""),),
                )

    def _tickets(self) -> Iterator[Para]:
        for entry in self.queue_entries():
            row = self.workspace.queue.row(entry, self.now)
            yield step(row.glyph, f"{row.id} {row.priority} {row.subject}  {row.words}")

    def queue_entries(self) -> list[QueueEntry]:
        return [
            entry for entry in self.workspace.queue.open() if entry.ticket.customer_id == self.customer.id
        ]

    def _calls(self) -> Iterator[Para]:
        for call in self.calls():
            yield step("·", f"{wording.moment(call.start, self.now, self.zone)}  {call.title}  {call.id}")

    def calls(self) -> list[Call]:
        return [call for call in self.workspace.calls.all() if call.account == self.customer.id]

    def _rituals(self) -> Iterator[Para]:
        """Where they have a box of their own (RIT-9)."""
        for line in self.workspace.rituals.board():
            if self.customer.id in (line.demand.customers or ()):
                ticks = line.instance.boxes.get(self.customer.id) if line.instance else None
                left_out = line.instance.left_out.get(self.customer.id) if line.instance else None
                sign, state = ("✓", "done") if ticks else ("–", "left out") if left_out else ("○", "to do")
                due = wording.moment(line.period.due, self.now, self.zone)
                yield step(sign, f"{line.ritual.name}: {state}, due {due}")

    def _runs(self) -> Iterator[Para]:
        words = RunWords(self.workspace)
        for run in self.open_runs():
            counted = self.workspace.playbooks.progress(run)
            yield step("·", f"{run.id} {run.name}  {bar(counted)}  {words.turn(run)}")

    def open_runs(self) -> list[PlaybookRun]:
        return [run for run in self.workspace.playbooks.of_customer(self.customer.id) if run.open]

    def _texts(self) -> Iterator[Para]:
        """GTM-5"""
        return (
            step("!", f"{where}: {what}", "warn")
            for where, what in text_style.customer_style_mistakes(self.customer)
        )
