"""Opening triage on PostgreSQL with a small and a very large archive behind the same open work, in turn in one run.

    python -m bench.postgres                      5,000 open tickets; 5,000 and 195,000 archived ones
    python -m bench.postgres 5000 995000          a million in all: 8 GB of disk, and a quarter of an hour

Opening: a new session connects, reads the rows of all open tickets, has them in the order of urgency, counts the views, makes the
columns of 200 rows, and reads one ticket. Then, of the archive: the newest 2,000 tickets, a word that many have, one that few
have, one that none has, and the page behind the 2,000. Ratios count: the limit of opening is 1.25.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from msgspec.structs import replace
from psycopg import Connection, sql

from fleettui.database_addresses import DatabaseAddress
from fleettui.domain.tickets.model import Ticket
from fleettui.store.postgres import rows, schema
from fleettui.store.protocol import Narrow, Needle
from fleettui.workspace import place_at
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.postgres_server import unmade

from .search import NOW, tickets

OPEN, TEMPLATES, TURNS = 5_000, 250, 7
CLOCK = lambda: NOW  # noqa: E731
COPIES = """
insert into document
select 'tickets', 'T-' || n, n, 1, d.seq, replace(d.body::text, d.id, 'T-' || n)::json,
       %(now)s::timestamptz - interval '20 days' - n * interval '1 minute',
       %(now)s::timestamptz - interval '20 days' - n * interval '1 minute'
from generate_series(%(first)s::bigint, %(last)s::bigint) n
join (select d.*, row_number() over (order by key) - 1 as number from document d
      where collection = 'tickets' and finished is not null) d
    on d.number = n %% %(templates)s
"""
ROWS = """
insert into row
select 'tickets', n.id, n.key, r.version, replace(r.facts::text, r.id, n.id)::json, r.customer_id, r.assignee, r.opened,
       n.finished, n.changed
from document n
join (select r.*, row_number() over (order by r.key) - 1 as number from row r where r.finished < 'infinity') r
    on r.number = n.key %% %(templates)s
where n.collection = 'tickets' and n.key between %(first)s and %(last)s
"""
WORDS = """
insert into words
select 'tickets', n.id, replace(w.hay, w.id, lower(n.id)) || ' unit-' || n.key
from document n
join (select w.*, row_number() over (order by r.key) - 1 as number from words w
      join row r on (r.collection, r.id) = (w.collection, w.id) where r.finished < 'infinity' and r.key < %(first)s) w
    on w.number = n.key %% %(templates)s
where n.collection = 'tickets' and n.key between %(first)s and %(last)s
"""


def _making(ticket: Ticket) -> Callable[[Ticket | None], Ticket]:
    return lambda _: ticket


def made(archived: int) -> DatabaseAddress:
    """A workspace with so many archived tickets, most of them copies that the server makes."""
    address = unmade()
    workspace = create(NewWorkspace(address, CLOCK, "kathy", handbook_team=True))
    bodies = [body for entry in tickets(OPEN + TEMPLATES, 0, random.Random(7)) if (body := entry.body)]
    with _connected(address) as connection:
        connection.execute(sql.SQL("drop index {}").format(sql.Identifier(schema.WORDS_INDEX)))
    for start in range(0, OPEN, TEMPLATES):
        edits = {ticket.id: _making(ticket) for ticket in bodies[start : start + TEMPLATES]}
        workspace.store.change_many(TICKETS, edits, workspace.session.stamp("bench"))
    old = {ticket.id: _making(_resolved(ticket)) for ticket in bodies[OPEN:]}
    workspace.store.change_many(TICKETS, old, workspace.session.stamp("bench"))
    workspace.close()
    with _connected(address) as connection:
        connection.execute(
            "update document set changed = finished where collection = 'tickets' and finished is not null"
        )
        connection.execute("update row set last = finished where finished < 'infinity'")
        first = 1_000_000
        values = {
            "first": first,
            "last": first + archived - TEMPLATES - 1,
            "templates": TEMPLATES,
            "now": NOW,
        }
        for statement in (COPIES, ROWS, WORDS):
            connection.execute(statement, values)
        schema.index_words(connection, address.schema)
        connection.execute("analyze document, row, words, keyed, change, head")
    return address


def _connected(address: DatabaseAddress) -> Connection[Any]:
    connection = psycopg.connect(address.conninfo, autocommit=True)
    connection.execute(sql.SQL("set search_path to {}, public").format(sql.Identifier(address.schema)))
    return connection


def _resolved(ticket: Ticket) -> Ticket:
    return replace(ticket, status="resolved", resolved_at=NOW - timedelta(days=20))


def opened(address: DatabaseAddress) -> tuple[float, Workspace]:
    began = time.perf_counter()
    workspace = workspace_at(place_at(address), CLOCK, "kathy", in_app=True)
    entries = workspace.queue.queue().entries
    assert len(entries) == OPEN
    workspace.queue.counts()
    for entry in entries[:200]:
        workspace.queue.row(entry)
    assert workspace.tickets.get(entries[0].ticket.id) is not None
    return (time.perf_counter() - began) * 1000, workspace


def archive_times(workspace: Workspace) -> dict[str, float]:
    store, times = workspace.store, {}
    newest = store.select(TICKETS, Narrow(only_archived=True), 2000)
    for name, narrow in {
        "newest 2,000": Narrow(only_archived=True),
        "the next 2,000": Narrow(only_archived=True, after=newest[-1].id),
        "a frequent word": Narrow((Needle("error"),), only_archived=True),
        "a rare word": Narrow((Needle("unit-1000499"),), only_archived=True),
        "no such word": Narrow((Needle("qzxqzx"),), only_archived=True),
    }.items():
        began = time.perf_counter()
        store.select(TICKETS, narrow, 2000)
        times[name] = (time.perf_counter() - began) * 1000
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("few", type=int, nargs="?", default=5_000)
    parser.add_argument("many", type=int, nargs="?", default=195_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("STATE", "CACHE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder, name.lower()))
        places = {count: made(count) for count in (options.few, options.many)}
        took: dict[int, list[float]] = {count: [] for count in places}
        for _ in range(TURNS):
            for count, address in places.items():
                milliseconds, workspace = opened(address)
                took[count].append(milliseconds)
                workspace.close()
        for count, address in places.items():
            _, workspace = opened(address)
            archive_times(workspace)
            shown = ", ".join(f"{name} {ms:.0f} ms" for name, ms in archive_times(workspace).items())
            print(
                f"{OPEN:,} open, {count:>9,} archived: opened in {statistics.median(took[count]):.0f} ms "
                f"(best {min(took[count]):.0f}); of the archive: {shown}"
            )
            workspace.close()
        medians = [statistics.median(took[count]) for count in (options.few, options.many)]
        best = [min(took[count]) for count in (options.few, options.many)]
        print(
            f"opening, many : few {medians[1] / medians[0]:.2f} (best {best[1] / best[0]:.2f}, limit 1.25); "
            f"rows of version {rows.version_of(TICKETS)}"
        )


if __name__ == "__main__":
    main()
