"""Takes in what is written in Slack, by Socket Mode. An event is acknowledged when it is in the store; what no event told of
is read in the channels' history after each new connection."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol

from fleettui.connect.desk import Stopped
from fleettui.connect.slack_desk import SlackDesk
from fleettui.connect.slack_errors import in_words
from fleettui.connect.slack_history import FOR_LATE_EVENTS, History
from fleettui.connect.slack_reception import Reception, Say
from fleettui.connect.slack_socket import Socket
from fleettui.connect.slack_stamps import SeenStamps, seconds_of
from fleettui.connect.slack_web import RateLimited, Refusal, SlackError, SlackWeb
from fleettui.errors import FleettuiError

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LOOK_EVERY = 0.5
SAVE_EVERY = 5.0
OPEN_EVERY = 5.0
"""Seconds from one connection to the next while the old one lasts; Slack allows few of them."""
STEADY_AFTER = 60
"""Seconds of a connection after which the next one that fails is the first of its kind again."""


Web = Callable[[], SlackWeb]


class Report(Protocol):
    """Where it says how the connection stands."""

    def ok(self) -> None: ...

    def down(self, why: str) -> None: ...

    def remark(self, why: str) -> None:
        """Something to know though it works; empty: nothing any more."""


class Ended(SlackError):
    """The connection is gone, and there is no other in its place. Without words that is nothing to tell: it happens from time to
    time, and the next one is opened at once."""


class SlackTaker:
    """The connection, kept open until somebody stops it."""

    def __init__(
        self, bot: Web, app: Web, desk: SlackDesk, seen: SeenStamps, report: Report, say: Say
    ) -> None:
        """`bot`, `app`: Slack with the token of each, asked for anew at each connection."""
        self._make_bot, self._make_app, self._desk, self._seen = bot, app, desk, seen
        self._report, self._say = report, say
        self._stop = threading.Event()
        self._sockets: list[Socket] = []
        self._lasted = self._until_read = self._until_open = 0.0

    def run(self, stop: threading.Event) -> None:
        """Returns when `stop` is set."""
        self._stop, pauses = stop, _pauses()
        while not stop.is_set():
            self._lasted, after = 0.0, timedelta()
            try:
                self._connection()
            except Stopped:
                break
            except SlackError as error:
                if str(error):
                    self._report.down(in_words(error))
                after = error.after if isinstance(error, RateLimited) else after
            except FleettuiError as error:
                self._report.down(str(error))
            if self._lasted > STEADY_AFTER:
                pauses = _pauses()
            stop.wait(max(next(pauses), after.total_seconds()))
        self._seen.save()

    # -- inside

    def _connection(self) -> None:
        """From the first connection to the one that ends without another in its place."""
        self._bot, self._app = self._make_bot(), self._make_app()
        self._reception = Reception(self._bot, self._desk, self._seen, self._say)
        me = self._bot.auth_test()
        self._reception.is_app(str(me.get("bot_id") or ""), str(me.get("user_id") or ""))
        try:
            self._open()
            self._report.ok()
            self._follow()
        finally:
            for socket in self._sockets:
                socket.close()
            self._sockets.clear()

    def _open(self) -> None:
        """A new connection; an old one that Slack is going to end goes on until then. What came by none of them is read."""
        self._know_where_to_begin()
        self._reception.missed()
        self._sockets.append(Socket(self._app, self._reception.take))
        self._until_read, self._until_open = 0.0, OPEN_EVERY

    def _tend(self) -> None:
        """Opens the next connection in time."""
        newest = self._sockets[-1]
        if newest.parting == "link_disabled":
            raise Ended(in_words(Refusal(newest.parting)))
        if newest.parting and self._until_open <= 0:
            try:
                self._open()
            except SlackError as error:
                if not newest.is_open:
                    raise Ended(in_words(error)) from None
                self._until_open = OPEN_EVERY
        elif not newest.is_open:
            raise Ended
        *old, newest = self._sockets
        self._sockets = [*(socket for socket in old if socket.is_open), newest]

    def _know_where_to_begin(self) -> None:
        """Before an event comes that is newer than what is missing."""
        newest: dict[str, str] | None = None
        for channel in self._desk.channels():
            if not self._seen.of(channel):
                newest = self._desk.newest() if newest is None else newest
                self._seen.begin(channel, newest.get(channel) or self._desk.now())
        self._seen.save()

    def _follow(self) -> None:
        pauses, unsaved = _pauses(), 0.0
        while True:
            if not self._reception.is_whole and self._until_read <= 0:
                if self._catch_up(self._reception.missed()):
                    self._report.ok()
                    pauses = _pauses()
                else:
                    self._until_read = next(pauses)
            self._until_read -= LOOK_EVERY
            unsaved += LOOK_EVERY
            if unsaved >= SAVE_EVERY:
                self._seen.save()
                if self._reception.is_whole:
                    self._report.ok()
                unsaved = 0.0
            self._pause(timedelta(seconds=LOOK_EVERY))

    def _catch_up(self, gap: int) -> bool:
        """Whether all that was written is taken in now."""
        try:
            self._reception.learn_channels()
            troubles = [self._catch_up_with(*where) for where in self._where().items()]
        except Ended:
            raise
        except SlackError as error:
            self._report.remark(f"what was missed is not read yet: {in_words(error)}")
            return False
        except FleettuiError as error:
            self._report.down(str(error))
            return False
        self._reception.complete(gap)
        self._seen.save()
        self._report.remark("; ".join(filter(None, troubles)))
        return True

    def _where(self) -> dict[str, set[str]]:
        """The listed channels, and those of open tickets, with the threads of these."""
        where: dict[str, set[str]] = {channel: set() for channel in self._desk.channels()}
        for channel, thread in self._desk.open_threads():
            where.setdefault(channel, set()).add(thread)
        return where

    def _catch_up_with(self, channel: str, threads: set[str]) -> str:
        """What is wrong with that channel; empty: nothing."""
        self._tend()
        history = History(self._bot, self._pause)
        try:
            if self._seen.of(channel):
                events = history.since(channel, self._seen.of(channel), threads)
            else:
                events = list(self._of_threads(history, channel, threads))
        except Refusal as error:
            return f"{channel} cannot be read: {in_words(error)}"
        self._reception.take_missed(events)
        return ""

    def _of_threads(self, history: History, channel: str, threads: set[str]) -> Iterator[dict[str, object]]:
        """Of a channel that is not on the list: somebody has flagged something in it."""
        after = seconds_of(self._desk.newest().get(channel, "")) - FOR_LATE_EVENTS.total_seconds()
        for thread in sorted(threads):
            for message in history.thread(channel, thread, after):
                if seconds_of(str(message.get("ts"))) > after:
                    yield {"type": "message", **message, "channel": channel}

    def _pause(self, time: timedelta) -> None:
        """Waits, and keeps the connection."""
        left = time.total_seconds()
        while left > 0:
            if self._stop.wait(min(left, LOOK_EVERY)):
                raise Stopped
            left -= LOOK_EVERY
            self._lasted += LOOK_EVERY
            self._until_open -= LOOK_EVERY
            self._tend()


def _pauses() -> Iterator[float]:
    """Longer from time to time, and not all at the same moment."""
    pause = FIRST_PAUSE
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311  (no secret)
        pause = min(pause * 2, LONGEST_PAUSE)
