"""fleettui follow: what happens, one event a line, for scripts that watch a workspace."""

from __future__ import annotations

import argparse
import select
import signal
import sys
import threading
from types import FrameType

import msgspec

from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import WrongUsage
from fleettui.text import cleaning
from fleettui.workspace.inbox.position import Position
from fleettui.workspace.inbox.results import Placed, as_json
from fleettui.workspace.workspace import Workspace

EVERY = 0.4
"""Seconds between two looks."""
BEGINNING = "start"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument(
        "--since",
        metavar="CURSOR",
        help=f"go on behind the event that had this cursor; {BEGINNING}: from the first that is known. Else from now on",
    )
    parser.add_argument("--once", action="store_true", help="end when nothing is left, and wait for nothing")
    parser.set_defaults(streams=True, lasts=True)


def _run(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    position = _start(options.since, workspace)
    waiting = _Waiting()
    while True:
        look = workspace.inbox.feed.look(position)
        for placed in look.placed:
            concerned = workspace.inbox.concerned(placed.event)
            if concerned:
                _print(placed, concerned, options, workspace)
        sys.stdout.flush()
        position = look.position
        if options.once or waiting.is_over():
            return
        workspace.refresh()


def _start(since: str | None, workspace: Workspace) -> Position:
    if since is None:
        return workspace.inbox.feed.here()
    if since == BEGINNING:
        return workspace.inbox.feed.beginning()
    if not since.strip():
        raise WrongUsage(f"give a cursor, or {BEGINNING}", field="--since")
    return Position.of(since)


def _print(
    placed: Placed, concerned: tuple[str, ...], options: argparse.Namespace, workspace: Workspace
) -> None:
    if options.json:
        line = msgspec.json.encode(as_json(placed, workspace.zone, concerned)).decode()
        print(cleaning.harmless_json(line))
        return
    event = placed.event
    at = event.at.astimezone(workspace.zone)
    print(f"{at:%a %H:%M}  {event.kind:<11}  {', '.join(concerned)}: {cleaning.line(event.text)}")


class _Waiting:
    """Until the next look, or until there is nobody to look for: the reader went away, or somebody ended us."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._poll: select.poll | None = None
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._end)
        try:
            poll = select.poll()
            poll.register(sys.stdout.fileno(), 0)
            self._poll = poll
        except (OSError, ValueError, AttributeError):
            return

    def _end(self, _: int, __: FrameType | None) -> None:
        self._ended.set()

    def is_over(self) -> bool:
        if self._poll is None:
            return self._ended.wait(EVERY)
        is_closed = any(what & (select.POLLERR | select.POLLHUP) for _, what in self._poll.poll(EVERY * 1000))
        return is_closed or self._ended.is_set()
