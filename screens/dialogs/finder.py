"""What the palette lists for what was typed. It runs beside the event loop: ten thousand tickets may be looked through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fleettui.text.ranking import Ranking, Thing
from fleettui.workspace.things import CUSTOMER, PERSON, TICKET, Things, key_of, parts_of

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

COMMAND, SETTING = "command", "setting"
PREFIXES = {">": (COMMAND, SETTING), "#": (TICKET,), "@": (CUSTOMER, PERSON)}
"""What is typed first, and which kinds are listed then."""
MOST = 100
MOST_RECENT = 7
MOST_OF_KIND = 500
"""Before anything is typed."""


class Finder:
    """Of one session: it keeps what was prepared until something changes."""

    def __init__(self, workspace: Workspace) -> None:
        self.things = Things(workspace)
        self._prepared: tuple[list[Thing], Sequence[Thing]] | None = None
        self._ranking = Ranking(())

    def keys(self, typed: str, commands: Sequence[Thing]) -> list[str]:
        """The best first. Before anything is typed: what was chosen lately, then the commands."""
        kinds = PREFIXES.get(typed[:1], ())
        words = typed[1:] if kinds else typed
        wanted = _is_of(kinds)
        ranking, used = self._ranked(commands), self.things.used()
        if not words.strip():
            return self._before_typing(wanted, used, bool(kinds))
        keys = [thing.key for thing in ranking.best(words, used, MOST, wanted)]
        ticket = self.things.ticket_typed(words) if TICKET in kinds or not kinds else ""
        if ticket:
            key = key_of(TICKET, ticket)
            keys = [key, *(other for other in keys if other != key)]
        return keys

    def _ranked(self, commands: Sequence[Thing]) -> Ranking:
        things = self.things.all()
        if self._prepared is None or self._prepared[0] is not things or self._prepared[1] != commands:
            self._prepared = things, commands
            self._ranking = Ranking([*commands, *things])
        return self._ranking

    def _before_typing(
        self, wanted: Callable[[Thing], bool] | None, used: dict[str, float], is_of_kind: bool
    ) -> list[str]:
        rows = [thing for thing in self._ranking.things if wanted is None or wanted(thing)]
        lately = sorted((thing.key for thing in rows if thing.key in used), key=lambda key: -used[key])
        recent = lately[:MOST_RECENT]
        others = [thing.key for thing in rows if is_of_kind or parts_of(thing.key)[0] == COMMAND]
        return [*recent, *(key for key in others if key not in recent)][:MOST_OF_KIND]


def _is_of(kinds: Sequence[str]) -> Callable[[Thing], bool] | None:
    beginnings = tuple(f"{kind}:" for kind in kinds)
    return (lambda thing: thing.key.startswith(beginnings)) if kinds else None
