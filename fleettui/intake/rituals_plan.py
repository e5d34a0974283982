"""What taking in `*.rituals.yml` files changes. Pure functions.

An entry is known again by its file, its task and its labels. A ritual that came from no file is never touched, unless it is
named: then the entry takes its place, and its past stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec.structs import replace

from fleettui.domain.rituals.eras import retired, with_rhythm
from fleettui.domain.rituals.model import ImportedFields, Ritual
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.errors import Refused
from fleettui.intake.rituals_yaml import ParsedFile, Problem, rhythm_of
from fleettui.text import finding

ENDING = ".rituals.yml"
Edit = Callable[[Ritual | None], Ritual | None]


@dataclass(frozen=True)
class Taken:
    """An entry that was left out: a ritual that came from no file has its name."""

    task: str
    line: int
    file: str
    id: str

    @property
    def text(self) -> str:
        return (
            f"“{self.task}” is left out: {self.id} has this name. "
            f"--replace {self.id} puts the file's in its place; its past stays"
        )


@dataclass(frozen=True)
class Change:
    """A ritual that changes, and what the file says otherwise now."""

    id: str
    name: str
    file: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The result of an import, by the names of the rituals."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    """In a file, and retired here: they stay so."""
    gone: list[Change] = field(default_factory=list)
    """Once taken in from these files, and in none of them any more. `fields` is empty."""
    taken: list[Taken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """GitHub logins that nobody on the roster has: the ritual keeps the login as its DRI."""


@dataclass(frozen=True)
class Team:
    """What the plan has to know of the team."""

    logins: Mapping[str, str]
    """By GitHub login in lower case."""
    today: date
    begins: Callable[[Rhythm], date]
    """From which day on a new ritual counts: nothing that is past is owed."""


@dataclass(frozen=True)
class Asked:
    """What was asked for besides. `replace`: the ritual that an entry takes the place of, by the entry's task, in lower case."""

    replace: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    """Set where a whole folder was read: only then something can be gone."""
    retire_gone: bool = False


@dataclass(frozen=True)
class ImportPlan:
    """The edits to make, by the rituals' ids, and the report to show."""

    edits: dict[str, Edit]
    report: Report


def plan(files: Sequence[ParsedFile], existing: Iterable[Ritual], team: Team, asked: Asked) -> ImportPlan:
    """What to change so that the rituals are as the files say."""
    return _Planning(files, list(existing), team, asked).plan()


def same_file(path: str, other: str) -> bool:
    """Whether two paths mean one file, the shorter being the end of the longer: a checkout is read from several folders."""
    shorter, longer = sorted((path.split("/"), other.split("/")), key=len)
    return longer[-len(shorter) :] == shorter


class _Planning:
    """One import on its way: which entries still look for their ritual, and which rituals are known again."""

    def __init__(self, files: Sequence[ParsedFile], existing: list[Ritual], team: Team, asked: Asked) -> None:
        self._files, self._existing, self._team, self._asked = files, existing, team, asked
        self._entries = [(line, entry) for parsed in files for line, entry in parsed.entries]
        self._names = {ritual.name.casefold(): ritual for ritual in existing if ritual.retired is None}
        self._number = max((_number(ritual.id) for ritual in existing), default=0)
        self._edits: dict[str, Edit] = {}
        self._report = Report(problems=[problem for parsed in files for problem in parsed.problems])

    def plan(self) -> ImportPlan:
        known = self._known()
        self._replace(known)
        for index, (line, entry) in enumerate(self._entries):
            ritual = known.get(index)
            if ritual is not None:
                self._go_on(ritual, entry)
            elif (other := self._names.get(entry.task.casefold())) is not None and other.imported is None:
                self._report.taken.append(Taken(entry.task, line, entry.file, other.id))
                continue
            else:
                self._begin(entry)
            if entry.dri and entry.dri.casefold() not in self._team.logins:
                self._report.strangers.append(entry.dri)
        self._report.strangers[:] = dict.fromkeys(self._report.strangers)
        if self._asked.folder:
            self._find_gone({ritual.id for ritual in known.values()})
        return ImportPlan(self._edits, self._report)

    # Known again

    def _known(self) -> dict[int, Ritual]:
        """The ritual of each entry, by the entry's place; the surest signs first."""
        left: dict[str, list[tuple[Ritual, ImportedFields]]] = {}
        for ritual in self._existing:
            if ritual.imported is not None:
                left.setdefault(ritual.imported.task.casefold(), []).append((ritual, ritual.imported))
        known: dict[int, Ritual] = {}
        for is_same in (_all_the_same, _other_labels, _from_before, self._moved):
            for index, (_, entry) in enumerate(self._entries):
                alike = left.get(entry.task.casefold(), []) if index not in known else []
                match = next((pair for pair in alike if is_same(pair[1], entry)), None)
                if match is not None:
                    known[index] = match[0]
                    alike.remove(match)
        return known

    def _moved(self, old: ImportedFields, entry: ImportedFields) -> bool:
        """The file has another name now."""
        is_there = any(same_file(old.file, parsed.name) for parsed in self._files)
        return (
            bool(entry.folder) and old.folder == entry.folder and not is_there and old.labels == entry.labels
        )

    def _replace(self, known: dict[int, Ritual]) -> None:
        by_id = {ritual.id: ritual for ritual in self._existing}
        for task, id_ in self._asked.replace.items():
            places = [n for n, (_, entry) in enumerate(self._entries) if entry.task.casefold() == task]
            if len(places) != 1:
                tasks = [entry.task for _, entry in self._entries]
                why = "several entries are" if places else "no entry is"
                raise Refused(
                    f"{why} called {finding.quoted(task)}{finding.did_you_mean(task, tasks)}; "
                    f"write --replace {id_}=TASK with the task of an entry",
                    field="replace",
                )
            if by_id[id_].retired is not None:
                raise Refused(f"{id_} is retired; `fleettui rituals bring-back {id_}` first", field="replace")
            before = known.get(places[0])
            known[places[0]] = by_id[id_]
            if before is not None and before.id != id_:
                self._edits[before.id] = _given_up(self._team.today, id_)

    # What becomes of an entry

    def _go_on(self, ritual: Ritual, entry: ImportedFields) -> None:
        if ritual.retired is not None:
            self._report.retired.append(ritual.name)
            return
        entry = _placed(ritual.imported, entry)
        fields = _differing(ritual.imported, entry)
        if ritual.imported is None or fields:
            self._edits[ritual.id] = _updater(entry, self._team)
            self._report.changed.append(ritual.name)
            self._report.changes.append(Change(ritual.id, ritual.name, entry.file, fields))
        else:
            if (ritual.imported.file, ritual.imported.folder) != (entry.file, entry.folder):
                self._edits[ritual.id] = _updater(entry, self._team)
            self._report.same.append(ritual.name)

    def _begin(self, entry: ImportedFields) -> None:
        self._number += 1
        id_, name = f"RIT-{self._number}", self._free_name(entry)
        made = Ritual(id=id_, name=name, rhythm=rhythm_of(entry), since=self._team.begins(rhythm_of(entry)))
        made = replace(made, imported=entry, **_fields(entry, self._team.logins))
        self._names[name.casefold()] = made
        self._edits[id_] = _maker(made)
        self._report.new.append(name)

    def _free_name(self, entry: ImportedFields) -> str:
        """Its task; where another file has it too, with what tells them apart."""
        file = entry.file.rpartition("/")[2].removesuffix(ENDING)
        labels = ", ".join(entry.labels)
        names = (entry.task, *(f"{entry.task} ({part})" for part in (file, labels) if part))
        numbered = f"{entry.task} ({file or 'file'} {self._number})"
        return next((name for name in names if name.casefold() not in self._names), numbered)

    # What is gone

    def _find_gone(self, known: set[str]) -> None:
        for ritual in self._existing:
            if ritual.retired is None and ritual.id not in known and self._is_gone(ritual.imported):
                file = ritual.imported.file if ritual.imported else ""
                self._report.gone.append(Change(ritual.id, ritual.name, file, ()))
                if self._asked.retire_gone:
                    self._edits[ritual.id] = _retirer(self._team.today)

    def _is_gone(self, old: ImportedFields | None) -> bool:
        """Not where the entry is there and cannot be read, or may be one that cannot be read."""
        if old is None or not old.file:
            return False
        parsed = next((parsed for parsed in self._files if same_file(parsed.name, old.file)), None)
        if parsed is None:
            return old.folder == self._asked.folder
        return not any(p.task.casefold() in ("", old.task.casefold()) for p in parsed.problems)


# Whether an entry is what was read once; the tasks are the same


def _all_the_same(old: ImportedFields, entry: ImportedFields) -> bool:
    return _other_labels(old, entry) and old.labels == entry.labels


def _other_labels(old: ImportedFields, entry: ImportedFields) -> bool:
    return bool(old.file) and same_file(old.file, entry.file)


def _from_before(old: ImportedFields, _: ImportedFields) -> bool:
    """Read by a version that did not keep the file."""
    return not old.file


def _number(id_: str) -> int:
    last = id_.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _placed(old: ImportedFields | None, entry: ImportedFields) -> ImportedFields:
    """Where a file that is read alone was once found in a whole folder, it still belongs there."""
    if old is None or entry.folder or not old.folder:
        return entry
    return replace(entry, file=old.file, folder=old.folder)


_WORDS = {
    "started": "startedOn",
    "frequency": "frequency",
    "description": "description",
    "url": "moreInfoUrl",
    "dri": "dri",
    "labels": "labels",
    "repo": "repo",
}


def _differing(old: ImportedFields | None, entry: ImportedFields) -> tuple[str, ...]:
    """What differs, as the file calls it; where it lies is no difference."""
    if old is None:
        return ()
    return tuple(word for name, word in _WORDS.items() if getattr(old, name) != getattr(entry, name))


# The edits


def _maker(made: Ritual) -> Edit:
    def make(existing: Ritual | None) -> Ritual | None:
        if existing is not None:
            raise Refused(f"{made.id} was made by somebody else at this moment; read the file in again")
        return made

    return make


def _updater(entry: ImportedFields, team: Team) -> Edit:
    """Only fields that differ from the last import are written: what was edited here since then stays."""

    def update(existing: Ritual | None) -> Ritual | None:
        if existing is None:
            return None
        last = existing.imported
        before = _fields(last, team.logins) if last else {}
        now = _fields(entry, team.logins)
        fields = {name: value for name, value in now.items() if before.get(name) != value}
        changed = replace(existing, imported=entry, **fields)
        if last is None:
            changed = replace(changed, name=entry.task)
        is_new_rhythm = last is None or (last.frequency, last.started) != (entry.frequency, entry.started)
        return with_rhythm(changed, rhythm_of(entry), team.today) if is_new_rhythm else changed

    return update


def _given_up(today: date, replaced_by: str) -> Edit:
    """Another ritual has its entry now."""

    def give_up(existing: Ritual | None) -> Ritual | None:
        if existing is None or existing.retired is not None:
            return existing
        return replace(retired(existing, today, replaced_by), imported=None)

    return give_up


def _retirer(today: date) -> Edit:
    def retire(existing: Ritual | None) -> Ritual | None:
        return retired(existing, today) if existing and existing.retired is None else existing

    return retire


def _fields(entry: ImportedFields, logins: Mapping[str, str]) -> dict[str, Any]:
    return {
        "purpose": entry.description,
        "url": entry.url if entry.url.startswith(("https://", "http://")) else "",
        "dri": logins.get(entry.dri.casefold(), entry.dri),
        "labels": entry.labels,
        "repo": entry.repo,
    }
