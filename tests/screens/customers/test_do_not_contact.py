"""GTM-3: who is closed, do not contact, is reached out to only where somebody says that it is meant; GTM-7 and GTM-8."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.choosing import Sure
from tests.screens.conftest import SMALL, see, wait_until
from tests.support.command_line import InProcess

DESPITE = "--despite-do-not-contact"


@pytest.fixture
def closed(cli: InProcess) -> InProcess:
    """With a ticket of theirs, T-1001."""
    cli.ok("customers", "add", "Acme", "kind=prospect", "lead_status=closed do not contact")
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "Please delete our data")
    return cli


@pytest.mark.parametrize(
    "words",
    [
        ("calls", "new", "--customer", "Acme", "--start", "tomorrow 10:00"),
        ("playbooks", "start", "send-a-quote", "--customer", "acme"),
        ("tickets", "reply", "T-1001", "--body", "It is deleted"),
        ("tickets", "reply", "T-1001", "--template", "follow-up"),
    ],
)
def test_gtm_3_a_call_a_quote_and_an_answer_want_a_word_for_who_is_not_to_be_contacted(
    closed: InProcess, words: tuple[str, ...]
) -> None:
    refusal = closed.fails(1, *words)
    assert "Acme is closed do not contact" in refusal and DESPITE in refusal
    if "--template" not in words:
        closed.ok(*words, DESPITE)


def test_gtm_3_is_not_asked_among_ourselves_nor_for_what_reaches_nobody(closed: InProcess) -> None:
    closed.ok("calls", "new", "--customer", "Acme", "--start", "tomorrow 10:00", "--kind", "handoff")
    closed.ok("playbooks", "start", "Customer credit card", "--customer", "Acme")
    closed.ok("tickets", "received", "T-1001", "--body", "And?")
    closed.ok("tickets", "note", "T-1001", "--body", "Asked again")


def test_gtm_3_a_step_that_begins_a_call_asks_too(closed: InProcess) -> None:
    closed.ok("customers", "edit", "Acme", "kind=customer")
    run = closed.json("playbooks", "start", "close-a-deal", "--customer", "Acme")
    assert DESPITE in closed.fails(1, "playbooks", "open", run["id"], "kick-off")


@pytest.fixture
def app(closed: InProcess) -> Iterator[FleettuiApp]:
    from fleettui.time.clock import frozen_clock
    from tests.support.clocks import MONDAY_MORNING

    workspace = Workspace.open(closed.home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    yield FleettuiApp(workspace)
    workspace.close()


async def test_gtm_3_an_answer_is_asked_about_and_one_key_accepts(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("4")
        await see(pilot, "Please delete o")
        await pilot.press("r")
        await see(pilot, "Acme is closed do not contact")
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Sure))
        await pilot.press("r")
        await see(pilot, "Write the answer all the same")
        await pilot.press("enter")
        await see(pilot, "Answer T-1001")


async def test_gtm_3_a_quote_and_a_call_are_asked_about_on_their_screens(app: FleettuiApp) -> None:
    from screens.playbooks.row_keys import PlaybookKey
    from tests.screens.demo_team import go_to

    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("5")
        await see(pilot, "Begin one")
        await go_to(pilot, PlaybookKey("send-a-quote"))
        await pilot.press("n")
        await see(pilot, "For which customer?")
        await pilot.press("enter")
        await see(pilot, "Begin it all the same")
        await pilot.press("enter")
        await see(pilot, "P-101")
        await pilot.press("3")
        await pilot.press("n")
        await see(pilot, "Plan a call")
        await pilot.press(*"Acme", "tab", *"fri", "space", *"10:00", "ctrl+s")
        await see(pilot, "Ctrl+S again plans it all the same")
        await pilot.press("ctrl+s")
        await see(pilot, "Acme (Acme)")
    assert [call.company for call in app.workspace.calls.all()] == ["Acme"]


async def test_gtm_7_and_gtm_8_stand_where_somebody_reaches_out(closed: InProcess, app: FleettuiApp) -> None:
    from screens.customers.row_keys import AdviceKey
    from tests.screens.demo_team import go_to

    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("7")
        await see(pilot, "How we reach out")
        await go_to(pilot, AdviceKey("outbound"))
        await pilot.press("enter")
        await see(pilot, "confers with the CRO first")
        await pilot.press("escape")
        await go_to(pilot, AdviceKey("contact-data"))
        await pilot.press("enter")
        await see(pilot, "given or sold to nobody")


def test_gtm_8_an_export_with_contacts_says_that_they_are_for_our_own_use(
    closed: InProcess, tmp_path: Path
) -> None:
    assert "own use" not in closed.run("export", str(tmp_path / "none")).stderr
    closed.ok("customers", "contact", "Acme", "dana@acme.example")
    assert "own use" in closed.run("export", str(tmp_path / "some")).stderr


def test_gtm_7_a_prospect_whom_nobody_has_contacted_shows_who_decides(cli: InProcess) -> None:
    cli.ok("customers", "add", "Bolt", "kind=prospect")
    from fleettui.time.clock import frozen_clock
    from screens.customers.page import CustomerPage
    from screens.widgets.page import plain
    from tests.support.clocks import MONDAY_MORNING

    workspace = Workspace.open(cli.home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    page = plain(list(CustomerPage(workspace, workspace.customers.find("Bolt")).paras()))
    assert "CEO decides; CRO backs up" in page
