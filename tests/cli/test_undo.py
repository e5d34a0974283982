"""`fleettui undo` and `redo`: what they do at once, what they want --yes for, and the line that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess

LATER = (MONDAY_MORNING + timedelta(hours=1)).isoformat()


@pytest.fixture
def ticket(cli: InProcess) -> str:
    id_: str = cli.json("tickets", "new", "--customer", "Acme", "--subject", "It fails")["id"]
    return id_


def test_a_command_takes_back_what_i_did_just_now_and_redo_does_it_again(cli: InProcess, ticket: str) -> None:
    cli.ok("tickets", "take", ticket)
    assert cli.ok("undo") == f"Took back “taken” on {ticket} · It fails, today 09:00.\n"
    assert cli.json("tickets", "show", ticket)["assignee"] is None
    assert cli.ok("redo") == f"Did again: “taken” on {ticket} · It fails, today 09:00.\n"
    assert cli.json("tickets", "show", ticket)["assignee"] is not None
    assert cli.fails(1, "redo") == (
        "fleettui: There is nothing to do again: you took nothing back since your last change.\n"
    )
    cli.ok("undo", ticket)
    done = cli.json("redo", ticket)
    assert (done["id"], done["verb"], done["fields"], done["together"]) == (
        ticket, "tickets.take", ["assignee"], 1,
    )  # fmt: skip


def test_what_is_older_wants_yes_and_says_what_it_would_take_back(cli: InProcess, ticket: str) -> None:
    cli.ok("tickets", "take", ticket)
    later = replace(cli, now=LATER)
    assert later.fails(1, "undo") == (
        f"fleettui: Take back “taken” on {ticket} · It fails, today 09:00? This is older than 15 minutes. "
        "Nothing was done; `fleettui undo --yes` does it.\n"
    )
    later.ok("undo", "--yes")
    assert cli.json("tickets", "show", ticket)["assignee"] is None


def test_a_document_wants_yes_and_comes_back_by_its_id(cli: InProcess, ticket: str) -> None:
    refusal = cli.fails(1, "undo", ticket)
    assert f"This removes {ticket}. Nothing was done; `fleettui undo {ticket} --yes` does it." in refusal
    cli.ok("undo", "--yes")
    gone = f"{ticket} was removed; `fleettui undo {ticket}` brings it back."
    assert gone in cli.fails(1, "tickets", "show", ticket)
    assert replace(cli, now=LATER).ok("undo", ticket) == f"Brought back {ticket} · It fails.\n"
    assert cli.json("tickets", "show", ticket)["subject"] == "It fails"


def test_what_a_customer_wrote_wants_yes(cli: InProcess, ticket: str) -> None:
    cli.ok("tickets", "received", ticket, "--body", "Still fails", "--by", "Leo Marsh")
    assert "This takes away what Leo Marsh wrote." in cli.fails(1, "undo")
    cli.ok("undo", "--yes")
    assert len(cli.json("tickets", "show", ticket)["messages"]) == 1
