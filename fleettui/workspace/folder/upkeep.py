"""Maintenance of a workspace: backups, restoring, export, and the search for damage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui import config
from fleettui.errors import FleettuiError, Refused, Unusable
from fleettui.places import in_workspace
from fleettui.store import committed, files
from fleettui.store.kept_files import FOLDER, KeptFiles
from fleettui.store.protocol import Finding, Stamp
from fleettui.store.tinydb import backup, doctor
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.time.clock import clock_from, system_clock
from fleettui.workspace import exporting
from fleettui.workspace.collections import ALL, CUSTOMERS, KEPT, PEOPLE, TICKETS
from fleettui.workspace.folder.workspace_file import WORKSPACE_FILE, made_anew, read_workspace_file
from fleettui.workspace.session import Session, own_key
from fleettui.workspace.tickets.files import named_by

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.store.losses import Lost, Restored
    from fleettui.store.tinydb.database import WorkspaceDatabase


_DIGEST = re.compile(rb"[0-9a-f]{64}")
UNNAMED_FOR = timedelta(days=1)
"""How long a file is left that no ticket names: its ticket may be about to be written."""


class Maintenance:
    """Backups and export of one workspace."""

    def __init__(self, session: Session, store: TinyDBStore) -> None:
        self._session, self._store = session, store

    def backup(self, *, with_files: bool = False, to: Path | None = None) -> Path:
        """Write a backup now, into a folder elsewhere if `to` names one, and clean up the kept files."""
        if to is not None and not to.is_dir():
            raise Refused(f"{to}: there is no such folder. Make it, or mount the disk it is on.", field="to")
        path = backup.backup(self._store, KEPT, self._session.now(), with_files=with_files, to=to)
        committed.note(path.name, 0, "backup")
        self.clean_up_files()
        return path

    def kept_files(self) -> tuple[int, int]:
        """How many files are kept, and their bytes together."""
        kept = backup.kept_files_of(self._store)
        sizes = [kept.size(name) for name in kept.names()]
        return len(sizes), sum(sizes)

    @property
    def kept_files_folder(self) -> Path:
        """Where they are."""
        return self._store.home / FOLDER

    def clean_up_files(self) -> int:
        """Remove the files that no ticket names and none ever did: what a ticket's history names can come back by undo."""
        kept = backup.kept_files_of(self._store)
        before = system_clock() - UNNAMED_FOR
        with backup.everything_locked(self._store, [TICKETS]):
            unnamed = set(kept.names()) - set(named_by(self._store.all(TICKETS, archived=True)))
            for path in self._histories_of_tickets() if unnamed else ():
                unnamed -= {digest.decode() for digest in _DIGEST.findall(files.read_file(path))}
        return kept.sweep(unnamed, before)

    def _histories_of_tickets(self) -> list[Path]:
        """All files with changes of tickets, those that a backup could bring back, too."""
        home, name = self._store.home, TICKETS.name
        folders = ("journal", "archive", "backups")
        return [path for path in (home / f"{name}.json",) if files.exists(path)] + [
            path for folder in folders for path in files.matching(home / folder, f"{name}-*.json*")
        ]

    def left_out_of_backups(self) -> list[Path]:
        """What lies in the handbook's folder and is no regular file."""
        return backup.left_out(self._store.home)

    def restore(
        self, file: Path | None, *, salvage: bool = False, sure: bool = False, agreed: Sequence[Lost] = ()
    ) -> Restored:
        """Restore a backup, or rescue what is damaged, after a copy of what is replaced. `agreed`: what may be lost by it."""
        from fleettui.store.tinydb.restore import restore  # hardly ever needed
        from fleettui.workspace.session import FOUNDING

        now = self._session.now()
        nobodys = (*FOUNDING, "requests.keep")
        restored = restore(
            self._store, KEPT, file, now, salvage=salvage, sure=sure, agreed=agreed, nobodys=nobodys
        )
        try:
            restored.done.extend(self._mark_made_anew(now))
        except Unusable as error:
            if not restored.done:
                raise
            committed.note_trouble(str(error))
        return restored

    def _mark_made_anew(self, now: datetime) -> Iterator[str]:
        home = self._store.home
        name = made_anew(home, self._store.modes, now, backup.versions_in_whole(home, WORKSPACE_FILE))
        if name:
            yield f"{WORKSPACE_FILE}: written anew; the workspace is called {name!r}."

    def export(self, folder: Path, format_: str) -> list[tuple[Path, int]]:
        return exporting.export(self._store, folder, format_)


def database(home: Path, why: str) -> WorkspaceDatabase:
    """For scripts: everything that is kept, as TinyDB's tables."""
    from fleettui.store.tinydb.database import WorkspaceDatabase  # imports TinyDB

    read_workspace_file(home)
    login, clock = config.login(), clock_from()
    store = TinyDBStore(home, login, sign=own_key)
    return WorkspaceDatabase(store, ALL, lambda verb: Stamp(login, clock(), verb, why))


def examine(home: Path) -> list[Finding]:
    """Works also where the workspace cannot be opened."""
    if not home.is_dir():
        raise Unusable(f"{home}: there is no such folder. Make a workspace with `fleettui init`.")
    findings: list[Finding] = []
    top = in_workspace(home)  # as long as it is here, all of it is opened from there
    try:
        read_workspace_file(top.path)
    except FleettuiError as error:
        findings.append(Finding("error", str(home), str(error), "fleettui restore"))
    findings += doctor.examine(home, KEPT)
    return (
        findings
        + _file_findings(home)
        + _policy_findings(home)
        + _last_good_findings(home)
        + _signature_findings(home)
    )


def _signature_findings(home: Path) -> list[Finding]:
    """What people who sign have not signed; nothing where the box names nobody."""
    file = config.signers_file()
    if file is None:
        return []
    from fleettui.store.signing import Signers
    from fleettui.store.tinydb import proof

    try:
        return list(proof.examine(home, KEPT, Signers.read(file)))
    except Unusable as error:
        return [Finding("error", str(file), str(error), "mend that file, or remove `signers`")]


def _file_findings(home: Path) -> list[Finding]:
    """Files that tickets name and that are missing or damaged."""
    try:
        named = named_by(TinyDBStore(home, "").all(TICKETS, archived=True))
    except FleettuiError:
        return []  # what cannot be read has a finding already
    kept = KeptFiles(home, "", files.PRIVATE)
    troubles = ((digest, kept.trouble(digest)) for digest in named)
    return [
        Finding(
            "error",
            str(kept.path(digest)),
            f"{trouble}: {' of '.join(reversed(named[digest]))}",
            _mend(home, digest),
        )
        for digest, trouble in troubles
        if trouble
    ]


def _mend(home: Path, digest: str) -> str:
    holding = backup.newest_with_file(home, digest)
    if holding is None:
        return "ask whoever sent it for it, and `fleettui tickets attach` it: the same content mends it"
    return f"unzip -o {holding} {FOLDER}/{digest} -d {home}"


def _policy_findings(home: Path) -> list[Finding]:
    from fleettui.policy.handbook import load
    from fleettui.policy.mistakes import check

    folder = home / "handbook"
    try:
        handbook = load(folder)
        mistakes = check(handbook, logins(home))
    except FleettuiError as error:
        return [Finding("error", str(folder), str(error), "copy the folder from a new workspace")]
    return _tier_findings(home, handbook) + [
        Finding(
            "error" if mistake.serious else "warning",
            str(folder / mistake.file),
            mistake.in_words,
            "edit that field" if mistake.field else "edit that file",
        )
        for mistake in mistakes
    ]


def _last_good_findings(home: Path) -> list[Finding]:
    """The copies that count while a file of the handbook has a mistake."""
    from fleettui.policy.last_good import FOLDER as LAST_GOOD
    from fleettui.store.tinydb.damage import not_text

    findings = []
    for pattern in ("*", "playbooks/*", "templates/*"):
        folder, _, name = pattern.rpartition("/")
        for path in files.matching(home / LAST_GOOD / folder, name):
            if not files.is_folder(path) and (damaged := not_text(path, files.read_file(path))):
                mend = f"rm {path}: the next session makes a new one"
                findings.append(Finding("warning", str(path), f"line {damaged.line}: {damaged.what}", mend))
    return findings


def _tier_findings(home: Path, handbook: Handbook) -> list[Finding]:
    """SLA-17: customers of a tier, and hours of a customer, that nobody knows any more."""
    from fleettui.domain.customers.model import names_of
    from fleettui.domain.tickets.sla import tiers

    try:
        customers, policy = TinyDBStore(home, "").all(CUSTOMERS), handbook.sla
    except FleettuiError:
        return []  # named by those who look for damage
    known, names = tiers(policy), {name.casefold() for customer in customers for name in names_of(customer)}
    findings = [
        Finding(
            "warning",
            str(home / "customers.json"),
            f"{customer.id}: the policy knows no tier {customer.tier!r}, so nothing is promised to {customer.shown}",
            f"`fleettui customers edit {customer.id} tier=...`, or name the tier in handbook/sla.json",
        )
        for customer in customers
        if customer.active and customer.tier not in known
    ]
    for number, own in enumerate(policy.hours):
        findings += [
            Finding(
                "warning",
                str(home / "handbook" / "sla.json"),
                f"hours[{number}].customers[{place}]: no customer is called {name!r}",
                "edit that field",
            )
            for place, name in enumerate(own.customers)
            if name.casefold() not in names
        ]
    return findings


def logins(home: Path) -> set[str] | None:
    """The logins that the handbook may name; None where the roster cannot be read."""
    try:
        return {person.login for person in TinyDBStore(home, "").all(PEOPLE)}
    except FleettuiError:
        return None
