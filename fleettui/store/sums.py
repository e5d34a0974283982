"""Checksums of what is on disk. They find accidents: a bad disk, an editor, half a copy. Whoever wants to deceive can make them
anew.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Sum = tuple[int, str]
"""Of a part of a file: its length and its checksum."""

_BEFORE_SUM = b',"sum":"'
_SEAL_LENGTH = len(b',"sum":"01234567"}')
CHANGED = "it was changed, its checksum says"
_BEFORE_META, _BEHIND_META = b'{"_meta":{"1":', b"},"
_ID = rb'"(?:id|of)": ?"([A-Za-z0-9@._/+-]{1,80})"'
"""Compiled where something was changed: a start does without."""


def of(content: Any, seed: int = 0) -> str:
    """Of any bytes; checked a few GB a second, so that a start need not wait for it."""
    return f"{zlib.crc32(content, seed):08x}"


def number_of(content: Any) -> int:
    """The same as a number."""
    return zlib.crc32(content)


def of_pieces(pieces: Iterable[bytes]) -> str:
    number = 0
    for piece in pieces:
        number = zlib.crc32(piece, number)
    return f"{number:08x}"


def sum_of(content: Any) -> Sum:
    return len(content), of(content)


def sealed(object_: bytes, seed: int = 0) -> bytes:
    """A JSON object with the checksum of its text as the last field."""
    body = object_[:-1]
    return body + _seal(body, seed)


def is_sealed(object_: bytes) -> bool:
    """Whether it says a checksum, be it the right one or not."""
    return object_[-_SEAL_LENGTH:].startswith(_BEFORE_SUM)


def is_whole(object_: bytes, seed: int = 0) -> bool:
    """Whether it is to the letter what was sealed."""
    return object_[-_SEAL_LENGTH:] == _seal(object_[:-_SEAL_LENGTH], seed)


def _seal(body: bytes, seed: int) -> bytes:
    return b'%s%08x"}' % (_BEFORE_SUM, zlib.crc32(body, seed))


def id_in(text: bytes) -> str:
    """Which document a damaged line speaks of, where that can still be read."""
    match = re.search(_ID, text)
    return match[1].decode() if match else ""


# -- the first line of a table file


def sealed_head(meta: bytes) -> bytes:
    """The first line, with a checksum of the store's own row."""
    return _BEFORE_META + sealed(meta) + _BEHIND_META


def is_our_head(head: bytes) -> bool:
    """Whether we have laid out the file, and not another program."""
    return head.startswith(_BEFORE_META)


def is_sealed_head(head: bytes) -> bool:
    """Whether it says a checksum, be it the right one or not."""
    return is_sealed(head.removesuffix(_BEHIND_META))


def is_whole_head(head: bytes) -> bool:
    return (
        is_our_head(head)
        and head.endswith(_BEHIND_META)
        and is_whole(head[len(_BEFORE_META) : -len(_BEHIND_META)])
    )


# -- the rows of a table file


def encoded_rows(documents: Mapping[str, bytes], histories: Mapping[str, Any]) -> bytes:
    """The rows of the table `_sums`: of a removed document there is a history only."""
    checked = {key: (of(document), "") for key, document in documents.items()}
    for key, history in histories.items():
        checked[key] = checked.get(key, ("", ""))[0], of(history)
    return b",\n".join(
        b'"%s":{"document":"%s","history":"%s"}' % (key.encode(), document.encode(), history.encode())
        for key, (document, history) in checked.items()
    )
