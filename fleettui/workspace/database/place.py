"""A workspace on PostgreSQL: where it is, and what it is made of there.

The driver of the database is an extra. It is imported when a place is opened, so nobody with a folder ever loads it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

import msgspec

from fleettui import config
from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import FleettuiError, Refused, Unusable

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
    from fleettui.store.postgres.drafts import Drafts as DraftsOfBoxes
    from fleettui.store.postgres.kept_files import KeptFiles as KeptInTable
    from fleettui.store.postgres.link import Link
    from fleettui.store.postgres.notes import Notes
    from fleettui.store.postgres.opening import Facts
    from fleettui.store.postgres.store import PostgresStore
    from fleettui.store.protocol import Finding
    from fleettui.store.service_files import ServiceFiles
    from fleettui.time.clock import Clock
    from fleettui.workspace.database.removal import DatabaseRemoval
    from fleettui.workspace.database.upkeep import Maintenance
    from fleettui.workspace.handbook_copies import Edits
    from fleettui.workspace.place import NewPlace, Policy, Services
    from fleettui.workspace.session import Session

NO_DRIVER = (
    "A workspace on PostgreSQL needs psycopg, which is not installed. Run: pip install 'fleettui[postgres]'"
)
NO_FOLDER = "this workspace is on PostgreSQL: it has no folder that a service could work in"


@contextlib.contextmanager
def driver() -> Iterator[None]:
    """Around what imports it."""
    try:
        yield
    except ImportError as error:
        if not str(error.name or error).startswith(("psycopg", "no pq wrapper")):
            raise
        raise Unusable(NO_DRIVER) from None


class DatabasePlace(msgspec.Struct, frozen=True):
    """Implements `WorkspacePlace`."""

    database: DatabaseAddress

    @property
    def address(self) -> Address:
        return self.database

    def __str__(self) -> str:
        return str(self.database)

    def is_made(self) -> bool:
        with driver():
            from fleettui.store.postgres import opening

        with self._linked() as link:
            return opening.is_made(link)

    @contextlib.contextmanager
    def _linked(self) -> Iterator[Link]:
        from fleettui.store.postgres.link import Link

        link = Link(self.database)
        try:
            yield link
        finally:
            link.close()

    def open(self, login: str, clock: Clock) -> DatabaseServices:
        with driver():
            from fleettui.store.postgres import opening
            from fleettui.store.postgres.link import Link

        link = Link(self.database, clock)
        try:
            return DatabaseServices(self, opening.opened(link, login), login, clock, link)
        except BaseException:
            link.close()
            raise

    def open_damaged(self, login: str, clock: Clock) -> DatabaseServices:
        """What is damaged there, the server's own backups bring back."""
        return self.open(login, clock)

    def make(self, new: NewPlace, fill: Callable[[Services], None]) -> None:
        with driver():
            from fleettui.store.postgres import opening
            from fleettui.store.postgres.link import Link
            from fleettui.store.postgres.writing import LOCK, in_line
        from fleettui.store import committed
        from fleettui.store.protocol import Stamp
        from fleettui.workspace.collections import KEPT
        from fleettui.workspace.database.policy import POLICY, as_document, keeping

        if new.group is not None:
            raise Refused("a database has roles in the place of a group (docs/postgres.md)", field="--shared")

        def fill_it() -> None:
            link = Link(self.database, new.clock)
            services = DatabaseServices(self, opening.Facts("new", new.name), new.login, new.clock, link)
            files = {name: as_document(name, content) for name, content in new.policy_files}
            stamp = Stamp(new.login, new.clock(), "init")
            for collection in (*KEPT, POLICY):
                link.rows(LOCK, *in_line(collection))
            try:
                services.store.change_many(
                    POLICY, {name: keeping(file) for name, file in files.items()}, stamp
                )
                fill(services)
            finally:
                services.close()

        with committed.aside():  # until all of it is there, nothing is
            opening.make(self.database, new.name, new.clock(), fill_it)
        committed.note(new.name, 0, "init")

    def examine(self) -> list[Finding]:
        from fleettui.workspace.database.upkeep import examine

        return examine(self.database.shown, self.mistakes)

    def mistakes(self) -> list[PolicyMistake]:
        from fleettui.workspace.handbook_check import check_folder

        return check_folder(*self._handbook_and_logins())

    def mistakes_with(self, file: Path, name: str) -> list[PolicyMistake]:
        from fleettui.workspace.handbook_check import check_file

        folder, logins = self._handbook_and_logins()
        return check_file(folder, file, name, logins)

    def _handbook_and_logins(self) -> tuple[Path, set[str] | None]:
        from fleettui.time.clock import clock_from
        from fleettui.workspace.collections import PEOPLE

        services = self.open(config.login(), clock_from())
        try:
            logins = {person.login for person in services.store.all(PEOPLE)}
            return services.policy.handbook.folder, logins
        except FleettuiError:
            return services.policy.handbook.folder, None
        finally:
            services.close()

    @property
    def handbook(self) -> Path:
        """As it is now; a copy."""
        return self._handbook_and_logins()[0]

    def statements_for(self, login: str) -> Sequence[str]:
        """By their names alone; asks nobody."""
        person, team = (
            '"' + name.replace('"', '""') + '"' for name in (login, f"{self.database.schema}_team")
        )
        return f"create role {person} login;", f"grant {team} to {person};"

    def account(self) -> NoReturn:
        raise Unusable(NO_FOLDER)

    def written_folders(self) -> Sequence[Path]:
        return ()


class DatabaseServices:
    """Implements `Services`. One connection serves all of them, also those of other persons."""

    def __init__(
        self,
        place: DatabasePlace,
        facts: Facts,
        login: str,
        clock: Clock,
        link: Link,
        parent: DatabaseServices | None = None,
    ) -> None:
        self.place, self._facts, self.name = place, facts, facts.name
        self._children: list[DatabaseServices] = []
        self._login, self._clock, self._link, self._parent = login, clock, link, parent

    @cached_property
    def store(self) -> PostgresStore:
        from fleettui.store.postgres.store import PostgresStore

        if self._parent is not None:
            return self._parent.store
        return PostgresStore(self.place.database, self._login, self._clock, self._link)

    @cached_property
    def policy(self) -> Policy:
        from fleettui.workspace.database.policy import CheckedOutPolicy

        return self._parent.policy if self._parent else CheckedOutPolicy(self.store, self._cache)

    @property
    def _cache(self) -> Path:
        return config.cache_folder() / self._facts.id

    @cached_property
    def _notes(self) -> Notes:
        from fleettui.store.postgres.notes import Notes

        return Notes(self._link, self._login)

    @cached_property
    def _drafts(self) -> DraftsOfBoxes:
        from fleettui.store.postgres.drafts import Drafts

        return Drafts.on_this_box(config.state_folder(), self._facts.id, self._login, self._notes)

    @property
    def drafts(self) -> Drafts:
        return self._drafts

    @cached_property
    def presence(self) -> Presence:
        from fleettui.store.postgres.presence import Presence

        return Presence(self._link)

    @cached_property
    def read_marks(self) -> ReadMarks:
        from fleettui.store.postgres.own_notes import ReadMarks

        return ReadMarks(self._notes)

    def notebook(self, about: str) -> Notebook:
        from fleettui.store.postgres.own_notes import Notebook

        return Notebook(self._notes, about)

    @cached_property
    def past_searches(self) -> PastSearches:
        from fleettui.store.postgres.own_notes import PastSearches

        return PastSearches(self._notes)

    @cached_property
    def follow_lists(self) -> FollowLists:
        from fleettui.store.postgres.own_notes import FollowLists

        return FollowLists(self._link, self._notes, self._login)

    @cached_property
    def chosen(self) -> Chosen:
        from fleettui.store.personal.chosen import Chosen

        return Chosen(config.state_folder(), Path(self._facts.id))

    @cached_property
    def _kept_files(self) -> KeptInTable:
        from fleettui.store.postgres.kept_files import KeptFiles

        return KeptFiles(self._link, self._cache / "files")

    @property
    def kept_files(self) -> KeptFiles:
        return self._parent.kept_files if self._parent else self._kept_files

    @cached_property
    def service(self) -> ServiceFiles:
        from fleettui.store.postgres.no_service import NoService

        return NoService(self._cache)

    def put_policy(self, session: Session, edits: Edits) -> None:
        from fleettui.workspace.database.policy import put

        put(session, edits)

    def upkeep(self, session: Session) -> Maintenance:
        from fleettui.workspace.database.upkeep import Maintenance

        return Maintenance(self.store, self._kept_files)

    def removal(self) -> DatabaseRemoval:
        from fleettui.workspace.database.removal import DatabaseRemoval

        return DatabaseRemoval(self._link)

    def load(self) -> None:
        self._notes.load()
        self._drafts.load()
        self.presence.changed()
        self.policy.examine()

    def look(self) -> None:
        if "_notes" in vars(self):
            self._notes.look()
        if "_kept_files" in vars(self):
            self._kept_files.fetch()
        for child in self._children:
            child.look()

    def standing(self, zone: ZoneInfo) -> tuple[str, ...]:
        from fleettui.workspace.database.standing import in_words

        return in_words(self._link.standing, zone)

    def for_person(self, login: str) -> DatabaseServices:
        parent = self._parent or self
        child = DatabaseServices(self.place, self._facts, login, self._clock, self._link, parent)
        parent._children.append(child)
        return child

    def close(self) -> None:
        """What could not be written is left: drafts are in files of this box, too."""
        with contextlib.suppress(Unusable):
            self.look()
        if "presence" in vars(self):
            self.presence.leave()
        if self._parent is None:
            self._link.close()
