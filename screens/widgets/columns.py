"""The columns of a list: which are shown at a width, and how wide. The one measuring rule of all lists.

A column says its least, how much it matters and what it must have; how wide its content is, is measured. Free space goes to
the columns whose cells are cut, those that matter most first. A column without content takes no room. What does not fit beside
the others may stand on the second line of a row (`Lines`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.text.cleaning import width_of

GAP, NARROW_GAP = 2, 1
"""Cells between two columns; and where cells are cut."""
SHORT_LOGIN = 3
"""Letters by which a person is known where there is no room for more."""
MOST_SHARE = 60
"""Cells: nobody reads a longer line at a glance."""


Shorten = Literal["", "name", "words", "last words", "whole words", "from sign", "amounts"]
BY_STEPS = ("words", "last words", "from sign", "amounts")
"""A few cells more show nothing more of these."""


class Column(msgspec.Struct, frozen=True):
    """A column of a list, as a screen declares it."""

    name: str
    title: str = ""
    width: int = 8
    """The least it is shown with, if its content is as wide."""
    grow: int = 0
    """How much it matters: free space goes first to the column with the highest number."""
    hide: int = 0
    """Where there is no room, the highest number goes first; 0 never goes."""
    right: bool = False
    most: int = 0
    """Cells that it never gets more of; 0: as many as its content wants."""
    share: float = 0.0
    """The part of the terminal's width that it gets before any other gets more than its least."""
    whole: bool = False
    """Read as a whole: on two lines where a cell is cut and the list has room for all its rows so."""
    second: bool = False
    """Stands on the second line where rows have two."""
    movable: bool = False
    """Never left out; but where rows have two lines it moves to the second before what people read gets less than its share."""
    short: str = ""
    """The title where there is no room for the whole one."""
    label: str = ""
    """Before it there: no title stands above it."""
    shorten: Shorten = ""
    """How a text that is too long is made shorter: cut; a person's name to a first name or initials; by whole words, of which the
    first stay or the last. "whole words" is for names of things: the first words that fit, and cut where not even one does. "from
    sign": `prepare ✓ ready` to `✓ ready`, then its sign. "amounts": `10 h 30 m` to `10 h`."""


class Place(msgspec.Struct, frozen=True):
    """A column as it stands in a line."""

    index: int
    """Which of a row's cells it shows."""
    width: int
    right: bool


class Arrangement(msgspec.Struct, frozen=True):
    """How a list's columns stand at a width."""

    places: Sequence[Place] = ()
    gap: int = GAP
    hidden: Sequence[int] = ()
    """Of the columns with content, those that have no place."""
    cuts: bool = False
    """A cell is cut, or a column hidden."""
    below: Sequence[int] = ()
    """The columns on the second line of each row, if there is one."""

    @property
    def lines(self) -> int:
        """Of each row."""
        return 2 if self.below else 1

    def of(self, picked: Sequence[int]) -> Arrangement:
        """The same, by the numbers that the columns have among all; `picked` are those that were arranged."""
        places = [replace(place, index=picked[place.index]) for place in self.places]
        hidden, below = ([picked[index] for index in indexes] for indexes in (self.hidden, self.below))
        return replace(self, places=places, hidden=hidden, below=below)


def main_column(columns: Sequence[Column]) -> int:
    """That which people read."""
    return max(range(len(columns)), key=lambda index: (columns[index].share, columns[index].grow, -index))


def arrange(
    columns: Sequence[Column], room: int, content: Sequence[int] = (), terminal: int = 0
) -> Arrangement:
    """The columns that fit into `room` cells, in order. `content`: how wide the widest cell of each is; nothing where no row
    has been seen yet."""
    wishes = _wishes(columns, content)
    filled = [index for index in range(len(columns)) if wishes[index]]
    wide = _fitted(columns, filled, wishes, room, terminal, GAP)
    return _fitted(columns, filled, wishes, room, terminal, NARROW_GAP) if wide.cuts else wide


def arrange_lines(
    columns: Sequence[Column],
    room: int,
    content: Sequence[int],
    terminal: int,
    two: bool | None,
    fits_twice: bool = False,
) -> Arrangement:
    """`two`: rows of two lines, or of one; None: two where the column that people read would have less than its share, or where
    a cell is cut though the list has room for all its rows on two lines each (`fits_twice`)."""
    single = arrange(columns, room, content, terminal)
    main = main_column(columns)
    if two is None:
        shown = {place.index: place.width for place in single.places}
        width = shown.get(main, 0)
        lacks = columns[main].share > 0 and width < _share(columns, main, content, terminal)
        two = lacks or (columns[main].whole and fits_twice and single.cuts)
    if not two or not single.places:
        return single
    first = [replace(column, hide=1) if column.movable else column for column in columns if not column.second]
    index = [number for number, column in enumerate(columns) if not column.second]
    above = arrange(first, room, [content[number] for number in index] if content else (), terminal)
    places = [Place(index[place.index], place.width, place.right) for place in above.places]
    hidden = {index[number] for number in above.hidden}
    below = [number for number, column in enumerate(columns) if column.second or number in hidden]
    return Arrangement(places, above.gap, (), above.cuts, below or [main])


def _share(columns: Sequence[Column], index: int, content: Sequence[int], terminal: int) -> int:
    wish = _wishes(columns, content)[index]
    return min(wish, MOST_SHARE, int(columns[index].share * terminal))


def _wishes(columns: Sequence[Column], content: Sequence[int]) -> list[int]:
    if not any(content):
        return [column.width for column in columns]
    return [
        min(max(cells, len(column.title)), column.most or cells + len(column.title)) if cells else 0
        for column, cells in zip(columns, content, strict=True)
    ]


def _fitted(
    columns: Sequence[Column],
    filled: Sequence[int],
    wishes: Sequence[int],
    room: int,
    terminal: int,
    gap: int,
) -> Arrangement:
    least = {index: min(columns[index].width, wishes[index]) for index in filled}
    asked = {
        index: max(least[index], min(wishes[index], MOST_SHARE, int(columns[index].share * terminal)))
        for index in filled
    }
    shown = list(filled)
    while _needed(asked, shown, gap) > room and any(columns[index].hide for index in shown):
        shown.remove(max(shown, key=lambda index: columns[index].hide))
    widths = (
        asked if _needed(asked, shown, gap) <= room else _squeezed(columns, asked, least, shown, room, gap)
    )
    free = room - _needed(widths, shown, gap)
    for index in sorted(shown, key=lambda index: -columns[index].grow):
        more = max(0, min(free, wishes[index] - widths[index]))
        if columns[index].shorten in BY_STEPS and more < wishes[index] - widths[index]:
            more = 0  # half a word is not shown
        widths[index] += more
        free -= more
    hidden = [index for index in filled if index not in shown]
    cuts = bool(hidden) or any(widths[index] < wishes[index] for index in shown)
    return Arrangement(
        [Place(index, widths[index], columns[index].right) for index in shown], gap, hidden, cuts
    )


def _needed(widths: dict[int, int], shown: Sequence[int], gap: int) -> int:
    return sum(widths[index] for index in shown) + gap * (len(shown) - 1)


def _squeezed(
    columns: Sequence[Column],
    asked: dict[int, int],
    least: dict[int, int],
    shown: Sequence[int],
    room: int,
    gap: int,
) -> dict[int, int]:
    """Even what never hides does not fit: first the shares give way, then the columns that matter, down to one cell; the rest
    is cut at the edge."""
    widths = dict(asked)
    for lowest in (least, {index: 1 if columns[index].grow else least[index] for index in shown}):
        for index in shown:
            missing = _needed(widths, shown, gap) - room
            widths[index] -= max(0, min(missing, widths[index] - lowest[index]))
    return widths


def shortened(text: str, cells: int, how: Shorten) -> str:
    """The longest form that fits; the text itself where none does, or where it is simply to be cut."""
    if not how or width_of(text) <= cells:
        return text
    forms = _forms_of_name(text, cells) if how == "name" else _fewer_words(text, how)
    return next((form for form in forms if width_of(form) <= cells), text)


def _from_sign(words: Sequence[str]) -> Iterator[str]:
    for number, word in enumerate(words):
        if not word[0].isalnum():
            yield " ".join(words[number:])
            yield word
            return


def _forms_of_name(text: str, cells: int) -> Iterator[str]:
    """ "Jonah Whitfield", then "Jonah", "JW". Signs before a name stay. One word, a login or a role, is cut."""
    words = text.split()
    signs = [word for word in words if not word[0].isalnum()]
    names = [word for word in words if word[0].isalnum()]
    if len(names) > 1:
        yield " ".join([*signs, names[0]])
        yield " ".join([*signs, initials(names)])
        yield "".join([*signs, initials(names)])
    elif names:
        if cells > SHORT_LOGIN and not signs:
            yield names[0][: cells - 1] + "…"
        yield from (" ".join([*signs, names[0][:letters]]) for letters in (SHORT_LOGIN, 2))


def initials(names: list[str]) -> str:
    """Of the first and the last."""
    return names[0][0] + (names[-1][0] if len(names) > 1 else "")


def initials_of(text: str) -> str:
    """Of a person's name; empty for a login, which has none."""
    names = [word for word in text.split() if word[0].isalnum()]
    return initials(names) if len(names) > 1 else ""


def _fewer_words(text: str, how: Shorten) -> Iterator[str]:
    words = text.split()
    if how == "from sign":
        yield from _from_sign(words)
        return
    step = 2 if how == "amounts" else 1  # never a number without its unit
    for count in range(len(words) - step, 0, -step):
        yield " ".join(words[-count:] if how == "last words" else words[:count])
