"""A workspace, opened by somebody: all that a person can do, for screens, command line and intake alike.

The one place where the groups of actions are made, each with the session and the groups that it needs. They are made when
they are first asked for, so that a command imports only what it uses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui import config
from fleettui.domain.team.people import Person
from fleettui.store.protocol import Store
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.time.clock import Clock, clock_from
from fleettui.workspace.customers import Customers
from fleettui.workspace.history import History
from fleettui.workspace.people import People
from fleettui.workspace.policy_folder import PolicyFolder
from fleettui.workspace.session import PolicySource, Session, own_key
from fleettui.workspace.workspace_file import WorkspaceFile, read_workspace_file

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.store.personal.drafts import Drafts
    from fleettui.store.personal.presence import Presence
    from fleettui.store.personal.presence import Visitor as Visitor  # also for screens, which know no store
    from fleettui.store.personal.read_marks import ReadMarks
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
    from fleettui.workspace.maintenance import Maintenance
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.outbox import Outbox
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


def views_in(workspace: Workspace) -> Views:
    from fleettui.workspace.views import Views

    def language(screen: str) -> Parses:
        return workspace.queue.search if screen == "triage" else workspace.searches.of(screen)

    return Views(workspace.session, workspace.home, language)


class Workspace:
    """One workspace, for one person."""

    def __init__(
        self,
        home: Path,
        workspace_file: WorkspaceFile,
        clock: Clock,
        login: str,
        store: TinyDBStore | None = None,
        policy: PolicyFolder | None = None,
        begin: Callable[[Store, str, Clock, PolicySource], Session] = Session,
        request: str = "",
    ) -> None:
        self.home, self.clock, self._workspace_file = home, clock, workspace_file
        self.store = store or TinyDBStore(home, login)
        self.name = workspace_file.name
        self._policy = policy or PolicyFolder(home / "handbook", home)
        session = begin(self.store, login, clock, self._policy)
        self.session = replace(session, request=request) if request else session
        self.people = People(self.session)
        self.customers = Customers(self.session)
        self.history = History(self.session)
        self.is_left_for_later: Callable[[], bool] = lambda: False
        """Set by an app: whether the archive, where facts need it, is not read now but by `facts.read_past`."""

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        clock: Clock | None = None,
        login: str | None = None,
        in_app: bool = False,
        request: str = "",
    ) -> Workspace:
        """`in_app`: by the app, in which undo is about what was done since it was opened."""
        workspace_file, begin = read_workspace_file(home), Session.of_app if in_app else Session
        clock, login = clock or clock_from(), login or config.login()
        store = TinyDBStore(home, login, sign=own_key)
        store.finish_restore()  # before the policy is read, too: it comes from the same backup
        return cls(home, workspace_file, clock, login, store, begin=begin, request=request)

    def for_person(self, login: str, clock: Clock, begin: Callable[..., Session] = Session) -> Workspace:
        """The same workspace, opened by somebody else, at another moment, or in another session."""
        about = self.home, self._workspace_file, clock, login
        return Workspace(*about, self.store, self._policy, begin)

    # -- the groups of actions

    @cached_property
    def drafts(self) -> Drafts:
        from fleettui.store.personal.drafts import Drafts

        return Drafts(self.home, self.session.login, config.state_folder())

    @cached_property
    def _presence(self) -> Presence:
        from fleettui.store.personal.presence import Presence

        return Presence(self.home, self.store.modes)

    @cached_property
    def connections(self) -> ConnectionStates:
        from fleettui.workspace.connections import ConnectionStates

        return ConnectionStates(self.session, self.home, lambda: self.outbox)

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

        return FirstSteps(self.session, self.people, self.customers, self.oncall, self._read_marks)

    @cached_property
    def _read_marks(self) -> ReadMarks:
        from fleettui.store.personal.read_marks import ReadMarks

        return ReadMarks(self.home, self.session.login, self.store.modes)

    @cached_property
    def tickets(self) -> Tickets:
        from fleettui.workspace.tickets.actions import Tickets

        return Tickets(self.session, self._file_keeper)

    @cached_property
    def _file_keeper(self) -> FileKeeper:
        from fleettui.store.kept_files import KeptFiles
        from fleettui.workspace.tickets.file_keeper import FileKeeper

        return FileKeeper(self.session, KeptFiles(self.home, self.session.login, self.store.modes))

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

        return Queue(
            self.session, lambda: self.views, self._read_marks, others=lambda: self._presence.others()
        )

    views = cached_property(views_in)

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

        return TeamPresence(self.session, self.people, self._presence)

    @cached_property
    def happenings(self) -> Happenings:
        from fleettui.workspace.happenings import Happenings

        return Happenings(self.session, self.history, self.people)

    @cached_property
    def inbox(self) -> Inbox:
        from fleettui.workspace.inbox.making import inbox_of

        groups = self.session, self.people, self.customers, self.queue
        return inbox_of(*groups, lambda: self.oncall, lambda: self.happenings, self.home)

    @cached_property
    def searches(self) -> Searches:
        from fleettui.workspace.searches import Searches

        late = (lambda: self.calls), (lambda: self.playbooks)
        return Searches(self.session, self.home, self.people, self.customers, *late)

    @cached_property
    def reports(self) -> Reports:
        from fleettui.workspace.reports import Reports

        return Reports(self.session, self.tickets, self.queue, self.people, self.customers, self.oncall)

    @cached_property
    def maintenance(self) -> Maintenance:
        from fleettui.workspace.maintenance import Maintenance  # zip and friends: for backups and export only

        return Maintenance(self.session, self.store)

    # -- what is asked for everywhere

    @property
    def me(self) -> Person:
        return self.people.me

    def now(self) -> datetime:
        return self.clock()

    @property
    def handbook(self) -> Handbook:
        return self._policy.handbook

    @property
    def zone(self) -> ZoneInfo:
        return self._policy.zone

    def policy_troubles(self, *, everywhere: bool = False) -> tuple[str, ...]:
        """Mistakes in files of the handbook that were read, in words. `everywhere`: also in those that were edited and that
        nobody has asked for yet."""
        if everywhere:
            self._policy.examine()
        return self._policy.troubles

    def opening(self) -> tuple[bool, datetime | None]:
        """Whether support is open, and until when; None where it never changes."""
        now, calendar = self.clock(), self.handbook.calendar
        if calendar.never_opens:
            return False, None
        is_open = calendar.is_open(now)
        return is_open, calendar.open_until(now) if is_open else calendar.next_opening(now)

    # -- following what others do

    def refresh(self) -> set[str]:
        """What others changed since the last call: collection names, "handbook", "presence", "connections"."""
        news = set(self.store.watch())
        if self._presence.changed():
            news.add("presence")
        if self._policy.refresh():
            news.add("handbook")
        if self.connections.look():
            news.add("connections")
        return news

    def close(self) -> None:
        if "_presence" in vars(self):
            self._presence.leave()
        self.store.close()


def reader_of_rituals(workspace: Workspace) -> ReadRituals:
    """Makes what reads the board of rituals, when somebody asks for it."""

    def read(*, archived: bool = False) -> BoardReader:
        from fleettui.workspace.rituals.board import BoardReader

        groups = workspace.session, workspace.people, workspace.customers, workspace.oncall
        return BoardReader(*groups, lambda: workspace.facts, archived=archived)

    return read
