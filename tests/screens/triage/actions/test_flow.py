"""What is done to one ticket or to all that are marked: taking, priority, labels, merging, levels, resolving."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleettui.domain.tickets.model import Documentation, Ticket
from fleettui.text.gaps import gaps_in
from fleettui.workspace.workspace import Workspace
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.triage.conftest import (
    HOUR,
    asked,
    at_work,
    message_of,
    press_and_see,
    text_typed,
    words_of,
)
from tests.support.clocks import MONDAY_MORNING

pytestmark = pytest.mark.slow


def joined(value: object) -> str | None:
    return "".join(value) if isinstance(value, tuple) else None


def documentation(ticket: Ticket) -> Documentation:
    assert ticket.documentation is not None
    return ticket.documentation


LEFT = ("d", "down", "enter", "enter")
"""Resolved without an answer, and the documentation learns nothing."""
DOINGS: list[tuple[tuple[str, ...], str, Callable[[Ticket], object]]] = [
    (("t",), "yours", lambda ticket: ticket.assignee == "kathy"),
    (("a", *"zay", "enter"), "with Zay", lambda ticket: ticket.assignee == "zay"),
    (("W",), "waiting for the customer", lambda ticket: ticket.status == "waiting"),
    (("s", "enter"), "put away", lambda ticket: ticket.status == "snoozed"),
    (("s", *"2h", "enter"), "put away", lambda ticket: ticket.snooze_until == MONDAY_MORNING + 2 * HOUR),
    (("s", *"tomorrow 9:00", "enter"), "put away", lambda ticket: ticket.snooze_until == MONDAY_MORNING + 24 * HOUR),
    (("number_sign", *"more info", "enter"), "Label on", lambda ticket: ticket.labels == ("+more info please",)),
    (("number_sign", *"flaky", "enter"), "Label on", lambda ticket: ticket.labels == ("flaky",)),
    (("p", *"p2", "enter"), "P2", lambda ticket: ticket.priority == "P2"),
    (("p", *"tier free", "enter"), "Free", lambda ticket: ticket.tier == "Free"),
    (LEFT, "resolved", lambda ticket: ticket.status == "resolved" and documentation(ticket).answer == "no"),
    ((*LEFT[:-1], *"enrolling", "enter"), "resolved", lambda ticket: documentation(ticket).what == "enrolling"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "message", "holds"), DOINGS, ids=lambda value: joined(value))  # fmt: skip
async def test_one_verb_for_one_ticket_and_u_takes_it_back(
    queue: Workspace, keys: tuple[str, ...], message: str, holds: Callable[[Ticket], object]
) -> None:
    before = queue.tickets.find("T-1001")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▌  • T-1001")
        await press_and_see(pilot, message, *keys)
        assert holds(queue.tickets.find("T-1001"))
        await press_and_see(pilot, "Took back", "u")
        after = queue.tickets.find("T-1001")
        assert (after.assignee, after.status, after.labels, after.priority, after.tier) == (
            before.assignee, before.status, before.labels, before.priority, before.tier,
        )  # fmt: skip


async def test_marked_ones_are_done_together_and_one_u_takes_all_back(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸All open 4")
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "T-1001, T-1003: yours.", "t")
        assert [ticket.id for ticket in queue.tickets.all() if ticket.assignee == "kathy"] == [
            "T-1001",
            "T-1003",
        ]
        await see(pilot, "All open 4")
        await press_and_see(pilot, "Took back", "u")
        assert not any(ticket.assignee for ticket in queue.tickets.all())


BULK: list[tuple[str, ...]] = [
    ("p", *"p0", "enter"),
    ("number_sign", *"flaky", "enter"),
    ("W",),
    ("s", "enter"),
    ("a", *"me", "enter"),
    LEFT,
]


@pytest.mark.parametrize("keys", BULK, ids="".join)  # fmt: skip
async def test_every_bulk_action_is_one_commit(queue: Workspace, keys: tuple[str, ...]) -> None:
    before = [(ticket.id, ticket.rev) for ticket in queue.tickets.all()]
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸All open 4")
        await press_and_see(pilot, "4 marked", "asterisk")
        await pilot.press(*keys)
        await wait_until(pilot, lambda: "u takes it back" in words_of(pilot.app))
        assert all(now.rev == rev + 1 for now, (_, rev) in zip(queue.tickets.all(), before, strict=True))
        await press_and_see(pilot, "Took back", "u")
        assert all(now.rev == rev + 2 for now, (_, rev) in zip(queue.tickets.all(), before, strict=True))


async def test_what_somebody_has_is_only_taken_over_on_purpose(queue: Workspace) -> None:
    queue.tickets.assign("T-1001", "zay")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "t again takes it over", "t")
        assert queue.tickets.find("T-1001").assignee == "zay"
        await press_and_see(pilot, "T-1001: yours", "t")
        assert queue.tickets.find("T-1001").assignee == "kathy"


async def test_sla_15_p_shows_what_would_be_due_before_it_is_chosen(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        text = await press_and_see(pilot, "Priority or tier of T-1001?", "p")
        assert "✗ 30 m over, was due today 08:30" in text  # P0 at Ultimate: one hour
        assert "8 h 30 m of business time" in text
        await press_and_see(pilot, "All open", "escape")
        assert queue.tickets.find("T-1001").priority == "P1"


async def test_sup_the_filter_of_p_looks_in_names_and_the_cursor_is_on_todays_priority(
    queue: Workspace,
) -> None:
    """ "today 08:30" stands in what would come of P0, and must not choose it."""
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▌  ✓ P1", "p")
        text = await press_and_see(pilot, "Nothing here has “over” in it", *"over")
        assert "Backspace takes letters back" in text
        await press_and_see(pilot, "▌  ✓ P1", *["backspace"] * 4)
        await press_and_see(pilot, "T-1001 is P1 already: nothing is changed.", "enter")
        assert queue.tickets.find("T-1001").rev == 1


@pytest.mark.parametrize(
    ("key", "row", "words"),
    [("a", "▌  Zay", "T-1001 is with Zay Hanlon already"), ("p", "▌  ✓ P1", "T-1001 is P1 already")],
)
async def test_enter_without_moving_changes_nothing_and_says_so(
    queue: Workspace, key: str, row: str, words: str
) -> None:
    queue.tickets.assign("T-1001", "zay")
    before = queue.tickets.find("T-1001")
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, row, key)
        await press_and_see(pilot, words, "enter")
        assert queue.tickets.find("T-1001") == before


async def test_where_marked_ones_differ_enter_takes_none_of_their_values(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "2 marked", "space", "space")
        text = await press_and_see(pilot, "Priority or tier of T-1001, T-1003?", "p")
        assert "2 tickets: T-1001, T-1003 · Acme, Bright Foods · 1 P1, 1 P2" in text
        assert "1 Premium," in text and "1 Ultimate" in text  # the line is wrapped between them
        assert "○ P1 high (1 of 2)" in text
        await press_and_see(pilot, "Nothing is chosen yet", "enter")
        await press_and_see(pilot, "T-1001, T-1003: P0.", "down", "enter")


async def test_marked_ones_with_the_same_value_have_the_cursor_on_it(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "4 marked", "asterisk")
        await press_and_see(pilot, "▌  Nobody", "a")
        await press_and_see(pilot, "4 tickets are all nobody's already: nothing is changed.", "enter")


async def test_enter_on_labels_takes_none_off_by_chance(queue: Workspace) -> None:
    queue.tickets.label("T-1001", ["flaky"])
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "✓ flaky", "number_sign")
        await press_and_see(pilot, "Nothing is chosen yet", "enter")
        await press_and_see(pilot, "Label off: flaky.", "down", "enter")


async def test_merging_shows_where_it_went_and_undo_parts_them(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Where does T-1003 go on?", "j", "M")
        await press_and_see(pilot, "T-1003 goes on in T-1002", "enter")  # the same customer's is first
        assert queue.tickets.find("T-1003").merged_into == "T-1002"
        await press_and_see(pilot, "Took back", "u")
        assert queue.tickets.find("T-1003").merged_into == ""


async def test_sup_19_what_may_be_the_same_is_offered_first_to_merge_into(queue: Workspace) -> None:
    asked(queue, "Acme", "Certificates expire tomorrow", "P3", 1)
    asked(queue, "Acme", "Another question", "P3", 0.5)
    asked(queue, "Acme", "Our certificates expire tomorrow", "P3", 0.2)
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1007 ", "slash", *"id:1007", "enter")
        await press_and_see(pilot, "Where does T-1007 go on?", "M")
        await press_and_see(pilot, "T-1007 goes on in T-1005", "enter")


async def test_a_long_message_in_the_corner_is_whole_on_a_narrow_terminal(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=(60, 20), notifications=True) as pilot:
        await press_and_see(pilot, "T-1001: waiting for the customer.", "g", "W")
        await see(pilot, "u takes it back.")
        assert "An answer is still owed" in words_of(pilot.app)


async def test_a_message_in_the_corner_does_not_cover_what_is_typed_next(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001: yours.", "g", "t")
        text = await press_and_see(pilot, "Answer T-1001", "r")
        assert "T-1001: yours." not in text
        await press_and_see(pilot, "yours", "escape", "t", "t")
        text = await press_and_see(pilot, "What is known of T-1001", "P")
        assert "yours" not in text


async def test_sup_12_w_on_what_is_owed_shows_that_it_waits_and_that_an_answer_is_still_owed(
    queue: Workspace,
) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "▲ 30 m", "g")
        await press_and_see(pilot, "T-1001: waiting for the customer. An", "W")
        text = await see(pilot, "▲…30 m")
        assert "… waiting, but an answer is still owed" in text  # below the list
        await press_and_see(pilot, "Live query returns error 500", "enter")
        await see(pilot, "… waiting, but an answer is still owed")
        queue.tickets.reply("T-1001", "Here")
        app.everything_changed()
        await press_and_see(pilot, "… waiting ", "escape")


async def test_merging_across_customers_asks_with_both_names(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Where does T-1001 go on?", "M")
        text = await press_and_see(pilot, "Merge across customers?", *"T-1003", "enter")
        assert "T-1003 belongs to Bright Foods; T-1001 to Acme" in text
        await press_and_see(pilot, "They stay apart", "enter")
        assert queue.tickets.find("T-1001").merged_into == ""
        await press_and_see(pilot, "Merge across customers?", "M", *"T-1003", "enter")
        await press_and_see(pilot, "T-1001 goes on in T-1003.", "down", "enter")
        assert queue.tickets.find("T-1001").merged_into == "T-1003"


async def test_marked_ones_are_merged_into_a_chosen_one_and_one_u_parts_all(queue: Workspace) -> None:
    for number in range(2):
        asked(queue, "Acme", f"No answer from the server {number}", "P3", 1)
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "3 marked", "slash", *"customer:acme", "enter", "asterisk")
        text = await press_and_see(pilot, "Where do T-1001, T-1005, T-1006 go on?", "M")
        assert "3 tickets: T-1001, T-1005, T-1006 · Acme" in text
        await press_and_see(pilot, "T-1005, T-1006 go on in T-1001.", "enter")
        merged = {ticket.id: ticket.merged_into for ticket in queue.tickets.all() if ticket.merged_into}
        assert merged == {"T-1005": "T-1001", "T-1006": "T-1001"}
        await press_and_see(pilot, "Took back", "u")
        assert not any(ticket.merged_into for ticket in queue.tickets.all())


async def test_sup_12_a_plus_label_clears_the_debt_until_the_customer_writes(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "nothing owed", "number_sign", *"more info", "enter")
        acme.tickets.received("T-1001", "Here it is", by="Jo Park")
        app.everything_changed()
        await see(pilot, "due today 11:00")
        assert acme.tickets.find("T-1001").labels == ()


async def test_sup_7_whom_to_call_and_the_post_to_copy(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "@oncall in #help-engineering", "E")
        await press_and_see(pilot, "Post in #help-engineering", "enter")
        assert text_typed(app).startswith("@oncall P1 for")
        await press_and_see(pilot, "Paste it into #help-engineering.", "ctrl+s")
        assert app.clipboard.startswith("@oncall P1 for")
        assert message_of(acme.tickets.find("T-1001")).startswith("Posted in #help-engineering:")


async def test_sup_6_another_level(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001 is at Expert", "E", *"expert", "enter")
        assert acme.tickets.find("T-1001").level == "expert"


async def test_sup_8_a_direct_message_wants_its_summary_before_it_is_resolved(acme: Workspace) -> None:
    asked(acme, "Somebody", "In confidence", "P3", 1, by_dm=True)
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        await press_and_see(pilot, "Summary of T-1002 for the channel", "j", "d")
        assert gaps_in(text_typed(app))
        await press_and_see(pilot, "still to be filled in", "ctrl+s")
        app.screen.query_one(TextPane).text = "We talked about the licence; it is renewed."
        await press_and_see(pilot, "T-1002: no answer yet", "ctrl+s")
        assert app.clipboard.startswith("We talked about")
        await press_and_see(pilot, "Does it belong in the documentation?", "down", "enter")
        await press_and_see(pilot, "resolved", "enter")
        done = acme.tickets.find("T-1002")
        assert (done.status, done.channel_summary[:9]) == ("resolved", "We talked")


async def test_sup_9_the_documentation_question_may_wait_for_the_end_of_the_week(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Does it belong in the documentation?", "d", *"resolve", "enter")
        await press_and_see(pilot, "resolved", *"later", "enter")
        assert acme.tickets.find("T-1001").documentation is None


async def test_sla_15_resolving_an_unanswered_customer_asks_and_offers_to_answer(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Resolve without an answer", "d")
        await press_and_see(pilot, "Answer T-1001 · Acme", "enter")
        assert acme.tickets.find("T-1001").status == "open"
        await pilot.press("escape")
        acme.tickets.reply("T-1001", "Try this")
        await press_and_see(pilot, "Does it belong in the documentation?", "d")
        await press_and_see(pilot, "resolved", "enter")
