"""Posts our answers in Slack, each once: a part that is there is not posted again.

Every message that we post carries its key in Slack's message metadata. Where nobody knows whether a try got through, the thread
is read for these keys before anything is posted again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.connect.slack_errors import again_after, in_words, is_of_connection
from fleettui.connect.slack_stamps import stamp_of
from fleettui.connect.slack_web import TIMEOUT, RateLimited, Refusal, SlackError, SlackWeb, Unanswered
from fleettui.connect.slack_writing import mrkdwn, parts_of
from fleettui.text import cleaning
from fleettui.time.clock import Clock
from fleettui.workspace.intake.outcomes import RECORDER

if TYPE_CHECKING:
    from fleettui.domain.delivery.model import Way
    from fleettui.workspace.orders import Order

T = TypeVar("T")
ANSWER = "fleettui_answer"
LONGEST_NAME = 80
PAGE = 200
SHORT = timedelta(seconds=30)
"""So long it waits itself when Slack wants fewer requests: that is no try of this order's."""
LOOKS = 3
CLOCKS_DIFFER = timedelta(days=1)
Names = Callable[["Order"], Mapping[str, str]]
"""Whom a text of this order can call: their Slack ids by name."""


class SlackSender:
    """The sender of the way "slack"; used by one thread."""

    way: Way = "slack"

    def __init__(
        self, web: Callable[[], SlackWeb], names: Names, now: Clock, stop: Event, *, settles_in: float = 5
    ) -> None:
        """`web`: made anew for each connection, with the token of then. `settles_in`: seconds after which what Slack took in is
        surely in its thread."""
        self._make, self._names, self._now, self._stop = web, names, now, stop
        self._settles_in = settles_in
        self._web: SlackWeb | None = None

    def open(self) -> None:
        """Signs in, if that was not done since the last trouble."""
        if self._web is None:
            try:
                web = self._make()
                web.auth_test()
            except SlackError as error:
                raise Down(in_words(error), again_after(error)) from None
            self._web = web

    def send(self, order: Order) -> str:
        """The stamp of its first message."""
        parts = parts_of(order.body)
        posted = self._there(order) if self._may_be_there(order, parts) else {}
        names = self._names(order)
        for number, part in enumerate(parts, 1):
            key = _key(order, number)
            if key not in posted:
                posted[key] = self._post(order, key, mrkdwn(part, names))
        return posted[_key(order, 1)]

    def look(self, order: Order) -> str | None:
        """After a try of which nobody knows what became of it."""
        keys = [_key(order, number) for number, _ in enumerate(parts_of(order.body), 1)]
        posted = self._looked(order)
        if not posted.keys() >= set(keys):
            self._let_it_settle(order)
            posted = self._looked(order)
        return posted[keys[0]] if posted.keys() >= set(keys) else None

    def check(self) -> None:
        self.close()
        self.open()

    def close(self) -> None:
        self._web = None

    # -- posting

    def _may_be_there(self, order: Order, parts: list[str]) -> bool:
        """Whether an earlier try may have left some of it there."""
        return len(parts) > 1 or order.delivery.tries > 1 or order.delivery.unsure

    def _there(self, order: Order) -> dict[str, str]:
        try:
            return self._patiently(lambda: self._posted(order))
        except SlackError as error:
            raise self._not_sent(error) from None

    def _post(self, order: Order, key: str, text: str) -> str:
        try:
            return self._patiently(lambda: self._posted_now(order, key, text))
        except Unanswered as error:
            return self._became_of(order, key, error)
        except SlackError as error:
            raise self._not_sent(error) from None

    def _posted_now(self, order: Order, key: str, text: str) -> str:
        answer = self._connection.chat_postMessage(
            channel=order.delivery.to[0],
            text=text,
            thread_ts=order.delivery.thread or None,
            username=_username(order),
            metadata={"event_type": ANSWER, "event_payload": {"key": key, "words": _words(order)}},
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def _became_of(self, order: Order, key: str, error: Unanswered) -> str:
        """The stamp, where it is there all the same."""
        for _ in range(LOOKS):
            if self._stop.wait(self._settles_in):
                raise self._not_sent(error)  # the next try, much later, begins with a look
            try:
                stamp = self._posted(order).get(key)
            except SlackError:
                continue
            if stamp is None:
                raise self._not_sent(error)
            return stamp
        raise Unknown(in_words(error))

    def _not_sent(self, error: SlackError) -> NotSent:
        if is_of_connection(error):
            self._web = None
        return NotSent(in_words(error), again_after(error))

    def _patiently(self, work: Callable[[], T]) -> T:
        while True:
            try:
                return work()
            except RateLimited as error:
                if error.after > SHORT or self._stop.wait(error.after.total_seconds()):
                    raise

    def _let_it_settle(self, order: Order) -> None:
        """Whoever was killed may have posted it up to the end of a request's time."""
        began = order.delivery.tried_at or self._now()
        ended = began + timedelta(seconds=TIMEOUT + self._settles_in)
        wait = min(max((ended - self._now()).total_seconds(), 0), TIMEOUT + self._settles_in)
        if self._stop.wait(wait):
            raise Down("the service ends")

    # -- looking

    def _looked(self, order: Order) -> dict[str, str]:
        """Reading again does no harm, so only what will never be readable is unknown."""
        try:
            return self._posted(order)
        except Refusal as error:
            if is_of_connection(error):
                raise Down(in_words(error), again_after(error)) from None
            raise Unknown(in_words(error)) from None
        except SlackError as error:
            raise Down(in_words(error), again_after(error)) from None

    def _posted(self, order: Order) -> dict[str, str]:
        """The stamps of what is there of it, by key."""
        stamps: dict[str, str] = {}
        for message in self._messages(order):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") != ANSWER:
                continue
            if not payload:  # one of ours, and Slack does not say which
                raise Refusal("metadata_hidden")
            if payload.get("words") == _words(order):
                stamps.setdefault(str(payload.get("key", "")), str(message.get("ts", "")))
        return stamps

    def _messages(self, order: Order) -> Iterator[dict[str, Any]]:
        """Of its thread; or of its channel, where it has none, since a while before it was to leave."""
        web, thread = self._connection, order.delivery.thread
        asked: dict[str, Any] = {"channel": order.delivery.to[0], "include_all_metadata": True, "limit": PAGE}
        if thread:
            asked["ts"] = thread
        else:
            asked["oldest"] = stamp_of((order.at - CLOCKS_DIFFER).timestamp())
        cursor: str | None = None
        while True:
            try:
                read = web.conversations_replies if thread else web.conversations_history
                answer = read(**asked, cursor=cursor)
            except Refusal as error:
                if error.code == "thread_not_found":
                    return
                raise
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    @property
    def _connection(self) -> SlackWeb:
        if self._web is None:
            self._web = self._make()
        return self._web


def _key(order: Order, number: int) -> str:
    return order.about if number == 1 else f"{order.about}#{number}"


def _words(order: Order) -> str:
    """So that an answer of the same number, of a workspace that was put back from a backup, is not taken for this one."""
    return hashlib.sha256(order.body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _username(order: Order) -> str | None:
    """The name of the person; what no person wrote comes from the app itself."""
    by_program = order.is_automatic or order.who.login == RECORDER
    return None if by_program else cleaning.line(order.who.shown, LONGEST_NAME)
