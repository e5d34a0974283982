"""Answers that leave by themselves, on the screen: where they go is said before they are written, how they stand after."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import press_and_see
from tests.support.clocks import MONDAY_MORNING
from tests.support.connections import connect

pytestmark = pytest.mark.slow


@pytest.fixture
def sending(workspace: Workspace) -> Workspace:
    """One ticket that came by mail."""
    connect(workspace.home)
    workspace.refresh()
    workspace.people.edit("kathy", {"name": "Kathy Ruiz"})
    workspace.tickets.arrive(
        Arrival(
            thread="<1@acme.example>", external="<1@acme.example>", at=workspace.now(), by="Jo Park", way="mail",
            subject="It fails", body="Help", customer="Acme", channel="jo@acme.example",
        )
    )  # fmt: skip
    return workspace


def in_app(workspace: Workspace) -> FleettuiApp:
    session = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)
    return FleettuiApp(session, "triage")


def tried(workspace: Workspace, why: str = "", *, is_known: bool = True) -> None:
    """The service tries to send, a minute later."""
    service = Workspace.open(
        workspace.home, clock=frozen_clock(MONDAY_MORNING.replace(minute=1)), login="fleettui"
    )
    order = service.outbox.begin(service.outbox.due()[0])
    if not why:
        service.outbox.sent(order)
    elif is_known:
        service.outbox.failed(order, why)
    else:
        service.outbox.uncertain(order, why)
    service.close()


async def answer(pilot: Pilot[int], *keys: str) -> None:
    await see(pilot, "T-1001")
    await press_and_see(pilot, "Answer T-1001", "r")
    await pilot.press(*"Done.", *(keys or ("ctrl+s",)))


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_the_composer_says_where_it_goes_in_whose_name_and_how_long_it_can_be_taken_back(
    sending: Workspace, size: tuple[int, int]
) -> None:
    async with in_app(sending).run_test(size=size, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "Answer T-1001", "r")
        text = " ".join(text_of(pilot.app).split())
        assert (
            f"Ctrl+S sends to jo@acme.example as Kathy Ruiz ({sending.name}) in 20 s; u takes it back."
            in text
        )


async def test_what_failed_before_a_merge_stands_on_the_ticket_that_goes_on_and_can_be_sent_from_there(
    sending: Workspace,
) -> None:
    sending.tickets.reply("T-1001", "Done.")
    tried(sending, "550 no such user")
    sending.refresh()
    sending.tickets.new("Acme", "The same again", channel="jo@acme.example", body="Help")
    sending.tickets.merge("T-1001", "T-1002")
    async with in_app(sending).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1002")
        await press_and_see(pilot, "Answer in T-1001: failed: 550 no such user", "enter")
        await press_and_see(pilot, "Send it again", BY_ID["triage.received"].keys)
        await press_and_see(pilot, "T-1001: sent again. u takes it back.", "enter")


async def test_it_leaves_and_u_takes_it_back_and_the_words_are_there_again(sending: Workspace) -> None:
    app = in_app(sending)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await answer(pilot)
        await see(pilot, "T-1001 leaves in 20 s; u takes it back.")
        assert app.clipboard == ""
        await press_and_see(pilot, "queued, leaves in 20 s; u takes it back", "enter")
        await press_and_see(pilot, "Took back", "u")
        await press_and_see(pilot, "Your answer that was taken back is here again", "r")
        assert "Done." in text_of(app)


async def test_f2_only_records_and_copies(sending: Workspace) -> None:
    app = in_app(sending)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await answer(pilot, "f2")
        await see(pilot, "Recorded: T-1001 is answered")
        assert app.clipboard == "Done."
        message = app.workspace.tickets.find("T-1001").messages[-1]
        assert message.delivery is None


async def test_the_page_says_when_it_was_sent_and_undo_that_it_is_too_late(sending: Workspace) -> None:
    app = in_app(sending)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await answer(pilot)
        await see(pilot, "T-1001 leaves in 20 s")
        tried(sending)
        app.clear_notifications()
        await press_and_see(pilot, "sent 09:01", "enter")
        await press_and_see(pilot, "it left at 09:01 and cannot be taken back", "u")


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_r_sends_again_what_failed(sending: Workspace, size: tuple[int, int]) -> None:
    app = in_app(sending)
    async with app.run_test(size=size, notifications=True) as pilot:
        await answer(pilot)
        await see(pilot, "T-1001 leaves in 20 s")
        tried(sending, "550 no such user")
        app.clear_notifications()
        await press_and_see(pilot, "failed: 550 no such user; R tries again", "enter")
        await press_and_see(pilot, "Send it again", "R")
        await press_and_see(pilot, "T-1001: sent again. u takes it back.", "enter")
        (order,) = app.workspace.outbox.all()
        assert order.delivery.state == "queued"


async def test_what_is_uncertain_is_asked_and_can_be_copied_instead(sending: Workspace) -> None:
    app = in_app(sending)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await answer(pilot)
        await see(pilot, "T-1001 leaves in 20 s")
        tried(sending, "no answer after the text", is_known=False)
        app.clear_notifications()
        await press_and_see(pilot, "uncertain: no answer after the text; R sends again", "enter")
        await press_and_see(pilot, "Copy it", "R")
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: app.clipboard == "Done.")
        assert app.workspace.outbox.all() == []


async def test_r_still_writes_down_what_they_said(sending: Workspace) -> None:
    async with in_app(sending).run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "What the customer wrote to T-1001", "R")


async def test_today_shows_its_writer_what_did_not_leave(sending: Workspace) -> None:
    sending.tickets.reply("T-1001", "Done.")
    tried(sending, "550 no such user")
    app = FleettuiApp(Workspace.open(sending.home, clock=frozen_clock(MONDAY_MORNING), login="kathy"))
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        await see(pilot, "The answer failed: 550 no such user")
        items = app.workspace.agenda.items()
        assert [(item.id, item.mine, item.state) for item in items if item.step == "unsent"] == [
            ("T-1001", True, "late")
        ]


async def test_a_text_for_several_leaves_for_each(sending: Workspace) -> None:
    sending.tickets.new("Oak", "Slow", channel="al@oak.example", body="It is slow")
    sending.tickets.new("Elm", "Slower", channel="#elm", body="It is slow")
    app = in_app(sending)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1003")
        await pilot.press("asterisk")
        await press_and_see(pilot, "Ctrl+S sends 2 of 3 as Kathy Ruiz", "r")
        await pilot.press(*"It works.", "ctrl+s")
        await see(pilot, "Recorded: 1 ticket is answered")
        assert len(app.workspace.outbox.all()) == 2
