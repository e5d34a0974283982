"""Histories replayed against their documents: what the changes say must lead to what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fleettui.documents import Document
from fleettui.store import diff
from fleettui.store.protocol import Collection, Entry, Finding
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection

MEND = "fleettui history %s shows it; fleettui restore, from a backup, where the document is the wrong one"


def examine(loaded: LoadedCollection[Any], archive: Archive[Any]) -> Iterator[Finding]:
    """Of open and removed documents, and of the archive."""
    kept = loaded.documents
    for id_, entries in loaded.histories().items():
        yield from _document(loaded.path, loaded.collection, id_, kept.get(id_), entries)
    for id_, old in archive.all().items():
        yield from _document(old.path, loaded.collection, id_, old.document, old.history)


def _document(
    path: Path, collection: Collection[Any], id_: str, document: Document | None, entries: list[Entry]
) -> Iterator[Finding]:
    known = {field.name for field in msgspec.structs.fields(collection.type)}
    try:
        wrong = diff.contradiction(diff.fields_of(document), reversed(entries))
    except (TypeError, ValueError, AttributeError):
        wrong = None  # a history that no version of fleettui wrote; its gaps are named elsewhere
    # A field that this version no longer has is not in the document either.
    if wrong and wrong[1].field in known:
        entry, change = wrong
        place = ".".join(change.path)
        what = f"{id_}: field {place}: change {entry.rev} (by {entry.by}) does not lead to what is there"
        yield Finding("error", str(path), what, MEND % id_)
