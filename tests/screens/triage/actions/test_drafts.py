"""What is typed is never lost: drafts, ready texts, tickets that are merged meanwhile."""

from __future__ import annotations

import json

import pytest
from textual.pilot import Pilot

from fleettui.store import files
from fleettui.workspace.tickets.drafts import by_ticket
from fleettui.workspace.workspace import Workspace
from screens.dialogs.composer import Composer
from screens.today.row_keys import DraftKey
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import (
    asked,
    at_work,
    message_of,
    press_and_see,
    text_typed,
)

pytestmark = pytest.mark.slow


async def reopened(pilot: Pilot[int], typed: str) -> None:
    """The composer closed and opened again, with a draft in it."""
    await press_and_see(pilot, "Answer T-1001", "r")
    await press_and_see(pilot, "Kept as a draft", *typed, "escape")
    await press_and_see(pilot, "What you typed before is back", "r")


async def test_a_ready_text_stands_below_a_draft_and_can_be_taken_back(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await reopened(pilot, "We look at it")
        await pilot.press("ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: text_typed(app).startswith("We look at it\n\n"))
        assert "Live query returns error 500" in text_typed(app)
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: text_typed(app) == "We look at it")
        await wait_until(pilot, lambda: '"We look at it"' in (acme.drafts.get("answer T-1001") or ""))


async def test_a_ready_text_breaks_no_line_that_was_typed(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"Above", "enter", *"below", "up", "left", "left", "ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: len(text_typed(app)) > 20)
        assert text_typed(app).startswith("Above\n\n")
        assert text_typed(app).endswith("\n\nbelow")


async def test_a_ready_text_that_nobody_touched_gives_way_to_another(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await press_and_see(pilot, "To fill in: next update", "ctrl+t", *"emergency", "enter")
        first = text_typed(app)
        await press_and_see(pilot, "Kept as a draft", "escape")
        await press_and_see(pilot, "To fill in: next update", "r")
        assert text_typed(app) == first
        await pilot.press("ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: text_typed(app) != first)
        assert first not in text_typed(app)


async def test_starting_over_can_be_taken_back(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await reopened(pilot, "Half a sentence")
        await press_and_see(pilot, "Started over. Ctrl+Z brings your text back.", "ctrl+r")
        assert text_typed(app) == ""
        await wait_until(pilot, lambda: acme.drafts.get("answer T-1001") is None)
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: text_typed(app) == "Half a sentence")
        await wait_until(pilot, lambda: "Half a sentence" in (acme.drafts.get("answer T-1001") or ""))


async def test_an_answer_that_was_taken_back_is_there_again_until_it_is_thrown_away(
    acme: Workspace,
) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Recorded", "r", *"On it", "ctrl+s")
        await press_and_see(pilot, "Took back", "u")
        await press_and_see(pilot, "Your answer that was taken back is here again.", "r")
        assert text_typed(app) == "On it"
        await pilot.press("ctrl+r", "escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Composer))
        await press_and_see(pilot, "Answer T-1001", "r")
        assert text_typed(app) == ""
        await press_and_see(pilot, "Recorded", *"Better", "ctrl+s")
        await press_and_see(pilot, "Answer T-1001", "r")
        assert text_typed(app) == ""


# The ticket is merged meanwhile


async def test_an_answer_goes_on_where_its_ticket_was_merged_while_it_was_typed(twins: Workspace) -> None:
    other = Workspace.open(twins.home, clock=twins.clock, login="zay")
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"My answer")
        other.tickets.merge("T-1001", "T-1002")
        text = await see(pilot, "T-1001 was merged into T-1002: this answer goes there now.")
        assert "Answer T-1002" in text
        assert "▸ Jo Park wrote: The same again" in text  # not read yet
        assert "wrote: Live query returns error 500" not in text  # it was there from the beginning
        await press_and_see(pilot, "Not sent: this came since you began", "ctrl+s")
        await press_and_see(pilot, "Recorded: T-1002 is answered", "ctrl+s")
        assert message_of(twins.tickets.find("T-1002")) == "My answer"
        await wait_until(pilot, lambda: twins.drafts.get("answer T-1001") is None)


async def test_a_merge_that_only_the_sending_notices_does_not_strand_the_answer(twins: Workspace) -> None:
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"My answer")
        app._watcher.stop()  # a look at who is here would notice the merge before the sending does
        twins.tickets.merge("T-1001", "T-1002")
        await press_and_see(pilot, "this answer goes there now", "ctrl+s")
        assert text_typed(app) == "My answer"
        await press_and_see(pilot, "Not sent: this came since you began", "ctrl+s")
        await press_and_see(pilot, "Recorded: T-1002 is answered", "ctrl+s")


@pytest.mark.parametrize("key", ["T-1001", "T-1002"])
async def test_the_draft_of_a_merged_ticket_is_found_from_either_side(twins: Workspace, key: str) -> None:
    kept = {"text": "My answer", "since": twins.tickets.find("T-1001").rev}
    twins.drafts.keep("answer T-1001", json.dumps(kept))
    twins.tickets.merge("T-1001", "T-1002")
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        app.base_screen.reveal(key)
        text = await press_and_see(pilot, "What you typed for T-1001, which was merged into this one", "r")
        assert "Answer T-1002" in text
        assert text_typed(app) == "My answer"
        await press_and_see(pilot, "Not sent: this came since you began", "ctrl+s")
        await press_and_see(pilot, "Recorded: T-1002 is answered", "ctrl+s")
        await wait_until(pilot, lambda: twins.drafts.get("answer T-1001") is None)


async def test_the_survivors_own_draft_comes_first_and_the_other_after_it(twins: Workspace) -> None:
    for id_, text in (("T-1001", "Of the first"), ("T-1002", "Of the second")):
        kept = {"text": text, "since": twins.tickets.find(id_).rev}
        twins.drafts.keep(f"answer {id_}", json.dumps(kept))
    twins.tickets.merge("T-1001", "T-1002")
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        await press_and_see(pilot, "Of the second", "r")
        await press_and_see(pilot, "Not sent", "ctrl+s")  # what was merged in is new
        await press_and_see(pilot, "Recorded", "ctrl+s")
        await press_and_see(pilot, "Of the first", "r")
        await wait_until(pilot, lambda: text_typed(app) == "Of the first")


async def test_an_answer_that_nobody_wants_back_hides_no_draft_of_a_merged_ticket(twins: Workspace) -> None:
    for id_, text in (("T-1001", "Of the first"), ("T-1002", "")):
        twins.drafts.keep(f"answer {id_}", json.dumps({"text": text, "since": 1}))
    twins.tickets.merge("T-1001", "T-1002")
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        await press_and_see(pilot, "What you typed for T-1001", "r")
        assert text_typed(app) == "Of the first"


async def test_an_answer_goes_back_when_the_tickets_are_parted_again(twins: Workspace) -> None:
    app = at_work(twins)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"My answer")
        twins.tickets.merge("T-1001", "T-1002")
        app.everything_changed()
        await see(pilot, "this answer goes there now")
        twins.history.undo()
        app.everything_changed()
        await see(pilot, "T-1001 is parted from T-1002 again: this answer goes there now.")
        await press_and_see(pilot, "Recorded: T-1001 is answered", "ctrl+s")
        assert message_of(twins.tickets.find("T-1001")) == "My answer"


async def test_a_ticket_whose_making_is_taken_back_leaves_the_text_to_be_copied(acme: Workspace) -> None:
    made = asked(acme, "Somebody", "A slip", "P0", 1)
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, made.id)
        app.base_screen.reveal(made.id)
        await press_and_see(pilot, f"Answer {made.id}", "r")
        await pilot.press(*"My answer")
        acme.history.undo(made.id, sure=True)
        app.everything_changed()
        await see(pilot, f"{made.id} is gone: its making was taken back. Ctrl+B copies your text.")
        await press_and_see(pilot, "Sent to your terminal's clipboard", "ctrl+b")
        assert app.clipboard == "My answer"


async def test_a_kept_draft_is_marked_in_the_list_on_the_ticket_and_on_today(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await press_and_see(pilot, "¶ draft:", *"We look", "escape")
        await see(pilot, "¶ your draft (answer) is not sent")  # below the list
        await press_and_see(pilot, "Timeline", "enter")
        await see(pilot, "¶ your draft (answer) is not sent")
        await press_and_see(pilot, "T-1001 answer not sent: Live query", "escape", "1")
        await press_and_see(pilot, "Answer T-1001", "4", "r")
        await press_and_see(pilot, "T-1001 is answered", "ctrl+s")
        await wait_until(pilot, lambda: "¶" not in text_of(app))


async def test_a_request_that_was_begun_stands_on_today_until_it_is_written_down(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        await press_and_see(pilot, "Acme rang", "tab", *"Acme rang")
        await press_and_see(pilot, "request not written down: Acme rang", "escape", "1")
        app.base_screen.query_one(Rows).go_to(DraftKey(""))
        await press_and_see(pilot, "n goes on with the request that you began.", "enter")
        await press_and_see(pilot, "What you typed before is back", "n")
        await press_and_see(pilot, "what it is about", "ctrl+r")
        await press_and_see(pilot, "All open", "escape")
        await press_and_see(pilot, "▸1 Today", "1")
        await wait_until(pilot, lambda: "not written down" not in text_of(app))


async def test_only_my_own_drafts_are_marked_and_no_untouched_ready_text(acme: Workspace) -> None:
    theirs = acme.for_person("zay", acme.clock)
    theirs.drafts.keep("answer T-1001", json.dumps({"text": "Mine", "since": 1}))
    acme.drafts.keep("answer T-1001", json.dumps({"text": "As it came", "since": 1, "typed": False}))
    acme.drafts.keep("note T-1001", json.dumps({"text": " ", "since": 1}))
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        assert "¶" not in text_of(app)
    assert set(by_ticket(theirs.drafts)) == {"T-1001"}


def test_drafts_of_all_rows_are_read_once(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        acme.drafts.keep(f"answer T-{number}", json.dumps({"text": "Half", "since": 1}))
    assert len(by_ticket(acme.drafts)) == 20
    monkeypatch.setattr(files, "read_file", lambda path: pytest.fail(f"{path} is read again"))
    assert len(by_ticket(acme.drafts)) == 20


async def test_a_draft_to_several_is_marked_on_each_and_found_however_they_are_marked(
    queue: Workspace,
) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Answer 2 tickets", "space", "space", "r")
        await press_and_see(pilot, "¶ draft:", *"We look", "escape")
        assert by_ticket(queue.drafts).keys() == {"T-1001", "T-1003"}
        await press_and_see(pilot, "¶ your draft (answer to 2 tickets)", "k")
        await press_and_see(pilot, "Answer 2 tickets", "asterisk", "space", "k", "k", "space", "r")
        assert text_typed(app) == "We look"
