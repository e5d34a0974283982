"""What the connection to Slack asks of the workspace. Everything goes through the service's one writing thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from fleettui.connect.slack_stamps import later, stamp_of
from fleettui.connect.slack_writing import names_for
from fleettui.domain.tickets.destination import SLACK_WAYS
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_channel_id, is_slack_id, slack_id_of

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.intake.outcomes import Outcome
    from fleettui.workspace.orders import Order
    from fleettui.workspace.workspace import Workspace

T = TypeVar("T")


class Do(Protocol):
    """Carries out work in the writing thread, and returns what it returns."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


class SlackDesk:
    """Reads and writes the workspace for whoever speaks with Slack."""

    def __init__(self, workspace: Workspace, do: Do) -> None:
        self._workspace, self._do = workspace, do

    def take(self, payloads: Sequence[Any], *, flag: bool = False) -> list[Outcome]:
        """They are in the store when this returns."""
        return self._do(lambda: list(self._workspace.intake.slack(payloads, flag=flag, posts=False)))

    def channels(self) -> dict[str, str]:
        """The channels of the list, with their names; what is no id of Slack is left out."""
        listed = self._do(self._workspace.channels.all)
        return {channel.id: channel.name for channel in listed if is_slack_channel_id(channel.id)}

    def open_threads(self) -> list[tuple[str, str]]:
        """Channel and stamp of each thread with a ticket that is not resolved."""
        tickets = self._do(self._tickets)
        return [_thread(ticket) for ticket in tickets if ticket.status != "resolved"]

    def newest(self) -> dict[str, str]:
        """The newest moment of each channel that tickets know of."""
        newest: dict[str, str] = {}
        for ticket in self._do(self._tickets):
            # Not our answers: one that we sent says nothing of what was written before it and not taken in.
            written = [
                message.at for message in ticket.messages if message.direction == "in" and message.external
            ]
            if written:
                stamp = stamp_of(max(written).timestamp())
                newest[ticket.channel] = later(stamp, newest.get(ticket.channel, ""))
        return newest

    def now(self) -> str:
        return stamp_of(self._workspace.now().timestamp())

    def is_on_team(self, id_: str) -> bool:
        people = self._do(self._workspace.people.all)
        return any(person.active and slack_id_of(person.slack) == id_ for person in people if person.slack)

    def learn_person(self, id_: str, name: str) -> None:
        """The name of a contact that has only the Slack id."""
        for customer in self._customers():
            for contact in customer.contacts:
                if contact.slack == id_ and (not contact.name or is_slack_id(contact.name)):
                    self._write(partial(self._workspace.customers.contact, customer.id, id_, {"name": name}))

    def learn_channel(self, id_: str, name: str) -> None:
        self._write(lambda: self._workspace.channels.name(id_, name))

    def names(self, order: Order) -> Mapping[str, str]:
        """Whom a text can call by @name: the contacts of its customer, and the team."""
        return self._do(lambda: names_for(self._called(order)))

    # -- inside

    def _tickets(self) -> list[Ticket]:
        return self._workspace.tickets.which(
            lambda row: row.way in SLACK_WAYS and row.thread and is_slack_channel_id(row.channel)
        )

    def _customers(self) -> list[Customer]:
        return self._do(self._workspace.customers.all)

    def _called(self, order: Order) -> Iterator[tuple[str, str]]:
        customer = self._workspace.customers.get(order.ticket.customer_id) if order.ticket else None
        yield from ((contact.name, contact.slack) for contact in (customer.contacts if customer else ()))
        for person in self._workspace.people.all():
            if person.active and person.slack:
                yield from ((name, slack_id_of(person.slack)) for name in (person.login, person.shown))

    def _write(self, work: Callable[[], object]) -> None:
        """Somebody may have changed it meanwhile: then it is theirs."""
        try:
            self._do(work)
        except Refused:
            return


def _thread(ticket: Ticket) -> tuple[str, str]:
    return ticket.channel, cleaning.line(ticket.thread.rpartition("/")[2])
