"""`make torture`: a session of 10,000 acts of every kind is as large and as quick at its end as after the first hundred."""

from __future__ import annotations

import gc
import os
import statistics
import time
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL
from tests.support.acts import ACTS, press
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

ROUNDS = 10_000 // (len(ACTS) + 2) + 1
"""Each does every act once, and another person changes something, and the terminal another size."""
FIRST = 4
"""Rounds until everything has been loaded that is loaded once: a hundred acts."""
COMPARED = 20
"""Rounds at each end whose cost is compared."""
GROWTH = 5.0
"""Megabytes."""
DEARER = 1.2
"""Times as much as the first rounds; what differs from run to run."""


def megabytes() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.torture
async def test_ten_thousand_acts_leave_it_as_it_was_after_a_hundred(tmp_path: Path) -> None:
    clock = frozen_clock(MONDAY_MORNING)
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=clock, login="kathy"))
    other = Workspace.open(home, clock=clock, login="jonah")
    ticket = other.tickets.all()[0].id
    memory, seconds = [], []
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for number in range(ROUNDS):
            begun = time.process_time()
            for keys in ACTS.values():
                await press(pilot, keys)
            other.tickets.set([ticket], {"subject": f"Subject {number}"})
            await pilot.resize_terminal(60, 20)
            await pilot.resize_terminal(*SMALL)
            seconds.append(time.process_time() - begun)
            memory.append(megabytes())
            print(f"{number} {memory[-1]:.1f} MB {seconds[-1]:.2f} s", flush=True)
    first = statistics.median(seconds[FIRST : FIRST + COMPARED])
    last = statistics.median(seconds[-COMPARED:])
    assert memory[-1] - memory[FIRST - 1] <= GROWTH, memory[:: ROUNDS // 10]
    assert last / first <= DEARER, (first, last)
