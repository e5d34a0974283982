"""Keys are answered one after the other, each where the one before has led.

Over a slow line keys arrive in bursts: `/acme`, `6e`. Textual hands each to what has the focus when it arrives, which is
not yet what the key before is about to open; an `a` meant for a filter would add a person. So a key waits while the one
before may still be on its way: it is known to be done when a message that was sent after it, along the same way, is back.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from screens.commands.chords import turn

LAPS = 2
"""One follows the key, the other what the key's own action has sent."""
SETTLED_AFTER = 0.05
"""Seconds after a key's action in which what it sent may still be on its way."""
LOOK_EVERY = 0.05
"""Seconds between two looks whether the message that a key waits for got lost with what was closed."""
NEVER_LONGER = 1.0
"""Seconds after which a key looks whether the program is at rest, and then waits no more."""
AT_REST = 0.02
"""Seconds of the processor in that time: a program that used more is still at work, however little of a loaded box it gets."""
AT_WORK_AT_MOST = 10.0
"""Seconds after which a key waits no more, whatever the program does: what others change keeps it at work all day."""
OPENING_TURN, OPENING_TURNS = 0.004, 500
"""Seconds between two looks whether a screen has opened; how many at most."""


class Lap(Message):
    """Goes the way of a key: from what has the focus up to the app."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class Look(NamedTuple):
    """Since when a key waits for a lap, and what the processor had done at the last look that counted it."""

    begun: float
    since: float
    processor: float


class KeysInOrder(App[int]):
    """An app that answers each key where the one before has led."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: deque[events.Event] = deque()
        self._under_way: events.Event | None = None
        self._ended = 0.0
        self._lap: Lap | None = None
        """The one that is under way; what comes back from an earlier one counts no more."""
        self._carrier: Widget | None = None
        """What has begun it: with it, or with its screen, it gets lost."""
        self._looking: asyncio.TimerHandle | None = None
        self._goes_on = False
        """The next key is on its way: what else finds that it may go sends no other one with it."""
        self._holding: set[object] = set()
        """What keys wait for: changes that close or open something when they are written."""
        self.chord = ""
        """The keys of a chord that is under way, by blanks; empty: none is."""
        self.has_chords = False

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif not event.is_forwarded and (keys := self._esc_and_key(event)):
            for key in keys:
                await self.on_event(key)
        elif event.is_forwarded:
            await super().on_event(event)
            self._end(event)
        elif self._must_wait():
            self._waiting.append(event)
            if len(self._waiting) == 1:
                self._run_laps(LAPS)
        else:
            await self._begin(event)

    def _esc_and_key(self, event: events.Event) -> list[events.Key]:
        """Esc and a letter that Textual takes for Alt and that letter: what the driver cannot know to be apart, like Esc
        and O, with which F1 begins. Nobody here has a key with Alt and a letter, so two keys are meant; where a widget has one,
        it keeps it. A terminal that reports its keys apart (kitty's protocol) gives Alt no character."""
        if not isinstance(event, events.Key) or not event.key.startswith("alt+") or not event.is_printable:
            return []
        if not self.screen_stack or event.key in self.screen.active_bindings:
            return []
        character = event.character or ""
        return [events.Key("escape", "\x1b"), events.Key(character, character)]

    async def _begin(self, event: events.Event) -> None:
        self._under_way = event
        pressed = self._of_chord(event) if self.has_chords and isinstance(event, events.Key) else event
        if pressed is None:
            self._end(event)
            return
        self._under_way = pressed
        await super().on_event(pressed)
        if not pressed.is_forwarded:  # a key that works anywhere: it is done already
            self._end(pressed)

    def _of_chord(self, event: events.Key) -> events.Key | None:
        """The key, or the chord that it ends; None while a chord goes on, or where this breaks it off."""
        if not self.screen_stack or (not self.chord and self._is_typed(event)):
            return event
        begun, press = turn(self.chord, event.key, self.screen.active_bindings)
        if begun != self.chord:
            self.chord = begun
            self.screen.bindings_updated_signal.publish(self.screen)
        if press == event.key:
            return event
        return events.Key(press, None) if press else None

    def _is_typed(self, event: events.Key) -> bool:
        return self.focused is not None and self.focused.check_consume_key(event.key, event.character)

    def _end(self, event: events.Event) -> None:
        if event is self._under_way:
            self._under_way = None
            self._ended = asyncio.get_running_loop().time()

    def hold_keys(self) -> Callable[[], None]:
        """Keys wait until what is returned is called, though not for ever: what was begun will close or open something."""
        held = object()
        self._holding.add(held)

        def release() -> None:
            self._holding.discard(held)
            if self._waiting and not self._holding:
                self._run_laps(LAPS)

        return release

    async def wait_for_screen(self) -> None:
        """What an action has pushed over the screen is there, for the next key to go to."""
        for _ in range(OPENING_TURNS):
            if not self.screen_stack or self.screen.is_mounted:  # none is left: the app is ending
                return
            await asyncio.sleep(OPENING_TURN)

    def _must_wait(self) -> bool:
        if self._waiting or self._holding or self._under_way is not None:
            return True
        return asyncio.get_running_loop().time() - self._ended < SETTLED_AFTER

    def _run_laps(self, left: int) -> None:
        if not self.screen_stack:  # the app is ending: what was typed after that is for nobody
            self._waiting.clear()
            return
        if self._looking is None:
            now = asyncio.get_running_loop().time()
            self._look_later(Look(begun=now, since=now, processor=time.process_time()))
        self._lap, self._carrier = Lap(left), self.focused or self.screen
        self._carrier.post_message(self._lap)

    def _look_later(self, before: Look) -> None:
        self._looking = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look, before)

    def _look(self, before: Look) -> None:
        """Whether the lap can still come back. What closes takes with it what it was to hand on."""
        now, processor = asyncio.get_running_loop().time(), time.process_time()
        if now - before.begun > AT_WORK_AT_MOST:
            self._holding.clear()
            self._go_on_soon()
            return
        if now - before.since > NEVER_LONGER:
            if not self._holding and processor - before.processor <= AT_REST:
                self._go_on_soon()
                return
            before = Look(before.begun, now, processor)
        self._look_later(before)
        if self._lap is not None and self._is_lost():
            self._run_laps(LAPS)

    def _is_lost(self) -> bool:
        carrier = self._carrier
        if carrier is None or not carrier.is_attached:
            return True
        screen = carrier if isinstance(carrier, Screen) else carrier.screen
        return screen not in self.screen_stack

    async def on_lap(self, message: Lap) -> None:
        if not self.screen_stack:
            self._waiting.clear()
        if not self._waiting or message is not self._lap:
            return
        self._lap = None
        if message.left > 1:
            self._run_laps(message.left - 1)
        else:
            self._go_on_soon()

    def _go_on_soon(self) -> None:
        """After what the action itself has put off."""
        if not self._goes_on and not self._holding:
            self._goes_on = True
            self.call_later(self._go_on)

    async def _go_on(self) -> None:
        """The next key; if more are waiting, they follow it."""
        self._goes_on = False
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self._lap = self._carrier = None
        if not self._waiting or not self.screen_stack:
            return
        await self._begin(self._waiting.popleft())
        if self._waiting:
            self._run_laps(LAPS)
