"""Playbooks, as somebody of the demo's team has it at 80x24 and wider."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app import FleettuiApp
from screens.playbooks.row_keys import FactKey, PlaybookKey, RunKey, StepKey
from screens.shell.runs import RunWords
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, wait_until
from tests.screens.demo_team import go_to, home, running, session, typed

__all__ = ["home"]


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
        await see(pilot, "For which customer?")
        await pilot.press(*"quill", "enter")
        shown = await see(pilot, "are they, or those who use it, in a sanctioned")
        assert "country or territory? We do no business there." in shown
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
        await see(pilot, "This removes P-109.")
        await pilot.press("enter")
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
        await pilot.press("s")
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
        await pilot.press("Y")
        await see(pilot, "Hi Gus")
        await pilot.press("escape")
        await go_to(pilot, StepKey("introduction"))
        await pilot.press("a")
        await see(pilot, "To whom?")
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
        for key, refusal in (("s", "Put the cursor on a step"), ("X", "on its way"), ("space", "on its way")):
            await pilot.press(key)
            await see(pilot, refusal)


async def test_a_key_that_does_not_fit_the_step_says_why(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("send-order"))
        for key, refusal in (
            ("Y", "This step has no text to copy."),
            ("o", "This step begins nothing."),
            ("ampersand", "This step does not repeat; Space takes its tick back."),
            ("exclamation_mark", "Only an approval is declined; s leaves a step out."),
            ("e", "There is nothing to write down here."),
        ):
            await pilot.press(key)
            await see(pilot, refusal)


async def test_a_text_is_copied_and_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, app, copied = (
        running(home, "salma", "send-a-quote"),
        FleettuiApp(session(home, "salma")),
        list[str](),
    )
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("approval"))
        await pilot.press("Y")
        await see(pilot, "Sent to your terminal's clipboard. If it is not there, take it from here:")
    assert copied == [app.workspace.playbooks.written(run, "quote-approval")]


async def test_a_step_is_left_out_with_the_reason_and_opened_again(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("send-quote"))
        await pilot.press("s")
        await typed(pilot, "why", "they have it")
        await see(pilot, "Left out. u takes it back.")
        await go_to(pilot, StepKey("send-quote"))
        await pilot.press("space")
        await see(pilot, "open again.")
    assert "send-quote" not in session(home, "salma").playbooks.find(run.id).run.marks


async def test_a_cancelled_run_is_shown_on_demand_and_reopened(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("X")
        await typed(pilot, "why", "not wanted")
        await see(pilot, "Cancelled. u takes it back.")
        await wait_until(pilot, lambda: not pilot.app.screen.query_one(Rows).go_to(RunKey(run.id)))
        await pilot.press("H")
        await see(pilot, "With what is finished.")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("D")
        await see(pilot, f"{run.id} goes on.")
        await pilot.press("H")
        await see(pilot, "Only what is on its way.")
    assert session(home, "salma").playbooks.find(run.id).open


async def test_left_leads_out_of_a_run_to_its_row(home: Path) -> None:
    run = running(home, "salma", "send-a-quote")
    async with FleettuiApp(session(home, "salma")).run_test(size=SMALL) as pilot:
        await pilot.press("5")
        await see(pilot, "Begin one")
        rows = pilot.app.screen.query_one(Rows)
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(rows.key, StepKey))
        await pilot.press("left")
        await wait_until(pilot, lambda: rows.key == RunKey(run.id))


async def test_handing_over_begins_on_who_has_the_step_and_enter_changes_nothing(home: Path) -> None:
    wen = session(home, "wen")
    run = wen.playbooks.start("PLAY-1", "Oakline")
    wen.playbooks.hand_over(run.id, "introduction", "tobias")
    async with FleettuiApp(wen).run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("5")
        await see(pilot, "Oakline Schools")
        await go_to(pilot, RunKey(run.id))
        await pilot.press("enter")
        await go_to(pilot, StepKey("introduction"))
        await pilot.press("a")
        await see(pilot, "▌  Tobias Okafor")
        await pilot.press("enter")
        await see(pilot, "already")
