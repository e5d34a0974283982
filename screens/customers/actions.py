"""What is done with customers from the keys: added, changed, their contacts and opportunities; and where work waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fleettui.domain.customers import outreach
from screens.commands.host import Owner
from screens.customers.page import as_typed
from screens.customers.pickers import PartPicker, WorkPicker
from screens.customers.row_keys import CustomerKey, Key, PartKey, WorkKey
from screens.dialogs.form import Form, FormField, SeenRevision, Values
from screens.shell import links

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Contact, Customer, Opportunity
    from screens.widgets.rows import Rows

HINTS = {
    "name": "Acme Robotics",
    "kind": "customer, sales-ready prospect, prospect",
    "tier": "Free, Premium, Ultimate",
    "hosts": "1200",
    "owners": "AE=jonah,CSM=wen,CSE=tobias",
    "zone": "Europe/Paris",
    "channel": "their Slack channel",
    "priority": "sales-ready, ads-running, researched",
    "lead_status": "new, engaged, meeting-scheduled, …",
    "codename": "a minor planet, never shared",
    "anonymous": "yes or no",
    "last_contact": "2026-03-09",
    "note": "",
    "active": "yes or no",
}
CONTACT_HINTS = {
    "name": "Dana Whitlock",
    "email": "dana@acme.example",
    "role": "IT lead",
    "linkedin": "in/dana",
    "phone": "+1 212 555 0123",
    "phone_kind": "mobile, landline",
    "champion": "yes or no",
}
DEAL_HINTS = {
    "name": "Acme renewal",
    "state": "open, won, lost",
    "amount": "84000",
    "next_step": "Send the renewal quote",
    "next_step_due": "2026-03-09",
    "close_date": "2026-03-31",
    "last_contact": "2026-03-09",
}
LABELS = {
    "email": "E-mail",
    "linkedin": "LinkedIn",
    "phone_kind": "Kind of phone",
    "zone": "Time zone",
    "channel": "Slack",
    "active": "Still one",
    "owners": "Owners",
    "next_step_due": "By",
}
"""Of fields whose name does not serve."""


class CustomerBoard(Owner, Protocol):
    """What the actions ask of their screen."""

    @property
    def rows(self) -> Rows[Key]: ...

    def customer(self) -> Customer | None:
        """The one under the cursor."""


class CustomerActions:
    def __init__(self, board: CustomerBoard) -> None:
        self._board = board

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if scope == "customers" and verb != "add" and self._board.customer() is None:
            return "Put the cursor on a customer; n adds one."
        return None

    def do_add(self) -> None:
        customers = self._board.workspace.customers

        def save(typed: Values) -> Customer:
            return customers.add(typed.pop("name", ""), **typed)

        fields = fields_for({name: hint for name, hint in HINTS.items() if name != "active"})
        self._ask("A new customer or prospect", fields, "customers add", save, "is on the list")

    def do_edit(self) -> None:
        customer, customers = self._board.customer(), self._board.workspace.customers
        if customer is None:
            return
        id_, seen = customer.id, SeenRevision(customer)
        self._ask(
            f"Change {customer.shown}",
            fields_for(HINTS, as_typed(customer, HINTS)),
            f"customers edit {id_}",
            lambda typed: customers.edit(id_, typed, seen=seen.rev),
            "is saved",
            stale=lambda: seen.renew(customers.get(id_)),
        )

    def do_contact(self) -> None:
        customer = self._board.customer()
        if customer is not None:
            names = [contact.email or contact.name for contact in customer.contacts]
            self._choose("contact", names, lambda name: self._contact_form(customer.id, name))

    def do_deal(self) -> None:
        customer = self._board.customer()
        if customer is not None:
            names = [deal.name for deal in customer.opportunities]
            self._choose("opportunity", names, lambda name: self._deal_form(customer.id, name))

    def _choose(self, kind: str, names: list[str], then: Callable[[str], None]) -> None:
        """One of those there are, or a new one, which has no name yet."""

        def chosen(key: PartKey | None) -> None:
            if key is not None:
                then(key.name)

        if names:
            self._board.fleettui.push_screen(PartPicker(kind, names), chosen)
        else:
            then("")

    def _contact_form(self, id_: str, name: str) -> None:
        customer, customers = self._board.workspace.customers.get(id_), self._board.workspace.customers
        contacts = customer.contacts if customer and name else ()
        contact = next((contact for contact in contacts if name in (contact.email, contact.name)), None)

        def save(typed: Values) -> Customer:
            return customers.contact(id_, name or typed.get("email", "") or typed.get("name", ""), typed)

        if customer is not None:
            self._part_form(
                "contact", customer, name, fields_for(CONTACT_HINTS, _typed(contact, CONTACT_HINTS)), save
            )

    def _deal_form(self, id_: str, name: str) -> None:
        customer, customers = self._board.workspace.customers.get(id_), self._board.workspace.customers
        deals = customer.opportunities if customer else ()
        deal = next((deal for deal in deals if deal.name == name), None)

        def save(typed: Values) -> Customer:
            return customers.opportunity(id_, name or typed.get("name", ""), typed)

        if customer is not None:
            self._part_form(
                "opportunity", customer, name, fields_for(DEAL_HINTS, _typed(deal, DEAL_HINTS)), save
            )

    def _part_form(
        self,
        kind: str,
        customer: Customer,
        name: str,
        fields: list[FormField],
        save: Callable[[Values], Customer],
    ) -> None:
        self._ask(
            f"{kind.capitalize()} {name or 'of'} {customer.shown}",
            fields,
            f"customers {kind} {customer.id} {name}".strip(),
            save,
            "is saved",
        )

    def do_touched(self) -> None:
        customer, host, workspace = self._board.customer(), self._board.fleettui, self._board.workspace
        if customer is not None:
            id_, name = customer.id, customer.shown
            day = workspace.now().astimezone(workspace.zone).date()
            host.write(
                lambda: workspace.customers.touched(id_, day),
                lambda _: host.say(f"{name}: in touch today. u takes it back."),
            )

    async def do_work(self) -> None:
        """The most pressing of what is at work with them."""
        customer, host = self._board.customer(), self._board.fleettui
        if customer is None:
            return
        picker = WorkPicker(self._board.workspace, customer)
        if not picker.choices():
            host.say(f"Nothing is at work with {customer.shown} now.")
            return

        async def chosen(key: WorkKey | None) -> None:
            if key is not None:
                await links.reveal(host, key.kind, key.id)

        host.push_screen(picker, chosen)

    def _ask(
        self,
        name: str,
        fields: list[FormField],
        about: str,
        save: Callable[[Values], Customer],
        done: str,
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        """Opens a form; `done` is shown of the customer when it is saved."""
        host, customer = self._board.fleettui, self._board.customer()

        def saved(kept: Customer) -> None:
            self._board.rows.go_to(CustomerKey(kept.id))
            complaint = next((f"\n{what}" for _, what in outreach.customer_style_mistakes(kept)), "")
            host.say(f"{kept.shown} {done}. u takes it back.{complaint}")

        host.present("customers", customer.id if customer else None, typing=True)
        host.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))


def fields_for(hints: Mapping[str, str], values: Mapping[str, str] | None = None) -> list[FormField]:
    known = values or {}
    return [FormField(name, label_of(name), known.get(name, ""), hint) for name, hint in hints.items()]


def _typed(part: Contact | Opportunity | None, names: Mapping[str, Any]) -> dict[str, str]:
    return as_typed(part, names) if part else {}


def label_of(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())
