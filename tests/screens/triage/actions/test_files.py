"""The files of a ticket on the screen (SUP-5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from fleettui import access
from fleettui.access import Access
from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import SMALL
from tests.screens.triage.conftest import WIDE, at_work, press_and_see

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 5_000


async def test_sup_5_the_line_that_fetches_a_file_is_copied_and_shown(acme: Workspace) -> None:
    acme.ticket_files.attach("T-1001", "shot.png", PNG)
    (file,) = acme.ticket_files.of(acme.tickets.find("T-1001"))
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "file: shot.png (5.0 kB, PNG image)", "enter")
        await press_and_see(pilot, "Where it is", "F")
        text = await press_and_see(pilot, "The line that fetches it", "enter")
        assert app.clipboard == acme.ticket_files.scp(file)
        assert "Paste it into a terminal on your own computer." in text
        assert str(file.path) in text.replace("\n", "").replace(" ", "")
        await press_and_see(pilot, "Where it is", "escape", "F")
        await press_and_see(pilot, "a terminal on this computer", "down", "enter")
        assert app.clipboard == str(file.path)


async def test_in_a_restricted_account_a_file_goes_to_the_exchange_folder(
    acme: Workspace, tmp_path: Path
) -> None:
    """There nobody can fetch it by scp."""
    (tmp_path / "exchange").mkdir()
    acme.ticket_files.attach("T-1001", "shot.png", PNG)
    access.settle(Access("box", restricted=True, home=acme.home, exchange=tmp_path / "exchange"))
    try:
        async with at_work(acme).run_test(size=WIDE, notifications=True) as pilot:
            await press_and_see(pilot, "It is in your folder", "F")
    finally:
        access.forget()
    assert (tmp_path / "exchange" / "shot.png").read_bytes() == PNG


async def test_sup_5_of_several_files_one_is_picked(acme: Workspace) -> None:
    acme.ticket_files.attach("T-1001", "shot.png", PNG)
    acme.ticket_files.attach("T-1001", "invoice.pdf", b"MZ\x90\x00")
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        text = await press_and_see(pilot, "Which file?", "F")
        assert "named .pdf" in text
        await press_and_see(pilot, "shot.png (5.0 kB, PNG image)", *"shot", "enter")


async def test_a_ticket_without_files_says_how_to_add_one(acme: Workspace) -> None:
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "T-1001 has no files. `tickets attach` adds one", "F")


async def test_sup_5_of_a_file_left_behind_the_link_is_copied(acme: Workspace) -> None:
    ticket = acme.tickets.find("T-1001")
    incoming = IncomingFile(name="hosts.csv", size=12_400, type="CSV", link="https://acme.slack.com/files/F1")
    with_link(acme, ticket.id, incoming)
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "left behind: hosts.csv (12 kB, CSV) ·", "enter")
        await press_and_see(pilot, "Its link", "F")
        assert app.clipboard == "https://acme.slack.com/files/F1"


async def test_sup_5_of_a_file_left_behind_without_a_link_the_reason_is_told(acme: Workspace) -> None:
    with_link(acme, "T-1001", IncomingFile(name="core.dump", why="the mail is longer than 50 MB"))
    acme.ticket_files.attach("T-1001", "shot.png", PNG)
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Which file?", "F")
        await press_and_see(pilot, "core.dump was left behind: the mail is longer", *"core", "enter")


def with_link(workspace: Workspace, id_: str, file: IncomingFile) -> None:
    from fleettui.domain.tickets.arrivals import Arrival

    workspace.tickets.edit(id_, lambda ticket: replace(ticket, thread="1.1"), "tickets.set")
    workspace.tickets.arrive(
        Arrival(
            thread="1.1", external="1.2", at=workspace.now(), by="Jo Park", body="See this",
            files=(file.name,), incoming=(file,), create=False,
        )
    )  # fmt: skip
