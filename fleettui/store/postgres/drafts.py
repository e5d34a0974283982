"""What somebody has typed and not sent: first in a file of this box, which always works, then on the server for the
person's other boxes. The newest counts."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from fleettui.errors import Unusable
from fleettui.store.personal.drafts import Drafts as DraftFiles
from fleettui.store.postgres.notes import DRAFT, Noted, Notes


class Drafts:
    """Implements `beside_documents.Drafts`."""

    def __init__(self, files: DraftFiles, notes: Notes) -> None:
        self._files, self._notes = files, notes

    @classmethod
    def on_this_box(cls, state: Path, workspace_id: str, login: str, notes: Notes) -> Drafts:
        folder = state / "drafts" / workspace_id / quote(login, safe="")
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(DraftFiles(folder, login, folder), notes)

    def load(self) -> None:
        """Asks the server, and tells it what was typed while it was away."""
        noted, times = self._noted(), dict(self._files.all())
        for about, text in self._files.texts().items():
            if about not in noted or noted[about].at < times[about]:
                self._notes.note_later(DRAFT, about, text or " ", times[about])

    def get(self, about: str) -> str | None:
        return self.texts().get(about)

    def keep(self, about: str, text: str) -> None:
        self._files.keep(about, text)
        self._notes.note_later(DRAFT, about, text or " ", self._kept_at(about))

    def _kept_at(self, about: str) -> datetime | None:
        """When its file was written: here and on the server it is the same draft."""
        return dict(self._files.all()).get(about)

    def drop(self, about: str) -> None:
        """Also on the server, where it may be of another box."""
        was_here = self._kept_at(about) is not None
        self._files.drop(about)
        noted = self._noted().get(about)
        if was_here or (noted and noted.text):
            self._notes.note_later(DRAFT, about, "")

    def texts(self) -> dict[str, str]:
        noted, times = self._noted(), dict(self._files.all())
        texts = {
            about: text
            for about, text in self._files.texts().items()
            if about not in noted or times.get(about, datetime.max.replace(tzinfo=UTC)) >= noted[about].at
        }
        elsewhere = {about: each.text for about, each in noted.items() if each.text and about not in texts}
        return {**texts, **elsewhere}

    def _noted(self) -> Mapping[str, Noted]:
        with contextlib.suppress(Unusable):
            return dict(self._notes.of(DRAFT))
        return {}

    def all(self) -> list[tuple[str, datetime]]:
        noted, times = self._noted(), dict(self._files.all())
        return sorted(
            (about, max(filter(None, (times.get(about), noted[about].at if about in noted else None))))
            for about in self.texts()
        )
