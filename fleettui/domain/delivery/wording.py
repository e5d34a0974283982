"""How an order stands, in words: for the page of a ticket, for lists, and for who is refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from fleettui.domain.delivery.model import Delivery
from fleettui.time import wording

WAYS = {"mail": "mail", "slack": "Slack", "github": "GitHub"}


def state_words(delivery: Delivery, now: datetime, zone: ZoneInfo) -> str:
    """ "queued, leaves in 12 s", "sent 10:04", "failed: channel_not_found"."""
    if delivery.state == "sent":
        return f"sent {wording.moment(delivery.sent_at or delivery.leaves_at, now, zone)}"
    if delivery.state == "queued":
        return _queued_words(delivery, now, zone)
    if delivery.state == "sending":
        return "being sent"
    return f"{delivery.state}: {delivery.why}"


def _queued_words(delivery: Delivery, now: datetime, zone: ZoneInfo) -> str:
    if delivery.again_at is not None:
        when = wording.moment(delivery.again_at, now, zone) if delivery.again_at > now else "now"
        if delivery.unsure:
            return f"it may be there: {delivery.why}; the same is sent again {when}"
        return f"not sent yet: {delivery.why}; tried again {when}"
    left = seconds_left(delivery, now)
    return f"queued, leaves in {left} s" if left else "queued, leaves now"


def seconds_left(delivery: Delivery, now: datetime) -> int:
    """So long undo still takes it back; 0 where its time has come."""
    left = (delivery.leaves_at - now).total_seconds()
    return max(0, int(left) + (left > int(left)))


def why_not_taken_back(delivery: Delivery, now: datetime, zone: ZoneInfo) -> str:
    """For who wants to undo what has left, or may have."""
    tried = wording.moment(delivery.tried_at or delivery.leaves_at, now, zone)
    if delivery.state == "sent":
        left = wording.moment(delivery.sent_at or delivery.leaves_at, now, zone)
        return f"it left at {left} and cannot be taken back"
    if delivery.state == "sending":
        return f"it began to leave at {tried} and cannot be taken back"
    if delivery.unsure:
        return f"it may have left at {tried}, so it cannot be taken back; send it again or drop it"
    return f"it was tried at {tried}, so it cannot be taken back; dropping it keeps it here unsent"


def goes_to(delivery: Delivery, channel: str = "") -> str:
    """ "jo@acme.example, with Cc to ...", "#fleet-at-acme". `channel` is its name, where somebody knows it."""
    to = channel if channel and delivery.way == "slack" else ", ".join(delivery.to)
    return f"{to}, with Cc to {', '.join(delivery.copies)}" if delivery.copies else to
