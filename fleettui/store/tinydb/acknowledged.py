"""How far a collection was acknowledged: the generation, and the length of its journal, after the last change.

A journal that is shorter was cut. The mark is written in place, without an fsync, after the journal's own: after a power cut it
may be behind the truth, never ahead of it. A session reads it before the files that it is compared with.
"""

import contextlib
import os
from typing import NamedTuple

from fleettui.places import Place, Where, in_workspace
from fleettui.store import files, sums


class Mark(NamedTuple):
    """`length` is that of the journal of `generation`."""

    generation: int
    length: int

    def of_generation(self, generation: int) -> int:
        """The length of its journal that was acknowledged, as far as the mark knows."""
        return self.length if self.generation == generation else 0


NOTHING = Mark(0, 0)
"""Where no mark can be read: in a workspace of an earlier version, or where the file was removed or damaged."""


def place_of(home: Where, collection: str) -> Place:
    return in_workspace(home) / f"journal/{collection}.acknowledged"


def encode(mark: Mark) -> bytes:
    """Always of the same length, so that it can be written over the one before."""
    return _with_sum(b"%010d %016d" % mark)


def _with_sum(text: bytes) -> bytes:
    return b"%s %s\n" % (text, sums.of(text).encode())


LENGTH = len(encode(NOTHING))


def decode(content: bytes) -> Mark:
    text = content[:27]
    return Mark(int(text[:10]), int(text[11:])) if _with_sum(text) == content else NOTHING


def read(home: Where, collection: str) -> Mark:
    """`NOTHING` where there is none."""
    return read_at(place_of(home, collection))


def read_at(place: Place) -> Mark:
    try:
        descriptor = place.open(os.O_RDONLY)
    except FileNotFoundError:
        return NOTHING
    try:
        return decode(os.read(descriptor, LENGTH))
    finally:
        os.close(descriptor)


def write(home: Where, collection: str, mark: Mark, mode: int) -> None:
    """Under the collection's lock, when what it says is on disk. Where that fails, the mark before it stays: it finds less."""
    with contextlib.suppress(OSError):
        descriptor = files.open_file(place_of(home, collection), os.O_RDWR | os.O_CREAT, mode)
        try:
            os.pwrite(descriptor, encode(mark), 0)
        finally:
            os.close(descriptor)
