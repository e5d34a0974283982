"""The one thread of the service that writes: what the others want done waits here in a line."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The service is about to end: nothing more is written."""


class _Item(NamedTuple):
    work: Callable[[], Any]
    done: Future[Any]
    is_news: bool


class WorkDesk:
    """Used by all threads; `serve` belongs to one."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._closed = threading.Event()

    def do(self, work: Callable[[], T]) -> T:
        """Run in the writing thread; what it returns or raises."""
        return self._done(work, is_news=True)

    def look(self, work: Callable[[], T]) -> T:
        """As `do`, for what only reads."""
        return self._done(work, is_news=False)

    def _done(self, work: Callable[[], T], *, is_news: bool) -> T:
        done: Future[T] = Future()
        if self._closed.is_set():
            raise Stopped
        self._waiting.put(_Item(work, done, is_news))
        while True:
            try:
                return done.result(timeout=1)
            except TimeoutError:
                if done.done():
                    return done.result()
                if self._closed.is_set():
                    raise Stopped from None

    def wake(self) -> None:
        """Let `serve` return at once."""
        self._waiting.put(None)

    def serve(self, seconds: float) -> bool:
        """Wait so long for something to do, and do all that waits then; whether anything may have been written."""
        try:
            item = self._waiting.get(timeout=max(seconds, 0))
        except queue.Empty:
            return False
        is_news = False
        while True:
            if item is not None:
                is_news |= item.is_news
                self._run(item.work, item.done)
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return is_news

    @staticmethod
    def _run(work: Callable[[], Any], done: Future[Any]) -> None:
        try:
            result = work()
        except Exception as error:
            done.set_exception(error)
        else:
            done.set_result(result)

    def close(self) -> None:
        """Nothing more is taken on; who waits is told."""
        self._closed.set()
        while True:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                item.done.set_exception(Stopped())
