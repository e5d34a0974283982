"""`/` on the screens: one language, what is offered while one types, and what one searched for before."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from fleettui.domain.customers.model import Customer
from fleettui.workspace.collections import CUSTOMERS
from fleettui.workspace.searches import Searcher
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.playbooks import filtering
from screens.shell import searching
from screens.widgets.filter_line import FilterLine
from tests.screens.conftest import PATIENCE, SMALL, lines_of, see, wait_until
from tests.screens.triage.conftest import press_and_see
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

pytestmark = pytest.mark.slow


@pytest.fixture
def team(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme Robotics", tier="Ultimate", hosts=4000)
    workspace.customers.add("Quiet Ltd", tier="Premium", hosts=10)
    return workspace


def line_of(pilot: Pilot[Any]) -> FilterLine:
    return pilot.app.screen.query_one(FilterLine)


async def test_fields_are_searched_on_another_screen_than_triage(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", *"hosts:>1000")
        await wait_until(pilot, lambda: "Quiet Ltd" not in "\n".join(lines_of(pilot.app)))
        await see(pilot, "Acme Robotics")
        await press_and_see(pilot, "Quiet Ltd", "escape")


async def test_fields_and_values_are_offered_and_tab_takes_them(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await press_and_see(pilot, "Tab tier: the contract", "slash", *"ti")
        await press_and_see(pilot, "Tab tier:Free", "tab")
        await press_and_see(pilot, "Tab tier:Ultimate", "u")
        await pilot.press("tab")
        await wait_until(pilot, lambda: line_of(pilot).value == "tier:Ultimate ")
        await wait_until(pilot, lambda: "Quiet Ltd" not in "\n".join(lines_of(pilot.app)))


async def test_what_is_wrong_is_underlined_with_the_reason_and_hides_nothing(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await press_and_see(pilot, "✗ is: 'cake' is not one of active", "slash", *"is:cake ")
        await see(pilot, "Quiet Ltd")
        strip = line_of(pilot).render_line(0)
        underlined = "".join(
            segment.text for segment in strip if segment.style is not None and segment.style.underline
        )
        assert underlined == "is:cake"


async def test_slash_begins_anew_and_up_brings_past_searches_also_in_another_session(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", *"tier:prem", "enter", "slash")
        await wait_until(pilot, lambda: line_of(pilot).value == "")
        await pilot.press(*"acme", "enter")
        await wait_until(pilot, lambda: team.searches.past.of("customers") == ["acme", "tier:prem"])
    again = Workspace.open(team.home, clock=team.clock, login="kathy")
    async with FleettuiApp(again).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", "up")
        await wait_until(pilot, lambda: line_of(pilot).value == "acme")
        await pilot.press("up", "up")
        await wait_until(pilot, lambda: line_of(pilot).value == "tier:prem")
        await pilot.press("down", "down")
        await wait_until(pilot, lambda: line_of(pilot).value == "")


@pytest.fixture
def many(team: Workspace) -> Workspace:
    """With 2,000 customers more."""

    def making(id_: str, number: int) -> Callable[[Customer | None], Customer]:
        return lambda _: Customer(id=id_, name=f"Customer {number:04}", tier="Ultimate", hosts=number)

    edits = {f"C-{5000 + number}": making(f"C-{5000 + number}", number) for number in range(2000)}
    team.store.change_many(CUSTOMERS, edits, team.session.stamp("customers.add"))
    return team


class Judging:
    """Searches of customers beside the event loop: each waits at its first row until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.may_go_on: dict[str, Event] = defaultdict(Event)
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.on_loop: list[str] = []
        self._loop, self._tester = get_ident(), Searcher.tester
        patch.setattr(Searcher, "tester", lambda searcher, typed: self._slow(searcher, typed))

    def _slow(self, searcher: Searcher[Any], typed: str) -> Callable[[Any, str], bool]:
        matches = self._tester(searcher, typed)
        if not typed or ":" in typed:  # of a view, whose rows are counted
            return matches
        if get_ident() == self._loop:
            self.on_loop.append(typed)
            return matches
        self.begun.append(typed)
        assert self.may_go_on[typed].wait(PATIENCE)
        self.ended.append(typed)
        return matches

    def let_go(self) -> None:
        for typed in self.begun:
            self.may_go_on[typed].set()


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Judging]:
    made = Judging(monkeypatch)
    yield made
    made.let_go()


async def type_into(app: FleettuiApp, *keys: str) -> None:
    """Without waiting for what the keys begin, as `Pilot.press` does."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.sleep(0)


async def test_keys_are_answered_while_2000_customers_are_searched_and_the_newest_letter_wins(
    many: Workspace, judging: Judging
) -> None:
    app = FleettuiApp(many)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Acme Robotics", "7")
        await pilot.press("slash")
        every = len(app.base_screen.rows.listing.shown)
        await type_into(app, *"199")
        await until(lambda: "199" in judging.begun)  # one that is overtaken before its turn is not begun
        line = line_of(pilot)
        assert (line.value, judging.ended) == ("199", [])
        below = app.base_screen.rows.listing.cursor
        await type_into(app, "down")
        await until(lambda: app.base_screen.rows.listing.cursor == below + 1)
        await type_into(app, "7")
        await until(lambda: "1997" in judging.begun and line.value == "1997")
        assert len(app.base_screen.rows.listing.shown) == every, "nothing is shown of a search that goes on"
        judging.may_go_on["1997"].set()
        await until(lambda: names_shown(app) == ["Customer 1997"])
        judging.let_go()
        await until(lambda: len(judging.ended) == len(judging.begun))
        await pilot.pause()
        assert names_shown(app) == ["Customer 1997"], "an older letter must not take it back"
        assert judging.on_loop == []


@pytest.mark.parametrize("key", "123567")
async def test_every_screen_searches_a_long_list_beside_the_event_loop(
    team: Workspace, judging: Judging, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """By what the screens share. The queue has a search of its own (`tests/screens/triage`)."""
    monkeypatch.setattr(searching, "MANY", 0)
    app = FleettuiApp(team)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press(key, "slash")
        await type_into(app, "x")
        await until(lambda: judging.begun == ["x"])
        judging.let_go()
        await until(lambda: app.base_screen.rows.listing.filter_text == "x")
        app.base_screen.fill()
        await until(lambda: len(judging.ended) > 1)
        assert judging.on_loop == []


async def test_enter_waits_for_what_is_found_and_the_next_key_with_it(
    many: Workspace, judging: Judging
) -> None:
    app = FleettuiApp(many)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Acme Robotics", "7")
        await pilot.press("slash")
        await type_into(app, *"1997")
        await until(lambda: "1997" in judging.begun)
        await type_into(app, "enter", "m")
        rows = app.base_screen.rows
        for _ in range(5):
            await asyncio.sleep(0.01)
        assert (rows.has_focus, rows.listing.marked) == (False, [])
        judging.let_go()
        await until(lambda: rows.listing.marked == [rows.key] and rows.has_focus)
        assert names_shown(app) == ["Customer 1997"]
        assert judging.on_loop == []


async def test_others_changes_are_searched_beside_the_event_loop_while_what_was_found_stays(
    many: Workspace, judging: Judging
) -> None:
    app = FleettuiApp(many)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Acme Robotics", "7")
        await pilot.press("slash")
        await type_into(app, *"1997")
        await until(lambda: "1997" in judging.begun)
        judging.let_go()
        await until(lambda: names_shown(app) == ["Customer 1997"])
        judging.may_go_on["1997"].clear()
        many.customers.add("Customer 1997 again", tier="Free", hosts=3)
        app.base_screen.fill()
        await until(lambda: judging.begun.count("1997") >= 2)  # the change is noticed, too
        assert names_shown(app) == ["Customer 1997"]
        judging.let_go()
        await until(lambda: sorted(names_shown(app)) == ["Customer 1997", "Customer 1997 again"])
        assert judging.on_loop == []


@pytest.mark.parametrize(("screen", "inside"), [("calls", "C-"), ("playbooks", "P-")])
async def test_the_inside_of_a_row_is_searched_beside_the_event_loop(
    tmp_path: Path, judging: Judging, monkeypatch: pytest.MonkeyPatch, screen: str, inside: str
) -> None:
    demo = Workspace.open(
        make_home(tmp_path / "home", MONDAY_MORNING, demo=True), clock=lambda: MONDAY_MORNING
    )
    for module in (searching, filtering):
        monkeypatch.setattr(module, "MANY", 0)
    app = FleettuiApp(demo)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press({"calls": "3", "playbooks": "5"}[screen], "enter")
        await until(lambda: app.base_screen.inside.startswith(inside))
        await pilot.press("slash")
        await type_into(app, "e")
        await until(lambda: judging.begun == ["e"])
        judging.let_go()
        await until(lambda: app.base_screen.rows.listing.filter_text == "e")
        assert app.base_screen.rows.listing.shown
        assert judging.on_loop == []


def names_shown(app: FleettuiApp) -> list[str]:
    shown = app.base_screen.rows.listing.shown
    return [str(row.cells[0]) for row in shown if not row.heading]


async def until(holds: Callable[[], object]) -> None:
    """`wait_until` waits for searches too, and these are held back."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never so")
