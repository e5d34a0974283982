"""HTML mail as plain text. Nothing is fetched, run or styled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

MOST = 400_000
"""Characters of HTML that are looked at."""

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "select"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "wbr", "area", "base", "col", "embed", "source"}
)
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "pre"})
_BLOCKS = _APART | {
    *(
        "address",
        "article",
        "aside",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
    ),
    *("li", "main", "nav", "section", "tr"),
}
_LINKS = ("http://", "https://", "mailto:")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HALF_TAG = re.compile(r"<(?=[a-zA-Z/!?])[^<>]*>?")
_QUOTED, _UNQUOTED = "\x01", "\x02"
"""Where a block quote begins and ends, in the text as it is collected."""
_DEEPEST_MARK = 9
_NO_MARKS = {ord(_QUOTED): None, ord(_UNQUOTED): None}


def as_text(html: str) -> str:
    """The text of an HTML document, as far as the parser gets; it never raises."""
    reader = _Reader()
    try:
        reader.feed(html[:MOST])
        reader.finish()
    except (AssertionError, ValueError, IndexError):
        # The parser gives up on some malformed declarations; what it has read until then is kept.
        pass
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = ""
        self._depth = 0
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            self._depth += tag == self._silent
            return
        if tag in _SILENT:
            self._silent, self._depth = tag, 1
            return
        self._break(tag)
        if tag == "blockquote":
            self._parts.append(_QUOTED)
        self._open(tag, _attributes(attrs))

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("- ")
        elif tag == "pre":
            self._pre += 1
        elif tag == "img" and attributes.get("alt"):
            self._parts.append(f"[{attributes['alt']}]")
        elif tag == "a":
            self._links.append((attributes.get("href", ""), len(self._parts)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID and not self._silent:
            self._break(tag)
            self._open(tag, _attributes(attrs))

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._depth -= tag == self._silent
            if self._depth == 0 or tag in ("body", "html"):
                self._silent = ""
            return
        if tag == "a" and self._links:
            self._close_link()
        elif tag == "pre":
            self._pre = max(self._pre - 1, 0)
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "blockquote":
            self._parts.append(_UNQUOTED)
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _APART:
            self._parts.append("\n\n")
        elif tag in _BLOCKS and not (self._parts and self._parts[-1].endswith("\n")):
            self._parts.append("\n")

    def _close_link(self) -> None:
        target, begun = self._links.pop()
        label = "".join(self._parts[begun:]).strip()
        shown = target.removeprefix("mailto:")
        if target.lower().startswith(_LINKS) and shown.rstrip("/") != label.rstrip("/"):
            self._parts.append(f" ({shown})")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            data = data.translate(_NO_MARKS)
            self._parts.append(data if self._pre else _BLANKS.sub(" ", data))

    def finish(self) -> None:
        """Instead of close(), which reads the rest again for every unclosed tag: quadratic time."""
        rest, self.rawdata = self.rawdata, ""
        self.handle_data(unescape(_HALF_TAG.sub(" ", rest)))

    def text(self) -> str:
        rows = ("".join(self._parts)).replace("\xa0", " ").split("\n")
        return "\n".join(_marked(rows))


def _attributes(attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    return {name: (value or "").translate(_NO_MARKS) for name, value in attrs}


def _marked(rows: list[str]) -> Iterator[str]:
    """The rows, those of block quotes with their marks as in plain mail, and one empty row where there were several."""
    level = before = 0
    is_apart = is_first = True
    for row in rows:
        level += row.count(_QUOTED)
        text = row.translate(_NO_MARKS).strip()
        if text:
            if is_apart and not is_first:
                yield _mark(min(before, level)).rstrip()
            yield _mark(level) + text
            before, is_apart, is_first = level, False, False
        else:
            is_apart = True
        level = max(level - row.count(_UNQUOTED), 0)


def _mark(level: int) -> str:
    return "> " * min(level, _DEEPEST_MARK)
