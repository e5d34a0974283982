"""How soon the app is there, and what a key costs, against bare Textual apps in the same run. All through a
pseudo-terminal of 80x24, as over SSH; every figure that counts is a ratio.

    python -m bench.screens [RUNS]

Start: from the program's start until the first screen is there, against an App with one Label. Keys and filter letters: from
the key until what it changes has arrived, and the bytes that it cost; the list widget at three sizes against a DataTable of
50 rows. Idle: the part of a core that an app takes that nobody touches.
"""

from __future__ import annotations

import os
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fleettui import demo
from fleettui.time.clock import system_clock
from fleettui.workspace.creation import NewWorkspace, create
from tests.support.terminal import Terminal

SIZES = (100, 1_000, 10_000)
RUNS = 9
KEYS = 45
"""Fewer than a DataTable of 50 rows has: past its end it would have nothing to redraw."""
LETTERS = "mon" + "\x7f" * 3 + "print" + "\x7f" * 5 + "er 4" + "\x7f" * 4
STILL = 0.06
"""Seconds without a byte after which a redraw is over."""
IDLE = 10.0

LABEL = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("subject number 1 ")
Bare().run()
"""

WORDS = "f\"subject number {n} about {'printers' if n % 7 else 'monitors'}\""

TABLE = f"""
from textual.app import App
from textual.widgets import DataTable, Input
class Bare(App):
    BINDINGS = [("slash", "filter", "")]
    def compose(self):
        yield Input(compact=True)
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("id", "left", "prio", "subject", "who")
        self.rows = [(f"T-{{n}}", "2 h 10 m", "P1", {WORDS}, "kathy") for n in range(50)]
        table.add_rows(self.rows)
        table.focus()
    def action_filter(self):
        self.query_one(Input).focus()
    def on_input_changed(self, event):
        table = self.query_one(DataTable)
        table.clear()
        table.add_rows(row for row in self.rows if event.value in row[3])
Bare().run()
"""

ROWS = f"""
import gc, sys
gc.disable()
from screens.terminal.driver import LeanDriver
from screens.shell.typeahead import KeysInOrder
from fleettui.domain.searching import completion, language
from screens.widgets.columns import Column
from screens.widgets.filter_line import FilterLine
from screens.widgets.row import Row
from screens.widgets.rows import Rows
WORDS_ONLY = language.Language({{}}, lambda value, context: lambda text: value in text)
class Guide:
    def complete(self, typed, cursor):
        return completion.complete(WORDS_ONLY, typed, cursor, lambda field: ())
    def mistakes(self, typed):
        return language.parse(WORDS_ONLY, typed, lambda field: ()).mistakes
    def past(self):
        return []
    def keep(self, typed):
        pass
    def prepare(self):
        pass
    def aside(self, typed):
        return None
class Lists(KeysInOrder):
    CSS = "Rows {{ height: 1fr; }} FilterLine, InfoLine {{ height: 1; }}"
    BINDINGS = [("slash", "filter", "")]
    def compose(self):
        yield Rows((Column("id", "id", 8), Column("left", "left", 10), Column("prio", "prio", 4),
                    Column("subject", "subject", 20, grow=1), Column("who", "who", 8)))
    def on_mount(self):
        rows = self.query_one(Rows)
        rows.show([Row(str(n), (f"T-{{n}}", ("2 h 10 m", "muted"), "P1", {WORDS}, ("kathy", "muted")))
                   for n in range(int(sys.argv[1]))])
        rows.focus()
        self.call_after_refresh(gc.freeze)
    def note_place(self):
        pass
    async def wait_for_screen(self):
        pass
    async def action_filter(self):
        line = FilterLine(self.query_one(Rows), Guide())
        await self.mount_all([line, line.offers], before=0)
        line.begin()
Lists(driver_class=LeanDriver).run()
"""

READY = "subject number 1 "


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        create(NewWorkspace(place / "home", system_clock, "bench", demo.fill)).close()
        os.environ |= {
            "FLEETTUI_HOME": str(place / "home"),
            "XDG_STATE_HOME": str(place / "state"),
            "XDG_CONFIG_HOME": str(place / "config"),
        }
        print_starts(place, runs)
        print_keys(place)
        print_idle()


def program(place: Path, name: str, text: str, *words: str) -> list[str]:
    file = place / f"{name}.py"
    file.write_text(text)
    return [sys.executable, str(file), *words]


# Start


def print_starts(place: Path, runs: int) -> None:
    label = program(place, "label", LABEL)
    programs: dict[str, tuple[list[str], str]] = {
        "App with a Label": (label, READY),
        "DataTable, 50 rows": (program(place, "table", TABLE), READY),
        "fleettui": ([sys.executable, "-m", "fleettui"], "What changed"),
        **{f"list of {size:,}": (program(place, "rows", ROWS, str(size)), READY) for size in SIZES},
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(runs):  # one after the other each time, so that a busy moment hits all alike
        for name, (argv, ready) in programs.items():
            seconds[name].append(start(argv, ready))
    bare = statistics.median(seconds["App with a Label"])
    print(f"start to first screen, median of {runs}: x an App with a Label ({bare * 1000:.0f} ms)")
    for name, taken in seconds.items():
        print(f"  {name:20}{statistics.median(taken) / bare:6.2f}")


def start(argv: Sequence[str], ready: str) -> float:
    with Terminal(argv) as terminal:
        while ready.encode() not in terminal.raw:
            terminal.read(10)
        return time.perf_counter() - terminal.started


# Keys


def print_keys(place: Path) -> None:
    figures = {"DataTable, 50 rows": measure_keys(program(place, "table", TABLE))}
    for size in SIZES:
        figures[f"list of {size:,}"] = measure_keys(program(place, "rows", ROWS, str(size)))
    first = figures["DataTable, 50 rows"]
    print(
        f"\n{'':22}{'key p50':>9}{'p95':>7}{'x':>6}{'bytes':>8}{'p95':>7}{'letter p50':>13}{'p95':>7}{'x':>6}{'bytes':>8}"
    )
    for name, (keys, letters) in figures.items():
        print(
            f"  {name:20}"
            f"{keys.ms(0.5):9.1f}{keys.ms(0.95):7.1f}{keys.ms(0.95) / first[0].ms(0.95):6.2f}"
            f"{keys.mean_bytes:8.0f}{keys.bytes_at(0.95):7.0f}"
            f"{letters.ms(0.5):13.1f}{letters.ms(0.95):7.1f}{letters.ms(0.95) / first[1].ms(0.95):6.2f}"
            f"{letters.mean_bytes:8.0f}"
        )


class Answers:
    """What a number of keys took until they were answered, and what was sent for each."""

    def __init__(self, taken: list[tuple[float, int]]) -> None:
        self._seconds = sorted(seconds for seconds, _ in taken)
        self._bytes = sorted(sent for _, sent in taken)

    def ms(self, share: float) -> float:
        return self._seconds[min(len(self._seconds) - 1, int(len(self._seconds) * share))] * 1000

    def bytes_at(self, share: float) -> int:
        return self._bytes[min(len(self._bytes) - 1, int(len(self._bytes) * share))]

    @property
    def mean_bytes(self) -> float:
        return statistics.mean(self._bytes)


def measure_keys(argv: Sequence[str]) -> tuple[Answers, Answers]:
    with Terminal(argv) as terminal:
        terminal.wait_for(READY)
        terminal.quiet(0.3)
        keys = Answers([answer(terminal, "\x1b[B") for _ in range(KEYS)])
        terminal.send("/")
        terminal.quiet(0.3)
        return keys, Answers([answer(terminal, letter) for letter in LETTERS])


def answer(terminal: Terminal, key: str) -> tuple[float, int]:
    """Seconds until the last byte of what a key changes, and how many bytes those were."""
    before = len(terminal.raw)
    began = last = time.perf_counter()
    terminal.send(key)
    wait = 2.0
    while select.select([terminal.descriptor], [], [], wait)[0]:
        last = time.perf_counter()
        terminal.read()
        wait = STILL
    return last - began, len(terminal.raw) - before


# Idle


def print_idle() -> None:
    with Terminal([sys.executable, "-m", "fleettui"]) as terminal:
        terminal.wait_for("What changed")
        terminal.quiet(1.5)
        before = cpu_seconds(terminal.process.pid)
        end = time.perf_counter() + IDLE
        while (left := end - time.perf_counter()) > 0:
            terminal.read(left)
        used = cpu_seconds(terminal.process.pid) - before
        print(f"\nidle: {used / IDLE:.2%} of a core, {resident_mb(terminal.process.pid):.0f} MB")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
