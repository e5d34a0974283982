"""Forms help while one types: what is read is said with its weekday, what is known is completed and can be chosen, and what
cannot be saved is red once the field is left, all of it at once on saving."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.dialogs.entries import FormField
from screens.dialogs.field_choices import (
    known_attendees,
    known_people,
    known_zones,
    read_customer,
    read_day,
    read_moment,
)
from screens.dialogs.form import FieldInput, Form
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until

pytestmark = pytest.mark.slow


def shown(app: FleettuiApp) -> Any:
    return app.run_test(size=SMALL, notifications=True)


async def open_form(pilot: Pilot[Any], *fields: FormField, save: Any = lambda typed: None) -> Form:
    form = Form("A form", [*fields, FormField("other", "Other")], about="a form", save=save)
    await see(pilot, "1 Today")
    await pilot.app.push_screen(form)
    await wait_until(pilot, lambda: pilot.app.screen is form and pilot.app.focused)
    return form


def about(app: FleettuiApp, name: str) -> Static:
    return app.screen.query_one(f"#about-{name}", Static)


def entry(app: FleettuiApp, name: str) -> FieldInput:
    return app.screen.query_one(f"#field-{name}", FieldInput)


async def test_a_day_is_read_back_with_its_weekday_while_it_is_typed(
    app: FleettuiApp, workspace: Workspace
) -> None:
    field = FormField("first", "First day", hint="fri, 2026-03-09", reads=read_day(workspace))
    async with shown(app) as pilot:
        await open_form(pilot, field)
        await pilot.press(*"fri")
        await see(pilot, "= Fri 13 Mar")
        await pilot.press("ctrl+u", *"in 3 d")
        await see(pilot, "= Thu 12 Mar")
        await pilot.press("ctrl+u", *"2027-03-12")
        await see(pilot, "= Fri 12 Mar 2027")


async def test_a_time_is_read_back_with_its_zone_and_how_far_it_is(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("start", "When", reads=read_moment(workspace)))
        await pilot.press(*"fri 9:30")
        await see(pilot, "= Fri 13 Mar 09:30 PDT, in 4 days")


async def test_what_is_wrong_is_red_only_once_the_field_is_left_and_goes_while_it_is_mended(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("first", "First day", reads=read_day(workspace)))
        await pilot.press(*"frx")
        await see(pilot, "… 'frx' is not a day")
        assert not about(app, "first").has_class("-wrong")
        await pilot.press("tab")
        await see(pilot, "↑ 'frx' is not a day")
        assert about(app, "first").has_class("-wrong")
        await pilot.press("shift+tab", "backspace", "i")
        await see(pilot, "= Fri 13 Mar")
        assert not about(app, "first").has_class("-wrong")
        await pilot.press("tab")
        await wait_until(pilot, lambda: "Fri 13 Mar" not in text_of(app))


async def test_what_stood_there_before_is_not_questioned(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("first", "First day", "some day", reads=read_day(workspace)))
        await pilot.press("tab")
        await pilot.pause()
        assert "not a day" not in text_of(app)


async def test_all_that_is_wrong_is_said_at_once_also_where_saving_stops_at_the_first(
    app: FleettuiApp, workspace: Workspace
) -> None:
    """The days off of a person: two days and whoever covers; the action reads one after the other."""
    async with shown(app) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("6", *BY_ID["team.away"].keys.split(","))
        await see(pilot, "Who covers")
        entry(app, "first").value = "smarch"
        entry(app, "last").value = "1 smarch"
        await pilot.press("ctrl+s")
        await see(pilot, "Not saved")
        lines = [line for line in lines_of(app) if "is not a day" in line]
        assert len([line for line in lines if "'smarch'" in line]) == 1
        assert len([line for line in lines if "'1 smarch'" in line]) == 1


async def test_a_name_is_completed_in_its_field_and_the_right_arrow_takes_it(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("who", "Who", known=known_people(workspace), several=True))
        await see(pilot, "Ctrl+T shows all")
        await pilot.press(*"KA")
        await see(pilot, "KAthy")
        await pilot.press("right", *", al")
        await see(pilot, "kathy, alex")
        await pilot.press("right")
        assert entry(app, "who").value == "kathy, alex"


async def test_ctrl_t_shows_all_that_is_known_and_what_is_picked_joins_several(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("who", "Who", known=known_people(workspace), several=True))
        await pilot.press("ctrl+t", *"hughes", "enter")
        await wait_until(pilot, lambda: entry(app, "who").value == "taylor")
        await pilot.press("ctrl+t", *"alex", "enter")
        await wait_until(pilot, lambda: entry(app, "who").value == "taylor, alex")
        await pilot.press(*", ka", "ctrl+t", *"satterlee", "enter")
        await wait_until(pilot, lambda: entry(app, "who").value == "taylor, alex, kathy")


async def test_zones_of_the_team_come_first_and_ctrl_t_chooses_among_all(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("6", *BY_ID["team.edit"].keys.split(","))
        await see(pilot, "Time zone")
        entry(app, "zone").focus()
        entry(app, "zone").value = ""
        await pilot.press("ctrl+t", *"lisb", "enter")
        await wait_until(pilot, lambda: entry(app, "zone").value == "Europe/Lisbon")
    zones = known_zones(workspace)()
    assert zones[0][0] == "America/Los_Angeles"
    assert len(zones) == len({zone for zone, _ in zones}) > 300


async def test_ctrl_t_opens_the_choices_of_a_closed_field_and_says_where_there_are_none(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, FormField("kind", "Kind", choices=(("a", "first"), ("b", "second"))))
        await pilot.press("ctrl+t", *"second", "enter")
        await wait_until(pilot, lambda: entry(app, "kind").value == "b")
        await pilot.press("tab", "ctrl+t")
        await see(pilot, "nothing to choose")


async def test_a_customer_of_the_list_is_said_and_a_name_like_one_is_offered(
    app: FleettuiApp, workspace: Workspace
) -> None:
    workspace.customers.add("Northwind Robotics", tier="Ultimate")
    async with shown(app) as pilot:
        await open_form(pilot, FormField("customer", "Customer", reads=read_customer(workspace)))
        await pilot.press(*"northw")
        await see(pilot, "= Northwind Robotics, Ultimate")
        await pilot.press("ctrl+u", *"Nortwind Robotics")
        await see(pilot, "Ctrl+T takes Northwind Robotics")
        await pilot.press("ctrl+t")
        await wait_until(pilot, lambda: entry(app, "customer").value == "Northwind Robotics")
        await pilot.press("ctrl+u", *"Zebra")
        await see(pilot, "= not on the list")


def test_people_at_customers_are_known_by_their_addresses(workspace: Workspace) -> None:
    customer = workspace.customers.add("Acme")
    workspace.customers.contact(customer.id, "dana@acme.example", {"name": "Dana Whitlock"})
    assert ("dana@acme.example", "Dana Whitlock, Acme") in known_attendees(workspace)()
