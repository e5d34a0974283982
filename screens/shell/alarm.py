"""What concerns me finds me on every screen: counts, the nearest promise, a message, the bell, the title of the window.

The inbox is asked in a thread of its own, so that no change waits for it: after each change, at the moment when a promise becomes
news, and once a minute. At rest nothing else runs, but for a tick each second while the nearest promise is counted in seconds.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from screens.commands.effective import key_of
from screens.commands.host import HeaderLine, Nearest
from screens.shell.links import SCREEN_OF
from screens.terminal.telling import Telling
from screens.terminal.text import one_line
from screens.widgets.countdown import IN_SECONDS, show_countdown

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.timer import Timer

    from fleettui.domain.events.model import Event
    from fleettui.workspace.inbox.actions import Inbox
    from fleettui.workspace.inbox.results import Promises
    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host

T = TypeVar("T")

SHOWN_FOR = 8.0
SOON = timedelta(seconds=61)
"""What is later than this is found by the look of a minute."""


class Standing(Struct, frozen=True):
    """How it stood at a look."""

    late: int = 0
    nearest: Nearest | None = None
    unseen: tuple[Event, ...] = ()
    ringing: tuple[Event, ...] = ()
    """New since the look before, and loud."""
    ringing_here: tuple[Event, ...] = ()
    """Of these the ones for which no other session of this person rings."""
    rings_again: bool = False
    """The bell rings until everything is seen."""
    bell: bool = False
    notify: str = "off"
    wakes_at: datetime | None = None


class Alarm:
    def __init__(self, host: Host, telling: Telling | None = None) -> None:
        self._host, self._telling = host, telling or Telling()
        self._cursor = ""
        """Until where it was looked. Belongs to the thread."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fleettui-inbox")
        self._is_queued = False
        self._standing = Standing()
        self._waiting: list[Event] = []
        self._shown: list[Event] = []
        self._words = ""
        self._tick: Timer | None = None
        self._wake: Timer | None = None
        self._renew: Callable[[], None] | None = None
        """Of the open inbox."""
        self.looks = 0
        """How many have ended."""

    # Looking

    def look(self, minute: bool = False) -> None:
        """Soon, in the thread; once for all that asks meanwhile. `minute`: another one has passed."""
        if not self._is_queued:
            self._is_queued = True
            self._run(lambda: self._look(minute))

    def _run(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the app is on its way out
            self._thread.submit(act)

    def stop(self) -> None:
        """Nothing is asked any more; a look that is under way is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _look(self, minute: bool) -> None:
        self._is_queued = False
        try:
            standing = self._stand(self._host.workspace.inbox, minute)
        except Exception as error:
            self._host.call_later(self._host.report, error, "looking at the inbox")
        else:
            self._host.call_later(self._show, standing)

    def _stand(self, inbox: Inbox, minute: bool) -> Standing:
        if not self._cursor:
            self._cursor = inbox.opened()
        news = inbox.fresh(self._cursor)
        self._cursor = news.cursor
        unseen, owed, wanted = inbox.unseen(), inbox.promises(), inbox.settings()
        here = inbox.rings_here(news.ringing)
        again = minute and inbox.rings_again()
        return Standing(
            late=owed.late,
            nearest=self._nearest(owed),
            unseen=tuple(unseen),
            ringing=tuple(news.ringing),
            ringing_here=tuple(here),
            rings_again=again,
            bell=wanted.bell != "off",
            notify=wanted.notify,
            wakes_at=inbox.wakes_at(),
        )

    def _nearest(self, owed: Promises) -> Nearest | None:
        workspace = self._host.workspace
        ticket = workspace.tickets.get(owed.nearest) if owed.nearest else None
        if ticket is None or owed.due is None:
            return None
        left = workspace.queue.debt_text(ticket, workspace.queue.debt(ticket)).left
        return Nearest(ticket.id, owed.due, left, owed.subject)

    def ask(self, question: Callable[[Inbox], T], then: Callable[[T], None]) -> None:
        """Ask the inbox something, or change it, in the thread; `then` with the answer, on the event loop."""

        def asked() -> None:
            try:
                answer = question(self.workspace.inbox)
            except Exception as error:
                self._host.call_later(self._host.report, error, "the inbox")
            else:
                self._host.call_later(then, answer)

        self._run(asked)

    @property
    def workspace(self) -> Workspace:
        return self._host.workspace

    # Showing

    def open_inbox(self, renew: Callable[[], None]) -> None:
        """The inbox is open: nothing of it need be told any more. `renew` is called now, and whenever it may have changed."""
        self._waiting, self._renew = [], renew
        renew()

    def saw(self, id_: str) -> None:
        """I opened what something new is about: it is new no more."""
        keys = [event.key for event in self._standing.unseen if event.id == id_ and not event.together]
        if keys:
            self.ask(lambda inbox: inbox.see(keys), lambda _: self.look())

    def close_inbox(self) -> None:
        self._renew = None

    def _show(self, standing: Standing) -> None:
        before, self._standing = self._standing, standing
        self.looks += 1
        self._wait_until(standing.wakes_at)
        if (before.late, before.nearest, before.unseen) != (standing.late, standing.nearest, standing.unseen):
            if self._host.has_screens:
                self._host.base_screen.show_header()
            if self._renew is not None:
                self._renew()
        self._telling.title(*self._title_parts(standing))
        self._run_seconds()
        if standing.ringing:
            self._ring(standing)
        elif standing.rings_again:
            self._host.bell()

    def header_line(self, line: HeaderLine) -> HeaderLine:
        """The same, with what it says of me."""
        standing = self._standing
        if not (standing.late or standing.unseen or standing.nearest):
            return line
        counted = Counter(SCREEN_OF.get(event.collection, "today") for event in standing.unseen)
        return replace(line, late=standing.late, news=tuple(counted.items()), nearest=standing.nearest)

    @staticmethod
    def _title_parts(standing: Standing) -> list[str]:
        return [
            f"{standing.late} late" if standing.late else "",
            f"{len(standing.unseen)} new" if standing.unseen else "",
        ]

    def _wait_until(self, moment: datetime | None) -> None:
        if self._wake is not None:
            self._wake.stop()
            self._wake = None
        left = moment - self._host.workspace.now() if moment else None
        if left is not None and left < SOON:
            self._wake = self._host.set_timer(max(0.2, left.total_seconds()), self.look)

    # The countdown

    def _run_seconds(self) -> None:
        """A tick each second, only while there are seconds to be seen."""
        nearest = self._standing.nearest
        counts = nearest is not None and nearest.due - self._host.workspace.now() < IN_SECONDS
        if self._tick is not None and not counts:
            self._tick.stop()
            self._tick = None
        elif self._tick is None and counts:
            self._tick = self._host.set_interval(1.0, self._second)

    def _second(self) -> None:
        nearest = self._standing.nearest
        if self._host.has_screens:
            in_front = cast("Screen[Any]", self._host.base_screen)
            show_countdown(in_front, nearest, self._host.workspace.now())
        if nearest is not None and nearest.due <= self._host.workspace.now():
            self.look()

    # Telling

    def tell_soon(self) -> None:
        """The corner may be free."""
        if self._waiting:
            self._host.call_later(self.tell)

    def _ring(self, standing: Standing) -> None:
        if standing.ringing_here:
            if standing.bell:
                self._host.bell()
            self._telling.notify(standing.notify, words_of(standing.ringing_here))
        self._waiting += standing.ringing
        self.tell()

    def tell(self) -> None:
        """What waits to be told, together: not over a dialog, and not in the place of another message."""
        if self._renew is not None:
            self._waiting = []
        in_front: object = self._host.base_screen
        if not self._waiting or self._host.screen is not in_front:
            return
        is_mine = bool(self._words) and self._host.message == self._words
        if self._host.message and not is_mine:
            return
        self._shown = [*(self._shown if is_mine else ()), *self._waiting]
        self._waiting = []
        self._words = words_of(self._shown)
        tone: SeverityLevel = (
            "warning" if any(event.kind in URGENT for event in self._shown) else "information"
        )
        self._host.say(self._words, tone, SHOWN_FOR)


URGENT = ("breaching", "breached", "p0")


def words_of(events: Sequence[Event]) -> str:
    """One by its text, several by their number."""
    if len(events) == 1:
        return one_line(f"{events[0].text} · {key_of('app.inbox')} opens it")
    return f"{len(events)} new for you; {key_of('app.inbox')} opens them"
