"""Making a workspace: the folder, its permissions, the handbook's files, the roster."""

from __future__ import annotations

import grp
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from fleettui import config, shipped
from fleettui.documents import Document
from fleettui.domain.team import people
from fleettui.domain.team.people import Person
from fleettui.errors import Refused, Unusable
from fleettui.places import in_workspace, named
from fleettui.store import files
from fleettui.store.protocol import Collection
from fleettui.time.clock import Clock, frozen_clock
from fleettui.workspace.workspace import Workspace
from fleettui.workspace.workspace_file import WORKSPACE_FILE, WorkspaceFile, encode

FOLDERS = ("journal", "locks", "archive", "backups", "presence", "drafts", "handbook", "handbook-last-good")
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

    home: Path
    clock: Clock
    login: str
    demo: Fill | None = None
    group: str | None = None
    name: str = ""
    handbook_team: bool = False

    @property
    def seed(self) -> str:
        """The file of `data/` with its first people."""
        if self.demo:
            return "demo.json"
        return "people.json" if self.handbook_team else "empty.json"


def create(plan: NewWorkspace) -> Workspace:
    """workspace.json is written last: what was interrupted is no workspace, and can be made again."""
    _refuse_occupied(plan.home)
    modes = files.PRIVATE if plan.group is None else files.SHARED
    with files.os_errors_about(plan.home):
        _make_home(plan, modes)
        top = in_workspace(plan.home)  # as long as it is here, all of it is opened from there
        seed = msgspec.json.decode((shipped.DATA / plan.seed).read_bytes())
        _write_handbook(plan.home / "handbook", modes, seed.get("in_other_hands", {}))
        name = DEMO_NAME if plan.demo else TEAM_NAME
        workspace_file = WorkspaceFile(format=files.FORMAT, name=name, made=plan.clock())
        _fill(plan, workspace_file, seed)
        files.write_atomic(top / WORKSPACE_FILE, encode(workspace_file), modes.file)
    return Workspace.open(plan.home, clock=plan.clock, login=plan.login)


def _refuse_occupied(home: Path) -> None:
    if (home / WORKSPACE_FILE).exists():
        raise Refused(f"There is a workspace in {home} already.")
    if home.exists() and not home.is_dir():
        raise Unusable(f"{home}: is not a folder.")
    strangers = {entry.name for entry in home.iterdir()} - set(FOLDERS) if home.is_dir() else set()
    if any(not name.endswith((".json", ".lock")) for name in strangers):
        raise Refused(f"{home} is not empty ({min(strangers)} is there). Name an empty or a new folder.")


def _make_home(plan: NewWorkspace, modes: files.Modes) -> None:
    group_id = -1 if plan.group is None else _group_id(plan.group)
    plan.home.mkdir(parents=True, exist_ok=True)
    os.chown(plan.home, -1, group_id)
    plan.home.chmod(modes.folder)
    for name in FOLDERS:
        files.make_folder(plan.home / name, modes)
        if plan.group is not None:
            os.chown(plan.home / name, -1, group_id)
            (plan.home / name).chmod(modes.folder)


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise Refused(
            f"there is no group {name!r} on this machine; make it first (groupadd {name})", field="--shared"
        ) from None


def _write_handbook(folder: Path, modes: files.Modes, in_other_hands: Mapping[str, str]) -> None:
    from fleettui.policy.handbook import seed_files
    from fleettui.policy.last_good import LastGood

    last_good = LastGood(folder.parent)
    for name, content in seed_files():
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            files.make_folder(folder / parent, modes)
        for ours, theirs in in_other_hands.items():
            content = content.replace(ours.encode(), theirs.encode())
        files.write_atomic(path, content, modes.file)
        last_good.keep(name, content, named(path).stat().st_mtime_ns)


def _fill(plan: NewWorkspace, workspace_file: WorkspaceFile, seed: Mapping[str, Any]) -> None:
    begun = plan.clock() - (DEMO_AGE if plan.demo else timedelta())
    workspace = Workspace(plan.home, workspace_file, frozen_clock(begun), plan.login)
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
    workspace.close()


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


def open_damaged(home: Path, clock: Clock) -> Workspace:
    """For restoring a backup: works without a readable workspace.json."""
    if not home.is_dir():
        raise Unusable(f"There is no folder {home}. Name the workspace with --home.")
    return Workspace(
        home, WorkspaceFile(format=files.FORMAT, name=home.name, made=clock()), clock, config.login()
    )
