"""Making, changing, retiring and importing rituals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.rituals import eras
from fleettui.domain.rituals import fields as ritual_fields
from fleettui.domain.rituals import model as rituals
from fleettui.domain.rituals.history import next_due
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.rituals.recurrence import Rhythm, period_containing
from fleettui.errors import Fields, Refused
from fleettui.store.protocol import NoSuchDocument
from fleettui.text import cleaning, reading
from fleettui.time.business import Calendar
from fleettui.workspace.collections import RITUALS, TICKS
from fleettui.workspace.rituals.board import calendar_of
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.rituals.publishing import RitualIssue
    from fleettui.intake.rituals_plan import Report
    from fleettui.intake.rituals_yaml import ParsedFile
    from fleettui.workspace.people import People


class RitualKeeping:
    """Making and changing rituals; `Rituals` adds reading and ticking."""

    def __init__(self, session: Session, people: People) -> None:
        self._session, self._store, self._people = session, session.store, people

    def find(self, name: str) -> Ritual:
        return rituals.matching(self._store.all(RITUALS), name)

    def today(self) -> date:
        return self._session.today()

    def add(self, name: str, **fields: Any) -> Ritual:
        nothing_yet = ritual_fields.new_ritual("", "new", {}, self.today())
        resolved = self._resolved({"name": name, **fields}, nothing_yet)

        def make(id_: str) -> Ritual:
            ritual = ritual_fields.new_ritual(id_, name, resolved, self.today())
            self._refuse_taken(ritual)
            return ritual

        return self._store.add(RITUALS, make, self._session.stamp("rituals.add"))

    def edit(self, id_: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Ritual:
        resolved = self._resolved(fields, self._existing(id_))

        def change(ritual: Ritual) -> Ritual:
            changed = ritual_fields.edited(ritual, resolved, self._today_of(ritual))
            self._refuse_taken(changed)
            return self._taking_ticks_along(ritual, changed)

        return self._session.edit(RITUALS, id_, change, "rituals.edit", seen=seen)

    def next_due(self, ritual: Ritual | None, fields: Mapping[str, Any], count: int = 5) -> list[date]:
        """On which days it would be due next with these fields of a rhythm; None: a new ritual. Nothing is kept."""
        today = self.today()
        resolved = self._days_read(fields)
        before = ritual or ritual_fields.new_ritual("", "new", {}, today)
        changed = ritual_fields.edited(before, resolved, today)
        calendar = self._calendar_of(changed)
        return [calendar.day_of(due) for due in next_due(changed, today, calendar, count)]

    def retire(self, id_: str, *, why: str = "", replaced_by: str = "") -> Ritual:
        other = self.find(replaced_by).id if replaced_by else ""
        return self._session.edit(
            RITUALS,
            id_,
            lambda ritual: eras.retired(ritual, self._today_of(ritual), other),
            "rituals.retire",
            why,
        )

    def bring_back(self, id_: str) -> Ritual:
        def change(ritual: Ritual) -> Ritual:
            return self._taking_ticks_along(ritual, eras.brought_back(ritual, self._today_of(ritual)))

        return self._session.edit(RITUALS, id_, change, "rituals.bring_back")

    def zone_of(self, ritual: Ritual) -> str:
        """The zone whose days and wall times count."""
        return self._calendar_of(ritual).zone.key

    def issue(self, ritual: Ritual) -> RitualIssue | None:
        """The issue as which it is published, with the link that opens it filled in; None where it is not."""
        from fleettui.domain.rituals.publishing import issue_of

        owner, _, _ = self._session.policy.handbook.tickets.issue.repository.partition("/")
        return issue_of(ritual, owner, self._github_login(ritual))

    def _github_login(self, ritual: Ritual) -> str:
        """Of its DRI; empty where nobody knows it."""
        known = {person.login: person.github for person in self._people.all()}
        of_file = ritual.imported.dri if ritual.imported else ""
        return known.get(ritual.dri) or (of_file if of_file == ritual.dri else "")

    def _today_of(self, ritual: Ritual) -> date:
        return self._calendar_of(ritual).day_of(self._session.now())

    def _calendar_of(self, ritual: Ritual) -> Calendar:
        people = {person.login: person for person in self._people.all()} if ritual.zone else {}
        return calendar_of(ritual, self._session.policy.calendar, people)

    def _taking_ticks_along(self, before: Ritual, changed: Ritual) -> Ritual:
        """RIT-6: a change of the rhythm never loses what was ticked in the running period."""
        instances = {instance.id: instance for instance in self._store.all(TICKS)}
        today = self._today_of(changed)
        return eras.taking_ticks_along(before, changed, instances, today, self._calendar_of(changed))

    def take_in(
        self,
        files: Sequence[ParsedFile],
        *,
        instead_of: Iterable[str] = (),
        folder: str = "",
        retire_gone: bool = False,
        dry_run: bool = False,
    ) -> Report:
        """Import *.rituals.yml files: new rituals are added, those that changed in a file since then change here.

        `instead_of` has ids or names of rituals, each alone or followed by =TASK of an entry; such an entry takes the ritual's
        place. `folder`: the name of the folder that was read as a whole; then what is gone is reported, and retired on demand.
        """
        from fleettui.intake.rituals_plan import Asked, Team, plan

        logins = {person.github.casefold(): person.login for person in self._people.all() if person.github}
        team = Team(logins, self.today(), self._begins)
        asked = Asked(self._replacing(instead_of), folder, retire_gone)
        planned = plan(files, self._store.all(RITUALS), team, asked)
        if planned.edits and not dry_run:
            edits = {id_: self._keeping_the_past(edit) for id_, edit in planned.edits.items()}
            self._store.change_many(RITUALS, edits, self._session.stamp("rituals.import"))
        return planned.report

    def _replacing(self, names: Iterable[str]) -> dict[str, str]:
        """The id of the ritual whose place is taken, by the task of the entry, in lower case."""
        pairs = (name.partition("=") for name in names)
        rituals_of = ((self.find(name), task) for name, _, task in pairs)
        return {cleaning.line(task or ritual.name).casefold(): ritual.id for ritual, task in rituals_of}

    def _begins(self, rhythm: Rhythm) -> date:
        """From which day on a new ritual is owed: nothing that is past, also not what was due earlier today."""
        today, calendar = self.today(), self._session.policy.calendar
        period = period_containing(rhythm, today, calendar)
        is_past = (
            period is not None and period.due < self._session.now() and calendar.day_of(period.due) == today
        )
        return today + timedelta(days=1) if is_past else today

    def _keeping_the_past(
        self, edit: Callable[[Ritual | None], Ritual | None]
    ) -> Callable[[Ritual | None], Ritual | None]:
        def change(before: Ritual | None) -> Ritual | None:
            changed = edit(before)
            if before is None or changed is None:
                return changed
            with_dri = eras.with_dri(replace(changed, dri=before.dri), changed.dri, self._today_of(before))
            return self._taking_ticks_along(before, with_dri)

        return change

    def _resolved(self, fields: Mapping[str, Any], like: Ritual) -> dict[str, Any]:
        """The fields with names of people, roles and rituals replaced by their keys."""
        checked = Fields()
        resolved = dict(fields)
        with checked.check():
            resolved = self._days_read(fields)
        if resolved.get("dri"):
            with checked.check():
                resolved["dri"] = self._dri(str(resolved["dri"]))
        for field in ("before", "after"):
            if resolved.get(field):
                with checked.check():
                    resolved[field] = self._ids(field, resolved[field])
        if checked.wrong:  # the others are checked as well, so that all is said at once
            right = {name: value for name, value in resolved.items() if name not in checked.wrong}
            with checked.check():
                ritual_fields.edited(like, right, self.today())
            checked.refuse()
        return resolved

    def _days_read(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        from fleettui.time import typed

        return typed.days_read(fields, self._session.now(), self._session.policy.zone, coming=("start",))

    def _ids(self, field: str, names: Any) -> list[str]:
        try:
            return [self.find(name).id for name in reading.names(names)]
        except Refused as refused:
            raise Refused(refused.text, field=field) from None

    def _dri(self, name: str) -> str:
        role = self._session.policy.handbook.roles.find(name)
        if role is not None:
            return role.key
        try:
            return self._people.find(name).login
        except Refused as refused:
            raise Refused(str(refused), field="dri") from None

    def _refuse_taken(self, ritual: Ritual) -> None:
        for other in self._store.all(RITUALS):
            same_name = other.name.casefold() == ritual.name.casefold()
            if same_name and other.id != ritual.id and other.retired is None:
                raise Refused(f"{other.name} is a ritual already, {other.id}", field="name")

    def _existing(self, id_: str) -> Ritual:
        ritual = self._store.get(RITUALS, id_)
        if ritual is None:
            raise NoSuchDocument("rituals", id_)
        return ritual
