"""Rows that are asked for, archived or not. The server narrows by words, times, customer and assignee; the rest is decided here,
page by page, and each page begins behind the last row of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, LiteralString, TypeVar

from msgspec.structs import replace
from psycopg import sql

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store.narrowing import has_needle
from fleettui.store.postgres.link import Link
from fleettui.store.postgres.mirror import Mirror
from fleettui.store.postgres.rows import COLUMNS, SELECTED, RowReader, kept_text
from fleettui.store.postgres.schema import WORDS_INDEX
from fleettui.store.protocol import Narrow, Needle, RowCollection

T = TypeVar("T", bound=Document)
R = TypeVar("R")

PAGE = 500
"""Where the server cannot tell all, at least so many are looked at together."""
COUNT = "select count(*) from row where collection = %s"
KEYED = """
select k.key, k.id from keyed k join row r on (r.collection, r.id) = (k.collection, k.id)
where k.collection = %s and k.key = any(%s) and r.last >= %s order by r.key
"""
HAS_WORDS_INDEX = "select to_regclass(%s) is not null"
SPANS: tuple[tuple[str, LiteralString], ...] = (
    ("finished_from", "r.finished >= %(finished_from)s and r.finished < 'infinity'"),
    ("finished_before", "r.finished < %(finished_before)s"),
    ("opened_from", "r.opened >= %(opened_from)s"),
    ("opened_before", "r.opened < %(opened_before)s"),
)
STATEMENT: LiteralString = f"""
select {SELECTED}, {{hay}} from row r join words w on (w.collection, w.id) = (r.collection, r.id)
where {{tests}} order by r.finished desc, r.key desc limit %(page)s
"""  # noqa: S608
EITHER: LiteralString = """r.id in (
    select o.id from words o where o.collection = %(collection)s and o.hay like {hay}
    union select o.id from row o where o.collection = %(collection)s and o.{fact} = any({among}))"""
BEHIND: LiteralString = """(r.finished, r.key) < (
    select a.finished, a.key from row a where a.collection = %(collection)s and a.id = %(after)s)"""


def select(
    link: Link, mirror: Mirror[T], collection: RowCollection[T, R], narrow: Narrow, limit: int
) -> list[R]:
    if narrow.needles:
        _refuse_without_index(link)
    fitting: list[R] = []
    for row, hay in _rows(link, mirror, collection, narrow, limit):
        if _fits(narrow, row, hay) and len(fitting) < limit:
            fitting.append(row)
        if len(fitting) == limit:
            break
    return fitting


def _refuse_without_index(link: Link) -> None:
    ((is_there,),) = link.rows(HAS_WORDS_INDEX, WORDS_INDEX)
    if not is_there:
        raise Refused(
            "No text can be looked for in the archive: the database has no index of words, because it lacked the extension "
            "pg_trgm when the workspace was made. Fields can be looked for, such as assignee:me."
        )


def _fits(narrow: Narrow, row: Any, hay: str | None) -> bool:
    """What the server could not tell."""
    return all(getattr(row, name) in values for name, values in narrow.among.items()) and all(
        has_needle(replace(needle, text=kept_text(needle.text)), row, hay or "")
        for needle in narrow.needles
        if not _is_told(needle)
    )


def _is_told(needle: Needle) -> bool:
    return not needle.among or needle.fact in COLUMNS


def _rows(
    link: Link, mirror: Mirror[T], collection: RowCollection[T, R], narrow: Narrow, limit: int
) -> Iterator[tuple[R, str | None]]:
    reader = RowReader(collection)
    is_told = not (narrow.among.keys() - set(COLUMNS)) and all(map(_is_told, narrow.needles))
    after, page = narrow.after, limit if is_told and not narrow.only_archived else max(limit, PAGE)
    while True:
        statement, values = _statement(collection, mirror, narrow, after)
        read = link.rows_named(statement, version=reader.version, page=page, **values)
        for id_, facts, body, hay in read:
            after = id_
            row = reader.read(facts, body)
            if row is not None and not (narrow.only_archived and id_ in mirror.documents):
                yield row, hay
        if len(read) < page:
            return


def _statement(
    collection: RowCollection[T, R], mirror: Mirror[T], narrow: Narrow, after: str
) -> tuple[sql.Composed, dict[str, Any]]:
    values: dict[str, Any] = {"collection": collection.name, "after": after, "cutoff": mirror.cutoff}
    tests: list[sql.Composable] = [sql.SQL("r.collection = %(collection)s")]
    tests += [sql.SQL(BEHIND)] if after else []
    tests += [sql.SQL("r.last < %(cutoff)s")] if narrow.only_archived else []
    for name, test in SPANS:
        if (at := getattr(narrow, name)) is not None:
            tests.append(sql.SQL(test))
            values[name] = at
    for name in COLUMNS:
        if name in narrow.among:
            tests.append(sql.SQL("r.{} = any({})").format(sql.Identifier(name), sql.Placeholder(name)))
            values[name] = [kept_text(value) for value in narrow.among[name]]
    for number, needle in enumerate(filter(_is_told, narrow.needles)):
        tests.append(_has(needle, f"hay{number}", f"among{number}"))
        values[f"hay{number}"] = _like(kept_text(needle.text))
        values[f"among{number}"] = [kept_text(value) for value in needle.among]
    hay = sql.SQL("null" if all(map(_is_told, narrow.needles)) else "w.hay")
    return sql.SQL(STATEMENT).format(hay=hay, tests=sql.SQL(" and ").join(tests)), values


def _has(needle: Needle, hay: str, among: str) -> sql.Composable:
    test = sql.SQL("not ({})" if needle.negative else "{}")
    if not needle.among:
        return test.format(sql.SQL("w.hay like {}").format(sql.Placeholder(hay)))
    return test.format(
        sql.SQL(EITHER).format(
            hay=sql.Placeholder(hay), fact=sql.Identifier(needle.fact), among=sql.Placeholder(among)
        )
    )


def _like(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def keyed(link: Link, mirror: Mirror[Any], keys: Iterable[str]) -> str | None:
    """Of several documents with the same key, the oldest."""
    wanted = [key for key in keys if "\0" not in key]
    by_key: dict[str, str] = {}
    for key, id_ in link.rows(KEYED, mirror.collection.name, wanted, mirror.cutoff):
        by_key.setdefault(key, id_)
    return next((by_key[key] for key in wanted if key in by_key), None)


def count(link: Link, mirror: Mirror[Any]) -> int:
    ((number,),) = link.rows(COUNT, mirror.collection.name)
    return int(number)
