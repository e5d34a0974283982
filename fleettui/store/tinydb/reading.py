"""The workspace's collections as TinyDB databases, for a team's own scripts and for the doctor.

    from fleettui.store.tinydb.reading import opened
    from fleettui.workspace.collections import PEOPLE
    with opened(Path("/srv/fleettui"), PEOPLE) as people:
        people.search(where("zone") == "Europe/Lisbon")

Reading only, and always the newest state: the checkpoint with the journal's changes. Writing goes through `fleettui`, which locks
and records; TinyDB's own storage would not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.storages import JSONStorage, Storage

from fleettui.errors import Refused
from fleettui.store.protocol import Collection
from fleettui.store.tinydb.collection import LoadedCollection


class ReadOnlyStorage(Storage):
    def __init__(self, home: Path, collection: Collection[Any]) -> None:
        self._loaded = LoadedCollection(home, collection)

    def read(self) -> dict[str, dict[str, Any]]:
        self._loaded.follow()
        keys = self._loaded.keys
        rows = {str(keys[id_]): msgspec.to_builtins(one) for id_, one in self._loaded.documents.items()}
        return {"_default": rows}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        raise Refused(
            "This view of a workspace is for reading; change things with `fleettui`, which locks and records."
        )


def opened(home: Path, collection: Collection[Any]) -> TinyDB:
    return TinyDB(home, collection, storage=ReadOnlyStorage)


def count_with_stock_tinydb(path: Path) -> int:
    """How many documents TinyDB itself finds in a file, without our help."""
    with TinyDB(path, storage=JSONStorage, access_mode="r") as base:
        return len(base)
