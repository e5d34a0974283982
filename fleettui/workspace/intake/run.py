"""Takes Slack events and e-mails into the queue, one by one: a bad message does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.errors import FleettuiError, Unusable
from fleettui.intake.slack import payloads
from fleettui.intake.slack.payloads import Broken
from fleettui.workspace.intake.outcomes import RECORDER, Outcome, broken

if TYPE_CHECKING:
    from fleettui.workspace.channels import Channels
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.actions import Tickets


class Intake:
    """What arrives by itself: from Slack and by mail."""

    def __init__(
        self,
        session: Session,
        tickets: Tickets,
        people: People,
        customers: Customers,
        channels: Channels,
    ) -> None:
        self._session, self._tickets = session, tickets
        self._people, self._customers, self._channels = people, customers, channels

    def slack(
        self, events: Iterable[Any], *, flag: bool = False, begun: datetime | None = None, posts: bool = True
    ) -> Iterator[Outcome]:
        """One outcome for each event, in order. `flag`: staff say that these threads need work (SUP-1). `begun`: answers that
        were recorded since then are given again. `posts`: whoever asks posts what is to be answered."""
        from fleettui.workspace.intake.slack import SlackIntake

        slack = SlackIntake(
            self._session,
            self._tickets,
            self._people,
            self._customers,
            self._channels,
            flag=flag,
            begun=begun,
            posts=posts,
        )
        return self._each(events, slack.take)

    def mail(self, raw: Iterable[bytes], *, flag: bool = False) -> Iterator[Outcome]:
        """One outcome for each mail, in order. `flag`: staff hand them over (SUP-1)."""
        from fleettui.workspace.intake.mail import MailIntake

        mail = MailIntake(self._session, self._tickets, self._people, self._customers, flag=flag)
        return self._each(raw, mail.take)

    def slack_file(
        self, source: IO[bytes], begun: datetime | None, *, flag: bool = False
    ) -> Iterator[Outcome]:
        """A file of a spool; its size is limited there."""
        return self.slack(payloads.read(source.read()), flag=flag, begun=begun)

    def mail_file(
        self, source: IO[bytes], _begun: datetime | None, *, flag: bool = False
    ) -> Iterator[Outcome]:
        from fleettui.intake.mail.mailbox import messages

        return self.mail(messages(source), flag=flag)

    def note(self, ticket_id: str, external: str, body: str) -> None:
        """A note of the program on a ticket, once for each `external`."""
        ticket = self._tickets.get(ticket_id)
        if ticket is None:
            return
        note = Arrival(
            thread=ticket.thread,
            external=external,
            at=self._session.now(),
            by=RECORDER,
            direction="note",
            automatic=True,
            body=body,
            create=False,
        )
        self._tickets.arrive_at(self._tickets.survivor(ticket).id, note)

    def _each(self, messages: Iterable[Any], take: Callable[[Any], Outcome]) -> Iterator[Outcome]:
        for message in messages:
            try:
                yield broken(message.why) if isinstance(message, Broken) else take(message)
            except Unusable:
                # Not the message's fault: every other message would fail, too.
                raise
            except FleettuiError as error:
                yield broken(str(error))
            except Exception as error:
                if os.environ.get("FLEETTUI_DEBUG"):
                    raise
                yield broken(f"it could not be taken in ({type(error).__name__}: {error})")
