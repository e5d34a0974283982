"""What a store promises to the rest of fleettui. Nothing above this module may know how documents are kept.

A **collection** is a named set of documents of one type. A **document** has an id that people can say, a revision and its
fields. Each accepted change adds one **entry** to the document's history: when, who, which action, and what each changed field
was before and after. The store makes the entry by itself from the document before and after the change.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.errors import Refused

T = TypeVar("T", bound=Document)
R = TypeVar("R")
"""A row."""
AT_HAND = 500
"""So many archived documents of a collection are kept in memory once they were read."""
UNARCHIVED_FOR = timedelta(days=14)
"""How long a document that is finished wants to be at hand after its last change; then it is archived."""


def keep_at_hand(past: dict[str, T], read: Iterable[T]) -> None:
    """These archived documents were read last. Another thread may do the same."""
    for document in read:
        past.pop(document.id, None)
        past[document.id] = document
    for id_ in list(past)[:-AT_HAND]:
        past.pop(id_, None)


def never_finished(_: Document) -> None:
    """For collections that are not archived."""


def no_keys(_: Document) -> tuple[str, ...]:
    """For collections that nobody asks `Store.keyed`."""
    return ()


def never_opened(_: object) -> datetime | None:
    """For rows that nobody selects by the time at which they began."""


class RowKind(msgspec.Struct, Generic[T, R], frozen=True):
    """How the row of a document is made: its slim facts, a pure function of it alone. `version` is another one whenever `of`
    makes another row of the same document. `words` are all texts of a document that a search looks into, `opened` is when
    what a row stands for began: by these `Store.select` narrows."""

    of: Callable[[T], R]
    type: type[R]
    version: str
    words: Callable[[T], Iterable[str]] = no_keys
    opened: Callable[[R], datetime | None] = never_opened


class Needle(msgspec.Struct, frozen=True):
    """A part of any of the words, in small letters (`str.casefold`) and without line breaks; or else a fact that is among these:
    what a search finds by a name that only another collection knows. `negative`: neither of both."""

    text: str
    fact: str = ""
    among: frozenset[str] = frozenset()
    negative: bool = False


class Narrow(msgspec.Struct, frozen=True):
    """Which rows are asked for; all of it has to fit. Whoever asks for what cannot be said with this asks for more, and decides
    by the rows."""

    needles: tuple[Needle, ...] = ()
    among: Mapping[str, frozenset[str]] = {}
    """The fact of that name, a text, is one of these."""
    finished_from: datetime | None = None
    finished_before: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    only_archived: bool = False
    """Without what `Store.rows` gives."""
    after: str = ""
    """Only what comes behind the document of this id: the next page."""


class Collection(msgspec.Struct, Generic[T], frozen=True):
    """`keys` are those by which what arrives from outside finds its document (`Store.keyed`).

    `finished` says since when a document wants no more work; long enough after that, and after its last change, it is
    archived, or dropped for good where the collection is `forgotten`."""

    name: str
    type: type[T]
    prefix: str = ""
    first: int = 1
    finished: Callable[[T], datetime | None] = never_finished
    forgotten: bool = False
    keys: Callable[[T], Iterable[str]] = no_keys


class RowCollection(Collection[T], Generic[T, R], frozen=True, kw_only=True):
    """A collection whose documents are large: lists, searches and their order look at the rows alone."""

    row: RowKind[T, R]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place in a document, before and after; UNSET where there was or is nothing.

    With `at`, `before` and `after` are the part of a list that starts there, so that an addition to a long list costs what
    was added.
    """

    path: tuple[str, ...]
    before: Any = msgspec.UNSET
    after: Any = msgspec.UNSET
    at: int | None = None

    @property
    def field(self) -> str:
        return self.path[0]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One accepted change of one document."""

    rev: int
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    """Never before that of the entry before it in its document."""
    by: str
    verb: str
    """The action by its name, such as "tickets.take"; `done_wording.py` has the words for it."""
    kind: Literal["made", "changed", "removed"] = "changed"
    changes: tuple[Change, ...] = ()
    why: str = ""
    undoes: int | None = None
    batch: str = ""
    session: str = ""
    """Of the app that it was made in, or "intake"; empty for a command."""
    recorded: int = 0
    """Microseconds since 1970 by the machine's own clock, later than all before it in its collection. `at` cannot say which of
    two changes came first: it may stand still, or be the time of a message. 0 in a journal from before there was this."""
    request: str = ""
    """What a script gave with its command so that it can be given again: an id without spaces, a space, a sum of the command."""
    act: str = ""
    """The same for all that one act changed, where that was more than one commit: undo takes back all of it."""
    signature: str = ""
    """Of who made it (signing.py), where they sign."""
    clock: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """What their clock said, where that was earlier than `at` may be."""

    @property
    def made_at(self) -> datetime:
        """By the clock of whoever made it."""
        return self.clock or self.at

    @property
    def order(self) -> int:
        """By which changes of several collections stand in the order in which they were written."""
        return self.recorded or int(self.at.timestamp() * 1_000_000)


class Stamp(msgspec.Struct, frozen=True):
    """Who changes something, when, and by which action (`verb`)."""

    by: str
    at: datetime
    verb: str
    why: str = ""
    session: str = ""
    request: str = ""
    act: str = ""


class Conflict(msgspec.Struct, frozen=True):
    """One field that somebody else changed first."""

    field: str
    was: Any
    theirs: Any
    mine: Any
    by: str
    at: datetime


class StaleWrite(Refused):
    """Somebody else has changed the same field since this writer looked at it."""

    def __init__(self, id_: str, conflicts: list[Conflict]) -> None:
        self.id = id_
        self.conflicts = conflicts
        fields = "; ".join(
            f"{c.field}: {c.by} set {_short(c.theirs)}, you wanted {_short(c.mine)}" for c in conflicts
        )
        super().__init__(
            f"{id_} changed since you opened it ({fields}). Look again, then repeat what you still want."
        )


def _short(value: Any) -> str:
    if value is msgspec.UNSET:
        return "nothing"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 40 else text[:39] + "…"


class RepeatedRequest(Refused):
    """Another process has just made this change for the same request."""

    def __init__(self, request: str) -> None:
        super().__init__(
            f"The request {request.partition(' ')[0]} was carried out already; nothing was changed."
        )


def is_of_request(entry: Entry, request_id: str) -> bool:
    return entry.request.partition(" ")[0] == request_id


class NoSuchDocument(Refused):
    """A change that would neither find nor make a document."""

    def __init__(self, collection: str, id_: str) -> None:
        super().__init__(f"There is no {id_} in {collection}.")


Editor = Callable[[T | None], T | None]
"""Gets the fresh document (None where there is none), returns the new one, or None to remove it. It may run several times
(promise 2 of `Store`): what it notes for its caller begins anew in each run."""


class Happening(msgspec.Struct, frozen=True):
    """An entry of the history, with the document that it is about."""

    collection: str
    id: str
    entry: Entry


class Kept(msgspec.Struct, Generic[T], frozen=True):
    """All that is kept of one document."""

    key: int
    """Its number in the collection: in this order they were made."""
    id: str
    document: T | None
    """None where it was removed."""
    read_history: Callable[[], list[Entry]]

    @property
    def history(self) -> list[Entry]:
        """Oldest first. Read when it is asked for: not everybody wants it of everything."""
        return self.read_history()


class Commit(NamedTuple):
    """What was changed together, and the cursor behind it."""

    happenings: tuple[Happening, ...]
    cursor: str


class Finding(msgspec.Struct, frozen=True):
    """Something wrong with a workspace. `mend` is what to do, a command where there is one."""

    severity: Literal["error", "warning"]
    file: str
    what: str
    mend: str


class Store(Protocol):
    """Everything that a workspace asks of a store; tests/store/test_conformance.py says what it means.

    Six promises hold for all of it:

    1. In one session, a document is the same object as long as it has the same revision and is not archived: `is` finds out
       whether it has changed. Where a collection has rows, this holds for the rows, and for a document as long as the store has
       it at hand: it may read it again.
    2. An edit may run several times, also on a state that is not the newest, and may raise anything there. Only its run at the
       head counts: on the newest state, with everybody else kept out until the change is written. It is the last one.
    3. Whether there is nothing to do, and whether a change is refused, is judged at the head, too.
    4. An edit that looks at other documents of its collection sees the head of them. Looks into other collections are not
       protected.
    5. The time of an entry is never before that of the entry before it in its document: where a clock is behind, the store
       lifts it, and `Entry.clock` keeps what the clock said.
    6. What may wait for files or a network is never called on an event loop. At hand, from memory, are only `get`, `several`
       and `all` of what is not archived (or was removed since), of a collection that `load` has loaded; and `get` and `several`
       of what was read last of its archive, `AT_HAND` documents.
    """

    def load(self, collections: Iterable[Collection[Any]]) -> None:
        """Have at hand what is not archived. What cannot be read raises where it is asked for, as without this."""

    def get(self, collection: Collection[T], id_: str) -> T | None:
        """A document, archived or not."""

    def several(self, collection: Collection[T], ids: Set[str]) -> dict[str, T]:
        """Those of many that are there, archived or not: read once, and not once for each."""

    def all(self, collection: Collection[T], *, archived: bool = False, since: date | None = None) -> list[T]:
        """What is not archived; with `archived` everything, or with `since` at least what was finished from that day on."""

    def rows(self, collection: RowCollection[T, R]) -> list[R]:
        """The rows of what is not archived, in the order of `all`: the same object while the revision is the same."""

    def select(self, collection: RowCollection[T, R], narrow: Narrow, limit: int) -> list[R]:
        """The rows of what fits, archived or not: first what is not finished, then what was finished last; of the same time
        what was made last. Fewer than `limit` are all that there are."""

    def prepare_select(self, collection: RowCollection[Any, Any]) -> None:
        """Makes what is selected by its words quick, where that takes time."""

    def count(self, collection: RowCollection[Any, Any]) -> int:
        """How many documents there are, archived ones too."""

    def bodies(self, collection: Collection[T], ids: Iterable[str]) -> dict[str, T]:
        """As `several`, of what is not archived, in the order of the ids: read together."""

    def keyed(self, collection: Collection[T], keys: Iterable[str]) -> str | None:
        """The id of the document, not archived, that has the first of these keys that any has: of several the oldest."""

    def add(self, collection: Collection[T], make: Callable[[str], T], stamp: Stamp) -> T:
        """Keep what `make` returns for the next free id."""

    def change(
        self, collection: Collection[T], id_: str, edit: Editor[T], stamp: Stamp, *, seen: int | None = None
    ) -> T | None:
        """The only way to write. `seen` is the revision the writer looked at; None where the edit cannot be stale."""

    def change_many(
        self, collection: Collection[T], edits: Mapping[str, Editor[T]], stamp: Stamp
    ) -> list[T | None]:
        """Several documents of one collection, all or none."""

    def history(self, collection: Collection[T], id_: str) -> list[Entry]:
        """Of one document, oldest first, also when it was removed."""

    def histories(self, collection: Collection[T], ids: Set[str]) -> dict[str, list[Entry]]:
        """Of many documents: read once, and not once for each."""

    def find_history(
        self, collections: Iterable[Collection[Any]], id_: str
    ) -> tuple[Collection[Any], list[Entry]] | None:
        """Of the document of that id, in whichever of the collections it is or was: asked once, and not once for each."""

    def everything(self, collection: Collection[T]) -> Iterator[Kept[T]]:
        """All that is or was in it, archived and removed documents too, in the order of their keys; each as it is when its turn
        comes, with the history up to there."""

    def take_in(self, collection: Collection[T], kept: Iterable[Kept[T]], now: datetime) -> None:
        """What another store kept, `everything` of it, with its numbers and histories: into a collection that has had nothing.
        Nobody else may use the store meanwhile."""

    def as_of(self, collection: Collection[T], when: datetime) -> list[T]:
        """The documents as they stood at that moment, archived ones too."""

    def revert(self, collection: Collection[T], id_: str, rev: int, stamp: Stamp) -> list[T | None]:
        """Take back one change, with all that was changed together with it."""

    def together(self, collection: Collection[T], id_: str, rev: int) -> list[Happening]:
        """One change, and those that were made in one commit with it: what `revert` takes back."""

    def latest(
        self,
        collections: Iterable[Collection[Any]],
        limit: int,
        by: str | None = None,
        *,
        as_recorded: bool = False,
        archived: bool = False,
    ) -> list[Happening]:
        """The newest entries over several collections, newest first: by their times, or `as_recorded` by the order in which
        they were written. With `archived` those of archived documents too, which may take long."""

    def whole_since(self, collections: Iterable[Collection[Any]]) -> datetime | None:
        """All that was changed from then on is not archived; None where nothing is archived."""

    def since(
        self, cursor: str, collections: Iterable[Collection[Any]], limit: int | None = None
    ) -> list[Commit]:
        """What was written behind the cursor, by whatever process: each commit once, those of one collection in the order in
        which they were written. Without anything new it costs next to nothing. An empty cursor is before everything. A cursor
        is a line of text without spaces, and holds over checkpoints, archives and restarts."""

    def cursor(self, collections: Iterable[Collection[Any]], at: datetime | None = None) -> str:
        """Behind all that was written until now; or, by the machine's clock, until `at`."""

    def requested(self, collections: Iterable[Collection[Any]], request_id: str) -> list[Happening]:
        """What was changed for a request of a script, of documents that are not archived."""

    def watch(self) -> dict[str, set[str]]:
        """Take in what other sessions wrote: the ids that changed, by collection, since the last call."""
