"""What writes or takes time runs in one thread beside the event loop: keys are answered meanwhile, and changes arrive in
the order in which they were made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from textual.app import App

T = TypeVar("T")


class WriteThread:
    """One thread in which one change is made after the other."""

    def __init__(
        self, app: App[Any], changed: Callable[[], None], report: Callable[[Exception, str], None]
    ) -> None:
        """`changed` is called on the event loop after each change, `report` with what fails after it."""
        self._app, self._changed, self._report = app, changed, report
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fleettui-writer")

    def write(
        self, action: Callable[[], T], then: Callable[[T], None] | None, refused: Callable[[Exception], None]
    ) -> None:
        """`action` in the thread; then, on the event loop, every screen learns of it and `then` or `refused` is called."""
        self._app.run_worker(self._write(action, then, refused), group="writes", exit_on_error=False)

    async def _write(
        self, action: Callable[[], T], then: Callable[[T], None] | None, refused: Callable[[Exception], None]
    ) -> None:
        try:
            made = await self.wait_for(action)
        except Exception as error:
            refused(error)
            return
        self._changed()
        if then is None:
            return
        try:
            then(made)
        except Exception as error:  # it is done all the same, and must not look as if nothing had happened
            self._report(error, "showing what was done")

    async def wait_for(self, action: Callable[[], T]) -> T:
        """Its result, from the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, action)

    def read(
        self, action: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """`action`, which changes nothing, in the thread, behind the changes that were begun before it."""
        self._app.run_worker(self._read(action, then, failed), group="reads", exit_on_error=False)

    async def _read(
        self, action: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = await self.wait_for(action)
        except Exception as error:
            failed(error)
        else:
            then(result)

    def quietly(self, act: Callable[[], object]) -> None:
        """Run what nobody waits for and whose failure is not reported: presence, drafts of what is also in memory."""

        def acted() -> None:
            with contextlib.suppress(Exception):
                act()

        with contextlib.suppress(RuntimeError):  # the app is on its way out
            self._thread.submit(acted)

    def close(self) -> None:
        """Wait for what was begun."""
        self._thread.shutdown(wait=True)
