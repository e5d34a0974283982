"""Files that come with messages (SUP-5): safe names, what they are by their content, and which of them are kept. Pure functions.

Nothing here opens a file: its first bytes are compared with a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from fleettui.domain.tickets.model import Attachment, Message
from fleettui.domain.tickets.policy import FilePolicy
from fleettui.text import cleaning

MEGABYTE = 1_000_000
LONGEST_NAME = 120
LONGEST_NAME_BYTES = 200
"""File systems take 255; a copy may get something added."""
LONGEST_LINK = 2_000
MOST_FILES = 100
"""Of one message."""

TEXT = "text"
DATA = "data"
"""What the table does not know."""


class IncomingFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it arrives. Without `content` only what is told of it is known: `size`, `type`, `link`."""

    name: str
    content: bytes | None = None
    size: int = 0
    type: str = ""
    link: str = ""
    why: str = ""
    """Why there is no content."""
    named: bool = True
    """Off: `name` is a description for people, no name."""


class FileKind(NamedTuple):
    """What a file is, where the table's bytes stand, and the endings that its name may have."""

    name: str
    signs: tuple[tuple[int, bytes], ...]
    endings: tuple[str, ...]


def _kind(name: str, endings: str, *signs: bytes, at: int = 0) -> list[FileKind]:
    """One kind for each of several beginnings."""
    return [FileKind(name, ((at, sign),), tuple(endings.split())) for sign in signs]


_ZIPPED = (
    "zip docx xlsx pptx odt ods odp jar apk whl xpi ipa epub docm xlsm pptm kmz vsix nupkg pages numbers key"
)
_KINDS: tuple[FileKind, ...] = (
    *_kind("PNG image", "png", b"\x89PNG\r\n\x1a\n"),
    *_kind("JPEG image", "jpg jpeg jpe jfif", b"\xff\xd8\xff"),
    *_kind("GIF image", "gif", b"GIF87a", b"GIF89a"),
    FileKind("WebP image", ((0, b"RIFF"), (8, b"WEBP")), ("webp",)),
    FileKind("WAV sound", ((0, b"RIFF"), (8, b"WAVE")), ("wav",)),
    FileKind("AVI video", ((0, b"RIFF"), (8, b"AVI ")), ("avi",)),
    *_kind("TIFF image", "tif tiff", b"II*\x00", b"MM\x00*"),
    *_kind("HEIC image", "heic heif", b"ftypheic", b"ftypheix", b"ftypmif1", at=4),
    *_kind("MPEG-4 video", "mp4 m4v mov m4a", b"ftyp", at=4),
    *_kind("WebM video", "webm mkv", b"\x1aE\xdf\xa3"),
    *_kind("MP3 sound", "mp3", b"ID3", b"\xff\xfb"),
    *_kind("Ogg sound or video", "ogg oga ogv opus", b"OggS"),
    *_kind("PDF document", "pdf", b"%PDF-"),
    *_kind("RTF document", "rtf doc", b"{\\rtf"),
    *_kind("older Office document", "doc xls ppt msg msi vsd", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    *_kind("ZIP archive", _ZIPPED, b"PK\x03\x04", b"PK\x05\x06"),
    *_kind("gzip archive", "gz tgz", b"\x1f\x8b"),
    *_kind("bzip2 archive", "bz2 tbz", b"BZh"),
    *_kind("xz archive", "xz txz", b"\xfd7zXZ\x00"),
    *_kind("7-Zip archive", "7z", b"7z\xbc\xaf\x27\x1c"),
    *_kind("RAR archive", "rar", b"Rar!\x1a\x07"),
    *_kind("Zstandard archive", "zst", b"\x28\xb5\x2f\xfd"),
    *_kind("tar archive", "tar", b"ustar", at=257),
    *_kind("xar archive", "pkg xar", b"xar!"),
    *_kind("program for Linux", "so o elf ko", b"\x7fELF"),
    *_kind(
        "program for macOS",
        "dylib bundle",
        *(b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
    ),
    *_kind("program for Windows", "exe dll sys scr com", b"MZ"),
    *_kind("SQLite database", "sqlite sqlite3 db", b"SQLite format 3\x00"),
    *_kind("network capture", "pcap pcapng cap", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\n\r\r\n"),
    *_kind("script", "sh bash py rb pl ps1 zsh command", b"#!"),
)
_ENDINGS = {ending for kind in _KINDS for ending in kind.endings}
# Endings of the table that plain text has, too.
_ALSO_TEXT = frozenset(
    ["sh", "bash", "py", "rb", "pl", "ps1", "zsh", "command", "doc", "key", "com", "pages", "msg", "db"]
)


def type_of(content: bytes) -> str:
    """What a file is, told from its first bytes."""
    for kind in _KINDS:
        if all(content[at : at + len(sign)] == sign for at, sign in kind.signs):
            return kind.name
    return TEXT if _is_text(content[:4096]) else DATA


def _is_text(beginning: bytes) -> bool:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    # Half a character at the end of what is looked at.
    for end in range(len(beginning), max(len(beginning) - 4, -1), -1):
        try:
            text = beginning[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
    return False


def mismatch(attachment: Attachment) -> str:
    """What is wrong between the name of a file and its content; empty where they agree."""
    if not attachment.sha256:
        return ""
    ending = attachment.name.rpartition(".")[2].casefold() if "." in attachment.name else ""
    own = {name for kind in _KINDS if kind.name == attachment.type for name in kind.endings}
    if ending in own or (attachment.type == TEXT and ending in _ALSO_TEXT):
        return ""
    if ending in _ENDINGS:
        return f"named .{ending}, but its content is {_with_article(attachment.type)}"
    return f"its content is {_with_article(attachment.type)}" if "program" in attachment.type else ""


def _with_article(type_: str) -> str:
    if type_ in (TEXT, DATA):
        return {TEXT: "text", DATA: "something else"}[type_]
    return f"{'an' if type_[0] in 'aeioAEIO' or type_[:2] in ('RT', 'MP', 'xa') else 'a'} {type_}"


def safe_name(name: str, type_: str = "") -> str:
    """A name that a file may have anywhere: no path, nothing invisible, no leading point or dash, not too long."""
    last = next(
        (part for part in reversed(re.split(r"[/\\]", cleaning.line(name, 1_000))) if part.strip()), ""
    )
    tidy = re.sub(r"[<>:\"|?*]", "_", last).lstrip(".-~ ").rstrip(". ")
    if not tidy:
        return f"unnamed{_ending_for(type_)}"
    stem, point, ending = tidy.rpartition(".")
    if not point or len(ending) > 12:
        stem, ending = tidy, ""
    tail = f".{ending}" if ending else ""
    stem = stem[: LONGEST_NAME - len(tail)]
    while len(f"{stem}{tail}".encode()) > LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip()}{tail}"


def _ending_for(type_: str) -> str:
    kind = next((kind for kind in _KINDS if kind.name == type_), None)
    if kind is not None:
        return f".{kind.endings[0]}"
    return ".txt" if type_ == TEXT else ""


def described(file: IncomingFile) -> Attachment:
    """What is known of a file before it is decided whether it is kept."""
    content = file.content
    type_ = type_of(content) if content is not None else cleaning.line(file.type, 60)
    return Attachment(
        name=safe_name(file.name if file.named else "", type_),
        size=len(content) if content is not None else max(file.size, 0),
        type=type_,
        link=cleaning.line(file.link)
        if file.link.startswith("https://") and len(file.link) <= LONGEST_LINK
        else "",
        why=cleaning.line(file.why, 200),
    )


def files_of(message: Message) -> list[Attachment]:
    """The files of a message; of one that was taken in before files were kept, only the names are known."""
    return list(message.attachments) or [Attachment(name=name) for name in message.files]


def why_too_large(size: int, together: int, policy: FilePolicy) -> str:
    """Why a file is not kept; empty where it may be. `together`: what was kept of the same message before it."""
    if size > policy.largest_file_mb * MEGABYTE:
        return f"larger than {policy.largest_file_mb} MB, the limit for one file"
    if together + size > policy.largest_message_mb * MEGABYTE:
        return f"with it the files of this message would be more than {policy.largest_message_mb} MB"
    return ""


def size_words(size: int) -> str:
    """1,240,000 is 1.2 MB."""
    for unit, name in ((1_000 * MEGABYTE, "GB"), (MEGABYTE, "MB"), (1_000, "kB")):
        if size >= unit:
            number = size / unit
            return f"{number:.1f} {name}" if number < 10 else f"{number:,.0f} {name}"
    return f"{size} byte{'' if size == 1 else 's'}"


def in_words(attachment: Attachment) -> str:
    """The file in one line, without what is behind its link."""
    about = [size_words(attachment.size)] if attachment.size or attachment.sha256 else []
    about += [part for part in (mismatch(attachment) or attachment.type,) if part]
    return f"{attachment.name} ({', '.join(about)})" if about else attachment.name


def left_behind(files: Iterable[tuple[str, Attachment | None]], where: str) -> str:
    """SUP-5: the text of the note about files that were not kept, each by its name and with what is known of it."""
    listed = [_left(name, attachment) for name, attachment in files]
    if len(listed) == 1:
        return f"A file was left behind in {where}: {listed[0]}"
    return f"{len(listed)} files were left behind in {where}: {', '.join(listed)}"


def _left(name: str, attachment: Attachment | None) -> str:
    if attachment is None:
        return name
    size = size_words(attachment.size) if attachment.size else ""
    about = [part for part in (size, attachment.type, attachment.why, attachment.link) if part]
    return f"{name} ({'; '.join(about)})" if about else name
