"""What is finished, one TinyDB file a month, so that the daily cost follows the open work and not the years.

A document is written here before it leaves the collection's file, and may come back. Found in both, the higher revision counts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import date
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import msgspec

from fleettui.documents import UNREADABLE, Document
from fleettui.places import in_workspace, named
from fleettui.store import files
from fleettui.store.protocol import Collection, Entry
from fleettui.store.tinydb import found_lines, table_file
from fleettui.store.tinydb.damage import Damaged, diagnose
from fleettui.store.tinydb.table_file import Meta, TableFile

T = TypeVar("T", bound=Document)

FEW = 3

_CHECKED: dict[Path, tuple[int, int, int]] = {}
"""By inode, time and size: the files whose checksums were right when this process first read them. They hardly ever change."""


class Archived(msgspec.Struct, Generic[T], frozen=True):
    """A document outside the collection's file, with its number there and its whole history."""

    key: int
    document: T
    row: bytes
    path: Path = Path()

    @property
    def history(self) -> list[Entry]:
        with table_file.damage_named(self.path):
            return table_file.decode_row(self.row).entries


@contextlib.contextmanager
def _with_command() -> Iterator[None]:
    """Damage that is met in the block says how it is mended."""
    try:
        yield
    except Damaged as damaged:
        raise Damaged(damaged.path, damaged.line, damaged.what, "fleettui restore") from None


class Archive(Generic[T]):
    """The months of one collection."""

    def __init__(self, home: Path, collection: Collection[T], modes: files.Modes) -> None:
        self.home, self.collection, self.modes = home, collection, modes
        self._place = in_workspace(home)  # as long as it is here, all of it is opened from there

    def months(self) -> list[Path]:
        """The files, oldest first."""
        return files.matching(
            self.home / "archive", f"{self.collection.name}-[0-9][0-9][0-9][0-9]-[0-9][0-9].json"
        )

    def all_months(self, oldest: str = "") -> list[Path]:
        """As `months`, where none of them is missing or has been exchanged."""
        from fleettui.store.tinydb import months  # late: most commands do without the archive

        for damaged in months.missing(self.home, self.collection.name, oldest):
            raise damaged
        return [path for path in self.months() if months.month_in(path) >= oldest]

    def find(self, id_: str) -> Archived[T] | None:
        """Searched for as bytes; only the document itself is parsed."""
        newest: Archived[T] | None = None
        for path in self.all_months():
            with _with_command():
                archived = self._find_in(path, id_)
            if archived and (newest is None or archived.document.rev > newest.document.rev):
                newest = archived
        return newest

    def _find_in(self, path: Path, id_: str) -> Archived[T] | None:
        content = self.content(path)
        numbered = found_lines.find_document(content, id_)
        if numbered is None:
            return None
        key, row = numbered
        try:
            document = msgspec.json.decode(row, type=self.collection.type)
        except UNREADABLE as error:
            raise diagnose(path, content, self.collection.type, error) from None
        history = found_lines.find_history(content, id_)
        return Archived(key, document, history or table_file.empty_history(id_), path)

    def all(self, since: date | None = None) -> dict[str, Archived[T]]:
        """By id; of a document that was archived twice the newer version. With `since` without the months before that day."""
        everything: dict[str, Archived[T]] = {}
        for path in self.all_months(f"{since:%Y-%m}" if since else ""):
            with _with_command():
                month = self._read(path)
            for id_, archived in month.items():
                if id_ not in everything or archived.document.rev > everything[id_].document.rev:
                    everything[id_] = archived
        return everything

    def documents(self, ids: Set[str]) -> dict[str, T]:
        """Those of them that are here: searched for where they are few, and for more of them all of it is read once."""
        if len(ids) > FEW:
            there = self.all()
            return {id_: there[id_].document for id_ in ids if id_ in there}
        searched = {id_: self.find(id_) for id_ in ids}
        return {id_: old.document for id_, old in searched.items() if old is not None}

    def histories(self, ids: Set[str]) -> dict[str, list[Entry]]:
        """Of those of the ids that are here."""
        return self._longest(lambda id_, _: id_ in ids)

    def histories_naming(self, words: str) -> dict[str, list[Entry]]:
        """Those that have these words, which JSON writes as they are, in any place. Searched for as bytes."""
        searched = words.encode()
        return self._longest(lambda _, row: searched in row)

    def _longest(self, is_wanted: Callable[[str, bytes], bool]) -> dict[str, list[Entry]]:
        """Of a document that was archived twice the longer history."""
        longest: dict[str, list[Entry]] = {}
        for path in self.all_months():
            with _with_command():
                rows = table_file.histories_of(path, self.content(path))
            for id_, (_, row) in rows.items():
                if is_wanted(id_, row):
                    with _with_command(), table_file.damage_named(path):
                        entries = table_file.decode_row(row).entries
                    longest[id_] = max(entries, longest.get(id_, []), key=len)
        return longest

    def histories_in(self, path: Path) -> dict[str, list[Entry]]:
        """All of one month."""
        with _with_command(), table_file.damage_named(path):
            rows = table_file.histories_of(path, self.content(path))
            return {id_: table_file.decode_row(row).entries for id_, (_, row) in rows.items()}

    def put(self, leaving: Iterable[tuple[str, Archived[T]]]) -> None:
        """`leaving` are (month "2026-03", document). On disk when this returns."""
        from fleettui.store.tinydb import months

        by_month: dict[str, dict[str, Archived[T]]] = {}
        for month, archived in leaving:
            by_month.setdefault(month, {})[archived.document.id] = archived
        if by_month:
            files.make_folder(self.home / "archive", self.modes)
        for month, coming in by_month.items():
            for damaged in months.missing(self.home, self.collection.name, only=month):
                raise damaged
            path = self.home / months.name_of(self.collection.name, month)
            there = self._read(path) if files.exists(path) else {}
            before = table_file.meta_of(path)
            self._write(path, month, {**there, **coming}, 1 + (before.written if before else 0))

    def _write(self, path: Path, month: str, archived: dict[str, Archived[T]], written: int) -> None:
        in_order = sorted(archived.values(), key=lambda kept: kept.key)
        tables = table_file.tables_of(
            Meta(format=files.FORMAT, collection=self.collection.name, month=month, written=written),
            {kept.key: kept.document for kept in in_order},
            ((kept.key, kept.row) for kept in in_order),
        )
        self._file(path).write(tables)

    def _file(self, path: Path) -> TableFile[T]:
        return TableFile(path, self.collection.type, self.modes.file)

    def content(self, path: Path) -> bytes:
        """Of a month, whose checksums were right when this process first read it."""
        with files.os_errors_about(path):
            facts = named(path).stat()
            content = files.read_file(path)
        version = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if _CHECKED.get(path) != version:
            table_file.refuse_changed(path, content)
            _CHECKED[path] = version
        return content

    def _read(self, path: Path) -> dict[str, Archived[T]]:
        tables = self._file(path).read()
        with table_file.damage_named(path):
            rows = table_file.decode_histories(table_file.history_json(tables))
        return {
            document.id: Archived(int(key), document, table_file.history_in(rows, document.id), path)
            for key, document in tables["_default"].items()
        }


class ArchiveOf(NamedTuple):
    """Makes the archive of a collection."""

    home: Path
    modes: files.Modes

    def __call__(self, collection: Collection[T]) -> Archive[T]:
        return Archive(self.home, collection, self.modes)
