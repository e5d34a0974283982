"""The outbox: what is to leave, and what became of it. The documents themselves carry their orders, so that an answer and its
order are one change.

    workspace.outbox.due()            what may leave now; the service sends it, one at a time in each thread
    order = outbox.begin(order)       refused where somebody has taken it back: whoever is second
    outbox.sent(order, external)      or failed(order, why, again_at), repeat(order, why, again_at), uncertain(order, why)
    outbox.interrupted()              after a restart: a try of each had begun
    outbox.retry(id), outbox.drop(id) what a person decides, by "T-1042/m7", "T-1042" or "L-3"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.delivery import states
from fleettui.domain.delivery.model import TO_DO, Delivery
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.workspace.collections import LETTERS, TICKETS
from fleettui.workspace.orders import Order, OrderBook, order_of_letter, order_of_message
from fleettui.workspace.session import CONNECT, Session

if TYPE_CHECKING:
    from fleettui.domain.delivery.letters import Letter
    from fleettui.domain.tickets.model import Message, Ticket
    from fleettui.workspace.people import People

LATELY = timedelta(days=1)
"""What was sent is listed for so long."""

Step = Callable[[Delivery], Delivery | None]
"""What becomes of a delivery; None where the text stays without one."""


class Outbox:
    """For the service and for people alike. What the service does is in no person's undo."""

    def __init__(self, session: Session, people: People) -> None:
        self._session, self._store, self._people = session, session.store, people
        self._service = replace(session, id=CONNECT, request="")
        self._book = OrderBook()

    # -- reading

    def all(self, *, failed: bool = False) -> list[Order]:
        """What has not left, and what was sent lately, in the order in which it was written. `failed`: only what a person has to
        decide."""
        since = self._session.now() - LATELY
        return sorted(
            self._orders(lambda delivery: _is_listed(delivery, failed, since), with_sent=not failed),
            key=lambda order: (order.at, order.about),
        )

    def to_do(self, login: str) -> list[Order]:
        """What that person wrote and what did not get through."""
        return [order for order in self.all(failed=True) if order.who.login == login]

    def due(self, now: datetime | None = None) -> list[Order]:
        """What may leave now, the longest waiting first. In one thread nothing overtakes what was written before it."""
        now = now or self._session.now()
        first: dict[str, Order] = {}
        for order in self._orders(lambda delivery: delivery.state in ("queued", "sending")):
            first.setdefault(order.thread, order)
        due = (order for order in first.values() if order.delivery.is_due(now))
        return sorted(due, key=lambda order: order.delivery.next_at)

    def next_at(self) -> datetime | None:
        """When something may leave next; None where nothing waits."""
        waiting = self._orders(lambda delivery: delivery.state == "queued")
        return min((order.delivery.next_at for order in waiting), default=None)

    def interrupted(self) -> list[Order]:
        """A try had begun: after a restart the sender has to look whether it got through."""
        return list(self._orders(lambda delivery: delivery.state == "sending"))

    def get(self, about: str) -> Order | None:
        """As it stands now, by "T-1042/m7" or "L-3"; None where there is no such order."""
        id_, _, key = about.partition("/")
        if not key:
            letter = self._store.get(LETTERS, id_)
            return self._of_letter(letter) if letter else None
        ticket = self._store.get(TICKETS, id_)
        for message in ticket.messages if ticket else ():
            if ticket and message.key == key and message.delivery is not None:
                return self._of_message(ticket, message)
        return None

    def of_ticket(self, id_: str) -> list[Order]:
        """What has not left of a ticket, the oldest first: also of those that were merged into it, from which it leaves."""
        ticket = self._store.get(TICKETS, id_)
        if ticket is None:
            return []
        merged = {message.moved_from: None for message in ticket.messages if message.moved_from}
        carriers = [ticket, *filter(None, (self._store.get(TICKETS, other) for other in merged))]
        orders = (
            self._of_message(carrier, message)
            for carrier in carriers
            for message in carrier.messages
            if message.delivery is not None and message.delivery.is_open
        )
        return sorted(orders, key=lambda order: order.at)

    # -- what the service does

    def begin(self, order: Order) -> Order:
        """A try begins, if the order still stands as it was read: undo and this cannot both be first."""
        now = self._session.now()

        def begin(delivery: Delivery) -> Delivery:
            if delivery != order.delivery:
                raise Refused(f"{order.about} was changed meanwhile")
            return states.begun(delivery, now)

        return self._move(order.about, begin, "outbox.begin")

    def sent(self, order: Order, external: str = "", at: datetime | None = None) -> Order:
        """It is there; `external` is its id on the other side. Also where it comes back as an echo before the sender returns."""
        when = at or self._session.now()
        return self._move(order.about, lambda delivery: states.sent(delivery, when, external), "outbox.sent")

    def failed(self, order: Order, why: str, again_at: datetime | None = None) -> Order:
        """It surely did not get through. `again_at`: when a try may help; None: never as it is."""
        if again_at is None:
            return self._move(
                order.about, lambda delivery: states.given_up(delivery, why), "outbox.failed", why
            )
        tries = self._session.policy.handbook.connections.tries

        def put_off(delivery: Delivery) -> Delivery:
            return states.put_off(delivery, why, again_at, tries)

        return self._move(order.about, put_off, "outbox.put_off", why)

    def repeat(self, order: Order, why: str, again_at: datetime) -> Order:
        """Nobody can say whether it got through, and the other side shows it once however often it comes: again at that time, as
        often as the policy says."""
        most = self._session.policy.handbook.connections.mail.repeats

        def repeat(delivery: Delivery) -> Delivery:
            return states.repeated(delivery, why, again_at, most)

        is_last = order.delivery.repeats >= most
        return self._move(order.about, repeat, "outbox.uncertain" if is_last else "outbox.repeat", why)

    def uncertain(self, order: Order, why: str) -> Order:
        """Nobody can say whether it got through."""
        return self._move(
            order.about, lambda delivery: states.unknown(delivery, why), "outbox.uncertain", why
        )

    # -- what people decide

    def retry(self, typed: str) -> Order:
        """Send again what failed or is uncertain; what waits for its next try is tried now."""
        order, now = self.find(typed), self._session.now()
        return self._move(
            order.about, lambda delivery: states.again(delivery, now), "outbox.retry", session=self._session
        )

    def drop(self, typed: str) -> Order:
        """The text stays, unsent; a letter, which is nothing else, goes. Returns the order as it stood."""
        order = self.find(typed)

        def drop(delivery: Delivery) -> None:
            states.refuse_drop(delivery)

        self._change(order.about, drop, "outbox.drop", session=self._session)
        return order

    def find(self, typed: str) -> Order:
        """By "T-1042/m7", "L-3", or the ticket alone where only one of its answers has not left."""
        id_, _, key = cleaning.line(typed, 60).partition("/")
        id_ = id_.upper() if "-" in id_ else f"T-{id_}"
        if key or id_.startswith(f"{LETTERS.prefix}-"):
            order = self.get(f"{id_}/{key}" if key else id_)
            if order is None:
                raise Refused(f"There is no {cleaning.line(typed, 60)!r} in the outbox.")
            return order
        waiting = self.of_ticket(id_)
        waiting = [order for order in waiting if order.delivery.state in TO_DO] or waiting
        if not waiting:
            raise Refused(f"{id_}: nothing waits in the outbox.")
        if len(waiting) > 1:
            raise Refused(f"{id_} has several: {', '.join(order.about for order in waiting)}. Name one.")
        return waiting[0]

    # -- inside

    def _orders(self, wanted: Callable[[Delivery], bool], *, with_sent: bool = False) -> Iterator[Order]:
        """What is sent is by far the most, so nothing is made of it unless it is asked for."""
        chosen = [
            (id_, message)
            for id_, message in self._book.messages(
                self._store.rows(TICKETS), self._read_tickets, with_sent=with_sent
            )
            if message.delivery is not None and wanted(message.delivery)
        ]
        tickets = self._read_tickets([id_ for id_, _ in chosen])
        for id_, message in chosen:
            if id_ in tickets:
                yield self._of_message(tickets[id_], message)
        for letter in self._store.all(LETTERS):
            if wanted(letter.delivery):
                yield self._of_letter(letter)

    def _read_tickets(self, ids: list[str]) -> dict[str, Ticket]:
        return self._store.bodies(TICKETS, dict.fromkeys(ids))

    def _of_message(self, ticket: Ticket, message: Message) -> Order:
        return order_of_message(ticket, message, self._people.get(message.by))

    def _of_letter(self, letter: Letter) -> Order:
        return order_of_letter(letter, self._people.get(letter.by))

    def _move(
        self, about: str, step: Step, verb: str, why: str = "", *, session: Session | None = None
    ) -> Order:
        self._change(about, step, verb, why, session=session or self._service)
        order = self.get(about)
        assert order is not None, "moved, so it is there"  # noqa: S101
        return order

    def _change(self, about: str, step: Step, verb: str, why: str = "", *, session: Session) -> None:
        id_, _, key = about.partition("/")
        if not key:
            stamp = session.stamp(verb, why)
            self._store.change(LETTERS, id_, lambda letter: _letter_moved(letter, step, about), stamp)
            return
        session.edit(TICKETS, id_, lambda ticket: _ticket_moved(ticket, key, step), verb, why)


def _is_listed(delivery: Delivery, failed: bool, since: datetime) -> bool:
    if failed:
        return delivery.state in TO_DO
    return delivery.is_open or (delivery.sent_at is not None and delivery.sent_at >= since)


def _ticket_moved(ticket: Ticket, key: str, step: Step) -> Ticket:
    messages = tuple(
        _message_moved(message, step) if message.key == key and message.delivery is not None else message
        for message in ticket.messages
    )
    if all(message.key != key or message.delivery is None for message in ticket.messages):
        raise Refused(f"{ticket.id}/{key} was taken back meanwhile")
    return replace(ticket, messages=messages)


def _message_moved(message: Message, step: Step) -> Message:
    before = message.delivery
    assert before is not None, "asked by the caller"  # noqa: S101
    after = step(before)
    if after is None:
        # What surely did not leave may be recognised by its words, when somebody sends it by hand.
        unsent = not before.unsure and message.external == before.external
        return replace(message, delivery=None, external="" if unsent else message.external)
    return replace(message, delivery=after, external=message.external or after.external)


def _letter_moved(letter: Letter | None, step: Step, about: str) -> Letter | None:
    if letter is None:
        raise Refused(f"{about} was taken back meanwhile")
    after = step(letter.delivery)
    return None if after is None else replace(letter, delivery=after)
