"""Reads in Slack what was written while nobody listened, in the order in which it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from fleettui.connect.slack_stamps import is_stamp, seconds_of, stamp_of
from fleettui.connect.slack_web import RateLimited, Refusal, SlackWeb

FOR_LATE_EVENTS = timedelta(minutes=15)
"""Events come out of order: so far back something may be missing though newer messages are there."""
FOR_THREADS = timedelta(days=7)
"""Threads that began so long before are looked at too: their first messages say when the last answer came."""
PAGE = 200
Wait = Callable[[timedelta], None]
"""Waits so long, or raises when there is no more time for it."""


class History:
    """What stands in channels and threads. A request that Slack puts off is made later."""

    def __init__(self, web: SlackWeb, wait: Wait) -> None:
        self._web, self._wait = web, wait

    def since(self, channel: str, seen: str, threads: set[str]) -> list[dict[str, Any]]:
        """The messages of a channel after `seen`, as events, the oldest first; of its threads too. `threads`: those with an open
        ticket, however old."""
        after = seconds_of(seen) - FOR_LATE_EVENTS.total_seconds()
        from_ = stamp_of(seconds_of(seen) - FOR_THREADS.total_seconds())
        top = list(self._pages(self._web.conversations_history, channel=channel, oldest=from_))
        grown = {str(message["ts"]) for message in top if seconds_of(_text(message, "latest_reply")) > after}
        known = {str(message["ts"]) for message in top}
        messages = {str(message["ts"]): message for message in top}
        for thread in sorted(grown | (threads - known)):
            messages |= {str(message["ts"]): message for message in self.thread(channel, thread, after)}
        events = [event for message in messages.values() for event in _events(channel, message, after)]
        return sorted(events, key=_at)

    def thread(self, channel: str, thread: str, after: float) -> Iterator[dict[str, Any]]:
        """The messages of a thread after that moment; nothing where the thread is gone."""
        try:
            yield from self._pages(
                self._web.conversations_replies, channel=channel, ts=thread, oldest=stamp_of(after)
            )
        except Refusal as error:
            if error.code != "thread_not_found":
                raise

    def _pages(self, method: Callable[..., Any], **asked: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            try:
                answer = method(**asked, cursor=cursor, limit=PAGE)
            except RateLimited as error:
                self._wait(error.after)
                continue
            for message in answer.get("messages") or []:
                if isinstance(message, dict) and is_stamp(_text(message, "ts")):
                    yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _events(channel: str, message: dict[str, Any], after: float) -> Iterator[dict[str, Any]]:
    """As Slack would have sent it: the message, and its edit."""
    edited = message.get("edited")
    changed_at = _text(edited, "ts") if isinstance(edited, dict) else ""
    if seconds_of(_text(message, "ts")) > after:
        yield {"type": "message", **message, "channel": channel}
    if seconds_of(changed_at) > after:
        changed = {"type": "message", "subtype": "message_changed", "channel": channel, "message": message}
        yield changed | {"ts": changed_at, "event_ts": changed_at}


def _at(event: dict[str, Any]) -> float:
    return seconds_of(_text(event, "ts"))


def _text(message: dict[str, Any], key: str) -> str:
    value = message.get(key)
    return value if isinstance(value, str) else ""
