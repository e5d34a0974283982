"""A letter of a search among very many tickets, all that was written included, against reading them once in the same run.

    python -m bench.search                     10,000 open and 100,000 archived tickets of about 1.3 KB
    python -m bench.search 1000 10000

Times are of the processor, so that what else the machine does is left out: nothing here waits for anything. Words are as frequent
as in a language, and each ticket has some that no other has: a host, an id. The time of a letter is that of the query alone, that
runs beside the event loop. The floor looks for one word in the raw text of all of them.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fleettui.domain.searching import language
from fleettui.domain.tickets import search as ticket_search
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import Direction, Message, Ticket
from fleettui.domain.tickets.row import row_of
from fleettui.domain.tickets.search import TicketContext, parse
from fleettui.workspace.tickets.texts import TicketTexts

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("unarchived", type=int, nargs="?", default=10_000)
    parser.add_argument("archived", type=int, nargs="?", default=100_000)
    options = parser.parse_args()
    luck = random.Random(7)
    entries = tickets(options.unarchived, 0, luck)
    for count, more in ((options.unarchived, 0), (options.unarchived + options.archived, options.archived)):
        if more:
            entries += tickets(more, options.unarchived, luck)
        texts = TicketTexts()
        began = time.process_time()
        texts.take_in(entries)
        prepared = milliseconds(began)
        took = sorted(measured(entries, texts))
        raw = "\n".join(
            "\n".join((entry.search_text, *(message.body for message in entry.messages))) for entry in entries
        )
        began = time.process_time()
        raw.find("qzxqzx")
        floor = milliseconds(began)
        p95 = took[int(len(took) * 0.95)]
        print(
            f"{count:>7,} tickets, {len(raw) / 1e6:.0f} MB: a letter {statistics.median(took):.1f} ms, p95 {p95:.1f}, "
            f"worst {took[-1]:.1f}; reading all once {floor:.1f} ms, ratio of p95 {p95 / floor:.2f}"
            f"; prepared in {prepared / 1000:.1f} s; of a phrase at worst {max(measured(entries, texts, (PHRASE,))):.0f} ms"
        )


if __name__ == "__main__":
    main()
