"""The two lines above every screen: where we are and what time it is there, and the seven screens."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.strip import Strip

from fleettui.text.cleaning import fit, width_of
from screens.commands.catalogue import COMMANDS
from screens.commands.host import HeaderLine
from screens.terminal.text import one_line
from screens.widgets.lines import Lines, Span

TRIAGE = "go.triage"
"""On its tab stands how many tickets nobody has triaged (SUP-19)."""
TABS = tuple(command for command in COMMANDS if command.id.startswith("go."))


class Header(Lines):
    """The two lines; a click on a screen goes there."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self._here = here
        self._line = HeaderLine()
        self._tab_ends: list[int] = []

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
        room = width - _length(left) - _length(right) - 2
        if room < 0:  # the workspace's name gives way to the time
            left = [(" ", ""), (fit(one_line(now.workspace), max(0, width - _length(right) - 3)), "strong")]
            room = width - _length(left) - _length(right) - 2
        middle = self._people(room)
        space = width - _length(left) - _length(middle) - _length(right)
        return [*left, *middle, (" " * max(0, space), ""), *right]

    def _people(self, room: int) -> list[Span]:
        me, others = one_line(self._line.me), others_words(self._line.others)
        for people in (f"{me} with {others}" if others else me, me):
            if width_of(people) + 3 <= room:
                return [(" · ", "muted"), (people, "muted")]
        return []

    def _tabs(self, width: int) -> list[Span]:
        """Each screen with its number; where one stands is marked by more than a colour."""
        spans: list[Span] = []
        self._tab_ends = []
        counts = {TRIAGE: f" ?{self._line.untriaged:,}"} if self._line.untriaged else {}
        narrow = sum(len(tab.title) + 4 + len(counts.get(tab.id, "")) for tab in TABS) > width
        for tab in TABS:
            here = tab.id == f"go.{self._here}"
            words = tab.keys if narrow and not here else f"{tab.keys} {tab.title}"
            spans += [(f"▸{words}", "here")] if here else [(f" {words}", "muted")]
            spans += [(counts[tab.id], "warn")] if tab.id in counts else []
            spans.append((" ", "here" if here else "muted"))
            self._tab_ends.append(_length(spans))
        return spans

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


def _length(spans: Sequence[Span]) -> int:
    return sum(width_of(text) for text, _ in spans)
