"""Entries of the history, as they are kept in the table `change`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from fleettui.store.postgres.link import Link
from fleettui.store.protocol import Change, Collection, Entry, Happening

PAGE = 500

COLUMNS = """collection, id, rev, at, by, verb, kind, changes::text, why, undoes, batch, session, recorded, request, act,
signature, clock"""
CHANGES = 5
"""Its place among the facts of an entry, which stand as in `Entry`."""
OF_SOME = f"select {COLUMNS} from change where collection = %s and id = any(%s) order by id, rev"  # noqa: S608
OF_ANY = f"select {COLUMNS} from change where collection = any(%s) and id = %s order by rev"  # noqa: S608
LATER = f"select {COLUMNS} from change where collection = %s and at > %s order by id, rev"  # noqa: S608
OF_BATCH = f"select {COLUMNS} from change where collection = %s and batch = %s order by id"  # noqa: S608
OF_REQUEST = f"""select {COLUMNS} from change
where collection = any(%s) and request <> '' and split_part(request, ' ', 1) = %s order by recorded, id"""  # noqa: S608
SINCE = f"""select {COLUMNS} from change
where collection = %s and recorded > %s order by recorded fetch first %s rows with ties"""  # noqa: S608
BY_TIME = f"""select {COLUMNS} from change
where collection = any(%s) and (%s::text is null or by = %s) order by at desc, rev desc limit %s"""  # noqa: S608
AS_RECORDED = f"""select {COLUMNS} from change
where collection = any(%s) and (%s::text is null or by = %s) order by recorded desc, rev desc limit %s"""  # noqa: S608

_changes = msgspec.json.Decoder(tuple[Change, ...])


def _happening(row: Sequence[Any]) -> Happening:
    collection, id_, *facts = row
    facts[CHANGES] = _changes.decode(facts[CHANGES])
    return Happening(collection, id_, Entry(*facts))


def _happenings(link: Link, statement: Any, *values: Any) -> list[Happening]:
    return [_happening(row) for row in link.rows(statement, *values)]


def of_some(link: Link, collection: Collection[Any], ids: Iterable[str]) -> dict[str, list[Entry]]:
    return _by_id(_happenings(link, OF_SOME, collection.name, list(ids)))


def of_any(link: Link, names: list[str], id_: str) -> dict[str, list[Entry]]:
    """By the name of the collection: of all documents of that id."""
    entries: dict[str, list[Entry]] = {}
    for happening in _happenings(link, OF_ANY, names, id_):
        entries.setdefault(happening.collection, []).append(happening.entry)
    return entries


def later(link: Link, collection: Collection[Any], when: datetime) -> dict[str, list[Entry]]:
    """What was changed after that moment."""
    return _by_id(_happenings(link, LATER, collection.name, when))


def _by_id(happenings: Iterable[Happening]) -> dict[str, list[Entry]]:
    together = groupby(happenings, lambda happening: happening.id)
    return {id_: [happening.entry for happening in group] for id_, group in together}


def of_batch(link: Link, collection: Collection[Any], batch: str) -> list[Happening]:
    return _happenings(link, OF_BATCH, collection.name, batch)


def of_request(link: Link, names: list[str], request_id: str) -> list[Happening]:
    return _happenings(link, OF_REQUEST, names, request_id)


def latest(link: Link, names: list[str], limit: int, by: str | None, *, as_recorded: bool) -> list[Happening]:
    return _happenings(link, AS_RECORDED if as_recorded else BY_TIME, names, by, by, limit)


def commits_since(link: Link, collection: Collection[Any], after: int) -> Iterator[list[Happening]]:
    """Of one collection, in the order in which they were written; read by the page."""
    while True:
        page = _happenings(link, SINCE, collection.name, after, PAGE)
        for _, group in groupby(page, _commit):
            together = list(group)
            after = together[-1].entry.recorded
            yield together
        if len(page) < PAGE:
            return


def _commit(happening: Happening) -> str | int:
    """What came from a folder has a number for each entry, also where several were written together."""
    return happening.entry.batch or happening.entry.recorded
