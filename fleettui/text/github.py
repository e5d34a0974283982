"""Links that open a new issue, filled in, within what GitHub takes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining
from urllib.parse import quote, urlencode

SITE = "https://github.com"
LONGEST_LINK = 8_000
"""Bytes. The site refuses links of more than 8,191, counted as they are sent: three bytes and up for what is no ASCII letter."""

_JOINING = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}"


class IssueLink(NamedTuple):
    """`cut`: it holds only the beginning of the body, or not all of the labels."""

    link: str
    cut: bool


def new_issue_link(
    repository: str,
    title: str,
    body: str,
    labels: Sequence[str] = (),
    assignee: str = "",
    longest: int = LONGEST_LINK,
) -> IssueLink:
    """The link that opens a new issue with these fields."""

    def of_length(count: int) -> int:
        return len(_without_body(repository, title, labels[:count], assignee))

    kept = labels[: max(0, bisect_right(range(len(labels) + 1), longest, key=of_length) - 1)]
    base = _without_body(repository, title, kept, assignee)
    beginning = _fitting(body, longest - len(base))
    return IssueLink(base + _encoded(beginning), beginning != body or len(kept) != len(labels))


def _without_body(repository: str, title: str, labels: Sequence[str], assignee: str) -> str:
    fields = {"title": title, "labels": ",".join(labels)}
    if assignee:
        fields["assignees"] = assignee
    query = urlencode(fields, quote_via=quote, errors="replace")
    return f"{SITE}/{repository}/issues/new?{query}&body="


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _fitting(text: str, room: int) -> str:
    """The beginning of a text that takes no more than `room` bytes in a link; it ends with a whole line or word where it can."""
    if len(_encoded(text)) <= room:
        return text
    end = used = 0
    for character in text:
        used += len(_encoded(character))
        if used > room:
            break
        end += 1
    beginning = text[:end]
    for ends in ("\n", " "):
        whole = beginning.rpartition(ends)[0]
        if len(whole) > end * 3 // 4:
            return whole
    # Between two characters as a reader sees them: nothing that joins two is left at the end.
    while beginning and (
        text[len(beginning)] in _JOINING or beginning[-1] in _JOINING or combining(text[len(beginning)])
    ):
        beginning = beginning[:-1]
    return beginning
