"""Files line by line: to say which row or change was damaged, and to save those that were not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fleettui.store import files, sums
from fleettui.store.tinydb import acknowledged, journal
from fleettui.store.tinydb.damage import Damaged, not_text
from fleettui.store.tinydb.journal import Line

_TABLE = re.compile(rb'\s*"(\w{1,20})":\{')
_ROW = re.compile(rb'\s*"(\d{1,18})":(\{.*\}),?\s*')
_SUM = re.compile(rb'\{"document":"(.{0,8})","history":"(.{0,8})"\}')


class Row(NamedTuple):
    """A document, or with the table "history" a history. `is_whole` is None where the file has no checksum of it."""

    table: str
    number: int
    line: int
    content: bytes
    is_whole: bool | None


def rows_in(content: bytes) -> Iterator[Row]:
    """Every document and every history that can still be told from what surrounds it."""
    rows = list(_plain_rows(content))
    checked = _sums_in(rows)
    for row in rows:
        if row.table in ("_default", "history"):
            expected = checked.get(row.number, {}).get(row.table, "") if checked else ""
            is_whole = sums.of(row.content) == expected if checked else None
            yield row._replace(is_whole=is_whole)


def _plain_rows(content: bytes) -> Iterator[Row]:
    table = ""
    for number, line in enumerate(content.split(b"\n"), 1):
        if begins := _TABLE.match(line):
            table = begins[1].decode() if not begins[1].isdigit() else table
        if row := _ROW.fullmatch(line):
            yield Row(table, int(row[1]), number, row[2], None)


def _sums_in(rows: Iterable[Row]) -> dict[int, dict[str, str]]:
    checked = {}
    for row in rows:
        match = _SUM.fullmatch(row.content) if row.table == "_sums" else None
        if match:
            checked[row.number] = {
                "_default": match[1].decode("ascii", "replace"),
                "history": match[2].decode("ascii", "replace"),
            }
    return checked


def changed_row(path: Path, content: bytes) -> Damaged:
    """Which row does not fit its checksum, in a file that as a whole does not fit its own."""
    if damaged := not_text(path, content):
        return damaged
    for row in rows_in(content):
        if not row.is_whole:
            id_ = sums.id_in(row.content) or f"number {row.number}"
            what = "document" if row.table == "_default" else "the history of document"
            return Damaged(path, row.line, f"{what} {id_}: {sums.CHANGED}")
    return Damaged(path, 2, "rows are missing, or the checksums themselves were changed")


# -- journals


def lines_of(home: Path, collection: str, generation: int) -> Iterator[Line]:
    """All commits of a journal, also behind a damaged one. Each is judged by itself; a checkpoint is not needed.

    A line without a commit is lost; one without content, too, stands for what was acknowledged and is no longer there.
    """
    path = journal.path_of(home, collection, generation)
    content = b"" if files.facts_of(path) is None else files.read_file(path)
    confirmed = acknowledged.read(home, collection).of_generation(generation)
    *lines, torn = content.split(b"\n")
    has_sums = any(sums.is_sealed(line) for line in lines)
    it = journal.of(home, collection, generation, "any" if has_sums else "")
    if has_sums and it.line(lines[0], 0).commit is None:
        lines = lines[1:]
    before = 0
    for text in lines:
        line = it.line(text, before)
        after = line.commit.line if line.commit and has_sums else before + 1
        for missing in range(before + 1, after):
            yield Line(missing + 1, b"", None, "the line is missing")
        yield line._replace(number=after + has_sums)
        before = after
    if len(content) - len(torn) < confirmed and confirmed > journal.longest_header(collection, generation):
        yield Line(before + 2, torn, None, "the file is cut off here")
