"""What is in the outbox leaves: a thread for each way, one order after the other, none of a thread before the one before it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from fleettui.connect.backing_off import BackingOff, after_try
from fleettui.connect.desk import Stopped
from fleettui.connect.senders import Down, NotSent, Sender, Unknown
from fleettui.connect.takers import Surroundings
from fleettui.errors import Refused, Unusable

if TYPE_CHECKING:
    from fleettui.domain.delivery.model import Way
    from fleettui.workspace.orders import Order
    from fleettui.workspace.outbox import Outbox

T = TypeVar("T")
HOUR = timedelta(hours=1)
LONGEST_WAIT = 60.0
STAYS_OPEN = 20.0
"""Seconds without an order after which a connection is closed."""


class AddressLimit:
    """So many mails to an address in an hour, and no more: two machines that write to each other stop here."""

    def __init__(self) -> None:
        self._left: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def note(self, to: str, at: datetime) -> None:
        self._left[to.casefold()].append(at)

    def free_at(self, to: str, most: int, now: datetime) -> datetime | None:
        """When the next one may leave; None: now."""
        times = self._left[to.casefold()]
        while times and now - times[0] >= HOUR:
            times.popleft()
        if not times:
            del self._left[to.casefold()]
        return times[-most] + HOUR if len(times) >= most else None


class Sending:
    """One way out."""

    def __init__(
        self, name: str, sender: Sender, around: Surroundings, beside: Callable[[], str] = lambda: ""
    ) -> None:
        """`beside`: what is to be noted on the ticket of the last text that left; empty: nothing."""
        self.name, self._sender, self._around, self._beside = name, sender, around, beside
        self._outbox: Outbox = around.workspace.outbox
        self._wake, self._stop = threading.Event(), threading.Event()
        self._limit = AddressLimit()
        self._held: dict[str, datetime] = {}
        self._waits = BackingOff()

    @property
    def way(self) -> Way:
        return self._sender.way

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def interrupt(self) -> None:
        self._wake.set()

    def check(self) -> None:
        """Raises `Down` with what is wrong."""
        self._sender.check()

    def run(self, stop: Event) -> None:
        self._stop = stop
        try:
            self._begin()
            self._introduce()
            while not stop.is_set():
                self._wake.clear()
                pause = self._round()
                if pause > 0 and not self._wake.wait(min(pause, STAYS_OPEN)):
                    self._sender.close()
                    self._wake.wait(pause - STAYS_OPEN if pause > STAYS_OPEN else 0)
        except Stopped:
            pass
        finally:
            self._sender.close()

    def _introduce(self) -> None:
        """Says how the way stands before anything is to leave by it."""
        try:
            self._sender.open()
        except Down as error:
            self._report(error.why)
        else:
            self._works()

    def _read(self, look: Callable[[], T]) -> T:
        """In the one thread that uses the outbox: it remembers what it has read."""
        return self._around.desk.look(look)

    # -- after a restart

    def _begin(self) -> None:
        """First of all what had been begun: nobody knows what became of it."""
        now = self._around.workspace.now()
        for order in self._read(self._outbox.all):
            if order.delivery.sent_at is not None:
                for address in order.delivery.to:
                    self._limit.note(address, order.delivery.sent_at)
        while not self._stop.is_set():
            interrupted = [
                order
                for order in self._read(self._outbox.interrupted)
                if order.delivery.way == self._sender.way
            ]
            if not interrupted:
                return
            try:
                for order in interrupted:
                    self._settle(order, now)
            except (Down, NotSent) as error:
                self._report(error.why)
                self._stop.wait(self._waits.next(error.again_after))
            except Unusable as error:
                self._report(str(error))
                self._stop.wait(self._waits.next())

    def _settle(self, order: Order, now: datetime) -> None:
        try:
            external = self._sender.look(order)
        except Unknown as error:
            self._leave_open(order, error)
            return
        if external is not None:
            self._note(lambda: self._outbox.sent(order, external))
        else:
            self._note(lambda: self._outbox.failed(order, "the service was stopped before it left", now))

    # -- the round

    def _round(self) -> float:
        """Send what is due; seconds until there may be more."""
        while not self._stop.is_set():
            due = self._due()
            if not due:
                return self._until_next()
            try:
                for order in due:
                    if self._stop.is_set():
                        return 0
                    if self._is_allowed(order):
                        self._sender.open()
                        self._try(order)
            except Down as error:
                self._report(error.why)
                return self._pause(self._waits.next(error.again_after))
            except Unusable as error:  # the store: nothing can be noted, so nothing is sent
                self._report(str(error))
                return self._pause(self._waits.next())
        return 0

    def _pause(self, seconds: float) -> float:
        """Not even news end this wait."""
        until = time.monotonic() + seconds
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            self._stop.wait(min(left, 1))
        return 0

    def _due(self) -> list[Order]:
        now = self._around.workspace.now()
        self._held = {about: until for about, until in self._held.items() if until > now}
        due = [
            order
            for order in self._read(lambda: self._outbox.due(now))
            if order.delivery.way == self._sender.way
        ]
        self._remark()
        return [order for order in due if order.about not in self._held]

    def _is_allowed(self, order: Order) -> bool:
        if self._sender.way != "mail":
            return True
        now = self._around.workspace.now()
        most = self._around.workspace.handbook.connections.per_address_and_hour
        free = [self._limit.free_at(address, most, now) for address in order.delivery.to]
        until = max((at for at in free if at is not None), default=None)
        if until is not None:
            self._held[order.about] = until
        return until is None

    def _remark(self) -> None:
        count = len(self._held)
        words = f"{count} wait: the limit of mails to an address in an hour is reached" if count else ""
        if self._around.board.remark(self.name, words) and words:
            self._around.say(f"{self.name}: {words}")

    def _until_next(self) -> float:
        now = self._around.workspace.now()
        times = [*self._held.values()]
        following = self._read(self._outbox.next_at)
        if following is not None and following > now:
            times.append(following)
        wait = min(((at - now).total_seconds() for at in times), default=LONGEST_WAIT)
        return min(max(wait, 0.05), LONGEST_WAIT)

    # -- a single order

    def _try(self, order: Order) -> None:
        try:
            begun = self._around.desk.do(lambda: self._outbox.begin(order))
        except Refused:
            return  # somebody took it back, or the service of another machine was faster
        try:
            external = self._send(begun)
        except NotSent as error:
            self._put_off(begun, error)
        except Unknown as error:
            self._leave_open(begun, error)
        except Exception as error:
            # A mistake in here must neither send it twice nor stop the others.
            self._say(begun, f"uncertain: {type(error).__name__}")
            why = f"something unexpected went wrong ({type(error).__name__})"
            self._note(lambda: self._outbox.uncertain(begun, why))
        else:
            self._is_sent(begun, external)

    def _send(self, order: Order) -> str:
        if order.delivery.unsure:
            try:
                external = self._sender.look(order)
            except (Unknown, Down):
                external = None  # a person has said that it is to be sent
            if external is not None:
                return external
        return self._sender.send(order)

    def _is_sent(self, order: Order, external: str) -> None:
        now = self._around.workspace.now()
        for address in order.delivery.to:
            self._limit.note(address, now)
        self._waits.reset()
        self._works()
        self._note(lambda: self._outbox.sent(order, external))
        words = self._beside()
        if words and order.ticket is not None:
            id_, key = order.ticket.id, f"{external}:{order.delivery.tries}:left-out"
            self._note(lambda: self._around.workspace.intake.note(id_, key, words))

    def _put_off(self, order: Order, error: NotSent) -> None:
        self._say(order, f"not sent: {error.why}")
        if error.again_after is None:
            self._note(lambda: self._outbox.failed(order, error.why))
            return
        again_at = self._around.workspace.now() + after_try(order.delivery.tries, error.again_after)
        self._note(lambda: self._outbox.failed(order, error.why, again_at))

    def _leave_open(self, order: Order, error: Unknown) -> None:
        """The same again where that does no harm; a person is asked where it does, or when that was of no use."""
        self._say(order, f"uncertain: {error.why}")
        if error.again_after is None:
            self._note(lambda: self._outbox.uncertain(order, error.why))
            return
        again_at = self._around.workspace.now() + after_try(order.delivery.tries, error.again_after)
        self._note(lambda: self._outbox.repeat(order, error.why, again_at))

    def _note(self, work: object) -> None:
        """Into the store, however long it takes: what has left must not be forgotten."""
        waits = BackingOff(0.2, 10)
        while True:
            try:
                self._around.desk.do(work)  # type: ignore[arg-type]
            except Refused:
                return  # somebody changed it meanwhile
            except Unusable as error:
                self._report(f"what became of an answer cannot be noted: {error}")
                if self._stop.wait(waits.next()):
                    raise Stopped from None
            else:
                return

    def _works(self) -> None:
        if self._around.board.ok(self.name):
            self._around.say(f"{self.name}: works")

    def _report(self, why: str) -> None:
        why = self._around.secrets.hidden(why)
        if self._around.board.down(self.name, why):
            self._around.say(f"{self.name}: down: {why}")

    def _say(self, order: Order, words: str) -> None:
        self._around.say(f"{self.name}: {order.about} {self._around.secrets.hidden(words)}")
