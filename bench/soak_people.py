"""Who takes part in `bench.soak`: people at terminals, writers without one, and what a process costs."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyte

from fleettui.errors import FleettuiError
from fleettui.time.clock import system_clock
from fleettui.workspace.workspace import Workspace
from tests.support.acts import ACTS, Keys
from tests.support.terminal import NOT_FOR_PYTE, EndedError, Terminal

SETTLED = 100
"""Acts after which everything has been loaded that a session loads once."""
STILL = 0.04
"""Seconds without a byte after which an answer is over."""
ANSWERED = 6.0
"""Seconds after which a form that still stands there has refused."""
NEVER_LONGER = 20.0
BY_FORCE = -signal.SIGALRM
"""How a session ends that could not end in order within two seconds."""
WRITES = 0.08
"""The part of acts that change something for good."""
SIZES = ((80, 24), (100, 30), (60, 20), (80, 24))
COMMANDS = re.compile(rb"\x1b\[[^a-zA-Z]*[a-zA-Z]")
FORMS = {"c": "Note on T-", "e": "Change T-"}
"""The key of a form, and its title."""
OF_A_LIST = "? help"
"""What the last line offers."""
CAUGHT_UP = 8
"""Looks at a session that does nothing, after which no key of before waits for its answer any more."""
COUNTED = ("1", "4", "g")
"""The keys before sessions are weighed and compared: the same for all."""


# Figures of a process


def megabytes(pid: int) -> float:
    """What it holds of the memory now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_busy(pid: int) -> bool:
    """Whether one of its threads computes, or would if it had a processor, or waits for a disk."""
    tasks = Path(f"/proc/{pid}/task").glob("*/stat")
    return any(task.read_text().rpartition(")")[2].split()[0] in "RD" for task in tasks)


def stacks(pid: int) -> list[str]:
    """Where each of its threads is, as far as py-spy is installed."""
    program = shutil.which("py-spy")
    if program is None:
        return []
    dumped = subprocess.run([program, "dump", "--pid", str(pid)], capture_output=True, text=True, check=False)
    return dumped.stdout.splitlines()


@dataclass
class Weighed:
    """A session at a moment."""

    acts: int
    memory: float
    descriptors: int
    processor: float


# A session and who sits at it


class RawTerminal(Terminal):
    """Nobody looks at most of what is drawn, and reading it with pyte costs as much as drawing it."""

    def _take(self, came: bytes) -> None:
        self.raw += came

    def send(self, *keys: str) -> None:
        self.raw.clear()
        super().send(*keys)

    def words(self) -> str:
        """What was written to the terminal since the last key, without colours and places."""
        return COMMANDS.sub(b"", bytes(self.raw)).decode(errors="replace")

    def look(self) -> list[str]:
        """The lines of a screen that has nothing open over it: it is drawn anew as a whole."""
        self.quiet(STILL)
        self.send("\x0c")
        drawn = bytearray()
        end = time.perf_counter() + 2
        while time.perf_counter() < end:
            came = self.read(STILL * 2)
            if drawn and not came:
                break
            drawn += came
        screen = pyte.Screen(self.columns, self.rows)
        pyte.ByteStream(screen).feed(NOT_FOR_PYTE.sub(b"", bytes(drawn)))
        return [line.rstrip() for line in screen.display]

    def drawn_anew(self) -> list[str]:
        """The whole screen, whatever is open on it: a terminal of another size is drawn from the beginning."""
        self.resize(self.columns, self.rows + 1)
        self.raw.clear()
        self.quiet(1.0)
        screen = pyte.Screen(self.columns, self.rows)
        pyte.ByteStream(screen).feed(NOT_FOR_PYTE.sub(b"", bytes(self.raw)))
        return [line.rstrip() for line in screen.display]


@dataclass
class Session:
    """One person at one terminal."""

    number: int
    place: Path
    pause: float
    terminal: RawTerminal
    accepted: list[str] = field(default_factory=list)
    refused: int = 0
    taken: list[float] = field(default_factory=list)
    """Seconds of each act until it was answered."""
    weighed: list[Weighed] = field(default_factory=list)
    """After each act."""
    trouble: str = ""
    keys: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    """The last ones."""

    @property
    def pid(self) -> int:
        return int(self.terminal.process.pid)

    def open(self) -> None:
        self.terminal.quiet(0.5)
        self.act(COUNTED)

    def work(self, until: float) -> None:
        """One act after the other; what goes wrong is kept for the table."""
        chance = random.Random(self.number)

        def turns() -> None:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                self.take_a_turn(chance)
                time.sleep(max(0.0, self.pause * chance.uniform(0.5, 1.5) - (time.perf_counter() - begun)))

        self.try_to(turns)

    def try_to(self, do: Callable[[], object]) -> None:
        """A session that has ended does nothing more."""
        if self.trouble:
            return
        try:
            do()
        except (EndedError, AssertionError, OSError) as error:
            self.trouble = f"{str(error).splitlines()[0]}, the last keys: {' '.join(self.keys)}"
            with contextlib.suppress(EndedError, AssertionError, OSError):
                print(self.trouble, *stacks(self.pid), *self.terminal.drawn_anew(), sep="\n", flush=True)

    def weigh_at_the_end(self) -> None:
        self.act(COUNTED)
        self.weighed.append(self.weigh())

    def take_a_turn(self, chance: random.Random) -> None:
        draw = chance.random()
        if draw < WRITES:
            self.write(chance)
        elif draw < WRITES + 0.03:
            self.resize(chance)
        else:
            self.count(self.act(chance.choice(list(ACTS.values()))))

    def count(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.weighed.append(self.weigh())

    def weigh(self) -> Weighed:
        return Weighed(
            len(self.taken), megabytes(self.pid), descriptors(self.pid), processor_seconds(self.pid)
        )

    def act(self, keys: Keys) -> float:
        """Each key once the one before is answered; seconds from the first key to the last answer, for each key."""
        return sum(self.press(key) for key in keys) / len(keys)

    def press(self, key: str) -> float:
        begun = last = time.perf_counter()
        self.keys.append(repr(key))
        self.terminal.send(key)
        # the first answer may take as long as it takes; a key that changes nothing is given up after a moment
        wait = 0.3
        while self.terminal.read(wait):
            last, wait = time.perf_counter(), STILL
            if last - begun > NEVER_LONGER:
                raise AssertionError(f"never quiet after {key!r}")
        return last - begun

    def catch_up(self) -> None:
        """Until no key of before waits for its answer: the process has nothing to do. A box with much to do has it wait
        for the processor, and then it is silent, too.
        """
        end, idle = time.perf_counter() + NEVER_LONGER, 0
        while idle < CAUGHT_UP:
            if time.perf_counter() > end:
                raise AssertionError("never caught up")
            came = self.terminal.read(STILL)
            idle = 0 if came or is_busy(self.pid) else idle + 1

    def resize(self, chance: random.Random) -> None:
        begun = time.perf_counter()
        self.terminal.resize(*chance.choice(SIZES))
        while self.terminal.read(STILL * 3):
            pass
        self.count(time.perf_counter() - begun)

    def write(self, chance: random.Random) -> None:
        """A note, or a new subject; accepted when the form is closed. One that is not is left with Esc."""
        mark = f"mark{self.number}x{len(self.taken)}x"
        form, title = chance.choice(tuple(FORMS.items()))
        self.catch_up()
        self.act(("4", "g", *("j",) * chance.randrange(8)))
        self.catch_up()
        begun = self.act((form,))
        if not self.is_drawn(title, NEVER_LONGER):
            raise AssertionError(f"no {title}")
        self.count(begun + self.act(("\x15", *mark, "ctrl+s")))
        if self.is_drawn(OF_A_LIST, ANSWERED):
            self.accepted.append(mark)
        else:
            self.refused += 1
        self.act(("escape", "escape"))

    def is_drawn(self, words: str, seconds: float) -> bool:
        """Whether the answer to the last key has these, or comes to have them: a box with much to do takes its time."""
        end = time.perf_counter() + seconds
        while words not in self.terminal.words() and time.perf_counter() < end:
            self.terminal.read(STILL)
        return words in self.terminal.words()

    def leave(self) -> None:
        self.act(("escape", "escape", "1"))
        self.terminal.send("q")
        code = self.terminal.wait_exit(10)
        if code not in (0, BY_FORCE):
            self.trouble = self.trouble or f"ended with {code}"

    def first_and_last(self, tenth: float = 0.1) -> tuple[float, float]:
        """Median milliseconds of an act in the first and in the last tenth."""
        part = max(1, int(len(self.taken) * tenth))
        first, last = statistics.median(self.taken[:part]), statistics.median(self.taken[-part:])
        return first * 1000, last * 1000

    def processor_first_and_last(self, tenth: float = 0.1) -> tuple[float, float]:
        """Milliseconds of the processor for an act, in the first tenth and in the last."""
        part = max(2, int(len(self.weighed) * tenth))
        ends = self.weighed[:part], self.weighed[-part:]
        first, last = (
            (some[-1].processor - some[0].processor) / max(1, len(some) - 1) * 1000 for some in ends
        )
        return first, last

    def settled(self) -> Weighed:
        """As it was when everything was loaded."""
        return self.weighed[min(SETTLED, len(self.weighed) // 2)]

    def halfway(self) -> Weighed:
        """Each collection has been written once: its journal, its lock and its mark are open."""
        return self.weighed[len(self.weighed) // 2]


def surroundings(place: Path) -> dict[str, str]:
    return {
        "FLEETTUI_HOME": str(place / "home"),
        "XDG_STATE_HOME": str(place / "state"),
        "XDG_CONFIG_HOME": str(place / "config"),
    }


def session(number: int, place: Path, pause: float) -> Session:
    columns, rows = SIZES[number % len(SIZES)]
    terminal = RawTerminal(
        [sys.executable, "-m", "fleettui"], columns=columns, rows=rows, env=surroundings(place)
    )
    return Session(number, place, pause, terminal)


def weight_of_a_new_session(place: Path) -> float:
    """Opened, and each act done twice."""
    fresh = session(0, place, 0)
    fresh.open()
    for keys in [*ACTS.values()] * 2:
        fresh.act(keys)
    fresh.act(COUNTED)
    memory = megabytes(fresh.pid)
    fresh.terminal.kill()  # it is weighed, and nothing else is asked of it
    return memory


# Writers


@dataclass
class Writer:
    """Changes the same tickets by command, or as a program."""

    number: int
    place: Path
    pause: float
    accepted: list[str] = field(default_factory=list)
    refused: int = 0
    trouble: str = ""

    def work(self, until: float) -> None:
        chance = random.Random(1000 + self.number)
        workspace = Workspace.open(self.place / "home", clock=system_clock)
        ids = [ticket.id for ticket in workspace.tickets.all()][:8]
        write: Callable[[str, str], bool] = (
            self.by_command
            if self.number % 2 == 0
            else lambda id_, mark: self.as_a_program(workspace, id_, mark)
        )
        try:
            while time.perf_counter() < until:
                mark = f"writer{self.number}x{len(self.accepted) + self.refused}x"
                if write(chance.choice(ids), mark):
                    self.accepted.append(mark)
                else:
                    self.refused += 1
                time.sleep(self.pause * chance.uniform(0.5, 1.5))
        except Exception as error:
            self.trouble = repr(error)
        workspace.close()

    def by_command(self, id_: str, mark: str) -> bool:
        done = subprocess.run(
            [sys.executable, "-m", "fleettui", "tickets", "note", id_, "--body", mark],
            env={**os.environ, **surroundings(self.place)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            self.trouble = done.stderr.strip()
        return done.returncode == 0

    def as_a_program(self, workspace: Workspace, id_: str, mark: str) -> bool:
        try:
            workspace.refresh()
            workspace.tickets.note([id_], mark)
        except FleettuiError:
            return False
        return True
