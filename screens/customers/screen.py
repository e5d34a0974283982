"""Customers: whom to reach out to first, and one page with all that concerns each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fleettui.domain.customers import outreach
from fleettui.domain.customers.model import Contact, Customer, Opportunity
from screens.commands.catalogue import bindings
from screens.customers.page import CustomerPage, as_typed
from screens.dialogs.form import Form, FormField, SeenRevision, Values
from screens.shell import links as goto
from screens.shell.board import Board
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, step, title
from screens.widgets.row import Row

CUSTOMER, ADVICE = "customer ", "advice "
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


class CustomersScreen(Board):
    NAME = "customers"
    CONCERNS = frozenset({"customers", "runs", "tickets", "calls", "handbook", "people"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("customers")
    COLUMNS = (
        Column("name", width=22, grow=2),
        Column("tier", width=9, hide=3),
        Column("group", width=11, hide=4),
        Column("writes", width=14, grow=1, hide=1),
        Column("open", width=12, grow=1, hide=2),
    )
    EMPTY = "No customer is on the list yet. Press n to add the first one."

    # The list

    def rows_now(self) -> Sequence[Row]:
        workspace = self.workspace
        gtm = workspace.handbook.gtm
        everyone = [one for one in workspace.customers.by_priority() if one.active]
        rows: list[Row] = []
        for kind in gtm.reach_out:
            found = [one for one in everyone if one.kind == kind.kind]
            heading = f"{kind.name}: the {kind.role} reaches out"
            rows += self._section(heading, [self._row(one) for one in found])
        others = [one for one in everyone if outreach.writer_of(one, gtm) is None]
        gone = [one for one in workspace.customers.all() if not one.active]
        rows += self._section("Of another kind", [self._row(one) for one in others])
        rows += self._section("No longer", [self._row(one) for one in gone])
        return [*rows, *self._section("How we reach out", list(self._advice()))]

    def _section(self, name: str, rows: list[Row]) -> list[Row]:
        return [Row(f"heading {name}", (name,), heading=True), *rows] if rows else []

    def _row(self, one: Customer) -> Row:
        handbook = self.workspace.handbook
        group = handbook.groups.of(one.hosts)
        return Row(
            CUSTOMER + one.id,
            (
                one.shown,
                one.tier,
                (group.name if group else "", "muted"),
                (self._writer(one), "muted"),
                (self._at_work(one), "accent"),
            ),
            style="" if one.active else "muted",
        )

    def _writer(self, one: Customer) -> str:
        """GTM-1, by name where the owner is known."""
        writer = outreach.writer_of(one, self.workspace.handbook.gtm)
        if writer is None:
            return ""
        login = one.owners.get(writer.role, "")
        return self.workspace.people.get(login).shown if login else writer.role

    def _at_work(self, one: Customer) -> str:
        """What is at work with them now."""
        status = outreach.status_of(one, self.workspace.handbook.gtm)
        deals = sum(deal.state == "open" for deal in one.opportunities)
        told = [status.name] if status else []
        told += [f"{deals} deal{'s' if deals > 1 else ''}"] if deals else []
        return " · ".join(told)

    def _advice(self) -> Iterator[Row]:
        gtm = self.workspace.handbook.gtm
        yield Row(ADVICE + "first", ("A first contact", "", "", ("GTM-4", "muted")))
        yield Row(ADVICE + "texts", ("Texts for other systems", "", "", ("GTM-5", "muted")))
        yield Row(
            ADVICE + "sanctions", ("Whom we do no business with", "", "", (gtm.sanctions.rule, "muted"))
        )

    # The page

    def page_of(self, key: str) -> Sequence[Para]:
        kind, _, name = key.partition(" ")
        if kind == "customer":
            one = self.workspace.customers.get(name)
            return list(CustomerPage(self.workspace, one).paras()) if one else ()
        return self._advice_page(name)

    def _advice_page(self, name: str) -> Sequence[Para]:
        gtm = self.workspace.handbook.gtm
        if name == "sanctions":
            return [
                title("Whom we do no business with"),
                BLANK,
                Para(gtm.sanctions.reminder),
                Para(gtm.sanctions.url),
            ]
        told, rows = (
            ("A first contact is personal", gtm.first_contact)
            if name == "first"
            else ("Texts for Salesforce and other systems", gtm.text_rules)
        )
        return [title(told), BLANK, *(step("·", one.text) for one in rows)]

    def looking_at(self, key: str) -> str | None:
        return key.removeprefix(CUSTOMER) if key.startswith(CUSTOMER) else None

    def customer_here(self) -> str:
        return (self.rows.key or "").removeprefix(CUSTOMER) if self._one() else ""

    def _one(self) -> Customer | None:
        key = self.rows.key or ""
        return self.workspace.customers.get(key.removeprefix(CUSTOMER)) if key.startswith(CUSTOMER) else None

    def reveal(self, id_: str, step: str = "") -> None:
        if self.rows.go_to(CUSTOMER + id_):
            self.rows.do_open()

    # Commands

    def why_not(self, command_id: str) -> str | None:
        if command_id.startswith("customers.") and not command_id.endswith(".add") and self._one() is None:
            return "Put the cursor on a customer; n adds one."
        return super().why_not(command_id)

    def do_add(self) -> None:
        names = [name for name in HINTS if name != "active"]
        fields = [FormField(name, label_of(name), "", HINTS[name]) for name in names]

        def save(typed: Values) -> Customer:
            return self.workspace.customers.add(typed.pop("name", ""), **typed)

        self._form("A new customer or prospect", fields, "customers add", save, "is on the list")

    def do_edit(self) -> None:
        one = self._one()
        if one is None:
            return
        values = as_typed(one, HINTS)
        fields = [FormField(name, label_of(name), values[name], HINTS[name]) for name in HINTS]
        seen = SeenRevision(one)
        self._form(
            f"Change {one.shown}",
            fields,
            f"customers edit {one.id}",
            lambda typed: self.workspace.customers.edit(one.id, typed, seen=seen.rev),
            "is saved",
            stale=lambda: seen.renew(self.workspace.customers.get(one.id)),
        )

    def do_contact(self) -> None:
        one = self._one()
        if one is not None:
            self._choose(one, "contact", [contact.email or contact.name for contact in one.contacts])

    def do_deal(self) -> None:
        one = self._one()
        if one is not None:
            self._choose(one, "opportunity", [deal.name for deal in one.opportunities])

    def _choose(self, one: Customer, kind: str, names: list[str]) -> None:
        """One of those there are, or a new one."""
        if not names:
            self._part(one.id, kind, "")
            return
        from screens.customers.page import PartPicker

        def chosen(name: str | None) -> None:
            if name is not None:
                self._part(one.id, kind, name.removeprefix("part "))

        self.app.push_screen(PartPicker(kind, names), chosen)

    def _part(self, id_: str, kind: str, name: str) -> None:
        one = self.workspace.customers.get(id_)
        if one is None:
            return
        verbs = self.workspace.customers
        old: Contact | Opportunity | None
        if kind == "contact":
            hints = CONTACT_HINTS
            old = next((c for c in one.contacts if name and name in (c.email, c.name)), None)
        else:
            hints = DEAL_HINTS
            old = next((o for o in one.opportunities if o.name == name), None)
        values = as_typed(old, hints) if old else {}
        fields = [FormField(key, label_of(key), values.get(key, ""), hint) for key, hint in hints.items()]

        def save(typed: Values) -> Customer:
            key = name or typed.get("email", "") or typed.get("name", "")
            if kind == "contact":
                return verbs.contact(id_, key, typed)
            return verbs.opportunity(id_, key, typed)

        self._form(
            f"{kind.capitalize()} {name or 'of'} {one.shown}".strip(),
            fields,
            f"customers {kind} {id_} {name}".strip(),
            save,
            "is saved",
        )

    def do_touched(self) -> None:
        one = self._one()
        if one is not None:
            day = self.workspace.now().astimezone(self.workspace.zone).date()
            id_, shown = one.id, one.shown
            self.fleettui.write(
                lambda: self.workspace.customers.touched(id_, day),
                lambda _: self.fleettui.say(f"{shown}: in touch today. u takes it back."),
            )

    async def do_work(self) -> None:
        """The most pressing of what is at work with them."""
        one = self._one()
        if one is None:
            return
        from screens.customers.page import WorkPicker

        picker = WorkPicker(self.workspace, one)
        if not picker.choices():
            self.fleettui.say(f"Nothing is at work with {one.shown} now.")
            return

        async def chosen(key: str | None) -> None:
            if key is not None:
                kind, _, id_ = key.partition(" ")
                await goto.reveal(self.fleettui, kind, id_)

        self.app.push_screen(picker, chosen)

    def _form(
        self,
        name: str,
        fields: list[FormField],
        about: str,
        save: Callable[[Values], Customer],
        said: str,
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        def saved(one: Any) -> None:
            self.rows.go_to(CUSTOMER + one.id)
            troubles = [what for _, what in outreach.text_complaints(one)]
            more = f"\n{troubles[0]}" if troubles else ""
            self.fleettui.say(f"{one.shown} {said}. u takes it back.{more}")

        self.fleettui.present(self.NAME, self.customer_here() or None, typing=True)
        self.app.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))


def label_of(name: str) -> str:
    return {
        "email": "E-mail",
        "linkedin": "LinkedIn",
        "phone_kind": "Kind of phone",
        "zone": "Time zone",
        "channel": "Slack",
        "active": "Still one",
        "owners": "Owners",
        "next_step_due": "By",
    }.get(name, name.replace("_", " ").capitalize())
