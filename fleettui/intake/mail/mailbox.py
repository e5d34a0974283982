"""One mail or an mbox, read message by message. Of each no more than `MOST_OF_A_MAIL` is kept in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

MOST_OF_A_MAIL = 50_000_000
"""Bytes. The text comes before the files, so behind this limit there are only files that no mail server takes."""
_PIECE = 1 << 16

# "From someone@somewhere Sat Jan  3 01:05:34 2026", after an empty line or at the beginning.
_POSTMARK = re.compile(rb"From \S+(?:\s+\S.*[0-9]{1,2}:[0-9]{2}.*|\s*)\r?\n?")
_STUFFED = re.compile(rb">+From ")


def messages(source: IO[bytes]) -> Iterator[bytes]:
    """The raw messages in order. What does not begin like an mbox is one message, whatever it is."""
    first = _first_line(source)
    if not first:
        return
    if _POSTMARK.fullmatch(first):
        yield from _from_mbox(source)
        return
    message = _Message()
    message.add(first)
    for piece in _pieces(source):
        message.add(piece)
    yield bytes(message.content)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: source.readline(_PIECE), b"")


def _first_line(source: IO[bytes]) -> bytes:
    return next((piece for piece in _pieces(source) if piece.strip()), b"")


class _Message:
    """The beginning of a message; the rest is read and dropped."""

    def __init__(self) -> None:
        self.content = bytearray()

    def add(self, piece: bytes) -> None:
        self.content += piece[: max(MOST_OF_A_MAIL - len(self.content), 0)]


def _from_mbox(source: IO[bytes]) -> Iterator[bytes]:
    message, at_start, after_blank = _Message(), True, True
    for piece in _pieces(source):
        if at_start and after_blank and _POSTMARK.fullmatch(piece):
            yield bytes(message.content)
            message, after_blank = _Message(), True
            continue
        if at_start and _STUFFED.match(piece):
            piece = piece[1:]
        message.add(piece)
        after_blank = at_start and not piece.strip()
        at_start = piece.endswith(b"\n")
    yield bytes(message.content)
