"""Whether the signed part of the history is what was signed: every entry of every document, the archive's too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from fleettui.errors import Unusable
from fleettui.store import diff, files, signing
from fleettui.store.protocol import Collection, Entry, Finding
from fleettui.store.signing import Signers
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection

AT_ONCE = 4
"""ssh-keygen is started for each signature; most of that is waiting."""
MEND = "ask who this says it was; `fleettui history ID` and the backups show what was there before"


class _Claim(NamedTuple):
    """An entry, and what its signature has to be of."""

    path: Path
    id: str
    entry: Entry
    signed: bytes
    follows_time: bool


def examine(home: Path, collections: Sequence[Collection[Any]], signers: Signers) -> Iterator[Finding]:
    """What somebody who signs has not signed, or not so."""
    claims = (claim for collection in collections for claim in _claims(home, collection))
    wanted = [claim for claim in claims if signers.must_sign(claim.entry)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for claim, why in zip(wanted, pool.map(lambda claim: _trouble(claim, signers), wanted), strict=True):
            if why:
                entry = claim.entry
                what = f"{claim.id}: change {entry.rev} ({entry.verb} by {entry.by}, {entry.at:%Y-%m-%d %H:%M}) {why}"
                yield Finding("error", str(claim.path), what, MEND)


def _trouble(claim: _Claim, signers: Signers) -> str:
    if not claim.entry.signature:
        return "is not signed, although this person signs"
    if not signers.verify(claim.signed, claim.entry):
        return "is not what was signed, or was not signed by this person, or follows another change than then"
    return "" if claim.follows_time else "is dated before the change that it follows"


def _claims(home: Path, collection: Collection[Any]) -> Iterator[_Claim]:
    loaded = LoadedCollection(home, collection)
    try:
        loaded.follow()
        histories = loaded.histories()
        archived = Archive(home, collection, files.PRIVATE).all()
    except Unusable:
        return  # named by those who look for damage
    for id_, entries in histories.items():
        yield from _of_document(loaded.path, collection, id_, loaded.documents.get(id_), entries)
    for id_, old in archived.items():
        if id_ not in histories:
            yield from _of_document(loaded.path, collection, id_, old.document, old.history)


def _of_document(
    path: Path, collection: Collection[Any], id_: str, document: Any, entries: list[Entry]
) -> Iterator[_Claim]:
    fields = None if document is None else diff.fields_of(document)
    for number in range(len(entries) - 1, -1, -1):
        entry, before = entries[number], entries[number - 1] if number else None
        signed = signing.content(collection.name, id_, entry, before, fields or {})
        yield _Claim(path, id_, entry, signed, before is None or before.recorded < entry.recorded)
        fields = diff.rewind(fields, [entry])
