"""The documents of a collection that has rows: on the server, until somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store.postgres.link import Link
from fleettui.store.protocol import Collection, keep_at_hand

T = TypeVar("T", bound=Document)

READ = "select id, body::text from document where collection = %s and id = any(%s) and body is not null"


class Bodies(MutableMapping[str, T]):
    """By id, in the order of the rows. Those that were read or changed last are kept."""

    def __init__(self, collection: Collection[T], link: Link) -> None:
        self._name, self._link = collection.name, link
        self._decode = msgspec.json.Decoder(collection.type).decode
        self._ids: dict[str, None] = {}
        self._at_hand: dict[str, T] = {}

    def __getitem__(self, id_: str) -> T:
        if id_ not in self._ids:
            raise KeyError(id_)
        document = self._at_hand.get(id_)
        return document if document is not None else self.several([id_])[id_]

    def __setitem__(self, id_: str, document: T) -> None:
        self._ids[id_] = None
        keep_at_hand(self._at_hand, [document])

    def __delitem__(self, id_: str) -> None:
        del self._ids[id_]
        self._at_hand.pop(id_, None)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._ids))

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._ids

    def put_aside(self, id_: str) -> None:
        """It is another one now; it is read when somebody asks for it."""
        self._ids[id_] = None
        self._at_hand.pop(id_, None)

    def several(self, ids: Iterable[str]) -> dict[str, T]:
        """Those that are there, in the order of the ids, read together."""
        wanted = [id_ for id_ in ids if id_ in self._ids]
        known = {id_: document for id_ in wanted if (document := self._at_hand.get(id_)) is not None}
        missing = [id_ for id_ in wanted if id_ not in known]
        if missing:
            with self._link.connected():  # nobody follows meanwhile: what is kept is not older than its row
                read = {id_: self._decode(body) for id_, body in self._link.rows(READ, self._name, missing)}
                keep_at_hand(self._at_hand, read.values())
            known |= read
        return {id_: known[id_] for id_ in wanted if id_ in known}

    def anew(self) -> dict[str, T]:
        """All of it is read again: what was at hand."""
        before, self._at_hand, self._ids = self._at_hand, {}, {}
        return before
