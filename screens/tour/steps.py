"""What the tour shows, step by step: what to do, why, and by what it is seen that the person has done it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from screens.commands.effective import with_keys


class State(NamedTuple):
    """What the app and the workspace are like, as far as steps ask."""

    screen: str
    """The screen below all dialogs."""
    row: object
    """Under the cursor there."""
    first_row: object
    """Under the cursor when the step began."""
    dialog: str
    """The class of what lies over the screen; empty where nothing does."""
    done: frozenset[str]
    """The names of what the person has done since the step began, as the history has them."""


class Step(NamedTuple):
    """`do` and `why` name keys as `[triage.take]`."""

    do: str
    why: str
    is_done: Callable[[State], bool]

    def words(self) -> str:
        """With the person's own keys."""
        return with_keys(f"{self.do} {self.why}")


STEPS = (
    Step(
        "Press [go.triage].",
        "Triage is the queue: who is owed an answer stands first. A digit opens each screen.",
        lambda state: state.screen == "triage",
    ),
    Step(
        "Move with [list.down] and [list.up].",
        "The page shows the ticket under the cursor: read before you answer.",
        lambda state: state.screen == "triage" and state.first_row not in (None, state.row),
    ),
    Step(
        "Press [triage.take]: the ticket is yours (once more, if it is somebody's).",
        "Everybody in the team sees it at once.",
        lambda state: "tickets.take" in state.done,
    ),
    Step(
        "Press [app.undo].",
        "Whatever you did is taken back. So you may try every key: nothing asks whether you are sure.",
        lambda state: "undo" in state.done,
    ),
    Step(
        "Press [triage.reply], write a line, send it with [composer.send].",
        "The promised time counts until an answer is written. In this demo nothing leaves for anybody.",
        lambda state: "tickets.reply" in state.done,
    ),
    Step(
        "Press [go.rituals], then [rituals.tick] on a row.",
        "Rituals are what the team does every day or week; a tick says that it is done, and by whom.",
        lambda state: "rituals.tick" in state.done,
    ),
    Step(
        "Press [app.palette], type the beginning of a customer (nor), then Enter.",
        "Tickets, people, customers and commands: all are found by their name from anywhere.",
        lambda state: state.screen == "customers",
    ),
    Step(
        "Press [app.help], look, and come back with [help.close].",
        "It shows every key that works where you are. You need to remember none.",
        lambda state: state.dialog == "HelpScreen",
    ),
)
NEXT = (
    "That was the tour; [app.leave] leaves, and this demo is gone. Next: `fleettui init` makes your workspace, "
    "`fleettui init --demo` one to look around in, `fleettui today` says what is to be done."
)
