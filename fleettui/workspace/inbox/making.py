"""Puts the inbox of a person together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.workspace.inbox.actions import Inbox
from fleettui.workspace.inbox.feed import EventFeed
from fleettui.workspace.inbox.team import team_of

if TYPE_CHECKING:
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.happenings import Happenings
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.place import Services
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.queue import Queue


def inbox_of(
    session: Session,
    people: People,
    customers: Customers,
    queue: Queue,
    oncall: Callable[[], OnCall],
    happenings: Callable[[], Happenings],
    services: Services,
) -> Inbox:
    feed = EventFeed(
        session,
        team_of(session, people, lambda at: oncall().person(at), queue),
        lambda happening: happenings().in_words([happening], ("messages",))[0].done,
    )
    notebook = services.notebook("inbox")
    return Inbox(session, people, customers, queue, feed, notebook, lambda: services.follow_lists)
