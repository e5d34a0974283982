"""Two people before one board, each in a terminal of their own."""

from __future__ import annotations

import pytest

from fleettui.config import login
from fleettui.workspace.workspace import Workspace
from tests.e2e.conftest import Open


@pytest.fixture
def mine(workspace: Workspace) -> Workspace:
    """The daily rituals are this account's."""
    if login() not in {person.login for person in workspace.people.all()}:
        workspace.people.add(login())
    for id_ in ("RIT-1", "RIT-2", "RIT-3", "RIT-4", "RIT-5", "RIT-7"):
        workspace.rituals.edit(id_, {"dri": login()})
    return workspace


def test_a_tick_is_seen_in_the_other_terminal(open_app: Open, mine: Workspace) -> None:
    first, second = open_app(), open_app(160, 50)
    for terminal in (first, second):
        terminal.wait_for("● open")
        terminal.send("2")
        terminal.wait_for("Overnight customer")
    first.send(" ")
    second.wait_for("✓ done")
    second.send("D")
    first.wait_gone("✓ done")


def test_both_tick_the_same_at_the_same_moment_and_it_is_ticked_once(open_app: Open, mine: Workspace) -> None:
    terminals = [open_app(), open_app()]
    for terminal in terminals:
        terminal.wait_for("● open")
        terminal.send("2")
        terminal.wait_for("Overnight customer")
    for terminal in terminals:
        terminal.send(" ")
    for terminal in terminals:
        terminal.wait_for("✓ done")
    mine.refresh()
    line = mine.rituals.row("RIT-1")
    assert line is not None
    assert line.instance is not None
    assert len(line.instance.ticks) == 1


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (160, 50)], ids=str)
def test_six_rituals_take_seven_keys_from_the_open_app(
    open_app: Open, mine: Workspace, size: tuple[int, int]
) -> None:
    terminal = open_app(*size)
    terminal.wait_for("● open")
    keys = ["2", *" " * 6]
    assert len(keys) <= 12
    for key in keys:
        terminal.send(key)
    terminal.wait_for("Weekly · 2 of 2")
    terminal.wait_for("Daily · 4 of 4")
    mine.refresh()
    done = [line for line in mine.rituals.board() if line.state == "done"]
    assert len(done) == 6
