"""Slack's way of writing, as plain text: links, mentions, entities; what only stands in blocks; names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from fleettui.intake.slack.payloads import field, words
from fleettui.text import cleaning

_REFERENCE = re.compile(r"<([^<>\n]{1,3000})>")
_DEEPEST = 12
_MOST_FILES = 100


def body_of(message: Any, names: Mapping[str, str]) -> str:
    """What the message says, readable. `names` are those of people by their Slack id."""
    said = words(message, "text")
    if not said.strip():
        said = "\n".join(_from_attachments(field(message, "attachments"))) or _from_blocks(message)
    return readable(said, names)


def readable(said: str, names: Mapping[str, str]) -> str:
    limited = cleaning.shortened(said, cleaning.BODY_LIMIT * 2)
    shown = _REFERENCE.sub(lambda found: _reference(found.group(1), names), limited)
    return cleaning.clean(unescape(shown)).strip()


def escaped(said: str) -> str:
    """For a text that goes to Slack: nothing in it mentions anybody or becomes a link."""
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _reference(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{names.get(target[1:], label or target[1:])}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    plain = target.removeprefix("mailto:").removeprefix("tel:")
    return f"{label} ({target})" if label and label not in (plain, target) else plain


def _from_blocks(message: Any) -> str:
    return "".join(_texts(field(message, "blocks"), _DEEPEST)).strip()


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Every text in nested blocks, in order; a section or list item ends its line."""
    if depth == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _texts(one, depth - 1)
    elif isinstance(value, dict):
        said = value.get("text")
        if isinstance(said, str):
            yield said
        elif isinstance(said, dict):
            yield words(said, "text")
        elif value.get("type") == "link":
            yield words(value, "url")
        yield from _texts(value.get("elements"), depth - 1)
        if str(value.get("type", "")).startswith(("rich_text_", "section", "header")):
            yield "\n"


def _from_attachments(attachments: Any) -> Iterator[str]:
    """A message that was passed on has its words here."""
    for one in attachments if isinstance(attachments, list) else []:
        said = words(one, "text") or words(one, "fallback")
        if said:
            yield said


def files_of(message: Any) -> tuple[str, ...]:
    """Names of what hangs on the message (SUP-5)."""
    there = field(message, "files")
    found = there[:_MOST_FILES] if isinstance(there, list) else []
    return tuple(_name(one) for one in found if isinstance(one, dict))


def _name(file: Any) -> str:
    named = words(file, "name") or words(file, "title") or words(file, "id")
    return cleaning.line(named, 200) or "a file without a name"
