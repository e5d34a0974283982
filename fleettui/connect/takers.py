"""What takes in what people write: one taker for each connection, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from fleettui.connect.desk import WorkDesk
    from fleettui.connect.secrets import Secrets
    from fleettui.connect.sending_log import SendingLog
    from fleettui.connect.status import StatusBoard
    from fleettui.places import Place
    from fleettui.workspace.workspace import Workspace


@dataclass(frozen=True)
class Surroundings:
    """What takers and senders get from the service."""

    workspace: Workspace
    desk: WorkDesk
    """The one thread that writes to the store: `desk.do(work)` waits until what `work` does is on the disk."""
    folder: Place
    """The service's own, in the workspace. What is in it is safe to lose."""
    secrets: Secrets
    board: StatusBoard
    log: SendingLog
    say: Callable[[str], None]
    """Writes a line into the service's log."""


class Taker(Protocol):
    """Brings in what arrives, until it is stopped. It goes on by itself after every trouble. What sends is one of these, too."""

    name: str

    def run(self, stop: Event) -> None:
        """Until `stop` is set; looks at it at least once a second."""

    def interrupt(self) -> None:
        """Called by another thread when `stop` is set: ends a wait for the network."""

    def check(self) -> None:
        """For `connect --check`: raises `Down` with one line that says what is wrong."""


@runtime_checkable
class InDetail(Protocol):
    """A taker that says more for `connect --check` than one line."""

    name: str

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each thing that was tried, and what is wrong with it; empty: nothing."""
