"""JSON with the line of every value, and what is wrong with broken JSON in the words of a person.

Slower than msgspec. So it is only used after a mistake, and by those who look for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_WORD = re.compile(r"[^\s,\]}:\[{\"]+")
_TEXT = re.compile(r'[^"\\\x00-\x1f]*')
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_WORDS = {"true": True, "false": False, "null": None}
DEEPEST = 200


class BrokenJson(Exception):
    """Where the JSON is broken, and how."""

    def __init__(self, what: str, line: int, column: int) -> None:
        super().__init__(what)
        self.what, self.line, self.column = what, line, column


@dataclass
class Node:
    """A value, with the line on which it begins."""

    line: int
    value: str | int | float | bool | None = None
    members: dict[str, Node] | None = None
    """Of an object."""
    items: list[Node] | None = None
    """Of a list."""
    key_lines: dict[str, int] = field(default_factory=dict)
    twice: list[tuple[str, int]] = field(default_factory=list)
    """Keys of this object that stand in it a second time, with the line of the second."""

    def plain(self) -> object:
        """As Python reads JSON."""
        if self.members is not None:
            return {key: node.plain() for key, node in self.members.items()}
        if self.items is not None:
            return [node.plain() for node in self.items]
        return self.value

    def children(self) -> Iterator[tuple[str, Node]]:
        """With the part of the path that leads to each."""
        for key, node in (self.members or {}).items():
            yield f".{key}", node
        for number, node in enumerate(self.items or ()):
            yield f"[{number}]", node


def read(content: bytes) -> Node:
    """Raises `BrokenJson`."""
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise BrokenJson("this is not UTF-8 text", content[: error.start].count(10) + 1, 0) from None
    return _Reader(text).whole()


def keys_twice(node: Node, path: str = "") -> Iterator[tuple[str, str, int]]:
    """Keys that stand twice in one object: JSON readers drop the first without a word. The path, the key, the line."""
    for key, line in node.twice:
        yield path.lstrip("."), key, line
    for part, child in node.children():
        yield from keys_twice(child, path + part)


_PART = re.compile(r": ([\w-]+)|\[(\d+)\]|([^.\[\]:]+)")


def line_of(root: Node, path: str) -> int:
    """The line of a field such as `rituals[3].rhythm` or `steps: introduction.owner`; as near as the file has it. 0 for none."""
    node, line = root, 0
    for key, number, name in _PART.findall(path):
        inner = _with_key(node, key) if key else _inside(node, number, name)
        if inner is None:
            break
        line = node.key_lines.get(name, inner.line) if name else inner.line
        node = inner
    return line


def _inside(node: Node, number: str, name: str) -> Node | None:
    if number:
        items = node.items or []
        return items[int(number)] if int(number) < len(items) else None
    return (node.members or {}).get(name)


def _with_key(node: Node, key: str) -> Node | None:
    """The step with that key, however deep."""
    for _, child in node.children():
        named = (child.members or {}).get("key")
        if named is not None and named.value == key:
            return child
        deeper = _with_key(child, key)
        if deeper is not None:
            return deeper
    return None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._counted_to, self._line = 0, 1

    def whole(self) -> Node:
        self._skip()
        if self.at == len(self.text):
            self._fail("the file is empty" if not self.text.strip() else "a value is missing")
        node = self._value(0)
        self._skip()
        if self.at < len(self.text):
            self._fail(f"here nothing more is expected, but there is {self._here()}")
        return node

    def line(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line

    def _fail(self, what: str, at: int | None = None) -> NoReturn:
        place = self.at if at is None else at
        before = self.text[:place]
        raise BrokenJson(what, before.count("\n") + 1, place - before.rfind("\n"))

    def _skip(self) -> None:
        matched = _BLANK.match(self.text, self.at)
        self.at = matched.end() if matched else self.at

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _here(self) -> str:
        matched = _WORD.match(self.text, self.at)
        return repr((matched.group() if matched else self._peek())[:30])

    def _value(self, depth: int) -> Node:
        if depth > DEEPEST:
            self._fail("this is nested too deeply")
        sign = self._peek()
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._list(depth)
        line = self.line()
        if sign == '"':
            return Node(line, self._string())
        return Node(line, self._plain())

    def _plain(self) -> int | float | bool | None:
        matched = _WORD.match(self.text, self.at)
        word = matched.group() if matched else ""
        if word in _WORDS:
            self.at += len(word)
            return _WORDS[word]
        number = _NUMBER.fullmatch(word)
        if number:
            self.at += len(word)
            return float(word) if number.group(1) or number.group(2) or len(word) > 400 else int(word)
        return self._fail(self._no_value(word))

    def _no_value(self, word: str) -> str:
        if not word:
            end = self.at >= len(self.text)
            return "the file ends here; something is missing" if end else self._needless_comma()
        if word.startswith(("//", "#", "/*")):
            return "JSON has no comments; take it out"
        if word.startswith("'"):
            return 'text stands in double quotation marks: "…"'
        if word.casefold() in ("true", "false", "null", "none", "yes", "no"):
            return f"write true, false or null in small letters, not {word[:30]!r}"
        if word[0] in "-+.0123456789":
            return f"{word[:30]!r} is not a number as JSON writes it"
        return f'{word[:30]!r} needs quotation marks: "…"'

    def _needless_comma(self) -> str:
        before = self.text[: self.at].rstrip()[-1:]
        if self._peek() == "," or before == ",":
            return "there is a comma too many"
        return f"a value is missing before {self._peek()!r}"

    def _object(self, depth: int) -> Node:
        node = Node(self.line(), members={})
        members = node.members = {}
        self.at += 1
        self._skip()
        if self._peek() == "}":
            self.at += 1
            return node
        while True:
            line = self.line()
            key = self._key()
            if key in members:
                node.twice.append((key, line))
            self._skip()
            if self._peek() != ":":
                self._fail(f"a colon is missing after {key[:30]!r}")
            self.at += 1
            self._skip()
            members[key] = self._value(depth + 1)
            node.key_lines[key] = line
            if self._ends("}"):
                return node

    def _key(self) -> str:
        if self._peek() == '"':
            return self._string()
        if self._peek() in (",", "}"):
            self._fail("there is a comma too many")
        if not self._peek():
            self._fail("the file ends here; a } is missing")
        return self._fail(f"the name of a field in double quotation marks is expected, not {self._here()}")

    def _list(self, depth: int) -> Node:
        items: list[Node] = []
        node = Node(self.line(), items=items)
        self.at += 1
        self._skip()
        if self._peek() == "]":
            self.at += 1
            return node
        while True:
            items.append(self._value(depth + 1))
            if self._ends("]"):
                return node

    def _ends(self, bracket: str) -> bool:
        """After a value: either the end of what it is in, or a comma."""
        after = self.at
        self._skip()
        sign = self._peek()
        if sign not in (",", bracket):
            if not sign:
                self._fail(f"the file ends here; a {bracket} is missing")
            if sign in "}]":
                self._fail(f"a {bracket} is expected here, not a {sign}")
            self._fail("a comma is missing here", after)
        self.at += 1
        self._skip()
        return sign == bracket

    def _string(self) -> str:
        start = self.at
        self.at += 1
        parts: list[str] = []
        while True:
            matched = _TEXT.match(self.text, self.at)
            parts.append(matched.group() if matched else "")
            self.at += len(parts[-1])
            sign = self._peek()
            self.at += 1
            if sign == '"':
                return "".join(parts)
            if sign == "\\":
                parts.append(self._escape())
            elif sign == "\t":
                self._fail("a tab inside a text is written \\t", self.at - 1)
            else:  # the end of a line or of the file
                self._fail("this text has no closing quotation mark", start)

    def _escape(self) -> str:
        sign = self._peek()
        self.at += 1
        if sign == "u":
            matched = _HEX.match(self.text, self.at)
            if matched:
                self.at += 4
                return chr(int(matched.group(), 16))
        if sign not in _ESCAPES:
            self._fail('after \\ stands one of " \\ / b f n r t u; a single \\ is written \\\\', self.at - 2)
        return _ESCAPES[sign]
