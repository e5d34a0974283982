"""What happened, in sentences: to one document, or lately in the whole workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec

from fleettui.domain.checklists.model import Checklist
from fleettui.domain.checklists.rules import every_step
from fleettui.errors import Refused
from fleettui.store.protocol import Happening
from fleettui.workspace.collections import BY_NAME, CUSTOMERS, TICKS
from fleettui.workspace.done_wording import EntryWords, Names, change_words, entry_words
from fleettui.workspace.history import History
from fleettui.workspace.people import People
from fleettui.workspace.session import Session
from fleettui.workspace.subjects import name_of, subject_of

NO_NEWS = ("init", "outbox.begin", "outbox.sent", "outbox.put_off")
"""What a workspace began with, and what the service does with every answer."""


class HistoryLine(msgspec.Struct, frozen=True, dict=True):
    """One entry of the history, in words."""

    happening: Happening
    names: Names
    subject: str
    """Of a ticket, the name of a ritual or a playbook, the title of a call; empty where the id says it all."""
    about: str
    """What people call the document: its id, or the name of a person or customer."""
    without: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int]:
        return self.happening.collection, self.happening.id, self.happening.entry.rev

    @property
    def id(self) -> str:
        return self.happening.id

    @property
    def at(self) -> datetime:
        return self.happening.entry.at

    @property
    def who(self) -> str:
        return self.names.person(self.happening.entry.by)

    @property
    def why(self) -> str:
        """The reason that somebody gave. Calls keep a step's key there, which the sentence names already."""
        entry = self.happening.entry
        return "" if any(entry.why in change.path for change in entry.changes) else entry.why

    @cached_property
    def words(self) -> EntryWords:
        return entry_words(self.happening.entry, self.names, self.without)

    @property
    def done(self) -> str:
        """What was done, with the fields that changed."""
        return self.words.full

    @property
    def done_to_subject(self) -> str:
        """What was done, in a list of all that happened: with the subject, without fields that nobody knows by heart."""
        is_undo = self.happening.entry.undoes is not None
        if is_undo or self.happening.collection == "people":
            return self.words.full
        return f"{self.words.short} · {self.subject}" if self.subject else self.words.short

    @property
    def has_changes(self) -> bool:
        """Whether it changed a field of a document that existed, not counting `without`."""
        entry = self.happening.entry
        return entry.kind != "made" and any(change.field not in self.without for change in entry.changes)

    @property
    def changes(self) -> list[str]:
        """Every field that changed, before and after."""
        return [change_words(change, self.names.zone) for change in self.happening.entry.changes]


class Happenings:
    def __init__(self, session: Session, history: History, people: People) -> None:
        self._session, self._store = session, session.store
        self._history, self._people = history, people

    def of(self, id_: str, limit: int = 20, without: Sequence[str] = ()) -> list[HistoryLine]:
        """The history of one document, newest first; empty where it has none. `without`: fields to leave out."""
        try:
            happenings = self._history.happenings(id_, limit)
        except Refused:
            return []
        return self.in_words(happenings, tuple(without))

    def latest(self, limit: int) -> list[HistoryLine]:
        """The newest entries of the whole workspace, without the text of messages: everybody has this list open. That what was
        answered also left says nothing new, as long as it did."""
        lately = (row for row in self._history.lately(limit * 3) if row.entry.verb not in NO_NEWS)
        return self.in_words(list(islice(lately, limit)), ("messages",))

    def in_words(self, happenings: Sequence[Happening], without: tuple[str, ...] = ()) -> list[HistoryLine]:
        ids: dict[str, set[str]] = {}
        for happening in happenings:
            ids.setdefault(happening.collection, set()).add(happening.id)
        documents = {name: self._store.several(BY_NAME[name], wanted) for name, wanted in ids.items()}
        return [
            self._line(happening, documents[happening.collection].get(happening.id), without)
            for happening in happenings
        ]

    def _line(self, happening: Happening, document: Any, without: tuple[str, ...]) -> HistoryLine:
        names = Names(lambda key: self._label(document, key), self._shown, self._session.policy.zone)
        about = happening.id.partition("@")[0]
        if happening.collection in ("people", "customers"):
            return HistoryLine(happening, names, "", document.shown if document else about, without)
        return HistoryLine(happening, names, self._subject(happening, document), about, without)

    def _subject(self, happening: Happening, document: Any) -> str:
        if happening.collection == TICKS.name:
            return subject_of(self._store, TICKS.name, happening.id)
        return name_of(happening.collection, document)

    def _shown(self, login: str) -> str:
        return self._people.get(login).shown

    def _label(self, document: Any, key: str) -> str:
        """What a step, a field, a question or a customer is called."""
        labels = dict(_labels(document))
        if key in labels:
            return labels[key]
        customer = self._store.get(CUSTOMERS, key)
        return customer.shown if customer else key


def _labels(document: Any) -> Iterator[tuple[str, str]]:
    for checklist in _checklists(document):
        for step in every_step(checklist.steps):
            yield step.key, step.label
            yield from ((field.key, field.label) for field in step.fields)
        yield from ((fact.key, fact.question) for fact in checklist.facts)


def _checklists(document: Any) -> Iterator[Checklist]:
    """Those that a document keeps: each as it was defined when it began."""
    kept = [getattr(document, "checklist", None), getattr(document, "definition", None)]
    kept += [opened.checklist for opened in getattr(document, "lists", {}).values()]
    return (checklist for checklist in kept if isinstance(checklist, Checklist))
