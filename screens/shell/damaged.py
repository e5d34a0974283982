"""The one place where rows of documents are made: a document of which no row can be made stands there as a damaged row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from fleettui.errors import FleettuiError
from fleettui.workspace.damaged import Damaged, Identified, Sieve, damaged_by
from screens.commands.host import Host
from screens.shell.troubles import write_down
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, title
from screens.widgets.row import Key, Row

D = TypeVar("D", bound=Identified)

_written_down: set[Damaged] = set()
"""Each only once: a screen is drawn again every minute."""


def rows_of(
    documents: Iterable[D], make: Callable[[D], Row[Key]], key: Callable[[str], Key], now: datetime
) -> Iterator[Row[Key]]:
    """A row for each document, in their order."""
    for document in documents:
        sieve = Sieve()
        rows = list(sieve.each([document], lambda sound: [make(sound)]))
        yield from rows or damaged_rows(sieve, key, now)


def damaged_rows(sieve: Sieve, key: Callable[[str], Key], now: datetime) -> Iterator[Row[Key]]:
    for damaged, error in sieve.errors:
        log(damaged, error, now)
        yield damaged_row(key(damaged.id), damaged)


def damaged_row(key: Key, damaged: Damaged) -> Row[Key]:
    text = f"✗ {damaged.id} is damaged: {damaged.why}; {damaged.helps}"
    return Row(key, ((one_line(text), "bad"),))


def instead_of(row: Row[Key], id_: str, error: Exception, now: datetime) -> Row[Key]:
    """A row whose cells cannot be made says so."""
    damaged = damaged_by(id_, error)
    log(damaged, error, now)
    return damaged_row(row.key, damaged)


def damaged_page(id_: str, error: Exception, now: datetime) -> Sequence[Para]:
    damaged = damaged_by(id_, error)
    log(damaged, error, now)
    return [title(f"{damaged.id} is damaged"), BLANK, Para(damaged.why, "bad"), BLANK, Para(damaged.helps)]


def unreadable_page(error: FleettuiError) -> Sequence[Para]:
    """Where files of the workspace cannot be read now."""
    return [title("This cannot be shown now"), BLANK, Para(str(error), "bad")]


def makes_sense(host: Host, id_: str, rows: Callable[[], Iterable[object]]) -> bool:
    """Whether what is inside a document can be shown; else it is said what is wrong."""
    try:
        list(rows())
    except FleettuiError:
        raise
    except Exception as error:
        damaged = damaged_by(id_, error)
        log(damaged, error, host.workspace.now())
        host.say(damaged.in_words, "warning", 10)
        return False
    return True


def log(damaged: Damaged, error: Exception, now: datetime) -> None:
    if damaged not in _written_down:
        _written_down.add(damaged)
        write_down(error, f"showing {damaged.id}", now)
