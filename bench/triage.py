"""The queue in a real terminal of 80x24, against a bare app with a Label and a bare DataTable of 50 rows in the same run.

    python -m bench.triage                100, 1,000, 10,000 and 50,000 open tickets
    python -m bench.triage 1000 --keys 40

Start: from the shell until the list stands there and has answered a first key, sent as soon as it could be seen; of the bare
Label, until it stands there. A key or a letter: from its being sent to the last byte of what it changes on the screen; what comes
after a pause of its own (the line that tells more of the row) counts as bytes, not as time. Idle: CPU of the process over some
seconds, its clocks running, and its memory without shared pages.

Goals, against the bare Label in the same run: 10,000 open tickets start within 2.5 times its time and take 45 MB more, a letter
35 ms; 50,000 start within 3.5 times, 70 MB more, a letter 100 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from fleettui.domain.tickets.model import Message, Ticket
from fleettui.time.clock import system_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.creation import NewWorkspace, create
from tests.support.folders import files_of
from tests.support.terminal import Terminal

SIZES = (100, 1_000, 10_000, 50_000)
BURST = 0.025
"""Seconds of silence after which what a key changed is complete."""
SETTLE = 0.12
SETTLED = 5.0
"""Seconds after the last key until a session counts as idle."""
IDLE = 60.0
"""Seconds: a whole minute, for the clocks are told anew once in it."""
WORDS = [
    "host", "agent", "query", "label", "policy", "update", "error", "slack", "answer", "server", "version", "linux",
    "windows", "timeout", "login",
]  # fmt: skip

BARE_LABEL = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    def compose(self):
        yield Label("here it is")

Bare().run()
"""
BARE_TABLE = """
from textual.app import App
from textual.widgets import DataTable, Input

ROWS = [(f"T-{1001 + n}", f"{n} h {n % 60} m", "P2", "Ultimate", f"Customer {n}", f"host {n} agent query label", "kathy", "L2")
        for n in range(50)]

class Bare(App):
    def compose(self):
        yield Input()
        yield DataTable(cursor_type="row")

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("Ticket", "Left", "Class", "Tier", "Customer", "Subject", "With", "Lv")
        table.add_rows(ROWS)
        table.focus()

    def on_key(self, event):
        if event.character == "/":
            self.query_one(Input).focus()
            event.stop()
            event.prevent_default()

    def on_input_changed(self, event):
        table = self.query_one(DataTable)
        table.clear()
        table.add_rows([row for row in ROWS if event.value in " ".join(row)])

Bare().run()
"""


def _making(ticket: Ticket) -> Callable[[Ticket | None], Ticket]:
    return lambda _: ticket


def workspace_of(home: Path, count: int) -> None:
    """Open tickets of about 1.2 KB, in a checkpoint."""
    workspace = create(NewWorkspace(home, system_clock, "kathy", handbook_team=True))
    now, luck = workspace.now(), random.Random(7)
    made = {}
    for number in range(count):
        id_ = f"T-{1001 + number}"
        asked = now - timedelta(minutes=luck.randrange(10, 6_000))
        body = " ".join(luck.choice(WORDS) for _ in range(120))
        message = Message(key="m1", at=asked, by="Jo Park", direction="in", body=body, rev=1)
        made[id_] = Ticket(
            id=id_,
            subject=f"{luck.choice(WORDS)} {luck.choice(WORDS)} {number}",
            customer=f"Customer {number % 90}",
            tier=luck.choice(("Free", "Premium", "Ultimate")),
            priority=luck.choice(("P1", "P2", "P3")),
            status="open",
            opened_at=asked,
            level="standard",
            assignee=luck.choice(("", "kathy", "zay")),
            messages=(message,),
        )
    edits = {id_: _making(ticket) for id_, ticket in made.items()}
    workspace.store.change_many(TICKETS, edits, workspace.session.stamp("bench"))
    files_of(workspace).checkpoint(TICKETS, now)
    workspace.close()
    os.sync()  # else the disk is still busy with it while a session is measured


def reaction(terminal: Terminal, *keys: str) -> tuple[float, int]:
    """Milliseconds until the last byte of the first burst, and all bytes until it is quiet."""
    began, before = time.perf_counter(), len(terminal.raw)
    terminal.send(*keys)
    last = began
    if terminal.read(1.0):
        last = time.perf_counter()
        while terminal.read(BURST):
            last = time.perf_counter()
    while terminal.read(SETTLE):
        pass
    return (last - began) * 1000, len(terminal.raw) - before


class Figures:
    def __init__(self, name: str) -> None:
        self.name = name
        self.start = 0.0
        self.keys: list[tuple[float, int]] = []
        self.letters: list[tuple[float, int]] = []
        self.idle = self.memory = 0.0

    def row(self) -> str:
        return (
            f"{self.name:<22}{self.start:>7.0f} ms   {_times(self.keys)}   {_times(self.letters)}"
            f"   {self.idle:>5.2f} %  {self.memory:>5.0f} MB"
        )


def _times(reactions: list[tuple[float, int]]) -> str:
    if not reactions:
        return " " * 30
    times = sorted(ms for ms, _ in reactions)
    at_95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    worst = max(size for _, size in reactions)
    mean = statistics.mean(size for _, size in reactions)
    return f"{statistics.median(times):>5.1f} {at_95:>5.1f} ms {mean:>5.0f} ({worst:>5.0f}) B"


def started(argv: list[str], env: dict[str, str], sign: str, driven: bool) -> tuple[Terminal, float]:
    terminal = Terminal(argv, env=env)
    terminal.wait_for(sign, timeout=60)
    if driven:
        while terminal.read(0):  # the rest of the first picture
            pass
        terminal.send("down")
        terminal.read(5)
    return terminal, (time.perf_counter() - terminal.started) * 1000


def measure(
    name: str, argv: list[str], env: dict[str, str], sign: str, options: argparse.Namespace, driven: bool
) -> Figures:
    figures = Figures(name)
    starts = []
    for _ in range(options.starts):
        terminal, taken = started(argv, env, sign, driven)
        starts.append(taken)
        terminal.kill()
    figures.start = statistics.median(starts)
    terminal, _ = started(argv, env, sign, driven)
    terminal.quiet(0.4)
    if driven:
        figures.keys = [reaction(terminal, "down") for _ in range(options.keys)]
        reaction(terminal, "/")
        for word in ("agent", "query", "host 3"):
            figures.letters += [reaction(terminal, letter) for letter in word]
            for _ in word:
                reaction(terminal, "backspace")
        reaction(terminal, "escape")
    figures.idle, figures.memory = at_rest(terminal, options.idle)
    terminal.kill()
    return figures


def at_rest(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Share of one core, and megabytes that are this process's own."""
    pid = terminal.process.pid
    _watch(terminal, SETTLED)
    before, began = cpu_of(pid), time.perf_counter()
    _watch(terminal, seconds)
    used = cpu_of(pid) - before
    own = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = sum(int(line.split()[1]) for line in own.splitlines() if line.startswith("Private"))
    return used / (time.perf_counter() - began) * 100, kilobytes / 1024


def _watch(terminal: Terminal, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        terminal.read(0.5)


def cpu_of(pid: int) -> float:
    """Seconds on a processor, by the scheduler's own account: the one in ticks of 10 ms takes short wake-ups for whole ticks."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--idle", type=float, default=IDLE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "label.py").write_text(BARE_LABEL)
        (top / "table.py").write_text(BARE_TABLE)
        print(f"{'':<22}{'start':>10}   {'key p50   p95':<28}   {'letter p50   p95':<28}   idle     own")
        label = measure(
            "bare Label", [sys.executable, str(top / "label.py")], {}, "here it is", options, False
        )
        print(label.row(), flush=True)
        table = measure(
            "bare DataTable, 50", [sys.executable, str(top / "table.py")], {}, "T-1001", options, True
        )
        print(table.row(), flush=True)
        for size in options.sizes or SIZES:
            home = top / str(size)
            workspace_of(home, size)
            env = {"FLEETTUI_HOME": str(home), "XDG_STATE_HOME": str(top / "state"), "LOGNAME": "kathy"}
            argv = [sys.executable, "-m", "fleettui", "--screen", "triage"]
            figures = measure(f"{size:,} tickets", argv, env, "▌", options, True)
            print(
                f"{figures.row()}   start x{figures.start / label.start:.1f}, {figures.memory - label.memory:.0f} MB more",
                flush=True,
            )


if __name__ == "__main__":
    main()
