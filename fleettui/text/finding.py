"""Finding a row by what a person types: its id or name, or the beginning of a name; else the nearest name is suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from fleettui.errors import Ambiguous, Refused
from fleettui.text import cleaning

T = TypeVar("T")
Names = Callable[[T], Iterable[str]]

_MOST_SHOWN = 5


def exact(rows: Iterable[T], typed: str, names: Names[T]) -> list[T]:
    """Every row with this name, in any case."""
    name = cleaning.line(typed).casefold()
    return [row for row in rows if name in map(str.casefold, names(row))] if name else []


def beginning(rows: Iterable[T], typed: str, names: Names[T]) -> list[T]:
    """Every row with a name that begins like this, in any case."""
    start = cleaning.line(typed).casefold()
    return [row for row in rows if start and any(name.casefold().startswith(start) for name in names(row))]


def find(
    rows: Iterable[T],
    typed: str,
    *,
    names: Names[T],
    beginnings: Names[T],
    label: Callable[[T], str],
    unknown: str,
) -> T:
    """The row with this name; else the only one of which one of the `beginnings` starts with it.

    `label` is how a row is called where several fit. `unknown` is the message where none does; {} is what was typed.
    """
    every = list(rows)
    fitting = exact(every, typed, names) or beginning(every, typed, beginnings)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Ambiguous(f"{quoted(typed)} could be {', '.join(map(label, fitting[:_MOST_SHOWN]))}")
    raise Refused(unknown.format(quoted(typed)))


def nearest(typed: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name that looks most like it; empty where none does."""
    from difflib import get_close_matches  # late: only after a slip

    names = {name.casefold(): name for name in known}
    close = get_close_matches(typed.casefold(), names, 1, cutoff)
    return names[close[0]] if close else ""


class NearlyKnown(Refused):
    """A name that nobody has and that looks like one of the list: it may be mistyped, or meant."""

    def __init__(self, typed: str, nearest: str, *, field: str) -> None:
        super().__init__(f"{typed} is not on the list. Did you mean {nearest}?", field=field)
        self.nearest = nearest


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """The end of a message about a name that nobody knows."""
    near = nearest(typed, known)
    return f"; did you mean {near!r}?" if near else ""


def quoted(typed: str) -> str:
    return repr(cleaning.line(typed, 40))
