"""The palette finds everything: commands by any of their names, tickets, customers, people, calls, rituals, runs, views,
settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fleettui import access
from fleettui.access import Access
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.also import ALSO
from screens.commands.catalogue import BY_ID
from screens.dialogs import finder as finder_module
from screens.dialogs.palette import Palette
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    home = make_home(tmp_path / "demo", MONDAY_MORNING, demo=True)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


def rows_of(app: FleettuiApp) -> list[str]:
    """The keys that the palette lists."""
    assert isinstance(app.screen, Palette)
    rows: Rows[str] = app.screen.query_one(Rows)
    keys: list[str] = []
    rows.do_top()
    while rows.key is not None and rows.key not in keys:
        keys.append(rows.key)
        rows.do_down()
    rows.do_top()
    return keys


def is_in_front(app: FleettuiApp, name: str) -> bool:
    return name == app.base_screen.NAME and app.screen is app.base_screen


def lists_only(app: FleettuiApp, kinds: set[str]) -> bool:
    return {key.partition(":")[0] for key in rows_of(app)} == kinds


async def look_for(pilot: Pilot[int], typed: str, first: str) -> None:
    await pilot.press("ctrl+p", *typed)
    await wait_until(pilot, lambda: pilot.app.screen.query_one(Rows).key == first)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("close", "command:triage.resolve"),
        ("search", "command:board.filter"),
        ("report", "command:go.team"),
        ("quit", "command:app.leave"),
        ("reslove", "command:triage.resolve"),
        (">team", "command:go.team"),
        ("light", "setting:theme.light"),
        ("unassigned", "view:unassigned"),
        ("@kathy", "person:kathy"),
    ],
)
async def test_everything_is_found_by_what_people_call_it(
    workspace: Workspace, typed: str, first: str
) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, typed, first)


async def test_a_ticket_is_found_by_its_subject_and_opened(workspace: Workspace) -> None:
    ticket = workspace.tickets.all()[0]
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, f"#{ticket.subject.lower()}", f"ticket:{ticket.id}")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage" and app.base_screen.is_open)
        assert app.base_screen.key == ticket.id
        await see(pilot, ticket.subject[:30])


@pytest.mark.parametrize("form", ["{id}", "{small}", "{number}", "#{number}"])
async def test_a_bare_ticket_id_is_the_first_row(workspace: Workspace, form: str) -> None:
    ticket = workspace.tickets.all()[-1]
    typed = form.format(id=ticket.id, small=ticket.id.lower(), number=ticket.id[2:])
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("colon", *typed, "enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage" and app.base_screen.is_open)
        assert app.base_screen.key == ticket.id


async def test_customers_people_calls_rituals_and_runs_are_opened_where_they_are_shown(
    workspace: Workspace,
) -> None:
    customer = workspace.customers.all()[0]
    call, ritual, run = workspace.calls.all()[0], workspace.rituals.all()[0], workspace.playbooks.all()[0]
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        for typed, key, screen in (
            (f"@{customer.shown}", f"customer:{customer.id}", "customers"),
            ("@kathy", "person:kathy", "team"),
            (call.id, f"call:{call.id}", "calls"),
            (ritual.id, f"ritual:{ritual.id}", "rituals"),
            (run.id, f"playbook:{run.id}", "playbooks"),
        ):
            await look_for(pilot, typed, key)
            await pilot.press("enter")
            await wait_until(pilot, partial(is_in_front, app, screen))


async def test_a_view_is_shown_and_a_setting_set(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, "unassigned", "view:unassigned")
        await pilot.press("enter")
        await see(pilot, "Unassigned")
        assert app.base_screen.NAME == "triage"
        await look_for(pilot, "light", "setting:theme.light")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.theme == "light")


async def test_what_was_chosen_lately_stands_first_in_every_session(workspace: Workspace) -> None:
    ticket = workspace.tickets.all()[1]
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, ticket.id, f"ticket:{ticket.id}")
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage" and app.base_screen.is_open)
    other = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    second = FleettuiApp(other)
    async with second.run_test(size=SMALL) as pilot:
        await look_for(pilot, "", f"ticket:{ticket.id}")
        assert rows_of(second)[1].startswith("command:")


async def test_prefixes_list_one_kind(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        for prefix, kinds in (
            (">", {"command", "setting"}),
            ("#", {"ticket"}),
            ("@", {"customer", "person"}),
        ):
            await pilot.press("ctrl+p", prefix)
            await wait_until(pilot, partial(lists_only, app, kinds))
            await pilot.press("escape")


async def test_enter_takes_what_was_typed_however_long_the_search_takes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters go into the line while the search is still at work, and Enter waits for it."""
    go_on, keys = threading.Event(), finder_module.Finder.keys

    def slow(self: finder_module.Finder, typed: str, commands: object) -> list[str]:
        if typed:
            go_on.wait(60)
        return keys(self, typed, commands)  # type: ignore[arg-type]

    monkeypatch.setattr(finder_module.Finder, "keys", slow)
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+p", *"go customers")
        await see(pilot, "go customers")
        go_on.set()
        await pilot.press("backspace", *"s", "enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "customers")


@pytest.fixture
def restricted(workspace: Workspace) -> Iterator[None]:
    access.settle(Access("team", restricted=True, home=workspace.home))
    yield
    access.forget()


@pytest.mark.usefixtures("restricted")
async def test_what_a_restricted_account_may_never_do_is_not_listed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(access, "account_folder", lambda: tmp_path)
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3", "ctrl+p", *">take in")
        await wait_until(pilot, lambda: app.screen.is_modal and rows_of(app))
        assert "command:calls.take_in" not in rows_of(app)


async def test_rows_are_whole_lines_and_say_their_kind(workspace: Workspace) -> None:
    ticket = workspace.tickets.all()[0]
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, ticket.id, f"ticket:{ticket.id}")
        line = next(line for line in lines_of(app) if ticket.id in line and "ticket" in line)
        assert ticket.subject[:40] in line
        await pilot.press(*" no such thing at all")
        await wait_until(pilot, lambda: "Nothing has a name like that" in text_of(app))


def test_other_words_belong_to_commands_that_there_are() -> None:
    assert set(ALSO) <= set(BY_ID)
