"""A workspace, opened by somebody: the verbs for screens, command line and intake alike.

Each group of verbs is a module under `verbs/`; this is where they meet one store, one clock and one person.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui import config
from fleettui.domain.team.people import Person
from fleettui.errors import Refused, Unusable
from fleettui.store.files import FORMAT
from fleettui.store.personal.drafts import Drafts
from fleettui.store.personal.presence import Presence
from fleettui.store.personal.presence import Visitor as Visitor  # also for screens, which know no store
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.time.clock import Clock, clock_from
from fleettui.workspace.customers import Customers
from fleettui.workspace.history import History
from fleettui.workspace.marker import Marking, read_marking
from fleettui.workspace.people import People
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.time.business import Calendar
    from fleettui.workspace.agenda import Agenda
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.channels import Channels
    from fleettui.workspace.happenings import Happenings
    from fleettui.workspace.intake.run import Intake
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.playbooks.actions import Playbooks
    from fleettui.workspace.reports import Reports
    from fleettui.workspace.rituals.actions import Rituals
    from fleettui.workspace.tickets.actions import Tickets
    from fleettui.workspace.tickets.queue import Queue
    from fleettui.workspace.tickets.support import Support
    from fleettui.workspace.upkeep import Upkeep

POLICY_EVERY = 2.0
LONG = timedelta(days=366)


class TeamPresence:
    """Who else is at work in this workspace, and what I show of myself."""

    def __init__(self, presence: Presence, me: Person, clock: Clock) -> None:
        self._presence, self._me, self._clock = presence, me, clock

    def here(self) -> list[Visitor]:
        return self._presence.others()

    def enter(self) -> None:
        self._presence.enter(self._me.login, self._me.shown, self._clock())

    def show(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        self._presence.show(screen, looking_at, typing)

    def leave(self) -> None:
        self._presence.leave()


class Workspace:
    def __init__(
        self, home: Path, marking: Marking, clock: Clock, login: str, store: TinyDBStore | None = None
    ) -> None:
        self.home, self.clock, self._marking = home, clock, marking
        self.store = store or TinyDBStore(home, login)
        self.session = Session(self.store, login, clock)
        self.people = People(self.session)
        self.customers = Customers(self.session, lambda: self.handbook.gtm)
        self.history = History(self.session)
        self.drafts = Drafts(home, login, config.state_folder())
        self._login = login
        self._presence = Presence(home, self.store.modes)
        self._policy_looked = 0.0

    @classmethod
    def open(cls, home: Path, *, clock: Clock | None = None, login: str | None = None) -> Workspace:
        return cls(home, read_marking(home), clock or clock_from(), login or config.login())

    def seen_by(self, login: str, clock: Clock) -> Workspace:
        """The same workspace as somebody else has it before them, at another moment."""
        return Workspace(self.home, self._marking, clock, login, self.store)

    @property
    def name(self) -> str:
        return self._marking.name

    @classmethod
    def open_damaged(cls, home: Path, clock: Clock) -> Workspace:
        """For a rescue, which must not need what it is about to bring back."""
        if not home.is_dir():
            raise Unusable(f"There is no folder {home}. Name the workspace with --home.")
        return cls(home, Marking(format=FORMAT, name=home.name, made=clock()), clock, config.login())

    @cached_property
    def upkeep(self) -> Upkeep:
        from fleettui.workspace.upkeep import Upkeep  # zip and friends: for backups and export only

        return Upkeep(self.session, self.store)

    @cached_property
    def happenings(self) -> Happenings:
        from fleettui.workspace.happenings import Happenings

        return Happenings(self.session, self.history, self.people, lambda: self.zone)

    @cached_property
    def today(self) -> Agenda:
        from fleettui.workspace.agenda import Agenda

        return Agenda(self)

    @cached_property
    def playbooks(self) -> Playbooks:
        from fleettui.workspace.playbooks.actions import Playbooks

        return Playbooks(self)

    @cached_property
    def calls(self) -> Calls:
        from fleettui.workspace.calls.actions import Calls

        return Calls(self.session, lambda: self.handbook)

    @cached_property
    def tickets(self) -> Tickets:
        from fleettui.workspace.tickets.actions import Tickets

        return Tickets(self.session, lambda: self.handbook)

    @cached_property
    def queue(self) -> Queue:
        from fleettui.workspace.tickets.queue import Queue

        return Queue(self)

    @cached_property
    def support(self) -> Support:
        from fleettui.workspace.tickets.support import Support

        return Support(self)

    @cached_property
    def channels(self) -> Channels:
        from fleettui.workspace.channels import Channels

        return Channels(self.session, lambda: self.handbook)

    @cached_property
    def intake(self) -> Intake:
        from fleettui.workspace.intake.run import Intake

        return Intake(self)

    @cached_property
    def oncall(self) -> OnCall:
        from fleettui.workspace.oncall import OnCall

        return OnCall(self)

    @cached_property
    def reports(self) -> Reports:
        from fleettui.workspace.reports import Reports

        return Reports(self)

    @cached_property
    def rituals(self) -> Rituals:
        from fleettui.workspace.rituals.actions import Rituals

        return Rituals(self)

    @property
    def me(self) -> Person:
        return self.people.get(self._login)

    def now(self) -> datetime:
        return self.clock()

    @cached_property
    def presence(self) -> TeamPresence:
        return TeamPresence(self._presence, self.me, self.clock)

    # -- policy

    @cached_property
    def handbook(self) -> Handbook:
        from fleettui.policy.handbook import load  # many commands do without it

        return load(self.home / "handbook")

    @property
    def zone(self) -> ZoneInfo:
        return self.handbook.zone

    @property
    def calendar(self) -> Calendar:
        return self.handbook.calendar

    def opening(self) -> tuple[bool, datetime]:
        """Whether support is open, and until when it stays so: a year at least where nothing changes it sooner."""
        now = self.clock()
        is_open = self.calendar.is_open(now)
        try:
            until = self.calendar.open_until(now) if is_open else self.calendar.next_opening(now)
        except Refused:
            until = None  # a calendar that never opens
        return is_open, until or now + LONG

    # -- the present

    def refresh(self) -> set[str]:
        """What others changed since the last call: collection names, "handbook", "presence"."""
        news = set(self.store.watch())
        if self._presence.changed():
            news.add("presence")
        if self._policy_edited():
            del self.__dict__["handbook"]
            news.add("handbook")
        return news

    def _policy_edited(self) -> bool:
        """Looked at every other second: these are many files, and nobody edits them all day."""
        if "handbook" not in self.__dict__ or time.monotonic() < self._policy_looked + POLICY_EVERY:
            return False
        self._policy_looked = time.monotonic()
        return self.handbook.changed()

    def close(self) -> None:
        self._presence.leave()
        self.store.close()
