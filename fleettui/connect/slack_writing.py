"""How a text of ours is written in Slack: in parts of a good length, calling only whom its author means. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from fleettui.domain.customers.contacts import first_name
from fleettui.intake.slack.text import escaped
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_id

LONGEST = 4000
"""Signs of a message, as Slack recommends; it cuts what is longer than ten times that."""
_ROOM = 200
"""For mentions, which are longer than the names that stand for them, and for marks of code."""
_FENCE = "```"
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_BREAKS = (re.compile(r"\n{2,}"), re.compile(r"\n"), re.compile(r"[ \t]+"))


def parts_of(body: str, longest: int = LONGEST) -> list[str]:
    """The text in parts, cut between paragraphs where that is possible. The same text is always cut in the same places, so
    that one that was half sent can go on."""
    pieces = _together(_pieces(body.strip(), longest - _ROOM, 0), longest - _ROOM)
    return list(_fenced(pieces)) or [""]


def mrkdwn(part: str, names: Mapping[str, str]) -> str:
    """As Slack wants it: nothing in it calls anybody or becomes a link but the `names` that are written with an @. `names`: the
    Slack id of each. What is quoted and what is code calls nobody."""
    called = _called(names)
    if called is None or "@" not in part:
        return escaped(part)
    silent = sorted(match.span() for pattern in (_CODE, _QUOTED) for match in pattern.finditer(part))
    written, at = [], 0
    for match in called.finditer(part):
        id_ = names.get(match[1].casefold())
        if id_ is None or any(start <= match.start() < end for start, end in silent):
            continue
        written += [escaped(part[at : match.start()]), f"<@{id_}>"]
        at = match.end()
    return "".join([*written, escaped(part[at:])])


def names_for(known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Whom a text can mean by @name: names with their Slack id, by their whole and their first name where only one has it."""
    ids: dict[str, set[str]] = {}
    for name, id_ in known:
        if is_slack_id(id_):
            for spoken in {cleaning.line(name), first_name(name)} - {""}:
                ids.setdefault(spoken.casefold(), set()).add(id_)
    return {name: next(iter(fitting)) for name, fitting in ids.items() if len(fitting) == 1}


def _called(names: Mapping[str, str]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?i)(?<![\w.@<])@({'|'.join(map(re.escape, longest_first))})(?![\w@])")


def _width(text: str) -> int:
    return len(escaped(text))


def _pieces(text: str, longest: int, level: int) -> Iterator[tuple[str, str]]:
    """Pieces that are short enough, each with what stood before it: paragraphs, else lines, else words, else what fits."""
    if _width(text) <= longest:
        yield "", text
        return
    if level == len(_BREAKS):
        yield from (("", piece) for piece in _cut(text, longest))
        return
    before, at = "", 0
    for match in [*_BREAKS[level].finditer(text), None]:
        end = match.start() if match else len(text)
        for number, (gap, piece) in enumerate(_pieces(text[at:end], longest, level + 1)):
            yield (before if number == 0 else gap), piece
        if match:
            before, at = match[0], match.end()


def _cut(text: str, longest: int) -> Iterator[str]:
    start, width = 0, 0
    for at, sign in enumerate(text):
        wide = _width(sign)
        if width + wide > longest:
            yield text[start:at]
            start, width = at, 0
        width += wide
    yield text[start:]


def _together(pieces: Iterator[tuple[str, str]], longest: int) -> Iterator[str]:
    part = ""
    for gap, piece in pieces:
        joined = part + gap + piece
        if part and _width(joined) > longest:
            yield part
            part = piece
        else:
            part = joined
    yield part


def _fenced(parts: Iterator[str]) -> Iterator[str]:
    """A block of code that goes over the end of a part is closed there, and opened again in the next."""
    is_open = False
    for part in parts:
        text = f"{_FENCE}\n{part}" if is_open else part
        is_open = text.count(_FENCE) % 2 == 1
        shown = (f"{text}\n{_FENCE}" if is_open else text).strip("\n")
        if shown.strip():
            yield shown
