"""Rows that are asked for, archived or not: read by the page, what was finished last first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from fleettui.documents import Document
from fleettui.store.narrowing import fits_facts, has_needle, hay_of, moment
from fleettui.store.postgres.link import Link
from fleettui.store.postgres.mirror import Mirror
from fleettui.store.protocol import Narrow, RowCollection

T = TypeVar("T", bound=Document)
R = TypeVar("R")

PAGE = 500
SELECT = """
select d.id, d.body::text from document d
where d.collection = %(collection)s and d.body is not null
    and (%(after)s = '' or (coalesce(d.finished, 'infinity'), d.key) < (
        select coalesce(a.finished, 'infinity'), a.key from document a
        where a.collection = %(collection)s and a.id = %(after)s
    ))
order by coalesce(d.finished, 'infinity') desc, d.key desc limit %(page)s
"""
COUNT = "select count(*) from document where collection = %s and body is not null"


def select(
    link: Link, mirror: Mirror[T], collection: RowCollection[T, R], narrow: Narrow, limit: int
) -> list[R]:
    fitting: list[R] = []
    for document in _documents(link, mirror, narrow.after):
        row, finished = collection.row.of(document), moment(collection.finished(document))
        if narrow.only_archived and document.id in mirror.documents:
            continue
        if fits_facts(narrow, collection.row, row, finished) and _has_needles(
            narrow, row, collection, document
        ):
            fitting.append(row)
            if len(fitting) == limit:
                break
    return fitting


def _has_needles(narrow: Narrow, row: R, collection: RowCollection[T, R], document: T) -> bool:
    hay = hay_of(collection.row.words(document))
    return all(has_needle(needle, row, hay) for needle in narrow.needles)


def _documents(link: Link, mirror: Mirror[T], after: str) -> Iterator[T]:
    while True:
        page = link.rows_named(SELECT, collection=mirror.collection.name, after=after, page=PAGE)
        for id_, body in page:
            after = id_
            yield mirror.decoded(body)
        if len(page) < PAGE:
            return


def count(link: Link, mirror: Mirror[T]) -> int:
    ((number,),) = link.rows(COUNT, mirror.collection.name)
    return int(number)
