"""What the feed of events knows of the team, from the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.events.team import Team

if TYPE_CHECKING:
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.queue import Queue


def team_of(
    session: Session, people: People, on_call: Callable[[datetime], str], queue: Queue
) -> Callable[[], Team]:
    """What the feed knows of the team, made anew only when somebody on the roster, or the policy, has changed."""
    known: list[tuple[object, object, Team]] = []

    def team() -> Team:
        roster, handbook = people.all(), session.policy.handbook
        if known and known[0][0] == roster and known[0][1] is handbook:
            return known[0][2]
        made = Team(
            people={person.login: person for person in roster},
            zone=session.policy.zone,
            alarms=handbook.alarms,
            on_call=on_call,
            roles=lambda: session.policy.handbook.roles,
            debts=lambda: queue.debt_policy,
            moment=lambda at: session.policy.handbook.moment(at),
        )
        known[:] = [(roster, handbook, made)]
        return made

    return team
