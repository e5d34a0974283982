"""The two lines above every screen: where we are and what time it is there, and the seven screens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from textual import events
from textual.strip import Strip

from fleettui.text.cleaning import fit, width_of
from screens.commands.catalogue import COMMANDS
from screens.commands.effective import key_of
from screens.commands.host import HeaderLine
from screens.terminal.text import one_line
from screens.widgets.lines import Lines, Span, cells_of
from screens.widgets.screen_tabs import Count, Tab, tab_spans

TRIAGE = "go.triage"
"""On its tab stands how many tickets nobody has triaged (SUP-19), and how many of my answers are late."""
TABS = tuple(command for command in COMMANDS if command.id.startswith("go."))


class Header(Lines):
    """The two lines; a click on a screen goes there."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self._here_id = f"go.{here}"
        self._line = HeaderLine()
        self._tab_ends: list[int] = []

    @property
    def line(self) -> HeaderLine:
        """What it says now."""
        return self._line

    def show(self, line: HeaderLine) -> None:
        if line != self._line:
            self._line = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return self.strip_of(self._first(width) if y == 0 else self._tabs(width), width)

    def _first(self, width: int) -> list[Span]:
        now = self._line
        left: list[Span] = [(" ", ""), (one_line(now.workspace), "strong")]
        sign: Span = ("● ", "good") if now.open else ("○ ", "warn")
        right: list[Span] = [sign, (now.opening, ""), ("  ", ""), (now.clock, "muted"), (" ", "")]
        room = width - cells_of(left) - cells_of(right) - 2
        if room < 0:  # the workspace's name gives way to the time
            left = [(" ", ""), (fit(one_line(now.workspace), max(0, width - cells_of(right) - 3)), "strong")]
            room = width - cells_of(left) - cells_of(right) - 2
        middle = self._people(room)
        space = width - cells_of(left) - cells_of(middle) - cells_of(right)
        return [*left, *middle, (" " * max(0, space), ""), *right]

    def _people(self, room: int) -> list[Span]:
        me, others = one_line(self._line.me), others_words(self._line.others)
        for people in (f"{me} with {others}" if others else me, me):
            if width_of(people) + 3 <= room:
                return [(" · ", "muted"), (people, "muted")]
        return []

    def _tabs(self, width: int) -> list[Span]:
        """Each screen with its number; where one stands is marked by more than a colour."""
        counts = self._counts()
        tabs = [Tab(tab.id, key_of(tab.id), tab.title, counts.get(tab.id, ())) for tab in TABS]
        drawn = tab_spans(tabs, self._here_id, width)
        self._tab_ends = list(accumulate(cells_of(spans) for spans in drawn))
        return [span for spans in drawn for span in spans]

    def _counts(self) -> dict[str, list[Count]]:
        """What stands on each tab: late, not triaged, new for me."""
        line = self._line
        counts: dict[str, list[Count]] = {}
        if line.late:
            counts[TRIAGE] = [Count("!", line.late, "bad", presses=True)]
        if line.untriaged:
            counts.setdefault(TRIAGE, []).append(Count("?", line.untriaged, "warn", presses=True))
        for screen, number in line.news:
            counts.setdefault(f"go.{screen}", []).append(Count("•", number, "accent", presses=False))
        return counts

    async def on_click(self, event: events.Click) -> None:
        if event.y == 1:
            for tab, end in zip(TABS, self._tab_ends, strict=False):
                if event.x < end:
                    await self.run_action(f"app.command('{tab.id}')")
                    return


def others_words(names: Sequence[str]) -> str:
    """ "Zay", "Zay, Alex", "Zay, Alex and 3 more": who else is here."""
    seen = list(dict.fromkeys(one_line(name) for name in names))
    shown = ", ".join(seen[:2])
    return f"{shown} and {len(seen) - 2} more" if len(seen) > 2 else shown
