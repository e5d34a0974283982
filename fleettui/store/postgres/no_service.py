"""There is no service for a workspace in a database yet: what is asked about it is answered so."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NoReturn

from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.service_files import ServiceFiles

NO_SERVICE = "`fleettui connect` works for a workspace in a folder only; this one is on PostgreSQL."


class NoService(ServiceFiles):
    """Nothing is behind it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, files.PRIVATE)

    def stamp(self) -> object:
        return None

    def status(self) -> bytes | None:
        return None

    def write_status(self, content: bytes) -> NoReturn:
        raise Unusable(NO_SERVICE)

    def is_running(self) -> bool:
        return False

    def alone(self, login: str, patience: float) -> contextlib.AbstractContextManager[None]:
        raise Unusable(NO_SERVICE)
