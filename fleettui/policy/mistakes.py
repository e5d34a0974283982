"""What is wrong in a handbook: every mistake in every file, and the names that lead nowhere from one file to another.

Loading a file finds only the first mistake of that file. This finds all the rest, for `doctor`. A name that leads nowhere stops
nobody from working, so it is not `serious`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

import msgspec

from fleettui.domain.checklists.model import Step
from fleettui.domain.checklists.rules import every_step
from fleettui.domain.messages import LATER
from fleettui.domain.tickets.fields import EDITABLE
from fleettui.domain.tickets.sla import ANY
from fleettui.errors import Unusable
from fleettui.policy import files
from fleettui.policy.files import TOP_FILES
from fleettui.policy.handbook import Handbook
from fleettui.policy.playbook_mistakes import playbook_mistakes
from fleettui.policy.shapes import type_of
from fleettui.time.typed import span

Named = Iterable[tuple[str, str]]
"""Paths of fields, and the name that each holds."""


class PolicyMistake(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in one field of one file."""

    file: str
    field: str
    what: str
    serious: bool
    """The file cannot be used."""
    line: int = 0
    """0 where it is about no line."""

    @property
    def in_words(self) -> str:
        """With its line and its field, without the file."""
        at = f"line {self.line}: " if self.line else ""
        return f"{at}{self.field}: {self.what}" if self.field else f"{at}{self.what}"


def check(handbook: Handbook, logins: Collection[str] | None = None) -> list[PolicyMistake]:
    """Everything that is wrong. `logins` are those of the roster; with None no DRI is looked up."""
    broken = list(_broken_files(handbook))
    if broken:
        # Names cannot be followed into files that cannot be read.
        return broken + list(_untyped_mistakes(handbook))
    references = _References(handbook, logins).all()
    return [*_untyped_mistakes(handbook), *(_with_line(handbook, mistake) for mistake in references)]


def _with_line(handbook: Handbook, mistake: PolicyMistake) -> PolicyMistake:
    content = handbook.content(mistake.file)
    return msgspec.structs.replace(mistake, line=files.line_in(content, mistake.field))


# File by file.


def _broken_files(handbook: Handbook) -> Iterator[PolicyMistake]:
    for name in TOP_FILES:
        yield from map(_as_mistake, mistakes_in(handbook, name))
    try:
        for name in handbook.playbook_files:
            yield from map(_as_mistake, mistakes_in(handbook, name))
        doubles = [error for error in handbook.broken_playbooks if error.field == "id"]
    except Unusable as error:
        yield _as_mistake(error)
        return
    yield from map(_as_mistake, doubles)


def mistakes_in(handbook: Handbook, name: str) -> list[files.Mistake]:
    """All that is wrong in one file that has a type, by itself."""
    type_ = type_of(name)
    try:
        return files.every_mistake(handbook.content(name), type_, name) if type_ else []
    except files.Mistake as mistake:
        return [mistake]


def _as_mistake(error: Unusable, *, serious: bool = True) -> PolicyMistake:
    if isinstance(error, files.Mistake):
        return PolicyMistake(
            file=error.file, field=error.field, what=error.what, serious=serious, line=error.line
        )
    return PolicyMistake(file="", field="", what=str(error), serious=True)


def _minor(file: str, field: str, what: str, line: int = 0) -> PolicyMistake:
    """The file can be used all the same."""
    return PolicyMistake(file=file, field=field, what=what, serious=False, line=line)


def _untyped_mistakes(handbook: Handbook) -> Iterator[PolicyMistake]:
    """What no type can check: keys that stand twice, files that nothing reads, broken templates."""
    for name in _files(handbook):
        try:
            content = handbook.content(name)
        except Unusable:
            continue  # it is among the broken ones
        for path, key, line in files.keys_twice(content):
            field = f"{path}.{key}".lstrip(".")
            yield _minor(name, field, "stands twice here; the first is lost", line)
    for name in files.unexpected_files(handbook.folder):
        yield _minor(name, "", "is read by nothing; is its name misspelt?")
    try:
        templates = list(handbook.renderer.mistakes())
    except Unusable:
        return
    for mistake, serious in templates:
        yield _as_mistake(mistake, serious=serious)
    yield from _templates_without_message(handbook)


_INCLUDED = re.compile(rb"""{%-?\s*(?:include|import|from|extends)\s+["']([\w-]+)""")


def _templates_without_message(handbook: Handbook) -> Iterator[PolicyMistake]:
    """Nobody can choose them, and no text takes them in."""
    try:
        names = files.names_in(handbook.folder, files.TEMPLATES, ".j2")
        names = sorted({*names, *(name for name in handbook.unsaved if name.startswith(files.TEMPLATES))})
        read = {message.name.encode() for message in handbook.messages.messages} | set(map(str.encode, LATER))
        read |= {name for file in names for name in _INCLUDED.findall(handbook.content(file))}
    except Unusable:
        return  # named already
    for file in names:
        name = file.removeprefix(f"{files.TEMPLATES}/").removesuffix(".j2")
        if name.encode() not in read:
            yield _minor(file, "", f"nothing shows this text: no message of messages.json is called {name!r}")


def _files(handbook: Handbook) -> list[str]:
    try:
        return [*TOP_FILES, *handbook.playbook_files]
    except Unusable:
        return list(TOP_FILES)


# From file to file.


class _References:
    """Names in one file that should exist in another."""

    def __init__(self, handbook: Handbook, logins: Collection[str] | None) -> None:
        self.handbook, self.logins = handbook, logins
        self.messages = {message.name for message in handbook.messages.messages} | set(LATER)
        self.roles = {role.key for role in handbook.roles.roles}
        self.openable: dict[str, Collection[str]] = {
            "playbook": handbook.playbooks,
            "ritual": {ritual.id for ritual in handbook.rituals.rituals},
            "call": {kind.key for kind in handbook.calls.kinds},
        }
        """What a step can open by its name; of other kinds any name will do."""

    def all(self) -> Iterator[PolicyMistake]:
        yield from self._missing_keys()
        yield from self._promises()
        yield from self._support()
        yield from self._tickets()
        yield from self._triage()
        yield from self._macros()
        yield from self._calls()
        yield from self._gtm()
        yield from self._rituals()
        for name in self.handbook.playbook_files:
            yield from self._playbook(name)

    def _unknown(self, file: str, kind: str, known: Collection[str], named: Named) -> Iterator[PolicyMistake]:
        for field, name in named:
            if name and name not in known:
                yield _minor(file, field, f"no {kind} is called {name!r}")

    def _dris(self, file: str, named: Named) -> Iterator[PolicyMistake]:
        if self.logins is not None:
            yield from self._unknown(file, "person or role", {*self.roles, *self.logins}, named)

    def _missing_keys(self) -> Iterator[PolicyMistake]:
        """Rows that the product works with by their keys: without them a part of it does nothing, and says nothing."""
        for part in ("calls", "channels", "details", "gtm", "hours", "messages", "roles", "sla", "tickets"):
            for field, what in getattr(self.handbook, part).missing_keys():
                yield _minor(f"{part}.json", field, what)

    def _support(self) -> Iterator[PolicyMistake]:
        channels, levels = self.handbook.channels, self.handbook.levels.levels
        file = "channels.json"
        yield from self._dris(
            file, ((f"channels[{n}].dri", channel.dri) for n, channel in enumerate(channels.channels))
        )
        helps = ((f"help[{n}].message", channel.message) for n, channel in enumerate(channels.help))
        yield from self._unknown(file, "message", self.messages, helps)
        urgent = [("urgent.message", self.handbook.department.urgent.message)]
        yield from self._unknown("department.json", "message", self.messages, urgent)
        for number, level in enumerate(levels):
            path = f"levels[{number}]"
            roles = chain(
                _each(f"{path}.roles", level.roles), _each(f"{path}.when_needed", level.when_needed)
            )
            yield from self._unknown("levels.json", "role", self.roles, roles)
            known = {channel.key for channel in channels.help}
            yield from self._unknown("levels.json", "help", known, _each(f"{path}.help", level.help))
        for number, group in enumerate(self.handbook.groups.groups):
            path = f"groups[{number}]"
            people = _fields(group, path, "revenue", "pipeline", "customer_success")
            yield from self._dris("groups.json", chain(people, _each(f"{path}.cses", group.cses)))

    def _promises(self) -> Iterator[PolicyMistake]:
        sla = self.handbook.sla
        known = {ANY, *(priority.key for priority in sla.priorities)}
        named = [(f"commitments[{n}].priority", row.priority) for n, row in enumerate(sla.commitments)]
        yield from self._unknown("sla.json", "priority", known, named)
        yield from self._unknown(
            "alarms.json", "priority", known, _each("urgent", self.handbook.alarms.urgent)
        )

    def _tickets(self) -> Iterator[PolicyMistake]:
        tickets, file = self.handbook.tickets, "tickets.json"
        issue = _fields(tickets.issue, "issue", "body", "key_date_message", "customer_message")
        named = _fields(tickets, "", "auto_reply", "details_request", "dm_summary")
        yield from self._unknown(file, "message", self.messages, chain(issue, named))
        for number, checklist in enumerate(tickets.checklists):
            yield from self._steps(file, f"checklists[{number}].steps", checklist.steps)

    def _calls(self) -> Iterator[PolicyMistake]:
        calls, file = self.handbook.calls, "calls.json"
        named = _fields(calls.notes, "notes", "title", "heading", "document", "meeting_title")
        yield from self._unknown(file, "message", self.messages, named)
        yield from self._steps(file, "steps", calls.steps)

    def _gtm(self) -> Iterator[PolicyMistake]:
        gtm, file = self.handbook.gtm, "gtm.json"
        for number, row in enumerate(gtm.reach_out):
            roles = chain(
                [(f"reach_out[{number}].role", row.role)], _each(f"reach_out[{number}].helps", row.helps)
            )
            yield from self._unknown(file, "role", self.roles, roles)
        yield from self._unknown(
            file, "message", self.messages, [("sanctions.message", gtm.sanctions.message)]
        )
        yield from self._unknown(
            file, "playbook", self.handbook.playbooks, _each("sanctions.at", gtm.sanctions.at)
        )

    def _macros(self) -> Iterator[PolicyMistake]:
        file, fields = "macros.json", {*EDITABLE, *(detail.key for detail in self.handbook.details.details)}
        for number, macro in enumerate(self.handbook.macros.macros):
            path = f"macros[{number}]"
            yield from self._unknown(file, "message", self.messages, [(f"{path}.answer", macro.answer)])
            playbook = [(f"{path}.playbook", macro.playbook)]
            yield from self._unknown(file, "playbook", self.handbook.playbooks, playbook)
            named = ((f"{path}.fields.{field}", field) for field in macro.fields)
            yield from self._unknown(file, "field", fields, named)
            if macro.assign not in ("me", "nobody"):
                yield from self._dris(file, [(f"{path}.assign", macro.assign)])
            if macro.snooze and span(macro.snooze) is None:
                yield _minor(file, f"{path}.snooze", "is no span of time such as 2h, 3d or 1w")

    def _triage(self) -> Iterator[PolicyMistake]:
        policy = self.handbook.triage
        named = [("counts_as", policy.counts_as), ("otherwise", policy.otherwise)]
        named += [(f"suggestions[{n}].priority", row.priority) for n, row in enumerate(policy.suggestions)]
        named += [(f"most_urgent.{tier}", priority) for tier, priority in policy.most_urgent.items()]
        known = {priority.key for priority in self.handbook.sla.priorities}
        yield from self._unknown("triage.json", "priority", known, named)

    def _rituals(self) -> Iterator[PolicyMistake]:
        file = "rituals.json"
        for number, ritual in enumerate(self.handbook.rituals.rituals):
            path = f"rituals[{number}]"
            yield from self._dris(file, [(f"{path}.dri", ritual.dri)])
            yield from self._unknown(
                file, "playbook", self.handbook.playbooks, [(f"{path}.playbook", ritual.playbook)]
            )
            yield from self._unknown(
                file, "message", self.messages, _each(f"{path}.messages", ritual.messages)
            )
            yield from self._steps(file, f"{path}.steps", ritual.steps)

    def _playbook(self, file: str) -> Iterator[PolicyMistake]:
        playbook = self.handbook.playbook_in(file)
        yield from self._dris(file, [("dri", playbook.dri)])
        yield from self._unknown(file, "message", self.messages, _each("reminders", playbook.reminders))
        yield from self._steps(file, "steps", playbook.steps)
        for field, what in playbook_mistakes(self.handbook, playbook):
            yield _minor(file, field, what)

    def _steps(self, file: str, path: str, steps: tuple[Step, ...]) -> Iterator[PolicyMistake]:
        for step in every_step(steps):
            # A key is easier to find in the file than a path through nested lists.
            here = f"{path}: {step.key}"
            yield from self._unknown(file, "role", self.roles, _roles_of(here, step))
            yield from self._unknown(file, "message", self.messages, _each(f"{here}.text", step.text))
            for number, opened in enumerate(step.opens):
                if opened.kind in self.openable:
                    named = [(f"{here}.opens[{number}].name", opened.name)]
                    yield from self._unknown(file, opened.kind, self.openable[opened.kind], named)


def _fields(row: object, path: str, *fields: str) -> Named:
    return ((f"{path}.{field}".lstrip("."), str(getattr(row, field))) for field in fields)


def _each(field: str, names: Iterable[str]) -> Named:
    return ((f"{field}[{number}]", name) for number, name in enumerate(names))


def _roles_of(here: str, step: Step) -> Named:
    yield f"{here}.owner", step.owner
    if step.approval:
        yield f"{here}.approval.by", step.approval.by
        yield from _each(f"{here}.approval.backup", step.approval.backup)
