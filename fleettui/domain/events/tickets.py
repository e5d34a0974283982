"""What a change of a ticket means for others."""

from __future__ import annotations

from collections.abc import Iterator

from fleettui.domain.events.model import Changed, Event
from fleettui.domain.events.team import Team
from fleettui.domain.tickets.model import Listed, Message, Ticket
from fleettui.text import cleaning
from fleettui.text.reading import name_in_words

LONGEST_SUBJECT = 60


def named(ticket: Listed) -> str:
    """ "T-1042 · It fails"."""
    return f"{ticket.id} · {cleaning.fit(cleaning.line(ticket.subject), LONGEST_SUBJECT)}"


def of_ticket(change: Changed, team: Team) -> Iterator[Event]:
    before, after = change.before, change.after
    assert before is None or isinstance(before, Ticket)  # noqa: S101
    assert after is None or isinstance(after, Ticket)  # noqa: S101
    if after is None:
        if before is not None:
            yield from _touched(change, before, team)
        return
    events = [
        *_urgent(change, before, after, team),
        *_moved(change, before, after, team),
        *_written(change, before, after, team),
    ]
    yield from events
    knows = any(after.assignee in event.logins for event in events)
    if before is not None and before.assignee == after.assignee and not knows and not change.arrived:
        yield from _touched(change, after, team)


def _urgent(change: Changed, before: Ticket | None, after: Ticket, team: Team) -> Iterator[Event]:
    urgent = team.alarms.urgent
    if after.priority not in urgent or after.status == "resolved" or after.merged_into:
        return
    if before is not None and before.priority in urgent:
        return
    did = "arrived" if before is None else "is what it is now"
    text = f"{after.priority} {did}: {named(after)} ({after.customer})"
    yield change.event("p0", team.present(change.at), text)


def _moved(change: Changed, before: Ticket | None, after: Ticket, team: Team) -> Iterator[Event]:
    """It has another holder."""
    old, new = before.assignee if before else "", after.assignee
    if old == new:
        return
    who, what = team.shown(change.by), named(after)
    if new:
        text = f"{who} gave you {what}" + (f", which {team.shown(old)} had" if old else "")
        yield change.event("assigned", (new,), text)
    if old:
        text = f"{who} gave {what} to {team.shown(new)}; it was yours"
        if new == change.by:
            text = f"{who} took {what} from you"
        elif not new:
            text = f"{who} took {what} from you; it is nobody's now"
        yield change.event("touched", (old,), text)


def _written(change: Changed, before: Ticket | None, after: Ticket, team: Team) -> Iterator[Event]:
    known = {message.key for message in before.messages} if before else set()
    for message in after.messages:
        if message.key in known or message.moved_from or message.deleted_at or message.automatic:
            continue
        if message.direction == "in":
            yield from _from_customer(change, before, after, message, team)
        elif not change.arrived:
            yield from _calling(change, after, message, team)


def _from_customer(
    change: Changed, before: Ticket | None, after: Ticket, message: Message, team: Team
) -> Iterator[Event]:
    holder = team.working_for(after.assignee, change.at) if after.assignee and before else ""
    who, again = name_in_words(message.by), "wrote in" if before else "asked"
    text = f"{cleaning.line(who, 60)} {again} {named(after)}"
    about = tuple(filter(None, (after.id if before else "", after.customer_id)))
    to = tuple(dict.fromkeys(filter(None, (after.assignee if before else "", holder))))
    yield change.event("answered", to, text, by=message.by, about=about)


def _calling(change: Changed, after: Ticket, message: Message, team: Team) -> Iterator[Event]:
    if "@" not in message.body:
        return
    called = team.called_in(message.body)
    on_call = (team.on_call(change.at),) if called.on_call else ()
    to = tuple(dict.fromkeys(filter(None, (*called.logins, *on_call))))
    if to:
        yield change.event(
            "mentioned", to, f"{team.shown(change.by)} named you in {named(after)}: {called.line}"
        )


def _touched(change: Changed, ticket: Ticket, team: Team) -> Iterator[Event]:
    if ticket.assignee and ticket.assignee != change.by:
        text = f"{named(ticket)}: {change.done()} · {team.shown(change.by)}"
        yield change.event("touched", (ticket.assignee,), text)
