"""Making a workspace: the handbook's files, the roster, the first documents. Its place makes what they are kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui import config, shipped
from fleettui.documents import Document
from fleettui.domain.team import people
from fleettui.domain.team.people import Person
from fleettui.store.protocol import Collection
from fleettui.text import cleaning
from fleettui.time.clock import Clock, frozen_clock
from fleettui.workspace import place_at
from fleettui.workspace.place import NewPlace
from fleettui.workspace.workspace import Workspace, workspace_at

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.workspace.place import WorkspacePlace

DEMO_AGE = timedelta(days=21)
"""For how long the demo's team has worked with it."""
TEAM_NAME, DEMO_NAME = "Customer team", "Demo team"

Fill = Callable[[Workspace, datetime], None]
"""Fills a workspace of `DEMO_AGE` ago up to the moment: `fleettui.demo.fill`, which stands above this module."""


@dataclass(frozen=True)
class NewWorkspace:
    """`group` shares it with an OS group; without one only its maker can read it. `demo` fills it with an invented team.

    Otherwise its only person is whoever makes it, by the `name` of the account, and rituals and channels are in the hands of
    roles; `handbook_team` puts in the persons that the handbook names.
    """

    home: Address
    clock: Clock
    login: str
    demo: Fill | None = None
    group: str | None = None
    name: str = ""
    handbook_team: bool = False
    title: str = ""
    """What the workspace is called; empty for the usual name."""

    @property
    def seed(self) -> str:
        """The file of `data/` with its first people."""
        if self.demo:
            return "demo.json"
        return "people.json" if self.handbook_team else "empty.json"


def create(plan: NewWorkspace) -> Workspace:
    """Opened by whoever made it."""
    seed = msgspec.json.decode((shipped.DATA / plan.seed).read_bytes())
    begun = plan.clock() - (DEMO_AGE if plan.demo else timedelta())
    new = NewPlace(
        cleaning.line(plan.title) or (DEMO_NAME if plan.demo else TEAM_NAME),
        plan.login,
        plan.clock,
        plan.group,
        _handbook_files(seed.get("in_other_hands", {})),
    )
    place = place_at(plan.home)
    place.make(new, lambda services: _fill(plan, Workspace(services, frozen_clock(begun), plan.login), seed))
    return workspace_at(place, plan.clock, plan.login)


def _handbook_files(in_other_hands: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    from fleettui.policy.handbook import seed_files

    for name, content in seed_files():
        for ours, theirs in in_other_hands.items():
            content = content.replace(ours.encode(), theirs.encode())
        yield name, content


def _fill(plan: NewWorkspace, workspace: Workspace, seed: Mapping[str, Any]) -> None:
    roster = [_seeded(row) for row in seed["people"]]
    if plan.demo and plan.login not in {person.login for person in roster}:
        roster.append(people.new_person(plan.login, {"name": "You", "roles": "CSE", "group": "Unicorns"}))
    if not roster:
        roster.append(people.new_person(plan.login, {"name": plan.name}))
    stamp = workspace.session.stamp("init")
    for collection, documents in _first_documents(workspace, roster):
        workspace.store.change_many(
            collection, {document.id: _keep(document) for document in documents}, stamp
        )
    if plan.demo:
        plan.demo(workspace, plan.clock())


def _first_documents(
    workspace: Workspace, roster: list[Person]
) -> Iterator[tuple[Collection[Any], Sequence[Document]]]:
    """The documents of a new workspace, by collection."""
    from fleettui.domain.rituals.policy import seeded
    from fleettui.workspace.collections import PEOPLE, RITUALS

    yield PEOPLE, roster
    yield (
        RITUALS,
        seeded(workspace.handbook.rituals.rituals, workspace.handbook.calendar.day_of(workspace.now())),
    )


def _keep(document: Document) -> Callable[[Document | None], Document]:
    return lambda known: known or document


def _seeded(row: Mapping[str, Any]) -> Person:
    return people.new_person(row["login"], {key: row[key] for key in people.EDITABLE if key in row})


def open_damaged(place: WorkspacePlace, clock: Clock) -> Workspace:
    """For restoring a backup: works where nothing says any more that it is a workspace."""
    login = config.login()
    return Workspace(place.open_damaged(login, clock), clock, login)
