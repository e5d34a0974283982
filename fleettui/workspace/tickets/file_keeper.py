"""Keeps the files of messages in the workspace, as far as policy allows (SUP-5)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.tickets import attachments as rules
from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.domain.tickets.model import Attachment
from fleettui.domain.tickets.policy import FilePolicy
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.store.beside_documents import KeptFiles


class FileKeeper:
    """Writes what arrives into the workspace, as far as policy allows, before a ticket names it."""

    def __init__(self, session: Session, kept: KeptFiles) -> None:
        self._session, self._kept = session, kept

    @property
    def policy(self) -> FilePolicy:
        return self._session.policy.handbook.tickets.files

    def keep(self, incoming: Sequence[IncomingFile]) -> tuple[Attachment, ...]:
        """What becomes of the files of one message. On disk when this returns."""
        together = 0
        attachments = []
        for file in incoming[: rules.MOST_FILES]:
            attachment = rules.described(file)
            if file.content is not None and not attachment.why and self.policy.keep:
                attachment = self._kept_or_not(attachment, file.content, together)
                together += attachment.size if attachment.sha256 else 0
            attachments.append(attachment)
        return tuple(attachments)

    def _kept_or_not(self, attachment: Attachment, content: bytes, together: int) -> Attachment:
        why = rules.why_too_large(len(content), together, self.policy)
        return replace(attachment, why=why) if why else replace(attachment, sha256=self._kept.keep(content))

    def content(self, attachment: Attachment) -> bytes:
        return self._kept.read(attachment.sha256)

    def path(self, attachment: Attachment) -> Path | None:
        return self._kept.path(attachment.sha256) if attachment.sha256 else None
