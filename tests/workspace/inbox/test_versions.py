"""How documents were before and after each change: as built anew from the history, and without a copy of all that stayed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from fleettui.domain.events.model import Changed
from fleettui.domain.tickets.model import Ticket
from fleettui.store import diff
from fleettui.workspace.collections import BY_NAME
from fleettui.workspace.inbox.feed import COLLECTIONS
from fleettui.workspace.inbox.versions import Versions
from fleettui.workspace.workspace import Workspace
from tests.workspace.inbox.test_feed import PEOPLE, Life, Time

NAMES = [collection.name for collection in COLLECTIONS]


def changes(workspace: Workspace) -> list[Changed]:
    """In the order in which they were made."""
    commits = workspace.store.since("", COLLECTIONS)
    of_documents = list(Versions(workspace.store, NAMES, lambda _: "").changes(commits))
    order = {
        (happening.collection, happening.id, happening.entry.rev): number
        for number, happening in enumerate(happening for commit in commits for happening in commit.happenings)
    }
    every = [change for changes in of_documents for _, change in changes]
    return sorted(every, key=lambda change: order[change.collection, change.id, change.rev])


def built_anew(workspace: Workspace) -> Iterator[tuple[Any, ...]]:
    """Each version whole, from the fields that the history leads back to; newest first."""
    fields: dict[tuple[str, str], diff.Fields | None] = {}
    for commit in reversed(workspace.store.since("", COLLECTIONS)):
        for happening in reversed(commit.happenings):
            key, entry = (happening.collection, happening.id), happening.entry
            type_ = BY_NAME[key[0]].type
            if key not in fields:
                now = workspace.store.get(BY_NAME[key[0]], key[1])
                fields[key] = None if now is None else diff.fields_of(now)
            after = _document(fields[key], type_, key[1], entry.rev)
            fields[key] = diff.rewind(fields[key], [entry])
            yield (*key, entry.rev, _document(fields[key], type_, key[1], entry.rev - 1), after)


def _document(fields: diff.Fields | None, type_: type[Any], id_: str, rev: int) -> Any:
    return None if fields is None else msgspec.convert({**fields, "id": id_, "rev": rev}, type_)


@pytest.mark.parametrize("seed", range(6))
def test_versions_are_as_the_history_says(workspace: Workspace, seed: int) -> None:
    rng, clock = random.Random(seed), Time()
    life = Life({login: Workspace.open(workspace.home, clock=clock, login=login) for login in PEOPLE}, rng)
    life.acts += [life.undo]
    for _ in range(60):
        clock.pass_by(rng.choice((0, 0.1, 3)))
        life.act()
    workspace.refresh()
    shared = [(c.collection, c.id, c.rev, c.before, c.after) for c in changes(workspace)]
    assert shared[::-1] == list(built_anew(workspace))
    assert len(shared) > 30


def test_versions_of_the_demo_are_as_the_history_says(made: Any) -> None:
    workspace = made(demo=True)
    shared = [(c.collection, c.id, c.rev, c.before, c.after) for c in changes(workspace)]
    assert shared[::-1] == list(built_anew(workspace))


def test_a_note_more_does_not_copy_the_conversation(workspace: Workspace) -> None:
    """The inbox looks at each version of two weeks: copies of long conversations took 40 MB in a busy session."""
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P2")
    for number in range(5):
        workspace.tickets.note(ticket.id, f"Note {number}")
    last = changes(workspace)[-1]
    assert isinstance(last.before, Ticket)
    assert isinstance(last.after, Ticket)
    assert len(last.before.messages) + 1 == len(last.after.messages)
    assert all(
        before is after for before, after in zip(last.before.messages, last.after.messages, strict=False)
    )
