"""How wide what is printed may be, and how lists keep within it.

The terminal says so, or `COLUMNS` of it. A script reads lists whole: where stdout is no terminal there is no limit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence

from fleettui.text.cleaning import fit, width_of

GAP = 2
"""Between two columns."""
NARROWEST = 20
"""A terminal that says less than this does not know its width."""
SHORT = 16
"""A column of so few characters is never cut: it holds times, ids, a word."""
NARROW, SHORTEST_TEXT, SHORTEST_IN_NARROW = 72, 12, 9
"""A text keeps so many characters, in a narrow terminal fewer."""
LONGEST = 2000
"""Characters of a cell or a line, where nothing else limits it."""


def there_is(otherwise: int | None = None) -> int | None:
    """The columns of the terminal, or what `COLUMNS` says of it. Where there is none: no limit; with `otherwise`, that or
    `COLUMNS`. A list that a script reads must not be cut because a shell happened to pass on its width."""
    terminal = _of_terminal()
    if terminal is None and otherwise is None:
        return None
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) >= NARROWEST:
        return int(given)
    return terminal if terminal is not None and terminal >= NARROWEST else otherwise


def _of_terminal() -> int | None:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):  # a pipe, a file, nothing at all
        return None


def shared_out(table: Sequence[Sequence[str]], room: int | None, kept: Collection[int] = (0, 1)) -> list[int]:
    """The widths of the columns; 0 of one that has no room. Where they are too wide together, texts are cut, the widest first;
    where that does not do, the last columns go, but never those that say which row it is (`kept`)."""
    widths = [max(map(width_of, column)) for column in zip(*table, strict=True)]
    if room is None:
        return widths
    least = _shortest(table, widths, room, kept)
    for at in sorted(set(range(len(widths))) - set(kept), reverse=True):
        if _together(least) > room:
            widths[at] = least[at] = 0
    for at in sorted(set(kept) & set(range(len(least))), reverse=True):  # a name that is typed gives way last
        least[at] -= max(0, min(_together(least) - room, least[at] - SHORTEST_IN_NARROW))
    while (too_much := _together(widths) - room) > 0:
        texts = sorted(
            (at for at in range(len(widths)) if widths[at] > least[at]), key=lambda at: -widths[at]
        )
        if not texts:
            break
        next_widest = widths[texts[1]] if len(texts) > 1 else 0
        widths[texts[0]] -= max(1, min(too_much, widths[texts[0]] - max(next_widest, least[texts[0]])))
    return widths


def _shortest(
    table: Sequence[Sequence[str]], widths: Sequence[int], room: int, kept: Collection[int]
) -> list[int]:
    """To what a column may be cut. Names that are typed in commands, as the first column has them, are not cut."""
    text = SHORTEST_TEXT if room >= NARROW else SHORTEST_IN_NARROW
    least = [
        columns if columns <= SHORT else SHORT if at in kept else text for at, columns in enumerate(widths)
    ]
    if all(" " not in cells[0] for cells in table):
        least[0] = widths[0]
    return least


def _together(widths: Sequence[int]) -> int:
    there = [columns for columns in widths if columns]
    return sum(there) + GAP * (len(there) - 1)


def with_subject(before: str, about: str, subject: str, room: int | None) -> str:
    """A line of a list that ends with a subject, and before it what it is about. Where both have no room, the latter is cut
    first, and left out where nothing of it could be read."""
    whole = f"{about}: {subject}" if about else subject
    if not about or room is None or width_of(before + whole) <= room:
        return before + whole
    for_about = room - width_of(before) - min(width_of(subject), SHORTEST_TEXT) - len(": ")
    return before + (f"{fit(about, for_about)}: {subject}" if for_about >= SHORTEST_IN_NARROW else subject)


def print_fitted(line: str, room: int | None) -> None:
    """A line of a list, cut at the edge."""
    print(line if room is None else fit(line, room))


def print_wrapped(text: str, room: int | None, indent: str = "  ") -> None:
    """A sentence, on as many lines as it needs."""
    if room is None or width_of(text) <= room:
        print(text)
        return
    from textwrap import wrap  # late: most sentences fit

    for line in wrap(text, room, subsequent_indent=indent, break_on_hyphens=False):
        print(line)
