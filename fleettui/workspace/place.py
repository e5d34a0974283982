"""Where a workspace is, and what it is made of there. All of the workspace above knows these and nothing of folders: a place of
another kind implements them.

Not to be taken for `fleettui.places.Place`, a file or folder that is opened step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from fleettui.workspace.session import PolicySource, Session

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.policy.mistakes import PolicyMistake
    from fleettui.store.beside_documents import (
        Chosen,
        Drafts,
        FollowLists,
        KeptFiles,
        Notebook,
        Noted,
        PastSearches,
        Presence,
        ReadMarks,
    )
    from fleettui.store.losses import Lost, Restored
    from fleettui.store.protocol import Finding, Store
    from fleettui.store.service_files import ServiceFiles
    from fleettui.time.clock import Clock
    from fleettui.workspace.handbook_copies import Edits


class NewPlace(NamedTuple):
    """A workspace that is to be made."""

    name: str
    login: str
    clock: Clock
    group: str | None
    """The OS group that shares it; without one only its maker can read it."""
    policy_files: Iterable[tuple[str, bytes]]
    """Of the handbook, by their names in it."""


class WorkspacePlace(Protocol):
    """Where one workspace is. As text (`str`) it is what people give to `--home`."""

    @property
    def address(self) -> Address: ...

    def is_made(self) -> bool:
        """Whether there is a workspace, without opening it."""

    def open(self, login: str, clock: Clock) -> Services:
        """Refused where there is no workspace, or one of a newer format."""

    def open_damaged(self, login: str, clock: Clock) -> Services:
        """For restoring: also where nobody can say any more that it is a workspace."""

    def make(self, new: NewPlace, fill: Callable[[Services], None]) -> None:
        """A new workspace, filled by `fill`. What was interrupted is no workspace, and can be made again."""

    def examine(self) -> list[Finding]:
        """All that is wrong with it, also where it cannot be opened."""

    def mistakes(self) -> list[PolicyMistake]:
        """In the team's handbook."""

    def mistakes_with(self, file: Path, name: str) -> list[PolicyMistake]:
        """Those that there would be if the file stood in the handbook as `name`."""

    @property
    def handbook(self) -> Path:
        """The folder in which the handbook's files can be read."""

    def statements_for(self, login: str) -> Sequence[str]:
        """What an administrator of the database has to run for somebody new. Refused where there is no database."""

    def account(self) -> tuple[str, str]:
        """By whose account, and for which group, a service of it runs on this box."""

    def written_folders(self) -> Sequence[Path]:
        """All that a service of it writes on this box."""


class Policy(PolicySource, Protocol):
    """The handbook, followed while people edit it."""

    @property
    def troubles(self) -> tuple[str, ...]:
        """The mistakes in what was read, and what counts until they are mended, in words."""

    def examine(self) -> None:
        """Look for mistakes also in what nobody has asked for yet."""

    def refresh(self) -> bool:
        """Whether there is something new: an edit that counts from now on, a mistake, or one that was mended."""


class Upkeep(Protocol):
    """Backups, restoring and export."""

    def backup(self, *, with_files: bool = False, to: Path | None = None) -> Path: ...

    def kept_files(self) -> tuple[int, int]:
        """How many files are kept, and their bytes together."""

    @property
    def kept_files_folder(self) -> Path: ...

    def clean_up_files(self) -> int: ...

    def left_out_of_backups(self) -> list[Path]: ...

    def restore(
        self, file: Path | None, *, salvage: bool = False, sure: bool = False, agreed: Sequence[Lost] = ()
    ) -> Restored: ...

    def export(self, folder: Path, format_: str) -> list[tuple[Path, int]]: ...


class Removal(Protocol):
    """What is needed of a workspace that moves, where it comes from and where it goes to."""

    def standing_still(self) -> AbstractContextManager[None]:
        """Nobody else writes in this block."""

    def notes(self) -> tuple[list[Noted], list[str]]:
        """What people noted for themselves, and whose notes could not be read."""

    def take_notes(self, noted: Iterable[Noted]) -> list[str]:
        """Whose notes could not be written."""

    def leave(self, address: Address) -> None:
        """While it stands still. Whoever opens it from now on, or has it open, is told where it is, and can change nothing."""


class Services(Protocol):
    """What a workspace is made of in its place, for one person. Each is opened when it is first asked for."""

    @property
    def place(self) -> WorkspacePlace: ...

    @property
    def name(self) -> str:
        """What the workspace is called."""

    @property
    def store(self) -> Store: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def presence(self) -> Presence: ...

    @property
    def read_marks(self) -> ReadMarks: ...

    def notebook(self, about: str) -> Notebook:
        """Each of its own: "inbox", "views"."""

    @property
    def past_searches(self) -> PastSearches: ...

    @property
    def follow_lists(self) -> FollowLists: ...

    @property
    def chosen(self) -> Chosen: ...

    @property
    def kept_files(self) -> KeptFiles: ...

    @property
    def service(self) -> ServiceFiles:
        """How `fleettui connect` stands."""

    def put_policy(self, session: Session, edits: Edits) -> None:
        """Into the handbook, all or none. Refused where somebody was faster, and where people edit its files themselves."""

    def upkeep(self, session: Session) -> Upkeep: ...

    def removal(self) -> Removal:
        """For moving the workspace somewhere else."""

    def load(self) -> None:
        """Have at hand what an app asks besides documents: nothing waits for it later."""

    def look(self) -> None:
        """Several times a second, in a thread that may wait: take in what my other sessions noted, and write what could not be
        written before."""

    def standing(self, zone: ZoneInfo) -> tuple[str, ...]:
        """What is wrong with the way to it as of the last look, in words."""

    def for_person(self, login: str) -> Services:
        """The same workspace for somebody else: one store, one policy."""

    def close(self) -> None: ...
