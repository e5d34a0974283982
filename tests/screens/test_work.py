"""Today, Playbooks and Customers, as somebody of the demo's team has them at 80x24 and wider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.customers.keys import CustomerKey
from screens.dialogs.form import FieldInput, Form
from screens.playbooks.keys import FactKey, PlaybookKey, RunKey, StepKey
from screens.shell.runs import RunWords
from screens.today.keys import FirstStepKey, ItemKey, WorkloadKey
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

CLOCK = frozen_clock(MONDAY_MORNING)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", MONDAY_MORNING, demo=True)


def session(home: Path, login: str) -> Workspace:
    return Workspace.open(home, clock=CLOCK, login=login)


def running(home: Path, login: str, name: str) -> PlaybookRun:
    runs = session(home, login).playbooks.all()
    return next(run for run in runs if run.open and run.playbook == name)


async def go_to(pilot: Pilot[Any], key: Any) -> None:
    app = pilot.app
    rows = app.screen.query_one(Rows)
    await wait_until(pilot, lambda: rows.go_to(key))
    await pilot.pause()


async def typed(pilot: Pilot[Any], field: str, text: str) -> None:
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, Form))
    await wait_until(pilot, lambda: pilot.app.screen.query(f"#field-{field}"))
    pilot.app.screen.query_one(f"#field-{field}", FieldInput).value = text
    await pilot.press("ctrl+s")


# Playbooks


async def test_my_turn_stands_first_and_progress_is_drawn(home: Path) -> None:
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL) as pilot:
        await pilot.press("5")
        shown = await see(pilot, "Your turn")
        first = shown.index("Your turn"), shown.index("Send a quote"), shown.index("On their way")
        assert first == tuple(sorted(first))
        assert "▰▰▰▰▱▱▱▱ 2/4" in shown
        assert "Begin one: n" in shown


def test_the_list_says_whose_turn_it_is_and_what_became_of_a_closed_one(home: Path) -> None:
    workspace = session(home, "salma")
    words, run = RunWords(workspace), running(home, "salma", "send-a-quote")
    assert words.turn(run) == workspace.people.get("salma").shown
    assert words.turn(workspace.playbooks.cancel(run.id, "not wanted")) == "cancelled 09:00"


async def test_an_approval_is_given_where_it_stands_and_the_next_has_the_turn(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await see(pilot, f"{run.id} Send a quote")
        await pilot.press("space")
        await see(pilot, "Done: Approve it before it leaves.")
    assert session(home, "wen").playbooks.my_turn(session(home, "wen").playbooks.find(run.id)) == [
        "send-quote"
    ]


async def test_who_may_not_approve_is_told_who_may(home: Path) -> None:
    run = running(home, "jonah", "send-a-quote")
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("approval"))
        await pilot.press("space")
        await see(pilot, "only CRO approves this")


async def test_a_playbook_is_begun_for_a_customer_and_says_the_reminder(home: Path) -> None:
    """GTM-6"""
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, PlaybookKey("send-a-quote"))
        await pilot.press("n")
        await see(pilot, "for which customer?")
        await pilot.press(*"quill", "enter")
        shown = await see(pilot, "in a sanctioned country")
        assert "Send a quote · Quillmark Press" in shown
        assert "? What is to be sent? not answered yet" in shown
        await go_to(pilot, FactKey("special-terms"))
        await pilot.press("space")
        await see(pilot, "Answered: yes.")
        await pilot.press("space")
        await see(pilot, "⊘ Ask legal")


async def test_a_beginning_that_is_taken_back_leads_out_again(home: Path) -> None:
    async with FleettuiApp(session(home, "tobias")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, PlaybookKey("docs-search-crawler"))
        await pilot.press("n")
        await see(pilot, "Sign in to the crawler")
        await pilot.press("u")
        await see(pilot, "Took back “begun”")
        await see(pilot, "Begin one")


async def test_what_has_to_be_written_down_is_asked_for_before_the_tick(home: Path) -> None:
    wen = session(home, "wen")
    run = wen.playbooks.start("PLAY-1", "Oakline")
    app = FleettuiApp(wen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("introduction"))
        await pilot.press("space")
        await typed(pilot, "new-name", "Robin Vale")
        await see(pilot, "Space ticks it")
        await pilot.press("space")
        await see(pilot, "Done: Get an introduction")
        await pilot.press("escape")
        await see(pilot, "▰▱▱▱▱▱▱▱ 1/8")


async def test_a_step_is_left_out_with_its_reason_and_taken_back(home: Path) -> None:
    tobias = session(home, "tobias")
    run = tobias.playbooks.start("PLAY-12")
    app = FleettuiApp(tobias)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("check"))
        await pilot.press("x")
        await typed(pilot, "why", "nobody searches at night")
        await see(pilot, "Left out.")
        await pilot.press("u")
        await see(pilot, "Took back “left out”")


async def test_a_steps_text_is_copied_and_shown_and_a_hand_over_reaches_the_other(home: Path) -> None:
    wen = session(home, "wen")
    run = wen.playbooks.start("PLAY-1", "Oakline")
    app = FleettuiApp(wen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("introduction"))
        await pilot.press("t")
        await see(pilot, "Hi Gus")
        await pilot.press("escape")
        await go_to(pilot, StepKey("introduction"))
        await pilot.press("w")
        await see(pilot, "to whom?")
        await pilot.press(*"mara", "enter")
        await wait_until(
            pilot, lambda: any("Get an intro" in line and "Mara" in line for line in lines_of(pilot.app))
        )
    assert session(home, "mara").playbooks.my_turn(session(home, "mara").playbooks.find(run.id)) == [
        "introduction"
    ]


async def test_a_step_that_begins_a_call_leads_there_afterwards(home: Path) -> None:
    """CALL-12"""
    run = running(home, "jonah", "close-a-deal")
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("handoff-call"))
        await pilot.press("o")
        await see(pilot, "Begun: call")
        await pilot.press("o")
        await wait_until(pilot, lambda: app.base_screen.NAME == "calls")


async def test_what_another_session_ticks_is_seen_at_once(home: Path) -> None:
    run = running(home, "jonah", "close-a-deal")
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("5")
        await see(pilot, "Your turn")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await see(pilot, " 9/37")
        session(home, "noor").playbooks.tick(run.id, "contract-filed")
        await see(pilot, " 10/37")


async def test_a_broken_file_is_named_among_the_others(home: Path) -> None:
    (home / "handbook" / "playbooks" / "ours.json").write_text('{"id": "ours"}')
    async with FleettuiApp(session(home, "jonah")).run_test(size=SMALL) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await pilot.press("G")
        await see(pilot, "✗ handbook/playbooks/ours.json")


async def test_keys_that_cannot_act_say_why(home: Path) -> None:
    async with FleettuiApp(session(home, "tobias")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, PlaybookKey("send-a-quote"))
        for key, refusal in (("x", "Put the cursor on a step"), ("X", "on its way"), ("space", "on its way")):
            await pilot.press(key)
            await see(pilot, refusal)


# Today


async def test_today_is_by_the_time_that_is_left_and_done_with_one_key(home: Path) -> None:
    workspace = session(home, "kathy")
    mine = [item for item in workspace.today.items() if item.mine and item.wants]
    ticked = next(item for item in mine if item.does == "tick")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, ItemKey(ticked.key))
        await pilot.press("space")
        await see(pilot, "Done:")
        await wait_until(pilot, lambda: not app.screen.query_one(Rows).go_to(ItemKey(ticked.key)))


async def test_enter_opens_each_thing_where_it_is_at_home(home: Path) -> None:
    workspace = session(home, "kathy")
    seen: set[str] = set()
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for item in [item for item in workspace.today.items() if item.mine]:
            if item.kind in seen or item.kind == "on call":
                continue
            seen.add(item.kind)
            await pilot.press("1")
            await see(pilot, "Now ──")
            await go_to(pilot, ItemKey(item.key))
            await pilot.press("enter")
            await wait_until(pilot, lambda: app.base_screen.NAME != "today")
            await wait_until(pilot, lambda: "not on this list" not in text_of(app))
    assert {"playbook", "ritual"} <= seen


async def test_the_teams_at_a_glance_opens_into_what_each_has(home: Path) -> None:
    async with FleettuiApp(session(home, "kathy")).run_test(size=SMALL) as pilot:
        await see(pilot, "Now ──")
        await go_to(pilot, WorkloadKey("noor"))
        await pilot.press("enter")
        await see(pilot, "Review the draft")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)], ids=str)
async def test_all_three_screens_stand_at_every_size(home: Path, size: tuple[int, int]) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=size) as pilot:
        for key, word in (("1", "Now ──"), ("5", "Begin one"), ("7", "reaches out")):
            await pilot.press(key)
            await see(pilot, word)
            assert all(len(line) <= size[0] for line in lines_of(app))


async def test_an_empty_workspace_leads_by_the_hand(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        shown = await see(pilot, "Begin here")
        assert "Say who you are" not in shown, "the roster knows already"
        await go_to(pilot, FirstStepKey("customer"))
        await pilot.press("enter")
        await see(pilot, "▸7 Customers")
        await pilot.press("n")
        await typed(pilot, "name", "Acme")
        await see(pilot, "Acme is on the list")
        await pilot.press("1")
        await wait_until(pilot, lambda: "Add the first customer" not in text_of(app))


# Customers


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
        item = next(item for item in app.workspace.today.items() if item.id == run.id and item.mine)
        await go_to(pilot, ItemKey(item.key))
        await pilot.press("at")
        await see(pilot, "▸7 Customers")


async def test_where_no_customer_is_shown_one_is_chosen(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("6")
        await see(pilot, "▸6 Team")
        await pilot.press("at")
        await see(pilot, "for which customer?")
        await pilot.press(*"lumen", "enter")
        shown = await see(pilot, "Claire Aubin")
        assert "(landline)" in shown


async def test_gtm_1_and_gtm_4_who_reaches_out_and_the_advice_for_a_first_contact(home: Path) -> None:
    async with FleettuiApp(session(home, "priya")).run_test(size=(120, 40)) as pilot:
        await pilot.press("7")
        await see(pilot, "Customer: the CSM reaches out")
        customer = session(home, "priya").customers.find("Quillmark")
        await go_to(pilot, CustomerKey(customer.id))
        await see(pilot, "Praise something that is good about them.")


async def test_gtm_5_a_text_that_does_not_read_well_is_saved_and_said(home: Path) -> None:
    app = FleettuiApp(session(home, "jonah"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
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
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(session(home, "jonah").customers.find("Paperlane").id))
        await pilot.press("c")
        await typed(pilot, "email", "asha@paperlane.example")
        await see(pilot, "· asha@paperlane.example")
        await pilot.press("d")
        await typed(pilot, "name", "Paperlane upgrade")
        await see(pilot, "Paperlane upgrade (open)")
        await pilot.press("d")
        await see(pilot, "+ a new opportunity")
        await pilot.press("enter")
        await typed(pilot, "state", "won")
        await see(pilot, "Paperlane upgrade (won)")
