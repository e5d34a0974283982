"""The store against an append with fsync, stock TinyDB and SQLite, by the number of open documents.

Each pair is measured in turn in one run, so that a slow moment of the machine falls on both. `python -m bench.store`
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson
from msgspec.structs import replace
from tinydb import TinyDB, where

from fleettui.documents import Document
from fleettui.store.files import PRIVATE
from fleettui.store.protocol import Collection, Stamp
from fleettui.store.signing import SshKey
from fleettui.store.tinydb.archive import Archive, Archived
from fleettui.store.tinydb.database import WorkspaceDatabase
from fleettui.store.tinydb.store import TinyDBStore

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
SIZES = (100, 1_000, 10_000)
FOLDERS = ("journal", "locks", "archive", "backups")
WORDS = [
    "host",
    "agent",
    "query",
    "label",
    "policy",
    "update",
    "error",
    "slack",
    "answer",
    "server",
    "version",
]


class Ticket(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """About 1.2 KB as JSON, as an open support request is."""

    subject: str
    customer: str
    priority: str
    tier: str
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    messages: tuple[dict[str, str], ...] = ()
    opened: datetime = NOW
    finished: datetime | None = None


TICKETS = Collection("tickets", Ticket, "T", 1, finished=lambda ticket: ticket.finished)


def ticket(id_: str, dice: random.Random, **fields: Any) -> Ticket:
    message = {"at": NOW.isoformat(), "by": "sam", "body": " ".join(dice.choices(WORDS, k=60))}
    return Ticket(
        id=id_,
        subject=" ".join(dice.choices(WORDS, k=8)),
        customer=f"Customer {dice.randrange(40)}",
        priority=f"P{dice.randrange(4)}",
        tier="Premium",
        labels=("bug", "+more info please"),
        messages=(message, message),
        **fields,
    )


def new_home(folder: Path) -> Path:
    folder.mkdir()
    for name in FOLDERS:
        (folder / name).mkdir()
    return folder


def filled(home: Path, size: int) -> TinyDBStore:
    dice = random.Random(size)
    store = TinyDBStore(home, "kathy")
    made = {f"T-{n}": ticket(f"T-{n}", dice) for n in range(1, size + 1)}
    store.change_many(TICKETS, {id_: _making(new) for id_, new in made.items()}, stamp("add"))
    store.checkpoint(TICKETS, NOW)
    return store


def _making(new: Ticket) -> Callable[[Ticket | None], Ticket]:
    return lambda _: new


def _assigning(login: str) -> Callable[[Ticket | None], Ticket]:
    def edit(ticket: Ticket | None) -> Ticket:
        assert ticket is not None
        return replace(ticket, assignee=login)

    return edit


def stamp(verb: str) -> Stamp:
    return Stamp(by="kathy", at=NOW, verb=verb)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(times: int, **works: Callable[[], object]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            taken[name].append(timed(work))
    return taken


def median_ms(values: list[float]) -> float:
    return statistics.median(values) * 1000


def mean_ms(values: list[float]) -> float:
    return statistics.fmean(values) * 1000


def changes(folder: Path, size: int, store: TinyDBStore, times: int) -> None:
    dice = random.Random(1)

    def ours() -> None:
        id_ = f"T-{dice.randrange(1, size + 1)}"
        store.change(TICKETS, id_, _assigning(f"p{dice.random()}"), stamp("assign"))

    ours()
    journal = max((store.home / "journal").glob("tickets-*.jsonl"))
    line = journal.read_bytes().splitlines()[-1] + b"\n"
    append = _appender(folder / "floor", line)
    taken = in_turn(times, floor=append, ours=ours, sqlite=_sqlite(folder / "x.db", size, dice))
    floor, mine, sqlite_ = taken["floor"], taken["ours"], taken["sqlite"]
    print(
        f"{size:>6} open: a change {median_ms(mine):.3f} ms (mean {mean_ms(mine):.3f}); "
        f"{median_ms(mine) / median_ms(floor):.2f} x append+fsync ({mean_ms(mine) / mean_ms(floor):.2f} by mean), "
        f"{median_ms(mine) / median_ms(sqlite_):.2f} x SQLite WAL FULL"
    )
    stock = _stock(folder / "stock.json", size, dice)
    few = in_turn(5 if size > 1_000 else 30, ours=ours, stock=stock, script=_script(store, size, dice))
    print(
        f"{'':>6}       stock TinyDB takes {median_ms(few['stock']) / median_ms(few['ours']):.0f} times as long; "
        f"a script with TinyDB's API on this store {median_ms(few['script']) / median_ms(few['stock']):.2f} x stock"
    )


def _appender(path: Path, line: bytes) -> Callable[[], object]:
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def append() -> None:
        os.write(descriptor, line)
        os.fsync(descriptor)

    return append


def _sqlite(path: Path, size: int, dice: random.Random) -> Callable[[], object]:
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE tickets (id TEXT PRIMARY KEY, body TEXT)")
    body = msgspec.json.encode(ticket("T-1", dice)).decode()
    counter = itertools.count()
    base.execute("BEGIN")
    base.executemany("INSERT INTO tickets VALUES (?, ?)", ((f"T-{n}", body) for n in range(1, size + 1)))
    base.execute("COMMIT")

    def change() -> None:
        # Another text each time: SQLite does not write what is there already.
        changed = f"{body}{next(counter)}"
        base.execute(
            "UPDATE tickets SET body = ? WHERE id = ?", (changed, f"T-{dice.randrange(1, size + 1)}")
        )

    return change


def _stock(path: Path, size: int, dice: random.Random) -> Callable[[], object]:
    base = TinyDB(path)
    base.insert_multiple(msgspec.to_builtins(ticket(f"T-{n}", dice)) for n in range(1, size + 1))
    return lambda: base.update({"assignee": "x"}, where("id") == f"T-{dice.randrange(1, size + 1)}")


def _script(store: TinyDBStore, size: int, dice: random.Random) -> Callable[[], object]:
    table = WorkspaceDatabase(TinyDBStore(store.home, "zay"), [TICKETS], stamp).table("tickets")
    values = itertools.count()
    return lambda: table.update(
        {"assignee": f"x{next(values)}"}, where("id") == f"T-{dice.randrange(1, size + 1)}"
    )


def following(size: int, store: TinyDBStore, times: int) -> None:
    reader = TinyDBStore(store.home, "zay")
    reader.all(TICKETS)
    spent = []
    for n in range(times):
        store.change(TICKETS, f"T-{1 + n % size}", _assigning(f"q{n}"), stamp("assign"))
        began = time.process_time()
        news = reader.watch()
        spent.append(time.process_time() - began)
        assert news
    print(f"{'':>6}       another session takes it in with {median_ms(spent):.3f} ms of CPU")


def signing(folder: Path, store: TinyDBStore, times: int) -> None:
    """What it costs to sign, where somebody does (docs/store.md)."""
    if shutil.which("ssh-keygen") is None:
        print("signed: not measured, OpenSSH's ssh-keygen is not here")
        return
    file = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    key = SshKey(file)
    signed = TinyDBStore(store.home, "zay", sign=lambda: key)
    counter = itertools.count()

    def change(by: TinyDBStore) -> Callable[[], object]:
        return lambda: by.change(TICKETS, "T-1", _assigning(f"s{next(counter)}"), stamp("assign"))

    taken = in_turn(times, plain=change(store), signed=change(signed), ssh_keygen=lambda: key.sign(b"x"))
    floor = median_ms(taken["ssh_keygen"])
    print(
        f"signed: a change {median_ms(taken['signed']):.1f} ms, {median_ms(taken['signed']) / floor:.2f} x "
        f"ssh-keygen -Y sign alone, {median_ms(taken['signed']) / median_ms(taken['plain']):.0f} x a change that is not signed"
    )


def opening(size: int, home: Path, times: int) -> None:
    path = home / "tickets.json"

    def ours() -> None:
        TinyDBStore(home, "zay").all(TICKETS)

    def floor() -> None:
        rows = orjson.loads(path.read_bytes())["_default"]
        msgspec.convert(list(rows.values()), list[Ticket])

    gc.collect()
    taken = in_turn(times, floor=floor, ours=ours)
    print(
        f"{'':>6}       opening {median_ms(taken['ours']):.1f} ms: "
        f"{median_ms(taken['ours']) / median_ms(taken['floor']):.2f} x orjson.loads and typed decoding of the same bytes"
    )


def put_archived(home: Path, count: int) -> None:
    """So many finished tickets beside, over ten months."""
    dice = random.Random(2)
    archive = Archive(home, TICKETS, PRIVATE)
    for month in range(1, 11):
        begin = 1_000_000 + month * count
        kept = []
        for key in range(begin, begin + count // 10):
            old = ticket(f"T-{key}", dice, rev=1, finished=NOW - timedelta(days=30 * month))
            kept.append((f"2025-{month:02d}", Archived(key, old, b'{"of":"T-%d","entries":[]}' % key)))
        archive.put(kept)


def main() -> None:
    for size in SIZES:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            store = filled(new_home(Path(folder) / "home"), size)
            opening(size, store.home, 9)
            changes(Path(folder), size, store, 1_500)
            following(size, store, 100)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        size = 1_000
        store = filled(new_home(Path(folder) / "home"), size)
        put_archived(store.home, 100_000)
        print("with 100,000 archived beside:")
        opening(size, store.home, 9)
        changes(Path(folder), size, store, 1_500)
        following(size, store, 100)
        signing(Path(folder), store, 100)


if __name__ == "__main__":
    main()
