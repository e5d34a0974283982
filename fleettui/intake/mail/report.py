"""Delivery reports (RFC 3464): what became of a mail of ours, and which mail it was."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import Parser
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.intake.mail.trouble import TROUBLE
from fleettui.text import cleaning

if TYPE_CHECKING:
    Mime = Message[Any, Any]

IDS = ("references", "in-reply-to", "original-message-id", "message-id")
"""The headers by which the conversation of a carried mail is found."""

_MOST_PARTS = 50
_MOST_RECIPIENTS = 20
_MOST_HEADERS = 20_000
_WORST = ("failed", "delayed", "expanded", "relayed", "delivered")


class Recipient(msgspec.Struct, frozen=True):
    """To whom the mail was to go, and what the server says of that."""

    email: str
    action: str
    reason: str

    @property
    def whole(self) -> str:
        return f"{self.email} ({self.reason})" if self.reason else self.email


class Report(msgspec.Struct, frozen=True):
    """A delivery report; `carried` has the headers of the mail that it is about."""

    recipients: tuple[Recipient, ...]
    carried: dict[str, str]

    @property
    def action(self) -> str:
        """The worst that happened."""
        actions = {recipient.action for recipient in self.recipients}
        return next((action for action in _WORST if action in actions), "")

    @property
    def words(self) -> str:
        """What became of the mail, to whom it was to go; empty where the report says nothing of that."""
        theirs = [recipient.whole for recipient in self.recipients if recipient.action == self.action]
        subject = cleaning.line(self.carried.get("subject", ""), 200)
        which = f"our mail {subject!r}" if subject else "our mail"
        begun = {
            "failed": f"Delivery failed: {which} did not reach ",
            "delayed": f"Delivery is delayed: {which} has not yet reached ",
            "delivered": f"Delivered: {which} reached ",
        }.get(self.action)
        return f"{begun}{', '.join(theirs)}" if begun and theirs else ""


def read_report(mail: EmailMessage) -> Report | None:
    """The report in a mail; None where it has none."""
    try:
        parts = list(islice(mail.walk(), _MOST_PARTS))
        if not any(_kind(part) in ("multipart/report", "message/delivery-status") for part in parts):
            return None
        recipients = [recipient for part in parts for recipient in _recipients(part)]
        carried = next((headers for part in parts if (headers := _carried(part))), {})
    except TROUBLE:
        return None
    return Report(tuple(recipients[:_MOST_RECIPIENTS]), carried)


def _kind(part: Mime) -> str:
    return part.get_content_type()


def _recipients(part: Mime) -> Iterator[Recipient]:
    """A delivery status has a block of headers for the mail, and then one for each recipient."""
    if _kind(part) != "message/delivery-status":
        return
    for block in _inside(part)[: _MOST_RECIPIENTS + 1]:
        email = _value(block, "Original-Recipient") or _value(block, "Final-Recipient")
        if not email or "@" not in email:
            continue
        reason = _value(block, "Diagnostic-Code") or _field(block, "Status")
        yield Recipient(
            email=cleaning.line(email, 254).casefold(),
            action=_field(block, "Action").partition(" ")[0].casefold(),
            reason=cleaning.line(reason, 200),
        )


def _inside(part: Mime) -> list[Mime]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _value(block: Mime, name: str) -> str:
    """ "rfc822; dana@acme.example": what stands behind the type."""
    return _field(block, name).partition(";")[2].strip().strip("<>")


def _field(block: Mime, name: str) -> str:
    return " ".join(str(block.get(name, ""))[:2_000].split())


def _carried(part: Mime) -> dict[str, str]:
    """The headers of the mail that could not be delivered: it is in the report whole, or with its headers only."""
    if _kind(part) in ("message/rfc822", "message/disposition-notification"):
        inner: Mime | None = next(iter(_inside(part)), None)
    elif _kind(part) in ("text/rfc822-headers", "message/rfc822-headers"):
        raw = part.get_payload(decode=True)
        text = (
            raw[:_MOST_HEADERS].decode("utf-8", "replace")
            if isinstance(raw, bytes)
            else str(part.get_payload())
        )
        inner = Parser(policy=policy.default).parsestr(text[:_MOST_HEADERS], headersonly=True)
    else:
        inner = None
    if inner is None:
        return {}
    return {name: str(inner[name])[:_MOST_HEADERS] for name in (*IDS, "subject") if inner[name]}
