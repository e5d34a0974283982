"""How an order goes on: queued, sending, then sent, queued again, failed or uncertain. Pure functions.

    queued     -> sending (a try begins)
    sending    -> sent | queued (it surely did not get through, or is repeated) | failed (it never will)
                  | uncertain (nobody knows)
    failed, uncertain -> queued, where a person says so; sent, where it turns out that it is there

What has no place here is refused. An answer that is sent stays sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from fleettui.domain.delivery.model import Delivery, Way
from fleettui.errors import Refused
from fleettui.text import cleaning

LONGEST_WHY = 300
LONGEST_EXTERNAL = 300


def queued(
    way: Way,
    to: Sequence[str],
    leaves_at: datetime,
    *,
    copies: Sequence[str] = (),
    thread: str = "",
    external: str = "",
) -> Delivery:
    """A new order."""
    if not to:
        raise Refused("nobody is named to whom it goes", field="to")
    return Delivery(
        way=way,
        to=tuple(to),
        copies=tuple(copies),
        thread=thread,
        state="queued",
        leaves_at=leaves_at,
        external=external,
    )


def begun(delivery: Delivery, now: datetime) -> Delivery:
    """A try begins. From here on undo does not take it back: something may have left."""
    _refuse_unless(delivery, ("queued",), "sent now")
    if not delivery.is_due(now):
        raise Refused("its time has not come yet")
    return replace(
        delivery, state="sending", tries=delivery.tries + 1, tried_at=now, again_at=None, sent_at=None, why=""
    )


def sent(delivery: Delivery, at: datetime, external: str = "") -> Delivery:
    """It is there. Said twice it changes nothing: an echo may come before the sender's own answer, or after it."""
    if delivery.state == "sent":
        return delivery
    known = cleaning.line(external, LONGEST_EXTERNAL) or delivery.external
    return replace(delivery, state="sent", sent_at=at, again_at=None, external=known, unsure=False, why="")


def put_off(delivery: Delivery, why: str, again_at: datetime, most_tries: int) -> Delivery:
    """The try surely did not get through. After the last of `most_tries` it is given up."""
    _refuse_unless(delivery, ("sending",), "put off")
    if delivery.tries >= most_tries:
        return given_up(delivery, f"{why} ({delivery.tries} tries)")
    return replace(delivery, state="queued", again_at=again_at, why=_tidy(why))


def given_up(delivery: Delivery, why: str) -> Delivery:
    """It will never get through as it is. Of a mail an earlier try may have: nobody can look."""
    _refuse_unless(delivery, ("sending",), "given up")
    if delivery.unsure and delivery.way == "mail":
        return unknown(delivery, f"an earlier try may have got through; the last one did not: {why}")
    return replace(delivery, state="failed", again_at=None, why=_tidy(why))


def unknown(delivery: Delivery, why: str) -> Delivery:
    """Nobody knows whether it got through: a person decides."""
    _refuse_unless(delivery, ("sending",), "left open")
    return replace(delivery, state="uncertain", again_at=None, unsure=True, why=_tidy(why))


def repeated(delivery: Delivery, why: str, again_at: datetime, most_repeats: int) -> Delivery:
    """Nobody knows whether it got through, and a second one would be shown once: sent again as the same. After the last of
    `most_repeats` a person decides."""
    if delivery.repeats >= most_repeats:
        often = f" (sent {delivery.repeats + 1} times as the same mail)" if delivery.repeats else ""
        return unknown(delivery, f"{why}{often}")
    _refuse_unless(delivery, ("sending",), "repeated")
    again = {"again_at": again_at, "repeats": delivery.repeats + 1}
    return replace(delivery, state="queued", unsure=True, why=_tidy(why), **again)


def again(delivery: Delivery, now: datetime) -> Delivery:
    """A person wants another try, with all its tries before it."""
    if delivery.state == "queued" and delivery.again_at is not None:
        return replace(delivery, again_at=None)
    _refuse_unless(delivery, ("failed", "uncertain"), "sent again")
    return replace(delivery, state="queued", leaves_at=now, tries=0, repeats=0, again_at=None)


def refuse_drop(delivery: Delivery) -> None:
    """What is on its way or there cannot be left out any more."""
    _refuse_unless(delivery, ("queued", "failed", "uncertain"), "dropped")


def _refuse_unless(delivery: Delivery, states: tuple[str, ...], what: str) -> None:
    if delivery.state not in states:
        raise Refused(f"it is {_IN_WORDS[delivery.state]}, so it cannot be {what}")


_IN_WORDS = {
    "queued": "waiting to leave",
    "sending": "being sent",
    "sent": "sent already",
    "failed": "not sent",
    "uncertain": "uncertain",
}


def _tidy(why: str) -> str:
    return cleaning.line(why, LONGEST_WHY) or "no reason was given"
