"""The type of each file of the handbook, and the property by which it is read. For those who look at all files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from fleettui.errors import Refused, Unusable
from fleettui.policy.files import PLAYBOOKS, TEMPLATES

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook

PARTS = {
    "alarms.json": "alarms",
    "calls.json": "calls",
    "channels.json": "channels",
    "connections.json": "connections",
    "department.json": "department",
    "details.json": "details",
    "groups.json": "groups",
    "gtm.json": "gtm",
    "holidays.json": "holidays",
    "hours.json": "hours",
    "labels.json": "labels",
    "levels.json": "levels",
    "macros.json": "macros",
    "messages.json": "messages",
    "oncall.json": "rota",
    "rituals.json": "rituals",
    "roles.json": "roles",
    "sla.json": "sla",
    "tickets.json": "tickets",
    "triage.json": "triage",
    "views.json": "views",
}
"""The property of a `Handbook` that reads a file."""


def type_of(name: str) -> type[msgspec.Struct] | None:
    """None for a template, and for a file that nothing reads."""
    from fleettui.domain.calls.policy import CallPolicy
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
    from fleettui.domain.tickets.sla import SlaPolicy
    from fleettui.domain.tickets.triage import TriagePolicy
    from fleettui.domain.view_policy import ViewPolicy
    from fleettui.time.business import Hours
    from fleettui.time.holidays import HolidayPolicy

    if name.startswith(f"{PLAYBOOKS}/") and name.endswith(".json"):
        return Playbook
    types: dict[str, type[msgspec.Struct]] = {
        "alarms.json": Alarms,
        "calls.json": CallPolicy,
        "channels.json": ChannelPolicy,
        "connections.json": Connections,
        "department.json": DepartmentPolicy,
        "details.json": Details,
        "groups.json": Groups,
        "gtm.json": Gtm,
        "holidays.json": HolidayPolicy,
        "hours.json": Hours,
        "labels.json": Labels,
        "levels.json": Levels,
        "macros.json": Macros,
        "messages.json": MessageTemplates,
        "oncall.json": Rota,
        "rituals.json": RitualPolicy,
        "roles.json": Roles,
        "sla.json": SlaPolicy,
        "tickets.json": TicketPolicy,
        "triage.json": TriagePolicy,
        "views.json": ViewPolicy,
    }
    return types.get(name)


def examine(handbook: Handbook) -> None:
    """Read every file that was changed since it was last read without a mistake, by anybody: `troubles` has the mistakes."""
    last_good = handbook.last_good
    names = last_good.unchecked(handbook.stamp) if last_good is not None else []
    with_playbooks = any(name.startswith(PLAYBOOKS) for name in names)
    for name in (*names, PLAYBOOKS) if with_playbooks else names:
        with suppress(Unusable, Refused):
            if name in PARTS or name == PLAYBOOKS:
                getattr(handbook, PARTS.get(name, name))
            elif name.startswith(TEMPLATES):
                handbook.renderer.examine(name)
