"""What tickets put into Today's list: the answers that are owed, and the words that are owed about closed issues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.agenda import FIXED, UNSENT, Item, Kind, State
from fleettui.domain.delivery.model import TO_DO, Delivery
from fleettui.domain.tickets.debt import GLYPHS
from fleettui.domain.tickets.linked_issues import word_words
from fleettui.workspace.collections import LETTERS, TICKETS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fleettui.domain.tickets.model import Listed
    from fleettui.store.protocol import Store
    from fleettui.workspace.tickets.issues import Owed
    from fleettui.workspace.tickets.queue import Queue

TICKET_STATES: dict[str, State] = {"breached": "late", "urgent": "soon"}
"""How an answer that is owed stands in the list, by its state in the queue; any other is open."""


def answers(queue: Queue, is_mine: Callable[[Listed], bool], now: datetime) -> Iterator[Item]:
    """SLA-15."""
    for entry in (*queue.open(), *queue.open(department=True)):
        ticket = entry.ticket
        if entry.owed is None:
            continue
        stands = queue.state(entry, now)
        yield Item(
            kind="ticket",
            id=ticket.id,
            title=_title_of(ticket),
            about=entry.shown,
            due=entry.due,
            state=TICKET_STATES.get(stands, "open"),
            own_sign=GLYPHS[stands],
            mine=is_mine(ticket),
            who=ticket.assignee,
            does="answer",
        )


def unsent(store: Store, mine: Collection[str], now: datetime, zone: ZoneInfo) -> Iterator[Item]:
    """Texts that did not get through: whoever wrote one decides what becomes of it. Each ticket once."""
    to_do = [row.id for row in store.rows(TICKETS) if "to do" in row.has]
    for ticket in store.bodies(TICKETS, to_do).values():
        for message in ticket.messages:
            if message.delivery is not None and message.delivery.state in TO_DO:
                words = f"The answer {_state_words(message.delivery, now, zone)}"
                yield _unsent("ticket", ticket.id, words, ticket.customer, message.by, message.delivery, mine)
                break
    for letter in store.all(LETTERS):
        if letter.delivery.state in TO_DO:
            words = f"{letter.subject}: {_state_words(letter.delivery, now, zone)}"
            kind: Kind = "playbook" if letter.about.startswith("P-") else "call"
            yield _unsent(kind, letter.about, words, letter.customer, letter.by, letter.delivery, mine)


def _unsent(
    kind: Kind, id_: str, words: str, about: str, by: str, delivery: Delivery, mine: Collection[str]
) -> Item:
    """Late since it was tried: somebody waits for it at the other end."""
    return Item(
        kind=kind, id=id_, title=words, about=about, due=delivery.tried_at, state="late", mine=by in mine,
        who=by, step=UNSENT,
    )  # fmt: skip


def _state_words(delivery: Delivery, now: datetime, zone: ZoneInfo) -> str:
    from fleettui.domain.delivery.wording import state_words  # late: hardly ever needed at a start

    return state_words(delivery, now, zone)


def _title_of(ticket: Listed) -> str:
    kind = f"{ticket.tier}: " if ticket.is_for_department else ""
    return f"{ticket.priority_shown} {kind}{ticket.subject}".strip()


def words(
    owed: Iterable[Owed],
    is_mine: Callable[[Listed], bool],
    shown: Callable[[str], str],
    repository: Callable[[], str],
) -> Iterator[Item]:
    """SUP-11: each ticket once. Nothing promises a time. `repository`: the team's own."""
    for issue, _, ticket in owed:
        yield Item(
            kind="ticket",
            id=ticket.id,
            title=f"{word_words(issue, repository())}: {ticket.subject}",
            about=shown(ticket.customer_id) if ticket.customer_id else ticket.customer,
            mine=is_mine(ticket),
            who=ticket.assignee,
            does="tick",
            step=FIXED,
        )
