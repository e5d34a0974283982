"""A letter of a search among very many tickets, all that was written included, against reading them once in the same run; and the
memory that an archive takes in a session that searches it.

    python -m bench.search                     10,000 open tickets, then 100,000 archived ones, of about 1.3 KB
    python -m bench.search 1000 10000

Times are of the processor, so that what else the machine does is left out: nothing here waits for anything. Words are as frequent
as in a language, and each ticket has some that no other has: a host, an id. The time of a letter is that of the query alone, that
runs beside the event loop; of the archive, until its newest 2,000 tickets that fit are known. The floor looks for one word in the
raw text of all of them.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui.domain.searching import language
from fleettui.domain.tickets import search as ticket_search
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import Direction, Message, Ticket
from fleettui.domain.tickets.row import row_of
from fleettui.domain.tickets.search import TicketContext, parse
from fleettui.store.tinydb.archive import Archive, Archived
from fleettui.store.tinydb.table_file import empty_history
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.tickets.queue import LISTED
from fleettui.workspace.tickets.texts import TicketTexts
from fleettui.workspace.workspace import Workspace
from tests.support.folders import files_of

DIRECTIONS: tuple[Direction, ...] = ("in", "out", "note")
NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)
TYPED = (
    "error",
    "timeout host",
    "customer 77",
    "enrol",
    "host-4711",
    "query -label:bug",
    "qzx",
    "P1 update",
    "5 minutes",
)
PHRASE = '"timeout host"'
"""Two frequent words side by side: each text that has both is read."""
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def tickets(count: int, first: int, luck: random.Random) -> list[QueueEntry]:
    known = ["error", "timeout", "host", "query", "update", "enrol", "agent", "label", "policy", "customer"]
    words = [*known, *("".join(luck.choices(LETTERS, k=luck.randint(2, 10))) for _ in range(40_000))]
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(words))))
    made = []
    for number in range(first, first + count):
        at = NOW - timedelta(minutes=number)
        texts = [" ".join(luck.choices(words, cum_weights=weights, k=60)) for _ in range(3)]
        messages = tuple(
            Message(key=f"m{n}", at=at, by="Jo Park", direction=direction, body=text, rev=1)
            for n, (direction, text) in enumerate(zip(DIRECTIONS, texts, strict=True))
        )
        ticket = Ticket(
            id=f"T-{1001 + number}",
            subject=f"{luck.choice(known)} on host-{number} {luck.getrandbits(40):x}",
            customer=f"Customer {number % 2000}",
            tier=luck.choice(("Free", "Premium", "Ultimate")),
            priority=luck.choice(("P1", "P2", "P3")),
            status="open",
            opened_at=at,
            messages=messages,
        )
        made.append(QueueEntry(row_of(ticket), None, "", lambda _: None, ticket))
    return made


def letters_of(typed: str) -> list[str]:
    return [typed[:end] for end in range(1, len(typed) + 1)]


def milliseconds(began: float) -> float:
    return (time.process_time() - began) * 1000


def measured(entries: list[QueueEntry], texts: TicketTexts, every: Sequence[str] = TYPED) -> list[float]:
    vocabulary = ticket_search.Vocabulary(("P0", "P1", "P2", "P3"), ("standard", "in-depth"))
    took = []
    for typed in every:
        before: tuple[language.Search, Sequence[QueueEntry]] | None = None
        for letters in letters_of(typed):
            began = time.process_time()
            search = parse(letters, vocabulary)
            context = TicketContext(
                me="kathy", now=NOW, zone=ZoneInfo("UTC"), logins={}, closing=NOW, unread=lambda _: False
            )
            among = before[1] if before and language.narrows(before[0], search) else entries
            context.having = texts.having if len(among) >= 200 else None
            matching = ticket_search.find(search, among, context)
            took.append(milliseconds(began))
            before = search, matching
    return took


def archive(home: Path, made: list[QueueEntry]) -> Workspace:
    """A workspace that has them in its archive, a month of each 30 days."""
    workspace = create(NewWorkspace(home, lambda: NOW, "kathy", handbook_team=True))
    kept = []
    for number, entry in enumerate(made):
        ticket = entry.body
        assert ticket is not None
        at = NOW - timedelta(days=30, minutes=15 * number)
        old = replace(ticket, status="resolved", resolved_at=at, opened_at=at - timedelta(hours=5))
        kept.append((f"{at:%Y-%m}", Archived(1001 + number, old, empty_history(old.id))))
    files = files_of(workspace)
    Archive(home, TICKETS, files.modes).put(kept)
    files.checkpoint(TICKETS, NOW)
    workspace.close()
    return Workspace.open(home, clock=lambda: NOW, login="kathy")


def megabytes() -> float:
    """The memory of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def searched(workspace: Workspace, every: Sequence[str] = TYPED) -> list[float]:
    took = []
    for typed in every:
        for letters in letters_of(typed):
            began = time.process_time()
            workspace.queue.query(search=letters, archived=True, most_archived=LISTED).query.run()
            took.append(milliseconds(began))
    return took


def measure_archive(home: Path, floor: float) -> None:
    workspace = Workspace.open(home, clock=lambda: NOW, login="kathy")
    before = megabytes()
    began = time.process_time()
    workspace.queue.read_archive(most=LISTED)
    read, listed = milliseconds(began), megabytes()
    began = time.process_time()
    workspace.queue.prepare_search(archived=True)
    prepared = milliseconds(began)
    took = sorted(searched(workspace))
    p95 = took[int(len(took) * 0.95)]
    print(
        f"{workspace.store.count(TICKETS):>7,} archived: a letter {statistics.median(took):.1f} ms, p95 {p95:.1f}, worst "
        f"{took[-1]:.1f}; ratio of p95 to reading all once {p95 / floor:.2f}; read in {read / 1000:.1f} s, prepared in "
        f"{prepared / 1000:.1f} s; of a phrase at worst {max(searched(workspace, (PHRASE,))):.0f} ms; memory {before:.0f} MB "
        f"before, {listed:.0f} MB with the list, {megabytes():.0f} MB searched"
    )


def reading(entries: Sequence[QueueEntry]) -> tuple[float, float]:
    """Milliseconds of one look through all that was written, and its megabytes."""
    raw = "\n".join(
        "\n".join((entry.search_text, *(message.body for message in entry.messages))) for entry in entries
    )
    began = time.process_time()
    raw.find("qzxqzx")
    return milliseconds(began), len(raw) / 1e6


def measure_open(entries: list[QueueEntry]) -> None:
    texts = TicketTexts()
    began = time.process_time()
    texts.take_in(entries)
    prepared = milliseconds(began)
    took = sorted(measured(entries, texts))
    floor, size = reading(entries)
    p95 = took[int(len(took) * 0.95)]
    print(
        f"{len(entries):>7,} open, {size:.0f} MB: a letter {statistics.median(took):.1f} ms, p95 {p95:.1f}, "
        f"worst {took[-1]:.1f}; reading all once {floor:.1f} ms, ratio of p95 {p95 / floor:.2f}"
        f"; prepared in {prepared / 1000:.1f} s; of a phrase at worst {max(measured(entries, texts, (PHRASE,))):.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("unarchived", type=int, nargs="?", default=10_000)
    parser.add_argument("archived", type=int, nargs="?", default=100_000)
    parser.add_argument("--archive-in", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.archive_in:
        measure_archive(options.archive_in, options.floor)
        return
    luck = random.Random(7)
    measure_open(tickets(options.unarchived, 0, luck))
    with tempfile.TemporaryDirectory() as folder:
        old = tickets(options.archived, options.unarchived, luck)
        archive(Path(folder, "home"), old).close()
        floor, _ = reading(old)
        again = ["--archive-in", str(Path(folder, "home")), "--floor", str(floor)]
        subprocess.run([sys.executable, "-m", "bench.search", *again], check=True)


if __name__ == "__main__":
    main()
