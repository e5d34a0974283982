"""How wide what is printed may be, and how lists keep within it.

The terminal says so, or `COLUMNS` of it. A script reads lists whole: where stdout is no terminal there is no limit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

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


def shared_out(table: Sequence[Sequence[str]], room: int | None) -> list[int]:
    """The widths of the columns, the first of which is always there. Where they are too wide together, texts are cut, the widest
    first; where that does not do, there are fewer columns, the last go first."""
    widths = [max(map(width_of, column)) for column in zip(*table, strict=True)]
    if room is None:
        return widths
    shortest = SHORTEST_TEXT if room >= NARROW else SHORTEST_IN_NARROW
    least = [columns if columns <= SHORT else shortest for columns in widths]
    while len(least) > 1 and _together(least) > room:
        least.pop()
    del widths[len(least) :]
    while (too_much := _together(widths) - room) > 0:
        texts = sorted(
            (at for at in range(len(widths)) if widths[at] > least[at]), key=lambda at: -widths[at]
        )
        if not texts:
            break
        next_widest = widths[texts[1]] if len(texts) > 1 else 0
        widths[texts[0]] -= max(1, min(too_much, widths[texts[0]] - max(next_widest, least[texts[0]])))
    return widths


def _together(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


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
