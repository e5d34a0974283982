"""Files that a person names on the command line or in a form, and standard input.

They may be anything: a pipe that nobody writes to, a device without an end, a folder. So they are opened without waiting, only
a regular file is read, and never more of it than its reader can take. What is refused is said in one line.

A restricted account names files of its exchange folder and no others, also those that are written.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from fleettui import access
from fleettui.errors import Refused
from fleettui.exchange import Exchange

MEGABYTE = 1_000_000
MOST_OF_INPUT = 20 * MEGABYTE
"""Bytes of standard input, where its reader names no limit of its own."""


class NotRead(Refused):
    """A file that was named is not read. `why` leaves its name out."""

    def __init__(self, path: Path | str, why: str, *, field: str = "") -> None:
        super().__init__(f"{path}: {why}", field=field)
        self.why = why


def read(path: Path, most: int, *, field: str = "") -> bytes:
    """All of a regular file of at most `most` bytes. A link is followed: who named it may read what it leads to. In a restricted
    account it is not."""
    try:
        with open_regular(path, field=field) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise NotRead(path, _in_words(error), field=field) from None
    if len(content) > most:
        raise NotRead(path, f"is larger than {size(most)}, so it is not read", field=field)
    return content


def open_regular(path: Path, *, field: str = "") -> BinaryIO:
    """The file, opened for reading. A pipe that nobody writes to would be waited for, so it is never waited."""
    try:
        descriptor = _descriptor(path, field)
    except OSError as error:
        raise NotRead(path, _in_words(error), field=field) from None
    except ValueError:  # a null character
        raise NotRead(ascii(str(path)), "is no name of a file", field=field) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise NotRead(path, f"is {kind}, not a file", field=field)
    return os.fdopen(descriptor, "rb")


def _descriptor(path: Path, field: str) -> int:
    if access.current().restricted:
        return _exchange(field).open(path, field)
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)


def _exchange(field: str) -> Exchange:
    why = access.current().why_no_files
    folder = access.current().exchange
    if why or folder is None:
        raise Refused(why, field=field)
    return Exchange(folder)


def write(path: Path, content: bytes, *, field: str = "") -> Path:
    """A file that a person named; its whole path. One of that name is replaced."""
    try:
        if access.current().restricted:
            return _exchange(field).write(path, content, field)
        path.write_bytes(content)
    except OSError as error:
        raise Refused(f"{path}: cannot be written: {error.strerror or error}", field=field) from None
    except ValueError:  # a null character
        raise Refused(f"{str(path)!a}: is no name of a file", field=field) from None
    return path


def own(name: str) -> Path:
    """Where a file goes for which nobody named a place: the person's home folder, or the exchange folder."""
    return Path(name) if access.current().restricted else Path.home() / name


def path_of(typed: str) -> Path:
    """What a person typed, as a path: from their folder, or from the exchange folder."""
    return Path(typed) if access.current().restricted else Path(typed).expanduser().absolute()


def where(example: str) -> str:
    """For the hint of a field that takes the name of a file."""
    folder = access.current().exchange
    return f"{example} in {folder}" if folder else f"{example} on this box"


def read_input(most: int = MOST_OF_INPUT, *, field: str = "") -> bytes:
    """All of standard input; refused where it does not end within `most` bytes."""
    if sys.stdin is None:
        return b""
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise Refused(f"standard input is longer than {size(most)}, so it is not read", field=field)
    return content


def size(count: int) -> str:
    """A limit as people write it: 20 MB, 64 KB."""
    return f"{count // MEGABYTE} MB" if count >= MEGABYTE else f"{count // 1000} KB"


def _in_words(error: OSError) -> str:
    if error.errno == errno.ENXIO:  # a socket
        return "is no file"
    return f"cannot be read: {error.strerror or error}"
