"""A workspace, opened by somebody: all that a person can do, for screens, command line and intake alike.

The one place where the groups of actions are made, each with the session and the groups that it needs. They are made when
they are first asked for, so that a command imports only what it uses.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui import config
from fleettui.domain.team.people import Person
from fleettui.errors import Away
from fleettui.time.clock import Clock, clock_from
from fleettui.workspace import place_at
from fleettui.workspace.collections import ALL, BY_NAME
from fleettui.workspace.customers import Customers
from fleettui.workspace.history import History
from fleettui.workspace.people import People
from fleettui.workspace.session import PolicySource, Session

if TYPE_CHECKING:
    from fleettui.config import Address
    from fleettui.policy.handbook import Handbook
    from fleettui.store.beside_documents import Drafts
    from fleettui.store.protocol import Store
    from fleettui.workspace.agenda import Agenda
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.calls.series import CallSeries
    from fleettui.workspace.channels import Channels
    from fleettui.workspace.connections import ConnectionStates
    from fleettui.workspace.directory import Directory
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.first_steps import FirstSteps
    from fleettui.workspace.happenings import Happenings
    from fleettui.workspace.inbox.actions import Inbox
    from fleettui.workspace.intake.run import Intake
    from fleettui.workspace.letters import Letters
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.outbox import Outbox
    from fleettui.workspace.place import Services, Upkeep, WorkspacePlace
    from fleettui.workspace.playbooks.actions import Playbooks
    from fleettui.workspace.playbooks.step_opener import StepOpener
    from fleettui.workspace.presence import TeamPresence
    from fleettui.workspace.reports import Reports
    from fleettui.workspace.rituals.actions import Rituals
    from fleettui.workspace.rituals.board import BoardReader, ReadRituals
    from fleettui.workspace.rituals.texts import RitualTexts
    from fleettui.workspace.searches import Searches
    from fleettui.workspace.tickets.actions import Tickets
    from fleettui.workspace.tickets.file_keeper import FileKeeper
    from fleettui.workspace.tickets.files import TicketFiles
    from fleettui.workspace.tickets.issues import Issues
    from fleettui.workspace.tickets.names import Names
    from fleettui.workspace.tickets.queue import Queue
    from fleettui.workspace.tickets.several import SeveralTexts
    from fleettui.workspace.tickets.support import Support
    from fleettui.workspace.views import Parses, Views


def views_in(of: Workspace) -> Views:
    from fleettui.workspace.views import Views

    def language(screen: str) -> Parses:
        return of.queue.search if screen == "triage" else of.searches.of(screen)

    return Views(of.session, of.services, language)


def connections_in(workspace: Workspace) -> ConnectionStates:
    from fleettui.workspace.connections import ConnectionStates

    return ConnectionStates(workspace.session, workspace.services.service, lambda: workspace.outbox)


def drafts_in(of: Workspace) -> Drafts:
    return of.services.drafts


class Workspace:
    """One workspace, for one person."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        login: str,
        begin: Callable[[Store, str, Clock, PolicySource], Session] = Session,
        request: str = "",
    ) -> None:
        self.services, self.clock = services, clock
        self.address, self.name, self.store = services.place.address, services.name, services.store
        self.home = Path(str(self.address))
        """Its folder, where it is in one."""
        session = begin(self.store, login, clock, services.policy)
        self.session = replace(session, request=request) if request else session
        self.people, self.customers = People(self.session), Customers(self.session)
        self.history = History(self.session)
        self._standing: tuple[str, ...] = ()
        """What was wrong at the last look."""
        self.is_left_for_later: Callable[[], bool] = lambda: False
        """Set by an app: whether the archive, where facts need it, is not read now but by `facts.read_past`."""

    @classmethod
    def open(
        cls, address: Address, *, clock: Clock | None = None, login: str | None = None, in_app: bool = False
    ) -> Workspace:
        """As `workspace_at`, where only its address is known."""
        return workspace_at(place_at(address), clock, login, in_app=in_app)

    def for_person(self, login: str, clock: Clock, begin: Callable[..., Session] = Session) -> Workspace:
        """The same workspace, opened by somebody else, at another moment, or in another session."""
        return Workspace(self.services.for_person(login), clock, login, begin)

    # -- the groups of actions

    @cached_property
    def agenda(self) -> Agenda:
        from fleettui.workspace.agenda import Agenda

        return Agenda(
            self.session,
            people=self.people,
            customers=self.customers,
            queue=self.queue,
            calls=self.calls,
            playbooks=self.playbooks,
            issues=lambda: self.issues,
            oncall=self.oncall,
            read_rituals=reader_of_rituals(self),
            rituals=lambda: self.rituals,
        )

    @cached_property
    def first_steps(self) -> FirstSteps:
        from fleettui.workspace.first_steps import FirstSteps

        return FirstSteps(self.session, self.people, self.customers, self.oncall, self.services.read_marks)

    @cached_property
    def tickets(self) -> Tickets:
        from fleettui.workspace.tickets.actions import Tickets

        return Tickets(self.session, self._file_keeper)

    @cached_property
    def _file_keeper(self) -> FileKeeper:
        from fleettui.workspace.tickets.file_keeper import FileKeeper

        return FileKeeper(self.session, self.services.kept_files)

    @cached_property
    def ticket_files(self) -> TicketFiles:
        from fleettui.workspace.tickets.files import TicketFiles

        return TicketFiles(self.session, self.tickets, self._file_keeper)

    @cached_property
    def names(self) -> Names:
        from fleettui.workspace.tickets.names import Names

        return Names(self.people, self.customers, self.channels)

    @cached_property
    def queue(self) -> Queue:
        from fleettui.workspace.tickets.queue import Queue

        return Queue(self.session, lambda: self.views, self.services.read_marks, lambda: self.presence.here())

    views, drafts = cached_property(views_in), cached_property(drafts_in)

    @cached_property
    def support(self) -> Support:
        from fleettui.workspace.tickets.support import Support

        return Support(self.session, self.tickets, self.queue, self.customers, self.people, self.oncall)

    @cached_property
    def issues(self) -> Issues:
        from fleettui.workspace.tickets.issues import Issues

        return Issues(self.session)

    @cached_property
    def several_texts(self) -> SeveralTexts:
        from fleettui.workspace.tickets.several import SeveralTexts

        return SeveralTexts(self.session, self.support)

    @cached_property
    def intake(self) -> Intake:
        from fleettui.workspace.intake.run import Intake

        # What arrives is never mine to take back.
        own = self.for_person(self.session.login, self.clock, Session.of_intake)
        return Intake(own.session, own.tickets, own.people, own.customers, own.channels)

    @cached_property
    def calls(self) -> Calls:
        from fleettui.workspace.calls.actions import Calls

        return Calls(self.session)

    @cached_property
    def call_series(self) -> CallSeries:
        from fleettui.workspace.calls.series import CallSeries

        return CallSeries(self.session, self.calls)

    @cached_property
    def rituals(self) -> Rituals:
        from fleettui.workspace.rituals.actions import Rituals

        return Rituals(
            self.session,
            self.people,
            self.customers,
            reader_of_rituals(self),
            tickets=lambda: self.tickets,
            facts=lambda: self.facts,
        )

    @cached_property
    def ritual_texts(self) -> RitualTexts:
        from fleettui.workspace.rituals.texts import RitualTexts

        return RitualTexts(
            self.session, self.rituals, self.queue, self.customers, self.facts, self.drafts, self.issues
        )

    @cached_property
    def playbooks(self) -> Playbooks:
        from fleettui.workspace.playbooks.actions import Playbooks

        def step_opener() -> StepOpener:
            from fleettui.workspace.playbooks.step_opener import StepOpener

            return StepOpener(self.session, self.customers, self.calls, self.tickets, self.rituals)

        return Playbooks(self.session, self.people, self.customers, self.oncall, step_opener=step_opener)

    @cached_property
    def letters(self) -> Letters:
        from fleettui.workspace.letters import Letters

        return Letters(self.session, self.calls, self.playbooks, self.customers)

    @cached_property
    def directory(self) -> Directory:
        from fleettui.workspace.directory import Directory

        return Directory(self.session, self.people, lambda ticket: self.queue.ways(ticket))

    @cached_property
    def facts(self) -> Facts:
        from fleettui.workspace.facts import Facts

        return Facts(self.session, lambda: self.is_left_for_later())

    @cached_property
    def channels(self) -> Channels:
        from fleettui.workspace.channels import Channels

        return Channels(self.session)

    @cached_property
    def oncall(self) -> OnCall:
        from fleettui.workspace.oncall import OnCall

        return OnCall(self.session, self.people, self.history)

    @cached_property
    def outbox(self) -> Outbox:
        from fleettui.workspace.outbox import Outbox

        return Outbox(self.session, self.people)

    @cached_property
    def presence(self) -> TeamPresence:
        from fleettui.workspace.presence import TeamPresence

        return TeamPresence(self.session, self.people, self.services.presence)

    @cached_property
    def happenings(self) -> Happenings:
        from fleettui.workspace.happenings import Happenings

        return Happenings(self.session, self.history, self.people)

    @cached_property
    def inbox(self) -> Inbox:
        from fleettui.workspace.inbox.making import inbox_of

        groups = self.session, self.people, self.customers, self.queue
        return inbox_of(*groups, lambda: self.oncall, lambda: self.happenings, self.services)

    @cached_property
    def searches(self) -> Searches:
        from fleettui.workspace.searches import Searches

        late = (lambda: self.calls), (lambda: self.playbooks)
        return Searches(self.session, self.services, self.people, self.customers, *late)

    @cached_property
    def reports(self) -> Reports:
        from fleettui.workspace.reports import Reports

        return Reports(self.session, self.tickets, self.queue, self.people, self.customers, self.oncall)

    @cached_property
    def maintenance(self) -> Upkeep:
        return self.services.upkeep(self.session)

    connections = cached_property(connections_in)

    # -- what is asked for everywhere

    @property
    def me(self) -> Person:
        return self.people.me

    def now(self) -> datetime:
        return self.clock()

    @property
    def handbook(self) -> Handbook:
        return self.services.policy.handbook

    @property
    def zone(self) -> ZoneInfo:
        return self.services.policy.zone

    def policy_troubles(self, *, everywhere: bool = False) -> tuple[str, ...]:
        """Mistakes in files of the handbook that were read, in words. `everywhere`: also in those that were edited and that
        nobody has asked for yet."""
        if everywhere:
            self.services.policy.examine()
        return self.services.policy.troubles

    def troubles(self) -> tuple[str, ...]:
        """What does not work as of the last look, in words: connections that are down, mistakes in the handbook."""
        down = self.connections.troubles if "connections" in vars(self) else ()  # `refresh` looks first
        return (*self.services.standing(self.zone), *down, *self.policy_troubles())

    # -- following what others do

    def load(self) -> None:
        """Have at hand what an app shows: nothing waits for it later."""
        self.store.load(ALL)
        self.services.load()

    def refresh(self) -> set[str]:
        """What others changed since the last call: collection names, "handbook", "presence", "connections"."""
        news = set[str]()
        with suppress(Away):  # the header says so, as long as it is
            news.update(self.store.watch())
            self.services.look()
            looks = self.services.presence.changed, self.services.policy.refresh, self.connections.look
            about = "presence", "handbook", "connections"
            news.update(name for name, look in zip(about, looks, strict=True) if look())
        standing, before = self.services.standing(self.zone), self._standing
        self._standing = standing
        if standing != before:  # what could not be read meanwhile is read again
            news.update(("connections", *(() if standing else BY_NAME)))
        return news

    def close(self) -> None:
        self.services.close()


def workspace_at(
    place: WorkspacePlace, clock: Clock | None, login: str | None, *, in_app: bool = False, request: str = ""
) -> Workspace:
    """The one there. `in_app`: opened by the app, in which undo is about what was done since."""
    clock, login = clock or clock_from(), login or config.login()
    services, begin = place.open(login, clock), Session.of_app if in_app else Session
    if in_app:
        services.presence  # noqa: B018  made here, before its threads ask for it at the same time
    return Workspace(services, clock, login, begin, request)


def reader_of_rituals(of: Workspace) -> ReadRituals:
    """Makes what reads the board of rituals, when somebody asks for it."""

    def read(*, archived: bool = False) -> BoardReader:
        from fleettui.workspace.rituals.board import BoardReader

        return BoardReader(
            of.session, of.people, of.customers, of.oncall, lambda: of.facts, archived=archived
        )

    return read
