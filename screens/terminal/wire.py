"""Only what changed goes over the wire.

Textual draws whole stretches of lines again, and each span of text as "all off, everything on again". Over SSH most of
that says what the terminal shows already. `Wire` remembers what was sent, cell by cell, and lets through the cells that
differ and the changes from one colour to the next; what it does not understand it lets through as it is, and forgets
what it knew of that line.

It is made by hand because Textual has no setting for this and no library does it: curses would, but only as the owner of the
terminal. A key in a list sends 330 bytes instead of 650, a letter of a filter 220 instead of 1,190 (bench/screens.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fleettui.text.cleaning import width_of

MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
SGR = re.compile(r"\x1b\[([0-9;]*)m")
WHOLE_SCREEN = re.compile(r"\x1b\[\?1049|\x1b\[[0-3]?J|\x1bc")
"""What changes the screen as a whole: nothing known of it holds after that."""
WORTH_A_MOVE = 6
"""Cells that are the same are sent again where moving over them would cost more."""
UNKNOWN, BLANK = "\0", " "
OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What switches an attribute off and leaves the colours as they are."""
OF_LETTERS = frozenset(("0", "1", "2", "3", "5", "6", "22", "23", "25"))
"""Attributes that are not seen where there is nothing but the background: bold, faint, italic, blinking."""

Pen = tuple[frozenset[str], str, str]
"""How the terminal writes: attributes, foreground, background; as the codes that switch them on."""


class TerminalLine:
    """What the terminal shows on one line."""

    __slots__ = ("pens", "signs")
    # Of a blank only as much of the pen as can be seen.

    def __init__(self, columns: int) -> None:
        self.signs = [UNKNOWN] * columns
        self.pens = [""] * columns


class Wire:
    """What the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._lines: dict[int, TerminalLine] = {}
        self._cursor = ""

    def forget(self) -> None:
        """Somebody else may have written on the terminal: send everything again."""
        self._lines = {}
        self._cursor = ""

    def thin(self, data: str, size: tuple[int, int]) -> str:
        """What has to be sent of `data` to a terminal of `size` (columns, lines)."""
        if size != self._size:
            self._size = size
            self.forget()
        if WHOLE_SCREEN.search(data):
            self.forget()
            return data
        head, *pieces = MOVE.split(data)
        if not pieces:
            return data
        out = Output()
        out.raw(head)
        for y, x, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
            if body:
                self._draw(out, int(y), int(x), body.rstrip("\n"))
        out.pen("")
        if not pieces[-1]:
            self._park(out, f"\x1b[{pieces[-3]};{pieces[-2]}H")
        return out.text

    def _park(self, out: Output, where: str) -> None:
        """The cursor cannot be seen, but input methods look where it stands."""
        if out.parts or where != self._cursor:
            out.raw(where)
        self._cursor = where

    def _draw(self, out: Output, y: int, x: int, body: str) -> None:
        spans = spans_of(body)
        if spans is None:
            self._lines.pop(y, None)
            out.move(y, x)
            out.raw(body)
            return
        signs = [sign for text, _ in spans for sign in text]
        pens = [pen for text, pen in spans for _ in text]
        shown = [on_blank(pen) if sign == BLANK else pen for sign, pen in zip(signs, pens, strict=True)]
        line = self._lines.get(y)
        if line is None:
            line = self._lines[y] = TerminalLine(self._size[0] + 1)
        end = x + len(signs)
        if end > len(line.signs):
            more = end - len(line.signs)
            line.signs += [UNKNOWN] * more
            line.pens += [""] * more
        old_signs, old_pens = line.signs[x:end], line.pens[x:end]
        if signs == old_signs and shown == old_pens:
            return
        line.signs[x:end], line.pens[x:end] = signs, shown
        for start, stop in runs(signs, shown, old_signs, old_pens):
            out.move(y, x + start)
            for at in range(start, stop):
                out.cell(signs[at], pens[at])
            out.column = x + stop


class Output:
    """What is sent, and the state in which it leaves the terminal."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.line = self.column = -1
        self._pen = ""

    @property
    def text(self) -> str:
        """All that is to be sent."""
        return "".join(self.parts)

    def raw(self, text: str) -> None:
        """Send it as it is: where the cursor stands after that is not known."""
        if text:
            self.pen("")
            self.parts.append(text)
            self.line = -1

    def move(self, y: int, x: int) -> None:
        """The cursor goes there, by the shorter of two codes."""
        if y != self.line:
            self.parts.append(f"\x1b[{y};{x}H")
        elif x != self.column:
            self.parts.append(f"\x1b[{x}G")
        self.line, self.column = y, x

    def cell(self, sign: str, codes: str) -> None:
        """A blank is written with what is at hand, where it looks the same."""
        if sign != BLANK or on_blank(self._pen) != on_blank(codes):
            self.pen(codes)
        self.parts.append(sign)

    def pen(self, codes: str) -> None:
        """What follows is written with these codes."""
        if codes != self._pen:
            self.parts.append(change(self._pen, codes))
            self._pen = codes


def runs(
    signs: list[str], pens: list[str], old_signs: list[str], old_pens: list[str]
) -> Iterator[tuple[int, int]]:
    """The stretches that differ; those with little between them are one."""
    start = stop = -1
    for at in range(len(signs)):
        if signs[at] != old_signs[at] or pens[at] != old_pens[at]:
            if start < 0:
                start = at
            elif at - stop > WORTH_A_MOVE:
                yield start, stop
                start = at
            stop = at + 1
    if start >= 0:
        yield start, stop


@lru_cache(maxsize=512)  # the lines of a few screens; more than 1 kB each
def spans_of(body: str) -> list[tuple[str, str]] | None:
    """Text and its codes, where every character takes one cell; None for anything else."""
    pieces = SGR.split(body)
    spans = []
    codes = ""
    for number, piece in enumerate(pieces):
        if number % 2:
            codes = normal_codes(piece)
        elif piece:
            if not single_width(piece):
                return None
            spans.append((piece, codes))
    return spans


def single_width(text: str) -> bool:
    """Whether every character takes one cell."""
    if text.isascii():
        return text.isprintable()
    return all(is_single(sign) for sign in text)


@lru_cache(maxsize=4096)
def is_single(sign: str) -> bool:
    """A character that is one cell on every terminal: no control, no half, no wide and no joining one."""
    return sign.isprintable() and width_of(sign) == 1 and sign < "\u3000" and not "\u200b" <= sign <= "\u200f"


@lru_cache(maxsize=4096)
def change(before: str, after: str) -> str:
    """What takes the terminal from one set of codes to the other. Each set is whole: it follows an "all off"."""
    was, now = pen_of(before), pen_of(after)
    full = f"\x1b[0;{after}m" if after else "\x1b[0m"
    gone = was[0] - now[0]
    off = {OFF.get(attribute, "") for attribute in gone}
    if "" in off or any(OFF.get(attribute) in off for attribute in now[0]):
        return full
    codes = [*sorted(off), *sorted(now[0] - was[0])]
    for old, new, default in ((was[1], now[1], "39"), (was[2], now[2], "49")):
        if old != new:
            codes.append(new or default)
    return min(full, f"\x1b[{';'.join(codes)}m", key=len) if codes else ""


@lru_cache(maxsize=4096)
def on_blank(codes: str) -> str:
    """What of the codes is seen on a blank: all where it is underlined, reversed and the like, else the background."""
    attributes, _, background = pen_of(codes)
    return background if attributes <= OF_LETTERS else codes


@lru_cache(maxsize=4096)
def normal_codes(codes: str) -> str:
    """The same pen, always by the same codes, and by none for what is so anyway."""
    attributes, foreground, background = pen_of(codes)
    return ";".join([*sorted(attributes - {"0"}), *filter(None, (foreground, background))])


@lru_cache(maxsize=4096)
def pen_of(codes: str) -> Pen:
    """The attributes and colours that codes switch on."""
    attributes: set[str] = set()
    foreground = background = ""
    parts = iter(codes.split(";")) if codes else iter(())
    for code in parts:
        if code in ("38", "48"):
            kind = next(parts, "")
            values = [next(parts, "") for _ in range(1 if kind == "5" else 3)]
            colour = ";".join([code, kind, *values])
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code[:1] in ("3", "9") and len(code) == 2:
            foreground = "" if code == "39" else code
        elif (code[:1] == "4" and len(code) == 2) or code[:2] == "10":
            background = "" if code == "49" else code
        else:
            attributes.add(code)
    return frozenset(attributes), foreground, background
