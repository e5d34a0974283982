"""What leads through a workspace that is still empty: who I am, the hours, customers, channels, requests, the rota.

Whether a step is done is seen in the workspace itself; only that somebody wants no list is kept, for that person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.agenda import FirstStep
from fleettui.workspace.collections import CALLS, CHANNELS, TICKETS

if TYPE_CHECKING:
    from fleettui.store.beside_documents import ReadMarks
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session

DISMISSED = "first-steps"
"""The name of the mark of whoever wants no list."""
FIRST_STEPS = (
    FirstStep(
        key="me",
        title="Say who you are: name, roles, time zone",
        how="On Team, [team.edit] changes your row ([team.add] adds one; the login is your account here): name, roles, "
        "time zone. Steps, rituals and approvals go by roles.",
        home="team",
        command="fleettui people edit {me} name=... roles=CSE zone=Europe/Berlin",
    ),
    FirstStep(
        key="hours",
        title="Say when support is open",
        how="The file handbook/hours.json of the workspace has the time zone and the hours of each weekday. Until you change it, "
        "the hours of the handbook count: Monday to Friday, 6:00 to 16:00 in Los Angeles. holidays.json is beside it.",
        home="team",
        command="edit {handbook}/hours.json",
    ),
    FirstStep(
        key="customer",
        title="Add the first customer",
        how="On Customers, [customers.add] adds one. The tier says what is promised to them, the hosts whose group they are.",
        home="customers",
        command="fleettui customers add NAME --tier Premium --hosts 120",
    ),
    FirstStep(
        key="channels",
        title="List the customers' Slack channels",
        how="Only messages in channels of this list make tickets out of hours (SUP-2). The id is in Slack's channel details.",
        home="customers",
        command="fleettui channels add C0123456789 --customer NAME",
    ),
    FirstStep(
        key="intake",
        title="Let the first request in",
        how="[triage.create] on Triage writes one down. Mail and Slack come in by `fleettui intake`, as docs/intake.md shows.",
        home="triage",
        command="fleettui intake mail < message.eml",
    ),
    FirstStep(
        key="rota",
        title="Say who answers the web chat, week by week",
        how="On Team, [team.order] says who takes turns, the first one first.",
        home="team",
        command="fleettui oncall order LOGIN LOGIN",
    ),
)
ALWAYS = ("me", "customer", "rota")
"""What is asked for also where the work has begun without it."""


class FirstSteps:
    """The list of first steps, for one person."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        oncall: OnCall,
        marks: ReadMarks,
    ) -> None:
        self._session, self._people, self._customers = session, people, customers
        self._oncall, self._marks = oncall, marks

    def all(self) -> list[FirstStep]:
        """In the order in which they help: before the first request each of them, done or not; later what is missing of those
        that matter always. Empty once all are done, or where I want no list."""
        return [] if self.is_dismissed else self._steps()

    @property
    def is_dismissed(self) -> bool:
        """I want no list: an odd mark, for marks only grow."""
        self._marks.follow()
        return self._marks.rev(DISMISSED) % 2 == 1

    def dismiss(self) -> bool:
        """I want no list; or I want it again. Whether it is gone now."""
        gone = not self.is_dismissed
        self._marks.look(DISMISSED, self._marks.rev(DISMISSED) + 1)
        return gone

    def _steps(self) -> list[FirstStep]:
        begun = bool(self._session.store.rows(TICKETS) or self._session.store.all(CALLS))
        steps = [
            replace(step, done=self._done(step.key, begun), command=self._filled(step.command))
            for step in FIRST_STEPS
            if not begun or step.key in ALWAYS
        ]
        missing = [step for step in steps if not step.done]
        return missing if begun or not missing else steps

    def _done(self, key: str, begun: bool) -> bool:
        match key:
            case "me":
                me = self._people.me
                return bool(me.roles and (begun or (me.zone and me.name != me.login)))
            case "hours":
                return self._own_hours()
            case "customer":
                return bool(self._customers.all())
            case "channels":
                return bool(self._session.store.all(CHANNELS))
            case "rota":
                rota = self._oncall.rota()
                return bool(rota.order or rota.later or rota.overrides)
            case _:
                return begun

    def _own_hours(self) -> bool:
        import msgspec

        from fleettui import shipped
        from fleettui.time.business import Hours

        content = (shipped.DATA / "hours.json").read_bytes()
        return self._session.policy.handbook.hours != msgspec.json.decode(content, type=Hours)

    def _filled(self, command: str) -> str:
        return command.format(me=self._session.login, handbook=self._session.policy.handbook.folder)
