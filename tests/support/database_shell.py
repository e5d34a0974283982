"""`fleettui` in a workspace on PostgreSQL, on a box of its own: its own folders for state, cache and configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fleettui.database_addresses import DatabaseAddress
from tests.support.command_line import InProcess

NOWHERE = DatabaseAddress("", "")


@dataclass
class DatabaseShell(InProcess):
    """`home` is a folder of the box."""

    at: DatabaseAddress = field(default=NOWHERE)

    @property
    def address(self) -> DatabaseAddress:
        return self.at

    def variables(self) -> dict[str, str]:
        return {**super().variables(), "FLEETTUI_HOME": str(self.at), **self.environment}


def box(folder: Path, at: DatabaseAddress) -> DatabaseShell:
    folder.mkdir()
    return DatabaseShell(folder / "home", at=at)
