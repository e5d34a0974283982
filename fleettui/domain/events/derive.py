"""The events of a commit: what its changes mean, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from fleettui.domain.events import deadlines, issues, others, tickets
from fleettui.domain.events.model import Changed, Event, Kind
from fleettui.domain.events.team import Team
from fleettui.errors import FleettuiError


def _of_ticket(change: Changed, team: Team) -> Iterator[Event]:
    yield from tickets.of_ticket(change, team)
    yield from deadlines.crossed(change, team)


BY_COLLECTION: Mapping[str, Callable[[Changed, Team], Iterator[Event]]] = {
    "tickets": _of_ticket,
    "issues": issues.of_issue,
    "calls": others.of_call,
    "runs": others.of_run,
    "people": others.of_person,
    "rota": others.of_rota,
}
SEVERAL: Mapping[Kind, str] = {
    "assigned": "{who} gave you {count} tickets: {ids}",
    "touched": "{who} changed {count} of yours: {ids}",
    "handed_over": "{who} handed you {count}: {ids}",
    "p0": "{count} urgent tickets: {ids}",
    "breaching": "{count} answers are due soon: {ids}",
    "breached": "{count} answers are late: {ids}",
    "answered": "{who} wrote in {count} tickets: {ids}",
}
MOST_IDS = 5


def of_change(change: Changed, team: Team) -> list[Event]:
    """What it means to anybody."""
    return [event for event in _sound(change, team) if event.logins or event.about]


def of_commit(events: Iterable[Event], team: Team) -> list[Event]:
    """What was changed together is told together. `events`: those of its changes, by the collections and ids of these."""
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        alike = (event.kind, event.logins, event.by) if event.kind in SEVERAL else (event.key,)
        groups.setdefault(alike, []).append(event)
    return [group[0] if len(group) == 1 else _together(group, team) for group in groups.values()]


def _sound(change: Changed, team: Team) -> list[Event]:
    """What makes no sense (a time beyond all calendars, from a file that somebody edited) is news for nobody."""
    try:
        return list(BY_COLLECTION[change.collection](change, team)) if change.is_news else []
    except (ValueError, ArithmeticError, LookupError, TypeError, FleettuiError):
        return []


def _together(events: list[Event], team: Team) -> Event:
    first = events[0]
    ids = tuple(dict.fromkeys(event.id for event in events))
    if len(ids) == 1:
        return first
    listed = ", ".join(ids[:MOST_IDS]) + (", …" if len(ids) > MOST_IDS else "")
    text = SEVERAL[first.kind].format(who=team.shown(first.by), count=len(ids), ids=listed)
    about = tuple(dict.fromkeys(name for event in events for name in event.about))
    return replace(first, text=text, together=ids, about=about)
