"""What writes or takes time runs in one thread beside the event loop: keys are answered meanwhile, and changes arrive in
the order in which they were made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.worker import Worker

T = TypeVar("T")


def nothing() -> None:
    """What follows where nothing follows."""


class TellsOfWrites(Protocol):
    """What the app does for it, on the event loop."""

    @property
    def has_screens(self) -> bool: ...

    def report(self, error: Exception, doing: str) -> None: ...

    def everything_changed(self) -> None: ...

    def hold_keys(self) -> Callable[[], None]:
        """Keys wait until what is returned is called."""

    def run_worker(self, work: Any, *, group: str, exit_on_error: bool) -> Worker[Any]: ...


class WriteThread:
    """One thread in which one change is made after the other."""

    def __init__(self, app: TellsOfWrites) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fleettui-writer")

    def write(
        self,
        action: Callable[[], T],
        then: Callable[[T], None] | None = None,
        refused: Callable[[Exception], None] | None = None,
        doing: str = "saving",
        *,
        keys_wait: bool = False,
    ) -> None:
        """`action`, a call of the workspace, in the thread; then, on the event loop, every screen learns of it and `then` or
        `refused` is called."""
        let_keys_go = self._app.hold_keys() if keys_wait else nothing

        async def write() -> None:
            try:
                await self._write(action, then, refused or partial(self._app.report, doing=doing))
            finally:
                let_keys_go()

        self._app.run_worker(write(), group="writes", exit_on_error=False)

    async def _write(
        self, action: Callable[[], T], then: Callable[[T], None] | None, refused: Callable[[Exception], None]
    ) -> None:
        try:
            made = await self.wait_for(action)
        except Exception as error:
            refused(error)
            return
        self._app.everything_changed()
        if then is None or not self._app.has_screens:
            return
        try:
            then(made)
        except Exception as error:  # it is done all the same, and must not look as if nothing had happened
            self._app.report(error, "showing what was done")

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
