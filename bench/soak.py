"""A day in little: many sessions in real terminals and other writers, all on one workspace.

    python -m bench.soak [--minutes 60] [--sessions 10] [--writers 4] [--pause 3] [--folder DIR]

Each session is a process in a pseudo-terminal of its own, in which somebody does one act after the other (tests/support/acts.py),
writes notes and changes subjects. Half of the writers are commands, half go through the workspace as a program. Every change that
was acknowledged is written down, and looked for at the end. It prints a table each minute and at the end, and exits with 1 where
a goal is missed:

- a session has grown by no more than 5 MB since its 100th act, beside what a session that is opened at the end weighs more than
  one opened at the beginning: that is the data;
- an act of the last tenth costs what one of the first tenth did: the median time until it is answered, and the processor's time;
- no session holds more descriptors than after its 100th act;
- every change that was accepted is found;
- after a pause all sessions show the same list;
- nothing was written to the error log, and all sessions end when asked to.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.soak_people import NEVER_LONGER, Session, Writer, session, weight_of_a_new_session
from fleettui import demo
from fleettui.time.clock import system_clock
from fleettui.workspace.creation import NewWorkspace, create

GROWTH = 5.0
"""MB that a session may grow from then on."""
SLOWER = 1.5
"""Times as long as the first tenth of acts took; other programs run on the same box."""
DEARER = 1.25
"""Times as much of the processor."""
LETTERS = 3
"""So many of the first letters of a mark may have been lost, and what is left is still the only one."""
DRIFT = 15.0
"""Seconds in which all sessions must come to show the same."""


# The whole


def workers(sessions: Sequence[Session], writers: Sequence[Writer]) -> list[Session | Writer]:
    return [*sessions, *writers]


def main(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="fleettui-soak-") as folder:
        place = options.folder or Path(folder)
        create(NewWorkspace(place / "home", system_clock, "bench", demo.fill)).close()
        return soak(place, options)


def soak(place: Path, options: argparse.Namespace) -> int:
    before = weight_of_a_new_session(place)
    sessions = [session(number, place, options.pause) for number in range(options.sessions)]
    for person in sessions:
        person.open()
    writers = [Writer(number, place, options.pause * 2) for number in range(options.writers)]
    until = time.perf_counter() + options.minutes * 60
    threads = [
        threading.Thread(target=worker.work, args=(until,), daemon=True)
        for worker in workers(sessions, writers)
    ]
    for thread in threads:
        thread.start()
    watch(sessions, writers, until)
    for thread in threads:
        thread.join(NEVER_LONGER * 3)
    for person in sessions:
        person.try_to(person.weigh_at_the_end)
    equal = show_the_same([person for person in sessions if not person.trouble])
    for person in sessions:
        person.try_to(person.leave)
    after = weight_of_a_new_session(place)
    lost, cut = not_kept(place, [mark for worker in workers(sessions, writers) for mark in worker.accepted])
    return report(sessions, writers, Ends(before, after, equal, lost, cut, errors(place)))


def watch(sessions: list[Session], writers: list[Writer], until: float) -> None:
    """A line each minute."""
    print("minute  acts  memory of each session (MB)  descriptors  changes", flush=True)
    begun = time.perf_counter()
    while time.perf_counter() < until:
        time.sleep(max(0.0, min(60.0, until - time.perf_counter())))
        alive = [person for person in sessions if not person.trouble and person.weighed]
        print(
            f"{(time.perf_counter() - begun) / 60:6.1f} {sum(len(person.taken) for person in sessions):5}  "
            f"{' '.join(f'{person.weighed[-1].memory:.1f}' for person in alive)}  "
            f"{max((person.weighed[-1].descriptors for person in alive), default=0)}  "
            f"{sum(len(worker.accepted) for worker in workers(sessions, writers))}",
            flush=True,
        )


def show_the_same(sessions: list[Session]) -> bool:
    """Whether all show the same rows of the queue within a while. The smallest terminal shows the first of them."""
    for person in sessions:
        person.terminal.resize(80, 24)
        person.act(("escape", "escape", "4"))  # the last act may have ended on a ticket's page
    end = time.perf_counter() + DRIFT
    lists: set[tuple[str, ...]] = set()
    while time.perf_counter() < end:
        lists = {tuple(person.terminal.look()[2:-3]) for person in sessions}
        if len(lists) == 1:
            return True
        time.sleep(0.5)
    for lines in lists:
        print("\n".join(lines))
    return False


def not_kept(place: Path, marks: list[str]) -> tuple[list[str], list[str]]:
    """Those that are in none of the workspace's files, and those of which all but the first letters is. A change keeps what was
    there before and after."""
    home = place / "home"
    folders = [home, home / "journal", home / "archive"]
    text = b"".join(
        file.read_bytes() for folder in folders for file in sorted(folder.glob("*")) if file.is_file()
    )
    missing = [mark for mark in marks if mark.encode() not in text]
    cut = [mark for mark in missing if mark[LETTERS:].encode() in text]
    return [mark for mark in missing if mark not in cut], cut


def errors(place: Path) -> str:
    log = place / "state" / "fleettui" / "errors.log"
    return log.read_text() if log.exists() else ""


@dataclass
class Ends:
    """What is known when all is over."""

    before: float
    after: float
    equal: bool
    lost: list[str]
    cut: list[str]
    errors: str


def report(sessions: list[Session], writers: list[Writer], ends: Ends) -> int:
    print(
        f"\n{'session':8}{'acts':>6}{'MB then':>9}{'MB now':>8}{'ms first':>10}{'last':>7}{'cpu first':>11}{'last':>7}{'fds':>9}"
    )
    for person in sessions:
        if not person.weighed:
            continue
        first, last = person.first_and_last()
        cpu_first, cpu_last = person.processor_first_and_last()
        then, now = person.settled(), person.weighed[-1]
        print(
            f"{person.number:<8}{len(person.taken):6}{then.memory:9.1f}{now.memory:8.1f}{first:10.1f}{last:7.1f}"
            f"{cpu_first:11.1f}{cpu_last:7.1f}{then.descriptors:6}{now.descriptors:3} {person.trouble}"
        )
    accepted = sum(len(worker.accepted) for worker in workers(sessions, writers))
    by_form = sum(len(person.accepted) for person in sessions)
    print(
        f"changes accepted: {accepted} ({by_form} by a form that closed), not found: {len(ends.lost)} {ends.lost[:5]}\n"
        f"found without their first letters, which a key lost: {len(ends.cut)} {ends.cut[:5]}\n"
        f"refused and said so: {sum(worker.refused for worker in workers(sessions, writers))}\n"
        f"a new session: {ends.before:.1f} MB before, {ends.after:.1f} MB after: the data\n"
        f"screens equal: {'yes' if ends.equal else 'no'}"
    )
    missed = [text for text, is_met in goals(sessions, writers, ends).items() if not is_met]
    if ends.errors:
        print(ends.errors[-3000:])
    print("missed: " + "; ".join(missed) if missed else "all goals met")
    return 1 if missed else 0


def goals(sessions: list[Session], writers: list[Writer], ends: Ends) -> Mapping[str, bool]:
    weighed = [person for person in sessions if len(person.weighed) > 2]
    data = max(0.0, ends.after - ends.before)
    growth = [person.weighed[-1].memory - person.settled().memory - data for person in weighed]
    times = [person.first_and_last() for person in weighed]
    processor = [person.processor_first_and_last() for person in weighed]
    return {
        f"memory within {GROWTH:.0f} MB": max(growth, default=0) <= GROWTH,
        "time of an act": mean_ratio(times) <= SLOWER,
        "processor's time of an act": mean_ratio(processor) <= DEARER,
        "descriptors": all(
            person.weighed[-1].descriptors <= person.halfway().descriptors for person in weighed
        ),
        "accepted changes are kept": not ends.lost,
        "no key is lost": not ends.cut,
        "screens equal": ends.equal,
        "no errors": not ends.errors,
        "nobody in trouble": not any(worker.trouble for worker in workers(sessions, writers)),
    }


def mean_ratio(pairs: list[tuple[float, float]]) -> float:
    """Of the last to the first, over all sessions."""
    return sum(last for _, last in pairs) / max(0.001, sum(first for first, _ in pairs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="many sessions in terminals on one workspace, for an hour")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two acts of a session")
    parser.add_argument("--folder", type=Path, help="where the workspace and the log are made, and stay")
    sys.exit(main(parser.parse_args()))
