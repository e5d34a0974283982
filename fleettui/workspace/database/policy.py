"""The handbook as a collection of documents: who changed which promise is in the history, and can be taken back.

What reads it reads files, so it is checked out whole into a folder of this box, which nobody writes in.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import FleettuiError, Refused, Unusable
from fleettui.policy.last_good import is_read
from fleettui.store.protocol import Collection, Store
from fleettui.workspace.folder.policy_folder import examine_files, read_again

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.policy.last_good import LastGood
    from fleettui.time.business import Calendar
    from fleettui.workspace.handbook_copies import Edits
    from fleettui.workspace.session import Session

KEPT_CHECKOUTS = 3
"""Other sessions of this box may still read the ones before."""


class PolicyFile(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the handbook; its id is its name there."""

    text: str


POLICY = Collection("policy", PolicyFile)


class CheckedOutPolicy:
    """Implements `place.Policy`. The last one that could be read stays in use."""

    def __init__(self, store: Store, cache: Path) -> None:
        self._store, self._cache = store, cache
        self._files: tuple[PolicyFile, ...] = ()
        self._handbook: Handbook | None = None
        self._last_good: LastGood | None = None
        self._shown: tuple[str, ...] = ()
        self._gone = ""

    @property
    def handbook(self) -> Handbook:
        if self._handbook is None:
            self._files = tuple(self._store.all(POLICY))
            self._handbook = self._loaded(self._files)
        return self._handbook

    def _loaded(self, files: Iterable[PolicyFile]) -> Handbook:
        from fleettui.policy.handbook import load
        from fleettui.policy.last_good import LastGood

        self._last_good = self._last_good or LastGood()
        return load(checked_out(files, self._cache), self._last_good)

    @property
    def zone(self) -> ZoneInfo:
        return self.handbook.zone

    @property
    def calendar(self) -> Calendar:
        return self.handbook.calendar

    @property
    def troubles(self) -> tuple[str, ...]:
        if self._handbook is None:
            return ()
        gone = (f"{self._gone}; what was read before counts",) if self._gone else ()
        return (*gone, *(trouble.in_words for trouble in self._handbook.troubles))

    def examine(self) -> None:
        examine_files(self.handbook)

    def refresh(self) -> bool:
        """The store has looked: this compares what it has in memory."""
        if self._handbook is None:
            return False
        files = tuple(self._store.all(POLICY))
        is_new = files != self._files and self._take_in(files)
        is_new, self._shown = is_new or self._shown != self.troubles, self.troubles
        return is_new

    def _take_in(self, files: tuple[PolicyFile, ...]) -> bool:
        assert self._handbook is not None  # noqa: S101
        self._files = files
        try:
            after = self._loaded(files)
        except FleettuiError as error:
            self._gone = str(error)
            return False
        read_again(after, self._handbook)
        self._handbook, self._gone = after, ""
        return True


def checked_out(files: Iterable[PolicyFile], cache: Path) -> Path:
    """The folder with exactly these; made when it is not there, and then never changed."""
    listed = sorted(files, key=lambda file: file.id)
    state = sha256("".join(f"{file.id}\0{file.text}\0" for file in listed).encode("utf-8", "replace"))
    folder = cache / f"handbook-{state.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    coming = cache / f".coming-{os.getpid()}-{folder.name}"
    try:
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(mode=0o700, parents=True)
        for file in listed:
            if is_read(file.id):
                _write(coming / file.id, file.text)
        with contextlib.suppress(FileExistsError, OSError):
            coming.rename(folder)
    except OSError as error:
        raise Unusable(
            f"{cache}: {(error.strerror or str(error)).lower()}; the handbook is read from there."
        ) from None
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    if not folder.is_dir():
        raise Unusable(f"{folder}: cannot be made; the handbook is read from there.")
    _forget_old(cache, folder)
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "replace"))
    path.chmod(0o400)


def _forget_old(cache: Path, newest: Path) -> None:
    with contextlib.suppress(OSError):
        others = [path for path in cache.glob("handbook-*") if path != newest]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[: -KEPT_CHECKOUTS + 1]:
            shutil.rmtree(old, ignore_errors=True)


def keeping(file: PolicyFile) -> Callable[[PolicyFile | None], PolicyFile]:
    """The edit that puts it there."""
    return lambda known: file if known is None else replace(known, text=file.text)


def put(session: Session, edits: Edits) -> None:
    """All or none. The history has who did it."""

    def editing(name: str) -> Callable[[PolicyFile | None], PolicyFile]:
        new, before = as_document(name, edits.new[name]), edits.before[name]

        def edit(known: PolicyFile | None) -> PolicyFile:
            if (known and known.text) != (None if before is None else as_document(name, before).text):
                raise Refused(f"{name}: changed by somebody else just now; pull again, and edit that")
            return keeping(new)(known)

        return edit

    session.store.change_many(
        POLICY, {name: editing(name) for name in edits.new}, session.stamp("handbook.push")
    )


def as_document(name: str, content: bytes) -> PolicyFile:
    return PolicyFile(id=name, text=content.decode("utf-8", "replace"))
