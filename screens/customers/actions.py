"""What is done with customers from the keys: added, changed, their contacts and opportunities; and where work waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, get_args

from fleettui.domain.customers import text_style
from fleettui.domain.customers.model import OpportunityState, PhoneKind
from fleettui.domain.customers.outreach import choices_by_field
from fleettui.domain.tickets.sla import tiers
from fleettui.time.zones import day_of
from screens.commands.effective import key_of, with_keys
from screens.commands.host import Owner
from screens.customers.pickers import PartPicker, WorkPicker
from screens.customers.row_keys import CustomerKey, Key, PartKey, WorkKey
from screens.dialogs.entries import YES_NO, Choices, choices_of, helped
from screens.dialogs.field_choices import known_zones, read_day
from screens.dialogs.form import Form, FormField, SeenRevision, Values, as_typed, fields_of
from screens.shell import links
from screens.shell.acting import needed

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from screens.widgets.rows import Rows

FIELDS = {
    "name": ("Name", "Acme Robotics"),
    "kind": ("Kind", "customer, sales-ready prospect, prospect"),
    "tier": ("Tier", ""),
    "hosts": ("Hosts", "1200"),
    "owners": ("Owners", "AE=jonah,CSM=wen,CSE=tobias"),
    "zone": ("Time zone", "Europe/Paris"),
    "channel": ("Slack", "their Slack channel"),
    "priority": ("Priority", "sales-ready, ads-running, researched"),
    "lead_status": ("Lead status", "new, engaged, meeting-scheduled, …"),
    "codename": ("Codename", "a minor planet, never shared"),
    "anonymous": ("Anonymous", "yes or no"),
    "last_contact": ("Last contact", "2026-03-09"),
    "note": ("Note", ""),
    "active": ("Still one", "yes or no"),
}
"""Each field's label, and what a good answer looks like."""
CONTACT_FIELDS = {
    "name": ("Name", "Dana Whitlock"),
    "email": ("E-mail", "dana@acme.example"),
    "role": ("Role", "IT lead"),
    "linkedin": ("LinkedIn", "in/dana"),
    "phone": ("Phone", "+1 212 555 0123"),
    "phone_kind": ("Kind of phone", "mobile, landline"),
    "champion": ("Champion", "yes or no"),
    "slack": ("Slack id", "U01ABCDEF: profile, Copy member ID"),
}
DEAL_FIELDS = {
    "name": ("Name", "Acme renewal"),
    "state": ("State", "open, won, lost"),
    "amount": ("Amount", "84000"),
    "next_step": ("Next step", "Send the renewal quote"),
    "next_step_due": ("By", "2026-03-09"),
    "close_date": ("Close date", "2026-03-31"),
    "last_contact": ("Last contact", "2026-03-09"),
}
CHOICES: dict[str, Choices] = {
    **dict.fromkeys(("anonymous", "active", "champion"), YES_NO),
    "phone_kind": choices_of(get_args(PhoneKind)[1:]),
    "state": choices_of(get_args(OpportunityState)),
}
NEEDS_CUSTOMER = "Put the cursor on a customer; [customers.add] adds one."


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
            return with_keys(NEEDS_CUSTOMER)
        return None

    def _customer(self) -> Customer:
        return needed(self._board.customer(), with_keys(NEEDS_CUSTOMER))

    def _fields(self) -> dict[str, tuple[str, str]]:
        """With the policy's tiers (SLA-17)."""
        return FIELDS | {"tier": ("Tier", ", ".join(tiers(self._board.workspace.handbook.sla)))}

    def _choices(self) -> dict[str, Choices]:
        handbook = self._board.workspace.handbook
        of_handbook = {
            field: tuple((choice.key, choice.name) for choice in choices)
            for field, choices in choices_by_field(handbook.gtm).items()
        }
        return {**CHOICES, **of_handbook, "tier": choices_of(tiers(handbook.sla))}

    def _helped(self, fields: list[FormField]) -> list[FormField]:
        from fleettui.domain.customers.model import Customer, edited

        workspace, nobody = self._board.workspace, Customer(id="", name="")
        return helped(
            fields,
            {"zone": known_zones(workspace)},
            {"last_contact": read_day(workspace, is_past=True)},
            check=lambda name, typed: edited(nobody, {name: typed}),
        )

    def do_add(self) -> None:
        customers = self._board.workspace.customers

        def save(typed: Values) -> Customer:
            return customers.add(typed.pop("name", ""), **typed)

        fields = [field for field in self.fields() if field.name != "active"]
        self._ask("A new customer or prospect", fields, "customers add", save, "is on the list")

    def fields(self) -> list[FormField]:
        """As a form shows them, without values."""
        return self._helped(fields_of(self._fields(), choices=self._choices()))

    def do_edit(self) -> None:
        customer, customers = self._customer(), self._board.workspace.customers
        seen = SeenRevision(customer)
        self._ask(
            f"Change {customer.shown}",
            self._helped(fields_of(self._fields(), as_typed(customer, FIELDS), self._choices())),
            f"customers edit {customer.id}",
            lambda typed: customers.edit(customer.id, typed, seen=seen.rev),
            "is saved",
            stale=lambda: seen.renew(customers.get(customer.id)),
        )

    def do_contact(self) -> None:
        customer = self._customer()
        names = [contact.email or contact.name or contact.slack for contact in customer.contacts]
        self._choose("contact", customer, names, self._contact_form)

    def do_deal(self) -> None:
        customer = self._customer()
        names = [deal.name for deal in customer.opportunities]
        self._choose("opportunity", customer, names, self._deal_form)

    def _choose(
        self, kind: str, customer: Customer, names: list[str], then: Callable[[Customer, str], None]
    ) -> None:
        """One of those there are, or a new one, which has no name yet; of the customer as it is then."""

        def chosen(key: PartKey | None) -> None:
            now = self._board.workspace.customers.get(customer.id)
            if key is not None and now is not None:
                then(now, key.name)

        if names:
            self._board.fleettui.push_screen(PartPicker(kind, names), chosen)
        else:
            then(customer, "")

    def _contact_form(self, customer: Customer, name: str) -> None:
        customers, contacts = self._board.workspace.customers, customer.contacts if name else ()
        contact = next(
            (contact for contact in contacts if name in (contact.email, contact.name, contact.slack)), None
        )

        def save(typed: Values) -> Customer:
            key = name or typed.get("email", "") or typed.get("name", "") or typed.get("slack", "")
            return customers.contact(customer.id, key, typed)

        from fleettui.domain.customers.model import with_contact

        fields = helped(
            fields_of(CONTACT_FIELDS, as_typed(contact, CONTACT_FIELDS), CHOICES),
            check=lambda field, typed: with_contact(customer, name or "somebody", {field: typed}),
        )
        self._part_form("contact", customer, name, fields, save)

    def _deal_form(self, customer: Customer, name: str) -> None:
        customers = self._board.workspace.customers
        deal = next((deal for deal in customer.opportunities if deal.name == name), None)

        def save(typed: Values) -> Customer:
            return customers.opportunity(customer.id, name or typed.get("name", ""), typed)

        from fleettui.domain.customers.model import with_opportunity

        workspace = self._board.workspace
        coming = read_day(workspace)
        fields = helped(
            fields_of(DEAL_FIELDS, as_typed(deal, DEAL_FIELDS), CHOICES),
            reads={
                "next_step_due": coming,
                "close_date": coming,
                "last_contact": read_day(workspace, is_past=True),
            },
            check=lambda field, typed: with_opportunity(customer, name or "a deal", {field: typed}),
        )
        self._part_form("opportunity", customer, name, fields, save)

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

    def followed(self) -> tuple[str, str]:
        customer = self._customer()
        return customer.id, customer.shown

    def do_touched(self) -> None:
        customer, host, workspace = self._customer(), self._board.fleettui, self._board.workspace
        day = day_of(workspace.now(), workspace.zone)
        host.write(
            lambda: workspace.customers.touched(customer.id, day),
            lambda _: host.say(f"{customer.shown}: in touch today. {key_of('app.undo')} takes it back."),
        )

    async def do_work(self) -> None:
        """The most pressing of what is at work with them."""
        customer, host = self._customer(), self._board.fleettui
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
            complaint = next((f"\n{what}" for _, what in text_style.customer_style_mistakes(kept)), "")
            host.say(f"{kept.shown} {done}. {key_of('app.undo')} takes it back.{complaint}")

        host.announce("customers", customer.id if customer else None, typing=True)
        host.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))
