"""Customers, as somebody of the demo's team has it at 80x24 and wider."""

from __future__ import annotations

from pathlib import Path

from screens.app import FleettuiApp
from screens.customers.pickers import WorkPicker
from screens.customers.row_keys import AdviceKey, CustomerKey
from screens.dialogs.form import FieldInput, Form
from screens.playbooks.row_keys import RunKey
from screens.today.row_keys import ItemKey
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.demo_team import go_to, home, running, session, typed

__all__ = ["home"]


async def test_one_key_leads_to_the_customer_from_wherever_it_is_shown(home: Path) -> None:
    run = running(home, "jonah", "close-a-deal")
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("at")
        shown = await see(pilot, "Halden first year")
        assert "▸7 Customers" in shown
        assert "Prospect, ready for sales" in shown
        await pilot.press("1")
        await see(pilot, "Now ──")
        item = next(item for item in app.workspace.agenda.items() if item.id == run.id and item.mine)
        await go_to(pilot, ItemKey(item.key))
        await pilot.press("at")
        await see(pilot, "▸7 Customers")


async def test_where_no_customer_is_shown_one_is_chosen(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("6")
        await see(pilot, "▸6 Team")
        await pilot.press("at")
        await see(pilot, "For which customer?")
        await pilot.press(*"lumen", "enter")
        shown = await see(pilot, "Claire Aubin")
        assert "(landline)" in shown


async def test_gtm_1_and_gtm_4_who_reaches_out_and_the_advice_for_a_first_contact(home: Path) -> None:
    async with FleettuiApp(session(home, "priya")).run_test(size=(160, 40)) as pilot:
        await pilot.press("7")
        await see(pilot, "Customer: the CSM reaches out")
        customer = session(home, "priya").customers.find("Quillmark")
        await go_to(pilot, CustomerKey(customer.id))
        await see(pilot, "Praise something that is good about them.")


async def test_gtm_5_a_text_that_does_not_read_well_is_saved_and_said(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=(160, 40), notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(session(home, "jonah").customers.find("Oakline").id))
        await pilot.press("e")
        await typed(pilot, "note", "Talk About The Renewal Tomorrow")
        await see(pilot, "only the first word and names")
        await see(pilot, "Texts to mend")


async def test_a_refused_field_is_named_below_it(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, Form))
        app.screen.query_one("#field-name", FieldInput).value = "New Shores"
        await typed(pilot, "lead_status", "warm")
        await see(pilot, "↑ 'warm' is not one of")


async def test_contacts_and_opportunities_are_added_and_changed(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=(160, 40), notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(session(home, "jonah").customers.find("Paperlane").id))
        await pilot.press("A")
        await typed(pilot, "email", "asha@paperlane.example")
        await see(pilot, "· asha@paperlane.example")
        await pilot.press("dollar_sign")
        await typed(pilot, "name", "Paperlane upgrade")
        await see(pilot, "Paperlane upgrade (open)")
        await pilot.press("dollar_sign")
        await see(pilot, "+ a new opportunity")
        await pilot.press("enter")
        await typed(pilot, "state", "won")
        await see(pilot, "Paperlane upgrade (won)")


async def test_a_key_that_needs_a_customer_says_so(home: Path) -> None:
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, AdviceKey("sanctions"))
        for key in ("e", "A", "dollar_sign", "d", "o"):
            await pilot.press(key)
            await see(pilot, "Put the cursor on a customer; n adds one.")
            await pilot.press("escape")


async def test_being_in_touch_is_written_down_with_one_key(home: Path) -> None:
    jonah = session(home, "jonah")
    customer = jonah.customers.find("Oakline")
    async with FleettuiApp(jonah).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(customer.id))
        await pilot.press("d")
        await see(pilot, "Oakline Schools: in touch today.")
    assert str(session(home, "jonah").customers.find("Oakline").last_contact) == "2026-03-09"


async def test_work_with_a_customer_is_gone_to(home: Path) -> None:
    run = running(home, "jonah", "close-a-deal")
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(run.customer))
        await pilot.press("o")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, WorkPicker))
        await pilot.press(*run.id.lower().replace("-", "")[1:], "enter")
        await see(pilot, f"{run.id} Close a new customer deal")


async def test_an_edit_over_somebody_elses_is_refused_until_it_is_meant(home: Path) -> None:
    customer = session(home, "jonah").customers.find("Oakline")
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(customer.id))
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, Form))
        session(home, "wen").customers.edit(customer.id, {"hosts": "77"})
        await typed(pilot, "hosts", "88")
        await wait_until(pilot, lambda: "77" in text_of(pilot.app))
        await pilot.press("ctrl+s")
        await see(pilot, "is saved")
    assert session(home, "jonah").customers.find("Oakline").hosts == 88
