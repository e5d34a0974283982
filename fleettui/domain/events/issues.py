"""What the closing of an issue means for whoever has a ticket that waits for it (SUP-11)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from fleettui.domain.events.model import Changed, Event
from fleettui.domain.events.team import Team
from fleettui.domain.tickets.linked_issues import LinkedIssue


def of_issue(change: Changed, team: Team) -> Iterator[Event]:
    """To each of them once, with their tickets; who follows one of these hears of it, too."""
    before, after = change.before, change.after
    assert before is None or isinstance(before, LinkedIssue)  # noqa: S101
    if not isinstance(after, LinkedIssue) or not after.is_closed:
        return
    if before is not None and before.is_closed:
        return
    by_login: dict[str, list[str]] = {}
    for word in after.owed:
        holder = team.working_for(word.who, change.at) or word.who if word.who else ""
        by_login.setdefault(holder, []).append(word.ticket)
    what = f"{after.id} is {'done' if after.outcome == 'done' else 'closed, and not planned'}"
    for login, tickets in by_login.items():
        whose = "waits" if len(tickets) == 1 else "wait"
        text = f"{what}: {', '.join(tickets)} {whose} for a word"
        event = change.event("fixed", (login,) if login else (), text, about=tuple(tickets))
        yield replace(
            event,
            key=f"{event.key}/{tickets[0]}",
            collection="tickets",
            id=tickets[0],
            together=tuple(tickets) if len(tickets) > 1 else (),
        )
