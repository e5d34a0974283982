"""Text that came from outside, made harmless before it is kept, shown or exported. Plain text only.

`clean` keeps lines and tabs (bodies, notes), `harmless` too, at any length, `line` makes one line of it (subjects, names,
file names). They take out escape sequences, control characters and what reverses the reading direction, and fail on no `str`.
`fit` and `padded` make it fit a column of the terminal, `without_stacked_accents` keeps a few accents of each letter, and
`csv_cell` makes harmless what a spreadsheet would run as a formula.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

BODY_LIMIT = 100_000
LINE_LIMIT = 500

_ESCAPE = "\x1b"
_ELLIPSIS = "…"


def clean(text: str, limit: int = BODY_LIMIT) -> str:
    """Several lines: newlines and tabs stay, all other control characters go, at most `limit` characters come back."""
    if not text.isprintable():
        text = _without_sequences(text).replace("\r\n", "\n").translate(_body_table())
    return shortened(text, limit)


def harmless(text: str) -> str:
    """For a terminal: whole, with its lines and tabs, and without anything that a terminal obeys. Whoever prints asks for it, for
    what stands in a file may have been written by hand."""
    if text.isprintable() or text == "\n":
        return text
    return _without_sequences(text).replace("\r\n", "\n").translate(_body_table())


def harmless_json(text: str) -> str:
    """The same for JSON, where nothing is left out: such characters are written as `\\u009b`."""
    return text if text.isascii() and "\x7f" not in text else _obeyed().sub(_as_escape, text)


@cache
def _obeyed() -> re.Pattern[str]:
    """JSON has its own escapes for what is below a blank."""
    return re.compile(f"[{''.join(chr(code) for code in _body_table() if code >= 0x7F)}]")


def _as_escape(match: re.Match[str]) -> str:
    """A character beyond 16 bits is two, as JSON has it."""
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line: every run of blanks and line ends is one space, and there is none at either end."""
    if len(text) > limit * 4:
        # A subject of a megabyte must not cost its length at every step below.
        text = shortened(text, limit * 4)
    if not text.isprintable():
        text = _without_sequences(text).translate(_body_table())
    return shortened(" ".join(text.split()), limit)


def shortened(text: str, limit: int) -> str:
    """`text` within `limit` characters; what was cut is said at its end."""
    if len(text) <= limit:
        return text
    room = limit - len(_cut_marker(len(text)))
    if room < limit // 2:
        return text[: max(limit - 1, 0)] + _ELLIPSIS[:limit]
    return text[:room] + _cut_marker(len(text) - room)


def _cut_marker(count: int) -> str:
    return f"{_ELLIPSIS} ({count:,} characters cut)"


def _without_sequences(text: str) -> str:
    if _ESCAPE in text or not text.isascii():
        return _sequences().sub("", text)
    return text


@cache
def _sequences() -> re.Pattern[str]:
    """What a terminal would obey, from its first character to its last.

    Each part of a pattern excludes what the next part starts with, so that no input makes it look twice at a character. A
    string sequence that nobody ended loses only its introducer: what a person wrote after it is kept.
    """
    parameters = r"[0-?]*+[ -/]*+[@-~]"
    string = r"[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
    return re.compile(
        rf"(?:\x1b\[|\x9b){parameters}"
        rf"|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f]){string}"
        r"|\x1b[ -/]*+[0-~]"
        r"|\x1b"
    )


@cache
def _body_table() -> dict[int, str | None]:
    """Character by character: None takes it out."""
    table: dict[int, str | None] = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
    del table[ord("\n")], table[ord("\t")]
    # Overrides, embeddings, isolates, their ends: they make a reader see other text than there is.
    table |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
    # Invisible: byte order mark, annotation marks, tag characters (text that only machines read).
    table |= dict.fromkeys((0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)))
    table |= dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
    # Half a character: no file and no terminal can take it.
    table |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
    return table


SINGLE_COLUMN = (
    *(range(0xA1, 0xAD), range(0xAE, 0x180)),  # letters with accents
    *(range(0x2190, 0x2200), range(0x2500, 0x25FD)),  # arrows, boxes
    tuple(map(ord, "–—‘’‚“”„…•✓✗")),
)
"""Characters that are a column wide wherever they stand."""


@cache
def _without_single_columns() -> dict[int, None]:
    return {number: None for part in SINGLE_COLUMN for number in part}


def _is_single_columns(text: str) -> bool:
    return text.translate(_without_single_columns()).isascii()


def width_of(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    # A command that prints a few lines does without rich, which is slower to load than they are to print.
    if "rich.cells" not in sys.modules and _is_single_columns(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, columns: int) -> str:
    """One line that takes at most `columns` columns, cut between characters as a reader sees them."""
    if columns <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= columns else text[: columns - 1] + _ELLIPSIS
    text = without_stacked_accents(text)
    return text if width_of(text) <= columns else _cut_between_characters(text, columns)


def _cut_between_characters(text: str, columns: int) -> str:
    if "rich.cells" not in sys.modules and _is_single_columns(text):
        return text[: columns - 1] + _ELLIPSIS
    from rich.cells import split_graphemes

    end = used = 0
    for _start, stop, cells in split_graphemes(text)[0]:
        if used + cells > columns - 1:
            break
        end, used = stop, used + cells
    cut = text[:end].rstrip(_JOINER)
    while width_of(cut) > columns - 1:  # joiners at the beginning count differently alone and in a text
        cut = cut[:-1].rstrip(_JOINER)
    return cut + _ELLIPSIS


def padded(text: str, columns: int, right: bool = False) -> str:
    """`fit`, filled with blanks to exactly `columns` columns; `right` puts the blanks before it."""
    fitted = fit(text, columns)
    blanks = " " * (columns - width_of(fitted))
    return blanks + fitted if right else fitted + blanks


_MOST_ACCENTS = 4
# At an end it would join what is put beside it.
_JOINER = "\N{ZERO WIDTH JOINER}"


def without_stacked_accents(text: str) -> str:
    """With a few combining accents for each letter: a long stack of them would paint over the rows above and below."""
    if text.isascii():
        return text
    if not any(map(unicodedata.combining, text)):
        return text.rstrip(_JOINER)
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MOST_ACCENTS:
            kept.append(character)
    return "".join(kept).rstrip(_JOINER)


_FORMULA_STARTS = frozenset("=+-@|＝＋－＠\t\r\n")


def greeting_closed(text: str) -> str:
    """ "Hi ," is "Hi,": a greeting whose name nobody knows."""
    return re.sub(r"(?im)^(\W{0,3}(?:hi|hello|hey|dear|good \w+)) +(?=[,!:])", r"\1", text, count=1)


def csv_cell(text: str) -> str:
    """Text for a CSV cell. What a spreadsheet would take for a formula gets an apostrophe before it."""
    first = text.lstrip(" \u00a0")[:1]
    return "'" + text if first in _FORMULA_STARTS and first else text
