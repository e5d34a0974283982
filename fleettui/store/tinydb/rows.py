"""Damaged files, read line by line: what can be believed, and traces of what cannot. For a rescue and for the doctor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import msgspec

from fleettui.documents import UNREADABLE, Document
from fleettui.store import files
from fleettui.store.protocol import Entry
from fleettui.store.tinydb import row_lines, table_file
from fleettui.store.tinydb.table_file import Meta

T = TypeVar("T", bound=Document)

_ROW = re.compile(rb'\s*"(\d{1,15})":(\{.*\}),?\s*')
_TABLE = re.compile(rb'\s*"(_default|_sums|history)"')
_RECORD = re.compile(
    rb'"key":(\d{1,15}),"id":"([^"]{1,120})","entry":\{"rev":(\d{1,9}),'
    rb'"at":"([^"]{1,40})","by":"([^"]{1,80})","verb":"([^"]{1,60})"'
)
_PARTS = {
    "key": re.compile(rb'^\s*"(\d{1,15})":|"key":(\d{1,15})'),
    "id": re.compile(rb'"(?:id|of)":"([^"]{1,120})"'),
    "rev": re.compile(rb'"rev":(\d{1,9})'),
    "when": re.compile(rb'"at":"([^"]{1,40})"'),
    "who": re.compile(rb'"by":"([^"]{1,80})"'),
    "verb": re.compile(rb'"verb":"([^"]{1,60})"'),
}


class Trace(NamedTuple):
    """What can still be made out in a line that cannot be read."""

    key: int = 0
    id: str = ""
    rev: int = 0
    when: str = ""
    who: str = ""
    verb: str = ""


Traces = list[Trace]


def traces_in(line: bytes) -> Traces:
    """At least one."""
    records = [
        Trace(int(key), _text(id_), int(rev), _text(when), _text(who), _text(verb))
        for key, id_, rev, when, who, verb in _RECORD.findall(line)
    ]
    return records or [_trace(line)]


def _trace(line: bytes) -> Trace:
    matches = {name: pattern.search(line) for name, pattern in _PARTS.items()}
    parts = {name: _text(next(filter(None, match.groups()))) for name, match in matches.items() if match}
    return Trace(
        int(parts.get("key", 0)),
        parts.get("id", ""),
        int(parts.get("rev", 0)),
        parts.get("when", ""),
        parts.get("who", ""),
        parts.get("verb", ""),
    )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@dataclass
class CheckpointRows(Generic[T]):
    """What can be believed of a file."""

    meta: Meta | None = None
    documents: dict[str, tuple[int, T]] = field(default_factory=dict)
    histories: dict[str, tuple[int, list[Entry]]] = field(default_factory=dict)
    unreadable: list[tuple[int, Trace]] = field(default_factory=list)


def of_checkpoint(content: bytes, type_: type[T]) -> CheckpointRows[T]:
    """One row a line, as we lay it out."""
    lines = content.split(b"\n")
    read: CheckpointRows[T] = CheckpointRows(table_file.peek_meta(lines[0]))
    believed = {row.line for row in row_lines.rows_in(content) if row.is_whole is not False}
    table = b""
    for number, line in enumerate(lines, 1):
        if begins := _TABLE.match(line):
            table = begins[1]
        row = _ROW.fullmatch(line)
        if table == b"_sums" or (row is None and b'":{' not in line[:20]):
            continue
        is_read = row is not None and number in believed and _take(read, int(row[1]), row[2], type_)
        if is_read or number == 1 or line.startswith((b'"_default"', b'"history"')):
            continue
        trace = _trace(line)
        # The history of a document tells about its changes, not about itself.
        read.unreadable.append(
            (number, trace._replace(rev=0, when="", who="", verb="") if table == b"history" else trace)
        )
    return read


def _take(read: CheckpointRows[T], key: int, row: bytes, type_: type[T]) -> bool:
    try:
        if row.startswith(b'{"of":'):
            history = table_file.decode_row(row)
            read.histories[history.of] = (key, history.entries)
        else:
            document = msgspec.json.decode(row, type=type_)
            read.documents[document.id] = (key, document)
    except UNREADABLE:
        return False
    return True


def of_archive(months: Iterable[Path], type_: type[T]) -> dict[str, T]:
    """The newest version of each document in the archive, as far as it can be read."""
    newest: dict[str, T] = {}
    for path in months:
        with files.os_errors_about(path):
            content = files.read_file(path)
        for id_, (_, document) in of_checkpoint(content, type_).documents.items():
            if id_ not in newest or newest[id_].rev < document.rev:
                newest[id_] = document
    return newest
