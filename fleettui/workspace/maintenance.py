"""Maintenance of a workspace: backups, restoring, export, and the search for damage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui import config
from fleettui.errors import FleettuiError, Refused
from fleettui.store import files
from fleettui.store.protocol import Finding, Stamp
from fleettui.store.tinydb import backup, doctor
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.text import cleaning
from fleettui.time.clock import clock_from
from fleettui.workspace.collections import ALL, PEOPLE
from fleettui.workspace.session import Session
from fleettui.workspace.workspace_file import read_workspace_file

if TYPE_CHECKING:
    from fleettui.store.tinydb.database import WorkspaceDatabase


class Maintenance:
    """Backups and export of one workspace."""

    def __init__(self, session: Session, store: TinyDBStore) -> None:
        self._session, self._store = session, store

    def backup(self) -> Path:
        """Write a backup now."""
        return backup.backup(self._store, ALL, self._session.now())

    def restore(self, file: Path) -> list[str]:
        """Restore a backup, after a copy of what it replaces; returns what was done, in words."""
        return backup.restore(self._store, ALL, file, self._session.now())

    def export(self, folder: Path, format_: str) -> list[tuple[Path, int]]:
        """One file for each collection; existing ones of that name are replaced."""
        with files.os_errors_about(folder):
            folder.mkdir(parents=True, exist_ok=True)
        written = []
        for collection in ALL:
            rows = [msgspec.to_builtins(document) for document in backup.exported(self._store, collection)]
            path = folder / f"{collection.name}.{format_}"
            content = _as_csv(rows) if format_ == "csv" else _as_json(rows)
            with files.os_errors_about(path):
                files.write_atomic(path, content, files.PRIVATE.file)
            written.append((path, len(rows)))
        return written


def database(home: Path, why: str) -> WorkspaceDatabase:
    """For scripts: everything that is kept, as TinyDB's tables."""
    from fleettui.store.tinydb.database import WorkspaceDatabase  # imports TinyDB

    read_workspace_file(home)
    login, clock = config.login(), clock_from()
    store = TinyDBStore(home, login)
    return WorkspaceDatabase(store, ALL, lambda verb: Stamp(login, clock(), verb, why))


def _as_json(rows: list[dict[str, Any]]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    """Lists and nested values are JSON in their cell; formulas are made harmless for spreadsheets."""
    import csv
    import io

    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cleaning.csv_cell(_cell(row.get(column))) for column in columns])
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def examine(home: Path) -> list[Finding]:
    """Works also where the workspace cannot be opened."""
    if not home.is_dir():
        raise Refused(f"{home}: there is no such folder. Make a workspace with `fleettui init`.")
    findings = []
    try:
        read_workspace_file(home)
    except FleettuiError as error:
        findings.append(Finding("error", str(home), str(error), "fleettui restore, with a whole backup"))
    findings += doctor.examine(home, ALL)
    return findings + _policy_findings(home)


def _policy_findings(home: Path) -> list[Finding]:
    from fleettui.policy.handbook import load
    from fleettui.policy.mistakes import check

    folder = home / "handbook"
    try:
        mistakes = check(load(folder), _logins(home))
    except FleettuiError as error:
        return [Finding("error", str(folder), str(error), "copy the folder from a new workspace")]
    return [
        Finding(
            "error" if mistake.serious else "warning",
            str(folder / mistake.file),
            f"{mistake.field}: {mistake.what}",
            "edit that field",
        )
        for mistake in mistakes
    ]


def _logins(home: Path) -> set[str] | None:
    """The logins that the handbook may name; None where the roster cannot be read."""
    try:
        return {person.login for person in TinyDBStore(home, "").all(PEOPLE)}
    except FleettuiError:
        return None
