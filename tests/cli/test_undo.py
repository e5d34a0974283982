"""`fleettui undo` and `redo`: what they do at once, what they want --yes for, and the line that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import ALL
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.folders import files_of

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


# -- what was finished long ago

DAY = timedelta(days=1)


def later(cli: InProcess, days: float) -> InProcess:
    return replace(cli, now=(MONDAY_MORNING + days * DAY).isoformat())


@pytest.fixture
def resolved(cli: InProcess) -> list[str]:
    """A ticket of each of five months, answered and resolved, and in the archive."""
    ids = []
    for month in range(5):
        then = later(cli, month * 30)
        id_ = then.json("tickets", "new", "--customer", "Acme", "--subject", f"Month {month}")["id"]
        then.ok("tickets", "resolve", id_, "--unanswered", "--documentation", "no")
        ids.append(id_)
    write_checkpoints(cli, 170)
    assert later(cli, 170).json("tickets", "list") == []
    return ids


def write_checkpoints(cli: InProcess, days: float) -> None:
    workspace = Workspace.open(cli.address, login="fleettui-intake")
    for collection in ALL:
        files_of(workspace).checkpoint(collection, MONDAY_MORNING + days * DAY)
    workspace.close()


def test_undo_finds_my_change_of_a_ticket_that_was_resolved_long_ago(
    cli: InProcess, resolved: list[str]
) -> None:
    """Another account makes a checkpoint between the change and the undo, and takes notes elsewhere."""
    now = later(cli, 171)
    now.ok("tickets", "note", resolved[1], "--body", "It came up again")
    write_checkpoints(cli, 171)
    clock = frozen_clock(MONDAY_MORNING + 171 * DAY)
    Workspace.open(cli.address, clock=clock, login="zay").tickets.note(resolved[3], "Here too")
    write_checkpoints(cli, 171)
    newest = now.json("history", "--limit", "2")
    assert {(entry["id"], entry["verb"]) for entry in newest} == {
        (resolved[1], "tickets.note"), (resolved[3], "tickets.note"),
    }  # fmt: skip
    undone = now.json("undo")
    assert (undone["id"], undone["verb"]) == (resolved[1], "tickets.note")
    write_checkpoints(cli, 171)
    assert now.json("redo")["id"] == resolved[1]
    write_checkpoints(cli, 190)
    assert later(cli, 190).json("history", "--limit", "1")[0]["verb"] == "redo"


def test_a_ticket_of_long_ago_that_was_opened_and_resolved_again_is_in_the_history(
    cli: InProcess, resolved: list[str]
) -> None:
    now = later(cli, 171)
    now.ok("tickets", "reopen", resolved[0])
    now.ok("tickets", "resolve", resolved[0], "--unanswered", "--documentation", "no")
    for days in (171, 172, 186, 200):
        write_checkpoints(cli, days)
        newest = later(cli, days).json("history", "--limit", "2")
        assert [(entry["id"], entry["verb"]) for entry in newest] == [
            (resolved[0], "tickets.resolve"), (resolved[0], "tickets.reopen"),
        ]  # fmt: skip


def test_history_and_undo_reach_back_into_the_archive(cli: InProcess, resolved: list[str]) -> None:
    now = later(cli, 171)
    shown = now.json("history", "--limit", "200")
    assert {entry["id"] for entry in shown} >= set(resolved)
    assert [entry["at"] for entry in shown] == sorted((entry["at"] for entry in shown), reverse=True)
    refusal = now.fails(1, "undo")
    assert f"Take back “resolved” on {resolved[-1]} · Month 4" in refusal and "older than 15" in refusal
    assert now.json("undo", "--yes")["id"] == resolved[-1]
    assert now.json("tickets", "show", resolved[-1])["status"] == "open"


def test_sup_3_a_merge_of_long_ago_is_taken_back_as_a_whole(cli: InProcess, ticket: str) -> None:
    """Both tickets are in the archive by then; the first undo brings one of them back."""
    other = cli.json("tickets", "new", "--customer", "Acme", "--subject", "It fails again")["id"]
    cli.ok("tickets", "merge", other, ticket)
    cli.ok("tickets", "resolve", ticket, "--unanswered", "--documentation", "no")
    write_checkpoints(cli, 30)
    now = later(cli, 31)
    now.ok("undo", ticket, "--yes")
    assert now.json("undo", ticket, "--yes")["together"] == 2
    assert [now.json("tickets", "show", id_)["status"] for id_ in (ticket, other)] == ["open", "open"]
