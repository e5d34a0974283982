"""Commands that need no screen, against a bare Textual app with a Label in the same run. `python -m bench.commands`

A command counts from its start to its end, the bare app from its start until its Label is on the terminal.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ptyprocess import PtyProcess

BARE_APP = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    def compose(self):
        yield Label("here it is")

Bare().run()
"""
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("today",),
    ("people", "list"),
    ("customers", "list"),
    ("sla", "due", "--tier", "Premium", "--priority", "P1", "--at", "2026-03-06T15:00:00-08:00", "--explain"),
    ("history",),
    ("tickets", "list"),
    ("rituals", "list"),
)
RUNS = 15
AUTOGROUP = Path("/proc/self/autogroup")
OUR_TURNS = AUTOGROUP.read_text().split()[-1] if AUTOGROUP.exists() else ""


def _as_raised_as_we() -> None:
    """A terminal begins a session of its own, and with it a group that Linux gives its turns apart from ours: it gets our turns,
    else the one is measured under another load than the other."""
    if AUTOGROUP.exists():
        AUTOGROUP.write_text(OUR_TURNS)


def bare_app(script: Path) -> float:
    began = time.perf_counter()
    process = PtyProcess.spawn(
        [sys.executable, str(script)], dimensions=(24, 80), preexec_fn=_as_raised_as_we
    )
    seen = b""
    while b"here it is" not in seen:
        seen += process.read(65536)
    taken = time.perf_counter() - began
    process.kill(9)
    process.wait()
    return taken


def command(home: Path, words: tuple[str, ...]) -> float | None:
    environment = {**os.environ, "FLEETTUI_HOME": str(home)}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "fleettui", *words], env=environment, capture_output=True, check=False
    )
    return time.perf_counter() - began if done.returncode == 0 else None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        script, home = Path(folder) / "bare.py", Path(folder) / "home"
        script.write_text(BARE_APP)
        subprocess.run([sys.executable, "-m", "fleettui", "--home", str(home), "init", "--demo"], check=True)
        floor: list[float] = []
        taken: dict[tuple[str, ...], list[float]] = {words: [] for words in COMMANDS}
        for _ in range(RUNS):
            floor.append(bare_app(script))
            for words in COMMANDS:
                took = command(home, words)
                if took is not None:
                    taken[words].append(took)
    bare, least = statistics.median(floor), min(floor)
    print(f"bare Textual app with a Label: {bare * 1000:.0f} ms to its Label, at least {least * 1000:.0f}")
    for words, times in taken.items():
        if times:
            median = statistics.median(times)
            print(
                f"fleettui {' '.join(words[:2]):<16} {median * 1000:4.0f} ms, {median / bare:.2f} x the bare app's start; "
                f"at least {min(times) * 1000:.0f}, {min(times) / least:.2f} x its least"
            )


if __name__ == "__main__":
    main()
