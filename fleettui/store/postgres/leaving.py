"""A workspace leaves its schema: nobody writes while it is copied, and afterwards everybody is told where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fleettui.store.postgres.link import Link


@contextmanager
def nobody_writes(link: Link) -> Iterator[None]:
    """All that the block does is committed with its end."""
    with link.connected() as connection, connection.transaction():
        connection.execute("set local lock_timeout = '20s'")
        connection.execute("set local statement_timeout = 0")
        connection.execute("lock table head in exclusive mode")
        yield


def leave(link: Link, address: str) -> None:
    """Only whoever owns the schema may."""
    with link.connected() as connection:
        connection.execute("update meta set moved_to = %s", (address,))
