"""What arrives by itself, into the queue: Slack events and e-mails, each on its own, so that a bad one takes no other along."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from fleettui.domain.tickets.arrivals import Arrival, Arrived
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import FleettuiError, Unusable
from fleettui.intake.slack.payloads import Broken

if TYPE_CHECKING:
    from datetime import datetime

    from fleettui.workspace.workspace import Workspace

Result = Literal["created", "appended", "ignored"]

RECORDER = "fleettui"
"""Who notes what no person wrote."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to post, and where."""

    channel: str
    thread: str
    text: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one message. `error`: it was not what it should have been."""

    result: Result
    ticket: str | None = None
    why: str
    message: str = ""
    reply: Reply | msgspec.UnsetType = msgspec.UNSET
    error: bool | msgspec.UnsetType = msgspec.UNSET


class Intake:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def slack(self, payloads: Iterable[Any], *, flag: bool = False) -> Iterator[Outcome]:
        """One outcome for each payload, in order. `flag`: staff say that these threads need work (SUP-1)."""
        from fleettui.workspace.intake.slack import SlackIntake

        return self._each(payloads, SlackIntake(self._workspace, flag=flag).take)

    def mail(self, raw: Iterable[bytes]) -> Iterator[Outcome]:
        from fleettui.workspace.intake.mail import MailIntake

        return self._each(raw, MailIntake(self._workspace).take)

    def _each(self, messages: Iterable[Any], take: Callable[[Any], Outcome]) -> Iterator[Outcome]:
        for message in messages:
            try:
                yield broken(message.why) if isinstance(message, Broken) else take(message)
            except Unusable:
                # No fault of this message: the next would fare no better.
                raise
            except FleettuiError as error:
                yield broken(str(error))
            except Exception as error:
                if os.environ.get("FLEETTUI_DEBUG"):
                    raise
                yield broken(f"it could not be taken in ({type(error).__name__}: {error})")


def broken(why: str) -> Outcome:
    return Outcome(result="ignored", why=" ".join(why.split()), error=True)


def outcome(arrived: Arrived, message: str, why: str = "") -> Outcome:
    ticket = arrived.ticket.id if arrived.ticket else None
    return Outcome(result=arrived.result, ticket=ticket, why=why or arrived.why, message=message)


def note_files(
    workspace: Workspace, ticket: Ticket, where: str, external: str, files: tuple[str, ...], at: datetime
) -> Arrived:
    """SUP-5, and further: what was left behind is said on the ticket, once."""
    return workspace.tickets.arrive(
        Arrival(
            thread=ticket.thread,
            also=(external,),
            external=f"{external}:files",
            at=at,
            by=RECORDER,
            direction="note",
            automatic=True,
            body=left_behind(files, where),
            create=False,
        )
    )


def left_behind(files: tuple[str, ...], where: str) -> str:
    if len(files) == 1:
        return f"A file was left behind in {where}: {files[0]}"
    return f"{len(files)} files were left behind in {where}: {', '.join(files)}"
