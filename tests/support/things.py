"""A collection for the store's own tests, and homes to keep it in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.store.protocol import Collection, RowCollection, RowKind, Stamp, Store

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
FOLDERS = ("journal", "locks", "archive", "backups", "drafts", "presence")


class Thing(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    count: int = 0
    notes: tuple[str, ...] = ()
    details: dict[str, str] = {}
    opened: datetime | None = None
    finished: datetime | None = None


class ThingRow(msgspec.Struct, frozen=True):
    id: str
    rev: int
    title: str
    count: int
    finished: datetime | None
    notes: tuple[str, ...]
    opened: datetime | None


def row_of(thing: Thing) -> ThingRow:
    return ThingRow(thing.id, thing.rev, thing.title, thing.count, thing.finished, thing.notes, thing.opened)


THINGS = RowCollection(
    "things",
    Thing,
    "X",
    1000,
    finished=lambda thing: thing.finished,
    keys=lambda thing: thing.notes,
    row=RowKind(
        row_of,
        ThingRow,
        "1",
        words=lambda thing: (thing.title, *thing.notes),
        opened=lambda row: row.opened,
    ),
)

OTHERS = Collection("others", Thing)


def new_home(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir(mode=0o700)
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700)
    return home


def stamp(verb: str = "edit", by: str = "kathy", at: datetime = NOW) -> Stamp:
    return Stamp(by=by, at=at, verb=verb)


def setting(**fields: Any) -> Any:
    """An editor that sets these fields of whatever is there."""
    return lambda thing: replace(thing, **fields)


def noting(note: str) -> Any:
    return lambda thing: replace(thing, notes=(*thing.notes, note))


def added(store: Store, title: str = "first", **fields: Any) -> Thing:
    """What is finished was not touched since: an archive is for what is both."""
    at = fields.get("finished") or NOW
    return store.add(THINGS, lambda id_: Thing(id=id_, title=title, **fields), stamp("add", at=at))


def finish(store: Store, id_: str, at: datetime) -> None:
    """The last that happens to it."""
    store.change(THINGS, id_, setting(finished=at), stamp("finish", at=at))
