"""The one thread of the service that writes: what the others want done waits here in a line."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The service is about to end: nothing more is written."""


class WorkDesk:
    """Used by all threads; `serve` belongs to one."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closed = threading.Event()

    def do(self, work: Callable[[], T]) -> T:
        """Run in the writing thread; what it returns or raises."""
        done: Future[T] = Future()
        if self._closed.is_set():
            raise Stopped
        self._waiting.put((work, done))
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
        """Wait so long for something to do, and do all that waits then; whether there was anything."""
        try:
            item = self._waiting.get(timeout=max(seconds, 0))
        except queue.Empty:
            return False
        worked = False
        while True:
            if item is not None:
                worked = True
                self._run(*item)
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return worked

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
                item[1].set_exception(Stopped())
