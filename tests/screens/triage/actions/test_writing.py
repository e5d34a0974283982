"""Details, answers and notes: what is typed about a ticket, and what the others see of that."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.composer import Composer
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.triage.conftest import (
    WIDE,
    asked,
    at_work,
    beside,
    message_of,
    press_and_see,
    text_typed,
)

pytestmark = pytest.mark.slow

# Details


async def test_sup_10_what_is_missing_is_told_and_one_key_drafts_the_question(acme: Workspace) -> None:
    acme.tickets.set("T-1001", {"server-version": "4.60"})
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        text = await see(pilot, "1 of 7; missing:")
        assert "Browser" in text
        await press_and_see(pilot, "Answer T-1001", "Q")
        assert "Which browser do you use" in text_typed(app)
        assert "Which version of the server" not in text_typed(app)


async def test_sup_10_d_fills_in_what_is_known(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What is known of T-1001", "P")
        await press_and_see(pilot, "1 of 7; missing:", *"4.61", "ctrl+s")
        assert acme.tickets.find("T-1001").details == {"server-version": "4.61"}


async def test_a_detail_that_somebody_else_filled_in_meanwhile_is_not_overwritten(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What is known of T-1001", "P")
        acme.tickets.set("T-1001", {"server-version": "4.50"})
        await press_and_see(pilot, "Somebody was faster", *"4.61", "ctrl+s")
        assert acme.tickets.find("T-1001").details == {"server-version": "4.50"}


# Answers and notes


async def test_at_most_eight_keys_from_the_queue_to_a_recorded_templated_answer(acme: Workspace) -> None:
    app = at_work(acme)
    keys = ["r", "ctrl+t", *"fol", "enter", "ctrl+s"]
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Recorded: T-1001 is answered", *keys)
        assert len(keys) <= 8
        sent = acme.tickets.find("T-1001")
        assert sent.messages[-1].direction == "out"
        assert "Live query returns error 500" in message_of(sent)
        assert app.clipboard == message_of(sent)
        await see(pilot, "nothing owed")


async def test_sending_may_be_followed_by_waiting(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "waiting for them now", "r", *"On it", "f3")
        assert acme.tickets.find("T-1001").status == "waiting"
        await press_and_see(pilot, "Took back", "u")
        back = acme.tickets.find("T-1001")
        assert (back.status, len(back.messages)) == ("open", 1)


async def test_what_a_template_misses_is_named_and_never_sent(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "wants next update", "r", "ctrl+t", *"emergency")
        await press_and_see(pilot, "To fill in: next update", "enter")
        await press_and_see(pilot, "still to be filled in: next update", "ctrl+s")
        assert len(acme.tickets.find("T-1001").messages) == 1
        await press_and_see(pilot, "It can leave as it is", "ctrl+g", *"noon", "ctrl+o")
        assert "noon" in text_typed(app)
        await pilot.press("escape")
        await press_and_see(pilot, "Recorded", "ctrl+s")


async def test_the_draft_is_kept_as_typed_and_survives_a_session_that_dies(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"half a sen")
        await wait_until(pilot, lambda: "half a sen" in (acme.drafts.get("answer T-1001") or ""))
    again = at_work(Workspace.open(acme.home, clock=acme.clock, login="kathy"))
    async with again.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "What you typed before is back", "r")
        assert text_typed(again) == "half a sen"
        await press_and_see(pilot, "Kept as a draft", "escape")
        await press_and_see(pilot, "Recorded", "r", *"tence", "ctrl+s")
        acme.refresh()
        assert message_of(acme.tickets.find("T-1001")) == "half a sentence"
        await wait_until(pilot, lambda: acme.drafts.get("answer T-1001") is None)


async def test_sending_stops_and_shows_what_is_new(acme: Workspace) -> None:
    other = Workspace.open(acme.home, clock=acme.clock, login="zay")
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"My answer")
        other.tickets.reply("T-1001", "Zay was faster")
        await see(pilot, "New since you began, from Zay Hanlon")
        text = await press_and_see(pilot, "Not sent: this came since you began", "ctrl+s")
        assert "Zay was faster" in text
        assert [
            message.by for message in acme.tickets.find("T-1001").messages if message.direction == "out"
        ] == ["zay"]
        assert text_typed(app) == "My answer"
        await press_and_see(pilot, "Recorded", "ctrl+s")
        assert [
            message.by for message in acme.tickets.find("T-1001").messages if message.direction == "out"
        ] == [
            "zay",
            "kathy",
        ]


async def test_a_draft_from_before_the_customer_wrote_again_stops_in_another_session_too(
    acme: Workspace,
) -> None:
    kept = {"text": "My answer", "since": acme.tickets.find("T-1001").rev, "template": ""}
    acme.drafts.keep("answer T-1001", json.dumps(kept))
    acme.tickets.received("T-1001", "It is the proxy, I think", by="Jo Park")
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "New since you began, from Jo Park", "r")
        await press_and_see(pilot, "Not sent", "ctrl+s")
        assert not [message for message in acme.tickets.find("T-1001").messages if message.direction == "out"]


@pytest.mark.parametrize("kept", ["{", "[]", '{"text": 1}', '{"text": "a", "since": "b"}', "\x00"])
async def test_a_draft_that_cannot_be_read_stops_nobody(acme: Workspace, kept: str) -> None:
    acme.drafts.keep("answer T-1001", kept)
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Recorded", "r", *"Hello", "ctrl+s")


async def test_copying_and_previewing_record_nothing(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "There is nothing to send yet", "r", "ctrl+o")
        await press_and_see(pilot, "✓ It can leave as it is", *"Hello")
        await press_and_see(pilot, "Sent to your terminal's clipboard", "ctrl+b")
        assert app.clipboard == "Hello"
        assert len(acme.tickets.find("T-1001").messages) == 1


async def test_a_note_is_for_nobody_outside(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001: noted", "c", *"Ask Alex", "ctrl+s")
        assert app.clipboard == ""
        noted = acme.tickets.find("T-1001").messages[-1]
        assert (noted.direction, noted.body) == ("note", "Ask Alex")


async def test_digits_and_letters_go_into_the_text_and_nowhere_else(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"12qutnT?/")
        await wait_until(pilot, lambda: text_typed(app) == "12qutnT?/")
        assert isinstance(app.screen, Composer)


async def test_tab_reads_on_in_the_conversation_and_back(acme: Workspace) -> None:
    acme.tickets.received("T-1001", "\n".join(f"line {number}" for number in range(60)), by="Jo Park")
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "line 0", "r")
        await press_and_see(pilot, "line 59", "shift+tab", *["pagedown"] * 12)
        await pilot.press("escape", *"ok")
        await wait_until(pilot, lambda: text_typed(app) == "ok")


async def test_a_merged_ticket_is_answered_where_it_went(acme: Workspace) -> None:
    asked(acme, "Acme", "The same again", "P1", 1)
    acme.tickets.merge("T-1001", "T-1002")
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        app.base_screen.reveal("T-1001")
        await wait_until(pilot, lambda: app.base_screen.rows.key == "T-1001")
        await press_and_see(pilot, "Answer T-1002", "r")
        await see(pilot, "T-1001 was merged into T-1002: this answer goes there.")
        await press_and_see(pilot, "Recorded: T-1002 is answered", *"Both", "ctrl+s")
        assert message_of(acme.tickets.find("T-1002")) == "Both"


async def test_the_whole_day_by_keyboard(acme: Workspace) -> None:
    """Open, find, read, take, answer with a template, wait, next."""
    asked(acme, "Somebody", "Another thing", "P3", 2)
    acme.tickets.set("T-1002", {"tier": "Premium"})
    app = FleettuiApp(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  • T-1001", "4", "slash", *"error", "enter")
        await press_and_see(pilot, "Timeline", "enter")
        await press_and_see(pilot, "T-1001: yours", "t")
        await press_and_see(pilot, "waiting for them now", "r", "ctrl+t", *"fol", "enter", "f3")
        await press_and_see(pilot, "Another thing", "J")
        assert "Ticket      T-1002" in text_of(app)


# What the others see, and what the composer notes


@pytest.mark.parametrize("keys", [("r", "escape"), ("r", *"Hello", "ctrl+s"), ("e", "escape")])
async def test_who_has_closed_composer_or_form_is_no_longer_shown_there(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    other = beside(acme, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: [visitor.screen for visitor in other.others()] == ["triage"])
        await pilot.press(keys[0])
        await wait_until(pilot, lambda: [visitor.looking_at for visitor in other.others()] == ["T-1001"])
        await pilot.press(*keys[1:])
        await wait_until(pilot, lambda: [visitor.looking_at for visitor in other.others()] == [None])


async def test_who_answers_with_the_page_open_looks_at_it_afterwards(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(acme, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: [visitor.screen for visitor in other.others()] == ["triage"])
        await press_and_see(pilot, "Timeline, newest first", "enter")
        await press_and_see(pilot, "Answer T-1001", "r")
        await wait_until(pilot, lambda: [visitor.typing for visitor in other.others()] == [True])
        await pilot.press("escape")
        await wait_until(
            pilot,
            lambda: (
                [(visitor.looking_at, visitor.typing) for visitor in other.others()] == [("T-1001", False)]
            ),
        )


async def test_the_composer_says_who_else_is_answering(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(acme, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        other.show("triage", "T-1001", typing=True)
        await see(pilot, "✎ Zay Hanlon is answering this, too")
        other.show("triage", "T-1001")
        await wait_until(pilot, lambda: "is answering this" not in text_of(pilot.app))


async def test_sup_13_a_note_that_needs_more_than_a_line_is_told_whole(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Post in #help-engineering", "E", "enter")
        composer = app.screen
        assert isinstance(composer, Composer)
        composer.composition.job = replace(composer.composition.job, public=True)
        composer.query_one(TextPane).text = "Acme Robotics cannot run live queries"
        text = await press_and_see(pilot, "This text is public", "ctrl+s")
        assert "take out" in " ".join(text.split())


async def test_a_note_of_many_lines_is_cut_with_a_sign(acme: Workspace) -> None:
    for name in "abcdef":
        acme.tickets.received("T-1001", "Me too", by=name * 50)
    kept = {"text": "My answer", "since": 1}
    acme.drafts.keep("answer T-1001", json.dumps(kept))
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "New since you began, from a", "r")
        note = lines_of(app)[-4:-1]
        assert note[0].startswith(" New since you began")
        assert note[2].endswith("…")


async def test_what_was_missing_is_no_longer_said_once_it_is_filled_in(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "To fill in: next update", "r", "ctrl+t", *"emergency", "enter")
        await press_and_see(pilot, "still to be filled in: next update", "ctrl+s")
        await pilot.press("ctrl+g", *"noon")
        await wait_until(pilot, lambda: "to be filled in" not in text_of(app))
        assert "To fill in" not in text_of(app)


async def test_a_ready_text_alone_is_nothing_that_somebody_typed(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press("ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: text_typed(app) != "")
        chosen = text_typed(app)
        await press_and_see(pilot, "Kept as a draft", "escape")
        await press_and_see(pilot, "Answer T-1001", "r")
        await wait_until(pilot, lambda: text_typed(app) == chosen)
        assert "What you typed" not in text_of(app)


async def test_one_answer_to_all_marked_each_with_their_own_name_and_one_u(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        text = await press_and_see(
            pilot, "Answer 2 tickets: T-1001, T-1003 · Acme, Bright Foods", "space", "space", "r"
        )
        assert "For each their own: {name}" in text
        app.screen.query_one(TextPane).text = "Hi {name}, {ticket} is the outage. We are on it."
        await press_and_see(pilot, "Bright Foods: name Jo, ticket T-1003", "ctrl+o")
        await press_and_see(pilot, "2 tickets are answered", "ctrl+o", "ctrl+s")
        assert "T-1003 · Bright Foods, into" in app.clipboard
        assert message_of(queue.tickets.find("T-1003")).startswith("Hi Jo, T-1003")
        assert message_of(queue.tickets.find("T-1001")).startswith("Hi Jo, T-1001")
        await press_and_see(pilot, "Took back", "escape", "u")
        assert {len(ticket.messages) for ticket in queue.tickets.all()} == {1}


async def test_what_somebody_answered_meanwhile_is_named_and_left_out(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Answer 2 tickets", "space", "space", "r")
        app.screen.query_one(TextPane).text = "Hi {name}, we are on it."
        queue.for_person("zay", queue.clock).tickets.reply("T-1003", "Done")
        await press_and_see(pilot, "Not sent: none is answered yet: T-1003", "ctrl+s")
        assert len(queue.tickets.find("T-1001").messages) == 1
        await press_and_see(pilot, "1 ticket is answered", "ctrl+s")
        assert message_of(queue.tickets.find("T-1003")) == "Done"
        assert message_of(queue.tickets.find("T-1001")) == "Hi Jo, we are on it."


async def test_a_ready_text_for_all_marked_has_words_where_they_differ_or_says_why_not(
    queue: Workspace,
) -> None:
    queue.tickets.set("T-1001", {"server-version": "4.62"})
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "questions is not the same for all", "space", "space", "Q")
        await press_and_see(pilot, "Answer 2 tickets", "r")
        await press_and_see(pilot, "I wanted to see", "ctrl+t", *"ask how", "enter")
        assert '"{subject}" ({ticket})' in text_typed(app)


async def test_a_note_goes_to_all_marked_by_one_change(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Note on 2 tickets: T-1001, T-1003", "space", "space", "c")
        await press_and_see(pilot, "T-1001, T-1003: noted.", *"the outage", "ctrl+s")
        assert [message_of(queue.tickets.find(id_)) for id_ in ("T-1001", "T-1003")] == ["the outage"] * 2
