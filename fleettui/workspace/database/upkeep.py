"""Maintenance of a workspace on PostgreSQL. Backups are the server's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from fleettui.errors import FleettuiError, Refused
from fleettui.store.postgres.kept_files import KeptFiles
from fleettui.store.protocol import Finding
from fleettui.workspace import exporting

if TYPE_CHECKING:
    from fleettui.policy.mistakes import PolicyMistake
    from fleettui.store.losses import Lost, Restored
    from fleettui.store.postgres.store import PostgresStore

NO_BACKUP = "a workspace on PostgreSQL is backed up and restored with the database: see docs/postgres.md"


class Maintenance:
    """Implements `place.Upkeep`."""

    def __init__(self, store: PostgresStore, kept: KeptFiles) -> None:
        self._store, self._kept = store, kept

    def backup(self, *, with_files: bool = False, to: Path | None = None) -> NoReturn:
        raise Refused(NO_BACKUP)

    def restore(
        self, file: Path | None, *, salvage: bool = False, sure: bool = False, agreed: Sequence[Lost] = ()
    ) -> Restored:
        raise Refused(NO_BACKUP)

    def kept_files(self) -> tuple[int, int]:
        """How many files are kept, and their bytes together."""
        return self._kept.count()

    @property
    def kept_files_folder(self) -> Path:
        """Of the copies on this box."""
        return self._kept.folder

    def clean_up_files(self) -> int:
        """The server keeps them all."""
        return 0

    def left_out_of_backups(self) -> list[Path]:
        return []

    def export(self, folder: Path, format_: str) -> list[tuple[Path, int]]:
        return exporting.export(self._store, folder, format_)


def examine(shown: str, look_for_mistakes: Callable[[], list[PolicyMistake]]) -> list[Finding]:
    """Works also where the workspace cannot be opened."""
    try:
        mistakes = look_for_mistakes()
    except FleettuiError as error:
        return [Finding("error", shown, str(error), "see docs/postgres.md")]
    return [
        Finding(
            "error" if mistake.serious else "warning",
            f"handbook/{mistake.file}",
            mistake.in_words,
            "fleettui handbook pull DIR; edit it there; fleettui handbook push DIR",
        )
        for mistake in mistakes
    ]
