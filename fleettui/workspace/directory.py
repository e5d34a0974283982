"""Whom to reach, and where: emergency numbers (SLA-11), groups and their people (SUP-18), who answers for a channel, booking
links, and the team's own targets (SLA-16). The one place that puts them into words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.customers.policy import EXPERT_BOOKING
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import Booking, ChannelPolicy, Emergency, Group, TeamChannel
    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.tickets.sla import InternalTarget
    from fleettui.workspace.people import People

UNFILLED = "not filled in yet: {} in channels.json"


class Line(NamedTuple):
    """One fact: what it is about, and the words."""

    label: str
    words: str


class Directory:
    def __init__(self, session: Session, people: People, ways: Callable[[Ticket], list[str]]) -> None:
        """`ways`: how the customer of a ticket may reach us (SLA-11)."""
        self._session, self._people, self._ways = session, people, ways

    @property
    def _channels(self) -> ChannelPolicy:
        return self._session.policy.handbook.channels

    # By what somebody looks at

    def of_ticket(self, ticket: Ticket, customer: Customer | None, channel: str = "") -> list[Line]:
        """For an urgent one; nothing for one that is answered in the usual way. `channel` as people call it."""
        if not self.is_urgent(ticket):
            return []
        return [
            Line("Reached by", ", ".join(self._ways(ticket))),
            *self.emergency_of(ticket),
            *self.of_customer(customer, channel or ticket.channel),
        ]

    def is_urgent(self, ticket: Ticket) -> bool:
        """The policy has other ways for it than the usual ones (SLA-11)."""
        return any(way.startswith(("expedited", "emergency")) for way in self._ways(ticket))

    def of_customer(self, customer: Customer | None, channel: str = "") -> list[Line]:
        """The people of their group, and who answers for their channel."""
        group = self._session.policy.handbook.groups.of(customer.hosts) if customer else None
        lines = [Line("Group", self.group_words(group))] if group else []
        theirs = channel or (customer.channel if customer else "")
        row = self.channel_row(theirs)
        if row is not None and row.dri:
            lines.append(Line("Channel DRI", f"{self._name(row.dri)}, for {row.name}"))
        return lines

    def dri(self, channel: str) -> str:
        """ "DRI Kathy Satterlee"; empty where nobody answers for the channel."""
        row = self.channel_row(channel)
        return f"DRI {self._name(row.dri)}" if row is not None and row.dri else ""

    def for_help(self, ticket: Ticket, customer: Customer | None, channel: str = "") -> list[Line]:
        """Beside the choice of whom to call: also who answers for those channels, and the expert's link."""
        called = [
            Line(row.name, f"{self._name(row.dri)} answers for it")
            for row in self._channels.channels
            if row.dri and row.rule == "SUP-7"
        ]
        return [*self.of_ticket(ticket, customer, channel), *called, self.expert()]

    # The parts

    def expert(self) -> Line:
        """SLA-16: a talk with an expert is booked through the calendar tool."""
        booking = next((row for row in self._channels.booking if row.key == EXPERT_BOOKING), None)
        return Line("Talk to an expert", self.booking_url(booking) if booking else UNFILLED.format("booking"))

    def booking_url(self, booking: Booking) -> str:
        return booking.url or UNFILLED.format(f"the url of {booking.key}")

    def emergency(self) -> Emergency:
        return self._channels.emergency

    def emergency_words(self) -> str:
        given = [part for part in (self.emergency().phone, self.emergency().email) if part]
        return ", ".join(given) or UNFILLED.format("emergency")

    def emergency_of(self, ticket: Ticket) -> Iterator[Line]:
        """Where the policy gives the customer of the ticket a number for emergencies (SLA-11)."""
        if any(way.startswith("emergency") for way in self._ways(ticket)):
            yield Line("Emergency", self.emergency_words())

    def group_words(self, group: Group) -> str:
        """ "Unicorns #g-unicorns: revenue Zay, pipeline Alex, success Kathy; CSEs Tobias"."""
        roles = (
            ("revenue", group.revenue),
            ("pipeline", group.pipeline),
            ("success", group.customer_success),
        )
        whose = ", ".join(f"{role} {self._name(login)}" for role, login in roles if login)
        cses = ", ".join(map(self._name, group.cses))
        people = "; ".join(filter(None, (whose, f"CSEs {cses}" if cses else "")))
        return f"{group.name} {group.channel}" + (f": {people}" if people else "")

    def channel_row(self, channel: str) -> TeamChannel | None:
        """The row of channels.json that a channel belongs to; `*` stands for any ending."""
        name = channel if channel.startswith("#") else f"#{channel}"
        return next((row for row in self._channels.channels if fnmatchcase(name, row.name)), None)

    def channel_words(self, row: TeamChannel) -> str:
        return f"{self._name(row.dri)}: {row.purpose}" if row.dri else row.purpose

    def targets(self) -> list[Line]:
        """SLA-16: all that the team aims for, and promises nobody."""
        policy = self._session.policy.handbook.sla
        return [Line(target.name, self._target_words(target)) for target in policy.internal]

    def _target_words(self, target: InternalTarget) -> str:
        from fleettui.domain.tickets.sla import in_words

        booked = self.expert().words if target.key == EXPERT_BOOKING else ""
        measure = in_words(target) if target.due is not None else ""
        return ", ".join(part for part in (measure, target.note, booked) if part)

    def _name(self, login: str) -> str:
        return self._people.get(login).shown
