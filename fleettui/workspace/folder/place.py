"""A workspace in a folder: where it is, and what it is made of there.

The one module above the store that opens the files behind a workspace. What it needs is imported when it is first asked for: a
command needs little of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

import msgspec

from fleettui import config
from fleettui.errors import Refused, Unusable
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.folder.workspace_file import WORKSPACE_FILE, read_workspace_file
from fleettui.workspace.session import own_key

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.policy.mistakes import PolicyMistake
    from fleettui.store.beside_documents import (
        Chosen,
        Drafts,
        FollowLists,
        KeptFiles,
        Notebook,
        PastSearches,
        Presence,
        ReadMarks,
    )
    from fleettui.store.protocol import Finding
    from fleettui.store.service_files import ServiceFiles
    from fleettui.time.clock import Clock
    from fleettui.workspace.folder.removal import FolderRemoval
    from fleettui.workspace.folder.upkeep import Maintenance
    from fleettui.workspace.handbook_copies import Edits
    from fleettui.workspace.place import NewPlace, Policy, Services
    from fleettui.workspace.session import Session

HANDBOOK = "handbook"


class FolderPlace(msgspec.Struct, frozen=True):
    """Implements `WorkspacePlace`."""

    folder: Path

    @property
    def address(self) -> Address:
        return self.folder

    def __str__(self) -> str:
        return str(self.folder)

    def is_made(self) -> bool:
        return (self.folder / WORKSPACE_FILE).exists()

    def open(self, login: str, clock: Clock) -> FolderServices:
        workspace_file = read_workspace_file(self.folder)
        store = TinyDBStore(self.folder, login, sign=own_key)
        store.finish_restore()  # before the policy is read, too: it comes from the same backup
        return FolderServices(self, workspace_file.name, login, store)

    def open_damaged(self, login: str, clock: Clock) -> FolderServices:
        """Nothing is signed."""
        if not self.folder.is_dir():
            raise Unusable(f"There is no folder {self}. Name the workspace with --home.")
        return FolderServices(self, self.folder.name, login, TinyDBStore(self.folder, login))

    def make(self, new: NewPlace, fill: Callable[[Services], None]) -> None:
        """Nothing is signed: this is nobody's work."""
        from fleettui.workspace.folder.making import make

        def fill_it() -> None:
            services = FolderServices(self, new.name, new.login, TinyDBStore(self.folder, new.login))
            fill(services)
            services.close()

        make(self.folder, new, fill_it)

    def examine(self) -> list[Finding]:
        from fleettui.workspace.folder.upkeep import examine

        return examine(self.folder)

    def mistakes(self) -> list[PolicyMistake]:
        from fleettui.places import in_workspace
        from fleettui.workspace.folder.upkeep import logins
        from fleettui.workspace.handbook_check import check_folder

        top = in_workspace(self.folder)
        return check_folder((top / HANDBOOK).path, logins(top.path))

    def mistakes_with(self, file: Path, name: str) -> list[PolicyMistake]:
        from fleettui.workspace.folder.upkeep import logins
        from fleettui.workspace.handbook_check import check_file

        return check_file(self.handbook, file, name, logins(self.folder))

    @property
    def handbook(self) -> Path:
        return self.folder / HANDBOOK

    def statements_for(self, login: str) -> NoReturn:
        raise Refused(
            "this workspace is in a folder: whoever is in its group can open it (`fleettui admin setup` puts them there)"
        )

    def account(self) -> tuple[str, str]:
        from fleettui.workspace.folder.making import account_of

        if not self.is_made():
            raise Unusable(f"There is no workspace in {self}. Name it with --home.")
        return account_of(self.folder)

    def written_folders(self) -> Sequence[Path]:
        return (self.folder,)


class FolderServices:
    """Implements `Services`."""

    def __init__(
        self, place: FolderPlace, name: str, login: str, store: TinyDBStore, policy: Policy | None = None
    ) -> None:
        self.place, self.name, self.store = place, name, store
        self._login, self._policy = login, policy

    @property
    def _folder(self) -> Path:
        return self.place.folder

    @cached_property
    def policy(self) -> Policy:
        from fleettui.workspace.folder.policy_folder import PolicyFolder

        return self._policy or PolicyFolder(self.place.handbook, self._folder)

    @cached_property
    def drafts(self) -> Drafts:
        from fleettui.store.personal.drafts import Drafts

        return Drafts(self._folder, self._login, config.state_folder())

    @cached_property
    def presence(self) -> Presence:
        from fleettui.store.personal.presence import Presence

        return Presence(self._folder, self.store.modes)

    @cached_property
    def read_marks(self) -> ReadMarks:
        from fleettui.store.personal.read_marks import ReadMarks

        return ReadMarks(self._folder, self._login, self.store.modes)

    def notebook(self, about: str) -> Notebook:
        from fleettui.store.personal.notebook import Notebook

        return Notebook(self._folder, self._login, self.store.modes, about)

    @cached_property
    def past_searches(self) -> PastSearches:
        from fleettui.store.personal.past_searches import PastSearches

        return PastSearches(self._folder, self._login, self.store.modes)

    @cached_property
    def follow_lists(self) -> FollowLists:
        from fleettui.store.personal.follow_lists import FollowLists

        return FollowLists(self._folder, self.store.modes)

    @cached_property
    def chosen(self) -> Chosen:
        from fleettui.store.personal.chosen import Chosen

        return Chosen(config.state_folder(), self._folder)

    @cached_property
    def kept_files(self) -> KeptFiles:
        from fleettui.store.kept_files import KeptFiles

        return KeptFiles(self._folder, self._login, self.store.modes)

    @cached_property
    def service(self) -> ServiceFiles:
        from fleettui.store.service_files import ServiceFiles

        return ServiceFiles(self._folder, self.store.modes)

    def put_policy(self, session: Session, edits: Edits) -> NoReturn:
        raise Refused(
            f"the handbook of this workspace is the folder {self.place.handbook}: edit its files there"
        )

    def upkeep(self, session: Session) -> Maintenance:
        from fleettui.workspace.folder.upkeep import Maintenance

        return Maintenance(session, self.store)

    def load(self) -> None:
        """Files are at hand."""

    def look(self) -> None:
        """Whoever notes something writes it at once."""

    def standing(self, zone: ZoneInfo) -> tuple[str, ...]:
        return ()

    def removal(self) -> FolderRemoval:
        from fleettui.workspace.folder.removal import FolderRemoval

        return FolderRemoval(self.store, self._login)

    def for_person(self, login: str) -> FolderServices:
        return FolderServices(self.place, self.name, login, self.store, self.policy)

    def close(self) -> None:
        if "presence" in vars(self):
            self.presence.leave()
        self.store.close()
