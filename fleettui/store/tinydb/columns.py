"""The rows of a collection as a checkpoint keeps them beside its documents: column by column, so that a start reads fifty
thousand of them at once and leaves the documents in the file.

Each column is a document of the TinyDB table `_rows`, on a line of its own. What few rows differ in is written once, and by
number in each row: so rows that are read share it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import msgspec

R = TypeVar("R")


class _Column(msgspec.Struct, Generic[R], frozen=True):
    name: str
    values: list[R]


class _Numbers(_Column[int], frozen=True):
    """Of choices, which stand in the column behind it; none where there is only one choice."""


class _Name(msgspec.Struct, frozen=True):
    name: str


_OWN: dict[str, Any] = {
    "/number": int,
    "/length": int,
    "/sum": int,
    "/finished": datetime | None,
    "/keys": tuple[str, ...],
}
"""The store's own columns; no field of a row is called so."""


def encode(version: str, rows: Sequence[Any], own: Mapping[str, Sequence[Any]]) -> bytes:
    """The content of the table. `own`: the columns of `_OWN`."""
    columns: dict[str, Sequence[Any]] = {}
    if rows:
        columns = {f"/{name}": values for name, values in own.items()}
        columns |= {name: list(map(attrgetter(name), rows)) for name in rows[0].__struct_fields__}
    lines = [msgspec.json.encode({"name": "/version", "values": [version, len(rows)]})]
    for name, values in columns.items():
        lines += _encoded(name, values)
    return b",\n".join(b'"%d":%s' % (number, line) for number, line in enumerate(lines, 1))


def _encoded(name: str, values: Sequence[Any]) -> Iterable[bytes]:
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if len(numbers) * 2 > len(values) > 1 or type(values[0]) is int:
        yield msgspec.json.encode(_Column(name, list(values)))
        return
    chosen = [numbers[value] for value in values] if len(numbers) > 1 else []
    yield msgspec.json.encode(_Numbers(name, chosen))
    yield msgspec.json.encode(_Column(name, list(numbers)))


@lru_cache
def _decoder(type_: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast(type[Any], type_))


class Columns:
    """The table as it was read. Columns are decoded when they are asked for."""

    def __init__(self, table: bytes) -> None:
        self._lines: dict[str, list[msgspec.Raw]] = {}
        for line in _decoder(dict[str, msgspec.Raw]).decode(table).values():
            self._lines.setdefault(_decoder(_Name).decode(line).name, []).append(line)
        self.version, self.count = _decoder(_Column[Any]).decode(self._lines["/version"][0]).values

    def own(self, name: str) -> list[Any]:
        return list(self._values(f"/{name}", _OWN[f"/{name}"])) if self.count else []

    def ids(self) -> list[str]:
        return list(self._values("id", str)) if self.count else []

    def rows(self, row_type: Callable[..., R]) -> list[R]:
        if not self.count:
            return []
        fields = msgspec.structs.fields(cast(Any, row_type))
        return list(map(row_type, *(self._values(field.name, field.type) for field in fields)))

    def _values(self, name: str, type_: Any) -> Iterable[Any]:
        line, *more = self._lines[name]
        if not more:
            values: list[Any] = _decoder(_Column[type_]).decode(line).values
            return values
        choices = _decoder(_Column[type_]).decode(more[0]).values
        chosen = _decoder(_Numbers).decode(line).values
        return map(choices.__getitem__, chosen) if chosen else repeat(choices[0], self.count)
