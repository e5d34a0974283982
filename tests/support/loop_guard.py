"""Nothing that may wait for files or a network runs on the event loop (promise 6 of protocol.Store): each question of the app is
looked at, and one that may wait fails the test, with what asked.

What a test asks for itself, in its own coroutine, is left alone.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from fleettui.store.protocol import Collection, never_finished
from fleettui.store.tinydb.store import TinyDBStore

WAITING = (
    *("load", "add", "change", "change_many", "revert"),
    *("history", "histories", "find_history", "everything", "as_of", "together", "latest", "whole_since"),
    *("since", "cursor", "requested", "watch"),
)
"""All of the protocol but `get`, `several` and `all`, which wait for what is not at hand."""
TOP = Path(__file__).parents[2]
APP, TESTS = str(TOP / "screens"), str(TOP / "tests")
THIS = str(Path(__file__))


class Guard:
    """Of the stores that are opened while it is there."""

    def __init__(self) -> None:
        self.waits: list[str] = []
        """What the app asked on the event loop and should not have."""

    def watch_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in WAITING:
            monkeypatch.setattr(TinyDBStore, name, self._waiting(name))
        monkeypatch.setattr(TinyDBStore, "get", self._get(TinyDBStore.get))
        monkeypatch.setattr(TinyDBStore, "several", self._several(TinyDBStore.several))
        monkeypatch.setattr(TinyDBStore, "all", self._all(TinyDBStore.all))

    def _waiting(self, name: str) -> Callable[..., Any]:
        original: Callable[..., Any] = getattr(TinyDBStore, name)

        @wraps(original)
        def asked(store: TinyDBStore, *about: Any, **more: Any) -> Any:
            self._look(f"{name} {about[0] if about and isinstance(about[0], str) else ''}")
            return original(store, *about, **more)

        return asked

    def _get(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def asked(store: TinyDBStore, collection: Collection[Any], id_: str) -> Any:
            self._look_at_load("get", store, collection)
            if not _is_at_hand(store, collection, id_):
                self._look(f"get {collection.name} {id_}, which is not at hand")
            return original(store, collection, id_)

        return asked

    def _several(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def asked(store: TinyDBStore, collection: Collection[Any], ids: Any) -> Any:
            self._look_at_load("several", store, collection)
            missing = [id_ for id_ in ids if not _is_at_hand(store, collection, id_)]
            if missing:
                self._look(f"several {collection.name} {missing}, which are not at hand")
            return original(store, collection, ids)

        return asked

    def _all(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def asked(store: TinyDBStore, collection: Collection[Any], **which: Any) -> Any:
            self._look_at_load("all", store, collection)
            if which.get("archived") and not _has_all(collection):
                self._look(f"all {collection.name} with the archive")
            return original(store, collection, **which)

        return asked

    def _look_at_load(self, asked: str, store: TinyDBStore, collection: Collection[Any]) -> None:
        if collection.name not in store._collections:
            self._look(f"{asked} {collection.name}, which is not loaded")

    def _look(self, asked: str) -> None:
        if asyncio._get_running_loop() is None:
            return
        frames = list(_frames())
        if frames and frames[0].startswith("screens/"):
            self.waits.append(f"{asked}\n    " + "\n    ".join(frames[:6]))


def _has_all(collection: Collection[Any]) -> bool:
    """Nothing of it is ever archived."""
    return collection.finished is never_finished


def _is_at_hand(store: TinyDBStore, collection: Collection[Any], id_: str) -> bool:
    """Not archived, or removed, or read of the archive lately."""
    loaded = store._loaded(collection)
    return _has_all(collection) or loaded.knows(id_) or id_ in loaded.past


def _frames() -> Iterator[str]:
    """Of the app and of tests, the innermost first; what asks for whom."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file != THIS and file.startswith((APP, TESTS)):
            yield f"{Path(file).relative_to(TOP)}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
