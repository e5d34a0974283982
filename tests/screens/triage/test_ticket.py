"""A ticket on Triage: its timeline, what explains it, what it still wants, answering it. At 80x24, the clock stands still."""

from __future__ import annotations

import json
from datetime import date

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.composer import Composer
from screens.widgets.gaps import gaps_in
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.triage.test_screen import asked, at_work, beside, press_and_see

WIDE = (120, 40)


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    """T-1001: an anonymous Ultimate customer's P1, due at 09:30."""
    workspace.customers.add(
        "Acme Robotics", tier="Ultimate", hosts="1200", anonymous="yes", channel="#fleet-at-acme"
    )
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5, channel="#fleet-at-acme", way="slack")
    return workspace


def text_typed(app: FleettuiApp) -> str:
    return app.screen.query_one(TextPane).text


def message_of(ticket: Ticket) -> str:
    return ticket.messages[-1].body


# Reading


async def test_the_timeline_has_messages_notes_and_changes(queue: Workspace) -> None:
    queue.tickets.note("T-1001", "Looks like the proxy")
    queue.tickets.take("T-1001")
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        text = await press_and_see(pilot, "Timeline, newest first", "enter")
        assert "Kathy Satterlee noted" in text
        assert "Looks like the proxy" in text
        assert "Kathy Satterlee taken" in text
        assert "(assignee:" in text and "kathy)" in text  # broken into lines, the page is narrow
        assert "Jo Park wrote" in text


async def test_a_long_timeline_is_whole_on_demand(queue: Workspace) -> None:
    for number in range(40):
        queue.tickets.note("T-1001", f"note number {number}")
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "note number 39", "enter")
        await press_and_see(pilot, "older ones: O shows them", "G")
        await pilot.press("O", "G")
        await see(pilot, "note number 0")


async def test_sla_7_x_explains_the_due_time_and_what_it_would_be(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        text = await press_and_see(pilot, "How that came about", "x")
        assert "Ultimate P1: 2 clock hours: it arrived in business hours" in text
        assert "SLA-7" in text
        assert "07:30 to 09:30: 120 minutes" in text
        assert "Ultimate P0: ✗ 30 m over" in text
        assert "Our own aim" in text  # SLA-16
        await press_and_see(pilot, "All open", "x")


async def test_sup_18_routing_by_size_is_told(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        text = await see(pilot, "1,200 hosts")
        assert "Unicorns #g-unicorns" in text


async def test_p0_opens_with_the_emergency_checklist_and_k_ticks_it(queue: Workspace) -> None:
    asked(queue, "Somebody", "Everything is down", "P0", 0.1)
    queue.customers.add("Loud", tier="Premium")
    queue.tickets.set("T-1002", {"tier": "Ultimate"})
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "T-1002")
        pilot.app.screen.reveal("T-1002")  # type: ignore[attr-defined]
        await press_and_see(pilot, "Production is down: 0 of", "enter")
        await press_and_see(pilot, "✓ Take the ticket: one person leads", "K", *"take the", "enter")
        assert queue.tickets.find("T-1002").lists["emergency"].run.marks["take"].by == "kathy"


# Details


async def test_sup_10_what_is_missing_is_told_and_one_key_drafts_the_question(queue: Workspace) -> None:
    queue.tickets.set("T-1001", {"server-version": "4.60"})
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        text = await see(pilot, "1 of 7; missing:")
        assert "Browser" in text
        await press_and_see(pilot, "Answer T-1001", "D")
        assert "Which browser do you use" in text_typed(app)
        assert "Which version of the server" not in text_typed(app)


async def test_sup_10_d_fills_in_what_is_known(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What is known of T-1001", "d")
        await press_and_see(pilot, "1 of 7; missing:", *"4.61", "ctrl+s")
        assert queue.tickets.find("T-1001").details == {"server-version": "4.61"}


async def test_a_detail_that_somebody_else_filled_in_meanwhile_is_not_overwritten(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What is known of T-1001", "d")
        queue.tickets.set("T-1001", {"server-version": "4.50"})
        await press_and_see(pilot, "Somebody was faster", *"4.61", "ctrl+s")
        assert queue.tickets.find("T-1001").details == {"server-version": "4.50"}


# Labels, levels, issues


async def test_sup_12_a_plus_label_clears_the_debt_until_the_customer_writes(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "nothing owed", "L", *"more info", "enter")
        queue.tickets.received("T-1001", "Here it is", by="Jo Park")
        app.everything_changed()
        await see(pilot, "due today 11:00")
        assert queue.tickets.find("T-1001").labels == ()


async def test_sup_7_whom_to_call_and_the_post_to_copy(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "@oncall in #help-engineering", "E")
        await press_and_see(pilot, "Post in #help-engineering", "enter")
        assert text_typed(app).startswith("@oncall P1 for")
        await press_and_see(pilot, "On your clipboard: paste it in #help-engineering", "ctrl+s")
        assert app.clipboard.startswith("@oncall P1 for")
        assert message_of(queue.tickets.find("T-1001")).startswith("Posted in #help-engineering:")


async def test_sup_6_another_level(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001 is at Expert", "E", *"expert", "enter")
        assert queue.tickets.find("T-1001").level == "expert"


async def test_sup_11_and_13_searches_come_first_then_a_new_issue_that_betrays_nobody(
    queue: Workspace,
) -> None:
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "search with other words first", "i", *"open a new", "enter")
        for number in range(3):
            await pilot.press("i", *(["down"] * number), "enter")
            await see(pilot, "The search: on your clipboard")
            assert app.clipboard.startswith("https://github.com/fleetdm/fleet/issues?q=is%3Aissue")
            await pilot.press("escape")
            await wait_until(
                pilot, lambda n=number: len(queue.tickets.find("T-1001").issue_searches) == n + 1
            )
        await press_and_see(pilot, "In public they are called", "i", *"codename", "enter")
        codename = queue.customers.find("Acme").codename
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        area = app.screen.query_one(TextPane)
        area.text = "Acme Robotics cannot run live queries"
        await press_and_see(pilot, "take out", "ctrl+s")  # SUP-13: not with their name in it
        area.text = "Live queries end with an error 500"
        await press_and_see(pilot, "The new issue, filled in", "ctrl+s")
        assert "labels=customer%20request%2C" + codename in app.clipboard
        assert "Acme" not in app.clipboard


async def test_sup_11_an_issue_too_long_for_its_link_is_copied_and_stays_a_draft(queue: Workspace) -> None:
    for words in ("live query", "error 500", "osquery times out"):
        queue.support.searched("T-1001", words)
    queue.customers.codename(queue.customers.find("Acme").id)
    body = "\n".join(f"{number}: Live queries end with an error 500" for number in range(500))
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        app.screen.query_one(TextPane).text = body
        text = await press_and_see(pilot, "Your text is too long for the link", "ctrl+s")
        assert "https://github.com/fleetdm/fleet/issues/new?" in text
        assert app.clipboard == body
        await press_and_see(pilot, "What you typed before is back", "escape", "i", *"open a new", "enter")
        assert text_typed(app) == body


async def test_sup_11_a_search_in_ones_own_words_counts(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "a GitHub issue", "i")
        await press_and_see(pilot, "Search: gateway timeout", *"gateway timeout")
        await press_and_see(pilot, "issues?q=is%3Aissue%20gateway%20timeout", "enter")
        await wait_until(pilot, lambda: queue.tickets.find("T-1001").issue_searches == ("gateway timeout",))


async def test_sup_11_the_link_goes_to_the_customer_and_the_key_date_to_product(queue: Workspace) -> None:
    app = at_work(queue)
    queue.tickets.set("T-1001", {"key_date": date(2026, 4, 1)})
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "The issue of T-1001", "i", *"its link", "enter")
        link = "https://github.com/fleetdm/fleet/issues/77"
        await press_and_see(pilot, "T-1001 is saved", *link, "ctrl+s")
        await press_and_see(pilot, "A GitHub issue for a customer: 0 of", "enter")
        await press_and_see(pilot, "Answer T-1001", "i", *"send the customer", "enter")
        assert link in text_typed(app)
        await press_and_see(pilot, "Recorded: T-1001 is answered", "ctrl+s")
        await press_and_see(pilot, "Post in #g-product", "i", *"key date", "enter")
        assert link in text_typed(app)


# Resolving


async def test_sup_8_a_direct_message_wants_its_summary_before_it_is_resolved(queue: Workspace) -> None:
    asked(queue, "Somebody", "In confidence", "P3", 1, by_dm=True)
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        await press_and_see(pilot, "Summary of T-1002 for the channel", "j", "s")
        assert gaps_in(text_typed(app))
        await press_and_see(pilot, "still to be filled in", "ctrl+s")
        app.screen.query_one(TextPane).text = "We talked about the licence; it is renewed."
        await press_and_see(pilot, "does it belong into the documentation?", "ctrl+s")
        assert app.clipboard.startswith("We talked about")
        await press_and_see(pilot, "resolved", "enter")
        done = queue.tickets.find("T-1002")
        assert (done.status, done.channel_summary[:9]) == ("resolved", "We talked")


async def test_sup_9_the_documentation_question_may_wait_for_the_end_of_the_week(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "resolved", "s", *"later", "enter")
        assert queue.tickets.find("T-1001").documentation is None


# Answering


async def test_at_most_eight_keys_from_the_queue_to_a_recorded_templated_answer(queue: Workspace) -> None:
    app = at_work(queue)
    keys = ["r", "ctrl+t", *"fol", "enter", "ctrl+s"]
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Recorded: T-1001 is answered", *keys)
        assert len(keys) <= 8
        sent = queue.tickets.find("T-1001")
        assert sent.messages[-1].direction == "out"
        assert "Live query returns error 500" in message_of(sent)
        assert app.clipboard == message_of(sent)
        await see(pilot, "nothing owed")


async def test_sending_may_be_followed_by_waiting(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "waiting for them now", "r", *"On it", "ctrl+n")
        assert queue.tickets.find("T-1001").status == "waiting"
        await press_and_see(pilot, "Took back", "u")
        back = queue.tickets.find("T-1001")
        assert (back.status, len(back.messages)) == ("open", 1)


async def test_what_a_template_misses_is_named_and_never_sent(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "wants next update", "r", "ctrl+t", *"emergency")
        await press_and_see(pilot, "To fill in: next update", "enter")
        await press_and_see(pilot, "still to be filled in: next update", "ctrl+s")
        assert len(queue.tickets.find("T-1001").messages) == 1
        await press_and_see(pilot, "It can leave as it is", "ctrl+g", *"noon", "ctrl+o")
        assert "noon" in text_typed(app)
        await pilot.press("escape")
        await press_and_see(pilot, "Recorded", "ctrl+s")


async def test_the_draft_is_kept_as_typed_and_survives_a_session_that_dies(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"half a sen")
        await wait_until(pilot, lambda: "half a sen" in (queue.drafts.get("answer T-1001") or ""))
    again = at_work(Workspace.open(queue.home, clock=queue.clock, login="kathy"))
    async with again.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "What you typed before is back", "r")
        assert text_typed(again) == "half a sen"
        await press_and_see(pilot, "Kept as a draft", "escape")
        await press_and_see(pilot, "Recorded", "r", *"tence", "ctrl+s")
        queue.refresh()
        assert message_of(queue.tickets.find("T-1001")) == "half a sentence"
        await wait_until(pilot, lambda: queue.drafts.get("answer T-1001") is None)


async def test_sending_stops_and_shows_what_is_new(queue: Workspace) -> None:
    other = Workspace.open(queue.home, clock=queue.clock, login="zay")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"My answer")
        other.tickets.reply("T-1001", "Zay was faster")
        await see(pilot, "New since you began, from Zay Hanlon")
        text = await press_and_see(pilot, "Not sent: this came since you began", "ctrl+s")
        assert "Zay was faster" in text
        assert [
            message.by for message in queue.tickets.find("T-1001").messages if message.direction == "out"
        ] == ["zay"]
        assert text_typed(app) == "My answer"
        await press_and_see(pilot, "Recorded", "ctrl+s")
        assert [
            message.by for message in queue.tickets.find("T-1001").messages if message.direction == "out"
        ] == [
            "zay",
            "kathy",
        ]


async def test_a_draft_from_before_the_customer_wrote_again_stops_in_another_session_too(
    queue: Workspace,
) -> None:
    kept = {"text": "My answer", "since": queue.tickets.find("T-1001").rev, "template": ""}
    queue.drafts.keep("answer T-1001", json.dumps(kept))
    queue.tickets.received("T-1001", "It is the proxy, I think", by="Jo Park")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "New since you began, from Jo Park", "r")
        await press_and_see(pilot, "Not sent", "ctrl+s")
        assert not [
            message for message in queue.tickets.find("T-1001").messages if message.direction == "out"
        ]


@pytest.mark.parametrize("kept", ["{", "[]", '{"text": 1}', '{"text": "a", "since": "b"}', "\x00"])
async def test_a_draft_that_cannot_be_read_stops_nobody(queue: Workspace, kept: str) -> None:
    queue.drafts.keep("answer T-1001", kept)
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Recorded", "r", *"Hello", "ctrl+s")


async def test_copying_and_previewing_record_nothing(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "There is nothing to send yet", "r", "ctrl+o")
        await press_and_see(pilot, "✓ It can leave as it is", *"Hello")
        await press_and_see(pilot, "Copied", "ctrl+b")
        assert app.clipboard == "Hello"
        assert len(queue.tickets.find("T-1001").messages) == 1


async def test_a_note_is_for_nobody_outside(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001: noted", "c", *"Ask Alex", "ctrl+s")
        assert app.clipboard == ""
        noted = queue.tickets.find("T-1001").messages[-1]
        assert (noted.direction, noted.body) == ("note", "Ask Alex")


async def test_digits_and_letters_go_into_the_text_and_nowhere_else(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"12qutnT?/")
        await wait_until(pilot, lambda: text_typed(app) == "12qutnT?/")
        assert isinstance(app.screen, Composer)


async def test_tab_reads_on_in_the_conversation_and_back(queue: Workspace) -> None:
    queue.tickets.received("T-1001", "\n".join(f"line {number}" for number in range(60)), by="Jo Park")
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "line 0", "r")
        await press_and_see(pilot, "line 59", "shift+tab", *["pagedown"] * 12)
        await pilot.press("escape", *"ok")
        await wait_until(pilot, lambda: text_typed(app) == "ok")


async def test_a_merged_ticket_is_answered_where_it_went(queue: Workspace) -> None:
    asked(queue, "Acme", "The same again", "P1", 1)
    queue.tickets.merge("T-1001", "T-1002")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        pilot.app.screen.reveal("T-1001")  # type: ignore[attr-defined]
        await press_and_see(pilot, "Answer T-1002", "r")
        await see(pilot, "T-1001 was merged into T-1002: this answer goes there.")
        await press_and_see(pilot, "Recorded: T-1002 is answered", *"Both", "ctrl+s")
        assert message_of(queue.tickets.find("T-1002")) == "Both"


async def test_the_whole_day_by_keyboard(queue: Workspace) -> None:
    """Open, find, read, take, answer with a template, wait, next."""
    asked(queue, "Somebody", "Another thing", "P3", 2)
    queue.tickets.set("T-1002", {"tier": "Premium"})
    app = FleettuiApp(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  •   T-1001", "4", "slash", *"error", "enter")
        await press_and_see(pilot, "Timeline", "enter")
        await press_and_see(pilot, "T-1001: yours", "t")
        await press_and_see(pilot, "waiting for them now", "r", "ctrl+t", *"fol", "enter", "ctrl+n")
        await press_and_see(pilot, "Another thing", "n")
        assert "Ticket      T-1002" in text_of(app)


# Hostile text


async def hostile(workspace: Workspace) -> Ticket:
    evil = "[@click=app.quit]press[/] [bold red]x\x1b]52;c;aGk=\x07\x1b[2J\u202egnp.exe\x00\ud800"
    return asked(workspace, evil, evil * 3, "P1", 1, body=evil + "\n" + "y" * 200_000, channel=evil)


async def test_hostile_text_is_shown_and_does_nothing(queue: Workspace) -> None:
    made = await hostile(queue)
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, made.id)
        app.screen.reveal(made.id)  # type: ignore[attr-defined]
        await press_and_see(pilot, "[@click=app.quit]press[/]", "enter")
        for keys in (
            ("x", "escape"),
            ("p", "escape"),
            ("r", "ctrl+o", "escape", "escape"),
            ("i", "escape"),
            ("e", "escape"),
        ):
            await pilot.press(*keys)
            await pilot.pause()
        assert app.is_running
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)


async def test_lines_are_never_longer_than_the_screen(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        assert all(len(line) <= 60 for line in lines_of(app))


# What is typed is never lost


async def reopened(pilot: Pilot[int], typed: str) -> None:
    """The composer closed and opened again, with a draft in it."""
    await press_and_see(pilot, "Answer T-1001", "r")
    await press_and_see(pilot, "Kept as a draft", *typed, "escape")
    await press_and_see(pilot, "What you typed before is back", "r")


async def test_a_ready_text_stands_below_a_draft_and_can_be_taken_back(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await reopened(pilot, "We look at it")
        await pilot.press("ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: text_typed(app).startswith("We look at it\n\n"))
        assert "Live query returns error 500" in text_typed(app)
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: text_typed(app) == "We look at it")
        await wait_until(pilot, lambda: '"We look at it"' in (queue.drafts.get("answer T-1001") or ""))


async def test_a_ready_text_breaks_no_line_that_was_typed(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"Above", "enter", *"below", "up", "left", "left", "ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: len(text_typed(app)) > 20)
        assert text_typed(app).startswith("Above\n\n")
        assert text_typed(app).endswith("\n\nbelow")


async def test_a_ready_text_that_nobody_touched_gives_way_to_another(queue: Workspace) -> None:
    app = at_work(queue)
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


async def test_starting_over_can_be_taken_back(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await reopened(pilot, "Half a sentence")
        await press_and_see(pilot, "Started over. Ctrl+Z brings your text back.", "ctrl+r")
        assert text_typed(app) == ""
        await wait_until(pilot, lambda: queue.drafts.get("answer T-1001") is None)
        await pilot.press("ctrl+z")
        await wait_until(pilot, lambda: text_typed(app) == "Half a sentence")
        await wait_until(pilot, lambda: "Half a sentence" in (queue.drafts.get("answer T-1001") or ""))


async def test_an_answer_that_was_taken_back_is_there_again_until_it_is_thrown_away(
    queue: Workspace,
) -> None:
    app = at_work(queue)
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


# The ticket that goes on elsewhere meanwhile


@pytest.fixture
def twins(queue: Workspace) -> Workspace:
    """T-1002 asks the same; it is far down in the queue."""
    asked(queue, "Acme", "The same again", "P3", 1)
    return queue


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
        app.screen.reveal(key)  # type: ignore[attr-defined]
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


async def test_a_ticket_whose_making_is_taken_back_leaves_the_text_to_be_copied(queue: Workspace) -> None:
    made = asked(queue, "Somebody", "A slip", "P0", 1)
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, made.id)
        app.screen.reveal(made.id)  # type: ignore[attr-defined]
        await press_and_see(pilot, f"Answer {made.id}", "r")
        await pilot.press(*"My answer")
        queue.history.undo(made.id)
        app.everything_changed()
        await see(pilot, f"{made.id} is gone: its making was taken back. Ctrl+B copies your text.")
        await press_and_see(pilot, "Copied", "ctrl+b")
        assert app.clipboard == "My answer"


# Others, and what is said of them


@pytest.mark.parametrize("keys", [("r", "escape"), ("r", *"Hello", "ctrl+s"), ("e", "escape")])
async def test_who_has_closed_composer_or_form_is_no_longer_shown_there(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: [visitor.screen for visitor in other.others()] == ["triage"])
        await pilot.press(keys[0])
        await wait_until(pilot, lambda: [visitor.looking_at for visitor in other.others()] == ["T-1001"])
        await pilot.press(*keys[1:])
        await wait_until(pilot, lambda: [visitor.looking_at for visitor in other.others()] == [None])


async def test_who_answers_with_the_page_open_looks_at_it_afterwards(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
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
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = beside(queue, monkeypatch, "zay", "Zay Hanlon")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        other.show("triage", "T-1001", typing=True)
        await see(pilot, "✎ Zay Hanlon is answering this, too")
        other.show("triage", "T-1001")
        await wait_until(pilot, lambda: "is answering this" not in text_of(pilot.app))


async def test_sup_13_a_note_that_needs_more_than_a_line_is_told_whole(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Post in #help-engineering", "E", "enter")
        composer = app.screen
        assert isinstance(composer, Composer)
        composer.composition.job = replace(composer.composition.job, public=True)
        composer.query_one(TextPane).text = "Acme Robotics cannot run live queries"
        text = await press_and_see(pilot, "This text is public", "ctrl+s")
        assert "take out" in " ".join(text.split())


async def test_a_note_of_many_lines_is_cut_with_a_sign(queue: Workspace) -> None:
    for name in "abcdef":
        queue.tickets.received("T-1001", "Me too", by=name * 50)
    kept = {"text": "My answer", "since": 1}
    queue.drafts.keep("answer T-1001", json.dumps(kept))
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "New since you began, from a", "r")
        note = lines_of(app)[-4:-1]
        assert note[0].startswith(" New since you began")
        assert note[2].endswith("…")


async def test_what_was_missing_is_no_longer_said_once_it_is_filled_in(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "To fill in: next update", "r", "ctrl+t", *"emergency", "enter")
        await press_and_see(pilot, "still to be filled in: next update", "ctrl+s")
        await pilot.press("ctrl+g", *"noon")
        await wait_until(pilot, lambda: "to be filled in" not in text_of(app))
        assert "To fill in" not in text_of(app)


async def test_a_ready_text_alone_is_nothing_that_somebody_typed(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press("ctrl+t", *"fol", "enter")
        await wait_until(pilot, lambda: text_typed(app) != "")
        chosen = text_typed(app)
        await press_and_see(pilot, "Kept as a draft", "escape")
        await press_and_see(pilot, "Answer T-1001", "r")
        await wait_until(pilot, lambda: text_typed(app) == chosen)
        assert "What you typed" not in text_of(app)
