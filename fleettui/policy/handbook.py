"""The team's handbook: policy as typed data, from the workspace's `handbook/` folder. A file is read when it is first needed.

    handbook = load(workspace / "handbook")
    handbook.rituals, handbook.calls, handbook.playbooks, ...    each file is read and checked on first use
    handbook.changed()                                           somebody has edited a file: load again

A mistake in a file is an `Unusable` that names the file and the field. What only matters across files (a DRI whom nobody
knows, a message that is not there) stops nobody from working; `policy/mistakes.py` finds it for `doctor`.

With `last_good`, nobody is stopped by a mistake: the last good version of that file counts, and `troubles` says so.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from fleettui.errors import Refused, Unusable
from fleettui.places import named
from fleettui.policy import files
from fleettui.policy.files import Mistake, seed_files

if TYPE_CHECKING:
    from fleettui.domain.calls.policy import CallPolicy
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.policy import ChannelPolicy, Groups, Gtm
    from fleettui.domain.delivery.policy import Connections
    from fleettui.domain.events.policy import Alarms
    from fleettui.domain.messages import MessageTemplates
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.domain.rituals.policy import RitualPolicy
    from fleettui.domain.team.policy import Roles
    from fleettui.domain.team.rota import Rota
    from fleettui.domain.tickets.department import DepartmentPolicy
    from fleettui.domain.tickets.macros import Macros
    from fleettui.domain.tickets.policy import Details, Labels, Levels, TicketPolicy
    from fleettui.domain.tickets.sla import Calendars, SlaPolicy
    from fleettui.domain.tickets.triage import TriagePolicy
    from fleettui.domain.view_policy import ViewPolicy
    from fleettui.policy.last_good import LastGood, Trouble
    from fleettui.policy.messages.renderer import MessageRenderer
    from fleettui.time.business import Calendar, Hours
    from fleettui.time.holidays import HolidayPolicy

__all__ = ["Handbook", "load", "seed_files"]

T = TypeVar("T")


def load(folder: Path, last_good: LastGood | None = None) -> Handbook:
    """The handbook in `folder`. Nothing is read yet. With `last_good`, mistakes are passed over."""
    facts = named(folder).facts()
    if facts is not None and stat.S_ISLNK(facts.st_mode):
        raise Unusable(f"{folder}: is a symbolic link; put the folder itself there")
    if facts is None or not stat.S_ISDIR(facts.st_mode):
        raise Unusable(
            f"{folder}: the handbook's folder is not there; `fleettui doctor` tells how to mend it"
        )
    return Handbook(folder, last_good)


class Handbook:
    """The policy of a team. Each property imports its types late: a command that needs no rituals does not load them."""

    def __init__(
        self, folder: Path, last_good: LastGood | None = None, unsaved: Mapping[str, bytes] | None = None
    ) -> None:
        """`unsaved`: files as they would be, by name, in the place of those in the folder."""
        self.folder = folder
        self.unsaved = unsaved or {}
        self.last_good = last_good
        self._troubles: dict[str, Trouble] = {}
        self.stamp = files.stamp(folder)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """The files that were read with a mistake, and what counts in their place."""
        return tuple(dict(sorted(self._troubles.copy().items())).values())

    def changed(self) -> bool:
        """Whether a file was edited, added or taken away since this handbook was loaded."""
        return files.stamp(self.folder) != self.stamp

    def content(self, name: str) -> bytes:
        """Of a file, as it stands in the folder."""
        own = self._own(name)
        return own[0] if own else files.read_shipped(name)

    def _own(self, name: str) -> tuple[bytes, int] | None:
        if name in self.unsaved:
            return self.unsaved[name], 0
        return files.read_own(self.folder, name)

    def _read(self, name: str, type_: type[T]) -> T:
        return self.in_force(name, lambda content: files.checked(content, type_, name))

    def in_force(self, name: str, check: Callable[[bytes], T]) -> T:
        """What `check` makes of a file's content; it raises a `Mistake`. Then the last good version counts, if there is any."""
        try:
            own = self._own(name)
            value = check(own[0] if own else files.read_shipped(name))
        except Mistake as mistake:
            return self._instead(name, check, mistake)
        if own and self.last_good is not None:
            self.last_good.keep(name, *own)
        self._troubles.pop(name, None)
        return value

    def _instead(self, name: str, check: Callable[[bytes], T], mistake: Mistake) -> T:
        if self.last_good is None:
            raise mistake
        from fleettui.policy.last_good import LAST_GOOD, SHIPPED, Trouble

        for content in self.last_good.versions(name):
            with suppress(Mistake):
                value = check(content)
                self._troubles[name] = Trouble(mistake, LAST_GOOD)
                return value
        try:
            value = check(files.read_shipped(name))
        except Mistake:
            self._troubles[name] = Trouble(mistake, "")
            raise mistake from None
        self._troubles[name] = Trouble(mistake, SHIPPED)
        return value

    # Time, promises, the rota.

    @cached_property
    def hours(self) -> Hours:
        from fleettui.time.business import Hours

        return self._read("hours.json", Hours)

    @cached_property
    def holidays(self) -> HolidayPolicy:
        from fleettui.time.holidays import HolidayPolicy

        return self._read("holidays.json", HolidayPolicy)

    @cached_property
    def sla(self) -> SlaPolicy:
        from fleettui.domain.tickets.sla import SlaPolicy

        return self._read("sla.json", SlaPolicy)

    @cached_property
    def rota(self) -> Rota:
        from fleettui.domain.team.rota import Rota

        return self._read("oncall.json", Rota)

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    @cached_property
    def calendar(self) -> Calendar:
        """The opening hours, closed on holidays."""
        from fleettui.time.business import Calendar
        from fleettui.time.holidays import year_by_year

        return Calendar(self.hours, year_by_year(self.holidays))

    @cached_property
    def calendars(self) -> Calendars:
        """The calendars that response times are computed with (SLA-13: some priorities know no holidays)."""
        from fleettui.domain.tickets.sla import Calendars
        from fleettui.time.holidays import year_by_year

        return Calendars.of(self.hours, year_by_year(self.holidays), self.sla.hours)

    def moment(self, now: datetime) -> Moment:
        """Now, for checklists."""
        from fleettui.domain.checklists.rules import Moment

        calendar = self.calendar

        def after(start: datetime, days: int) -> datetime:
            # Hours that are never open have no business days: then every day counts.
            return start + timedelta(days) if calendar.never_opens else calendar.forward_days(start, days).end

        return Moment(now, calendar.zone, after)

    # Support and the team.

    @cached_property
    def channels(self) -> ChannelPolicy:
        from fleettui.domain.customers.policy import ChannelPolicy

        return self._read("channels.json", ChannelPolicy)

    @cached_property
    def levels(self) -> Levels:
        from fleettui.domain.tickets.policy import Levels

        return self._read("levels.json", Levels)

    @cached_property
    def labels(self) -> Labels:
        from fleettui.domain.tickets.policy import Labels

        return self._read("labels.json", Labels)

    @cached_property
    def details(self) -> Details:
        from fleettui.domain.tickets.policy import Details

        return self._read("details.json", Details)

    @cached_property
    def department(self) -> DepartmentPolicy:
        """Requests of other teams and partners (SUP-20)."""
        from fleettui.domain.tickets.department import DepartmentPolicy

        return self._read("department.json", DepartmentPolicy)

    @cached_property
    def alarms(self) -> Alarms:
        """When a promise that is not kept becomes news, and for whom."""
        from fleettui.domain.events.policy import Alarms

        return self._read("alarms.json", Alarms)

    @cached_property
    def triage(self) -> TriagePolicy:
        """What helps to triage what arrives (SUP-19)."""
        from fleettui.domain.tickets.triage import TriagePolicy

        return self._read("triage.json", TriagePolicy)

    @cached_property
    def views(self) -> ViewPolicy:
        """The views that everybody has, and who may save one for the team."""
        from fleettui.domain.view_policy import ViewPolicy

        return self._read("views.json", ViewPolicy)

    @cached_property
    def connections(self) -> Connections:
        """What leaves by itself, and over which servers."""
        from fleettui.domain.delivery.policy import Connections

        return self._read("connections.json", Connections)

    @cached_property
    def groups(self) -> Groups:
        from fleettui.domain.customers.policy import Groups

        return self._read("groups.json", Groups)

    @cached_property
    def roles(self) -> Roles:
        from fleettui.domain.team.policy import Roles

        return self._read("roles.json", Roles)

    @cached_property
    def tickets(self) -> TicketPolicy:
        from fleettui.domain.tickets.policy import TicketPolicy

        return self._read("tickets.json", TicketPolicy)

    @cached_property
    def macros(self) -> Macros:
        from fleettui.domain.tickets.macros import Macros

        return self._read("macros.json", Macros)

    @cached_property
    def messages(self) -> MessageTemplates:
        from fleettui.domain.messages import MessageTemplates

        return self._read("messages.json", MessageTemplates)

    @cached_property
    def renderer(self) -> MessageRenderer:
        """Renders the messages; the team's templates come before the shipped ones."""
        from fleettui.policy.messages.renderer import MessageRenderer

        return MessageRenderer(self.messages, self.folder, self.in_force)

    # The work.

    @cached_property
    def rituals(self) -> RitualPolicy:
        from fleettui.domain.rituals.policy import RitualPolicy

        return self._read("rituals.json", RitualPolicy)

    @cached_property
    def calls(self) -> CallPolicy:
        from fleettui.domain.calls.policy import CallPolicy

        return self._read("calls.json", CallPolicy)

    @cached_property
    def gtm(self) -> Gtm:
        """Going to market: who reaches out to whom, and how."""
        from fleettui.domain.customers.policy import Gtm

        return self._read("gtm.json", Gtm)

    @cached_property
    def playbook_files(self) -> list[str]:
        """The names of the playbooks' files, read or not."""
        try:
            names = files.names_in(self.folder, files.PLAYBOOKS, ".json")
            return sorted({*names, *(name for name in self.unsaved if name.startswith(files.PLAYBOOKS))})
        except Mistake as mistake:
            names = self.last_good.names(files.PLAYBOOKS, ".json") if self.last_good is not None else []
            if not names:
                raise
            from fleettui.policy.last_good import LAST_GOOD, Trouble

            self._troubles[files.PLAYBOOKS] = Trouble(mistake, LAST_GOOD)
            return names

    def playbook_in(self, name: str) -> Playbook:
        """The playbook in one file."""
        from fleettui.domain.playbooks.policy import Playbook

        return self._read(name, Playbook)

    @cached_property
    def playbooks(self) -> dict[str, Playbook]:
        """By id, in the order of the files. One broken file does not take the others away: see `broken_playbooks`."""
        return self._all_playbooks[0]

    @property
    def broken_playbooks(self) -> list[Mistake]:
        """The mistakes of the playbooks' files that cannot be used."""
        return self._all_playbooks[1]

    @cached_property
    def _all_playbooks(self) -> tuple[dict[str, Playbook], list[Mistake]]:
        from fleettui.policy.last_good import Trouble

        playbooks: dict[str, Playbook] = {}
        file_of: dict[str, str] = {}
        broken: list[Mistake] = []
        for name in self.playbook_files:
            try:
                playbook = self.playbook_in(name)
            except Mistake as error:
                broken.append(error)
                continue
            if playbook.id in playbooks:
                mistake = _double_id(name, self.content(name), playbook.id, file_of[playbook.id])
                self._troubles[name] = Trouble(mistake, "")
                broken.append(mistake)
                continue
            playbooks[playbook.id], file_of[playbook.id] = playbook, name
        return playbooks, broken

    # Finding by a name that somebody typed.

    def playbook(self, name: str) -> Playbook:
        """By id, rule id or name, in any case. Where none fits and a file is broken, that file's mistake is raised."""
        from fleettui.policy.row_named import row_named

        try:
            return row_named(
                "playbook",
                name,
                self.playbooks.values(),
                lambda playbook: (playbook.id, playbook.rule, playbook.name),
            )
        except Refused:
            if self.broken_playbooks:
                raise self.broken_playbooks[0] from None
            raise


def _double_id(name: str, content: bytes, id_: str, other: str) -> Mistake:
    what = f"{id_!r} is the id of handbook/{other} too; a copy needs an id and a name of its own"
    return Mistake(name, "id", what, files.line_in(content, "id"))
