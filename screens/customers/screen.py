"""Customers: whom to reach out to first, and one page with all that concerns each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleettui.domain.customers import outreach
from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets.sla import tier_in_words
from screens.commands.catalogue import bindings
from screens.customers.actions import CustomerActions
from screens.customers.page import CustomerPage, outbound_paras
from screens.customers.row_keys import AdviceKey, CustomerKey, Key
from screens.customers.several import ALONE, SeveralCustomers
from screens.shell.board import Board
from screens.shell.following import Following
from screens.shell.history import stories
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, step, title
from screens.widgets.row import Cell, Row
from screens.widgets.sections import section


class CustomersScreen(Board[Key]):
    NAME = "customers"
    CONCERNS = frozenset({"customers", "runs", "tickets", "calls", "handbook", "people", "views"})
    CHANGES = frozenset({"customers", "views", "channels", "tickets.tier"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("customers")
    ALONE = ALONE
    COLUMNS = (
        Column("name", width=16, grow=4, share=0.3),
        Column("tier", width=8, hide=3),
        Column("group", width=11, hide=4, second=True),
        Column("writes", width=2, grow=2, hide=1, second=True, shorten="name"),
        Column("open", width=8, grow=3, hide=2, second=True),
    )
    EMPTY = "No customer is on the list yet. Press [customers.add] to add the first one."

    def __init__(self) -> None:
        super().__init__()
        self._story = stories(self.workspace, self.asked)
        actions = CustomerActions(self)
        several = SeveralCustomers(self, actions)
        self.actions = (actions, Following(self.fleettui, actions.followed, several.ids), several)
        self.searcher = lambda: self.workspace.searches.customers
        self.document_of = self._customer_at

    # The list

    def rows_now(self) -> Sequence[Row[Key]]:
        gtm = self.workspace.handbook.gtm
        active = [customer for customer in self.workspace.customers.by_priority() if customer.active]
        rows: list[Row[Key]] = []
        for kind in gtm.reach_out:
            of_kind = self.rows_of([row for row in active if row.kind == kind.kind], self._row)
            rows += section(f"{kind.name}: the {kind.role} reaches out", of_kind)
        others = [customer for customer in active if outreach.writer_of(customer, gtm) is None]
        former = [customer for customer in self.workspace.customers.all() if not customer.active]
        return [
            *rows,
            *section("Of another kind", self.rows_of(others, self._row)),
            *section("No longer", self.rows_of(former, self._row)),
            *section("How we reach out", self._advice_rows()),
        ]

    def _row(self, customer: Customer) -> Row[Key]:
        group = self.workspace.handbook.groups.of(customer.hosts)
        cells: tuple[Cell, ...] = (
            customer.shown,
            tier_in_words(self.workspace.handbook.sla, customer.tier),
            (group.name if group else "", "muted"),
            (self._writer(customer), "muted"),
            (self._at_work(customer), "accent"),
        )
        return Row(CustomerKey(customer.id), cells, style="" if customer.active else "muted")

    def _writer(self, customer: Customer) -> str:
        """GTM-1, by name where the owner is known."""
        writer = outreach.writer_of(customer, self.workspace.handbook.gtm)
        if writer is None:
            return ""
        login = customer.owners.get(writer.role, "")
        return self.workspace.people.get(login).shown if login else writer.role

    def _at_work(self, customer: Customer) -> str:
        """The lead's status, and how many deals are open."""
        status = outreach.status_of(customer, self.workspace.handbook.gtm)
        deals = sum(deal.state == "open" for deal in customer.opportunities)
        counted = f"{deals} deal{'s' if deals > 1 else ''}" if deals else ""
        return " · ".join(filter(None, (status.name if status else "", counted)))

    def _advice_rows(self) -> Iterator[Row[Key]]:
        gtm = self.workspace.handbook.gtm
        for topic, name, rule in (
            ("first", "A first contact", "GTM-4"),
            ("texts", "Texts for other systems", "GTM-5"),
            ("outbound", "Outbound messages", gtm.outbound.rule),
            ("contact-data", "Contact data", gtm.contact_data.rule),
            ("sanctions", "Whom we do no business with", gtm.sanctions.rule),
        ):
            yield Row(AdviceKey(topic), (name, "", "", (rule, "muted")))

    # The page

    def page_of(self, key: Key) -> Sequence[Para]:
        if isinstance(key, CustomerKey):
            customer = self.workspace.customers.get(key.id)
            page = CustomerPage(self.workspace, customer, self._story) if customer else None
            return list(page.paras()) if page else ()
        return self._advice_page(key.topic) if isinstance(key, AdviceKey) else ()

    def _advice_page(self, topic: str) -> Sequence[Para]:
        gtm = self.workspace.handbook.gtm
        if topic == "outbound":
            return [title("Outbound messages"), BLANK, *outbound_paras(gtm.outbound)]
        if topic == "contact-data":
            return [title("Contact data"), BLANK, Para(gtm.contact_data.text)]
        if topic == "sanctions":
            reminder = Para(gtm.sanctions.reminder)
            return [title("Whom we do no business with"), BLANK, reminder, Para(gtm.sanctions.url)]
        name, rules = (
            ("A first contact is personal", gtm.first_contact)
            if topic == "first"
            else ("Texts for Salesforce and other systems", gtm.text_rules)
        )
        return [title(name), BLANK, *(step("·", rule.text) for rule in rules)]

    def looking_at(self, key: Key) -> str | None:
        return key.id if isinstance(key, CustomerKey) else None

    def key_of(self, id_: str) -> Key:
        return CustomerKey(id_)

    def customer(self) -> Customer | None:
        return self._customer_at(self.key)

    def _customer_at(self, key: Key | None) -> Customer | None:
        return self.workspace.customers.get(key.id) if isinstance(key, CustomerKey) else None

    def customer_here(self) -> str:
        customer = self.customer()
        return customer.id if customer else ""

    def reveal(self, id_: str, step: str = "") -> None:
        if self.rows.go_to(CustomerKey(id_)):
            self.rows.do_open()
