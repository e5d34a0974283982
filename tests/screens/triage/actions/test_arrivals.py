"""Requests and messages that did not arrive by themselves are written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.messages import NewMessage, noted
from fleettui.workspace.workspace import Workspace
from screens.dialogs.form import Form
from tests.screens.conftest import SMALL, see
from tests.screens.triage.conftest import (
    WIDE,
    at_work,
    fill,
    press_and_see,
)


async def test_a_request_that_came_another_way_is_written_down(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        await press_and_see(pilot, "T-1005 is in the queue", *"Acme", "enter", *"By phone", "ctrl+s")
        assert queue.tickets.find("T-1005").customer == "Acme"


async def test_who_wrote_when_and_how_is_written_down_with_it(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        fill(app, customer="Acme", subject="By telephone", by="Jo Park", at="20 min ago", by_dm="yes")
        await press_and_see(pilot, "T-1005 is in the queue", "ctrl+s")
    made = queue.tickets.find("T-1005")
    assert (made.contact, made.by_dm, queue.now() - made.opened_at) == (
        "Jo Park",
        True,
        timedelta(minutes=20),
    )


async def test_sup_12_what_the_customer_said_another_way_is_owed_an_answer(queue: Workspace) -> None:
    queue.tickets.reply("T-1001", "Tell us more")
    queue.tickets.label("T-1001", add=["+more info please"])
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        app.base_screen.reveal("T-1001")
        await press_and_see(pilot, "What the customer wrote to T-1001", "R")
        fill(app, body="It is version 4.60")
        await press_and_see(pilot, "T-1001: ", "ctrl+s")
        ticket = queue.tickets.find("T-1001")
        assert ticket.labels == () and queue.queue.debt(ticket) is not None
        assert ticket.messages[-1].body == "It is version 4.60"
        await press_and_see(pilot, "takes away what", "u")
        await press_and_see(pilot, "Took back", "enter")
        assert queue.tickets.find("T-1001").labels == ("+more info please",)


async def test_a_time_that_cannot_be_read_is_complained_about_where_it_was_typed(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "What the customer wrote", "R")
        fill(app, body="Still broken", at="some day")
        await press_and_see(pilot, "'some day' is not a time", "ctrl+s")
        assert isinstance(app.screen, Form)


async def test_a_name_nearly_known_is_asked_about_and_a_key_takes_what_was_meant(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        fill(app, customer="Brigth Foods", subject="By telephone")
        await press_and_see(pilot, "Did you mean Bright", "ctrl+s")
        await see(pilot, "Ctrl+T takes Bright Foods. Ctrl+S again keeps it as you typed it.")
        assert len(queue.tickets.all()) == 4
        await press_and_see(pilot, "Bright Foods it is", "ctrl+t")
        await press_and_see(pilot, "T-1005 is in the queue", "ctrl+s")
        assert queue.tickets.find("T-1005").customer_id == queue.tickets.find("T-1002").customer_id


async def test_whoever_insists_keeps_a_name_that_is_nearly_known(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        await press_and_see(pilot, "a name of the customer list, or any other", "ctrl+t")
        await press_and_see(pilot, "Write down a request", "escape")
        fill(app, customer="Brigth Foods", subject="By telephone")
        await press_and_see(pilot, "Did you mean Bright", "ctrl+s")
        await press_and_see(pilot, "T-1005 is in the queue", "ctrl+s")
        made = queue.tickets.find("T-1005")
        assert (made.customer, made.customer_id) == ("Brigth Foods", "")


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sup_21_a_mail_of_ours_that_nothing_proves_is_counted_by_a_key(
    queue: Workspace, size: tuple[int, int]
) -> None:
    ticket = queue.tickets.find("T-1001")
    ours = NewMessage(
        at=queue.now(),
        by="kathy",
        body="It is mended",
        direction="note",
        external="<k1@fleet.example>",
        uncounted="from our own address, but nothing proves it",
    )
    queue.tickets.edit(ticket.id, lambda fresh: noted(fresh, ours), "tickets.arrive")
    app = at_work(queue)
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "T-1001")
        app.base_screen.reveal("T-1001")
        assert "nothing proves it" in " ".join((await press_and_see(pilot, "counts it as", "enter")).split())
        await press_and_see(pilot, "Kathy Satterlee's mail counts as", "=")
        assert queue.queue.debt(queue.tickets.find("T-1001")) is None
        await press_and_see(pilot, "no mail of ours is noted", "=")
        await press_and_see(pilot, "Took back", "u")
        assert queue.queue.debt(queue.tickets.find("T-1001")) is not None


async def test_sup_1_who_was_in_cc_is_named_where_a_copied_answer_goes(queue: Workspace) -> None:
    theirs = Arrival(
        thread="<1@acme.example>",
        external="<1@acme.example>",
        at=queue.now(),
        by="Jo Park",
        body="The hosts page is empty",
        cc=("Eve Park <eve@acme.example>",),
        subject="Hosts",
        customer="Acme",
        channel="jo@acme.example",
        way="mail",
    )
    made = queue.tickets.arrive(theirs).ticket
    assert made is not None
    app = at_work(queue)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, made.id)
        app.base_screen.reveal(made.id)
        await press_and_see(pilot, "Answer", "r")
        shown = await press_and_see(pilot, "Cc", *"Mended", "ctrl+s")
        assert "eve@acme.example" in "".join(shown.split())
