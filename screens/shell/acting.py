"""What the actions of several screens do alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from fleettui.errors import Refused

if TYPE_CHECKING:
    from screens.commands.host import Host

T = TypeVar("T")


def needed(thing: T | None, refusal: str) -> T:
    """What a command acts on; where there is none, the sentence that says so."""
    if thing is None:
        raise Refused(refusal)
    return thing


def change(
    host: Host, action: Callable[[], object], done: str, then: Callable[[], None] = lambda: None
) -> None:
    """Run `action` in the writing thread; after it `done` is shown. The next key is for the row where this leads."""

    def written(_: object) -> None:
        host.say(done)
        then()

    host.write(action, written, keys_wait=True)
