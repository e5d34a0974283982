"""Reads `*.rituals.yml`, a YAML list of rituals. Pure functions; what an import changes is planned in `rituals_plan`.

Such a file says when a ritual began and how often it comes. Daily is every day, weekends too; weekly and its multiples step by
exactly 7, 14 or 21 days from the first day; monthly and rarer come on that day of the month, or on its last. An entry that
cannot be understood is named with its task and line, and the others are taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from fleettui.domain.rituals.fields import parsed_frequency
from fleettui.domain.rituals.model import ImportedFields
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.time.business import WEEKDAYS

if TYPE_CHECKING:
    from fleettui.intake.yaml_nodes import MappingNode, Node

LONGEST_FILE = 1_000_000
MOST_ENTRIES = 1000
TOO_MANY = f"the file holds more than {MOST_ENTRIES} rituals"
KNOWN = ("task", "startedOn", "frequency", "description", "moreInfoUrl", "dri", "autoIssue")
LIST_EXPECTED = "a list is expected, each entry beginning with -"


@dataclass(frozen=True)
class Problem:
    """What could not be read: in which line (0: in none of its own), and in which entry and file, where that is known."""

    line: int
    what: str
    task: str = ""
    file: str = ""

    @property
    def text(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"“{cleaning.shortened(self.task, 60)}”"] if self.task else []
        return ": ".join([", ".join(where), self.what]) if where else self.what


@dataclass(frozen=True)
class ParsedFile:
    """The entries of a file, each with its line, and what could not be read."""

    name: str = ""
    entries: list[tuple[int, ImportedFields]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


def read(content: str, name: str = "", folder: str = "") -> ParsedFile:
    """The entries of a file and its problems; refused where the file is too long. `name` and `folder` are kept with each."""
    if len(content) > LONGEST_FILE:
        raise Refused(f"the file is too long; {LONGEST_FILE:,} characters are the most")
    parsed = ParsedFile(name)
    lines: dict[tuple[str, tuple[str, ...]], int] = {}
    for node, offset in _nodes(content, parsed):
        if len(parsed.entries) + len(parsed.problems) >= MOST_ENTRIES:
            raise Refused(TOO_MANY)
        line = _line(node, offset)
        try:
            entry = _entry(node, offset, name, folder)
            key = (entry.task.casefold(), entry.labels)
            if key in lines:
                raise _Unreadable(line, f"stands in line {lines[key]} already, with the same labels")
            lines[key] = line
            parsed.entries.append((line, entry))
        except _Unreadable as error:
            parsed.problems.append(Problem(error.line, error.what, _task_of(node), name))
    parsed.problems.sort(key=lambda problem: problem.line)
    return parsed


def _nodes(content: str, parsed: ParsedFile) -> Iterator[tuple[Node, int]]:
    """The entries, each with the number of lines before it. Where the whole cannot be read, each entry is read alone."""
    from fleettui.intake.yaml_nodes import NotPlain, SequenceNode, composed

    try:
        top = composed(content)
    except NotPlain:
        yield from _one_by_one(content, parsed)
        return
    if isinstance(top, SequenceNode):
        yield from ((node, 0) for node in top.value)
    elif top is not None:
        parsed.problems.append(Problem(top.start_mark.line + 1, LIST_EXPECTED, file=parsed.name))


def _one_by_one(content: str, parsed: ParsedFile) -> Iterator[tuple[Node, int]]:
    from fleettui.intake.yaml_nodes import NotPlain, SequenceNode, composed

    chunks = list(_chunks(content))
    if len(chunks) > MOST_ENTRIES:
        raise Refused(TOO_MANY)
    for offset, chunk in chunks:
        try:
            top = composed(chunk)
        except NotPlain as error:
            problem = Problem(offset + error.line, error.what, _task_in(chunk), parsed.name)
            parsed.problems.append(problem)
            continue
        if isinstance(top, SequenceNode):
            yield from ((node, offset) for node in top.value)
        elif top is not None:
            parsed.problems.append(Problem(offset + 1, LIST_EXPECTED, file=parsed.name))


def _chunks(content: str) -> Iterator[tuple[int, str]]:
    """The text from each dash at the outermost depth to the next, with the number of lines before it."""
    lines = content.splitlines(keepends=True)
    dashes = [(number, re.match(r"( *)-(\s|$)", line)) for number, line in enumerate(lines)]
    depths = [(number, len(match[1])) for number, match in dashes if match]
    outermost = min((depth for _, depth in depths), default=0)
    starts = [number for number, depth in depths if depth == outermost]
    if not starts or any(
        line.strip() and not line.lstrip().startswith(("#", "---")) for line in lines[: starts[0]]
    ):
        starts = [0, *(number for number in starts if number)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, "".join(lines[start:end])


def _task_in(chunk: str) -> str:
    """The task of an entry that is no YAML, as far as one can see."""
    match = re.search(r"^[ -]*task: *[\"']?([^\"'\n#]+)", chunk, re.M)
    return cleaning.line(match[1], 200) if match else ""


def _task_of(node: Node) -> str:
    from fleettui.intake.yaml_nodes import MappingNode, ScalarNode

    task = _pairs(node).get("task") if isinstance(node, MappingNode) else None
    return cleaning.line(task.value, 200) if isinstance(task, ScalarNode) else ""


def _entry(node: Node, offset: int, file: str, folder: str) -> ImportedFields:
    values = _mapping(node, offset)
    unknown = [name for name in values if name not in KNOWN]
    if unknown:
        raise _Unreadable(_line(values[unknown[0]], offset), f"{unknown[0]}: there is no such field")
    texts = {name: _scalar(name, values[name], offset) for name in KNOWN[:-1] if name in values}
    labels, repo = _auto_issue(values.get("autoIssue"), offset)

    def wanted(name: str) -> str:
        if not texts.get(name):
            raise _Unreadable(_line(node, offset), f"{name}: is missing")
        return texts[name]

    entry = ImportedFields(
        task=wanted("task"),
        started=_day(wanted("startedOn"), _line(values["startedOn"], offset)),
        frequency=wanted("frequency"),
        description=texts.get("description", ""),
        url=texts.get("moreInfoUrl", ""),
        dri=texts.get("dri", ""),
        labels=labels,
        repo=repo,
        file=file,
        folder=folder,
    )
    try:
        rhythm_of(entry)
    except Refused as error:
        raise _Unreadable(_line(values["frequency"], offset), str(error)) from None
    return entry


def _mapping(node: Node, offset: int) -> dict[str, Node]:
    from fleettui.intake.yaml_nodes import MappingNode

    if not isinstance(node, MappingNode):
        raise _Unreadable(_line(node, offset), "an entry with fields is expected, like task: …")
    return _pairs(node)


def _pairs(node: MappingNode) -> dict[str, Node]:
    return {cleaning.line(str(name.value), 60): value for name, value in node.value}


def _line(node: Node, offset: int) -> int:
    return int(node.start_mark.line) + 1 + offset


def _scalar(name: str, node: Node, offset: int) -> str:
    from fleettui.intake.yaml_nodes import NULL, ScalarNode

    if not isinstance(node, ScalarNode):
        raise _Unreadable(_line(node, offset), f"{name}: text is expected")
    if node.tag == NULL:
        return ""
    return cleaning.clean(node.value, 4000).strip() if name == "description" else cleaning.line(node.value)


def _auto_issue(node: Node | None, offset: int) -> tuple[tuple[str, ...], str]:
    from fleettui.intake.yaml_nodes import NULL, MappingNode, SequenceNode

    if node is None or node.tag == NULL:
        return (), ""
    if not isinstance(node, MappingNode):
        raise _Unreadable(_line(node, offset), "autoIssue: labels and repo are expected")
    values = _pairs(node)
    labels = values.get("labels")
    named = labels.value if isinstance(labels, SequenceNode) else [labels] if labels is not None else []
    repo = _scalar("autoIssue.repo", values["repo"], offset) if "repo" in values else ""
    texts = (_scalar("autoIssue.labels", label, offset) for label in named[:50])
    return tuple(text for text in texts if text), repo


def _day(text: str, line: int) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _Unreadable(line, f"startedOn: {text[:40]!r} is not a day; write it like 2026-03-09") from None


def rhythm_of(entry: ImportedFields) -> Rhythm:
    """The rhythm that the entry's frequency and first day mean."""
    every, interval = parsed_frequency(entry.frequency)
    parts: dict[str, Any] = {"every": every, "interval": interval, "start": entry.started, "exact": True}
    if every == "week":
        parts["weekday"] = WEEKDAYS[entry.started.weekday()]
    elif every in ("month", "quarter", "year"):
        parts["day"] = entry.started.day
    return Rhythm(**parts)
