"""What a letter in the palette costs among 10,000 tickets and 2,000 customers, against a plain scan of the same texts for the
same letters, in the same run.

    python -m bench.finder [TICKETS] [CUSTOMERS]

Processor time of the search itself, which runs beside the event loop; the time by the clock stands behind it.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.triage import WORDS, workspace_of
from fleettui.domain.customers.model import Customer
from fleettui.workspace.collections import CUSTOMERS
from fleettui.workspace.workspace import Workspace

TYPED = (
    "resolve", "close", "T-1042", "1042", "agent linux", "customer 17", "#timeout login", "@co 1999",
    "srvr", "cusotmer 17", "serevr tmeout", "plcy lbl", "no such thing", "xqzy",
)  # fmt: skip


def _making(customer: Customer) -> Callable[[Customer | None], Customer]:
    return lambda _: customer


def with_customers(home: Path, count: int) -> Workspace:
    workspace, luck = Workspace.open(home, login="kathy"), random.Random(5)
    made = {
        f"K-{number}": Customer(
            id=f"K-{number}", name=f"{luck.choice(WORDS).title()} Co {number}", tier="Premium"
        )
        for number in range(1, count + 1)
    }
    edits = {id_: _making(customer) for id_, customer in made.items()}
    workspace.store.change_many(CUSTOMERS, edits, workspace.session.stamp("bench"))
    return workspace


def took(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the processor, and by the clock."""
    used, began = time.process_time(), time.perf_counter()
    act()
    return (time.process_time() - used) * 1000, (time.perf_counter() - began) * 1000


def at(share: float, times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main(tickets: int, customers: int) -> None:
    from screens.dialogs.finder import Finder

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        home = Path(folder) / "home"
        workspace_of(home, tickets)
        workspace = with_customers(home, customers)
        finder = Finder(workspace)
        first = took(lambda: finder.keys("", ()))
        texts = [thing.text for thing in finder.things.all()]
        letters: list[tuple[float, float]] = []
        floor: list[float] = []
        for typed in TYPED:
            for end in range(1, len(typed) + 1):
                part = typed[:end]
                letters.append(took(lambda part=part: finder.keys(part, ())))  # type: ignore[misc]
                floor.append(took(lambda part=part: [text for text in texts if part in text])[0])  # type: ignore[misc]
        workspace.close()
    used, waited = [cpu for cpu, _ in letters], [clock for _, clock in letters]
    print(
        f"{len(texts):,} things; prepared once in {first[0]:.0f} ms of the processor, {first[1]:.0f} ms by the clock"
    )
    print(f"{len(letters)} letters       p50      p95    worst")
    print(f"  processor   {statistics.median(used):6.1f}   {at(0.95, used):6.1f}   {max(used):6.1f} ms")
    print(f"  clock       {statistics.median(waited):6.1f}   {at(0.95, waited):6.1f}   {max(waited):6.1f} ms")
    print(f"  plain scan  {statistics.median(floor):6.1f}   {at(0.95, floor):6.1f}   {max(floor):6.1f} ms")
    print(
        f"  ratio       {statistics.median(used) / statistics.median(floor):6.1f}   {at(0.95, used) / at(0.95, floor):6.1f}"
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    main(*(given + [10_000, 2_000][len(given) :]))
