"""Slack's markup as plain text: links, mentions, entities, blocks; and the names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.intake.slack.payloads import text_at, value_at
from fleettui.text import cleaning

_REFERENCE = re.compile(r"<([^<>\n]{1,3000})>")
_DEEPEST = 12
_MOST_FILES = 100


def body_of(message: Any, names: Mapping[str, str]) -> str:
    """The text of a message. `names` are those of people by their Slack id."""
    text, attachments = text_at(message, "text"), value_at(message, "attachments")
    if not text.strip():
        return readable("\n".join(_from_attachments(attachments)) or _from_blocks(message), names)
    shared = "\n".join(_from_attachments(_shared(attachments)))
    return "\n\n".join(filter(None, (readable(text, names), _quoted(readable(shared, names)))))


def _shared(attachments: Any) -> list[Any]:
    """Messages that somebody passes on with words of their own. The others are pages that Slack has unfolded."""
    listed = attachments if isinstance(attachments, list) else []
    return [attachment for attachment in listed if value_at(attachment, "is_share") is True]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def readable(text: str, names: Mapping[str, str]) -> str:
    """Slack's markup as plain text, cleaned."""
    limited = cleaning.shortened(text, cleaning.BODY_LIMIT * 2)
    shown = _REFERENCE.sub(lambda match: _reference(match.group(1), names), limited)
    return cleaning.clean(unescape(shown)).strip()


def escaped(text: str) -> str:
    """For a text that goes to Slack: nothing in it mentions anybody or becomes a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _reference(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{names.get(target[1:], label or target[1:])}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    plain = target.removeprefix("mailto:").removeprefix("tel:")
    # Slack makes a link of "x.example" by itself.
    is_the_same = label in ("", plain, target, _without_scheme(target))
    return plain if is_the_same else f"{label} ({target})"


def _without_scheme(link: str) -> str:
    return link.partition("://")[2].rstrip("/")


def _from_blocks(message: Any) -> str:
    return "".join(_texts(value_at(message, "blocks"), _DEEPEST)).strip()


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in nested blocks, in order; a section or list item ends its line."""
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, depth - 1)
    elif isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            yield text
        elif isinstance(text, dict):
            yield text_at(text, "text")
        elif value.get("type") == "link":
            yield text_at(value, "url")
        yield from _texts(value.get("elements"), depth - 1)
        if str(value.get("type", "")).startswith(("rich_text_", "section", "header")):
            yield "\n"


def _from_attachments(attachments: Any) -> Iterator[str]:
    """The texts of a message that was forwarded."""
    for attachment in attachments if isinstance(attachments, list) else []:
        text = text_at(attachment, "text") or text_at(attachment, "fallback")
        if text:
            yield text


def files_of(message: Any) -> tuple[IncomingFile, ...]:
    """What is told of the files of a message; their content stays in Slack (SUP-5)."""
    files = value_at(message, "files")
    shown = files[:_MOST_FILES] if isinstance(files, list) else []
    return tuple(
        IncomingFile(
            name=_name(file),
            size=_size(file),
            type=_type(file),
            link=text_at(file, "permalink") or text_at(file, "url_private"),
        )
        for file in shown
        if isinstance(file, dict)
    )


def _size(file: Any) -> int:
    size = value_at(file, "size")
    return size if isinstance(size, int) and 0 <= size < 10**15 else 0


def _type(file: Any) -> str:
    return cleaning.line(text_at(file, "pretty_type") or text_at(file, "mimetype"), 60)


def _name(file: Any) -> str:
    named = text_at(file, "name") or text_at(file, "title") or text_at(file, "id")
    return cleaning.line(named, 200) or "a file without a name"
