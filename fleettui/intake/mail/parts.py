"""The text of a mail and its files, from its MIME parts. The files are decoded, never opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice
from typing import TYPE_CHECKING, Any

from fleettui.domain.tickets.attachments import MOST_FILES, IncomingFile
from fleettui.intake.mail.charsets import MOST_TEXT, decoded, html_decoded
from fleettui.intake.mail.html import as_text
from fleettui.intake.mail.trouble import TROUBLE
from fleettui.text import cleaning

_DEEPEST = 60
_NAMELESS = "a file without a name"

if TYPE_CHECKING:
    Mime = Message[Any, Any]


@dataclass
class MailParts:
    """The texts and file names that were collected from the parts of a mail."""

    plain: list[str] = field(default_factory=list)
    files: list[IncomingFile] = field(default_factory=list)


def body_and_files(mail: Mime) -> tuple[str, tuple[IncomingFile, ...]]:
    """The text, and the files: attached ones and images within the text."""
    parts = MailParts()
    _gather(mail, parts, _DEEPEST)
    body = "\n\n".join(part for part in (cleaning.clean(text).strip() for text in parts.plain) if part)
    return body, _most_of(parts.files)


def _most_of(files: list[IncomingFile]) -> tuple[IncomingFile, ...]:
    """No more than a message may carry; the last one stands for all that are too many."""
    if len(files) <= MOST_FILES:
        return tuple(files)
    kept, more = files[: MOST_FILES - 1], len(files) - MOST_FILES + 1
    rest = IncomingFile(
        name=f"{more:,} more files", why=f"a message carries {MOST_FILES} files at most", named=False
    )
    return (*kept, rest)


def _gather(part: Mime, gathered: MailParts, depth: int) -> None:
    kind = _kind(part)
    if depth == 0:
        return
    if kind == "multipart/alternative":
        _gather_best(part, gathered, depth)
    elif part.is_multipart() and not kind.startswith("message/"):
        for inner in _parts_of(part):
            _gather(inner, gathered, depth - 1)
    elif _is_text(part, kind):
        gathered.plain.append(_text_of(part, kind))
    elif not kind.startswith("multipart/"):
        gathered.files.append(_file(part, kind))


def _parts_of(part: Mime) -> Iterator[Mime]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in islice(payload, 1000) if isinstance(inner, Message))


def _gather_best(part: Mime, gathered: MailParts, depth: int) -> None:
    """Several versions of one text: the plain one unless it is empty, else HTML. Files are collected from all of them."""
    versions = []
    for inner in _parts_of(part):
        version = MailParts()
        _gather(inner, version, depth - 1)
        gathered.files += version.files
        if any(text.strip() for text in version.plain):
            versions.append((_kind(inner) != "text/plain", version.plain))
    if versions:
        gathered.plain += min(versions, key=lambda version: version[0])[1]


def _kind(part: Mime) -> str:
    try:
        return part.get_content_type()
    except TROUBLE:
        return "text/plain"


def _is_text(part: Mime, kind: str) -> bool:
    if kind not in ("text/plain", "text/html", "text/enriched", "text/markdown"):
        return False
    return _disposition(part) != "attachment" and not _given_file_name(part)


def _disposition(part: Mime) -> str:
    try:
        return part.get_content_disposition() or ""
    except TROUBLE:
        return ""


def _given_file_name(part: Mime) -> str:
    try:
        return cleaning.line(part.get_filename() or "", 200)
    except TROUBLE:
        return ""


def _file(part: Mime, kind: str) -> IncomingFile:
    content = _message_within(part) if kind.startswith("message/") else _decoded_bytes(part)
    why = "" if content is not None else "it could not be decoded"
    given = _given_file_name(part)
    if not given and kind == "message/rfc822":
        return IncomingFile(name="an attached message.eml", content=content, type=kind, why=why)
    return IncomingFile(name=_file_name(part, kind), content=content, type=kind, why=why, named=bool(given))


def _message_within(part: Mime) -> bytes | None:
    inner = next(_parts_of(part), None)
    try:
        return inner.as_bytes() if inner is not None else _decoded_bytes(part)
    except TROUBLE:
        return None


def _file_name(part: Mime, kind: str) -> str:
    if kind.startswith("message/"):
        return _given_file_name(part) or "an attached message"
    return _given_file_name(part) or f"{_NAMELESS} ({cleaning.line(kind, 60)})"


def _text_of(part: Mime, kind: str) -> str:
    if kind == "text/html":
        return as_text(html_decoded(_bytes(part), _charset(part)))
    return decoded(_bytes(part), _charset(part))


def _bytes(part: Mime) -> bytes:
    return (_decoded_bytes(part) or b"")[:MOST_TEXT]


def _decoded_bytes(part: Mime) -> bytes | None:
    try:
        raw = part.get_payload(decode=True)
    except TROUBLE:
        return None
    return raw if isinstance(raw, bytes) else None


def _charset(part: Mime) -> str:
    try:
        return part.get_content_charset() or ""
    except TROUBLE:
        return ""
