"""A folder in which messages wait, a file each: taken in one after the other, in the order of their names.

A file is removed when all of it is taken in; one that is refused is kept in `refused/` with the reason beside it. Killed at any
moment, the next run goes on from `.fleettui/taking.json`:

    1. it names the file and the moment at which it was begun
    2. the messages are taken in; what is known already changes nothing
    3. the answers that are to be posted are written, then taking.json says that the file is done
    4. the file is removed or moved to `refused/`, the answers get their name in `replies/`, taking.json goes

Killed before 3 is over, the file is taken in again, and answers that were recorded since 1 are given again: nobody has got them.
Killed after it, only 4 is done again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from fleettui.errors import FleettuiError, Unusable, WrongUsage
from fleettui.places import named
from fleettui.store import files, locks
from fleettui.time.clock import Clock, machine_microseconds
from fleettui.workspace.intake.outcomes import Outcome, broken

MOST_BYTES = 100_000_000
"""Of one file; a larger one is refused unread."""
OWN, REFUSED, REPLIES = ".fleettui", "refused", "replies"
LEFT_BEHIND_FOR = 24 * 3600 * 1_000_000
"""Microseconds after which what a killed writer left is removed: nobody has been told that it is safe here."""

Take = Callable[[IO[bytes], datetime | None], Iterator[Outcome]]
"""Takes in the messages of a file; with when it was begun by a run that did not end it."""


class TryLater(FleettuiError):
    """Nothing was kept: whoever hands messages over keeps them, and comes again."""

    exit_code = os.EX_TEMPFAIL


class Identity(msgspec.Struct, frozen=True):
    """By which a file is known again: one that was replaced or has grown is another."""

    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, facts: os.stat_result) -> Identity:
        return cls(facts.st_ino, facts.st_size, facts.st_mtime_ns)


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """What is in work. `why`: it is refused, and kept as `kept_as`; `replies_as`: the name of its answers."""

    name: str
    identity: Identity
    begun: datetime
    done: bool = False
    why: str = ""
    kept_as: str = ""
    replies_as: str = ""


class Spool:
    """One such folder. Its files belong to the account that takes them in."""

    def __init__(self, folder: Path, login: str, clock: Clock) -> None:
        self.folder, self._login, self._clock = folder, login, clock
        self._own = folder / OWN
        self._taking, self._pending = self._own / "taking.json", self._own / "replies.jsonl"
        self._reason = self._own / "why"

    def put(self, source: IO[bytes], ending: str) -> Path:
        """Keep a message here, on the disk and with its name only when it is whole; it is named by when it came."""
        self._make_folders()
        name = f"{machine_microseconds()}-{os.getpid()}-{os.urandom(3).hex()}{ending}"
        coming, path = self._own / f"coming-{name}", self.folder / name
        with files.os_errors_about(path):
            try:
                with files.replaced_atomically(coming, files.PRIVATE.file) as file:
                    _copy(source, file)
                coming.rename(path)
                files.sync_folder(self.folder)
            except OSError as error:
                # Nobody is told that it is kept here, so it is not: whoever hands it over comes again.
                for left in (path, coming):
                    with contextlib.suppress(OSError):
                        left.unlink()
                raise OSError(error.errno, error.strerror) from error
        return path

    def take_in(self, take: Take) -> Iterator[tuple[str, Outcome]]:
        """Everything that waits, also what comes meanwhile; the name of each message's file with what was done."""
        self._make_folders()
        with (
            files.os_errors_about(self.folder),
            locks.exclusive(named(self._own / "lock"), self._login, files.PRIVATE.file),
        ):
            self._sweep()
            interrupted = self._interrupted()
            if interrupted is not None:
                yield from self._file(interrupted, take, interrupted.begun)
            seen: set[str] = set()
            while coming := [file for file in self._waiting() if file[0] not in seen]:
                for name, identity in coming:
                    seen.add(name)
                    yield from self._file(Taking(name=name, identity=identity, begun=self._clock()), take)

    def _make_folders(self) -> None:
        with files.os_errors_about(self.folder):
            if not self.folder.is_dir():
                raise Unusable(
                    f"{self.folder}: there is no such folder. Make it, for the account that takes in messages."
                )
            for name in (OWN, REFUSED, REPLIES):
                files.make_folder(self.folder / name, files.PRIVATE)

    def _waiting(self) -> list[tuple[str, Identity]]:
        """Regular files in the order of their names. A name that begins with a dot is not complete yet."""
        with os.scandir(self.folder) as entries:
            visible = [entry for entry in entries if not entry.name.startswith(".")]
        waiting = []
        for entry in visible:
            with contextlib.suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False):
                    waiting.append((entry.name, Identity.of(entry.stat(follow_symlinks=False))))
        return sorted(waiting, key=lambda file: file[0])

    def _interrupted(self) -> Taking | None:
        """The file that a run before this one has begun, where it is still to be taken in."""
        try:
            taking = msgspec.json.decode(files.read_file(self._taking), type=Taking)
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Unusable(
                f"{self._taking}: {error}. Remove that file; messages that are known stay known."
            ) from None
        if taking.done:
            self._finish(taking)
            return None
        return taking if self._is_there(taking) else None

    # -- one file

    def _file(
        self, taking: Taking, take: Take, begun: datetime | None = None
    ) -> Iterator[tuple[str, Outcome]]:
        self._pending.unlink(missing_ok=True)
        self._note(taking)
        done: list[Outcome] = []
        for outcome in self._outcomes(taking.name, take, begun):
            done.append(outcome)
            yield taking.name, outcome
        replies = [outcome for outcome in done if outcome.reply is not msgspec.UNSET]
        if replies:
            content = b"".join(msgspec.json.encode(outcome) + b"\n" for outcome in replies)
            files.write_atomic(self._pending, content, files.PRIVATE.file)
        why = "\n".join(dict.fromkeys(outcome.why for outcome in done if outcome.error is True))
        finished = msgspec.structs.replace(
            taking,
            done=True,
            why=why,
            kept_as=_free(self.folder / REFUSED, taking.name, ".why") if why else "",
            replies_as=_free(self.folder / REPLIES, taking.name, ".jsonl") if replies else "",
        )
        self._note(finished)
        self._finish(finished)

    def _outcomes(self, name: str, take: Take, begun: datetime | None) -> Iterator[Outcome]:
        try:
            descriptor = files.open_file(self.folder / name, os.O_RDONLY, 0)
        except FileNotFoundError:
            return  # somebody took it away
        except OSError as error:
            yield broken(f"it cannot be read: {error.strerror}")
            return
        with os.fdopen(descriptor, "rb") as source:
            size = os.fstat(descriptor).st_size
            if not 0 < size <= MOST_BYTES:
                yield broken("it is empty" if not size else f"it has more than {MOST_BYTES:,} bytes")
                return
            try:
                yield from take(source, begun)
            except Unusable:
                raise
            except FleettuiError as error:
                yield broken(str(error))

    def _note(self, taking: Taking) -> None:
        files.write_atomic(self._taking, msgspec.json.encode(taking), files.PRIVATE.file)

    def _finish(self, taking: Taking) -> None:
        """Every step may have been done already, by a run that was killed after it."""
        path, refused, replies = self.folder / taking.name, self.folder / REFUSED, self.folder / REPLIES
        if taking.why:
            reason = f"{taking.why}\n".encode()
            files.write_atomic(self._reason, reason, files.PRIVATE.file)
            self._reason.rename(refused / f"{taking.kept_as}.why")
        if self._is_there(taking):
            if taking.why:
                path.rename(refused / taking.kept_as)
                files.sync_folder(refused)
            else:
                path.unlink()
            files.sync_folder(self.folder)
        if taking.replies_as and self._pending.exists():
            self._pending.rename(replies / f"{taking.replies_as}.jsonl")
            files.sync_folder(replies)
        self._taking.unlink()
        files.sync_folder(self._own)

    def _is_there(self, taking: Taking) -> bool:
        facts = files.facts_of(self.folder / taking.name)
        return facts is not None and Identity.of(facts) == taking.identity

    def _sweep(self) -> None:
        """What killed writers left: messages of which nobody was told that they are kept."""
        for path in (self._taking, self._pending, self._reason):
            files.sweep_scratch(self._own, path.name)
        before = machine_microseconds() - LEFT_BEHIND_FOR
        for path in self._own.glob("coming-*"):
            facts = files.facts_of(path)
            if facts is not None and facts.st_mtime_ns // 1000 < before:
                path.unlink(missing_ok=True)


def _copy(source: IO[bytes], file: IO[bytes]) -> None:
    size = 0
    while piece := source.read(1 << 16):
        size += len(piece)
        if size > MOST_BYTES:
            raise WrongUsage(f"standard input: more than {MOST_BYTES:,} bytes")
        file.write(piece)


def _free(folder: Path, name: str, ending: str) -> str:
    """`name`, or with a number where that or what is called after it is there already."""
    number, free = 1, name
    while os.path.lexists(folder / free) or os.path.lexists(folder / f"{free}{ending}"):
        number += 1
        free = f"{name}~{number}"
    return free
