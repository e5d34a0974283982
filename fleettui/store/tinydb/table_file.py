"""One TinyDB file: the checkpoint of a collection, or one month of its archive.

Stock TinyDB opens it: the default table has the documents, `history` their histories, `_meta` what the store itself must
know. Every document stands on a line of its own, so that damage has a line number and one document can be found without parsing
the rest.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import msgspec

from fleettui.documents import Document
from fleettui.errors import Unusable
from fleettui.store.files import FORMAT
from fleettui.store.protocol import Entry

T = TypeVar("T", bound=Document)


class Damaged(Unusable):
    """A file that cannot be understood. It is left as it is."""

    def __init__(self, path: Path, line: int, what: str, mend: str = "") -> None:
        self.path, self.line, self.what = path, line, what
        super().__init__(f"{path}, line {line}: {what}." + (f" To mend it: {mend}" if mend else ""))


class NewerFormat(Unusable):
    def __init__(self, path: Path, found: int) -> None:
        super().__init__(
            f"{path}: is of format {found}, this fleettui reads up to {FORMAT}. Update fleettui on this machine."
        )


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


class MetaTable(msgspec.Struct, frozen=True):
    row: Meta = msgspec.field(name="1")


class TableFile(msgspec.Struct, Generic[T], frozen=True):
    meta: MetaTable = msgspec.field(name="_meta")
    documents: dict[str, T] = msgspec.field(name="_default")
    history: msgspec.Raw


class _FileHeader(msgspec.Struct):
    meta: MetaTable = msgspec.field(name="_meta")


class HistoryRow(msgspec.Struct, frozen=True):
    of: str
    entries: list[Entry]


class _Owner(msgspec.Struct):
    of: str


class _Histories(msgspec.Struct):
    history: msgspec.Raw


class DocumentRows(msgspec.Struct):
    documents: dict[str, msgspec.Raw] = msgspec.field(name="_default")


@lru_cache
def _decoder(type_: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast(type[Any], type_))


def encode(meta: Meta, documents: Mapping[int, Document], histories: Iterable[tuple[int, bytes]]) -> bytes:
    """`histories` are (document number, encoded HistoryRow)."""
    encoder = msgspec.json.Encoder()
    lines = ",\n".join(f'"{key}":{encoder.encode(doc).decode()}' for key, doc in documents.items())
    rows = b",\n".join(b'"%d":%s' % row for row in histories)
    head = msgspec.json.encode({"1": meta})
    return b'{"_meta":%s,\n"_default":{\n%s\n},\n"history":{\n%s\n}}\n' % (head, lines.encode(), rows)


def decode(path: Path, content: bytes, type_: type[T]) -> TableFile[T]:
    try:
        table_file: TableFile[T] = _decoder(cast(Hashable, TableFile[type_])).decode(content)  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _refuse_newer(path, content)
        raise diagnose(path, content, type_, error) from None
    if table_file.meta.row.format > FORMAT:
        raise NewerFormat(path, table_file.meta.row.format)
    return table_file


def _refuse_newer(path: Path, content: bytes) -> None:
    """A newer format may well not fit today's types: say that it is newer, not that it is damaged."""
    found = re.match(rb'\s*\{\s*"_meta"\s*:\s*\{\s*"1"\s*:\s*\{\s*"format"\s*:\s*(\d{1,9})', content)
    if found and int(found[1]) > FORMAT:
        raise NewerFormat(path, int(found[1]))


def decode_histories(raw: bytes | msgspec.Raw) -> dict[str, tuple[int, bytes]]:
    """id -> (document number, encoded HistoryRow), without decoding the entries."""
    table = _decoder(dict[str, msgspec.Raw]).decode(raw)
    owner = _decoder(_Owner)
    return {owner.decode(row).of: (int(key), bytes(row)) for key, row in table.items()}


def places_in(table: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Of each encoded HistoryRow: whose it is, the document's number, where it starts, how long it is."""
    owner, at = _decoder(_Owner), 0
    for key, row in _decoder(dict[str, msgspec.Raw]).decode(table).items():
        written = bytes(row)
        at = table.index(written, at)
        yield owner.decode(written).of, int(key), at, len(written)
        at += len(written)


def histories_of(path: Path, content: bytes) -> dict[str, tuple[int, bytes]]:
    """The histories of a file without its documents."""
    with damage_named(path):
        return decode_histories(_decoder(_Histories).decode(content).history)


@contextlib.contextmanager
def damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except (msgspec.DecodeError, ValueError) as error:
        raise Damaged(path, 1, f"the histories cannot be read: {readable(error)}") from None


def history_in(rows: Mapping[str, tuple[int, bytes]], id_: str) -> bytes:
    """An encoded HistoryRow; an empty one for what somebody wrote into the file by hand."""
    return rows[id_][1] if id_ in rows else empty_history(id_)


def empty_history(id_: str) -> bytes:
    return msgspec.json.encode(HistoryRow(id_, []))


def decode_row(row: bytes) -> HistoryRow:
    decoded: HistoryRow = _decoder(HistoryRow).decode(row)
    return decoded


def diagnose(path: Path, content: bytes, type_: type[Any], error: Exception) -> Damaged:
    """Find the line, the document and the field that a decoder stumbled over."""
    try:
        rows = _decoder(DocumentRows).decode(content).documents
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _broken_text(path, content, error)
    for key, row in rows.items():
        try:
            _decoder(cast(Hashable, type_)).decode(row)
        except msgspec.DecodeError as mistake:
            line = content.count(b"\n", 0, content.find(bytes(row))) + 1
            return Damaged(path, line, f"document {_said_id(key, row)}: {readable(mistake)}")
    return Damaged(path, 1, readable(error))


def _said_id(key: str, row: msgspec.Raw) -> str:
    try:
        found = msgspec.json.decode(row)
    except msgspec.DecodeError:
        return key
    return str(found.get("id", key)) if isinstance(found, dict) else key


def _broken_text(path: Path, content: bytes, error: Exception) -> Damaged:
    import json  # the standard parser tells where; only needed when something is wrong

    try:
        json.loads(content)
    except json.JSONDecodeError as mistake:
        return Damaged(path, mistake.lineno, f"not JSON at column {mistake.colno}: {mistake.msg.lower()}")
    except UnicodeDecodeError as mistake:
        return Damaged(path, content.count(b"\n", 0, mistake.start) + 1, "not UTF-8 text")
    return Damaged(path, 1, readable(error))


def readable(error: Exception) -> str:
    """msgspec says "Expected `int`, got `str` - at `$.rev`": the field first reads better."""
    text = str(error).replace("`", "")
    what, _, where = text.partition(" - at $.")
    return f"field {where}: {what[:1].lower()}{what[1:]}" if where else what


def peek_meta(first_line: bytes) -> Meta | None:
    """The store's own row from the line that we put it on; None where another program has laid out the file anew."""
    try:
        return read_meta(Path(), first_line.rstrip().rstrip(b",") + b"}")
    except Damaged:
        return None


def read_meta(path: Path, content: bytes) -> Meta:
    try:
        meta: Meta = _decoder(_FileHeader).decode(content).meta.row
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(path, 1, f"not a file of a workspace: {readable(error)}") from None
    return meta


def find_document(content: bytes, id_: str) -> tuple[int, bytes] | None:
    """The number and JSON of one document, found by its line."""
    try:
        return _find_row(content, b'{"id":' + msgspec.json.encode(id_))
    except UnicodeEncodeError:  # half a character, which no file can hold
        return None


def find_history(content: bytes, id_: str) -> bytes | None:
    found = _find_row(content, _beginning(id_))
    return found[1] if found else None


def in_our_form(id_: str, row: bytes) -> bytes:
    """An encoded HistoryRow that can be found by its line: another program may have laid it out anew."""
    if row.startswith(_beginning(id_)) and b"\n" not in row:
        return row
    return msgspec.json.encode(decode_row(row))


def _beginning(id_: str) -> bytes:
    return b'{"of":' + msgspec.json.encode(id_)


def _find_row(content: bytes, beginning: bytes) -> tuple[int, bytes] | None:
    """A plain search first: it is many times faster than a pattern, and the same words may also stand inside a text."""
    at = -1
    while (at := content.find(beginning, at + 1)) >= 0:
        start, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
        number = re.fullmatch(rb'"(\d+)":', content[start:at])
        if number:
            return int(number[1]), content[at:end].rstrip(b",")
    return None
