"""What a screen shows and only files or a server know is asked for beside the event loop, and shown when the answer comes.

Until then the screen has the answer before, where there is one: nothing flickers while work goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from fleettui.errors import Away
from screens.commands.host import FrontScreen

T = TypeVar("T")
KEPT = 40
"""Answers of a screen that are kept for when somebody comes back to a row."""


class Screen(FrontScreen, Protocol):
    """A screen that asks."""

    stale: bool

    def show_page(self) -> None: ...


UNANSWERED = object()
"""The answer while nobody answers."""


class _Answer(NamedTuple):
    value: Any
    """Or the exception that came instead."""
    time: int


class Asked:
    """The questions of one screen, and their answers."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._answers: dict[Hashable, _Answer] = {}
        self._asking: dict[Hashable, int] = {}
        self._on_page: set[Hashable] = set()
        self._time = 0

    def renew(self) -> None:
        """Something has changed: each answer holds until the next one, which is asked for where it is shown."""
        self._time += 1

    def begin_page(self) -> None:
        """The page is made anew: what is asked from now on is on it."""
        self._on_page = set()

    def of(
        self, key: Hashable, read: Callable[[], T], until_then: T, show: Callable[[], None] | None = None
    ) -> T:
        """The answer to a question, as far as it is known. `show` is called when it comes, in place of drawing the page."""
        if show is None:
            self._on_page.add(key)
        known = self._answers.get(key)
        if (known is None or known.time != self._time) and self._asking.get(key) != self._time:
            self._asking[key] = self._time
            arrived = partial(self._arrived, key, self._time, show)
            self._screen.fleettui.read(read, arrived, arrived)
        if known is None:
            return until_then
        if known.value is UNANSWERED:
            return until_then
        if isinstance(known.value, Exception):
            raise known.value
        answer: T = known.value
        return answer

    def _arrived(self, key: Hashable, time: int, show: Callable[[], None] | None, value: Any) -> None:
        if self._asking.get(key) == time:
            del self._asking[key]
        if isinstance(value, Away):  # what was read before stays; the header says why there is nothing newer
            known = self._answers.get(key)
            self._answers[key] = _Answer(UNANSWERED if known is None else known.value, time)
            return
        self._answers.pop(key, None)
        self._answers[key] = _Answer(value, time)
        while len(self._answers) > KEPT:
            del self._answers[next(iter(self._answers))]
        if show is None and key not in self._on_page:
            return  # that page was left
        host = self._screen.fleettui
        if not host.has_screens:
            return  # the app ends
        if host.base_screen is not self._screen:
            self._screen.stale = True
            return
        try:
            (show or self._screen.show_page)()
        except Exception as error:
            host.report(error, "showing what was read")
