"""Following a ticket or a customer: what a customer writes there is then news for me, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from screens.commands.effective import key_of, with_keys

if TYPE_CHECKING:
    from fleettui.workspace.inbox.actions import Inbox
    from screens.commands.host import Host


def turn_following(inbox: Inbox, id_: str) -> bool:
    """Follow it, or no longer; whether it is followed now."""
    follows = id_ not in inbox.following()
    if follows:
        inbox.follow(id_)
    else:
        inbox.unfollow(id_)
    return follows


def follow_words(id_: str, name: str, *, follows: bool) -> str:
    if not follows:
        return f"You no longer follow {name}."
    what = "When the customer writes" if id_.startswith("T-") else "When they write, or open a ticket"
    return f"You follow {name}. {what}, it is in your inbox ({key_of('app.inbox')})."


class Following:
    """Carries out the key of a screen: follows what is under the cursor, or no longer."""

    def __init__(
        self, host: Host, here: Callable[[], tuple[str, str]], marked: Callable[[], Sequence[str]]
    ) -> None:
        """`here`: the id of it, and its name. `marked`: the ids of all marked ones."""
        self._host, self._here, self._marked = host, here, marked

    def do_follow(self) -> None:
        id_, name = self._here()
        self._host.write(
            lambda: turn_following(self._host.workspace.inbox, id_),
            lambda follows: self._host.say(follow_words(id_, name, follows=follows)),
            doing="following",
        )

    def all_follow(self) -> None:
        """All marked ones; where all of them are followed already, no longer."""
        inbox, ids = self._host.workspace.inbox, self._marked()
        follows = not set(ids) <= set(inbox.following())

        def turn() -> None:
            for id_ in ids:
                if follows:
                    inbox.follow(id_)
                else:
                    inbox.unfollow(id_)

        self._host.write(
            turn, lambda _: self._host.say(follow_all_words(len(ids), follows=follows)), doing="following"
        )


def follow_all_words(count: int, *, follows: bool) -> str:
    if not follows:
        return f"You no longer follow them ({count})."
    return with_keys(f"You follow all {count}: what customers write there is in your inbox ([app.inbox]).")
