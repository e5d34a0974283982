"""Links in what is shown (OSC 8): a terminal that takes them opens the whole address, however it is wrapped.

What is sent as the link is what stands there, letter by letter, and no address that hides where it leads is made one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

ADDRESS = re.compile(r"(?:https?://|mailto:)[\x21-\x7e]++(?!\w)")
"""No other scheme, no blank, no control character, nothing but ASCII: a letter of another alphabet may look like one of ours."""
AFTER = ".,;:!?'\"*_>"
"""What ends a sentence rather than an address."""
BRACKETS = {")": "(", "]": "["}
LONGEST = 2_000
"""Longer ones terminals refuse (VTE at 2,083)."""
BY_VARIABLE = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "GHOSTTY_RESOURCES_DIR")
"""Each is set by a terminal that takes links."""
BY_PROGRAM = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "mintty", "rio", "Tabby")
BY_TERM = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm")
FIRST_VTE = 5000
FIRST_TMUX = (3, 4)
WANTED = "FORCE_HYPERLINK"
"""The variable by which people say it themselves, to this program as to others: 1 or 0."""


class Place(Struct, frozen=True):
    """A stretch of a line that is a link, or a part of one."""

    line: int
    start: int
    end: int
    address: str


def takes_links(environment: Mapping[str, str] = os.environ) -> bool:
    """As far as the environment says. One that is not known gets none: a few show the sequence as text."""
    wanted = environment.get(WANTED, "")
    if wanted:
        return wanted != "0"
    if environment.get("STY"):
        return False
    if environment.get("TMUX"):
        return _tmux_version(environment) >= FIRST_TMUX
    term, vte = environment.get("TERM", ""), environment.get("VTE_VERSION", "")
    return (
        any(environment.get(name) for name in BY_VARIABLE)
        or environment.get("TERM_PROGRAM") in BY_PROGRAM
        or term.startswith(BY_TERM)
        or (vte.isascii() and vte.isdigit() and int(vte) >= FIRST_VTE)
    )


def _tmux_version(environment: Mapping[str, str]) -> tuple[int, ...]:
    """tmux says it since 3.2, in the place of the terminal outside; it keeps links from one that does not take them."""
    if environment.get("TERM_PROGRAM") != "tmux":
        return ()
    version = re.match(r"(?:next-)?(\d+)\.(\d+)", environment.get("TERM_PROGRAM_VERSION", ""))
    return tuple(map(int, version.groups())) if version else ()


def addresses(text: str) -> Iterator[str]:
    """The addresses in a text, in order."""
    for match in ADDRESS.finditer(text):
        address = match.group().rstrip(AFTER)
        while address.endswith(tuple(BRACKETS)) and BRACKETS[address[-1]] not in address:
            address = address[:-1].rstrip(AFTER)
        if is_honest(address):
            yield address


def is_honest(address: str) -> bool:
    """Whether the eye sees where it leads: `https://github.com@evil.example` leads to evil.example."""
    host = re.split(r"[/?#\\]", address.partition("://")[2])[0]
    if address.startswith("mailto:"):
        return len(address) <= LONGEST and "@" in address
    return len(address) <= LONGEST and bool(host) and "@" not in host and "\\" not in address


def places(text: str, lines: Sequence[str]) -> list[Place]:
    """Where the addresses of a text stand in the lines that it was wrapped to."""
    every: list[Place] = []
    line = column = 0
    for address in addresses(text):
        for number in range(line, len(lines)):
            stretch = _stretch(address, lines, number, column if number == line else 0)
            if stretch:
                every += stretch
                line, column = stretch[-1].line, stretch[-1].end
                break
    return every


def _stretch(address: str, lines: Sequence[str], number: int, column: int) -> list[Place]:
    """The address from there on: whole, or from the beginning of a line over several."""
    start = lines[number].find(address, column)
    if start >= 0:
        return [Place(number, start, start + len(address), address)]
    parts: list[Place] = []
    left = "" if column else address
    while left and number < len(lines) and lines[number]:
        part = lines[number][: len(left)]
        if not left.startswith(part):
            return []
        parts.append(Place(number, 0, len(part), address))
        left = left[len(part) :]
        number += 1
    return [] if left else parts


def linked(strip: Strip, links: Sequence[Place]) -> Strip:
    """The same, with the links in it; their places are those of its cells."""
    cuts = sorted({0, *(cut for link in links for cut in (link.start, link.end)), strip.cell_length})
    pieces = strip.divide(cuts[1:])
    by_start = {link.start: link for link in links}
    return Strip.join(
        piece.apply_style(_style(by_start[cut].address)) if cut in by_start else piece
        for cut, piece in zip(cuts, pieces, strict=False)
    )


@lru_cache(maxsize=256)
def _style(address: str) -> Style:
    """One for each address: its parts are one link for the terminal."""
    return Style(link=address)
