"""One TinyDB file: the checkpoint of a collection, or one month of its archive.

Stock TinyDB opens it: the default table has the documents, `history` their histories, `_meta` what the store itself must
know, `_sums` a checksum of each row, `_rows` what lists need of the documents (columns.py; not in every file). Every document is
on a line of its own, so that damage has a line number and one document can be found without parsing the rest.

The row of `_meta` has the checksum of its own line, of all documents and of all histories. These are what is checked; those of
the rows say which one it was. A file of format 1 has none.
"""

import contextlib
import os
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypedDict, TypeVar, cast

import msgspec
from msgspec.structs import replace

from fleettui.documents import UNREADABLE, readable
from fleettui.errors import Unusable
from fleettui.store import files, sums
from fleettui.store.files import FORMAT, FORMAT_WITH_SUMS, FileSlice
from fleettui.store.protocol import Entry
from fleettui.store.sums import Sum
from fleettui.store.tinydb.damage import Damaged, NewerFormat, diagnose

LONGEST_HEAD = 1 << 22
"""At most so much is read of a file's first line, which has the store's own row."""
R = TypeVar("R")
"""What a row of the default table is read as: the type of a document, or dict."""
RowsOf = Callable[[Mapping[str, bytes]], bytes]
"""Given the encoded documents by their numbers: the lines of the table `_rows`."""


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """`follows` is the generation and journal length this checkpoint took in, `moved` what went to the archive with it.

    A reader that has read that far need not parse the new file.
    """

    format: int
    collection: str
    generation: int = 0
    follows: tuple[int, int] | None = None
    moved: tuple[str, ...] = ()
    next: int = 1
    at: datetime | None = None
    ahead: datetime | None = None
    """The latest `at` of this or an earlier checkpoint, where a clock ran ahead: what it archived is newer than `at` says."""
    recorded: int = 0
    """The newest `Entry.recorded`."""
    latest: datetime | None = None
    """No `Entry.at` is later. None where nobody knows: in a file of before, or after a rescue."""
    journal: str = ""
    """The token of its journal's header; empty where that has none."""
    documents: Sum | None = None
    """Of all from the second line to where the histories begin."""
    histories: Sum | None = None
    rows: tuple[int, int] | None = None
    """Where the table of rows is in what `documents` is the sum of: its start and its length (columns.py)."""
    months: dict[str, int] | None = None
    """Of a checkpoint: the months of the archive, each with how often it had been written. None in one of before."""
    month: str = ""
    written: int = 0
    """Of a month of the archive: which one it is, and how often it was written."""


class Tables(TypedDict, Generic[R]):
    """The tables of a file by their names in TinyDB. `history` stays JSON: hardly anybody asks for all of it."""

    _meta: Mapping[str, Meta]
    _default: Mapping[str, R]
    history: bytes | FileSlice


class TableFile(Generic[R]):
    """A file as a `tinydb.storages.Storage`. The store reads and writes checkpoints and archives with it; with TinyDB itself,
    `TinyDB(path, dict, storage=TableFile)` opens a file of a workspace that nobody uses at the moment.

    database.py registers it as a Storage. It is not derived from it, because then every start would import TinyDB. The lock
    is the caller's matter.
    """

    stat: os.stat_result
    """Of the file that was read last."""

    def __init__(self, path: Path, row_type: type[R], mode: int = files.PRIVATE.file) -> None:
        self.path, self.row_type, self.mode = path, row_type, mode

    def read(self, *, with_histories: bool = True) -> Tables[R]:
        """The histories are left in the file, which is held open as long as somebody has the tables. Without `with_histories`
        they are believed for now: `histories_checked` is for later.
        """
        with files.os_errors_about(self.path), open(files.open_file(self.path, os.O_RDONLY, 0), "rb") as file:
            self.stat = os.fstat(file.fileno())
            content = file.read()
            tables = decode(self.path, content, self.row_type, with_histories=with_histories)
            histories = history_json(tables)
            start = content.rfind(histories)
            tables["history"] = FileSlice(self.path, file.fileno(), start, len(histories))
            return tables

    def write(self, tables: Tables[R], rows_of: RowsOf | None = None) -> None:
        """Replace the file; at every moment it has the old content or the new. `rows_of`: see `encode`."""
        files.sweep_scratch(self.path.parent, self.path.name)
        with files.os_errors_about(self.path):
            files.write_atomic(self.path, encode(tables, rows_of), self.mode)

    def close(self) -> None:
        """Part of TinyDB's interface; nothing stays open between two calls."""


# -- bytes and tables


class _MetaTable(msgspec.Struct, frozen=True):
    row: Meta = msgspec.field(name="1")


class _Content(msgspec.Struct, Generic[R], frozen=True):
    meta: _MetaTable = msgspec.field(name="_meta")
    documents: dict[str, R] = msgspec.field(name="_default")
    history: msgspec.Raw


class _Header(msgspec.Struct):
    meta: _MetaTable = msgspec.field(name="_meta")


@lru_cache
def _decoder(type_: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast(type[Any], type_))


def tables_of(meta: Meta, documents: Mapping[int, R], histories: Iterable[tuple[int, bytes]]) -> Tables[R]:
    """`histories` are (document number, encoded HistoryRow)."""
    rows = b",\n".join(b'"%d":%s' % row for row in histories)
    return Tables(
        _meta={"1": meta},
        _default={str(number): document for number, document in documents.items()},
        history=b"{\n%s\n}" % rows,
    )


def encode(tables: Tables[Any], rows_of: RowsOf | None = None) -> bytes:
    """The content of a file: one line for `_meta`, then one for each document, each row of checksums and each history."""
    encoder = msgspec.json.Encoder()
    documents = {key: encoder.encode(row) for key, row in tables["_default"].items()}
    history = history_json(tables)
    body = b'"_default":{\n%s\n},\n"_sums":{\n%s\n},\n' % (
        b",\n".join(b'"%s":%s' % (key.encode(), row) for key, row in documents.items()),
        sums.encoded_rows(documents, _decoder(dict[str, msgspec.Raw]).decode(history)),
    )
    rows = None
    if rows_of is not None:
        table = b"{\n%s\n}" % rows_of(documents)
        body += b'"_rows":'
        rows = len(body), len(table)
        body += table + b",\n"
    body += b'"history":'
    checked = {"documents": sums.sum_of(body), "histories": sums.sum_of(history)}
    meta = replace(tables["_meta"]["1"], format=FORMAT, rows=rows, **checked)
    return b"%s\n%s%s}\n" % (head(meta), body, history)


def head(meta: Meta) -> bytes:
    """The first line of a file, without its end."""
    return sums.sealed_head(msgspec.json.encode(meta))


def decode(path: Path, content: bytes, row_type: type[R], *, with_histories: bool = True) -> Tables[R]:
    """`path` is what an error names."""
    try:
        read: _Content[R] = _decoder(cast(Hashable, _Content[row_type])).decode(content)  # type: ignore[valid-type]
    except UNREADABLE as error:
        _refuse_newer(path, content)
        raise diagnose(path, content, row_type, error) from None
    _refuse_newer(path, content)
    meta = _checked(path, content, read.meta.row, with_histories=with_histories)
    return Tables(_meta={"1": meta}, _default=read.documents, history=bytes(read.history))


def _checked(path: Path, content: bytes, meta: Meta, *, with_histories: bool = True) -> Meta:
    """Damage that can be read all the same: what does not fit its checksum. A file of format 1 need not have any. What another
    program has laid out anew, such as stock TinyDB, has none that hold: somebody has changed it on purpose."""
    begin = content.find(b"\n") + 1
    head = content[:begin].rstrip()
    is_of_before = meta.format < FORMAT_WITH_SUMS and not sums.is_sealed_head(head)
    if is_of_before or not sums.is_our_head(head):
        return replace(meta, documents=None, histories=None, rows=None)
    if not sums.is_whole_head(head):
        raise Damaged(path, 1, f"the row _meta: {sums.CHANGED}")
    for part in (meta.documents, meta.histories if with_histories else None):
        if part is not None:
            if sums.sum_of(memoryview(content)[begin : begin + part[0]]) != part:
                raise changed_row(path, content)
            begin += part[0]
    return meta


def refuse_changed(path: Path, content: bytes) -> None:
    """As `decode`, without parsing the rows."""
    meta = meta_in(path, content)
    if sums.is_our_head(content):
        _checked(path, content, meta)


def meta_in(path: Path, content: bytes) -> Meta:
    """The store's own row, whoever has laid out the file."""
    _refuse_newer(path, content)
    if not sums.is_our_head(content):
        return read_meta(path, content)
    meta = peek_meta(content[: content.find(b"\n") + 1])
    if meta is None:
        raise Damaged(path, 1, f"the row _meta: {sums.CHANGED}")
    return meta


def _refuse_newer(path: Path, content: bytes) -> None:
    """A newer format may well not fit today's types: say that it is newer, not that it is damaged."""
    match = re.match(rb'\s*\{\s*"_meta"\s*:\s*\{\s*"1"\s*:\s*\{\s*"format"\s*:\s*(\d{1,9})', content)
    if match and int(match[1]) > FORMAT:
        head = content[: content.find(b"\n") + 1].rstrip()
        if sums.is_our_head(head) and sums.is_sealed_head(head) and not sums.is_whole_head(head):
            raise Damaged(path, 1, f"the row _meta: {sums.CHANGED}")  # only looks like a newer format
        raise NewerFormat(path, int(match[1]))


def changed_row(path: Path, content: bytes) -> Damaged:
    """The row that does not fit its checksum."""
    from fleettui.store.tinydb import row_lines  # needed when something is wrong

    return row_lines.changed_row(path, content)


def peek_meta(first_line: bytes) -> Meta | None:
    """The store's own row from the line that we put it on; None where it was changed, or another program has laid out the file
    anew: then it has to be read as a whole."""
    head = first_line.rstrip()
    try:
        meta = read_meta(Path(), head.rstrip(b",") + b"}")
    except Damaged:
        return None
    must_be_sealed = meta.format >= FORMAT_WITH_SUMS or sums.is_sealed_head(head)
    return meta if sums.is_whole_head(head) or not must_be_sealed else None


def meta_of(path: Path) -> Meta | None:
    """As `meta_in`, of a file, without reading all of it where we have laid it out; None where there is none that can be read."""
    try:
        with open(files.open_file(path, os.O_RDONLY, 0), "rb") as file:
            head = file.readline(LONGEST_HEAD)
            return meta_in(path, head if sums.is_our_head(head) else head + file.read())
    except (OSError, Unusable):
        return None


class Beginning(msgspec.Struct, frozen=True):
    """What a file says of itself, for whoever has read the one before it. Without `meta` it has to be read as a whole."""

    stat: os.stat_result
    meta: Meta | None = None
    documents: FileSlice | None = None
    histories: FileSlice | None = None


def peek(path: Path) -> Beginning:
    with files.os_errors_about(path), open(files.open_file(path, os.O_RDONLY, 0), "rb") as file:
        stat, head = os.fstat(file.fileno()), file.readline(LONGEST_HEAD)
        meta = peek_meta(head)
        if meta is None or meta.documents is None or meta.histories is None:
            return Beginning(stat)
        start, (length, _) = len(head), meta.documents
        documents = FileSlice(path, file.fileno(), start, length)
        return Beginning(
            stat, meta, documents, FileSlice(path, file.fileno(), start + length, meta.histories[0])
        )


def read_meta(path: Path, content: bytes) -> Meta:
    """The store's own row without the documents."""
    try:
        header: _Header = _decoder(_Header).decode(content)
    except UNREADABLE as error:
        raise Damaged(path, 1, f"not a file of a workspace: {readable(error)}") from None
    return header.meta.row


# -- histories


class HistoryRow(msgspec.Struct, frozen=True):
    """The history of one document, as the table `history` has it."""

    of: str
    entries: list[Entry]


class _Moment(msgspec.Struct):
    at: datetime


class _Moments(msgspec.Struct):
    entries: list[_Moment]


class _Owner(msgspec.Struct):
    of: str


class _Histories(msgspec.Struct):
    history: msgspec.Raw


def history_json(tables: Tables[Any]) -> bytes:
    """The table `history`, read from the open file if need be."""
    history = tables["history"]
    return history.read() if isinstance(history, FileSlice) else history


def decode_histories(table: bytes | msgspec.Raw) -> dict[str, tuple[int, bytes]]:
    """id -> (document number, encoded HistoryRow), without decoding the entries."""
    rows = _decoder(dict[str, msgspec.Raw]).decode(table)
    owner = _decoder(_Owner)
    return {owner.decode(row).of: (int(key), bytes(row)) for key, row in rows.items()}


def offsets_in(table: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Of each encoded HistoryRow: whose it is, the document's number, where it starts, how long it is."""
    owner, start = _decoder(_Owner), 0
    for key, raw in _decoder(dict[str, msgspec.Raw]).decode(table).items():
        row = bytes(raw)
        start = table.index(row, start)
        yield owner.decode(row).of, int(key), start, len(row)
        start += len(row)


def histories_of(path: Path, content: bytes) -> dict[str, tuple[int, bytes]]:
    """The histories of a file without its documents."""
    with damage_named(path):
        return decode_histories(_decoder(_Histories).decode(content).history)


@contextlib.contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """What cannot be decoded in the block is damage of `path`."""
    try:
        yield
    except UNREADABLE as error:
        raise Damaged(path, 1, f"the histories cannot be read: {readable(error)}") from None


def history_in(rows: Mapping[str, tuple[int, bytes]], id_: str) -> bytes:
    """An encoded HistoryRow; an empty one for what somebody wrote into the file by hand."""
    return rows[id_][1] if id_ in rows else empty_history(id_)


def empty_history(id_: str) -> bytes:
    return msgspec.json.encode(HistoryRow(id_, []))


def decode_row(row: bytes) -> HistoryRow:
    decoded: HistoryRow = _decoder(HistoryRow).decode(row)
    return decoded


def times_in(row: bytes) -> list[datetime]:
    """Of the entries of an encoded HistoryRow; nothing else of them is decoded."""
    return [moment.at for moment in _decoder(_Moments).decode(row).entries]
