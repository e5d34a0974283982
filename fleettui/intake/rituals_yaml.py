"""Reads `*.rituals.yml`, a YAML list of rituals, and plans what an import changes. Pure functions.

Such a file says when a ritual began and how often it comes. Daily is every day, weekends too; weekly and its multiples step by
exactly 7, 14 or 21 days from the first day; monthly and rarer come on that day of the month, or on its last. An entry that
cannot be understood is named with its line, and the others are taken in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.rituals.eras import with_rhythm
from fleettui.domain.rituals.fields import parsed_frequency
from fleettui.domain.rituals.model import ImportedFields, Ritual
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.time.business import WEEKDAYS

if TYPE_CHECKING:
    from yaml import MappingNode, Node

LONGEST_FILE = 1_000_000
MOST_ENTRIES = 1000
KNOWN = ("task", "startedOn", "frequency", "description", "moreInfoUrl", "dri", "autoIssue")


@dataclass(frozen=True)
class Problem:
    """What could not be read, and in which line."""

    line: int
    what: str

    @property
    def text(self) -> str:
        return f"line {self.line}: {self.what}"


@dataclass(frozen=True)
class ParsedFile:
    """The entries of a file, each with its line, and what could not be read."""

    entries: list[tuple[int, ImportedFields]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """The result of an import, by the names of the rituals."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """GitHub logins that nobody on the roster has: the ritual keeps the login as its DRI."""


# Reading


class _Unreadable(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(line, what)


def read(content: str) -> ParsedFile:
    """The entries of a file and its problems; refused where the file is too long."""
    if len(content) > LONGEST_FILE:
        raise Refused(f"the file is too long; {LONGEST_FILE:,} characters are the most")
    parsed = ParsedFile()
    lines: dict[str, int] = {}
    for node, offset in _nodes(content, parsed.problems):
        if len(parsed.entries) >= MOST_ENTRIES:
            raise Refused(f"the file holds more than {MOST_ENTRIES} rituals")
        line = _line(node, offset)
        try:
            entry = _entry(node, offset)
            first = lines.setdefault(entry.task.casefold(), line)
            if first != line:
                raise _Unreadable(line, f"task {entry.task!r} stands in line {first} already")
            parsed.entries.append((line, entry))
        except _Unreadable as error:
            parsed.problems.append(error.problem)
    parsed.problems.sort(key=lambda problem: problem.line)
    return parsed


def _nodes(content: str, problems: list[Problem]) -> Iterator[tuple[Node, int]]:
    """The entries, each with the number of lines before it. Where the file is no YAML, each entry is parsed alone."""
    import yaml

    try:
        top = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        yield from _one_by_one(content, problems)
        return
    if top is None:
        return
    if not isinstance(top, yaml.SequenceNode):
        problems.append(Problem(top.start_mark.line + 1, "a list is expected, each entry beginning with -"))
        return
    for node in top.value:
        yield node, 0


def _one_by_one(content: str, problems: list[Problem]) -> Iterator[tuple[Node, int]]:
    import yaml

    for offset, chunk in _chunks(content):
        try:
            top = yaml.compose(chunk, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            problems.append(_syntax_problem(error, offset))
            continue
        if isinstance(top, yaml.SequenceNode):
            for node in top.value:
                yield node, offset
        elif top is not None:
            problems.append(Problem(offset + 1, "a list is expected, each entry beginning with -"))


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


def _syntax_problem(error: Any, offset: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = cleaning.line(str(getattr(error, "problem", "") or "is no YAML"), 120)
    return Problem(offset + (mark.line if mark else 0) + 1, what)


def _entry(node: Node, offset: int) -> ImportedFields:
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
    )
    try:
        rhythm_of(entry)
    except Refused as error:
        raise _Unreadable(_line(values["frequency"], offset), str(error)) from None
    return entry


def _mapping(node: Node, offset: int) -> dict[str, Node]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise _Unreadable(_line(node, offset), "an entry with fields is expected, like task: …")
    return _pairs(node)


def _pairs(node: MappingNode) -> dict[str, Node]:
    return {cleaning.line(str(name.value), 60): value for name, value in node.value}


def _line(node: Node, offset: int) -> int:
    return int(node.start_mark.line) + 1 + offset


def _scalar(name: str, node: Node, offset: int) -> str:
    import yaml

    if not isinstance(node, yaml.ScalarNode):
        raise _Unreadable(_line(node, offset), f"{name}: text is expected")
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    return cleaning.clean(node.value, 4000).strip() if name == "description" else cleaning.line(node.value)


def _auto_issue(node: Node | None, offset: int) -> tuple[tuple[str, ...], str]:
    import yaml

    if node is None or node.tag == "tag:yaml.org,2002:null":
        return (), ""
    if not isinstance(node, yaml.MappingNode):
        raise _Unreadable(_line(node, offset), "autoIssue: labels and repo are expected")
    values = _pairs(node)
    labels = values.get("labels")
    named = labels.value if isinstance(labels, yaml.SequenceNode) else [labels] if labels is not None else []
    repo = _scalar("autoIssue.repo", values["repo"], offset) if "repo" in values else ""
    return tuple(_scalar("autoIssue.labels", label, offset) for label in named[:50]), repo


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


# What is to change

Edit = Callable[[Ritual | None], Ritual | None]


@dataclass(frozen=True)
class ImportPlan:
    """The edits to make, by the rituals' ids, and the report to show."""

    edits: dict[str, Edit]
    report: Report


def plan(
    parsed: ParsedFile, existing: Iterable[Ritual], logins: Mapping[str, str], today: date
) -> ImportPlan:
    """What to change. `logins` are by GitHub login in lower case. A ritual is recognized by its task, or by its name."""
    everyone = list(existing)
    known = {ritual.name.casefold(): ritual for ritual in everyone if ritual.retired is None}
    known |= {ritual.imported.task.casefold(): ritual for ritual in everyone if ritual.imported}
    number = max((_number(ritual.id) for ritual in everyone), default=0)
    report = Report(problems=list(parsed.problems))
    edits: dict[str, Edit] = {}
    for _, entry in parsed.entries:
        if entry.dri and entry.dri.casefold() not in logins and entry.dri not in report.strangers:
            report.strangers.append(entry.dri)
        old = known.get(entry.task.casefold())
        if old is None:
            number += 1
            edits[f"RIT-{number}"] = _maker(f"RIT-{number}", entry, logins, today)
            report.new.append(entry.task)
        elif old.imported == entry:
            report.same.append(old.name)
        else:
            edits[old.id] = _updater(entry, logins, today)
            report.changed.append(old.name)
    return ImportPlan(edits, report)


def _number(id_: str) -> int:
    last = id_.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _maker(id_: str, entry: ImportedFields, logins: Mapping[str, str], today: date) -> Edit:
    def make(existing: Ritual | None) -> Ritual | None:
        if existing is not None:
            raise Refused(f"{id_} was made by somebody else at this moment; read the file in again")
        fresh = Ritual(id=id_, name=entry.task, rhythm=rhythm_of(entry), since=today)
        return replace(fresh, imported=entry, **_fields(entry, logins))

    return make


def _updater(entry: ImportedFields, logins: Mapping[str, str], today: date) -> Edit:
    """Only fields that differ from the last import are written: what was edited here since then stays."""

    def update(existing: Ritual | None) -> Ritual | None:
        if existing is None:
            return None
        last = existing.imported
        before = _fields(last, logins) if last else {}
        fields = {name: value for name, value in _fields(entry, logins).items() if before.get(name) != value}
        changed = replace(existing, imported=entry, **fields)
        is_new_rhythm = last is None or (last.frequency, last.started) != (entry.frequency, entry.started)
        return with_rhythm(changed, rhythm_of(entry), today) if is_new_rhythm else changed

    return update


def _fields(entry: ImportedFields, logins: Mapping[str, str]) -> dict[str, Any]:
    return {
        "purpose": entry.description,
        "url": entry.url if entry.url.startswith(("https://", "http://")) else "",
        "dri": logins.get(entry.dri.casefold(), entry.dri),
        "labels": entry.labels,
        "repo": entry.repo,
    }
